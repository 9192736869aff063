"""How a step reads numbers of earlier steps: densely, so that no facts still gives an answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlglot import exp

from swingby.engine.building import not_computed
from swingby.engine.clock import starts_with_joining
from swingby.engine.graph import (
    DecisionNode,
    EachPeriodNode,
    EntriesNode,
    FactsNode,
    FinishedNode,
    Graph,
    Input,
    ListNode,
    ScaledNode,
    TrackNode,
)
from swingby.engine.plan import Draft, Row
from swingby.engine.predicates import static_value
from swingby.engine.sql import Column
from swingby.engine.steps.credited import base_kind
from swingby.program.blocks import ByCase, Scale, TableValue

#: A number's own columns in every relation of numbers.
NUMBER = "node, e, d, value, num, den, state"
KNOWN, UNDEFINED, INCOMPLETE = 0, 1, 2

ASK = (
    Column("node", "whole"),
    Column("d", "day"),
    Column("place", "whole"),
    Column("input", "whole"),
    Column("input_d", "day"),
    Column("fallback", "quantity"),
    Column("incomplete", "truth"),
)


@dataclass(frozen=True, slots=True)
class Ask:
    """One node asks for one input as of one day; ``look`` is the day it looks at if that is not the asking day."""

    node: int
    day: date
    place: int
    number: Input
    look: date | None = None


def asks(draft: Draft, inputs: Mapping[int, Sequence[Input]]) -> Iterator[Ask]:
    """Every (node, day, input) of some nodes with the inputs that they read, in order."""
    for number, items in inputs.items():
        for day in draft.demand.days[number]:
            for place, item in enumerate(items, start=1):
                yield Ask(number, day, place, item)


def ask_row(draft: Draft, ask: Ask) -> Row:
    """The row of an ask, with what the input is worth where it has no row of its own."""
    day = draft.clock.shifted(ask.look or ask.day, ask.number.shift)
    fallback = 0 if is_zero_without_facts(draft.graph, ask.number.node) else None
    incomplete = reads_outside_coverage(draft, ask.number.node, day)
    return (ask.node, ask.day, ask.place, ask.number.node, day, fallback, incomplete)


def is_fraction(graph: Graph, number: int) -> bool:
    """True when the number keeps numerator and denominator, so that it can be compared exactly."""
    node = graph[number]
    if isinstance(node, FactsNode | EachPeriodNode):
        return node.aggregate in ("average", "median")
    return isinstance(node, ListNode) and node.operation in ("ratio", "growth", "average")


def is_zero_without_facts(graph: Graph, number: int) -> bool:
    """Counts and sums of nothing are 0; the least or the average of nothing is undefined."""
    node = graph[number]
    if isinstance(node, FactsNode):
        return node.aggregate in ("count", "sum")
    return isinstance(node, EntriesNode)


def reads_outside_coverage(draft: Draft, number: int, day: date) -> bool:
    """True when a number of facts reaches outside what its sources are complete for."""
    node = draft.graph[number]
    if isinstance(node, FactsNode):
        span = draft.clock.widest_span(node.window, day)
        found = draft.setting.incomplete(base_kind(draft, node.kind).name, span.start, span.end)
        if found and node.window is not None and starts_with_joining(node.window):
            not_computed("a window that starts with joining where the source is not complete", node.window)
        return found
    if isinstance(node, EntriesNode) and node.earning.for_each is not None:
        span = draft.clock.entry_coverage(node.earning, day)
        return draft.setting.incomplete(base_kind(draft, node.earning.for_each.of).name, span.start, span.end)
    return False


def grows(draft: Draft, item: Input, day: date) -> bool:
    """True when more facts can only raise the number, so that a line already reached stays reached.

    A number that reads nothing outside coverage on the day cannot change any more.
    """
    node, look = draft.graph[item.node], draft.clock.shifted(day, item.shift)
    if isinstance(node, FactsNode | EachPeriodNode) and node.aggregate == "count":
        return True
    if isinstance(node, ListNode) and node.operation == "sum":
        return all(grows(draft, part, look) for part in node.items)
    if isinstance(node, FinishedNode) or (isinstance(node, ScaledNode) and _rises(draft, node.earning.scale, look)):
        return grows(draft, node.number, look)
    return isinstance(node, EntriesNode) or is_complete(draft, item, day)


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
    found = draft.covered.get((item.node, look))
    if found is None:
        found = draft.covered[item.node, look] = _is_complete(draft, item, look)
    return found


def _is_complete(draft: Draft, item: Input, look: date) -> bool:
    node = draft.graph[item.node]
    if isinstance(node, FactsNode | EntriesNode) and reads_outside_coverage(draft, item.node, look):
        return False
    if isinstance(node, EachPeriodNode):
        return all(is_complete(draft, node.item, end) for end in draft.clock.looks(node.unit, node.window, look))
    if isinstance(node, DecisionNode | TrackNode):
        span = draft.clock.span(node.window if isinstance(node, DecisionNode) else None, look)
        return not draft.setting.incomplete("decisions", span.start, span.end)
    return all(is_complete(draft, part, look) for part in node.inputs)


DENSE = """
SELECT a.node, s.e, a.d, a.place,
       COALESCE(v.value, a.fallback) AS value,
       COALESCE(v.num, a.fallback) AS num,
       COALESCE(v.den, 1) AS den,
       CASE WHEN a.incomplete THEN 2
            WHEN v.state IS NOT NULL THEN v.state
            WHEN a.fallback IS NULL THEN 1
            ELSE 0 END AS state
FROM {asks} AS a
CROSS JOIN scope AS s
LEFT JOIN {numbers} AS v ON v.node = a.input AND v.e = s.e AND v.d = a.input_d
"""


def read_densely(draft: Draft, name: str, rows: Iterable[Ask]) -> str:
    """Add the steps that give every asked number of every partner; gives the relation's name.

    Columns: node, e, d, place, value, num, den, state.
    """
    listed = list(rows)
    asked = draft.data(f"{name}_asks", ASK, (ask_row(draft, ask) for ask in listed))
    return draft.query(f"{name}_read", DENSE, asks=asked, numbers=_numbers(draft, {ask.number.node for ask in listed}))


def _numbers(draft: Draft, numbers: set[int]) -> exp.Expr:
    return draft.results_of(numbers, NUMBER)
