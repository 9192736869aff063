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


@dataclass(frozen=True, slots=True)
class Tally:
    """People and one certification: who holds it, who of them ceases to within the days ahead, who is on the way.

    Nobody is in two cohorts that are tallied apart, so that tallies of parts of a firm add up.
    """

    held: int = 0
    lapsing: int = 0
    in_progress: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.held + other.held, self.lapsing + other.lapsing, self.in_progress + other.in_progress)


_NOBODY: Final = Tally()


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
    return cells_of(catalogue, tallies(catalogue, lives.values(), as_of, ahead=ahead), needs)


def tallies(
    catalogue: Catalogue, people: Iterable[Mapping[str, Life]], as_of: date, *, ahead: int = AHEAD
) -> Mapping[str, Tally]:
    """Count people by certification; what is left out nobody holds and nobody is on the way to.

    Parameters
    ----------
    people
        Of each person of the cohort the lives by code.
    """
    held, staying, learning = Counter[str](), Counter[str](), Counter[str]()
    then = add_days(as_of, ahead)
    for by_code in people:
        now = _filled_on(catalogue, by_code, as_of)
        held.update(now)
        staying.update(now & _filled_on(catalogue, by_code, then))
        learning.update(code for code in by_code.keys() - now if by_code[code].preparing_on(as_of) in ON_THE_WAY)
    return {
        code: Tally(held[code], held[code] - staying[code], learning[code])
        for code in catalogue.certifications
        if held[code] or learning[code]
    }


def cells_of(
    certifications: Iterable[Certification], counted: Mapping[str, Tally], needs: Iterable[Need]
) -> tuple[Cell, ...]:
    """The cells of a cohort that was counted, one for each certification of a catalogue or of a part of it, in its order."""
    needed = needed_by_code(needs)
    return tuple(_cell(one, counted.get(one.code, _NOBODY), needed[one.code]) for one in certifications)


def _filled_on(catalogue: Catalogue, by_code: Mapping[str, Life], day: date) -> set[str]:
    """The codes of which somebody has one that will do, on a day."""
    counted = [code for code, life in by_code.items() if life.counts_on(day)]
    known = catalogue.certifications
    return {*counted, *(other for code in counted if code in known for other in known[code].counts_as)}


def needed_by_code(needs: Iterable[Need]) -> Counter[str]:
    """How many people each code needs: the sum within a kind, the largest of several kinds."""
    by_kind: Counter[tuple[str, str]] = Counter()
    for need in needs:
        by_kind[need.code, need.kind] += need.people
    found: Counter[str] = Counter()
    for (code, _), people in by_kind.items():
        found[code] = max(found[code], people)
    return found


def _cell(one: Certification, counted: Tally, needed: int) -> Cell:
    missing = max(0, needed - counted.held)
    return Cell(
        code=one.code,
        vendor=one.vendor,
        role=one.role,
        level=one.level,
        held=counted.held,
        lapsing=counted.lapsing,
        in_progress=counted.in_progress,
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
