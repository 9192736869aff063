"""Where numbers reach outside what their sources are complete for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

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
    GroupNode,
    Input,
    LeafNode,
    ListNode,
    ScaledNode,
)
from swingby.engine.plan import Draft
from swingby.engine.setting import Cohort
from swingby.program.kinds import FactKind
from swingby.values import Period


def base_kind(draft: Draft, name: str) -> FactKind:
    """The kind whose table holds the facts; a subset stands in the table of its base."""
    return draft.program.kinds[draft.program.base_of(name)]


def reads_outside_coverage(draft: Draft, number: int, day: date, cohort: Cohort = None) -> bool:
    """True when a number of facts reaches outside what its sources are complete for.

    So does a number of each thing whose facts may not all be there: another thing may turn up. Where a window depends on the day of joining, ``cohort`` says which; for None any will do.
    """
    node = draft.graph[number]
    if isinstance(node, AnyoneNode):
        node = node.facts
    if isinstance(node, EachThingNode):
        return any(reads_outside_coverage(draft, facts, look, cohort) for facts, look in _made_by(draft, number, day))
    if not isinstance(node, FactsNode | EntriesNode | AssignNode):
        return False
    if cohort is None and draft.is_personal(number):
        return any(_is_outside(draft, node, day, each) for each in draft.setting.cohorts)
    return _is_outside(draft, node, day, cohort)


def is_gap_personal(draft: Draft, number: int, day: date) -> bool:
    """True when it depends on the day of joining whether a number reaches outside coverage."""
    made_by = _made_by(draft, number, day)
    return draft.is_personal(number) or any(draft.is_personal(facts) for facts, _ in made_by)


def _made_by(draft: Draft, number: int, day: date) -> Iterator[tuple[int, date]]:
    """The numbers of facts that make the things of a number of each thing, with the days on which they look."""
    node = draft.graph[number]
    if isinstance(node, EachThingNode):
        for source in node.sources:
            yield from things_read(draft, number, source, day, node.thing)


def things_read(draft: Draft, number: int, item: Input, day: date, thing: str) -> Iterator[tuple[int, date]]:
    """The numbers of facts that say which things there are, with the days on which they look.

    They are what the number itself counts: neither what chooses among the things, nor lines and values.
    """
    look = draft.clock.shifted(day, item.shift)
    found = draft.input_of(number, item)
    node = draft.graph[found]
    if thing not in draft.graph.dims_of(found) or isinstance(node, AnyoneNode):
        return
    if isinstance(node, FactsNode):
        yield found, look
    elif isinstance(node, EachPeriodNode):
        for end in sorted(item_days(draft, found, look)):
            yield from things_read(draft, found, node.item, end, thing) if node.item else ()
    else:
        for part in _counted(node):
            yield from things_read(draft, found, part, look, thing)


def _counted(node: object) -> Iterator[Input]:
    match node:
        case ListNode():
            yield from node.items
        case GroupNode():
            yield from node.members
        case LeafNode() | FinishedNode() | ScaledNode():
            yield node.number
        case EachThingNode():
            yield from node.sources or ([node.item] if node.item else [])
        case _:
            return


def _is_outside(draft: Draft, node: FactsNode | EntriesNode | AssignNode, day: date, cohort: Cohort) -> bool:
    clock = draft.clock_of(cohort)
    if isinstance(node, FactsNode):
        span = clock.span(node.window, day)
        return _is_incomplete(draft, node.kind, span)
    if isinstance(node, AssignNode):
        return _is_incomplete(draft, node.number.of, clock.span(None, day))
    if node.earning.for_each is None:
        return False
    return _is_incomplete(draft, node.earning.for_each.of, clock.entry_coverage(node.earning, day))


def _is_incomplete(draft: Draft, kind: str, span: Period) -> bool:
    """Whether a source of a kind, or of one that it is a part of, does not cover a span."""
    return any(draft.setting.incomplete(name, span.start, span.end) for name in draft.program.up_to_base(kind))


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
        ends = item_days(draft, item.node, look)
        return all(is_complete(draft, part, end) for part in node.inputs for end in ends)
    if isinstance(node, DecisionNode):
        cohorts = draft.setting.cohorts if draft.is_personal(item.node) else (None,)
        spans = [draft.clock_of(each).span(node.window, look) for each in cohorts]
        return not any(draft.setting.incomplete("decisions", span.start, span.end) for span in spans)
    if isinstance(node, ChosenNode):
        return True
    return all(is_complete(draft, part, look) for part in node.inputs)


def item_days(draft: Draft, number: int, look: date) -> set[date]:
    """The days that a number of each period looks at its item; that of each thing looks at its own."""
    node = draft.graph[number]
    if not isinstance(node, EachPeriodNode):
        return {look}
    cohorts: Sequence[Cohort] = draft.setting.cohorts if draft.is_personal(number) else (None,)
    return {end for each in cohorts for end in draft.clock_of(each).looks(node.unit, node.window, look)}
