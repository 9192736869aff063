"""Which nodes depend on the day on which a partner joined."""

from __future__ import annotations

from collections.abc import Iterator

from swingby.engine.clock import Clock
from swingby.engine.nodes import (
    AccountNode,
    AnyoneNode,
    AssignNode,
    ColumnNode,
    DecisionNode,
    EachPeriodNode,
    EntriesNode,
    EntriesWithinNode,
    FactsNode,
    LadderNode,
    Node,
    TimeNode,
)
from swingby.program.blocks import Filter, Moment, PeriodUnit, Schedule, Window
from swingby.program.model import Earning, Ladder, Review

Timed = PeriodUnit | Window | Moment | Schedule | None


def is_personal(clock: Clock, node: Node) -> bool:
    """True when the days that a node reads, or the days of its windows, depend on the day of joining."""
    return any(clock.is_personal(part) for part in _timed(node)) or _is_open(node)


def _is_open(node: Node) -> bool:
    """Periods of a window that is open to the left are counted from joining."""
    if not isinstance(node, EachPeriodNode):
        return False
    return node.window.kind == "ever" or (node.window.kind == "between" and node.window.first is None)


def _timed(node: Node) -> Iterator[Timed]:
    match node:
        case AnyoneNode():
            yield from _of_facts(node.facts)
        case FactsNode():
            yield from _of_facts(node)
        case EachPeriodNode() | TimeNode():
            yield from (node.unit, node.window)
        case EntriesNode():
            yield from _of_earning(node.earning)
        case EntriesWithinNode() | DecisionNode():
            yield node.window
        case AccountNode():
            yield from (node.window, node.account.opens, node.account.expires)
        case LadderNode():
            yield from _of_ladder(node.ladder)
        case _:
            yield from _of_filters(node)


def _of_facts(node: FactsNode) -> Iterator[Timed]:
    yield node.window
    yield from filter_windows(node.where)
    yield from filter_windows(node.pick.among if node.pick else None)


def _of_filters(node: Node) -> Iterator[Timed]:
    if isinstance(node, ColumnNode):
        yield from filter_windows(node.filter)
    elif isinstance(node, AssignNode):
        for seat in node.number.seats:
            yield from filter_windows(seat.where)


def filter_windows(where: Filter | None) -> Iterator[Window]:
    """The windows that a filter holds columns against."""
    if where is None:
        return
    yield from (condition.window for condition in where.conditions if condition.window)
    for part in where.alternatives:
        yield from filter_windows(part)


def _of_earning(earning: Earning) -> Iterator[Timed]:
    source = earning.for_each
    yield source.over if source else earning.over
    yield from filter_windows(source.where if source else None)
    yield from (earning.each, earning.expires, earning.awarded)
    yield earning.dated if isinstance(earning.dated, Moment) else None
    yield from (part for cap in earning.cap for part in cap.per if isinstance(part, PeriodUnit))
    yield from (part for split in earning.split for part in split.per if isinstance(part, PeriodUnit))


def _of_ladder(ladder: Ladder) -> Iterator[Timed]:
    for review in (ladder.promote, *ladder.demote):
        yield from _of_review(review)


def _of_review(review: Review) -> Iterator[Timed]:
    yield from (review.schedule, review.effective, review.hold)
