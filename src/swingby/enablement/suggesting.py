"""Who should take what next: people and missing places brought together with the fewest hours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from swingby.enablement.catalogue import Catalogue
from swingby.enablement.coverage import ON_THE_WAY, Cell, Lives, Need, holders_of
from swingby.enablement.life import Life
from swingby.values import END_OF_TIME

#: Hours are compared in hundredths, as whole numbers.
PARTS: Final = 100
WISHED: Final = 2
#: Kinds of need, what hurts most to lose first.
HELPS: Final = ("keep", "next", "deal")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person who may learn: in which role, with how many hours at most (None is no limit), and with which wishes."""

    person: str
    role: str
    hours: Decimal | None = None
    wishes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One person for one place.

    Attributes
    ----------
    hours
        What it takes the person, prerequisites that are missing included.
    first
        The codes of these prerequisites, in the order in which they are taken.
    reason
        Why, in words.
    """

    person: str
    code: str
    hours: Decimal
    first: tuple[str, ...]
    is_wished: bool
    reason: str


def suggest(
    catalogue: Catalogue,
    lives: Lives,
    candidates: Sequence[Candidate],
    cells: Sequence[Cell],
    as_of: date,
    *,
    needs: Iterable[Need] = (),
) -> tuple[Suggestion, ...]:
    """Bring candidates and places together.

    A place is somebody who is missing or will be when what lapses has lapsed, and for whom nobody is on the way. As many
    places as possible are filled, each person takes one at most, and of all ways to do so one with the fewest hours is
    taken; a wish is taken for half its hours.

    Parameters
    ----------
    catalogue, lives, as_of
        As for `coverage`.
    candidates
        Who may learn.
    cells
        What `coverage` found.
    needs
        What the cells were counted for; it says what helps most.

    Returns
    -------
    tuple of Suggestion
        What helps most first: what keeping a tier asks for, the next tier, deals, the rest; of these what is missing
        now, then what lapses soonest, then the fewest hours.
    """
    needs = tuple(needs)
    places = [cell.code for cell in cells for _ in range(max(0, cell.uncovered - cell.in_progress))]
    ways = {
        (one.person, code): way
        for one in candidates
        for code in set(places)
        if (way := _way(catalogue, lives.get(one.person, {}), one, code, as_of))
    }
    costs = [[_cost(ways.get((one.person, code))) for code in places] for one in candidates]
    found = [ways[candidates[row].person, places[column]] for row, column in assign(costs)]
    helps = {cell.code: _help(cell, needs, lives, as_of) for cell in cells}
    return tuple(sorted(found, key=lambda way: (helps[way.code], way.hours, way.code, way.person)))


def _help(cell: Cell, needs: Iterable[Need], lives: Lives, as_of: date) -> tuple[int, bool, date]:
    """How soon somebody more is needed; the smallest helps most."""
    ranks = (HELPS.index(need.kind) for need in needs if need.code == cell.code and need.kind in HELPS)
    own = (by_code[cell.code] for by_code in lives.values() if cell.code in by_code)
    ends = (period.end for life in own for period in life.counted if as_of in period)
    return min(ranks, default=len(HELPS)), not cell.missing, min(ends, default=END_OF_TIME)


def ways_for(
    catalogue: Catalogue,
    own: Mapping[str, Life],
    one: Candidate,
    as_of: date,
    *,
    codes: Iterable[str] | None = None,
) -> tuple[Suggestion, ...]:
    """What one person may take in the own role and neither holds nor learns for, the fewest hours first.

    Parameters
    ----------
    own
        The person's lives by code.
    codes
        The certifications to look at; all where it is left out.
    """
    looked_at = catalogue.certifications if codes is None else codes
    found = (_way(catalogue, own, one, code, as_of) for code in looked_at)
    return tuple(sorted((way for way in found if way), key=lambda way: (way.hours, way.code)))


def assign(costs: Sequence[Sequence[int | None]]) -> list[tuple[int, int]]:
    """Pairs of row and column, each used once: as many as possible, and of those the cheapest.

    Parameters
    ----------
    costs
        Whole numbers from zero; None where the two cannot be paired.
    """
    if not costs or not costs[0]:
        return []
    # The solver is loaded when it is used: reading a catalogue does without.
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    # Leaving a pair out costs more than all pairs together, so that the most pairs win before the cheapest do.
    out = 1 + sum(max((cost for cost in row if cost is not None), default=0) for row in costs)
    table = np.array([[out if cost is None else cost for cost in row] for row in costs], dtype=np.float64)
    rows, columns = linear_sum_assignment(table)
    pairs = ((int(row), int(column)) for row, column in zip(rows, columns, strict=True))
    return [(row, column) for row, column in pairs if costs[row][column] is not None]


def _cost(way: Suggestion | None) -> int | None:
    if way is None:
        return None
    return int(way.hours * PARTS) // (WISHED if way.is_wished else 1)


def _way(catalogue: Catalogue, own: Mapping[str, Life], one: Candidate, code: str, as_of: date) -> Suggestion | None:
    """What it takes one person, or None if it is not for that person."""
    certification = catalogue.certifications[code]
    lives: Lives = {one.person: own}
    if certification.role != one.role or not _is_open(catalogue, lives, code, as_of):
        return None
    steps = _steps(catalogue, lives, code, as_of)
    if steps is None:
        return None
    hours = sum((catalogue.certifications[step].hours for step in steps), Decimal(0))
    if one.hours is not None and hours > one.hours:
        return None
    is_wished = code in one.wishes
    reason = _reason(catalogue, steps, hours, is_wished=is_wished)
    return Suggestion(one.person, code, hours, steps[:-1], is_wished, reason)


def _is_open(catalogue: Catalogue, lives: Lives, code: str, as_of: date) -> bool:
    """Whether somebody neither has it nor is on the way to it."""
    return not holders_of(catalogue.codes_for(code), lives, as_of) and not any(
        code in by_code and by_code[code].preparing_on(as_of) in ON_THE_WAY for by_code in lives.values()
    )


def _steps(catalogue: Catalogue, lives: Lives, code: str, as_of: date) -> tuple[str, ...] | None:
    """What has to be taken to have a code, itself last; None where some of it cannot be sat any more."""
    certification = catalogue.certifications[code]
    if not certification.is_offered(as_of):
        return None
    steps: list[str] = []
    for group in certification.prerequisites:
        if any(holders_of(catalogue.codes_for(other), lives, as_of) for other in group):
            continue
        ways = [way for other in group if (way := _steps(catalogue, lives, other, as_of)) is not None]
        if not ways:
            return None
        steps += min(ways, key=lambda way: (sum(catalogue.certifications[step].hours for step in way), way))
    return (*dict.fromkeys(steps), code)


def _reason(catalogue: Catalogue, steps: Sequence[str], hours: Decimal, *, is_wished: bool) -> str:
    before = [catalogue.certifications[step].label for step in steps[:-1]]
    parts = [f"{hours.normalize():f} hours"]
    parts.append(f"after {', then '.join(before)}" if before else "has what it needs")
    return ", ".join([*parts, *(["wishes it"] if is_wished else [])])
