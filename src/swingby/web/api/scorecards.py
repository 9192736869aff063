"""Scorecards: what each requirement asks, every number, and the lines behind it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema

from swingby.web.api.guard import Token
from swingby.web.api.paging import PageQuery, page_of
from swingby.web.api.partners import find_partner
from swingby.web.api.values import Key, Number
from swingby.web.middleware import ActingRequest
from swingby.web.models import Scorecard, ScorecardLine, TokenScope

router = Router(tags=["scorecards"], auth=Token(TokenScope.PARTNERS_READ))


class NumberShape(Schema):
    """One number: its value as text, or why there is none."""

    name: str
    label: str
    section: str
    unit: str
    value: str | None
    state: str
    note: str


class ScorecardShape(Schema):
    """A partner's numbers taken apart, as of a day and known at a position."""

    partner: str
    as_of: date
    position: int
    program_version: str
    program_hash: str
    numbers: list[NumberShape]
    ladders: list[dict[str, Any]]
    ahead: list[dict[str, Any]]


class LineShape(Schema):
    """One line behind a number; `counts` says whether it is part of the value."""

    key: str
    kind: str
    counts: bool
    day: date
    amount: Number | None
    record_kind: str
    record: str
    thing: str
    until: date | None


class LinePage(Schema):
    """Lines, the newest first."""

    items: list[LineShape]
    next: str | None


@router.get("/partners/{partner}/scorecard", response=ScorecardShape)
def read_scorecard(request: ActingRequest, partner: Key) -> ScorecardShape:  # noqa: ARG001 - ninja's signature
    """Every number and every requirement, as the job worked them out last."""
    card = _card(partner)
    names = ("as_of", "position", "program_version", "program_hash", "ladders", "ahead")
    numbers = [
        NumberShape(
            **{name: row.get(name) or "" for name in NumberShape.model_fields if name != "value"}, value=row["value"]
        )
        for row in card.numbers
    ]
    return ScorecardShape(partner=card.pk, numbers=numbers, **{name: getattr(card, name) for name in names})


@router.get("/partners/{partner}/scorecard/{number}/lines", response=LinePage)
def list_scorecard_lines(request: ActingRequest, partner: Key, number: Key, page: Query[PageQuery]) -> LinePage:  # noqa: ARG001 - the same
    """The lines behind a number: those that count, and those that no longer do."""
    card = _card(partner)
    found = next((row for row in card.numbers if row["name"] == number), None)
    if found is None:
        raise Http404
    rows = ScorecardLine.objects.filter(enrolment_id=card.pk, rule__in=found["rules"])
    lines, following = page_of(rows, page, order=("-day", "-id"))
    return LinePage(
        items=[LineShape(**{name: getattr(row, name) for name in LineShape.model_fields}) for row in lines],
        next=following,
    )


def _card(partner: str) -> Scorecard:
    card: Scorecard = get_object_or_404(Scorecard.objects.all(), pk=find_partner(partner).pk)
    return card
