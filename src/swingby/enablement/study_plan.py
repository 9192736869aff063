"""What a group studies from one meeting to the next, so that all steps of a path are done before the goal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate, pairwise
from typing import Final

from swingby.enablement.catalogue import PathStep

_QUARTER: Final = Decimal("0.25")


@dataclass(frozen=True, slots=True)
class WeekPart:
    """A step in one week: its hours of this week, and whether it is done at the end of it."""

    label: str
    hours: Decimal
    is_done: bool
    link: str | None = None


@dataclass(frozen=True, slots=True)
class PlanWeek:
    """What is to be done from a meeting on."""

    day: date
    parts: tuple[WeekPart, ...]

    @property
    def hours(self) -> Decimal:
        """Everything of this week."""
        return sum((part.hours for part in self.parts), Decimal(0))


def plan_weeks(steps: Sequence[PathStep], meetings: Sequence[date]) -> tuple[PlanWeek, ...]:
    """Spread the hours of the steps evenly over the weeks that begin with meetings, in the order of the path.

    A week has the same hours as any other, to a quarter of an hour; the hours of a step add up to its own. A step without
    hours stands in the week in which the one before it is done.
    """
    if not meetings:
        return ()
    ends = list(accumulate((step.hours for step in steps), initial=Decimal(0)))
    bounds = _bounds(ends[-1], len(meetings))
    return tuple(
        PlanWeek(day, tuple(_parts(steps, ends, low, high, is_first=number == 0)))
        for number, (day, (low, high)) in enumerate(zip(meetings, pairwise(bounds), strict=True))
    )


def _bounds(hours: Decimal, weeks: int) -> list[Decimal]:
    """Where each week begins and ends among the hours."""
    inner = ((hours * week / weeks / _QUARTER).quantize(Decimal(1), ROUND_HALF_UP) * _QUARTER for week in range(weeks))
    return [*(min(bound, hours) for bound in inner), hours]


def _parts(
    steps: Sequence[PathStep], ends: Sequence[Decimal], low: Decimal, high: Decimal, *, is_first: bool
) -> Iterator[WeekPart]:
    for step, (begin, end) in zip(steps, pairwise(ends), strict=True):
        share = min(end, high) - max(begin, low)
        ends_here = low < end <= high or (is_first and end == low)
        if share > 0 or (begin == end and ends_here):
            yield WeekPart(step.label, max(share, Decimal(0)), ends_here, step.link)
