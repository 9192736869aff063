"""Count who holds what in a large firm: some of its people at a time, and again only those of whom something came.

Everybody is in one portion, so what is counted of portions adds up. A job counts for about two seconds, because others
wait behind it, and asks for another one while something is due. What the pages read is added up once nothing is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from time import perf_counter
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Min

from swingby.enablement import AHEAD, Catalogue, Life, Records, Tally, tallies
from swingby.values import Period
from swingby.web.clock import now, today
from swingby.web.domain.learning.catalogues import KeptCatalogue, catalogue_of
from swingby.web.domain.learning.counting import is_large, portion_of
from swingby.web.domain.learning.records import (
    employed_people,
    newest_position,
    records_of,
    tier_needs,
    unknown_records,
)
from swingby.web.models import CoverageCount, CoveragePortion
from swingby.web.tenancy import Scope, open_scope

#: So many people are in a portion, more or less.
AT_A_TIME: Final = 1_000
SLICE_SECONDS: Final = 2.0
#: Who has something for all these days is nobody on whom a tier could fall in them.
STEADY: Final = timedelta(days=2 * AHEAD)


@dataclass(frozen=True, slots=True)
class Mark:
    """What is known when something is counted."""

    day: date
    position: int
    catalogue: KeptCatalogue
    asked: tuple[tuple[str, ...], ...]

    def columns(self) -> dict[str, Any]:
        """As a row keeps it."""
        return {"day": self.day, "position": self.position, "catalogue": self.catalogue.row.pk}


def count_firm(firm: str, *, seconds: float = SLICE_SECONDS) -> bool:
    """Count what is due of a large firm for some seconds; returns whether more is. It may run twice: then nothing is due."""
    with _of_firm(firm):
        kept = catalogue_of(firm)
        if kept is None or not is_large(firm):
            return False
        mark, people = mark_of(firm, kept), employed_people(firm)
        due = _find_due(firm, people, mark)
        portions = CoveragePortion.objects.filter(organization_id=firm).count()
    members = _by_portion(people, portions)
    until = perf_counter() + seconds
    for done, number in enumerate(due, start=1):
        with _of_firm(firm):
            _count_portion(firm, number, members[number], mark)
        if perf_counter() > until and done < len(due):
            return True
    with _of_firm(firm):
        _add_up(firm, mark)
    return False


def mark_of(firm: str, kept: KeptCatalogue) -> Mark:
    """What is known of a firm now."""
    asked = {tuple(sorted(row.codes)) for row in tier_needs(firm, today())}
    return Mark(today(), newest_position(firm), kept, tuple(sorted(asked)))


def key_of(codes: Iterable[str]) -> str:
    """What is asked for, as one text."""
    return "|".join(sorted(codes))


@contextmanager
def _of_firm(firm: str) -> Iterator[None]:
    own = frozenset({firm})
    with transaction.atomic(), open_scope(Scope(owner_orgs=own, partner_orgs=own)):
        yield


def _by_portion(people: Iterable[str], portions: int) -> Mapping[int, list[str]]:
    found = defaultdict[int, list[str]](list)
    for person in people:
        found[portion_of(person, portions)].append(person)
    return found


# --- what is due ----------------------------------------------------------------------------------------------------


def _find_due(firm: str, people: Sequence[str], mark: Mark) -> list[int]:
    rows = CoveragePortion.objects.filter(organization_id=firm)
    number, wanted = rows.count(), max(1, -(-len(people) // AT_A_TIME))
    if not wanted <= 2 * number <= 4 * wanted:
        rows.delete()
        CoveragePortion.objects.bulk_create(CoveragePortion(organization_id=firm, number=n) for n in range(wanted))
        return list(range(wanted))
    rows.filter(is_due=False).exclude(day=mark.day, catalogue=mark.catalogue.row.pk).update(is_due=True)
    asked = {key_of(codes) for codes in mark.asked}
    otherwise = [n for n, asks in rows.filter(is_due=False).values_list("number", "asks") if asks.keys() != asked]
    before = rows.filter(is_due=False).aggregate(least=Min("position"))["least"]
    touched = [] if before is None else _touched(firm, before)
    rows.filter(number__in={*otherwise, *(portion_of(person, number) for person in touched)}).update(is_due=True)
    rows.filter(is_due=False, position__lt=mark.position).update(position=mark.position)
    return list(rows.filter(is_due=True).order_by("number").values_list("number", flat=True))


def _touched(firm: str, position: int) -> list[str]:
    """Of whom facts came or were taken back after a position."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED, {"firm": firm, "position": position})
        return [person for (person,) in cursor.fetchall()]


# --- counting -------------------------------------------------------------------------------------------------------


def _count_portion(firm: str, number: int, people: list[str], mark: Mark) -> None:
    """Who tells something from here on waits for the row, and lets it be due again."""
    rows = CoveragePortion.objects.filter(organization_id=firm, number=number)
    rows.update(is_due=False, **mark.columns())
    records = records_of(firm, mark.catalogue.catalogue, mark.day, people=people)
    rows.update(
        offices=dict(_offices(records, mark.catalogue.catalogue, mark.day)),
        asks={key_of(codes): _asked(records, frozenset(codes), mark.day) for codes in mark.asked},
    )


def _offices(records: Records, catalogue: Catalogue, day: date) -> Iterator[tuple[str, dict[str, Any]]]:
    found = defaultdict[str, list[Mapping[str, Life]]](list)
    for stay in records.stays:
        if day in stay.counted:
            found[stay.office or ""].append(records.lives.get(stay.person, {}))
    for office, lives in found.items():
        counted = tallies(catalogue, lives, day)
        figures = {code: [one.held, one.lapsing, one.in_progress] for code, one in counted.items()}
        yield office, {"people": len(lives), "figures": figures}


def _asked(records: Records, codes: frozenset[str], day: date) -> list[int]:
    """Who has one of some certifications: today, today and not any more within the days ahead, and steadily."""
    soon, held, lapsing, steady = day + timedelta(days=AHEAD), 0, 0, 0
    for person, days in records.belonging().items():
        lives = [life for code, life in records.lives.get(person, {}).items() if code in codes]
        if _has(lives, days, day):
            held += 1
            lapsing += not _has(lives, days, soon)
            steady += _is_steady(lives, days, day)
    return [held, lapsing, steady]


def _has(lives: Sequence[Life], days: Iterable[Period], day: date) -> bool:
    return any(life.counts_on(day) for life in lives) and any(day in period for period in days)


def _is_steady(lives: Sequence[Life], days: Iterable[Period], day: date) -> bool:
    """Whether one and the same goes on for all the days; who has several in turn is left out, which is on the safe side."""
    held = (period for life in lives for period in life.counted)
    return any(_lasts(period, day) for period in held) and any(_lasts(period, day) for period in days)


def _lasts(period: Period, day: date) -> bool:
    return period.start <= day and day + STEADY < period.end


# --- adding up ------------------------------------------------------------------------------------------------------


def _add_up(firm: str, mark: Mark) -> None:
    portions = list(CoveragePortion.objects.filter(organization_id=firm))
    known: dict[str, Any] = {
        "organization_id": firm,
        "day": min(row.day or mark.day for row in portions),
        "position": min(row.position for row in portions),
        "catalogue": min(row.catalogue for row in portions),
        "counted_at": now(),
    }
    people, figures = _offices_together(portions)
    whole = CoverageCount(
        people=sum(people.values()),
        figures=_numbers(_added(figures.values())),
        asks=_asks_together(portions),
        unknown=unknown_records(firm, mark.catalogue.catalogue),
        **known,
    )
    offices = [
        CoverageCount(office=office, people=people[office], figures=_numbers(figures[office]), **known)
        for office in people
        if office
    ]
    CoverageCount.objects.filter(organization_id=firm).delete()
    CoverageCount.objects.bulk_create([whole, *offices])


def _offices_together(portions: Iterable[CoveragePortion]) -> tuple[dict[str, int], dict[str, dict[str, Tally]]]:
    people, figures = defaultdict[str, int](int), defaultdict[str, list[dict[str, Tally]]](list)
    for row in portions:
        for office, counted in row.offices.items():
            people[office] += counted["people"]
            figures[office].append({code: Tally(*numbers) for code, numbers in counted["figures"].items()})
    return dict(people), {office: _added(parts) for office, parts in figures.items()}


def _added(parts: Iterable[Mapping[str, Tally]]) -> dict[str, Tally]:
    found = defaultdict[str, Tally](Tally)
    for part in parts:
        for code, counted in part.items():
            found[code] += counted
    return dict(found)


def _numbers(figures: Mapping[str, Tally]) -> dict[str, list[int]]:
    return {code: [one.held, one.lapsing, one.in_progress] for code, one in figures.items()}


def _asks_together(portions: Iterable[CoveragePortion]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for row in portions:
        for key, numbers in row.asks.items():
            found[key] = [one + other for one, other in zip(found.get(key, [0, 0, 0]), numbers, strict=True)]
    return found


_TOUCHED = """
SELECT person FROM fact_employments WHERE owner_org = %(firm)s AND position > %(position)s
UNION SELECT person FROM fact_employments WHERE owner_org = %(firm)s AND reversed_position > %(position)s
UNION SELECT person FROM fact_credentials WHERE owner_org = %(firm)s AND position > %(position)s
UNION SELECT person FROM fact_credentials WHERE owner_org = %(firm)s AND reversed_position > %(position)s
"""
