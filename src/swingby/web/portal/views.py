"""The partner's side: views translate between requests and the domain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from swingby.web.access import known, partner_enrolment, require, signed_in
from swingby.web.clock import today
from swingby.web.domain.errors import NotAllowedError, RefusedError
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.domain.queries.duplicates import alike_reports
from swingby.web.domain.queries.kinds import ReportableKind, reportable_kinds
from swingby.web.domain.reports import resubmit_report, submit_report, withdraw_report
from swingby.web.enablement.story_pages import newest_stories
from swingby.web.holding import forget, held_words
from swingby.web.middleware import ActingRequest
from swingby.web.models import ActivityReport, Enrolment, ReportFile, ReportState
from swingby.web.permissions import can_report_activity
from swingby.web.portal.ahead import report_door
from swingby.web.portal.forms import ReportForm
from swingby.web.portal.left import ASKED, Asking, asking
from swingby.web.portal.letters import letters_to
from swingby.web.portal.pages import home_page, is_same_standing, page_version, partner_shell, report_lines
from swingby.web.portal.resubmissions import is_resubmitted
from swingby.web.portal.reviews import proposals_about
from swingby.web.sending import send_file

NO_CONTENT = 204


@require_safe
@signed_in
def home(request: ActingRequest, enrolment: str) -> HttpResponse:
    """Where the partner stands, what is missing, what is worth doing."""
    row = partner_enrolment(enrolment)
    page = home_page(row, actor=request.actor)
    shell = partner_shell(row, actor=request.actor, current="home")
    context = {"page": page, "shell": shell, "proposals": proposals_about(row), "letters": letters_to(row)}
    context["stories"] = newest_stories(row, actor=request.actor)
    return render(request, "portal/home.html", context)


@require_safe
@known  # Asked every moment by a page that was let in.
def standing(request: ActingRequest, enrolment: str) -> HttpResponse:
    """The standing part of the page, or nothing while it reads as before."""
    row = partner_enrolment(enrolment)
    seen, now = request.GET.get("version", ""), page_version(row)
    if seen == now:
        return HttpResponse(status=NO_CONTENT)
    page = home_page(row, actor=request.actor, is_news=not is_same_standing(seen, now))
    return render(request, "portal/_standing.html", {"page": page})


@require_safe
@signed_in
def reports(request: ActingRequest, enrolment: str) -> HttpResponse:
    """What the partner reported and what became of it."""
    row = partner_enrolment(enrolment)
    lines = report_lines(row, kinds=_kinds(row), actor=request.actor)
    shell = partner_shell(row, actor=request.actor, current="reports")
    return render(
        request,
        "portal/reports.html",
        {"lines": lines, "shell": shell, "report_url": report_door(row, actor=request.actor)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_report(request: ActingRequest, enrolment: str) -> HttpResponse:
    """Report an activity."""
    row = partner_enrolment(enrolment)
    _require_reporter(request, row)
    asked, kinds = _asking(row)
    sent = (request.POST or None, request.FILES or None)
    form = ReportForm(
        *sent, enrolment=row, kinds=asked.kinds(kinds), initial={**held_words(request), **_chosen(request)}
    )
    if request.method == "POST" and form.is_valid() and _is_submitted(request, row, form):
        forget(request)
        return redirect("portal:home", enrolment=row.pk)
    return _report_page(request, row, form, left=asked.of(form, kinds))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit_report(request: ActingRequest, enrolment: str, report: str) -> HttpResponse:
    """Correct a report that came back, and send it again."""
    row = partner_enrolment(enrolment)
    _require_reporter(request, row)
    found = get_object_or_404(row.reports.select_related("partner"), pk=report)
    if found.state != ReportState.RETURNED:
        messages.info(request, "This report is not waiting for you.")
        return redirect("portal:reports", enrolment=row.pk)
    asked, kinds = _asking(row)
    form = _correction_form(request, row, found, asked.kinds(kinds))
    if request.method == "POST" and form.is_valid() and _is_resubmitted(request, found, form):
        return redirect("portal:reports", enrolment=row.pk)
    return _report_page(request, row, form, answer=found.answer, left=asked.of(form, kinds))


@require_safe
@signed_in
def report_file(request: ActingRequest, enrolment: str, report: str, file: int) -> HttpResponseBase:  # noqa: ARG001 - the door has let the request in
    """One evidence file of a report of one's own."""
    row = partner_enrolment(enrolment)
    found = get_object_or_404(
        ReportFile.objects.select_related("file"), pk=file, report_id=report, report__enrolment=row
    )
    return send_file(found.file)


@require_POST
@signed_in
def withdraw(request: ActingRequest, enrolment: str, report: str) -> HttpResponse:
    """Take back a report that nobody has decided."""
    row = partner_enrolment(enrolment)
    _require_reporter(request, row)
    found = get_object_or_404(row.reports.select_related("partner"), pk=report)
    try:
        withdraw_report(found, actor=request.actor)
        messages.success(request, "Taken back.")
    except RefusedError as error:
        messages.error(request, str(error))
    return redirect("portal:reports", enrolment=row.pk)


def _require_reporter(request: ActingRequest, enrolment: Enrolment) -> None:
    allowed = can_report_activity(request.actor, lineage=enrolment.partner.lineage)
    require(allowed=allowed, otherwise="Your role cannot report activities. Ask your partner admin.")


def _kinds(enrolment: Enrolment) -> tuple[ReportableKind, ...]:
    return reportable_kinds(loaded(version_in_force(enrolment.program_id, on=today())))


def _asking(enrolment: Enrolment) -> tuple[Asking, tuple[ReportableKind, ...]]:
    program = loaded(version_in_force(enrolment.program_id, on=today()))
    return asking(enrolment, program), reportable_kinds(program)


def _chosen(request: ActingRequest) -> dict[str, str]:
    """What the address chooses already: so the page is asked what is left, and a link may lead to one kind."""
    return {name: request.GET[name] for name in ASKED if name in request.GET}


def _is_submitted(request: ActingRequest, enrolment: Enrolment, form: ReportForm) -> bool:
    """False where it was refused: the form then says why, and keeps what was written."""
    try:
        report = submit_report(enrolment, actor=request.actor, key=form.report_key(), **form.said())
    except NotAllowedError:
        raise
    except RefusedError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _sent_words(report))
    return True


def _sent_words(report: ActivityReport) -> str:
    """That it waits, until when, and whether something much like it is there already."""
    due = report.answer_due
    words = f"Sent. You get an answer by {due:%-d %B}." if due else "Sent. It waits for checking."
    if alike_reports([report]):
        words += " Something much like it is known already; it counts once."
    return words


def _correction_form(
    request: ActingRequest, enrolment: Enrolment, report: ActivityReport, kinds: Sequence[ReportableKind]
) -> ReportForm:
    before = {name: getattr(report, name) for name in ("kind", "happened_on", "details")}
    before["quantity"] = None if report.quantity is None else report.quantity.normalize()
    sent = (request.POST or None, request.FILES or None)
    return ReportForm(*sent, enrolment=enrolment, kinds=kinds, initial={**before, **_chosen(request)})


def _is_resubmitted(request: ActingRequest, report: ActivityReport, form: ReportForm) -> bool:
    def act() -> None:
        resubmit_report(report, actor=request.actor, **form.said())

    return is_resubmitted(request, form, act, waits_for="checking")


def _report_page(request: ActingRequest, enrolment: Enrolment, form: ReportForm, **extra: Any) -> HttpResponse:
    shell = partner_shell(enrolment, actor=request.actor, current="report")
    context = {"form": form, "shell": shell, "cancel_url": f"/partner/{enrolment.pk}/", **extra}
    return render(request, "portal/report.html", context)
