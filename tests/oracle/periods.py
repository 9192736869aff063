"""Calendars, periods, moments: dates worked out from dates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from .literals import MONTHS, ONE_DAY, add, add_months, day, is_day, length, unit_of
from .tree import Node

MONDAY = date(2001, 1, 1)


@dataclass(frozen=True)
class Period:
    """A kind of period: so many units of a calendar, e.g. ``2 fiscal quarters``."""

    count: int
    calendar: str
    unit: str


def read_period(text: str) -> Period | None:
    """Read ``[count] [calendar] unit``; None when the text is something else."""
    words = text.split()
    count = int(words.pop(0)) if words and words[0].isdigit() else 1
    unit = unit_of(words[-1]) if words else None
    if unit is None or len(words) > 2:
        return None
    return Period(count, words[0] if len(words) == 2 else "civil", unit)


@dataclass(frozen=True)
class Calendar:
    """Where the years of a calendar begin: an anchor day, or explicit month starts."""

    anchor: date
    months: tuple[date, ...] = ()

    def start(self, unit: str, index: int) -> date:
        """First day of the unit with this index; index 0 begins on the anchor."""
        if unit == "day":
            return MONDAY + timedelta(days=index)
        if unit == "week":
            return MONDAY + timedelta(days=7 * index)
        if self.months:
            return self.months[index * MONTHS[unit]]
        return add_months(self.anchor, index * MONTHS[unit])

    def index(self, unit: str, on: date) -> int:
        """Index of the unit that contains the day: the last one that does not begin after it."""
        if unit in ("day", "week"):
            return (on - MONDAY).days // (7 if unit == "week" else 1)
        if self.months:
            last = max(place for place, start in enumerate(self.months) if start <= on)
            return last // MONTHS[unit]
        guess = ((on.year - self.anchor.year) * 12 + on.month - self.anchor.month) // MONTHS[unit] + 1
        while self.start(unit, guess) > on:
            guess -= 1
        return guess


def calendar(spec: Node | None, joined: date, tier_since: date | None = None) -> Calendar:
    """Make a calendar of its declaration; without one it is the civil calendar."""
    if spec is None:
        return Calendar(date(2000, 1, 1))
    if "month_starts" in spec:
        return Calendar(date(2000, 1, 1), tuple(sorted(day(text) for text in spec["month_starts"])))
    starts = spec["starts"]
    if starts == "joined":
        return Calendar(joined)
    if starts == "tier":
        return Calendar(tier_since or joined)
    return Calendar(day(starts) if is_day(starts) else day(f"2000-{starts}"))


def containing(calendar_: Calendar, period: Period, on: date, shift: int = 0) -> tuple[date, date]:
    """Half-open days of the period that contains the day, moved by ``shift`` periods."""
    block = calendar_.index(period.unit, on) // period.count + shift
    first = block * period.count
    return calendar_.start(period.unit, first), calendar_.start(period.unit, first + period.count)


def periods_between(calendar_: Calendar, period: Period, start: date, end: date) -> Iterator[tuple[date, date]]:
    """Every period that overlaps [start, end), in order."""
    if start >= end:
        return
    current = containing(calendar_, period, start)
    while current[0] < end:
        yield current
        current = containing(calendar_, period, current[1])


def boundaries(calendar_: Calendar, period: Period, start: date, end: date) -> Iterator[date]:
    """Every midnight between two periods in [start, end]."""
    for first, _ in periods_between(calendar_, period, start, end + ONE_DAY):
        if start <= first <= end:
            yield first


def previous_units(calendar_: Calendar, period: Period, midnight: date) -> tuple[date, date]:
    """The last ``count`` complete units; one that ends at this midnight is complete."""
    open_unit = calendar_.index(period.unit, midnight)
    return (
        calendar_.start(period.unit, open_unit - period.count),
        calendar_.start(period.unit, open_unit),
    )


def current_units(calendar_: Calendar, period: Period, on: date) -> date:
    """First day of the unit containing the day and the ``count - 1`` units before it."""
    return calendar_.start(period.unit, calendar_.index(period.unit, on) - period.count + 1)


def moment(spec: Node | list[Node], base: date, calendar_of: CalendarOf) -> date:
    """A midnight worked out from another: ``start_of``/``end_of`` with ``shift``, then ``after``."""
    for step in spec if isinstance(spec, list) else [spec]:
        base = _one_moment(step, base, calendar_of)
    return base


def _one_moment(step: Node, base: date, calendar_of: CalendarOf) -> date:
    for edge in ("start_of", "end_of"):
        if edge in step:
            period = read_period(step[edge])
            assert period is not None
            start, end = containing(calendar_of(period.calendar), period, base, int(step.get("shift", "0")))
            base = start if edge == "start_of" else end
    return add(base, length(step["after"])) if "after" in step else base


class CalendarOf:
    """Finds a calendar by name for one enrolment (and, in a ladder's clocks, one held tier)."""

    def __init__(self, declared: Node, joined: date, tier_since: date | None = None) -> None:
        self.declared, self.joined, self.tier_since = declared, joined, tier_since

    def __call__(self, name: str) -> Calendar:
        return calendar(self.declared.get(name), self.joined, self.tier_since)

    def is_personal(self, name: str) -> bool:
        """Whether the calendar's years count from the day of joining."""
        return bool(self.declared.get(name, {}).get("starts") == "joined")

    def follows_tier(self, name: str) -> bool:
        """Whether the calendar's years count from the day the tier began."""
        return bool(self.declared.get(name, {}).get("starts") == "tier")
