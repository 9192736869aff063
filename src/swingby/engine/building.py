"""From a program to its graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NoReturn

from swingby.engine.graph import (
    NOW,
    ConstantNode,
    DecisionNode,
    EachPeriodNode,
    EntriesNode,
    FactsNode,
    FinishedNode,
    Graph,
    GroupNode,
    HeldNode,
    Input,
    LadderNode,
    LeafNode,
    ListNode,
    ScaledNode,
    Shift,
    TrackNode,
)
from swingby.errors import SwingbyError
from swingby.program import Program
from swingby.program.blocks import Located, OfNumber, PeriodUnit, Value
from swingby.program.model import Earning, Ladder, Review, Tier
from swingby.program.numbers import (
    AccountNumber,
    AssignNumber,
    Compare,
    DecisionMade,
    EachNumber,
    FactNumber,
    Group,
    ListNumber,
    Number,
    NumberOptions,
    NumberReference,
    RankNumber,
    Requirement,
    RequirementReference,
    TierHeld,
    TimeNumber,
    TrackIs,
    ValueNumber,
)


def build_graph(program: Program) -> Graph:
    """The graph of everything that a program declares.

    Raises
    ------
    SwingbyError
        ``not-computed`` with the place, for a construct that this version loads but cannot compute yet.
    """
    return build(program).graph


def build(program: Program, given: Mapping[str, Value] | None = None) -> Builder:
    """The builder after everything a program declares, so that a requirement can be found again.

    ``given`` sets numbers by hand, for scenarios.
    """
    builder = Builder(program, given or {})
    for name in (*program.measures, *program.points, *program.scores, *program.incentives):
        builder.named_number(name)
    for name in program.requirements:
        builder.named_requirement(name)
    for name in program.ladders:
        builder.ladder(name)
    return builder


def not_computed(what: str, where: Located) -> NoReturn:
    """Refuse what is in the language but not yet in the engine, saying where it was written."""
    raise SwingbyError(
        code="not-computed",
        message=f"{where.location}: {what} cannot be computed by this version yet.",
        hint="Write the rule in another way, or wait for the version that computes it.",
    )


class Builder:
    """Walks the declarations depth first; a name is built when it is first read.

    Building a part again finds the same nodes, because equal nodes are one.
    """

    def __init__(self, program: Program, given: Mapping[str, Value]) -> None:
        self.program = program
        self.given = given
        self.graph = Graph()

    # --- names ------------------------------------------------------------------------------------------------------

    def named_number(self, name: str) -> Input:
        if name not in self.graph.numbers:
            self.graph.numbers[name] = self._declared(name)
        return self.graph.numbers[name]

    def _declared(self, name: str) -> Input:
        if name in self.given:
            return self.graph.add(ConstantNode(self.given[name]))
        declared = self.program.measures.get(name) or self.program.scores.get(name)
        if declared is not None:
            return self.number(declared.number)
        earning = self.program.points.get(name) or self.program.incentives[name]
        return self.earning(earning)

    def named_requirement(self, name: str) -> Input:
        if name not in self.graph.requirements:
            self.graph.requirements[name] = self.requirement(self.program.requirements[name].requirement)
        return self.graph.requirements[name]

    # --- numbers ----------------------------------------------------------------------------------------------------

    def number(self, number: Number) -> Input:
        build = _NUMBERS[type(number)]
        return build(self, number)

    def finished(self, found: Input, options: NumberOptions) -> Input:
        if options.by:
            not_computed("a number by cells", options)
        caps = options.cap
        if len(caps) > 1 or any(cap.per or cap.at_least for cap in caps):
            not_computed("a cap of this form on a number", caps[0])
        cap = caps[0].at_most if caps else None
        if cap is None and options.round is None and options.undefined is None:
            return found
        return self.graph.add(FinishedNode(found, cap, options.round, options.undefined))

    def facts(self, number: FactNumber) -> Input:
        node = FactsNode(
            kind=number.of,
            aggregate=number.aggregate,
            column=number.column,
            where=number.where,
            window=number.over,
            when=number.when,
            credit=number.credit,
            times=number.times,
            pick=number.pick,
        )
        return self.finished(self.graph.add(node), number.options)

    def each(self, number: EachNumber) -> Input:
        if not isinstance(number.each, PeriodUnit) or number.only or number.over is None:
            not_computed(f"each: {number.each}", number)
        item, of_requirement = self.item(number.item)
        node = EachPeriodNode(number.aggregate, item, of_requirement, number.each, number.over)
        return self.finished(self.graph.add(node), number.options)

    def list(self, number: ListNumber) -> Input:
        items = [self.item(entry.item) for entry in number.items]
        node = ListNode(
            operation=number.operation,
            items=tuple(item for item, _ in items),
            weights=tuple(entry.weight for entry in number.items),
            base=number.base,
            of_requirements=any(flag for _, flag in items),
        )
        return self.finished(self.graph.add(node), number.options)

    def item(self, item: Number | Requirement) -> tuple[Input, bool]:
        if type(item) in _NUMBERS:
            return self.number(item), False  # type: ignore[arg-type]
        return self.requirement(item), True  # type: ignore[arg-type]

    def reference(self, reference: NumberReference) -> Input:
        if reference.over is not None:
            not_computed("a reference with its own window", reference)
        found = self.named_number(reference.name)
        return self.shifted(found, Shift(reference.ago, reference.at))

    def shifted(self, found: Input, shift: Shift) -> Input:
        """Shifts do not add up on one input; a shifted input of another day goes through a sum of one."""
        if shift == NOW:
            return found
        if found.shift == NOW:
            return Input(found.node, shift)
        return Input(self.graph.add(ListNode("sum", (found,), (None,))).node, shift)

    def value(self, number: ValueNumber) -> Input:
        if isinstance(number.value, OfNumber):
            return self.number(number.value.number)
        return self.graph.add(ConstantNode(number.value))

    def earning(self, earning: Earning) -> Input:
        _refuse_earning(earning)
        gate = self.requirement(earning.requires) if earning.requires else None
        if earning.based_on is None:
            return self.graph.add(EntriesNode(earning, gate))
        return self.graph.add(ScaledNode(self.number(earning.based_on), earning, gate))

    # --- requirements -----------------------------------------------------------------------------------------------

    def requirement(self, requirement: Requirement) -> Input:
        build = _REQUIREMENTS.get(type(requirement))
        if build is None:
            not_computed("a requirement of this form", requirement)
        return build(self, requirement)

    def compare(self, leaf: Compare) -> Input:
        line = leaf.line
        line_number = self.line_number(line)
        number = self.number(leaf.number)
        found = self.graph.add(LeafNode(number, leaf.test, None if line_number else line, line_number))
        return self.shifted_requirement(found, Shift(leaf.ago, leaf.at))

    def line_number(self, line: Value | None) -> Input | None:
        return self.number(line.number) if isinstance(line, OfNumber) else None

    def shifted_requirement(self, found: Input, shift: Shift) -> Input:
        if shift == NOW:
            return found
        return self.graph.add(GroupNode("all", (Input(found.node, shift),)))

    def decision(self, decision: DecisionMade) -> Input:
        return self.graph.add(DecisionNode(decision.topic, decision.outcomes, decision.over))

    def track(self, leaf: TrackIs) -> Input:
        track = self.program.tracks[leaf.track]
        if track.chosen is None:
            not_computed("a track computed from cases", track)
        return self.graph.add(TrackNode(track, leaf.words, leaf.negated))

    def held(self, leaf: TierHeld) -> Input:
        ladder = self.program.ladders[leaf.ladder]
        ordinal = [tier.id for tier in ladder.tiers].index(leaf.tier)
        found = self.graph.add(HeldNode(Input(self.ladder(leaf.ladder)), leaf.test, ordinal))
        return self.shifted_requirement(found, Shift(leaf.ago, leaf.at))

    def requirement_reference(self, leaf: RequirementReference) -> Input:
        return self.shifted_requirement(self.named_requirement(leaf.name), Shift(leaf.ago, leaf.at))

    def group(self, group: Group) -> Input:
        members = tuple(self.requirement(item) for item in group.items)
        return self.graph.add(GroupNode(group.kind, members, group.at_least))

    # --- ladders ----------------------------------------------------------------------------------------------------

    def ladder(self, name: str) -> int:
        if name not in self.graph.ladders:
            ladder = self.program.ladders[name]
            _refuse_ladder(ladder)
            earned = tuple(self.optional(tier.requires) for tier in ladder.tiers)
            kept = tuple(
                tuple(self.optional(_keeps(review, tier)) for tier in ladder.tiers) for review in ladder.demote
            )
            self.graph.ladders[name] = self.graph.add(LadderNode(ladder, earned, kept)).node
        return self.graph.ladders[name]

    def optional(self, requirement: Requirement | None) -> Input | None:
        return None if requirement is None else self.requirement(requirement)


def _keeps(review: Review, tier: Tier) -> Requirement | None:
    return review.keeps or tier.keeps or tier.requires


def _refuse_earning(earning: Earning) -> None:
    """Name what an earning asks for that is not computed yet."""
    unsupported: Mapping[str, object] = {
        "cells": earning.by,
        "dated": earning.dated,
        "rates_at": earning.rates_at,
        "awarded": earning.awarded,
        "own currency": earning.own_currency,
        "an account": earning.into or earning.out_of or earning.split,
        "each period": earning.each or earning.over,
        "pick": earning.for_each and earning.for_each.pick,
        "a gate on entries": earning.for_each and earning.requires,
    }
    for what, present in unsupported.items():
        if present:
            not_computed(f"an earning with {what}", earning)


def _refuse_ladder(ladder: Ladder) -> None:
    if ladder.by or ladder.protect:
        not_computed("a ladder by cells or with protected tiers", ladder)
    if ladder.promote.grace or ladder.promote.keeps:
        not_computed("promotion with grace or keeps", ladder)


def _unsupported(_: Builder, number: Located) -> Input:
    not_computed("a number of this form", number)


_NUMBERS: Mapping[type, Callable[..., Input]] = {
    FactNumber: Builder.facts,
    EachNumber: Builder.each,
    ListNumber: Builder.list,
    NumberReference: Builder.reference,
    ValueNumber: Builder.value,
    RankNumber: _unsupported,
    AssignNumber: _unsupported,
    TimeNumber: _unsupported,
    AccountNumber: _unsupported,
}

_REQUIREMENTS: Mapping[type, Callable[..., Input]] = {
    Compare: Builder.compare,
    DecisionMade: Builder.decision,
    TrackIs: Builder.track,
    TierHeld: Builder.held,
    RequirementReference: Builder.requirement_reference,
    Group: Builder.group,
}
