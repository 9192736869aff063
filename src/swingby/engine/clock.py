"""The program's time: its calendars, windows, moments and schedules as plain days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from swingby.engine.building import not_computed
from swingby.engine.graph import Shift
from swingby.program import Program
from swingby.program.blocks import Length, Moment, PeriodUnit, Schedule, Window
from swingby.program.model import Earning
from swingby.values import (
    BEGINNING,
    CIVIL,
    Calendar,
    Period,
    Step,
    add_days,
    moment_after,
    moved_moments,
    period_moments,
    period_until,
    subtract_length,
    window_bounds,
    yearly_moments,
)

_EARLIEST = date(1900, 1, 1)


class Clock:
    """Works out days for one program. Calendars that start on joining need a partner and are refused here."""

    def __init__(self, program: Program) -> None:
        self.program = program

    def calendar(self, unit: PeriodUnit) -> Calendar:
        """The calendar that a unit counts in."""
        if unit.calendar is None:
            return CIVIL
        declared = self.program.calendars[unit.calendar]
        if declared.month_starts:
            return Calendar.listed(declared.month_starts)
        if isinstance(declared.starts, str):
            not_computed(f"a calendar that starts with {declared.starts}", declared)
        return Calendar.starting(declared.starts.month, declared.starts.day)

    def shifted(self, day: date, shift: Shift) -> date:
        """The day that is looked at, seen from the asking day."""
        if shift.at is not None:
            return shift.at
        return day if shift.ago is None else subtract_length(day, shift.ago.parts)

    def span(self, window: Window | None, day: date) -> Period:
        """The days of a window as of a day; without a window the day itself."""
        if window is not None and starts_with_joining(window):
            not_computed("a window that starts with joining in this place", window)
        return self.widest_span(window, day)

    def widest_span(self, window: Window | None, day: date) -> Period:
        """The days of a window before joining cuts its left end; see `starts_with_joining`."""
        if window is None:
            return Period(day, add_days(day, 1))
        unit = window.unit or PeriodUnit("day")
        return window_bounds(
            window.kind,
            day,
            length=window.length.parts if window.length else (),
            unit=unit.unit,
            count=unit.count,
            calendar=self.calendar(unit),
            first=window.first if isinstance(window.first, date) else None,
            through=window.through,
            ago=window.ago.parts if window.ago else (),
            left_limit=window.not_before if isinstance(window.not_before, date) else None,
        )

    def looks(self, unit: PeriodUnit, window: Window, day: date) -> list[date]:
        """The day on which each period inside a window is looked at: its last one, for the open one the day."""
        calendar, span = self.calendar(unit), self.span(window, day)
        periods = calendar.periods_between(span.start, span.end, unit.unit, unit.count)
        return [min(period.last_day, add_days(span.end, -1)) for period in periods]

    def period(self, unit: PeriodUnit, day: date) -> Period:
        """The period that contains a day."""
        return self.calendar(unit).period_containing(day, unit.unit, unit.count)

    def periods(self, unit: PeriodUnit, start: date, end: date) -> list[Period]:
        """The periods that share a day with [start, end)."""
        if start <= BEGINNING:
            start = _EARLIEST
        return self.calendar(unit).periods_between(start, end, unit.unit, unit.count)

    def day_before(self, midnight: date) -> date:
        """The last day before a midnight."""
        return add_days(midnight, -1)

    def day_after(self, day: date) -> date:
        """The day after a day."""
        return add_days(day, 1)

    def moment(self, moment: Moment, midnight: date) -> date:
        """A moment worked out from a midnight."""
        return moment_after(midnight, self._steps(moment))

    def _steps(self, moment: Moment) -> list[Step]:
        return [
            Step(
                anchor=step.anchor,
                calendar=self.calendar(step.unit) if step.unit else CIVIL,
                unit=step.unit.unit if step.unit else "day",
                count=step.unit.count if step.unit else 1,
                shift=step.shift,
                after=step.after.parts if step.after else (),
            )
            for step in moment.steps
        ]

    def entry_span(self, earning: Earning, day: date) -> Period:
        """The days whose entries are in force on a day: not expired, and inside the earning's own window.

        Expiry moments never run backwards, so the entries in force are those of an unbroken run of days.
        """
        source = earning.for_each
        window = source.over if source else None
        span = self.span(window, day) if window else Period(BEGINNING, add_days(day, 1))
        if earning.expires is None:
            return span
        return period_until(max(span.start, self.first_in_force(earning.expires, day)), span.end)

    def entry_coverage(self, earning: Earning, day: date) -> Period:
        """The days that must be covered for the entries of a day to be complete.

        A window that is written is read whole, because entries that expired still fill caps. Entries that never
        expire and name no window reach back for ever; for them only the day itself is asked for.
        """
        source = earning.for_each
        if source is not None and source.over is not None:
            return self.span(source.over, day)
        if earning.expires is None:
            return Period(day, add_days(day, 1))
        return self.entry_span(earning, day)

    def first_in_force(self, expires: Moment | None, day: date) -> date:
        """The first day whose entries have not expired on a day."""
        if expires is None:
            return BEGINNING
        low, high = _EARLIEST, day
        while low < high:
            middle = low + timedelta(days=(high - low).days // 2)
            if self.moment(expires, middle) > day:
                high = middle
            else:
                low = add_days(middle, 1)
        return low

    def expiry(self, earning: Earning, dated: date) -> date | None:
        """The midnight from which an entry no longer counts."""
        return self.moment(earning.expires, dated) if earning.expires else None

    # --- reviews ----------------------------------------------------------------------------------------------------

    def review_moments(self, schedule: Schedule, first: date, last: date) -> list[date]:
        """The midnights of a schedule after ``first`` up to and including ``last``; daily from ``first`` on."""
        if schedule.business_day or schedule.cut_off:
            not_computed("a review on business days or with a cut-off", schedule)
        start = first if is_daily(schedule) else add_days(first, 1)
        end = add_days(last, 1)
        if schedule.kind == "never" or start >= end:
            return []
        steps = self._steps(schedule.then) if schedule.then else []
        return moved_moments(start, end, lambda low, high: self._unmoved(schedule, low, high), steps)

    def _unmoved(self, schedule: Schedule, start: date, end: date) -> Sequence[date]:
        if schedule.kind == "each" and schedule.unit is not None:
            unit = schedule.unit
            return period_moments(start, end, unit.unit, unit.count, self.calendar(unit))
        if schedule.kind == "dates":
            return yearly_moments(start, end, [(day.month, day.day) for day in schedule.days])
        not_computed(f"a schedule of the form {schedule.kind}", schedule)

    def look_day(self, schedule: Schedule, on: date) -> date:
        """The day that a review looks at: the one before its midnight, for daily reviews the day itself."""
        return on if is_daily(schedule) else self.day_before(on)

    def days_before(self, day: date, length: Length) -> list[date]:
        """Every day of a length of time before a day."""
        start = subtract_length(day, length.parts)
        return [add_days(start, index) for index in range((day - start).days)]


def starts_with_joining(window: Window) -> bool:
    """True when a window reaches back no further than to the day on which the partner joined."""
    return "joined" in (window.first, window.not_before)


def is_daily(schedule: Schedule) -> bool:
    """True for ``{each: day}`` and nothing else."""
    unit = schedule.unit
    return schedule.kind == "each" and unit is not None and (unit.unit, unit.count) == ("day", 1)
