"""Holds a standing of the engine against the oracle's, name by name."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from swingby.engine import NumberResult, Standing

from .tree import Result

#: The engine carries 12 decimals and rounds each division there; a score adds up some dozens of them. Numbers are
#: shown and compared at 9 decimals, so a difference below half of the ninth can never be seen.
TOLERANCE = Fraction(1, 2 * 10**9)


def differences(standing: Standing, result: Result) -> Iterator[str]:
    """Every name on which engine and oracle differ."""
    for name, tier in result.tiers.items():
        if standing.tiers[name].tier != tier:
            yield f"tier {name}: engine {standing.tiers[name].tier}, oracle {tier}"
    for name, number in result.numbers.items():
        if name not in standing.numbers:
            yield f"number {name}: missing from the engine"
        elif not same(standing.numbers[name], number):
            yield f"number {name}: engine {standing.numbers[name]}, oracle {number}"
    for name, word in result.requirements.items():
        if standing.requirements.get(name) != word:
            yield f"requirement {name}: engine {standing.requirements.get(name)}, oracle {word}"


def same(found: NumberResult, expected: Fraction | str) -> bool:
    """Equal to the digits that are shown, or the same answer that is no number."""
    if isinstance(expected, str):
        return found.state == expected
    return found.state == "known" and found.value is not None and abs(Fraction(found.value) - expected) < TOLERANCE
