"""The promises with a cadence that a program counts: what is asked in each period, and from whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from swingby.engine.clock import Clock
from swingby.program import Program
from swingby.program.blocks import Constant, PeriodUnit
from swingby.program.model import DeclaredNumber, Ladder, Tier
from swingby.program.numbers import Compare, EachNumber, FactNumber, NumberReference
from swingby.values import Period, add_days

#: On it stands whoever is enrolled, also who did nothing.
_EVERYBODY = Ladder(name="everybody", tiers=(Tier(id="enrolled"),))


@dataclass(frozen=True, slots=True)
class Rhythm:
    """One promise: in each period the number is at least so much.

    Attributes
    ----------
    name, label
        Of the measure that counts the periods, and in words what one period asks for.
    side
        Whose promise it is.
    number
        The measure of which each period asks ``at_least``.
    """

    name: str
    label: str
    side: Literal["partner", "vendor"]
    number: str
    at_least: Decimal
    unit: PeriodUnit

    def is_kept(self, value: Decimal | None) -> bool:
        """Whether a value is as much as was promised."""
        return value is not None and value >= self.at_least


def rhythms_of(program: Program) -> tuple[Rhythm, ...]:
    """The rhythms of a program, in its order: measures that count the periods in which a measure was at least so much.

    Periods that depend on when a partner joined are left out.
    """
    found = (_rhythm(declared, program) for declared in program.measures.values())
    return tuple(rhythm for rhythm in found if rhythm is not None)


def rhythm_program(program: Program) -> Program:
    """The part of a program that its rhythms read, which costs little to run on many days."""
    names = [rhythm.number for rhythm in rhythms_of(program)]
    if not all(isinstance(program.measures[name].number, FactNumber) for name in names):
        return program
    measures = {name: program.measures[name] for name in names}
    return replace(
        program,
        measures=measures,
        points={},
        scores={},
        requirements={},
        ladders={_EVERYBODY.name: _EVERYBODY},
        accounts={},
        benefits={},
        incentives={},
        hash=f"{program.hash} rhythms",
    )


def periods_of(program: Program, rhythm: Rhythm, *, day: date, count: int) -> Sequence[Period]:
    """The period that contains a day and those before it, the newest last."""
    clock = Clock(program)
    periods = [clock.period(rhythm.unit, day)]
    while len(periods) < count:
        periods.insert(0, clock.period(rhythm.unit, add_days(periods[0].start, -1)))
    return periods


def _rhythm(declared: DeclaredNumber, program: Program) -> Rhythm | None:
    number = declared.number
    if not isinstance(number, EachNumber) or not isinstance(number.each, PeriodUnit):
        return None
    item = number.item
    if number.aggregate != "count" or not isinstance(item, Compare) or item.test != "at_least":
        return None
    asked = item.line.value if isinstance(item.line, Constant) else None
    inner = item.number
    if not isinstance(asked, Decimal) or not isinstance(inner, NumberReference) or inner.section != "measure":
        return None
    if Clock(program).is_personal(number.each) or inner.name not in program.measures:
        return None
    words = program.measures[inner.name].text.label or inner.name
    return Rhythm(declared.name, words, declared.side, inner.name, asked, number.each)
