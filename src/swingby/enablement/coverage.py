"""Coverage: for every certification who holds it, who is on the way, what lapses soon, and how many are needed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from swingby.enablement.catalogue import Catalogue, Certification
from swingby.enablement.life import Life, State
from swingby.values import add_days

#: The days within which an end is near.
AHEAD: Final = 90
ON_THE_WAY: Final = frozenset({State.IN_PROGRESS, State.BOOKED})
#: By person what each has to do with certifications, by their codes.
Lives = Mapping[str, Mapping[str, Life]]


@dataclass(frozen=True, slots=True)
class Need:
    """People with a certification that something asks for.

    Attributes
    ----------
    kind
        What asks: a deal, a tier, a target. Needs of one kind are of different people and add up; of several kinds the
        largest decides, because the same person fills a place in a deal and one in a tier.
    source
        Which deal or tier.
    """

    code: str
    people: int
    kind: str
    source: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One certification as a cohort stands with it on a day.

    Attributes
    ----------
    held
        People with it, or with one that stands for it, as the vendor counts.
    lapsing
        Of them those who no longer have it within the days ahead, as things stand.
    in_progress
        People without it who learn for it or have booked the exam.
    needed
        People asked for.
    missing
        How many of them there are not.
    hours
        What the learning path takes for all that are missing.
    """

    code: str
    vendor: str
    role: str
    level: str
    held: int
    lapsing: int
    in_progress: int
    needed: int
    missing: int
    hours: Decimal

    @property
    def uncovered(self) -> int:
        """How many will be missing once what lapses has lapsed, if nobody renews."""
        return max(0, self.needed - self.held + self.lapsing)


def coverage(
    catalogue: Catalogue, lives: Lives, needs: Iterable[Need], as_of: date, *, ahead: int = AHEAD
) -> tuple[Cell, ...]:
    """Look at every certification of a catalogue.

    Parameters
    ----------
    catalogue
        What there is to hold.
    lives
        Those of the people who belong to the cohort on the day.
    needs
        What is asked for. A code that the catalogue lacks is nobody's cell.
    as_of
        The day.
    ahead
        Within how many days an end is near.

    Returns
    -------
    tuple of Cell
        One for each certification, in the order of the catalogue.
    """
    needed = needed_by_code(needs)
    then = add_days(as_of, ahead)
    return tuple(
        _cell(one, lives, needed[one.code], codes=catalogue.codes_for(one.code), days=(as_of, then))
        for one in catalogue
    )


def needed_by_code(needs: Iterable[Need]) -> Counter[str]:
    """How many people each code needs: the sum within a kind, the largest of several kinds."""
    by_kind: Counter[tuple[str, str]] = Counter()
    for need in needs:
        by_kind[need.code, need.kind] += need.people
    found: Counter[str] = Counter()
    for (code, _), people in by_kind.items():
        found[code] = max(found[code], people)
    return found


def _cell(one: Certification, lives: Lives, needed: int, *, codes: frozenset[str], days: tuple[date, date]) -> Cell:
    as_of, then = days
    holders = holders_of(codes, lives, as_of)
    staying = holders & holders_of(codes, lives, then)
    learners = {
        person
        for person, by_code in lives.items()
        if person not in holders and one.code in by_code and by_code[one.code].preparing_on(as_of) in ON_THE_WAY
    }
    missing = max(0, needed - len(holders))
    return Cell(
        code=one.code,
        vendor=one.vendor,
        role=one.role,
        level=one.level,
        held=len(holders),
        lapsing=len(holders) - len(staying),
        in_progress=len(learners),
        needed=needed,
        missing=missing,
        hours=one.hours * missing,
    )


def holders_of(codes: Iterable[str], lives: Lives, day: date) -> frozenset[str]:
    """Who has one of some codes on a day, as the vendor counts."""
    wanted = frozenset(codes)
    return frozenset(
        person
        for person, by_code in lives.items()
        if any(life.counts_on(day) for code, life in by_code.items() if code in wanted)
    )


def gaps(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """Cells that lack people now or soon: those with most hours missing first, then those that lapse."""
    lacking = [cell for cell in cells if cell.uncovered]
    return tuple(sorted(lacking, key=lambda cell: (-cell.hours, -cell.uncovered, cell.code)))
