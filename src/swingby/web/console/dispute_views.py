"""Disputes on the vendor's side: the queue, one case, its answer, and how it is put right."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from swingby.web.access import enter_console, require, signed_in
from swingby.web.console.pages import console_shell
from swingby.web.domain.dispute_cures import cure_by_adding, cure_by_record, cure_by_removing
from swingby.web.domain.disputes import answer_dispute
from swingby.web.domain.errors import RefusedError
from swingby.web.middleware import ActingRequest
from swingby.web.models import Dispute
from swingby.web.permissions import can_answer_disputes, can_load_facts, can_read_disputes
from swingby.web.portal.dispute_pages import case_page, waiting_cases
from swingby.web.portal.scorecard_pages import Doors
from swingby.web.sending import send_file


@require_safe
@signed_in
def disputes(request: ActingRequest, owner: str) -> HttpResponse:
    """What waits for an answer, what waits to be put right, and what was done lately."""
    _enter(request, owner)
    waiting, to_cure, done = waiting_cases(owner)
    shell = console_shell(owner, actor=request.actor, current="disputes")
    return render(
        request, "console/disputes.html", {"waiting": waiting, "to_cure": to_cure, "done": done, "shell": shell}
    )


@require_safe
@signed_in
def dispute(request: ActingRequest, owner: str, dispute: str) -> HttpResponse:
    """One case."""
    _enter(request, owner)
    case = _case(owner, dispute)
    address = [owner, case.pk]
    file_url = reverse("console:dispute_file", args=address)
    page = case_page(case, doors=Doors(case.enrolment, "console"), actor=request.actor, file_url=file_url)
    context = {
        "page": page,
        "list_url": reverse("console:disputes", args=[owner]),
        "answer_url": reverse("console:dispute_answer", args=address),
        "cure_form_url": reverse("console:dispute_cure", args=address),
        "shell": console_shell(owner, actor=request.actor, current="disputes"),
    }
    return render(request, "console/dispute.html", context)


@require_POST
@signed_in
def answer(request: ActingRequest, owner: str, dispute: str) -> HttpResponse:
    """Uphold, change or decline, with the reason."""
    _enter(request, owner)
    case = _case(owner, dispute)
    allowed = can_answer_disputes(request.actor, owner=owner)
    require(allowed=allowed, otherwise="Your role does not answer disputes.")
    said = {"words": request.POST.get("words", ""), "answer": request.POST.get("answer", "")}
    return _done(
        request, case, lambda: answer_dispute(case, actor=request.actor, **said), "Answered, with your reason."
    )


@require_POST
@signed_in
def cure(request: ActingRequest, owner: str, dispute: str) -> HttpResponse:
    """Put right what was upheld."""
    _enter(request, owner)
    case = _case(owner, dispute)
    require(allowed=can_load_facts(request.actor, owner=owner), otherwise="Your role does not bring records in.")
    said = {name: request.POST.get(name, "") for name in ("kind", "day", "quantity", "record")}
    kind, actor = said["kind"], request.actor
    doors: dict[str, Callable[[], None]] = {
        "remove": lambda: cure_by_removing(case, actor=actor),
        "add": lambda: cure_by_adding(case, actor=actor, kind=kind, day=said["day"], quantity=said["quantity"]),
        "record": lambda: cure_by_record(case, actor=actor, kind=kind, record=said["record"]),
    }
    by = doors.get(request.POST.get("by", ""))
    if by is None:
        raise Http404
    return _done(request, case, by, "Put right. The partner is told.")


@require_safe
@signed_in
def file(request: ActingRequest, owner: str, dispute: str) -> HttpResponseBase:
    """The file of a case."""
    _enter(request, owner)
    case = _case(owner, dispute)
    if case.file is None:
        raise Http404
    return send_file(case.file)


def _done(request: ActingRequest, case: Dispute, act: Callable[[], None], words: str) -> HttpResponse:
    try:
        act()
        messages.success(request, words)
    except RefusedError as error:
        messages.error(request, str(error))
    return redirect("console:dispute", owner=case.owner_id, dispute=case.pk)


def _enter(request: ActingRequest, owner: str) -> None:
    enter_console(request, owner=owner)
    require(allowed=can_read_disputes(request.actor, owner=owner), otherwise="Your role does not read disputes.")


def _case(owner: str, key: str) -> Dispute:
    rows = Dispute.objects.select_related(
        "owner", "partner", "enrolment__program", "enrolment__partner", "file", "opened_by", "answered_by"
    )
    return get_object_or_404(rows.filter(owner_id=owner), pk=key)
