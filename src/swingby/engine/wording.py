"""The words of requirements: how many parts of a group must hold, what they ask for, and how far a number is from its line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal

from swingby.program.blocks import Constant
from swingby.program.numbers import Group

#: What a requirement has to do with its tier: it is asked for, another way is met, or it is one that must not hold.
Bearing = Literal["asked", "not needed", "must not"]
#: Tests of numbers that must stay low.
LOW_TESTS = ("at_most", "below")
_STRICT_TESTS = ("above", "below")
_HEADS = {"all": "all of", "any": "one of", "none": "none of"}


def group_head(group: Group) -> str:
    """How many parts must hold, or must not: ``one of``, ``at least 2 of``."""
    if group.kind != "count":
        return _HEADS[group.kind]
    if group.at_least is None:
        return "all of"
    return f"at least {group.at_least.value} of" if isinstance(group.at_least, Constant) else "enough of"


def spelled(head: str, parts: Sequence[str]) -> str:
    """A group as one phrase: ``one of: visits at least 3 or sales at least 5``; one part that must hold is that part."""
    if len(parts) == 1 and head != "none of":
        return parts[0]
    word = "and" if head == "all of" else "or"
    last = f" {word} ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)
    return f"{head}: {last}"


def nested(part: str, *, is_group: bool) -> str:
    """A part as it stands inside another group."""
    return f"({part})" if is_group and ": " in part else part


def number_words(value: Decimal) -> str:
    """A number for people: thousands apart, no zeros that say nothing, four decimals at most."""
    shown = round(value, 4).normalize()
    return f"{shown.quantize(Decimal(1)) if shown == shown.to_integral_value() else shown:,f}"


def gap_words(gap: Decimal | None, test: str, *, is_place: bool = False) -> str:
    """How far a number that is not met is from its line: ``2 to go``, of one that must stay low ``1 too many``.

    Empty where there is no distance. On a line that must be passed it says so.
    """
    if gap is None:
        return ""
    if not gap:
        return f"must be {'less' if test in LOW_TESTS else 'more'}" if test in _STRICT_TESTS else ""
    said = number_words(gap)
    if is_place:
        return f"{said} {'place' if gap == 1 else 'places'} to go"
    said = f"more than {said}" if test in _STRICT_TESTS else said
    if test in LOW_TESTS:
        return f"{said} too {'many' if gap == gap.to_integral_value() else 'much'}"
    return f"{said} {'away' if test in ('is', 'is_not') else 'to go'}"


def bearings(rows: Iterable[tuple[str, str, str]]) -> dict[str, Bearing]:
    """What each requirement has to do with its tier, by its path.

    Parameters
    ----------
    rows
        Path, kind and result of each, a group before its parts.
    """
    found: dict[str, Bearing] = {}
    groups: dict[str, tuple[str, str]] = {}
    for path, kind, result in rows:
        parent = path.rpartition(".")[0]
        found[path] = _inside(found[parent], *groups[parent]) if parent in found else "asked"
        groups[path] = (kind, result)
    return found


def _inside(above: Bearing, kind: str, result: str) -> Bearing:
    """What the parts of a group have to do with the tier."""
    if above == "not needed" or (above == "must not" and result != "met"):
        return "not needed"
    if kind == "none":
        return "must not" if above == "asked" else "not needed"
    return "not needed" if above == "asked" and kind in ("any", "count") and result == "met" else above
