"""Moments worked out from a day that only the facts know, as exact expressions."""

from __future__ import annotations

from datetime import date

from sqlglot import exp

from swingby.engine.clock import Clock
from swingby.engine.sql import day as day_literal
from swingby.engine.sql import statement
from swingby.program import Program
from swingby.program.blocks import Length, Moment, MomentStep, PeriodUnit
from swingby.values import Calendar

#: How many days or months a unit has.
UNITS = {"day": ("day_add", 1), "week": ("day_add", 7), "month": ("month_add", 1), "quarter": ("month_add", 3)} | {
    "half": ("month_add", 6),
    "year": ("month_add", 12),
}
_MONDAY = date(2001, 1, 1)

#: How many whole months lie between an anchor and a day; a month ends where the same day of the next one begins.
_MONTHS = """
(EXTRACT(YEAR FROM {day}) * 12 + EXTRACT(MONTH FROM {day}) - {anchor_month}
 - CASE WHEN {day} < month_add({anchor}, EXTRACT(YEAR FROM {day}) * 12 + EXTRACT(MONTH FROM {day}) - {anchor_month})
        THEN 1 ELSE 0 END)
"""
_START = "month_add({anchor}, (whole(floor_units({months}, {size})) + {shift}) * {size})"
_DAY_START = "day_add({anchor}, (whole(floor_units(days_between({anchor}, {day}), {size})) + {shift}) * {size})"


def moved(program: Program, day: exp.Expr, moment: Moment) -> exp.Expr:
    """A day moved by the steps of a moment."""
    for step in moment.steps:
        day = _step(program, day, step)
    return day


def _step(program: Program, day: exp.Expr, step: MomentStep) -> exp.Expr:
    if step.anchor is not None and step.unit is not None:
        day = _boundary(program, day, step.unit, step.shift + int(step.anchor == "end_of"))
    return added(day, step.after) if step.after else day


def added(day: exp.Expr, length: Length) -> exp.Expr:
    """A day moved by a length of time."""
    for count, unit in length.parts:
        function, factor = UNITS[unit]
        day = exp.Anonymous(this=function, expressions=[day, exp.Literal.number(count * factor)])
    return day


def _boundary(program: Program, day: exp.Expr, unit: PeriodUnit, shift: int) -> exp.Expr:
    """The first day of the period that contains a day, moved by so many periods."""
    calendar = Clock(program).calendar(unit)
    function, factor = UNITS[unit.unit]
    size = exp.Literal.number(factor * unit.count)
    moved_by = (
        exp.paren(exp.Literal.number(shift)) if shift >= 0 else exp.paren(exp.Neg(this=exp.Literal.number(-shift)))
    )
    if function == "day_add":
        return statement(_DAY_START, anchor=day_literal(_MONDAY), day=day, size=size, shift=moved_by)
    if calendar.month_starts:
        return _listed(calendar, day, unit, shift)
    anchor = calendar.anchor
    month = exp.Literal.number(anchor.year * 12 + anchor.month)
    months = statement(_MONTHS, day=day, anchor=day_literal(anchor), anchor_month=month)
    return statement(_START, anchor=day_literal(anchor), months=months, size=size, shift=moved_by)


def _listed(calendar: Calendar, day: exp.Expr, unit: PeriodUnit, shift: int) -> exp.Expr:
    """The same in a calendar of listed months: one case for each period."""
    case = exp.Case()
    periods = calendar.periods_between(calendar.month_starts[0], calendar.month_starts[-1], unit.unit, unit.count)
    for place, period in reversed(list(enumerate(periods))):
        if 0 <= place + shift < len(periods):
            start = exp.GTE(this=day.copy(), expression=day_literal(period.start))
            case = case.when(start, day_literal(periods[place + shift].start))
    return case
