"""Disputes: reading them, opening and withdrawing them, answering them."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Literal

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status
from pydantic import Field

from swingby.web.api.application import check_match
from swingby.web.api.guard import Token, require
from swingby.web.api.paging import PageQuery, page_of
from swingby.web.api.partners import find_partner
from swingby.web.api.problems import Issue, ProblemError
from swingby.web.api.reports import Nothing
from swingby.web.api.values import Key, Text
from swingby.web.domain.dispute_matters import matter_of
from swingby.web.domain.disputes import LONGEST_WORDS, acts_open_to, answer_dispute, open_dispute, withdraw_dispute
from swingby.web.middleware import ActingRequest
from swingby.web.models import Dispute, TokenScope
from swingby.web.permissions import can_answer_disputes, can_dispute, can_read_disputes
from swingby.web.tenancy import current_scope

router = Router(tags=["disputes"], auth=Token(TokenScope.DISPUTES_READ))
WRITES = Token(TokenScope.DISPUTES_WRITE)
NO_READER = "Your role does not read disputes."
State = Literal["open", "upheld", "changed", "declined", "withdrawn"]


class DisputeQuery(PageQuery):
    """Which disputes."""

    partner: Text = Field("", max_length=200)
    state: Literal["", "open", "upheld", "changed", "declined", "withdrawn"] = ""


class DisputeShape(Schema):
    """One case and what became of it. ``acts`` is what this token may do with it now."""

    id: str
    partner: str
    number: str
    label: str
    line: str
    line_words: str
    state: State
    words: str
    opened_by: str
    opened_at: datetime
    answer_due: datetime
    answer: str
    answered_at: datetime | None
    cure: str
    cured_at: datetime | None
    acts: list[str]


class DisputePage(Schema):
    """Disputes, the newest first."""

    items: list[DisputeShape]
    next: str | None


class DisputeBody(Schema):
    """What is wrong: a line behind a number, or something that is missing there."""

    number: Key = Field(description="The number of the scorecard, such as total.")
    line: Text = Field("", max_length=600, description="The key of its line; left out when something is missing.")
    words: Text = Field(min_length=1, max_length=LONGEST_WORDS)


class AnswerBody(Schema):
    """An answer and its reason, which the partner reads."""

    answer: Literal["uphold", "change", "decline"]
    words: Text = Field(min_length=1, max_length=LONGEST_WORDS)


@router.get("/disputes", response=DisputePage)
def list_disputes(request: ActingRequest, query: Query[DisputeQuery]) -> DisputePage:
    """Disputes of one's own organizations, and of those programs whose disputes one's role reads; the newest first."""
    said = {"enrolment_id": query.partner, "state": query.state}
    rows = _readable(request).filter(**{name: value for name, value in said.items() if value})
    found, following = page_of(rows, query, order=("-opened_at", "-id"))
    return DisputePage(items=[dispute_shape(row, request) for row in found], next=following)


@router.get("/disputes/{dispute}", response=DisputeShape)
def read_dispute(request: ActingRequest, dispute: Key) -> DisputeShape:
    """One case."""
    return dispute_shape(_found(request, dispute), request)


@router.post("/partners/{partner}/disputes", response={201: DisputeShape}, auth=WRITES)
def open_case(request: ActingRequest, partner: Key, body: DisputeBody) -> Status[DisputeShape]:
    """Dispute a line of a number, or say that something is missing there. Of one line there is one open case."""
    row = find_partner(partner)
    allowed = can_dispute(request.actor, lineage=row.partner.lineage)
    require(allowed=allowed, otherwise="Your role cannot dispute a line. Ask your partner admin.")
    matter = matter_of(row, number=body.number, line=body.line)
    if matter is None:
        issue = Issue(location="body.number", code="number", message="The scorecard has no such number or line.")
        words = "Choose a number of the scorecard, and one of its lines."
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, words, issues=[issue])
    case = open_dispute(row, actor=request.actor, matter=matter, words=body.words)
    return Status(HTTPStatus.CREATED, dispute_shape(_found(request, case.pk), request))


@router.post("/disputes/{dispute}/answer", response=DisputeShape, auth=WRITES)
def answer_case(request: ActingRequest, dispute: Key, body: AnswerBody) -> DisputeShape:
    """Uphold, change or decline; of two who answer at once, one is told."""
    row = _for_act(request, dispute)
    allowed = can_answer_disputes(request.actor, owner=row.owner_id)
    require(allowed=allowed, otherwise="Your role does not answer disputes.")
    answer_dispute(row, body.answer, actor=request.actor, words=body.words)
    return dispute_shape(_found(request, dispute), request)


@router.post("/disputes/{dispute}/withdraw", response=DisputeShape, auth=WRITES)
def withdraw_case(request: ActingRequest, dispute: Key, body: Nothing | None = None) -> DisputeShape:  # noqa: ARG001 - ninja's signature
    """Take back a case that nobody has answered."""
    row = _for_act(request, dispute)
    allowed = can_dispute(request.actor, lineage=row.partner.lineage)
    require(allowed=allowed, otherwise="This is for the partner's side, in a role that reports.")
    withdraw_dispute(row, actor=request.actor)
    return dispute_shape(_found(request, dispute), request)


def _readable(request: ActingRequest) -> QuerySet[Dispute]:
    scope = current_scope()
    owners = [owner for owner in scope.owner_orgs if can_read_disputes(request.actor, owner=owner)]
    require(allowed=bool(owners or scope.partner_orgs) or not scope.owner_orgs, otherwise=NO_READER)
    return _rows(
        Dispute.objects.filter(owner_id__in=owners) | Dispute.objects.filter(partner_id__in=scope.partner_orgs)
    )


def _rows(rows: QuerySet[Dispute]) -> QuerySet[Dispute]:
    return rows.select_related("partner", "enrolment", "opened_by")


def _found(request: ActingRequest, key: str) -> Dispute:
    row: Dispute = get_object_or_404(_rows(Dispute.objects.all()), pk=key)
    partners_own = row.partner_id in current_scope().partner_orgs
    require(allowed=partners_own or can_read_disputes(request.actor, owner=row.owner_id), otherwise=NO_READER)
    return row


def _for_act(request: ActingRequest, key: str) -> Dispute:
    row = _found(request, key)
    check_match(request, dispute_shape(row, request))
    return row


def dispute_shape(row: Dispute, request: ActingRequest) -> DisputeShape:
    """A case as this token sees it."""
    names = ("number", "line", "line_words", "state", "words", "opened_at", "answer_due", "answer", "answered_at")
    return DisputeShape(
        id=row.pk,
        partner=row.enrolment_id,
        label=row.number_label,
        opened_by=row.opened_by_id,
        acts=list(acts_open_to(request.actor, dispute=row)),
        **{name: getattr(row, name) for name in (*names, "cure", "cured_at")},
    )
