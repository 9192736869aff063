"""People and credentials of a partner: who is here, what they hold, what lapses, who left, who is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any

from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from swingby.web.api.disputes import DisputeShape, dispute_shape
from swingby.web.api.guard import Token, require
from swingby.web.api.paging import PageQuery, key_after, key_cursor
from swingby.web.api.partners import find_own
from swingby.web.api.problems import ProblemError
from swingby.web.api.values import Key, Number, Text
from swingby.web.domain.dispute_matters import matter_of
from swingby.web.domain.disputes import LONGEST_WORDS, open_dispute
from swingby.web.domain.queries.partner_facts import names_of
from swingby.web.domain.queries.people import Held, Job, gone, held_by, lapsing, loose, people_here
from swingby.web.domain.queries.people_counts import Counted, Rest, counted_for, number_of_people, rests_on
from swingby.web.domain.standings import latest_standing
from swingby.web.middleware import ActingRequest
from swingby.web.models import Enrolment, Scorecard, TokenScope
from swingby.web.permissions import can_dispute

router = Router(tags=["people"], auth=Token(TokenScope.PEOPLE_READ))
UNTIL = "The first day on which it is over."


class HeldShape(Schema):
    """A credential, and the numbers of the scorecard that it counts for."""

    record: str
    label: str
    since: date
    until: date | None = Field(description=UNTIL)
    counts_for: list[str]


class PersonShape(Schema):
    """Somebody who works for the partner, by the key in the vendor's facts; the name of those who have access here."""

    person: str
    name: str | None
    role: str
    since: date
    until: date | None = Field(description=UNTIL)
    counts_for: list[str]
    credentials: list[HeldShape]


class PersonPage(Schema):
    """People, in the order of their keys, and how many there are in all."""

    items: list[PersonShape]
    total: int
    next: str | None


class RestShape(Schema):
    """A requirement of a tier that is not met any more from a day on, as things stand."""

    tier: str
    label: str
    unit: str
    value: Number | None
    threshold: Number | None
    on: date


class LapseShape(HeldShape):
    """A credential that ends soon and was not renewed, and what rests on it."""

    person: str
    name: str | None
    rests: list[RestShape]


class LapseList(Schema):
    """The credentials that end next, and how many end in all within 90 days."""

    items: list[LapseShape]
    total: int


class GoneShape(Schema):
    """Somebody who left, and the numbers that the person counted for."""

    person: str
    name: str | None
    role: str
    since: date
    until: date | None = Field(description=UNTIL)
    counted_for: list[str]


class GoneList(Schema):
    """Who left last, and how many did within a year."""

    items: list[GoneShape]
    total: int


class LooseShape(Schema):
    """A credential of somebody who is not known to work for the partner."""

    person: str
    name: str | None
    record: str
    label: str
    since: date
    until: date | None = Field(description=UNTIL)


class LooseList(Schema):
    """Credentials that count for nobody here, and how many there are."""

    items: list[LooseShape]
    total: int


class MissingForm(Schema):
    """Who or what is missing."""

    words: Text = Field(min_length=1, max_length=LONGEST_WORDS)


@router.get("/partners/{partner}/people", response=PersonPage)
def list_people(request: ActingRequest, partner: Key, query: Query[PageQuery]) -> PersonPage:  # noqa: ARG001 - ninja's signature
    """Who works for a partner today, what they hold, and what it counts for. For the partner's own people."""
    row = find_own(partner)
    found, total = people_here(row, after=key_after(query), most=query.limit)
    jobs = found[: query.limit]
    following = key_cursor(jobs[-1].person) if len(found) > query.limit else None
    return PersonPage(items=_people(row, jobs), total=total, next=following)


@router.get("/partners/{partner}/people/lapsing", response=LapseList)
def list_lapsing(request: ActingRequest, partner: Key) -> LapseList:  # noqa: ARG001 - the same
    """Credentials that end within 90 days and were not renewed, the next first, with what rests on each."""
    row = find_own(partner)
    ending, total = lapsing(row)
    told = _Told.about(row, people=[each.person for each in ending], held=ending)
    standing, card = latest_standing(row), _card(row)
    items = [
        LapseShape(
            **told.held(each).model_dump(),
            person=each.person,
            name=told.names.get(each.person),
            rests=[_rest(rest) for rest in rests_on(each.record, card, standing)],
        )
        for each in ending
    ]
    return LapseList(items=items, total=total)


@router.get("/partners/{partner}/people/gone", response=GoneList)
def list_gone(request: ActingRequest, partner: Key) -> GoneList:  # noqa: ARG001 - the same
    """Who left within a year and works nowhere here today, the last first."""
    row = find_own(partner)
    left, total = gone(row)
    told = _Told.about(row, people=[job.person for job in left], left=left)
    items = [
        GoneShape(**told.job(job), counted_for=list(told.counted.lost_by_person.get(job.person, ()))) for job in left
    ]
    return GoneList(items=items, total=total)


@router.get("/partners/{partner}/people/unlinked", response=LooseList)
def list_unlinked(request: ActingRequest, partner: Key) -> LooseList:  # noqa: ARG001 - the same
    """Credentials that hold today, of people whom no record says to work here."""
    row = find_own(partner)
    found, total = loose(row)
    names = names_of((each.person for each in found), enrolment=row)
    items = [
        LooseShape(
            person=each.person,
            name=names.get(each.person),
            record=each.record,
            label=each.label,
            since=each.since,
            until=each.ends_on,
        )
        for each in found
    ]
    return LooseList(items=items, total=total)


@router.post("/partners/{partner}/people/missing", response={201: DisputeShape}, auth=Token(TokenScope.DISPUTES_WRITE))
def say_missing(
    request: ActingRequest, partner: Key, said: Form[MissingForm], file: File[UploadedFile | None] = None
) -> Status[DisputeShape]:
    """Say that somebody is missing, with a file that shows it: a case under the number that counts people.

    Records come from the vendor, which answers within five working days.
    """
    row = find_own(partner)
    allowed = can_dispute(request.actor, lineage=row.partner.lineage)
    require(allowed=allowed, otherwise="Your role cannot dispute a line. Ask your partner admin.")
    matter = matter_of(row, number=number_of_people(row, _card(row)), line="")
    if matter is None:
        words = "No number of this program counts people by what they hold. Dispute another number."
        raise ProblemError(HTTPStatus.CONFLICT, words)
    case = open_dispute(row, actor=request.actor, matter=matter, words=said.words, file=file)
    return Status(HTTPStatus.CREATED, dispute_shape(case, request))


@dataclass(frozen=True, slots=True)
class _Told:
    """What is known of some people beside their records."""

    names: Mapping[str, str]
    counted: Counted

    @classmethod
    def about(
        cls, row: Enrolment, *, people: Iterable[str], jobs: Sequence[Job] = (), held: Sequence[Held] = (),
        left: Sequence[Job] = (),
    ) -> _Told:  # fmt: skip
        return cls(names_of(people, enrolment=row), counted_for(row, jobs=jobs, held=held, left=left))

    def held(self, each: Held) -> HeldShape:
        return HeldShape(
            record=each.record,
            label=each.label,
            since=each.since,
            until=each.ends_on,
            counts_for=list(self.counted.by_record.get(each.record, ())),
        )

    def job(self, job: Job) -> dict[str, Any]:
        name = self.names.get(job.person)
        return {"person": job.person, "name": name, "role": job.role, "since": job.since, "until": job.ended_on}


def _people(row: Enrolment, jobs: Sequence[Job]) -> list[PersonShape]:
    people = [job.person for job in jobs]
    held = held_by(people, enrolment=row)
    told = _Told.about(row, people=people, jobs=jobs, held=held)
    by_person: defaultdict[str, list[HeldShape]] = defaultdict(list)
    for each in held:
        by_person[each.person].append(told.held(each))
    return [
        PersonShape(
            **told.job(job),
            counts_for=list(told.counted.by_record.get(job.record, ())),
            credentials=by_person[job.person],
        )
        for job in jobs
    ]


def _card(row: Enrolment) -> Scorecard | None:
    return Scorecard.objects.filter(pk=row.pk).first()


def _rest(rest: Rest) -> RestShape:
    return RestShape(**{name: getattr(rest, name) for name in RestShape.model_fields})
