"""The days on which periods are looked at, as ranges: a day's look of a year ago is most often yesterday's as well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from sqlglot import exp

from swingby.engine.nodes import EachPeriodNode, Shift
from swingby.engine.plan import Draft
from swingby.engine.sql import Column, statement
from swingby.program.blocks import PeriodUnit

RANGE = (
    Column("node", "whole"),
    Column("d", "day"),
    Column("input", "whole"),
    Column("ends", "whole"),
    Column("low", "day"),
    Column("high", "day"),
    Column("skipped", "day"),
)
END = (Column("ends", "whole"), Column("day", "day"), Column("input_d", "day"))
OPEN = (Column("node", "whole"), Column("d", "day"), Column("input", "whole"), Column("input_d", "day"))

#: Closed periods are looked at on their last days, the open one on the asking day.
LOOKS = """(
SELECT r.node, r.d, r.input, c.input_d
FROM {ranges} AS r
JOIN {ends} AS c ON c.ends = r.ends AND c.day >= r.low AND c.day <= r.high AND (r.skipped IS NULL OR c.day <> r.skipped)
UNION ALL
SELECT o.node, o.d, o.input, o.input_d
FROM {opened} AS o
)"""

#: Periods of one length whose last days are read with one shift are listed once.
_Ends = tuple[PeriodUnit, Shift]


def period_looks(draft: Draft, numbers: Sequence[int], name: str) -> tuple[exp.Expr, list[int]]:
    """Node, day, input and the input's day of every look at a period, to stand after FROM; and the inputs."""
    ranges: list[tuple[object, ...]] = []
    opened: list[tuple[object, ...]] = []
    reach: dict[_Ends, tuple[date, date]] = {}
    for number in numbers:
        unit, item, found = _node(draft, number)
        place = list(reach).index((unit, item)) if (unit, item) in reach else len(reach)
        for day, low, high, replaced in _ranges(draft, number):
            skipped = None if replaced == day else replaced
            ranges.append((number, day, found, place, low, high, skipped))
            if skipped is not None:
                opened.append((number, day, found, draft.clock.shifted(day, item)))
            first, last = reach.get((unit, item), (low, high))
            reach[unit, item] = min(first, low), max(last, high)
    looks = statement(
        LOOKS,
        ranges=draft.data(f"{name}_ranges", RANGE, ranges),
        ends=draft.data(f"{name}_ends", END, _ends(draft, reach)),
        opened=draft.data(f"{name}_opened", OPEN, opened),
    )
    return looks, sorted({found for _, _, found in (_node(draft, number) for number in numbers)})


def _node(draft: Draft, number: int) -> tuple[PeriodUnit, Shift, int]:
    node = draft.graph[number]
    if not isinstance(node, EachPeriodNode) or node.item is None:
        raise TypeError(number)
    return node.unit, node.item.shift, draft.input_of(number, node.item)


def _ranges(draft: Draft, number: int) -> Iterator[tuple[date, date, date, date | None]]:
    node = draft.graph[number]
    if not isinstance(node, EachPeriodNode):
        raise TypeError(number)
    for day in draft.demand.days(number):
        found = draft.clock.look_range(node.unit, node.window, day)
        if found:
            yield (day, *found)


def _ends(draft: Draft, reach: dict[_Ends, tuple[date, date]]) -> Iterator[tuple[object, ...]]:
    for place, ((unit, shift), (low, high)) in enumerate(reach.items()):
        for last in draft.clock.last_days(unit, low, high):
            yield (place, last, draft.clock.shifted(last, shift))
