"""Schedules: repeated moments, and the moment that confirms an entry."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from .frame import Frame
from .literals import DAY_OF_YEAR, ONE_DAY, add_months, day, length, subtract
from .periods import CalendarOf, boundaries, moment, read_period
from .tree import Node

REACH = timedelta(days=800)


def is_daily(schedule: Any) -> bool:
    """``{each: day}`` looks at the day and takes effect on it."""
    return isinstance(schedule, dict) and schedule.get("each") == "day"


def moments(frame: Frame, schedule: Any, start: date, end: date, tier_since: date | None = None) -> set[date]:
    """Every midnight of a schedule in [start, end].

    With a calendar that follows the tier, only boundaries after the tier began.
    """
    if schedule == "never":
        return set()
    calendars = CalendarOf(frame.world.section("calendars"), frame.joined, tier_since)
    found = set()
    for base in _bases(frame, schedule, start - REACH, end + REACH, calendars, tier_since):
        moved = moment(schedule["then"], base, calendars) if "then" in schedule else base
        if schedule.get("business_day") == "next":
            moved = _business_day(frame, moved)
        if start <= moved <= end:
            found.add(moved)
    return found


def _bases(
    frame: Frame, schedule: Node, start: date, end: date, calendars: CalendarOf, tier_since: date | None
) -> Iterator[date]:
    if "each" in schedule:
        period = read_period(schedule["each"])
        assert period is not None
        for base in boundaries(calendars(period.calendar), period, start, end):
            if not calendars.follows_tier(period.calendar) or tier_since is None or base > tier_since:
                yield base
    elif "once" in schedule:
        yield moment(schedule["once"], frame.joined, calendars)
    else:
        for text in schedule["dates"]:
            yield from _dates(text, start, end)


def _dates(text: str, start: date, end: date) -> Iterator[date]:
    """A full day, or a day of every year (29 February is the 28th in other years)."""
    if not DAY_OF_YEAR.match(text):
        yield day(text)
        return
    for year in range(start.year, end.year + 1):
        yield add_months(day(f"2000-{text}"), 12 * (year - 2000))


def _business_day(frame: Frame, on: date) -> date:
    holidays = {row["day"] for row in frame.world.facts.get("holidays", [])}
    while on.weekday() >= 5 or on in holidays:
        on += ONE_DAY
    return on


def awarded(frame: Frame, spec: Node, dated: date) -> date:
    """The moment that confirms an entry: the first run after its day (by its cut-off), or a moment of it."""
    if not {"each", "dates", "once"} & set(spec):
        return moment(spec, dated, frame.calendars)
    runs = moments(frame, spec, dated + ONE_DAY, dated + REACH)
    lead = length(spec["cut_off"]) if "cut_off" in spec else []
    return min((run for run in runs if dated < subtract(run, lead)), default=date.max)
