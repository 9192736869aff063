"""The scorecard on the partner's side: views translate between requests and the domain."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from swingby.web.access import partner_enrolment, signed_in
from swingby.web.design.parts import Shell
from swingby.web.domain.queries.records import record_of
from swingby.web.middleware import ActingRequest
from swingby.web.models import Enrolment, ScorecardLine
from swingby.web.permissions import can_dispute
from swingby.web.portal.pages import partner_shell
from swingby.web.portal.scorecard_pages import (
    Cursor,
    Doors,
    card_of,
    number_page,
    record_page,
    scorecard_page,
)
from swingby.web.portal.scorecard_parts import ScorecardPage
from swingby.web.portal.why_not import uncounted_lines, why_lines


@require_safe
@signed_in
def scorecard(request: ActingRequest, enrolment: str) -> HttpResponse:
    """Every requirement and every number of the program for this partner."""
    row = partner_enrolment(enrolment)
    shell = partner_shell(row, actor=request.actor, current="scorecard")
    return answer_scorecard(request, scorecard_page(row, doors=Doors(row)), shell=shell)


def answer_scorecard(request: ActingRequest, page: ScorecardPage, *, shell: Shell) -> HttpResponse:
    """The page for either side; a page that waits asks for it in between, and is told when there is something newer."""
    if "HX-Request" in request.headers:
        waiting = HttpResponse(status=HTTPStatus.NO_CONTENT)
        if not page.is_behind:
            waiting["HX-Refresh"] = "true"
        return waiting
    return render(request, "portal/scorecard.html", {"page": page, "shell": shell})


@require_safe
@signed_in
def number(request: ActingRequest, enrolment: str, number: str) -> HttpResponse:
    """The lines behind one number."""
    row = partner_enrolment(enrolment)
    shell = partner_shell(row, actor=request.actor, current="scorecard")
    may = can_dispute(request.actor, lineage=row.partner.lineage)
    return answer_number(request, row, number, doors=Doors(row), shell=shell, may_dispute=may)


@require_safe
@signed_in
def record(request: ActingRequest, enrolment: str, kind: str, record: str) -> HttpResponse:
    """One record behind the numbers."""
    row = partner_enrolment(enrolment)
    shell = partner_shell(row, actor=request.actor, current="scorecard")
    may = can_dispute(request.actor, lineage=row.partner.lineage)
    return answer_record(request, row, kind, record, doors=Doors(row), shell=shell, may_dispute=may)


def answer_number(
    request: ActingRequest, row: Enrolment, name: str, *, doors: Doors, shell: Shell, may_dispute: bool = False
) -> HttpResponse:
    """The page of one number, for either side."""
    card, standing = card_of(row)
    found = next((each for each in card.numbers if each["name"] == name), None) if card else None
    if card is None or found is None:
        raise Http404
    page = number_page(
        row,
        card,
        found,
        standing=standing,
        doors=doors,
        actor=request.actor,
        cursor=Cursor.of(request.GET.get("after", "")),
        left_out=request.GET.get("left") == "out",
        may_dispute=may_dispute,
    )
    if not request.GET:
        page = replace(page, uncounted=uncounted_lines(row, card, found, doors=doors))
    return render(request, "portal/scorecard_number.html", {"page": page, "shell": shell})


def answer_record(
    request: ActingRequest,
    row: Enrolment,
    kind: str,
    key: str,
    *,
    doors: Doors,
    shell: Shell,
    may_dispute: bool = False,
) -> HttpResponse:
    """The page of one record, for either side."""
    found = record_of(row, kind=kind, key=key)
    if found is None:
        raise Http404
    card, _ = card_of(row)
    lines = list(ScorecardLine.objects.filter(enrolment=row, record=key, record_kind=kind)[:100])
    page = record_page(row, card, found, lines, doors=doors, may_dispute=may_dispute)
    page = replace(page, why_not=why_lines(row, found, lines, card, doors=doors))
    return render(request, "portal/scorecard_record.html", {"page": page, "shell": shell})
