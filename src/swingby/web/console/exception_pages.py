"""Fill the register of tiers by exception, and the form that asks for one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.urls import reverse

from swingby.engine import has_reviews
from swingby.web.clock import today
from swingby.web.console.review_pages import PROTECTION
from swingby.web.domain.enrolled import not_ended
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.domain.tier_exceptions import acts_open_to
from swingby.web.models import Enrolment, ExceptionState, Program, ReviewAct, TierException
from swingby.web.visibility import Actor

MOST_ROWS, MOST_FOUND, LONGEST_SEARCH = 200, 20, 100
EXCEPTION_TONES: Mapping[ExceptionState, tuple[str, str]] = {
    ExceptionState.ASKED: ("pending", "hourglass"),
    ExceptionState.GRANTED: ("good", "check"),
    ExceptionState.DECLINED: ("plain", "ban"),
    ExceptionState.ENDED: ("plain", "archive"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionRow:
    """One tier by exception."""

    key: str
    partner: str
    partner_url: str
    tier: str
    rank: int
    ladder: str
    first: date
    last: date
    state: str
    tone: str
    icon: str
    asked_by: str
    words: str
    acts: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionsPage:
    """The register of exceptions, and what can be asked for."""

    rows: tuple[ExceptionRow, ...]
    choices: tuple[tuple[str, str], ...]
    partners: tuple[tuple[str, str], ...]
    search: str
    found: int
    first: date
    until: date


def exceptions_page(owner: str, *, actor: Actor, may_ask: bool, search: str = "") -> ExceptionsPage:
    """Who holds a tier by exception, until when, and who asked for one; whom it may be asked for is found by name."""
    order = models.Case(
        models.When(state=ExceptionState.ASKED, then=0), models.When(state=ExceptionState.GRANTED, then=1), default=2
    )
    asked = ReviewAct.objects.filter(exception=models.OuterRef("pk"), act="ask").values("words")[:1]
    rows = (
        TierException.objects.filter(owner_id=owner)
        .select_related("partner", "asked_by")
        .annotate(place=order, words=models.Subquery(asked))
        .order_by("place", "until", "pk")[:MOST_ROWS]
    )
    words = search.replace("\0", "").strip()[:LONGEST_SEARCH]
    enrolled = Enrolment.objects.filter(not_ended(today()), owner_id=owner)
    found = enrolled.filter(partner__name__icontains=words) if words and may_ask else enrolled.none()
    listed = found.order_by("partner__name", "pk").values_list("pk", "partner__name", "program__name")[:MOST_FOUND]
    return ExceptionsPage(
        rows=tuple(_exception_row(row, actor=actor) for row in rows),
        choices=tuple(_tier_choices(owner)) if may_ask else (),
        partners=tuple((key, f"{name}, {program}") for key, name, program in listed),
        search=words,
        found=found.count(),
        first=today(),
        until=today() + PROTECTION,
    )


def _exception_row(row: Any, *, actor: Actor) -> ExceptionRow:
    tone, icon = EXCEPTION_TONES[ExceptionState(row.state)]
    is_over = row.state == ExceptionState.GRANTED and row.until <= today()
    return ExceptionRow(
        key=row.pk,
        partner=row.partner.name,
        partner_url=reverse("console:partner", args=[row.owner_id, row.enrolment_id]),
        tier=row.tier_label,
        rank=row.tier_rank,
        ladder=row.ladder_label,
        first=row.first,
        last=row.until - timedelta(days=1),
        state="Over" if is_over else ExceptionState(row.state).label,
        tone="plain" if is_over else tone,
        icon="archive" if is_over else icon,
        asked_by=row.asked_by.name,
        words=row.words or "",
        acts=frozenset(acts_open_to(actor, row=row)),
    )


def _tier_choices(owner: str) -> Iterator[tuple[str, str]]:
    """The tiers that can be granted: of ladders with reviews, above the lowest."""
    for program in Program.objects.filter(owner_id=owner):
        try:
            rules = loaded(version_in_force(program.pk, on=today()))
        except RefusedError:
            continue
        for ladder in rules.ladders.values():
            if has_reviews(ladder) and not ladder.by:
                label = ladder.text.label or ladder.name.capitalize()
                yield from (
                    (f"{ladder.name}:{tier.id}", f"{label}: {tier.label or tier.id.capitalize()}")
                    for tier in ladder.tiers[1:]
                )
