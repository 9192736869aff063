"""Schedules in words: repeated moments."""

from __future__ import annotations

from swingby.program.blocks import Schedule
from swingby.program.describing import english
from swingby.program.describing.moments import moment_from
from swingby.program.describing.speaker import Speaker, says


@says(Schedule)
def _schedule(schedule: Schedule, speaker: Speaker) -> str:
    """``on the first day of every month``, ``every year on 1 February and 1 August``."""
    then = f", moved to {moment_from(schedule.then, 'that day', speaker)}" if schedule.then else ""
    business = ", moved to the next business day from a weekend or a holiday" if schedule.business_day else ""
    cut = f", with facts up to {english.length(schedule.cut_off)} before" if schedule.cut_off else ""
    return f"{_repeated(schedule, speaker)}{then}{business}{cut}"


def _repeated(schedule: Schedule, speaker: Speaker) -> str:
    if schedule.kind == "each" and schedule.unit:
        unit = schedule.unit
        if (unit.unit, unit.calendar, unit.count) == ("day", None, 1):
            return "every day"
        every = english.unit(unit) if unit.count == 1 else f"{english.spelled(unit.count)} {english.units(unit)}"
        return f"on the first day of every {every}"
    if schedule.kind == "dates":
        return f"every year on {english.days_of_year(schedule.days)}"
    if schedule.kind == "once" and schedule.once:
        return f"once, {moment_from(schedule.once, 'joining', speaker)}"
    return "never"
