"""Requirements as nodes: numbers against lines, statuses, and groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from swingby.engine.nodes import (
    NOW,
    ColumnNode,
    ConstantNode,
    DecisionNode,
    EachPeriodNode,
    EachThingNode,
    FinishedNode,
    GroupNode,
    HeldNode,
    Input,
    LeafNode,
    ListNode,
    RankNode,
    Shift,
    WordIsNode,
)
from swingby.engine.place import NOWHERE, Place, not_computed
from swingby.program.blocks import Constant, OfNumber, Rounding, Value, Window
from swingby.program.numbers import (
    AssignNumber,
    ColumnTest,
    Compare,
    DecisionMade,
    EachNumber,
    FactNumber,
    Group,
    ListNumber,
    Number,
    NumberOptions,
    NumberReference,
    RankLine,
    RankNumber,
    Requirement,
    RequirementReference,
    TierHeld,
    TimeNumber,
    TrackIs,
)

if TYPE_CHECKING:
    from swingby.engine.building import Builder


def build_requirement(builder: Builder, requirement: Requirement, place: Place) -> Input:
    """The node of a requirement, read in a place."""
    return _REQUIREMENTS[type(requirement)](builder, requirement, place)


def compare(builder: Builder, leaf: Compare, place: Place) -> Input:
    number = builder.number(leaf.number, place)
    line, line_number = _line(builder, leaf, place)
    found = builder.graph.add(LeafNode(number, leaf.test, line, line_number))
    return shifted_requirement(builder, found, Shift(leaf.ago, leaf.at))


def _line(builder: Builder, leaf: Compare, place: Place) -> tuple[Value | None, Input | None]:
    """The line as a value, or as a number of its own where it depends on more than the row in hand."""
    if leaf.line is None:
        return None, counted(builder, leaf.number, place)
    if isinstance(leaf.line, OfNumber) or builder.needs(place, leaf.line):
        return None, builder.value_number(leaf.line, place)
    return leaf.line, None


def counted(builder: Builder, number: Number, place: Place) -> Input:
    """How many things a number looked at, for ``at_least: all``."""
    if isinstance(number, NumberReference):
        declared = builder.program.measures.get(number.name) or builder.program.scores.get(number.name)
        if declared is None or number.name in builder.given:
            not_computed("at_least: all of this number", number)
        found = counted(builder, with_window(declared.number, number.over), place)
        return builder.shifted(found, Shift(number.ago, number.at))
    if isinstance(number, ListNumber):
        return builder.graph.add(ConstantNode(Constant(value=_whole(len(number.items)))))
    if isinstance(number, AssignNumber):
        total = ListNode("sum", tuple(builder.value_number(seat.count, place) for seat in number.seats), ())
        return builder.graph.add(replace(total, weights=(None,) * len(number.seats)))
    if isinstance(number, EachNumber):
        return _counted_each(builder, number, place)
    not_computed("at_least: all of this number", number)


def _counted_each(builder: Builder, number: EachNumber, place: Place) -> Input:
    place = place.within(*number.options.by)
    plain = replace(number, aggregate="count", options=NumberOptions())
    found = builder.graph[builder.each(plain, place).node]
    if isinstance(found, EachThingNode | EachPeriodNode | RankNode):
        return builder.graph.add(replace(found, item=None, of_requirement=True))
    not_computed("at_least: all of this number", number)


def shifted_requirement(builder: Builder, found: Input, shift: Shift) -> Input:
    if shift == NOW:
        return found
    return builder.graph.add(GroupNode("all", (Input(found.node, shift),)))


def rank_line(builder: Builder, leaf: RankLine, place: Place) -> Input:
    number = builder.number(leaf.number, place)
    line = builder.value_number(leaf.top, place)
    if leaf.is_share:
        ranked = _ranked(builder, leaf.number)
        share = builder.graph.add(ListNode("product", (line, ranked), (None, None)))
        mode = Rounding(to=_whole(1), mode="up" if leaf.cut == "up" else "down")
        line = builder.graph.add(FinishedNode(share, None, mode, None))
    return builder.graph.add(LeafNode(number, "at_most", None, line))


def _ranked(builder: Builder, number: Number) -> Input:
    """How many have a place in a ranking."""
    if isinstance(number, NumberReference):
        declared = builder.program.measures.get(number.name) or builder.program.scores.get(number.name)
        if declared is None or number.name in builder.given:
            not_computed("a share of this number", number)
        return builder.shifted(_ranked(builder, declared.number), Shift(number.ago, number.at))
    if not isinstance(number, RankNumber):
        not_computed("a share of this number", number)
    return builder.peers("ranked", builder.number(number.number, NOWHERE), number)


def decision(builder: Builder, decision: DecisionMade, _: Place) -> Input:
    return builder.graph.add(DecisionNode(decision.topic, decision.outcomes, decision.over))


def track(builder: Builder, leaf: TrackIs, _: Place) -> Input:
    return builder.graph.add(WordIsNode(builder.track_word(leaf.track), leaf.words, leaf.negated))


def column_test(builder: Builder, leaf: ColumnTest, place: Place) -> Input:
    return builder.graph.add(ColumnNode(leaf.filter, builder.needs(place, leaf.filter).needs))


def held(builder: Builder, leaf: TierHeld, _: Place) -> Input:
    ladder = builder.program.ladders[leaf.ladder]
    ordinal = [tier.id for tier in ladder.tiers].index(leaf.tier)
    found = builder.graph.add(HeldNode(Input(builder.ladder(leaf.ladder)), leaf.test, ordinal))
    return shifted_requirement(builder, found, Shift(leaf.ago, leaf.at))


def requirement_reference(builder: Builder, leaf: RequirementReference, place: Place) -> Input:
    return shifted_requirement(builder, builder.named_requirement(leaf.name, place), Shift(leaf.ago, leaf.at))


def group(builder: Builder, group: Group, place: Place) -> Input:
    members = tuple(builder.requirement(item, place) for item in group.items)
    need = builder.weighed(group.at_least, place)
    return builder.graph.add(GroupNode(group.kind, members, None if need else group.at_least, need))


def with_window(number: Number, over: Window | None) -> Number:
    """A number over another window than its own."""
    if over is None:
        return number
    if isinstance(number, FactNumber | EachNumber | TimeNumber | NumberReference):
        return replace(number, over=over)
    not_computed("another window for this number", number)


def _whole(number: int) -> Decimal:
    return Decimal(number)


_REQUIREMENTS: Mapping[type, Callable[[Builder, Any, Place], Input]] = {
    Compare: compare,
    RankLine: rank_line,
    DecisionMade: decision,
    TrackIs: track,
    ColumnTest: column_test,
    TierHeld: held,
    RequirementReference: requirement_reference,
    Group: group,
}
