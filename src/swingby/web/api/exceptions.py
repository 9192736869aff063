"""Tiers by exception: the register, asking for one, and what a second person does with it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Literal

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status
from pydantic import Field

from swingby.web.api.application import check_match
from swingby.web.api.guard import Token, require
from swingby.web.api.paging import PageQuery, page_of
from swingby.web.api.programs import find_program
from swingby.web.api.reviews import NOT_YOURS, VENDORS, ActShape
from swingby.web.api.values import Day, Key, Text
from swingby.web.clock import today
from swingby.web.domain.enrolled import not_ended
from swingby.web.domain.tier_exceptions import LONGEST_WORDS, acts_open_to, ask_for_exception, move_exception
from swingby.web.middleware import ActingRequest
from swingby.web.models import Enrolment, TierException, TokenScope
from swingby.web.permissions import can_decide_reviews, can_read_console, can_recommend_in_reviews

router = Router(tags=["exceptions"], auth=Token(TokenScope.REVIEWS_READ))
WRITES = Token(TokenScope.REVIEWS_WRITE)
ONE_DAY = timedelta(days=1)
ExceptionWord = Literal["asked", "granted", "declined", "ended"]


class ExceptionShape(Schema):
    """A tier that a partner holds from its first to its last day, whatever the requirements say.

    ``acts`` is what this token may do with it now: nobody grants what they asked for.
    """

    id: str
    partner: str
    ladder: str
    tier: str
    first: date
    last: date
    state: ExceptionWord
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    acts: list[str]
    history: list[ActShape]


class ExceptionPage(Schema):
    """Exceptions, those that were asked for last first."""

    items: list[ExceptionShape]
    next: str | None


class ExceptionQuery(PageQuery):
    """Which exceptions."""

    state: Literal["", "asked", "granted", "declined", "ended"] = ""
    partner: Text = Field("", max_length=200)


class ExceptionBody(Schema):
    """A tier asked for, and why."""

    partner: Key
    ladder: Key
    tier: Key
    first: Day
    last: Day
    words: Text = Field(min_length=1, max_length=LONGEST_WORDS)


class ExceptionActBody(Schema):
    """Grant, decline or end; all but granting needs a reason."""

    act: Literal["grant", "decline", "end"]
    words: Text = Field("", max_length=LONGEST_WORDS)


@router.get("/programs/{program}/exceptions", response=ExceptionPage)
def list_exceptions(request: ActingRequest, program: Key, query: Query[ExceptionQuery]) -> ExceptionPage:
    """Who holds a tier of a program by exception, and who asked for one. For the vendor's people."""
    found = find_program(program)
    require(allowed=can_read_console(request.actor, owner=found.owner_id), otherwise=VENDORS)
    said = {"state": query.state, "enrolment_id": query.partner}
    rows = _exceptions().filter(enrolment__program=found, **{name: value for name, value in said.items() if value})
    page, following = page_of(rows, query, order=("-asked_at", "-id"))
    return ExceptionPage(items=[_exception(row, request) for row in page], next=following)


@router.post("/programs/{program}/exceptions", response={201: ExceptionShape}, auth=WRITES)
def ask_exception(request: ActingRequest, program: Key, body: ExceptionBody) -> Status[ExceptionShape]:
    """Ask for a tier for a partner, for two years at most; another program manager grants it."""
    found = find_program(program)
    require(allowed=can_recommend_in_reviews(request.actor, owner=found.owner_id), otherwise=NOT_YOURS)
    enrolled = Enrolment.objects.filter(not_ended(today()), program=found)
    row = ask_for_exception(
        get_object_or_404(enrolled, pk=body.partner),
        actor=request.actor,
        ladder=body.ladder,
        tier=body.tier,
        first=body.first,
        until=body.last + ONE_DAY if body.last < date.max else date.max,
        words=body.words,
    )
    return Status(HTTPStatus.CREATED, _exception(row, request))


@router.get("/exceptions/{exception}", response=ExceptionShape)
def read_exception(request: ActingRequest, exception: Key) -> ExceptionShape:
    """One exception, with what was done with it."""
    return _exception(_found(request, exception), request)


@router.post("/exceptions/{exception}/decide", response=ExceptionShape, auth=WRITES)
def decide_exception(request: ActingRequest, exception: Key, body: ExceptionActBody) -> ExceptionShape:
    """Grant or decline what another person asked for, or end what was granted; of two at once, one is told."""
    row = _found(request, exception)
    check_match(request, _exception(row, request))
    require(allowed=can_decide_reviews(request.actor, owner=row.owner_id), otherwise=NOT_YOURS)
    move_exception(row, body.act, actor=request.actor, words=body.words)
    return _exception(_exceptions().get(pk=row.pk), request)


def _exceptions() -> QuerySet[TierException]:
    return TierException.objects.select_related("enrolment").prefetch_related("acts")


def _found(request: ActingRequest, key: str) -> TierException:
    row: TierException = get_object_or_404(_exceptions(), pk=key)
    require(allowed=can_read_console(request.actor, owner=row.owner_id), otherwise=VENDORS)
    return row


def _exception(row: TierException, request: ActingRequest) -> ExceptionShape:
    acts = sorted(row.acts.all(), key=lambda act: act.pk, reverse=True)
    names = ("ladder", "tier", "first", "state", "asked_at")
    return ExceptionShape(
        id=row.pk,
        partner=row.enrolment_id,
        last=row.until - ONE_DAY,
        asked_by=row.asked_by_id,
        decided_by=row.decided_by_id,
        acts=list(acts_open_to(request.actor, row=row)),
        history=[ActShape(act=act.act, at=act.at, by=act.person_id, words=act.words) for act in acts],
        **{name: getattr(row, name) for name in names},
    )
