"""Reviews of tiers for the vendor: what is proposed, and every decision that the screens have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from http import HTTPStatus
from typing import Any, Literal

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status
from pydantic import Field

from swingby.web.api.application import check_match
from swingby.web.api.guard import Token, require
from swingby.web.api.paging import PageQuery, page_of
from swingby.web.api.programs import find_program
from swingby.web.api.reports import Nothing
from swingby.web.api.values import Day, Key, Number, Text
from swingby.web.domain.queries.review_lines import SHOWN
from swingby.web.domain.reviews import (
    LONGEST_WORDS,
    MOST_AT_ONCE,
    acts_open_to,
    approve_lines,
    ask_for_replay,
    ask_for_reviews,
    move_line,
)
from swingby.web.middleware import ActingRequest
from swingby.web.models import Review, ReviewLine, TokenScope
from swingby.web.permissions import can_decide_reviews, can_read_console, can_recommend_in_reviews

router = Router(tags=["reviews"], auth=Token(TokenScope.REVIEWS_READ))
WRITES = Token(TokenScope.REVIEWS_WRITE)
NOT_YOURS = "A program manager decides this."
VENDORS = "This is for the vendor's people. A partner reads its own reviews under partners."
LineStateWord = Literal[
    "waits", "notice", "undecided", "at_once", "approved", "held", "protected", "mended", "overtaken", "overturned"
]
Shown = Literal["", "open", "down", "up", "near", "undecided", "all"]


class ReviewShape(Schema):
    """One review day of one ladder, as it was worked out. ``replay`` is `same` once it came out the same again."""

    id: str
    program: str
    version: str
    ladder: str
    label: str
    on: date
    looked_at: date
    opened_at: datetime
    position: int
    partners: int
    replay: str
    replayed_at: datetime | None


class ReviewPage(Schema):
    """Reviews, the newest first."""

    items: list[ReviewShape]
    next: str | None


class RequirementShape(Schema):
    """A requirement that decides a line; of the tests `at_most` and `below` the gap is what is too much."""

    path: str
    label: str
    result: str
    test: str
    value: Number | None
    threshold: Number | None
    gap: Number | None


class ReviewLineShape(Schema):
    """One partner in a review: from which tier to which. ``acts`` is what this token may do with it now."""

    id: str
    review: str
    partner: str
    ladder: str
    on: date
    direction: Literal["up", "down", "stay"]
    before: str
    after: str
    holds_from: date
    is_near: bool
    state: LineStateWord
    mend_until: date | None
    protected_until: date | None
    told: str
    decided_at: datetime | None
    requirements: list[RequirementShape]
    acts: list[str]


class ReviewLinePage(Schema):
    """Lines, in the order of their keys."""

    items: list[ReviewLineShape]
    next: str | None


class ActShape(Schema):
    """What somebody of the vendor did with a line, and why; nobody when it was the clock."""

    act: str
    at: datetime
    by: str | None
    words: str


class LineWhole(ReviewLineShape):
    """A line with what was done with it, the newest first."""

    history: list[ActShape]


class LineQuery(PageQuery):
    """Which lines."""

    show: Shown = Field("", description="Those to decide, that would fall or rise, near a line, undecided, or all.")
    partner: Text = Field("", max_length=200)


class ActBody(Schema):
    """A decision. All but approving needs a reason or a day; ``told`` is what the partner reads."""

    act: Literal["approve", "hold", "protect", "give notice", "recommend"]
    words: Text = Field("", max_length=LONGEST_WORDS, description="Why; the vendor's people read it.")
    told: Text = Field("", max_length=LONGEST_WORDS)
    until: Day | None = Field(None, description="Until when it is protected, or may be mended.")


class ApproveBody(Schema):
    """Lines to approve."""

    lines: list[Key] = Field(min_length=1, max_length=MOST_AT_ONCE)


class Refused(Schema):
    """A partner whose line could not be approved, and why."""

    partner: str
    reason: str


class ApprovedShape(Schema):
    """How many lines were approved, and which were not."""

    approved: int
    refused: list[Refused]


@router.get("/programs/{program}/reviews", response=ReviewPage)
def list_reviews(request: ActingRequest, program: Key, page: Query[PageQuery]) -> ReviewPage:
    """Reviews of a program, the newest first. For the vendor's people."""
    found = find_program(program)
    require(allowed=can_read_console(request.actor, owner=found.owner_id), otherwise=VENDORS)
    rows, following = page_of(_reviews().filter(program=found), page, order=("-on", "-id"))
    return ReviewPage(items=[_review(row) for row in rows], next=following)


@router.post("/programs/{program}/reviews/look", response={202: Nothing}, auth=WRITES)
def look_for_reviews(request: ActingRequest, program: Key, body: Nothing | None = None) -> Status[Nothing]:  # noqa: ARG001 - ninja's signature
    """Look now for review days that have come; new reviews appear in a minute or two."""
    found = find_program(program)
    require(allowed=can_decide_reviews(request.actor, owner=found.owner_id), otherwise=NOT_YOURS)
    ask_for_reviews(found, actor=request.actor)
    return Status(HTTPStatus.ACCEPTED, Nothing())


@router.get("/reviews/{review}", response=ReviewShape)
def read_review(request: ActingRequest, review: Key) -> ReviewShape:
    """One review."""
    return _review(_found(request, review))


@router.post("/reviews/{review}/replay", response={202: ReviewShape}, auth=WRITES)
def replay_again(request: ActingRequest, review: Key, body: Nothing | None = None) -> Status[ReviewShape]:  # noqa: ARG001 - the same
    """Work a review out again on what was known then; `replay` says what came of it."""
    row = _found(request, review)
    require(allowed=can_recommend_in_reviews(request.actor, owner=row.owner_id), otherwise=NOT_YOURS)
    ask_for_replay(row, actor=request.actor)
    return Status(HTTPStatus.ACCEPTED, _review(_reviews().get(pk=row.pk)))


@router.get("/reviews/{review}/lines", response=ReviewLinePage)
def list_lines(request: ActingRequest, review: Key, query: Query[LineQuery]) -> ReviewLinePage:
    """What a review proposes for each partner, and what became of it."""
    rows = _lines().filter(review=_found(request, review), **({"enrolment_id": query.partner} if query.partner else {}))
    if query.show:
        rows = rows.filter(SHOWN[query.show])
    found, following = page_of(rows, query, order=("pk",))
    return ReviewLinePage(items=[ReviewLineShape(**_line(row, request)) for row in found], next=following)


@router.post("/reviews/{review}/approve", response=ApprovedShape, auth=WRITES)
def approve_many(request: ActingRequest, review: Key, body: ApproveBody) -> ApprovedShape:
    """Approve up to 200 lines; one that cannot be approved stays, and is named."""
    row = _found(request, review)
    require(allowed=can_decide_reviews(request.actor, owner=row.owner_id), otherwise=NOT_YOURS)
    found = approve_lines(_lines().filter(review=row, pk__in=body.lines), actor=request.actor)
    refused = [Refused(partner=partner, reason=reason) for partner, reason in found.refused]
    return ApprovedShape(approved=found.done, refused=refused)


@router.get("/review-lines/{line}", response=LineWhole)
def read_line(request: ActingRequest, line: Key) -> LineWhole:
    """One line with its requirements and its history."""
    return _whole(_found_line(request, line), request)


@router.post("/review-lines/{line}/decide", response=LineWhole, auth=WRITES)
def decide_line(request: ActingRequest, line: Key, body: ActBody) -> LineWhole:
    """Approve, hold with a reason, protect until a day, give notice, or recommend; of two at once, one is told."""
    row = _found_line(request, line)
    check_match(request, _whole(row, request))
    require(allowed=can_recommend_in_reviews(request.actor, owner=row.owner_id), otherwise=NOT_YOURS)
    move_line(row, body.act, actor=request.actor, words=body.words, told=body.told, until=body.until)
    return _whole(_lines().get(pk=row.pk), request)


def _reviews() -> QuerySet[Review]:
    return Review.objects.select_related("program_version").defer("document", "program_version__files")


def _lines() -> QuerySet[ReviewLine]:
    return ReviewLine.objects.select_related("partner")


def _found(request: ActingRequest, key: str) -> Review:
    """A review for the vendor's people; to all others there is none."""
    row: Review = get_object_or_404(_reviews(), pk=key)
    require(allowed=can_read_console(request.actor, owner=row.owner_id), otherwise=VENDORS)
    return row


def _found_line(request: ActingRequest, key: str) -> ReviewLine:
    row: ReviewLine = get_object_or_404(_lines(), pk=key)
    require(allowed=can_read_console(request.actor, owner=row.owner_id), otherwise=VENDORS)
    return row


def _review(row: Review) -> ReviewShape:
    names = ("ladder", "on", "looked_at", "opened_at", "position", "partners", "replay", "replayed_at")
    return ReviewShape(
        id=row.pk,
        program=row.program_id,
        version=row.program_version.version,
        label=row.ladder_label,
        **{name: getattr(row, name) for name in names},
    )


def _line(row: ReviewLine, request: ActingRequest) -> dict[str, Any]:
    names = ("on", "ladder", "direction", "before", "after", "holds_from", "is_near", "state", "mend_until")
    return {
        "id": row.pk,
        "review": row.review_id,
        "partner": row.enrolment_id,
        "requirements": requirements_of(row),
        "acts": list(acts_open_to(request.actor, line=row)),
        **{name: getattr(row, name) for name in (*names, "protected_until", "told", "decided_at")},
    }


def _whole(row: ReviewLine, request: ActingRequest) -> LineWhole:
    acts = row.acts.order_by("-id")
    history = [ActShape(act=act.act, at=act.at, by=act.person_id, words=act.words) for act in acts]
    return LineWhole(**_line(row, request), history=history)


def requirements_of(row: ReviewLine) -> list[RequirementShape]:
    """What decided a line, requirement by requirement."""
    return [_requirement(each) for each in row.requirements]


def _requirement(said: Mapping[str, Any]) -> RequirementShape:
    return RequirementShape(
        path=said.get("path", ""),
        label=said.get("label", ""),
        result=said.get("result", ""),
        test=said.get("test", ""),
        value=said.get("value"),
        threshold=said.get("line"),
        gap=said.get("gap"),
    )
