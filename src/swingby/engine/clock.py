"""The program's time: its calendars, windows, moments and schedules as plain days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from swingby.engine.nodes import Shift
from swingby.engine.place import not_computed
from swingby.program import Program
from swingby.program.blocks import Constant, Dated, Length, Moment, PeriodUnit, Schedule, Window
from swingby.program.model import Earning
from swingby.values import (
    BEGINNING,
    CIVIL,
    Calendar,
    Period,
    Step,
    add_days,
    business_day,
    moment_after,
    moved_moments,
    period_moments,
    period_until,
    subtract_length,
    window_bounds,
    yearly_moments,
)

_EARLIEST = date(1900, 1, 1)
_DAYS_TO_A_BUSINESS_DAY = 60
#: How far ahead of an entry its run is looked for: soon, then up to some years.
_STRETCHES = ((1, 70), (70, 800))


class Clock:
    """Works out days for one program, as seen by partners who joined on one day.

    Parameters
    ----------
    joined
        The day of joining, which windows and calendars may start with; None where nothing may depend on it.
    tier_since
        The day on which the tier held began, for calendars that start with the tier; the day of joining if None.
    holidays
        The days that are no business days.
    """

    def __init__(
        self,
        program: Program,
        *,
        joined: date | None = None,
        tier_since: date | None = None,
        holidays: frozenset[date] = frozenset(),
    ) -> None:
        self.program = program
        self.joined = joined
        self.tier_since = tier_since
        self.holidays = holidays
        self._in_force: dict[tuple[Moment, date], date] = {}

    def of_those_who_joined(self, day: date | None) -> Clock:
        """The same clock for partners who joined on a day."""
        return self if day is None else Clock(self.program, joined=day, holidays=self.holidays)

    def with_tier_since(self, day: date) -> Clock:
        """The same clock for a tier that began on a day."""
        return Clock(self.program, joined=self.joined, tier_since=day, holidays=self.holidays)

    def calendar(self, unit: PeriodUnit) -> Calendar:
        """The calendar that a unit counts in."""
        if unit.calendar is None:
            return CIVIL
        declared = self.program.calendars[unit.calendar]
        if declared.month_starts:
            return Calendar.listed(declared.month_starts, str(declared.location))
        if not isinstance(declared.starts, str):
            return Calendar.starting(declared.starts.month, declared.starts.day)
        start = self.tier_since if declared.starts == "tier" and self.tier_since else self.joined
        if start is None:
            not_computed(f"a calendar that starts with {declared.starts} in this place", declared)
        return Calendar.starting_on(start)

    def is_personal(self, *parts: PeriodUnit | Window | Moment | Schedule | None) -> bool:
        """True when some of these depend on the day on which a partner joined."""
        return any(self._is_personal(part) for part in parts)

    def _is_personal(self, part: PeriodUnit | Window | Moment | Schedule | None) -> bool:
        if part is None:
            return False
        if isinstance(part, PeriodUnit):
            return part.calendar is not None and isinstance(self.program.calendars[part.calendar].starts, str)
        if isinstance(part, Moment):
            return any(self._is_personal(step.unit) for step in part.steps)
        if isinstance(part, Window):
            return "joined" in (part.first, part.not_before) or self._is_personal(part.unit)
        return part.kind == "once" or self.is_personal(part.unit, part.then, part.once)

    def follows_tier(self, schedule: Schedule) -> bool:
        """True for a schedule of a calendar that starts when the tier held began."""
        name = schedule.unit.calendar if schedule.unit else None
        return name is not None and self.program.calendars[name].starts == "tier"

    def shifted(self, day: date, shift: Shift) -> date:
        """The day that is looked at, seen from the asking day."""
        if shift.at is not None:
            return shift.at
        return day if shift.ago is None else subtract_length(day, shift.ago.parts)

    def span(self, window: Window | None, day: date) -> Period:
        """The days of a window as of a day; without a window the day itself."""
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
            first=self._edge(window, window.first),
            through=window.through,
            ago=window.ago.parts if window.ago else (),
            left_limit=self._edge(window, window.not_before),
        )

    def _edge(self, window: Window, written: date | str | None) -> date | None:
        if written is None or isinstance(written, date):
            return written
        if self.joined is None:
            not_computed("a window that starts with joining in this place", window)
        return self.joined

    def looks(self, unit: PeriodUnit, window: Window, day: date) -> list[date]:
        """The day on which each period inside a window is looked at: its last one, for the open one the day."""
        found = self.look_range(unit, window, day)
        if found is None:
            return []
        low, high, ending = found
        return [day if last == ending else last for last in self.last_days(unit, low, high)]

    def look_range(self, unit: PeriodUnit, window: Window, day: date) -> tuple[date, date, date | None] | None:
        """Between which days the periods inside a window end, and when the one that is open on the day will."""
        span, containing = self.span(window, day), self.calendar(unit).period_containing
        start = span.start if span.start > BEGINNING else min(self.joined or _EARLIEST, span.end)
        if start >= span.end:
            return None
        high = containing(add_days(span.end, -1), unit.unit, unit.count).last_day
        is_open = containing(start, unit.unit, unit.count).start <= day <= high
        return start, high, containing(day, unit.unit, unit.count).last_day if is_open else None

    def last_days(self, unit: PeriodUnit, low: date, high: date) -> tuple[date, ...]:
        """The last days of the periods from the one that holds a day to the one that ends on another."""
        return self.calendar(unit).last_days_between(low, add_days(high, 1), unit.unit, unit.count)

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
        span = self.filling_span(earning, day)
        if earning.expires is None:
            return span
        return period_until(max(span.start, self.first_in_force(earning.expires, day)), span.end)

    def filling_span(self, earning: Earning, day: date) -> Period:
        """The days whose entries fill caps as of a day, whether they are still in force or not."""
        window = earning.for_each.over if earning.for_each else earning.over
        return self.span(window, day) if window else Period(BEGINNING, add_days(day, 1))

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
        found = self._in_force.get((expires, day))
        if found is None:
            found = self._in_force[expires, day] = self._first_in_force(expires, day)
        return found

    def _first_in_force(self, expires: Moment, day: date) -> date:
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

    def dated(self, earning: Earning, day: date) -> date:
        """The day for which an entry of a day counts, where that does not depend on the fact."""
        if isinstance(earning.dated, Moment):
            return max(day, self.moment(earning.dated, day))
        if isinstance(earning.dated, Dated):
            steps = [step for start, step in earning.dated.steps if start <= day]
            held = steps[-1] if steps else earning.dated.initially
            moved = held.value if isinstance(held, Constant) else None
            return max(day, moved) if isinstance(moved, date) else day
        if earning.dated is None:
            return day
        if isinstance(earning.dated, Constant):
            word = earning.dated.value
            not_computed(f'the word "{word}" under dated', earning.dated, f"For a column write {{column: {word}}}.")
        not_computed("this value under dated", earning.dated)

    def period_ends(self, earning: Earning, day: date) -> list[date]:
        """The last days of the closed periods of an earning with one entry for each."""
        unit = earning.each or PeriodUnit("month")
        start = self.program.header.effective
        start = max(start, self.joined) if self.joined else start
        return [period.last_day for period in self.periods(unit, start, add_days(day, 1)) if period.last_day <= day]

    def closes(self, earning: Earning, day: date, *, since: date) -> list[date]:
        """The days on which a cap that is a number is read, as of a day: the closes of its periods, or the day."""
        return sorted({min(period.last_day, day) for period in self.cap_periods(earning, day, since=since)})

    def cap_periods(self, earning: Earning, day: date, *, since: date) -> list[Period]:
        """The periods of an earning's caps that matter as of a day, where no entry is of a day before ``since``."""
        units = [part for cap in earning.cap for part in cap.per if isinstance(part, PeriodUnit)]
        start = max(self.filling_span(earning, day).start, since)
        return [period for unit in units for period in self.periods(unit, start, add_days(day, 1))]

    # --- reviews ----------------------------------------------------------------------------------------------------

    def review_moments(self, schedule: Schedule, first: date, last: date) -> list[date]:
        """The midnights of a schedule after ``first`` up to and including ``last``; daily from ``first`` on."""
        start = first if is_daily(schedule) else add_days(first, 1)
        return self.moments(schedule, start, add_days(last, 1))

    def moments(self, schedule: Schedule, start: date, end: date) -> list[date]:
        """The midnights of a schedule in [start, end)."""
        if schedule.kind == "never" or start >= end:
            return []
        steps = self._steps(schedule.then) if schedule.then else []
        if schedule.business_day is None:
            return moved_moments(start, end, lambda low, high: self._unmoved(schedule, low, high), steps)
        early = add_days(start, -_DAYS_TO_A_BUSINESS_DAY)
        found = moved_moments(early, end, lambda low, high: self._unmoved(schedule, low, high), steps)
        moved = {business_day(day, self.holidays) for day in found}
        return sorted(day for day in moved if start <= day < end)

    def confirmed(self, awarded: Schedule | Moment, dated: date) -> date:
        """The midnight that confirms an entry: a moment of its day, or the first run after it (by its cut-off)."""
        if isinstance(awarded, Moment):
            return self.moment(awarded, dated)
        for start, end in _STRETCHES:
            runs = self.moments(awarded, add_days(dated, start), add_days(dated, end))
            due = (run for run in runs if dated < self._cut_off(awarded, run))
            found = next(due, None)
            if found is not None:
                return found
        return date.max

    def _cut_off(self, schedule: Schedule, run: date) -> date:
        return subtract_length(run, schedule.cut_off.parts) if schedule.cut_off else run

    def _unmoved(self, schedule: Schedule, start: date, end: date) -> Sequence[date]:
        if schedule.kind == "each" and schedule.unit is not None:
            unit = schedule.unit
            found = period_moments(start, end, unit.unit, unit.count, self.calendar(unit))
            since = self.tier_since if self.follows_tier(schedule) else None
            return [on for on in found if since is None or on > since]
        if schedule.kind == "dates":
            return yearly_moments(start, end, [(day.month, day.day) for day in schedule.days])
        if schedule.once is None or self.joined is None:
            not_computed("a moment after joining in this place", schedule)
        on = self.moment(schedule.once, self.joined)
        return [on] if start <= on < end else []

    def look_day(self, schedule: Schedule, on: date) -> date:
        """The day that a review looks at: the one before its midnight or its cut-off, for daily reviews the day itself."""
        last = self._cut_off(schedule, on)
        return last if is_daily(schedule) else self.day_before(last)

    def days_before(self, day: date, length: Length) -> list[date]:
        """Every day of a length of time before a day."""
        start = subtract_length(day, length.parts)
        return [add_days(start, index) for index in range((day - start).days)]


def is_daily(schedule: Schedule) -> bool:
    """True for ``{each: day}`` and nothing else."""
    unit = schedule.unit
    return schedule.kind == "each" and unit is not None and (unit.unit, unit.count) == ("day", 1)
