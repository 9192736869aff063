"""What more facts can only raise: such a number has certainly reached a line as soon as it is seen to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from math import prod

from swingby.engine.coverage import is_complete, item_days
from swingby.engine.nodes import (
    AnyoneNode,
    ConstantNode,
    EachPeriodNode,
    EachThingNode,
    EntriesNode,
    FactsNode,
    FinishedNode,
    Input,
    ListNode,
    RankNode,
    ScaledNode,
)
from swingby.engine.plan import Draft
from swingby.engine.setting import Cohort
from swingby.program.blocks import ByCase, Constant, Dated, Product, Scale, TableValue, Value
from swingby.program.model import Earning, Program

#: The least and the greatest that a value can be.
Range = tuple[Decimal, Decimal]


def grows(draft: Draft, item: Input, day: date) -> bool:
    """True when more facts can only raise the number, so that a line already reached stays reached.

    A number that reads nothing outside coverage on the day cannot change any more.
    """
    node, look = draft.graph[item.node], draft.clock.shifted(day, item.shift)
    counted = node.facts if isinstance(node, AnyoneNode) else node
    if isinstance(counted, FactsNode | EachPeriodNode | EachThingNode | RankNode) and counted.aggregate == "count":
        return True
    if isinstance(node, ListNode):
        return _list_grows(draft, node, look) or is_complete(draft, item, day)
    if (
        isinstance(node, EachPeriodNode | EachThingNode | RankNode)
        and node.aggregate == "sum"
        and node.item is not None
    ):
        rises = node.only is None and all(
            _counts_up(draft, node.item, end) for end in item_days(draft, item.node, look)
        )
        return rises or is_complete(draft, item, day)
    if isinstance(node, FinishedNode) or (isinstance(node, ScaledNode) and _rises(draft, node.earning.scale, look)):
        return grows(draft, node.number, look)
    if isinstance(node, EntriesNode):
        return all(_entry_stands(draft, node.earning, part, end) for part, end in _periods(draft, item.node, look))
    return is_complete(draft, item, day)


def _periods(draft: Draft, number: int, look: date) -> Iterator[tuple[Input, date]]:
    """The number that entries for closed periods read, and the days on which they do; none where they stand for facts."""
    node = draft.graph[number]
    if isinstance(node, EntriesNode) and node.number is not None:
        cohorts: Sequence[Cohort] = draft.setting.cohorts if draft.is_personal(number) else (None,)
        for end in {end for each in cohorts for end in draft.clock_of(each).period_ends(node.earning, look)}:
            yield node.number, end


def _entry_stands(draft: Draft, earning: Earning, number: Input, end: date) -> bool:
    """True when more facts can only raise what a closed period has given."""
    return is_complete(draft, number, end) or (_rises(draft, earning.scale, end) and grows(draft, number, end))


def _list_grows(draft: Draft, node: ListNode, look: date) -> bool:
    if node.operation == "count":
        return True
    if node.operation == "difference":
        first, second = node.items
        return grows(draft, first, look) and is_complete(draft, second, look)
    if node.operation == "product":
        return all(_counts_up(draft, part, look) for part in node.items)
    return node.operation in ("sum", "least", "greatest") and all(grows(draft, part, look) for part in node.items)


def _counts_up(draft: Draft, item: Input, look: date) -> bool:
    """Entries are taken to take nothing away before they are seen to: so says the reading of what is certainly reached."""
    return grows(draft, item, look) and _is_above(draft, item, entries=True)


def is_never_below_zero(draft: Draft, item: Input) -> bool:
    """True for points from numbers, counts, and sums, products, least, greatest and caps of these.

    Points for facts are not among them: a refund takes away what others brought.
    """
    return _is_above(draft, item, entries=False)


def _is_above(draft: Draft, item: Input, *, entries: bool) -> bool:
    node = draft.graph[item.node]
    if isinstance(node, FactsNode | EachPeriodNode | EachThingNode | RankNode | ListNode) and _counts(node):
        return True
    if isinstance(node, EntriesNode):
        return entries or node.number is not None
    if isinstance(node, ConstantNode):
        return entries and _is_at_least_zero(draft, node.value)
    parts = _kept_above(draft, node)
    return isinstance(node, ScaledNode) or bool(parts and all(_is_above(draft, one, entries=entries) for one in parts))


def _kept_above(draft: Draft, node: object) -> Sequence[Input]:
    """The parts of a number that is not below 0 where none of them is; none where it may be all the same."""
    match node:
        case EachPeriodNode() | EachThingNode() | RankNode():
            return [node.item] if node.aggregate == "sum" and node.only is None and node.item else []
        case ListNode():
            return node.items if node.operation in ("sum", "product", "least", "greatest") else []
        case FinishedNode():
            lifts = all(_is_at_least_zero(draft, value) for value in (node.cap, node.undefined))
            return [node.number] if lifts else []
    return []


def _counts(node: FactsNode | EachPeriodNode | EachThingNode | RankNode | ListNode) -> bool:
    return (node.operation if isinstance(node, ListNode) else node.aggregate) == "count"


def _is_at_least_zero(draft: Draft, value: Value | None) -> bool:
    """True when a cap, or what stands for *undefined*, leaves what is not below zero there."""
    found = None if value is None else _range(draft.program, value, None)
    return value is None or (found is not None and found[0] >= 0)


def _rises(draft: Draft, scale: Scale, day: date) -> bool:
    """True when a larger number never earns less, whoever the partner is."""
    if scale.parts:
        return all(_rises(draft, part, day) for part in scale.parts)
    written = [step for _, step in scale.steps] if scale.steps else [scale.value]
    found = [_range(draft.program, value, day) for value in written if value]
    ranges = [item for item in found if item is not None]
    if len(ranges) < len(found) or any(low < 0 for low, _ in ranges):
        return False
    return scale.kind != "steps" or all(before[1] <= after[0] for before, after in pairwise(ranges))


def _range(program: Program, value: Value, day: date | None) -> Range | None:
    """The least and the greatest that a value can be on a day, or on any; None where that depends on facts."""
    nothing = Decimal(0)
    if isinstance(value, Constant):
        return (value.value, value.value) if isinstance(value.value, Decimal) else None
    if isinstance(value, TableValue):
        named = program.tables[value.table].value
        return _range(program, named, day) if named is not None else None
    ranges = [(nothing, nothing) if part is None else _range(program, part, day) for part in _parts(value, day)]
    known = [item for item in ranges if item is not None]
    if not known or len(known) < len(ranges):
        return None
    if isinstance(value, Product):
        if min(known)[0] < 0:
            return None
        one = Decimal(1)
        return prod((low for low, _ in known), start=one), prod((high for _, high in known), start=one)
    return min(low for low, _ in known), max(high for _, high in known)


def _parts(value: Value, day: date | None) -> list[Value | None]:
    """The values that one is made of; none for one that is read from facts."""
    if isinstance(value, Product):
        return list(value.values)
    if isinstance(value, ByCase):
        return [case for _, case in value.cases] + [value.otherwise]
    if isinstance(value, Dated):
        held = [step for start, step in value.steps if day is None or start <= day]
        return [value.initially, *held] if day is None else [held[-1] if held else value.initially]
    return []
