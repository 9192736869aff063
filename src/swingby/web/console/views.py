"""The vendor's side: views translate between requests and the domain."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from swingby.web.access import enter_console, require, signed_in
from swingby.web.clock import today
from swingby.web.console.pages import alike_words, console_shell, sampled_reports, waiting_reports
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.queries.duplicates import alike_reports
from swingby.web.domain.queries.source_mix import source_mix
from swingby.web.domain.report_marks import check_seen
from swingby.web.domain.reports import accept_report, confirm_sample, decline_report, return_report, take_back_report
from swingby.web.domain.warming import warming
from swingby.web.middleware import ActingRequest
from swingby.web.models import ActivityReport, ReportFile
from swingby.web.permissions import can_decide_reports, can_read_reports
from swingby.web.sending import send_file


@require_safe
@signed_in
def reports(request: ActingRequest, owner: str) -> HttpResponse:
    """Reports that wait for checking, the longest wait first."""
    enter_console(request, owner=owner)
    require(allowed=can_read_reports(request.actor, owner=owner), otherwise="Your role does not check reports.")
    decides = can_decide_reports(request.actor, owner=owner)
    if decides:
        warming.ask_again(owner)
    shell = console_shell(owner, actor=request.actor, current="reports")
    context = {
        "page": waiting_reports(owner),
        "samples": sampled_reports(owner) if decides else (),
        "mix": source_mix(owner, until=today()),
        "person": request.actor.person,
        "decides": decides,
        "owner": owner,
        "shell": shell,
    }
    return render(request, "console/reports.html", context)


@require_POST
@signed_in
def accept(request: ActingRequest, owner: str, report: str) -> HttpResponse:
    """Accept a report, or a part of it."""
    part = request.POST.get("quantity", "").strip()
    try:
        quantity = Decimal(part) if part else None
    except InvalidOperation:
        messages.error(request, f'"{part}" is not a number.')
        return redirect("console:reports", owner=owner)
    done = "Accepted. The partner's standing is up to date."
    return _decide(
        request, owner, report, act=accept_report, done=done, quantity=quantity, answer=request.POST.get("answer", "")
    )


@require_POST
@signed_in
def send_back(request: ActingRequest, owner: str, report: str) -> HttpResponse:
    """Return a report with what is missing."""
    answer = request.POST.get("answer", "")
    return _decide(request, owner, report, act=return_report, done="Sent back to the partner.", answer=answer)


@require_POST
@signed_in
def decline(request: ActingRequest, owner: str, report: str) -> HttpResponse:
    """Decline a report with the reason."""
    answer = request.POST.get("answer", "")
    return _decide(request, owner, report, act=decline_report, done="Declined, with your reason.", answer=answer)


@require_POST
@signed_in
def confirm(request: ActingRequest, owner: str, report: str) -> HttpResponse:
    """After a second look: it was right."""
    return _decide(request, owner, report, act=confirm_sample, done="Noted: it was right to accept it.")


@require_POST
@signed_in
def take_back(request: ActingRequest, owner: str, report: str) -> HttpResponse:
    """After a second look: it was wrong; the partner is told why."""
    answer = request.POST.get("answer", "")
    return _decide(request, owner, report, act=take_back_report, done="Taken back, with your reason.", answer=answer)


@require_safe
@signed_in
def report_file(request: ActingRequest, owner: str, report: str, file: int) -> HttpResponseBase:
    """One evidence file of a report."""
    enter_console(request, owner=owner)
    require(allowed=can_read_reports(request.actor, owner=owner), otherwise="Your role does not check reports.")
    found = ReportFile.objects.select_related("file").filter(owner_id=owner, report_id=report)
    return send_file(get_object_or_404(found, pk=file).file)


def _decide(
    request: ActingRequest, owner: str, key: str, *, act: Callable[..., Any], done: str, **words: Any
) -> HttpResponse:
    enter_console(request, owner=owner)
    require(allowed=can_decide_reports(request.actor, owner=owner), otherwise="Your role does not decide on reports.")
    waiting = ActivityReport.objects.select_related("enrolment", "partner").filter(owner_id=owner)
    try:
        report = get_object_or_404(waiting, pk=key)
        check_seen(report, request.POST.get("seen", ""))
        alike = alike_reports([report]).get(report.pk, ()) if act is accept_report else ()
        act(report, actor=request.actor, **words)
        messages.success(request, done)
        for each in alike:
            messages.warning(request, f"Much like it is known: {alike_words(each)}.")
    except RefusedError as error:
        messages.error(request, str(error))
    return redirect("console:reports", owner=owner)
