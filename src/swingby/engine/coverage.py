"""Where numbers reach outside what their sources are complete for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from swingby.engine.nodes import (
    AnyoneNode,
    AssignNode,
    ChosenNode,
    DecisionNode,
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
from swingby.engine.predicates import static_value
from swingby.engine.setting import Cohort
from swingby.program.blocks import ByCase, Scale, TableValue
from swingby.program.kinds import FactKind


def base_kind(draft: Draft, name: str) -> FactKind:
    """The kind whose table holds the facts; a subset stands in the table of its base."""
    declared = draft.program.facts.get(name)
    if declared is not None and declared.subset_of:
        return base_kind(draft, declared.subset_of)
    return draft.program.kinds[name]


def reads_outside_coverage(draft: Draft, number: int, day: date, cohort: Cohort = None) -> bool:
    """True when a number of facts reaches outside what its sources are complete for.

    Where a window depends on the day of joining, ``cohort`` says which; for None any will do.
    """
    node = draft.graph[number]
    if isinstance(node, AnyoneNode):
        node = node.facts
    if not isinstance(node, FactsNode | EntriesNode | AssignNode):
        return False
    if cohort is None and draft.is_personal(number):
        return any(_is_outside(draft, node, day, each) for each in draft.setting.cohorts)
    return _is_outside(draft, node, day, cohort)


def _is_outside(draft: Draft, node: FactsNode | EntriesNode | AssignNode, day: date, cohort: Cohort) -> bool:
    clock = draft.clock_of(cohort)
    if isinstance(node, FactsNode):
        span = clock.span(node.window, day)
        return draft.setting.incomplete(base_kind(draft, node.kind).name, span.start, span.end)
    if isinstance(node, AssignNode):
        span = clock.span(None, day)
        return draft.setting.incomplete(base_kind(draft, node.number.of).name, span.start, span.end)
    if node.earning.for_each is None:
        return False
    span = clock.entry_coverage(node.earning, day)
    return draft.setting.incomplete(base_kind(draft, node.earning.for_each.of).name, span.start, span.end)


def grows(draft: Draft, item: Input, day: date) -> bool:
    """True when more facts can only raise the number, so that a line already reached stays reached.

    A number that reads nothing outside coverage on the day cannot change any more.
    """
    node, look = draft.graph[item.node], draft.clock.shifted(day, item.shift)
    counted = node.facts if isinstance(node, AnyoneNode) else node
    if isinstance(counted, FactsNode | EachPeriodNode | EachThingNode) and counted.aggregate == "count":
        return True
    if isinstance(node, ListNode):
        return _list_grows(draft, node, look) or is_complete(draft, item, day)
    if isinstance(node, EachPeriodNode | EachThingNode) and node.aggregate == "sum" and node.item is not None:
        rises = node.only is None and all(_counts_up(draft, node.item, end) for end in _ends(draft, item.node, look))
        return rises or is_complete(draft, item, day)
    if isinstance(node, FinishedNode) or (isinstance(node, ScaledNode) and _rises(draft, node.earning.scale, look)):
        return grows(draft, node.number, look)
    return isinstance(node, EntriesNode) or is_complete(draft, item, day)


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
    return grows(draft, item, look) and is_never_below_zero(draft, item)


def is_never_below_zero(draft: Draft, item: Input) -> bool:
    """True for points from numbers, counts, and sums, products, least, greatest and caps of these."""
    node = draft.graph[item.node]
    if isinstance(node, FactsNode | EachPeriodNode | EachThingNode) and node.aggregate == "count":
        return True
    if isinstance(node, ListNode) and node.operation == "count":
        return True
    if isinstance(node, ListNode) and node.operation in ("sum", "product", "least", "greatest"):
        return all(is_never_below_zero(draft, part) for part in node.items)
    if isinstance(node, FinishedNode):
        return node.cap is None and is_never_below_zero(draft, node.number)
    return isinstance(node, ScaledNode) and not node.earning.cap


def _rises(draft: Draft, scale: Scale, day: date) -> bool:
    """True when a larger number never earns less."""
    written = [step for _, step in scale.steps] if scale.steps else [scale.value]
    try:
        values = [Decimal(0), *(static_value(draft.program, item, day) or Decimal(0) for item in written if item)]
    except LookupError:
        return all(isinstance(item, ByCase | TableValue) for item in written)
    return values == sorted(values) if scale.kind == "steps" else min(values) >= 0


def is_complete(draft: Draft, item: Input, day: date) -> bool:
    """True when nothing that a node reads as of a day lies outside what the sources are complete for."""
    look = draft.clock.shifted(day, item.shift)
    found = draft.covered.get((item.node, look, None))
    if found is None:
        found = draft.covered[item.node, look, None] = _is_complete(draft, item, look)
    return found


def _is_complete(draft: Draft, item: Input, look: date) -> bool:
    node = draft.graph[item.node]
    if reads_outside_coverage(draft, item.node, look):
        return False
    if isinstance(node, EachPeriodNode):
        ends = _ends(draft, item.node, look)
        return all(is_complete(draft, part, end) for part in node.inputs for end in ends)
    if isinstance(node, DecisionNode):
        cohorts = draft.setting.cohorts if draft.is_personal(item.node) else (None,)
        spans = [draft.clock_of(each).span(node.window, look) for each in cohorts]
        return not any(draft.setting.incomplete("decisions", span.start, span.end) for span in spans)
    if isinstance(node, RankNode | ChosenNode):
        return True
    return all(is_complete(draft, part, look) for part in node.inputs)


def _ends(draft: Draft, number: int, look: date) -> set[date]:
    """The days that a number of each period looks at its item; that of each thing looks at its own."""
    node = draft.graph[number]
    if not isinstance(node, EachPeriodNode):
        return {look}
    cohorts: Sequence[Cohort] = draft.setting.cohorts if draft.is_personal(number) else (None,)
    return {end for each in cohorts for end in draft.clock_of(each).looks(node.unit, node.window, look)}
