"""Activity reports: reading them, sending them, and every act that the screens have."""

from __future__ import annotations

from datetime import date, datetime
from http import HTTPStatus
from typing import Any, Literal

from django.db.models import Prefetch, QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status
from pydantic import Field

from swingby.web.api.application import check_match
from swingby.web.api.guard import Token, require
from swingby.web.api.paging import PageQuery, page_of
from swingby.web.api.partners import find_partner
from swingby.web.api.problems import Issue, ProblemError
from swingby.web.api.values import Day, Key, Number, Text
from swingby.web.clock import today
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.domain.queries.kinds import reportable_kinds
from swingby.web.domain.reports import (
    LONGEST_WORDS,
    TRANSITIONS,
    accept_report,
    acts_open_to,
    confirm_sample,
    decline_report,
    resubmit_report,
    return_report,
    submit_report,
    take_back_report,
    withdraw_report,
)
from swingby.web.middleware import ActingRequest
from swingby.web.models import ActivityReport, Enrolment, ReportFile, TokenScope
from swingby.web.permissions import can_read_reports, can_report_activity
from swingby.web.sending import send_file
from swingby.web.tenancy import current_scope

router = Router(tags=["activity reports"], auth=Token(TokenScope.REPORTS_READ))
WRITES = Token(TokenScope.REPORTS_WRITE)
NO_READER = "Your role does not check reports."


class ReportQuery(PageQuery):
    """Which reports."""

    program: Text = Field("", max_length=200)
    partner: Text = Field("", max_length=200)
    kind: Text = Field("", max_length=200)
    state: Literal["", "submitted", "accepted", "returned", "declined", "withdrawn"] = ""


class FileShape(Schema):
    """A file that shows what a report says."""

    id: int
    name: str
    size: int
    media_type: str


class ReportShape(Schema):
    """An activity that a partner reported, and what became of it. ``acts`` is what this token may do with it now."""

    id: str
    partner: str
    program: str
    organization: str
    kind: str
    happened_on: date
    details: str
    quantity: Number | None
    accepted_quantity: Number | None
    state: Literal["submitted", "accepted", "returned", "declined", "withdrawn"]
    submitted_by: str
    submitted_at: datetime
    answer_due: datetime | None
    decided_at: datetime | None
    answer: str
    files: list[FileShape]
    acts: list[str]


class ReportPage(Schema):
    """Reports, the newest first."""

    items: list[ReportShape]
    next: str | None


class KindShape(Schema):
    """A kind of activity that the program rewards."""

    kind: str
    label: str


class KindList(Schema):
    """What a partner may report."""

    items: list[KindShape]


class ReportBody(Schema):
    """An activity to report."""

    kind: Key
    happened_on: Day
    details: Text = Field("", max_length=LONGEST_WORDS)
    quantity: Number | None = None


class Words(Schema):
    """An answer in words to the other side."""

    answer: Text = Field(min_length=1, max_length=LONGEST_WORDS)


class Acceptance(Schema):
    """Accept all of it, or a part with the reason."""

    quantity: Number | None = None
    answer: Text = Field("", max_length=LONGEST_WORDS)


class Nothing(Schema):
    """No more needs to be said."""


@router.get("/reports", response=ReportPage)
def list_reports(request: ActingRequest, query: Query[ReportQuery]) -> ReportPage:
    """Reports of one's own organizations, and of the programs whose reports one's role may read; the newest first."""
    said = {
        "enrolment__program_id": query.program,
        "enrolment_id": query.partner,
        "kind": query.kind,
        "state": query.state,
    }
    rows = _readable(request).filter(**{name: value for name, value in said.items() if value})
    found, following = page_of(rows, query, order=("-submitted_at", "-id"))
    return ReportPage(items=[shape_of(row, request) for row in found], next=following)


@router.get("/partners/{partner}/kinds", response=KindList)
def list_kinds(request: ActingRequest, partner: Key) -> KindList:  # noqa: ARG001 - ninja's signature
    """The kinds of activity that a partner may report."""
    kinds = reportable_kinds(loaded(version_in_force(find_partner(partner).program_id, on=today())))
    return KindList(items=[KindShape(kind=each.kind, label=each.label) for each in kinds])


@router.get("/reports/{report}", response=ReportShape)
def read_report(request: ActingRequest, report: Key) -> ReportShape:
    """One report."""
    return shape_of(find_report(request, report), request)


@router.get("/reports/{report}/files/{file}", response={200: bytes})
def read_report_file(request: ActingRequest, report: Key, file: int) -> HttpResponseBase:
    """A file that shows what a report says, as it was sent."""
    row = find_report(request, report)
    key = file if 0 <= file < 2**63 else 0
    return send_file(get_object_or_404(ReportFile.objects.select_related("file").filter(report=row), pk=key).file)


@router.post("/partners/{partner}/reports", response={201: ReportShape}, auth=WRITES)
def send_report(request: ActingRequest, partner: Key, body: ReportBody) -> Status[ReportShape]:
    """Report an activity; it waits for checking."""
    row = find_partner(partner)
    _require_reporter(request, row)
    _require_kind(row, body.kind)
    report = submit_report(row, actor=request.actor, **_said(body))
    return Status(HTTPStatus.CREATED, shape_of(find_report(request, report.pk), request))


@router.post("/reports/{report}/resubmit", response=ReportShape, auth=WRITES)
def correct_report(request: ActingRequest, report: Key, body: ReportBody) -> ReportShape:
    """Send a report again that came back, corrected."""
    row = _for_act(request, report, "resubmit")
    _require_kind(row.enrolment, body.kind)
    resubmit_report(row, actor=request.actor, **_said(body))
    return _after(request, report)


@router.post("/reports/{report}/withdraw", response=ReportShape, auth=WRITES)
def take_report_away(request: ActingRequest, report: Key, body: Nothing | None = None) -> ReportShape:  # noqa: ARG001 - ninja's signature
    """Take a report back that nobody has decided."""
    withdraw_report(_for_act(request, report, "withdraw"), actor=request.actor)
    return _after(request, report)


@router.post("/reports/{report}/accept", response=ReportShape, auth=WRITES)
def accept(request: ActingRequest, report: Key, body: Acceptance) -> ReportShape:
    """Accept: it becomes something that happened, and the standing is brought up to date."""
    row = _for_act(request, report, "accept")
    accept_report(row, actor=request.actor, quantity=body.quantity, answer=body.answer)
    return _after(request, report)


@router.post("/reports/{report}/return", response=ReportShape, auth=WRITES)
def send_back(request: ActingRequest, report: Key, body: Words) -> ReportShape:
    """Send back for correction."""
    return_report(_for_act(request, report, "return"), actor=request.actor, answer=body.answer)
    return _after(request, report)


@router.post("/reports/{report}/decline", response=ReportShape, auth=WRITES)
def decline(request: ActingRequest, report: Key, body: Words) -> ReportShape:
    """Decline for good."""
    decline_report(_for_act(request, report, "decline"), actor=request.actor, answer=body.answer)
    return _after(request, report)


@router.post("/reports/{report}/confirm", response=ReportShape, auth=WRITES)
def confirm(request: ActingRequest, report: Key, body: Nothing | None = None) -> ReportShape:  # noqa: ARG001 - ninja's signature
    """After a second look: it was right to accept it."""
    confirm_sample(_for_act(request, report, "take_back"), actor=request.actor)
    return _after(request, report)


@router.post("/reports/{report}/take-back", response=ReportShape, auth=WRITES)
def take_back(request: ActingRequest, report: Key, body: Words) -> ReportShape:
    """After a second look: it was wrong to accept it."""
    take_back_report(_for_act(request, report, "take_back"), actor=request.actor, answer=body.answer)
    return _after(request, report)


def find_report(request: ActingRequest, key: str) -> ActivityReport:
    """A report that the token may read: 404 to strangers, 403 to the vendor's people whose role does not read it."""
    row = get_object_or_404(_with_all(ActivityReport.objects.all()), pk=key)
    partners_own = row.partner_id in current_scope().partner_orgs
    require(allowed=partners_own or can_read_reports(request.actor, owner=row.owner_id), otherwise=NO_READER)
    return row


def shape_of(row: ActivityReport, request: ActingRequest) -> ReportShape:
    """A report as it travels."""
    names = ("kind", "happened_on", "details", "quantity", "accepted_quantity", "state", "submitted_at")
    return ReportShape(
        id=row.pk,
        partner=row.enrolment_id,
        program=row.enrolment.program_id,
        organization=row.partner_id,
        submitted_by=row.submitted_by_id,
        files=[
            FileShape(id=each.pk, name=each.file.name, size=each.file.size, media_type=each.file.media_type)
            for each in row.files.all()
        ],
        acts=list(acts_open_to(request.actor, report=row)),
        **{name: getattr(row, name) for name in (*names, "answer_due", "decided_at", "answer")},
    )


def _readable(request: ActingRequest) -> QuerySet[ActivityReport]:
    """All that is seen, less what the vendor's finance and executives see no list of."""
    scope = current_scope()
    owners = [owner for owner in scope.owner_orgs if can_read_reports(request.actor, owner=owner)]
    require(allowed=bool(owners) or not scope.owner_orgs or bool(scope.partner_orgs), otherwise=NO_READER)
    rows = ActivityReport.objects.filter(owner_id__in=owners) | ActivityReport.objects.filter(
        partner_id__in=scope.partner_orgs
    )
    return _with_all(rows)


def _with_all(rows: QuerySet[ActivityReport]) -> QuerySet[ActivityReport]:
    files = Prefetch("files", ReportFile.objects.select_related("file"))
    return rows.select_related("enrolment", "partner").prefetch_related(files)


def _for_act(request: ActingRequest, key: str, act: str) -> ActivityReport:
    row = find_report(request, key)
    check_match(request, shape_of(row, request))
    step = TRANSITIONS[act]
    side = "partner" if step.side == "partner" else "vendor"
    if row.state == step.before and not step.may(request.actor, row):
        raise ProblemError(HTTPStatus.FORBIDDEN, f"This is for the {side}'s side, in a role that decides on it.")
    return row


def _after(request: ActingRequest, key: str) -> ReportShape:
    return shape_of(find_report(request, key), request)


def _said(body: ReportBody) -> dict[str, Any]:
    return {name: getattr(body, name) for name in ReportBody.model_fields}


def _require_reporter(request: ActingRequest, enrolment: Enrolment) -> None:
    allowed = can_report_activity(request.actor, lineage=enrolment.partner.lineage)
    require(allowed=allowed, otherwise="Your role cannot report activities. Ask your partner admin.")


def _require_kind(enrolment: Enrolment, kind: str) -> None:
    try:
        known: Any = reportable_kinds(loaded(version_in_force(enrolment.program_id, on=today())))
    except RefusedError:
        known = ()
    if kind not in {each.kind for each in known}:
        words = ", ".join(each.kind for each in known) or "none"
        issue = Issue(location="body.kind", code="kind", message="No rule of this program counts it.", hint=words)
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, "Choose a kind that the program rewards.", issues=[issue])
