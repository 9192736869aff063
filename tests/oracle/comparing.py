"""Holds a standing of the engine against the oracle's, name by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from swingby.engine import NumberResult, Standing

from .tree import Result

#: The engine carries 12 decimals and rounds each division there; a score adds up some dozens of them. Numbers are
#: shown and compared at 9 decimals, so a difference below half of the ninth can never be seen.
TOLERANCE = Fraction(1, 2 * 10**9)


def differences(standing: Standing, result: Result) -> Iterator[str]:
    """Every name on which engine and oracle differ."""
    yield from _of_words("tier", {name: tier.tier for name, tier in standing.tiers.items()}, result.tiers)
    yield from _of_words("requirement", standing.requirements, result.requirements)
    yield from _of_words("track", standing.tracks, result.tracks)
    for name, number in result.numbers.items():
        if name not in standing.numbers:
            yield f"number {name}: missing from the engine"
        elif not same(standing.numbers[name], number):
            yield f"number {name}: engine {standing.numbers[name]}, oracle {number}"
    for name, balance in result.accounts.items():
        found = standing.accounts.get(name)
        if found is None or abs(Fraction(found.balance) - balance) >= TOLERANCE:
            yield f"account {name}: engine {found and found.balance}, oracle {balance}"
    yield from _of_rows(standing, result)


def _of_words(what: str, found: Mapping[str, str | None], expected: Mapping[str, str | None]) -> Iterator[str]:
    for name, word in expected.items():
        if found.get(name) != word:
            yield f"{what} {name}: engine {found.get(name)}, oracle {word}"


def _of_rows(standing: Standing, result: Result) -> Iterator[str]:
    """Every row of a tier's requirement that comes out otherwise."""
    rows = {
        (name, row.path): row for name, tier in standing.tiers.items() for tiers in tier.rows.values() for row in tiers
    }
    for (ladder, tier, place), (*_, word) in result.rows.items():
        path = ".".join([tier, *(str(int(part) + 1) for part in place.split(".") if part)])
        row = rows.get((ladder, path))
        if row is None or row.result != word:
            yield f"row {ladder} {path}: engine {row and row.result}, oracle {word}"


def same(found: NumberResult, expected: Fraction | str) -> bool:
    """Equal to the digits that are shown, or the same answer that is no number."""
    if isinstance(expected, str):
        return found.state == expected
    return found.state == "known" and found.value is not None and abs(Fraction(found.value) - expected) < TOLERANCE
