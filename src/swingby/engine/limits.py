"""What the caps of an earning allow on a day: how much, in which days, and for whom by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from swingby.engine.clock import Clock
from swingby.engine.path.plain import plain_number
from swingby.engine.steps.entry_batch import cap_columns, cap_unit
from swingby.program import Program
from swingby.program.blocks import Window
from swingby.program.model import Earning
from swingby.program.numbers import Cap, FactNumber, Number, NumberReference
from swingby.values import Period


@dataclass(frozen=True, slots=True)
class Limit:
    """One cap of an earning, as it is on a day.

    Attributes
    ----------
    cap
        As the program declares it.
    at_most
        In the unit of the earning; None where it depends on more than the day and what is known of the partner.
    period
        The days whose entries fill it; None where it is filled by all that is in force.
    anew_on
        The day on which the count begins anew; None where it never does at once for all.
    is_shared
        False where every fact, person or customer has a limit of its own.
    """

    cap: Cap
    at_most: Decimal | None
    period: Period | None
    anew_on: date | None
    is_shared: bool


def limits_on(
    program: Program, earning: Earning, day: date, *, joined_on: date, known: Mapping[str, str]
) -> tuple[Limit, ...]:
    """The upper limits of an earning on a day, in the order of the program.

    Parameters
    ----------
    day
        On which something happens that may earn.
    joined_on
        When the partner joined, for calendars that start with it.
    known
        By what a limit may go by, its word: a track, or a ladder and the tier held on it.
    """
    clock = Clock(program, joined=joined_on)
    return tuple(_limit(clock, earning, cap, day, known) for cap in earning.cap if cap.at_most is not None)


def counts_on(program: Program, earning: Earning, day: date, *, joined_on: date) -> bool:
    """Whether what happens on a day is inside the days that an earning names, if it names any."""
    window = _window(earning, program)
    fixed = window is not None and window.kind == "between"
    return not fixed or day in Clock(program, joined=joined_on).span(window, day)


def _limit(clock: Clock, earning: Earning, cap: Cap, day: date, known: Mapping[str, str]) -> Limit:
    unit = cap_unit(cap)
    period = clock.period(unit, day) if unit else None
    at_most = plain_number(clock.program, cap.at_most, day, known)
    return Limit(
        cap=cap,
        at_most=None if at_most is None else max(at_most, Decimal(0)),
        period=period,
        anew_on=period.end if period else _anew_on(clock, _window(earning, clock.program), day),
        is_shared=not cap_columns(cap),
    )


def _anew_on(clock: Clock, window: Window | None, day: date) -> date | None:
    is_current = window is not None and window.kind == "current" and window.unit is not None
    return clock.period(window.unit, day).end if is_current and window and window.unit else None


def _window(earning: Earning, program: Program) -> Window | None:
    """The days whose facts count, where the earning or the measure that it is based on says them."""
    own = earning.for_each.over if earning.for_each else earning.over
    return own or _window_of(earning.based_on, program)


def _window_of(number: Number | None, program: Program) -> Window | None:
    if isinstance(number, NumberReference) and number.section == "measure":
        return number.over or _window_of(program.measures[number.name].number, program)
    return number.over if isinstance(number, FactNumber) else None
