"""Disputes on the partner's side: views translate between requests and the domain."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from swingby.web.access import partner_enrolment, require, signed_in
from swingby.web.domain.dispute_matters import matter_of
from swingby.web.domain.disputes import Matter, open_dispute, withdraw_dispute
from swingby.web.domain.errors import ChangedMeanwhileError, RefusedError
from swingby.web.middleware import ActingRequest
from swingby.web.models import Dispute, Enrolment
from swingby.web.permissions import can_dispute
from swingby.web.portal.dispute_pages import case_page, partner_cases
from swingby.web.portal.pages import partner_shell
from swingby.web.portal.scorecard_pages import Doors
from swingby.web.sending import send_file

UNPROCESSABLE = 422
_REFUSED = "Your role cannot dispute a line. Ask your partner admin."


@require_safe
@signed_in
def disputes(request: ActingRequest, enrolment: str) -> HttpResponse:
    """All cases of this partner."""
    row = partner_enrolment(enrolment)
    shell = partner_shell(row, actor=request.actor, current="scorecard")
    context = {"cases": partner_cases(row), "card_url": Doors(row).to("scorecard"), "shell": shell}
    return render(request, "portal/disputes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def dispute_line(request: ActingRequest, enrolment: str, number: str) -> HttpResponse:
    """Open a case about a line of a number, or about what is missing there."""
    row = partner_enrolment(enrolment)
    require(allowed=can_dispute(request.actor, lineage=row.partner.lineage), otherwise=_REFUSED)
    asked = request.POST if request.method == "POST" else request.GET
    matter = matter_of(row, number=number, line=asked.get("line", ""))
    if matter is None:
        raise Http404
    if request.method == "POST":
        return _opened(request, row, matter)
    return _form(request, row, matter)


def _opened(request: ActingRequest, row: Enrolment, matter: Matter) -> HttpResponse:
    words = request.POST.get("words", "")
    try:
        case = open_dispute(row, actor=request.actor, matter=matter, words=words, file=request.FILES.get("file"))
    except ChangedMeanwhileError as error:
        messages.error(request, str(error))
        return redirect("portal:disputes", enrolment=row.pk)
    except RefusedError as error:
        return _form(request, row, matter, words=words, problem=str(error))
    messages.success(request, f"Sent. You get an answer by {case.answer_due:%-d %B}.")
    return redirect("portal:dispute", enrolment=row.pk, dispute=case.pk)


def _form(
    request: ActingRequest, row: Enrolment, matter: Matter, *, words: str = "", problem: str = ""
) -> HttpResponse:
    context = {
        "matter": matter,
        "words": words,
        "problem": problem,
        "number_url": Doors(row).to("scorecard_number", matter.number),
        "shell": partner_shell(row, actor=request.actor, current="scorecard"),
    }
    return render(request, "portal/dispute_line.html", context, status=UNPROCESSABLE if problem else None)


@require_safe
@signed_in
def dispute(request: ActingRequest, enrolment: str, dispute: str) -> HttpResponse:
    """One case."""
    row = partner_enrolment(enrolment)
    case = _case(row, dispute)
    file_url = reverse("portal:dispute_file", args=[row.pk, case.pk])
    page = case_page(case, doors=Doors(row), actor=request.actor, file_url=file_url)
    context = {
        "page": page,
        "list_url": Doors(row).to("disputes"),
        "withdraw_url": reverse("portal:dispute_withdraw", args=[row.pk, case.pk]),
        "shell": partner_shell(row, actor=request.actor, current="scorecard"),
    }
    return render(request, "portal/dispute.html", context)


@require_POST
@signed_in
def withdraw(request: ActingRequest, enrolment: str, dispute: str) -> HttpResponse:
    """Take back a case that nobody has answered."""
    row = partner_enrolment(enrolment)
    case = _case(row, dispute)
    require(allowed=can_dispute(request.actor, lineage=row.partner.lineage), otherwise=_REFUSED)
    try:
        withdraw_dispute(case, actor=request.actor)
        messages.success(request, "Withdrawn.")
    except RefusedError as error:
        messages.error(request, str(error))
    return redirect("portal:dispute", enrolment=row.pk, dispute=case.pk)


@require_safe
@signed_in
def file(request: ActingRequest, enrolment: str, dispute: str) -> HttpResponseBase:  # noqa: ARG001 - the door has let the request in
    """The file of one's own case."""
    case = _case(partner_enrolment(enrolment), dispute)
    if case.file is None:
        raise Http404
    return send_file(case.file)


def _case(enrolment: Enrolment, key: str) -> Dispute:
    rows = Dispute.objects.select_related("partner", "enrolment", "file", "opened_by", "answered_by")
    return get_object_or_404(rows.filter(enrolment=enrolment), pk=key)
