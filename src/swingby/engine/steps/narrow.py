"""Leaves of very many partners: kept in few bytes, and compared without rounding.

A number meets a line by its value at nine places. Rounding is monotone, so the values that hold are those from a first
to a last one, which are worked out once for each line; a row is then compared as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Context, Decimal

from swingby.engine.plan import Row
from swingby.engine.sql import Column, statement
from swingby.engine.steps.members import Members
from swingby.engine.steps.reading import Ask, Beside, dense_rows

BOUND = (
    Column("node", "whole"),
    Column("d", "day"),
    Column("upward", "truth"),
    Column("line", "quantity"),
    Column("exact", "truth"),
    Column("low", "quantity"),
    Column("high", "quantity"),
    Column("inside", "truth"),
    Column("grows", "truth"),
    Column("unsure", "whole"),
)

NARROW = """
SELECT CAST(h.node AS INTEGER) AS node, CAST(h.e AS INTEGER) AS e, h.d, {keys},
       CASE WHEN h.state = 1 THEN NULL ELSE h.value END AS value, CAST(h.state AS SMALLINT) AS state,
       CAST(CASE WHEN h.state = 0 THEN CASE WHEN h.holds THEN 1 ELSE 0 END
                 WHEN h.state = 1 THEN 0
                 WHEN h.holds AND h.grows THEN 1 ELSE h.unsure END AS SMALLINT) AS result
FROM (SELECT r.*, ({compared} BETWEEN r.low AND r.high) = r.inside AS holds FROM {read} AS r) AS h
"""
#: A fraction is on one side of its line (-1, 0 or 1), which is found without dividing.
FRACTION = "CASE WHEN r.exact THEN quantity(compare_ratio(r.num, r.den, r.line)) ELSE r.value END"

#: All columns of a requirement for the leaves that were kept.
WIDE = """
SELECT h.node, h.e, h.d, {keys}, h.value, t.line,
       CASE WHEN h.state <> 0 THEN NULL WHEN t.upward THEN GREATEST(t.line - h.value, 0)
            WHEN NOT t.upward THEN GREATEST(h.value - t.line, 0) END AS gap, h.state, h.result
FROM {leaves} AS h
JOIN {bounds} AS t ON t.node = h.node AND t.d = h.d
"""

_WIDE_ENOUGH = Context(prec=60)
_NINTH, _HALF, _LAST = Decimal("1e-9"), Decimal("5e-10"), Decimal("1e-12")
_MOST = Decimal("99999999999999999999999999.999999999999")
_LEAST = _MOST.copy_negate()
#: First and last of what holds: of values below, at and above the line (-1, 0, 1) those from one to the other.
_SIDES = {"at_least": (0, 1), "above": (1, 1), "at_most": (-1, 0), "below": (-1, -1), "is": (0, 0), "is_not": (0, 0)}

#: Whether a number must come up to the line, or down to it.
_UPWARD = {"at_least": True, "above": True, "at_most": False, "below": False}


@dataclass(frozen=True, slots=True)
class Line:
    """What a node's number is held against on a day; ``exact`` for a fraction, ``grows`` if it can only rise."""

    node: int
    day: date
    test: str
    line: Decimal | None
    exact: bool
    grows: bool


def add_narrow(group: Members, name: str, rows: Iterable[Ask], lines: Sequence[Line]) -> None:
    """Add leaves whose lines depend on the day only."""
    draft, keys = group.draft, group.keys("h")
    bounds = draft.data(f"{name}_bounds", BOUND, map(_bound, lines))
    exact = any(item.exact for item in lines)
    beside = Beside(bounds, [column.name for column in BOUND[3 if exact else 5 :]])
    read = dense_rows(group, name, rows, beside=beside)
    draft.query(name, NARROW, read=read, compared=statement(FRACTION if exact else "r.value"), keys=keys)
    draft.shown[name] = statement(WIDE, leaves=name, bounds=bounds, keys=keys)


def _bound(item: Line) -> Row:
    place = (item.node, item.day, _UPWARD.get(item.test), item.line, item.exact)
    if item.line is None:
        return (*place, _MOST, _LEAST, True, False, 0)
    low, high = _sides(item.test) if item.exact else bounds_of(item.test, item.line)
    return (*place, low, high, item.test != "is_not", item.grows and _UPWARD.get(item.test, False), 2)


def _sides(test: str) -> tuple[Decimal, Decimal]:
    first, last = _SIDES[test]
    return Decimal(first), Decimal(last)


def bounds_of(test: str, line: Decimal) -> tuple[Decimal, Decimal]:
    """The first and the last value with 12 places that, rounded to nine, hold against a line.

    For ``is_not`` they are those that do not hold.
    """
    at, above = _first(line), _first(_WIDE_ENOUGH.add(line, _LAST))
    first, last = _SIDES[test]
    low = _LEAST if first < 0 else at if first == 0 else above
    high = _MOST if last > 0 else _WIDE_ENOUGH.subtract(above if last == 0 else at, _LAST)
    return max(low, _LEAST), min(high, _MOST)


def _first(line: Decimal) -> Decimal:
    """The least value with 12 places whose value at nine places is not below a line; halves go away from zero."""
    ninth = line.quantize(_NINTH, rounding=ROUND_CEILING, context=_WIDE_ENOUGH)
    return _WIDE_ENOUGH.subtract(ninth, _HALF if ninth > 0 else _HALF - _LAST)
