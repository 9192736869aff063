"""Count what boards rank, some of the people at a time, and read what was counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction

from swingby.enablement import Catalogue, Growth, Membership, Part, Records, Stay, board_of, growths
from swingby.values import BEGINNING, Period
from swingby.web.clock import today
from swingby.web.domain.learning.catalogues import catalogue_of
from swingby.web.domain.learning.projects import Place, places_of
from swingby.web.domain.learning.records import employed_people, held_records, partner_records, team_stays
from swingby.web.domain.learning.vendors import vendor_catalogue
from swingby.web.domain.live import organizations_of
from swingby.web.models import BoardChoice, BoardCount, BoardPeriod, Enrolment, Grouping, PartnerBoardCount
from swingby.web.tenancy import Scope, act_for_owner, open_scope

#: So many people are read and counted at a time, however many there are.
AT_A_TIME: Final = 2_000
#: So many offices are named in a mail.
MOST_LEADING: Final = 3
NOTHING: Final = Growth(0, 0, 0, 0, 0, 0)
_WEEKS: Final = timedelta(weeks=13)
_ONE_DAY: Final = timedelta(days=1)
_FIGURES = ("held_before", "earned", "lapsed", "moved_in", "moved_out", "held_after")


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a board."""

    period: BoardPeriod
    is_before: bool
    days: Period

    @property
    def last(self) -> date:
        """The last day that is counted."""
        return self.days.end - _ONE_DAY


@dataclass(frozen=True, slots=True)
class Where:
    """A part, before anything of it is counted."""

    grouping: Grouping
    key: str
    within: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted of a part in a span."""

    heads: int = 0
    growth: Growth = NOTHING

    def __add__(self, other: Figures) -> Figures:
        return Figures(self.heads + other.heads, self.growth + other.growth)


def spans_of(day: date) -> tuple[Span, ...]:
    """The days of every board as it is counted on a day, each with those before."""
    tomorrow, quarter, year = day + _ONE_DAY, _quarter(day), date(day.year, 1, 1)
    ends = {
        BoardPeriod.WEEKS: (tomorrow - 2 * _WEEKS, tomorrow - _WEEKS, tomorrow),
        BoardPeriod.QUARTER: (_quarter(_quarter(quarter - _ONE_DAY) - _ONE_DAY), _quarter(quarter - _ONE_DAY), quarter),
        BoardPeriod.YEAR: (date(year.year - 2, 1, 1), date(year.year - 1, 1, 1), year),
    }
    return tuple(
        Span(period, is_before, Period(first, second) if is_before else Period(second, third))
        for period, (first, second, third) in ends.items()
        for is_before in (False, True)
    )


def _quarter(day: date) -> date:
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def count_boards(firm: str) -> int:
    """Count the boards of a firm anew; returns how many rows they have. It may run twice."""
    own = frozenset({firm})
    with transaction.atomic(), open_scope(Scope(owner_orgs=own, partner_orgs=own)):
        kept = catalogue_of(firm)
        if kept is None:
            return 0
        chosen = BoardChoice.objects.filter(organization_id=firm).values_list("learner", flat=True)
        rows = _rows(firm, _counted(firm, kept.catalogue, employed_people(firm), chosen=set(chosen)))
        BoardCount.objects.filter(organization_id=firm).delete()
        return len(BoardCount.objects.bulk_create(rows, batch_size=1_000))


def count_person(firm: str, learner: str, catalogue: Catalogue) -> None:
    """Count one person who wants to be shown from now on; the others are counted at night."""
    rows = _rows(firm, _counted(firm, catalogue, [learner], chosen={learner}))
    BoardCount.objects.filter(organization_id=firm, grouping=Grouping.PERSON, key=learner).delete()
    BoardCount.objects.bulk_create(row for row in rows if row.grouping == Grouping.PERSON)


def count_partner_boards(owner: str) -> int:
    """Count the boards of a vendor anew, each partner once; returns of how many partners."""
    with act_for_owner(owner):
        catalogue, spans = vendor_catalogue(owner), spans_of(today())
        enrolments = Enrolment.objects.filter(owner_id=owner).order_by("joined_on", "pk")
        first = {one.partner_id: one for one in reversed(enrolments)}
        rows = [row for one in first.values() for row in _partner_rows(one, catalogue, spans)]
        PartnerBoardCount.objects.filter(owner_id=owner).delete()
        PartnerBoardCount.objects.bulk_create(rows, batch_size=1_000)
        return len(first)


def part_of(row: BoardCount | PartnerBoardCount, *, key: str, within: str = "") -> Part:
    """What was counted, as a part that a board ranks."""
    return Part(key=key, within=within, heads=row.heads, growth=Growth(*(getattr(row, name) for name in _FIGURES)))


def leading_offices(firm: str) -> list[Part]:
    """The offices that led the last weeks per head, best first; those of one rank in the order that is drawn."""
    rows = BoardCount.objects.filter(
        organization_id=firm, grouping=Grouping.OFFICE, period=BoardPeriod.WEEKS, is_before=False
    )
    parts = [part_of(row, key=row.key, within=row.within) for row in rows]
    return [line.part for line in board_of(parts, by="head", draw=str(today())).lines[:MOST_LEADING]]


Counts = Mapping[tuple[Where, Span], Figures]


def _counted(firm: str, catalogue: Catalogue, people: Sequence[str], *, chosen: Collection[str]) -> Counts:
    """Nobody is in two of the portions, so what is counted apart can be added."""
    spans, found = spans_of(today()), defaultdict[tuple[Where, Span], Figures](Figures)
    parts = Parts(places_of(firm), chosen)
    for first in range(0, len(people), AT_A_TIME):
        some = list(people[first : first + AT_A_TIME])
        records = held_records(firm, catalogue, some)
        for where, members in parts.of(records.stays, team_stays(firm, some)).items():
            for span, figures in _figures(records, members, spans):
                found[where, span] += figures
    return found


@dataclass(frozen=True, slots=True)
class Parts:
    """Who belongs where: by the offices' places, and by who chose to be shown."""

    places: Mapping[str, Place]
    chosen: Collection[str]

    def of(self, stays: Sequence[Stay], teams: Sequence[Stay]) -> Mapping[Where, Sequence[Membership]]:
        """The members of every part, with their days."""
        found, joined = defaultdict[Where, list[Membership]](list), dict[str, str]()
        for stay in stays:
            joined.setdefault(stay.person, "" if stay.period.start == BEGINNING else str(stay.period.start.year))
            for where in self._wheres(stay, joined[stay.person]):
                found[where].append(Membership(stay.person, stay.counted))
        for stay in teams:
            where = Where(Grouping.TEAM, stay.office or "", (stay.office or "").partition("/")[0])
            found[where].append(Membership(stay.person, stay.counted))
        return found

    def _wheres(self, stay: Stay, joined: str) -> Iterator[Where]:
        office = stay.office or ""
        place = self.places.get(office, Place(office))
        if office:
            yield Where(Grouping.OFFICE, office, place.region)
        if place.region:
            yield Where(Grouping.REGION, place.region)
        if joined:
            yield Where(Grouping.JOINED, joined)
        if stay.person in self.chosen:
            yield Where(Grouping.PERSON, stay.person)


def _figures(records: Records, members: Sequence[Membership], spans: Sequence[Span]) -> Iterator[tuple[Span, Figures]]:
    """What a part had on the last days, and what became of it."""
    people = {member.person for member in members}
    holders = (holder for person in people for holder in records.holders_of(person))
    for span, growth in zip(spans, growths(holders, members, [span.days for span in spans]), strict=True):
        yield span, Figures(len({member.person for member in members if span.last in member.period}), growth)


def _rows(firm: str, counts: Counts) -> list[BoardCount]:
    return [
        BoardCount(
            organization_id=firm,
            grouping=where.grouping,
            key=where.key,
            within=where.within,
            **_columns(span, figures),
        )
        for (where, span), figures in counts.items()
    ]


def _partner_rows(enrolment: Enrolment, catalogue: Catalogue, spans: Sequence[Span]) -> Iterator[PartnerBoardCount]:
    records = partner_records(enrolment.owner_id, organizations_of(enrolment), catalogue)
    for span, figures in _figures(records, records.members(), spans):
        yield PartnerBoardCount(
            owner_id=enrolment.owner_id,
            partner_id=enrolment.partner_id,
            joined=enrolment.joined_on.year,
            **_columns(span, figures),
        )


def _columns(span: Span, figures: Figures) -> dict[str, Any]:
    return {
        "period": span.period,
        "is_before": span.is_before,
        "starts_on": span.days.start,
        "ends_on": span.days.end,
        "heads": figures.heads,
        "counted_on": today(),
        **{name: getattr(figures.growth, name) for name in _FIGURES},
    }
