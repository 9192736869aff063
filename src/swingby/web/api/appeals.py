"""Reviews as the partner reads its own, its appeals, and the vendor's answers."""

from __future__ import annotations

from datetime import date, datetime
from http import HTTPStatus
from typing import Literal

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from swingby.web.api.application import check_match
from swingby.web.api.guard import Token, require
from swingby.web.api.paging import PageQuery, page_of
from swingby.web.api.partners import find_own
from swingby.web.api.programs import find_program
from swingby.web.api.reviews import NOT_YOURS, VENDORS, LineStateWord, RequirementShape, requirements_of
from swingby.web.api.values import Key, Text
from swingby.web.domain.appeals import LONGEST_WORDS, answer_appeal, file_appeal, may_be_appealed
from swingby.web.middleware import ActingRequest
from swingby.web.models import Appeal, Enrolment, ReviewLine, TokenScope
from swingby.web.permissions import can_appeal, can_decide_reviews, can_read_console
from swingby.web.sending import send_file
from swingby.web.tenancy import current_scope

router = Router(tags=["appeals"], auth=Token(TokenScope.REVIEWS_READ))
WRITES = Token(TokenScope.REVIEWS_WRITE)
State = Literal["filed", "upheld", "overturned"]


class AppealShape(Schema):
    """A partner's word against a decision, and the answer."""

    id: str
    line: str
    partner: str
    state: State
    words: str
    has_file: bool
    filed_by: str
    filed_at: datetime
    answer_due: datetime
    answer: str
    answered_at: datetime | None


class AppealPage(Schema):
    """Appeals, the newest first."""

    items: list[AppealShape]
    next: str | None


class OwnLine(Schema):
    """A review of a partner, as the partner reads it; the vendor's reasons are the vendor's."""

    id: str
    ladder: str
    on: date
    direction: Literal["up", "down", "stay"]
    before: str
    after: str
    holds_from: date
    state: LineStateWord
    mend_until: date | None
    protected_until: date | None
    told: str
    decided_at: datetime | None
    may_appeal: bool


class OwnLinePage(Schema):
    """Reviews of a partner, the newest first."""

    items: list[OwnLine]
    next: str | None


class OwnLineWhole(OwnLine):
    """A review of a partner with its requirements, and the appeal."""

    requirements: list[RequirementShape]
    appeal: AppealShape | None


class AppealForm(Schema):
    """What was overlooked."""

    words: Text = Field(min_length=1, max_length=LONGEST_WORDS)


class AppealAnswerBody(Schema):
    """The decision stands, or it is overturned; the partner reads why."""

    answer: Literal["uphold", "overturn"]
    words: Text = Field(min_length=1, max_length=LONGEST_WORDS)


class AppealQuery(PageQuery):
    """Which appeals."""

    state: Literal["", "filed", "upheld", "overturned"] = ""
    partner: Text = Field("", max_length=200)


@router.get("/partners/{partner}/reviews", response=OwnLinePage)
def list_own_reviews(request: ActingRequest, partner: Key, page: Query[PageQuery]) -> OwnLinePage:
    """What reviews proposed and decided about a partner, the newest first. For the partner's own people."""
    row = find_own(partner)
    found, following = page_of(_lines(row), page, order=("-on", "-id"))
    return OwnLinePage(items=[_own(line, request) for line in found], next=following)


@router.get("/partners/{partner}/reviews/{line}", response=OwnLineWhole)
def read_own_review(request: ActingRequest, partner: Key, line: Key) -> OwnLineWhole:
    """One review of a partner with its requirements, and the appeal."""
    row: ReviewLine = get_object_or_404(_lines(find_own(partner)), pk=line)
    appeal = _appeals().filter(line=row).first()
    return OwnLineWhole(
        **_own(row, request).model_dump(),
        requirements=requirements_of(row),
        appeal=_appeal(appeal) if appeal else None,
    )


@router.post("/partners/{partner}/reviews/{line}/appeal", response={201: AppealShape}, auth=WRITES)
def send_appeal(
    request: ActingRequest, partner: Key, line: Key, said: Form[AppealForm], file: File[UploadedFile | None] = None
) -> Status[AppealShape]:
    """Appeal against a loss or a tier withheld, once and within 60 days, with a file that shows it."""
    row: ReviewLine = get_object_or_404(_lines(find_own(partner)), pk=line)
    allowed = can_appeal(request.actor, lineage=row.partner.lineage)
    require(allowed=allowed, otherwise="Your role cannot appeal. Ask your partner admin.")
    filed = file_appeal(row, actor=request.actor, words=said.words, file=file)
    return Status(HTTPStatus.CREATED, _appeal(_appeals().get(pk=filed.pk)))


@router.get("/programs/{program}/appeals", response=AppealPage)
def list_appeals(request: ActingRequest, program: Key, query: Query[AppealQuery]) -> AppealPage:
    """Appeals against decisions of a program, the newest first. For the vendor's people."""
    found = find_program(program)
    require(allowed=can_read_console(request.actor, owner=found.owner_id), otherwise=VENDORS)
    said = {"state": query.state, "line__enrolment_id": query.partner}
    rows = _appeals().filter(line__enrolment__program=found)
    rows = rows.filter(**{name: value for name, value in said.items() if value})
    page, following = page_of(rows, query, order=("-filed_at", "-id"))
    return AppealPage(items=[_appeal(row) for row in page], next=following)


@router.get("/appeals/{appeal}", response=AppealShape)
def read_appeal(request: ActingRequest, appeal: Key) -> AppealShape:
    """One appeal, for both sides."""
    return _appeal(_found(request, appeal))


@router.get("/appeals/{appeal}/file", response={HTTPStatus.OK: bytes})
def read_appeal_file(request: ActingRequest, appeal: Key) -> HttpResponseBase:
    """The file that came with an appeal."""
    return send_file(_found(request, appeal).file)


@router.post("/appeals/{appeal}/answer", response=AppealShape, auth=WRITES)
def answer_one(request: ActingRequest, appeal: Key, body: AppealAnswerBody) -> AppealShape:
    """Let the decision stand, or overturn it; of two who answer at once, one is told."""
    row = _found(request, appeal)
    check_match(request, _appeal(row))
    require(allowed=can_decide_reviews(request.actor, owner=row.owner_id), otherwise=NOT_YOURS)
    answer_appeal(row, body.answer, actor=request.actor, words=body.words)
    return _appeal(_appeals().get(pk=row.pk))


def _lines(enrolment: Enrolment) -> QuerySet[ReviewLine]:
    return ReviewLine.objects.select_related("partner").filter(enrolment=enrolment)


def _appeals() -> QuerySet[Appeal]:
    return Appeal.objects.select_related("line", "file")


def _found(request: ActingRequest, key: str) -> Appeal:
    row: Appeal = get_object_or_404(_appeals(), pk=key)
    partners_own = row.partner_id in current_scope().partner_orgs
    require(allowed=partners_own or can_read_console(request.actor, owner=row.owner_id), otherwise=VENDORS)
    return row


def _own(row: ReviewLine, request: ActingRequest) -> OwnLine:
    names = [name for name in OwnLine.model_fields if name not in {"id", "may_appeal"}]
    may = can_appeal(request.actor, lineage=row.partner.lineage) and may_be_appealed(row)
    return OwnLine(id=row.pk, may_appeal=may, **{name: getattr(row, name) for name in names})


def _appeal(row: Appeal) -> AppealShape:
    names = ("state", "words", "filed_at", "answer_due", "answer", "answered_at")
    return AppealShape(
        id=row.pk,
        line=row.line_id,
        partner=row.line.enrolment_id,
        has_file=row.file_id is not None,
        filed_by=row.filed_by_id,
        **{name: getattr(row, name) for name in names},
    )
