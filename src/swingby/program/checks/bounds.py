"""How far a number can go at most, as far as the rules alone say it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from swingby.program.blocks import Constant, PeriodUnit, Value, Window
from swingby.program.checks.subject import Subject
from swingby.program.model import Earning
from swingby.program.numbers import (
    Cap,
    Compare,
    EachNumber,
    FactNumber,
    Group,
    ListNumber,
    Number,
    NumberReference,
    ValueNumber,
)

_DEPTH: Final = 20
_PAIR: Final = ("above", "below")
_ONE: Final = Decimal(1)


class Bounds:
    """The greatest values that numbers of one program can have; each named number is worked out once."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._known: dict[tuple[str, str], Decimal | None] = {}
        self._depth = 0

    def upper(self, number: Number) -> Decimal | None:
        """The greatest value a number can have, or None if the rules do not limit it."""
        if isinstance(number, NumberReference):
            return self._of_reference(number)
        if not isinstance(number, ListNumber | EachNumber) or number.options.undefined is not None:
            return None
        own = self._of_list(number) if isinstance(number, ListNumber) else _of_each(number)
        return _least(own, _of_caps(number.options.cap))

    def _of_reference(self, reference: NumberReference) -> Decimal | None:
        key = (reference.section, reference.name)
        if key not in self._known and self._depth < _DEPTH:
            self._known[key] = None  # A number that depends on itself has no bound; the cycle is another check's.
            self._depth += 1
            self._known[key] = self._of_named(reference)
            self._depth -= 1
        return self._known.get(key)

    def _of_named(self, reference: NumberReference) -> Decimal | None:
        if reference.section in ("measure", "score"):
            found = self._subject.number(reference)
            return self.upper(found) if found else None
        program = self._subject.program
        earning = (program.points if reference.section == "points" else program.incentives).get(reference.name)
        return _of_earning(earning) if earning and reference.over is None else None

    def _of_list(self, number: ListNumber) -> Decimal | None:
        if number.operation == "count":
            return Decimal(len(number.items))
        if number.operation == "ratio":
            return _ONE if is_share(number, self._subject) else None
        combine = _COMBINED.get(number.operation)
        bounds = [self._of_item(item.item) for item in number.items] if combine else []
        known = [bound for bound in bounds if bound is not None]
        return combine(known) if combine and known and len(known) == len(bounds) else None

    def _of_item(self, item: Any) -> Decimal | None:
        return constant(item.value) if isinstance(item, ValueNumber) else self.upper(item)


def _least(*bounds: Decimal | None) -> Decimal | None:
    return min((bound for bound in bounds if bound is not None), default=None)


def _of_caps(caps: tuple[Cap, ...]) -> Decimal | None:
    """The limit that holds in all; limits per fact or period do not add up to one."""
    return _least(*(constant(cap.at_most) for cap in caps if not cap.per and cap.at_least is None))


def constant(value: Value | None) -> Decimal | None:
    """A plain number, or None."""
    found = value.value if isinstance(value, Constant) else None
    return found if isinstance(found, Decimal) else None


def _of_earning(earning: Earning) -> Decimal | None:
    if earning.by or earning.round:
        return None
    full = constant(earning.scale.value) if earning.based_on and earning.scale.kind == "full" else None
    return _least(_of_caps(earning.cap), None if earning.times else full)


def _of_each(number: EachNumber) -> Decimal | None:
    """A count of periods cannot pass the number of periods in its window."""
    window = number.over
    if number.aggregate != "count" or not isinstance(number.each, PeriodUnit) or window is None:
        return None
    if window.kind == "previous" and window.unit and _same_unit(number.each, window.unit):
        return Decimal(window.unit.count)
    return None


def _same_unit(one: PeriodUnit, other: PeriodUnit) -> bool:
    return (one.unit, one.calendar) == (other.unit, other.calendar) and one.count == 1


_COMBINED: Final[dict[str, Callable[[list[Decimal]], Decimal]]] = {
    "sum": lambda bounds: sum(bounds, Decimal(0)),
    "greatest": max,
    "least": min,
    "average": max,
}


# --- shares ---------------------------------------------------------------------------------------------------------


def is_share(number: Number, subject: Subject) -> bool:
    """Whether a ratio can be seen to lie between 0 and 1: what is above is a part of what is below."""
    found = resolve(number, subject)
    if not isinstance(found, ListNumber) or found.operation != "ratio" or len(found.items) != len(_PAIR):
        return False
    above, below = (item.item for item in found.items)
    return _is_part(above, below, subject)


def resolve(number: Any, subject: Subject) -> Any:
    """The number behind references that name no other day."""
    for _ in range(_DEPTH):
        if not isinstance(number, NumberReference) or number.ago or number.at:
            return number
        number = subject.number(number)
    return None


def _is_part(above: Any, below: Any, subject: Subject) -> bool:
    one, other = resolve(above, subject), resolve(below, subject)
    if isinstance(one, FactNumber) and isinstance(other, FactNumber):
        return _narrower(one, other)
    return isinstance(one, EachNumber) and isinstance(other, FactNumber) and _counts_among(one, below, other)


def _narrower(one: FactNumber, other: FactNumber) -> bool:
    same = (one.aggregate, one.column, one.of, one.credit, one.times) == (
        other.aggregate,
        other.column,
        other.of,
        other.credit,
        other.times,
    )
    if not same or one.aggregate not in ("count", "sum") or one.pick or other.pick:
        return False
    inside = one.where.conditions if one.where else ()
    outside = other.where.conditions if other.where else ()
    alternatives = bool(other.where and other.where.alternatives)
    return set(outside) <= set(inside) and not alternatives and _window_inside(one, other)


def _window_inside(one: FactNumber, other: FactNumber) -> bool:
    if one.when != other.when:
        return False
    return one.over == other.over or (one.over is None and _holds_the_day(other.over))


def _holds_the_day(window: Window | None) -> bool:
    return window is None or (window.kind in ("last", "current", "ever") and window.ago is None)


def _counts_among(one: EachNumber, below: Any, other: FactNumber) -> bool:
    """Things that must each be among those counted below: ``count: {all: [{measure: below, at_least: 1}, …]}``."""
    if one.aggregate != "count" or other.aggregate != "count" or one.each != other.column:
        return False
    item = one.item
    rows = item.items if isinstance(item, Group) and item.kind == "all" else (item,)
    return any(_asks_for(row, below) for row in rows)


def _asks_for(row: Any, number: Any) -> bool:
    line = constant(row.line) if isinstance(row, Compare) else None
    if not isinstance(row, Compare) or row.number != number or line is None or row.ago or row.at:
        return False
    return (row.test == "at_least" and line >= 1) or (row.test == "above" and line >= 0)
