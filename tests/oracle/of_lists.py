"""Numbers of a list: sum, product, difference, ratio, growth, average, least, greatest, count."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import prod
from typing import Any

from . import numbers, requirements, values
from .frame import UNDEFINED, Frame, Num, incomplete, known
from .signs import KEEP_ABOVE, never_below_zero
from .tree import Node


def of_list(frame: Frame, operation: str, spec: Node) -> Num:
    """Put the items of a list together; an undefined item makes the whole undefined, except in an average."""
    items = spec[operation]
    if operation == "count":
        return _count(frame, items)
    found = [numbers.number(frame, _without_weight(item)) for item in items]
    if operation in ("average", "ratio", "growth"):
        return resting(
            _share(frame, operation, spec, found),
            on_what_may_fall=any(item.bare or item.state == "incomplete" for item in found),
        )
    if any(item.state == "undefined" for item in found):
        return resting(UNDEFINED, on_what_may_fall=any(item.may_fall for item in found))
    if any(item.state == "incomplete" for item in found):
        above = operation in KEEP_ABOVE and all(never_below_zero(frame, _without_weight(item)) for item in items)
        return partial(operation, found, above=above)
    whole = known(_together(operation, [item.value for item in found if item.value is not None]))
    return replace(whole, bare=any(item.bare for item in found))


def resting(found: Num, *, on_what_may_fall: bool) -> Num:
    """A number that is known or undefined already, marked where what it reads may still fall."""
    return found if found.state == "incomplete" else replace(found, bare=on_what_may_fall)


def _share(frame: Frame, operation: str, spec: Node, found: list[Num]) -> Num:
    """Average, ratio or growth: what may rise and fall with more facts."""
    if operation == "average":
        return _average(found, [_weight(frame, item) for item in spec[operation]])
    if any(item.state == "undefined" for item in found):
        return UNDEFINED
    return _quotient(operation, found[0], found[1], _base(frame, spec))


def _together(operation: str, numbers_: list[Fraction]) -> Fraction:
    if operation == "difference":
        return numbers_[0] - numbers_[1]
    if operation == "product":
        return Fraction(prod(numbers_))
    if operation == "sum":
        return sum(numbers_, Fraction(0))
    return min(numbers_) if operation == "least" else max(numbers_)


def partial(operation: str, found: list[Num], *, above: bool) -> Num:
    """An incomplete list; with a part of which only 0 is sure, no more than 0 is sure of the whole, and that only if no part
    can be below it.
    """
    if not any(item.bare for item in found):
        return incomplete(_floor(operation, found))
    return replace(incomplete(Fraction(0)), bare=True) if above else incomplete()


def _floor(operation: str, found: list[Num]) -> Fraction | None:
    """What an incomplete list certainly reaches: only where more of an item can never mean less."""
    floors = [item.floor for item in found if item.floor is not None]
    if len(floors) < len(found):
        return None
    if operation == "difference":
        return floors[0] - floors[1] if found[1].known else None
    if operation == "product" and min(floors) < 0:
        return None
    return _together(operation, floors)


def _quotient(operation: str, over: Num, under: Num, base: Fraction | None) -> Num:
    """Ratio or growth; undefined over nothing, for growth over nothing positive, and under its base."""
    if under.value is not None:
        none = under.value == 0 if operation == "ratio" else under.value <= 0
        if none or (base is not None and under.value < base):
            return UNDEFINED
    if over.value is None or under.value is None:
        return incomplete()
    return known((over.value if operation == "ratio" else over.value - under.value) / under.value)


def _base(frame: Frame, spec: Node) -> Fraction | None:
    return values.fraction(frame, spec["base"]) if "base" in spec else None


def _average(found: list[Num], weights: list[Fraction]) -> Num:
    """The weighted mean of the items that are defined."""
    used = [(item, weight) for item, weight in zip(found, weights, strict=True) if item.state != "undefined" and weight]
    if not used or sum(weight for _, weight in used) == 0:
        return UNDEFINED
    if any(item.state == "incomplete" for item, _ in used):
        return incomplete()
    total = sum((item.value * weight for item, weight in used if item.value is not None), Fraction(0))
    return known(total / sum(weight for _, weight in used))


def _weight(frame: Frame, item: Any) -> Fraction:
    if not isinstance(item, dict) or "weight" not in item:
        return Fraction(1)
    return values.fraction(frame, item["weight"]) or Fraction(0)


def _without_weight(item: Any) -> Any:
    return {key: part for key, part in item.items() if key != "weight"} if isinstance(item, dict) else item


def _count(frame: Frame, items: list[Any]) -> Num:
    """How many requirements of the list hold."""
    results = [requirements.judge(frame, item).result for item in requirements.expanded(items)]
    met = results.count("met")
    return incomplete(Fraction(met), len(results)) if "unknown" in results else known(met, len(results))
