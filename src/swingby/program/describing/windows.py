"""Windows in words: when."""

from __future__ import annotations

from datetime import date
from typing import Literal

from swingby.program.blocks import Length, PeriodUnit, Window
from swingby.program.describing import english
from swingby.program.describing.speaker import Speaker, says


@says(Window)
def _window(window: Window, _: Speaker) -> str:
    """``in the last 12 months``, ``in the last four complete fiscal quarters``."""
    if window.kind == "current" and window.unit and window.ago:
        return f"in {_whole(window.unit, window.ago)}{_cut(window)}"
    ago = f", looked at {english.length(window.ago)} earlier" if window.ago else ""
    return f"{_span(window)}{_cut(window)}{ago}"


def _cut(window: Window) -> str:
    return f", not before {_first(window.not_before)}" if window.not_before else ""


def _whole(unit: PeriodUnit, ago: Length) -> str:
    """A period of the past is looked at as a whole, whatever day of it the day earlier is."""
    rest = f" and the {_before(unit.count - 1)} before it" if unit.count > 1 else ""
    return f"the whole {english.unit(unit)} that holds the day {english.length(ago)} earlier{rest}"


def _span(window: Window) -> str:
    if window.kind == "last" and window.length:
        return f"in the last {_short(window.length)}"
    if window.kind == "next" and window.length:
        return f"in the next {_short(window.length)}"
    if window.kind == "previous" and window.unit:
        return f"in {complete_periods(window.unit)}"
    if window.kind == "current" and window.unit:
        return f"in {_current(window.unit)}"
    return _between(window) if window.kind == "between" else "at any time so far"


def _short(length: Length) -> str:
    """``year`` for one year, so that it reads "in the last year"."""
    return english.length(length).removeprefix("1 ") if len(length.parts) == 1 else english.length(length)


def complete_periods(unit: PeriodUnit) -> str:
    """``the last two complete fiscal quarters``."""
    if unit.count == 1:
        return f"the last complete {english.unit(unit)}"
    return f"the last {english.spelled(unit.count)} complete {english.units(unit)}"


def _current(unit: PeriodUnit) -> str:
    if unit.count == 1:
        return f"the current {english.unit(unit)} so far"
    return f"the current {english.unit(unit)} so far and the {_before(unit.count - 1)} before it"


def _before(count: int) -> str:
    return "one" if count == 1 else english.spelled(count)


def _between(window: Window) -> str:
    first = _first(window.first) if window.first else "the beginning"
    if window.through is None:
        return f"since {first}"
    return f"from {first} through {english.day(window.through)}"


def _first(first: date | Literal["joined"]) -> str:
    return "joining" if isinstance(first, str) else english.day(first)


def as_of(ago: Length | None, at: date | None) -> str:
    """``, as of 12 months earlier``; nothing for the day itself."""
    earlier = f", as of {english.length(ago)} earlier" if ago else ""
    return f"{earlier}, as of {english.day(at)}" if at else earlier
