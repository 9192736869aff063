"""What people learn: coverage, needs, one's own way to certifications, and what leads propose and answer."""

from __future__ import annotations

from datetime import date, datetime
from http import HTTPStatus
from typing import Literal

from django.http import Http404
from ninja import Query, Router, Schema, Status
from pydantic import Field

from swingby.enablement import AHEAD, Catalogue, Cell, Life, Suggestion
from swingby.web.api.certification_numbers import CertificationNumbers, numbers_of
from swingby.web.api.firms import catalogue_at, enter_firm
from swingby.web.api.guard import Token, require
from swingby.web.api.paging import MOST_ROWS, PageQuery, keyed_page, page_of
from swingby.web.api.partners import find_partner
from swingby.web.api.problems import ProblemError
from swingby.web.api.values import Day, Key, Number, Text
from swingby.web.clock import today
from swingby.web.domain.learning.certification import CertificationOfFirm
from swingby.web.domain.learning.covering import Covered, NotCountedError, firm_covered, partner_covered
from swingby.web.domain.learning.records import events_of, learner_of, names_of, own_records, told_records
from swingby.web.domain.learning.steps import is_prepared, learning_of, own_step
from swingby.web.domain.learning.telling import answer_learner, tell_own
from swingby.web.middleware import ActingRequest
from swingby.web.models import CertificationNeed, Learner, LearningEvent, TokenScope
from swingby.web.permissions import can_lead_learning, can_read_console

router = Router(tags=["learning"], auth=Token(TokenScope.LEARNING_READ))
WRITES = Token(TokenScope.LEARNING_WRITE)
NOT_LEAD = "Your role does not see the learning of others by name. Ask your partner admin."
Word = Literal["want", "drop", "start", "book", "cancel", "failed", "passed"]


class CoverageQuery(PageQuery):
    """Which certifications, and whose."""

    office: Text = Field("", max_length=200, description="Those who work at this office only; nothing is asked of it.")


class CellShape(CertificationNumbers):
    """One certification: how many hold it, are on the way, lapse within ``ahead_days``, are needed and missing."""

    in_progress: int


class AskShape(Schema):
    """What keeping a tier or reaching the next one asks of people, and how it stands; any one of the codes will do."""

    source: str
    purpose: Literal["keep", "next"]
    label: str
    codes: list[str]
    people: int
    held: int
    lapsing: int
    missing: int
    spare: int


class CellPage(Schema):
    """Certifications in the order of their codes, and what tiers ask.

    ``unknown`` counts records of certifications that the catalogue lacks; ``unread`` says what tiers ask in other ways.
    A firm with very many people is counted by a job: at ``counted_at``, null where it was counted just now. Without
    ``is_current`` something came since then that is not counted yet; ``uncounted`` is what tiers ask since.
    """

    as_of: date
    counted_at: datetime | None
    is_current: bool
    office: str
    offices: list[str]
    people: int
    ahead_days: int
    asks: list[AskShape]
    unread: list[str]
    uncounted: list[str]
    unknown: int
    items: list[CellShape]
    next: str | None


class HolderShape(Schema):
    """Somebody who holds it, until the first day on which it is no longer held."""

    learner: str
    name: str
    until: date | None


class CandidateShape(Schema):
    """Somebody who could take it: in how many hours, after which others, and why."""

    learner: str
    name: str
    hours: Number
    first: list[str]
    reason: str


class CertificationShape(CellShape):
    """One certification with its people, as leads read it; of holders and candidates up to 200 each."""

    holders: list[HolderShape]
    candidates: list[CandidateShape]


class NeedShape(Schema):
    """People with one of some certifications that a tier, a deal or a target asks for."""

    id: int
    vendor: str
    kind: Literal["keep", "next", "deal", "target"]
    source: str
    label: str
    codes: list[str]
    people: int
    starts_on: date
    ends_on: date | None


class NeedPage(Schema):
    """Needs of today, in the order in which they were noted."""

    items: list[NeedShape]
    next: str | None


class OwnHeld(Schema):
    """A certification that the maker of the token holds."""

    code: str
    label: str
    state: str
    until: date | None = Field(description="The first day on which it is no longer held.")


class OwnPlan(Schema):
    """A certification that the maker of the token is on the way to. ``acts`` are the words that may be told now."""

    code: str
    label: str
    state: str
    by_lead: bool
    exam_on: date | None
    passed_on: date | None
    failures: list[date]
    acts: list[str]


class OwnLearning(Schema):
    """One's own certifications; ``learner`` is the key in the firm's facts, null while nobody linked one."""

    learner: str | None
    as_of: date
    held: list[OwnHeld]
    plans: list[OwnPlan]


class LearningShape(Schema):
    """Somebody on the way to a certification. ``acts`` is what a lead may answer now."""

    id: str
    learner: str
    name: str
    code: str
    label: str
    state: str
    acts: list[str]


class LearningPage(Schema):
    """Who is on the way to what, in the order of people and codes."""

    items: list[LearningShape]
    next: str | None


class TellBody(Schema):
    """What somebody says of the own learning: ``want`` accepts a proposal as well, ``drop`` declines it."""

    word: Word
    code: Key
    exam_on: Day | None = Field(None, description="The day of the exam; needed to book.")


class ProposalBody(Schema):
    """Propose a certification to somebody, agree to a wish (both ``agree``), or decline one."""

    word: Literal["agree", "decline"]
    learner: Key
    code: Key


class EventShape(Schema):
    """What was written down."""

    id: int
    learner: str
    code: str
    kind: str
    day: date
    exam_on: date | None
    told_by: str | None
    told_at: datetime


@router.get("/firms/{firm}/certifications", response=CellPage)
def list_certifications(request: ActingRequest, firm: Key, query: Query[CoverageQuery]) -> CellPage:
    """Every certification of a firm's catalogue with numbers of people, for everybody who works there."""
    kept = catalogue_at(request, firm)
    try:
        return _cells(firm_covered(firm, kept, office=query.office), query)
    except NotCountedError as error:
        raise ProblemError(HTTPStatus.CONFLICT, str(error)) from error


@router.get("/firms/{firm}/certifications/{code}", response=CertificationShape)
def read_certification(request: ActingRequest, firm: Key, code: Key) -> CertificationShape:
    """Who holds a certification and who could take it with the fewest hours. For those who lead learning."""
    catalogue = catalogue_at(request, firm).catalogue
    require(allowed=can_lead_learning(request.actor, organization=firm), otherwise=NOT_LEAD)
    if code not in catalogue.certifications:
        raise Http404
    found = CertificationOfFirm(firm, catalogue, code)
    return CertificationShape(
        **_cell(found.cell(), catalogue).model_dump(),
        holders=[
            HolderShape(learner=person, name=found.name(person), until=until)
            for person, until in found.holders()[:MOST_ROWS]
        ],
        candidates=[_candidate(way, found.name(way.person)) for way in found.candidates()[:MOST_ROWS]],
    )


@router.get("/partners/{partner}/certifications", response=CellPage)
def list_partner_certifications(request: ActingRequest, partner: Key, query: Query[PageQuery]) -> CellPage:
    """What the vendor's records say of a partner's people, in numbers; nothing of what they plan. For vendors."""
    row = find_partner(partner)
    allowed = can_read_console(request.actor, owner=row.owner_id)
    require(allowed=allowed, otherwise="This is for the vendor's people. Your firm's own numbers are under firms.")
    return _cells(partner_covered(row), query)


@router.get("/firms/{firm}/needs", response=NeedPage)
def list_needs(request: ActingRequest, firm: Key, page: Query[PageQuery]) -> NeedPage:
    """What asks a firm for people with certifications today."""
    enter_firm(request, firm)
    rows = CertificationNeed.objects.filter(organization_id=firm, starts_on__lte=today()).exclude(ends_on__lte=today())
    found, following = page_of(rows, page, order=("id",))
    items = [NeedShape(**{name: getattr(row, name) for name in NeedShape.model_fields}) for row in found]
    return NeedPage(items=items, next=following)


@router.get("/firms/{firm}/learning", response=LearningPage)
def list_learning(request: ActingRequest, firm: Key, page: Query[PageQuery]) -> LearningPage:
    """Who is on the way to what, and what waits for a lead's answer. For those who lead learning."""
    catalogue = catalogue_at(request, firm).catalogue
    require(allowed=can_lead_learning(request.actor, organization=firm), otherwise=NOT_LEAD)
    day, names = today(), names_of(firm)
    found = learning_of(told_records(firm, catalogue, day), firm, day)
    items = [
        LearningShape(
            id=f"{one.person}/{one.code}",
            learner=one.person,
            name=names.get(one.person, one.person),
            code=one.code,
            label=catalogue.certifications[one.code].label,
            state=one.state,
            # Whom nobody linked to a person can be told nothing.
            acts=list(one.acts) if one.person in names else [],
        )
        for one in found
    ]
    shown, following = keyed_page(items, page, key=lambda item: item.id)
    return LearningPage(items=shown, next=following)


@router.post("/firms/{firm}/learning", response={201: EventShape}, auth=WRITES)
def answer_learning(request: ActingRequest, firm: Key, body: ProposalBody) -> Status[EventShape]:
    """Propose a certification to somebody, agree to what somebody wants, or decline."""
    catalogue = catalogue_at(request, firm).catalogue
    require(allowed=can_lead_learning(request.actor, organization=firm), otherwise=NOT_LEAD)
    row = answer_learner(
        firm, actor=request.actor, word=body.word, learner=body.learner, code=body.code, catalogue=catalogue
    )
    return Status(HTTPStatus.CREATED, _event(row))


@router.get("/firms/{firm}/learning/own", response=OwnLearning)
def read_own_learning(request: ActingRequest, firm: Key) -> OwnLearning:
    """What the maker of the token holds and is on the way to, as only that person may read it."""
    catalogue = catalogue_at(request, firm).catalogue
    learner = learner_of(firm, request.actor.person)
    if learner is None:
        return OwnLearning(learner=None, as_of=today(), held=[], plans=[])
    return _own(firm, learner, catalogue)


@router.post("/firms/{firm}/learning/own", response={201: EventShape}, auth=WRITES)
def tell_learning(request: ActingRequest, firm: Key, body: TellBody) -> Status[EventShape]:
    """Accept or decline a proposal, ask for a certification, begin, book, and say what became of an exam."""
    catalogue = catalogue_at(request, firm).catalogue
    row = tell_own(firm, actor=request.actor, word=body.word, code=body.code, catalogue=catalogue, exam_on=body.exam_on)
    return Status(HTTPStatus.CREATED, _event(row))


def _cells(found: Covered, query: PageQuery) -> CellPage:
    cells, following = keyed_page(found.cells, query, key=lambda cell: cell.code)
    return CellPage(
        as_of=found.day,
        office=found.office,
        offices=list(found.offices),
        people=found.people,
        ahead_days=AHEAD,
        asks=_asks(found),
        unread=list(found.unread),
        uncounted=[f"{ask.requirement.source}: {ask.label}" for ask in found.uncounted],
        counted_at=found.counted_at,
        is_current=found.is_current,
        unknown=found.unknown,
        items=[_cell(cell, found.catalogue) for cell in cells],
        next=following,
    )


def _cell(cell: Cell, catalogue: Catalogue) -> CellShape:
    return CellShape.model_validate(numbers_of(CellShape, cell, catalogue))


def _candidate(way: Suggestion, name: str) -> CandidateShape:
    return CandidateShape(learner=way.person, name=name, hours=way.hours, first=list(way.first), reason=way.reason)


def _asks(found: Covered) -> list[AskShape]:
    return [
        AskShape(
            source=one.ask.requirement.source,
            purpose=one.ask.purpose,
            label=one.ask.label,
            codes=list(one.ask.requirement.codes),
            people=one.ask.requirement.people,
            **{name: getattr(one, name) for name in ("held", "lapsing", "missing", "spare")},
        )
        for one in found.standings
    ]


def _own(firm: str, learner: Learner, catalogue: Catalogue) -> OwnLearning:
    day, told = today(), events_of(firm, learner.key)
    lives = own_records(firm, learner.key, catalogue).lives.get(learner.key, {})
    return OwnLearning(
        learner=learner.key,
        as_of=day,
        held=[_held(life, day) for life in lives.values() if life.held_on(day)],
        plans=[_plan(life, told, day) for life in lives.values() if is_prepared(life, day)],
    )


def _held(life: Life, day: date) -> OwnHeld:
    one = life.certification
    return OwnHeld(code=one.code, label=one.label, state=life.holding_on(day), until=life.expires_after(day))


def _plan(life: Life, told: list[LearningEvent], day: date) -> OwnPlan:
    one, step = life.certification, own_step(life, told, day)
    return OwnPlan(
        code=one.code,
        label=one.label,
        state=step.state,
        acts=[*step.acts, *(["book"] if step.can_book else [])],
        failures=list(step.failures),
        **{name: getattr(step, name) for name in ("by_lead", "exam_on", "passed_on")},
    )


def _event(row: LearningEvent) -> EventShape:
    names = ("id", "learner", "code", "kind", "day", "exam_on", "told_at")
    return EventShape(told_by=row.told_by_id, **{name: getattr(row, name) for name in names})
