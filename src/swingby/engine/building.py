"""From a program to its graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property

from swingby.engine.clock import Clock
from swingby.engine.declared import ADD
from swingby.engine.graph import Graph
from swingby.engine.judging import build_requirement, with_window
from swingby.engine.needs import Found, read_values
from swingby.engine.nodes import (
    NOW,
    AccountNode,
    AnyoneNode,
    AssignNode,
    CasesNode,
    ChosenNode,
    ConstantNode,
    EachPeriodNode,
    EachThingNode,
    EntriesNode,
    EntriesWithinNode,
    FactsNode,
    FinishedNode,
    Input,
    LadderNode,
    ListNode,
    RankNode,
    ScaledNode,
    Shift,
    TierWordNode,
    TimeNode,
)
from swingby.engine.personal import is_personal
from swingby.engine.place import NOWHERE, Place, not_computed
from swingby.engine.steps.columns import fact_row
from swingby.program import Program
from swingby.program.anybody import askers, credits_anyone
from swingby.program.blocks import (
    ByCase,
    Constant,
    Dated,
    Located,
    OfNumber,
    PeriodUnit,
    Rounding,
    TableValue,
    Value,
    Window,
)
from swingby.program.model import DeclaredNumber, Earning, Ladder, Review, Tier
from swingby.program.numbers import (
    AccountNumber,
    AssignNumber,
    Cap,
    EachNumber,
    FactNumber,
    ListNumber,
    Number,
    NumberOptions,
    NumberReference,
    RankNumber,
    Requirement,
    TimeNumber,
    ValueNumber,
)

ENROLMENT = "enrolment"
_ONE_FOR_ALL = "Everybody's facts are read once for all partners. Write values and windows that are the same for all."


def build_graph(program: Program) -> Graph:
    """The graph of everything that a program declares.

    Raises
    ------
    SwingbyError
        ``not-computed`` with the place, for a construct that this version loads but cannot compute yet.
    """
    return build(program).graph


def build(program: Program, given: Mapping[str, Value] | None = None, *, onto: Graph | None = None) -> Builder:
    """The builder after everything a program declares, so that a requirement can be found again.

    ``given`` sets numbers by hand, for scenarios. ``onto`` is the graph of another version, in which what both say alike
    becomes one node.
    """
    builder = Builder(program, given or {}, onto)
    for section, add in ADD.items():
        for name in getattr(program, section):
            add(builder, name)
    return builder


class Builder:
    """Walks the declarations depth first; a name is built when it is first read.

    Building a part again finds the same nodes, because equal nodes are one. A name that is read for one thing at a
    time, or in a cell, is built for that place.
    """

    def __init__(self, program: Program, given: Mapping[str, Value], onto: Graph | None = None) -> None:
        self.program = program
        self.given = given
        self.graph = onto or Graph()
        self._numbers: dict[tuple[str, Place], Input] = {}
        self._requirements: dict[tuple[str, Place], Input] = {}
        self._ladders: dict[str, int] = {}

    # --- names ------------------------------------------------------------------------------------------------------

    def cells_of(self, name: str) -> frozenset[str]:
        """The cells that a named number has one value for each of."""
        declared = self.declared(name)
        if isinstance(declared, Earning):
            return frozenset(declared.by)
        options = getattr(declared.number, "options", None)
        return frozenset(options.by) if options else frozenset()

    def declared(self, name: str) -> DeclaredNumber | Earning:
        """The rule of that name; measures, scores, points and incentives share their names."""
        program = self.program
        number = program.measures.get(name) or program.scores.get(name)
        return number or program.points.get(name) or program.incentives[name]

    def needs_a_cell(self, name: str) -> bool:
        """True for a requirement that reads a number by cells: without a cell it has no single answer."""
        found = self.named_requirement(name, Place(cells=self.all_cells()))
        return bool(set(self.graph.dims[found.node]) & self.all_cells())

    def needs_a_thing(self, name: str) -> bool:
        """True for a number of everybody's facts: without a thing that they are about it has no answer."""
        return name not in self.given and self.asks_everybody(self.declared(name))

    def asks_everybody(self, rule: Located) -> bool:
        """True for a rule that reads everybody's facts where no ``each`` says about which thing."""
        return self._credits_anyone and any(askers(self.program, rule, given=self.given))

    @cached_property
    def _credits_anyone(self) -> bool:
        return credits_anyone(self.program)

    def all_cells(self) -> frozenset[str]:
        """Every column that has cells."""
        return frozenset(name for name, table in self.program.tables.items() if table.items)

    def named_number(self, name: str, place: Place, over: Window | None = None) -> Input:
        if over is not None:
            return self._over(name, place, over)
        if (name, place) not in self._numbers:
            self._numbers[name, place] = self._declared(name, place)
        return self._numbers[name, place]

    def _declared(self, name: str, place: Place) -> Input:
        if name in self.given:
            return self._given(name, place)
        return self._written(name, place)

    def _given(self, name: str, place: Place) -> Input:
        """A number that is set by hand; in cells for which none is set it is what it would be."""
        value, cells = self.given[name], self.cells_of(name)
        if not (isinstance(value, ByCase) and value.by in cells and value.otherwise is None):
            return self.value_number(value, place)
        rest, inner = ValueNumber(value=Constant(value=name)), place.within(*cells)
        dense = self.graph.add(ListNode("sum", (self._written(name, inner),), (None,)))
        filled, found = replace(value, otherwise=OfNumber(number=rest)), self.needs(inner, value)
        return self.graph.add(ConstantNode(filled, ((rest, dense), *found.needs), found.cells))

    def _written(self, name: str, place: Place) -> Input:
        declared = self.declared(name)
        if isinstance(declared, Earning):
            return self.earning(declared, place)
        return self.number(declared.number, place)

    def _over(self, name: str, place: Place, over: Window) -> Input:
        """A named number over another window than its own."""
        if name in self.given:
            return self._declared(name, place)
        declared = self.declared(name)
        if isinstance(declared, Earning):
            if declared.based_on is None or declared.each is not None:
                return self.graph.add(EntriesWithinNode(self.named_number(name, place), over))
            return self._scaled(declared, self.number(with_window(declared.based_on, over), place), place)
        return self.number(with_window(declared.number, over), place)

    def named_requirement(self, name: str, place: Place) -> Input:
        if (name, place) not in self._requirements:
            declared = self.program.requirements[name]
            self._requirements[name, place] = self.requirement(declared.requirement, place)
        return self._requirements[name, place]

    # --- values -----------------------------------------------------------------------------------------------------

    def needs(self, place: Place, *values: object) -> Found:
        """What values (or anything that holds values) read beside the row in hand."""
        return read_values(self, place, values)

    def value_number(self, value: Value, place: Place) -> Input:
        """A value as a number of its own."""
        if isinstance(value, OfNumber):
            return self.number(value.number, place)
        found = self.needs(place, value)
        return self.graph.add(ConstantNode(value, found.needs, found.cells))

    # --- numbers ----------------------------------------------------------------------------------------------------

    def number(self, number: Number, place: Place) -> Input:
        build = _NUMBERS[type(number)]
        return build(self, number, place)

    def finished(self, found: Input, options: NumberOptions, place: Place) -> Input:
        caps = options.cap
        if not caps and options.round is None and options.undefined is None:
            return found
        for cap in caps[:-1]:
            found = self._finished(found, cap, None, options.undefined, place)
        return self._finished(found, caps[-1] if caps else None, options.round, options.undefined, place)

    def _finished(
        self, found: Input, cap: Cap | None, rounding: Rounding | None, undefined: Value | None, place: Place
    ) -> Input:
        if cap is not None and cap.per:
            not_computed("a cap per something on a number", cap)
        high, low = (cap.at_most, cap.at_least) if cap else (None, None)
        needs = self.needs(place, high, low, undefined)
        return self.graph.add(FinishedNode(found, high, rounding, undefined, low, needs.needs, needs.cells))

    def facts(self, number: FactNumber, place: Place) -> Input:
        if "." in number.column and fact_row(self.program, self.program.kinds[number.of], "c")(number.column) is None:
            not_computed(f"a number of {number.column}", number)
        by = tuple(sorted(set(place.things) | set(number.options.by)))
        anyone = number.credit is not None and number.credit.anyone
        if anyone and not by:
            not_computed("credit: any without a thing that it is about", number)
        found = self.needs(place, number.where, number.times, number.pick)
        node = FactsNode(
            kind=number.of,
            aggregate=number.aggregate,
            column=number.column,
            where=number.where,
            window=number.over,
            when=number.when,
            credit=None if anyone else number.credit,
            times=number.times,
            pick=number.pick,
            split=tuple(sorted({*by, *found.cells})),
            needs=found.needs,
        )
        if set(found.cells) - set(by):
            not_computed("a value by cell in a number that has no such cell", number)
        if anyone and (node.needs or is_personal(Clock(self.program), node)):
            not_computed("credit: any with values or days of each partner's own", number, _ONE_FOR_ALL)
        added = self.graph.add(AnyoneNode(node) if anyone else node)
        return self.finished(added, number.options, place)

    def each(self, number: EachNumber, place: Place) -> Input:
        place = place.within(*number.options.by)
        if isinstance(number.each, PeriodUnit):
            return self._each_period(number, place)
        if number.each == ENROLMENT:
            item, of_requirement = self.item(number.item, NOWHERE)
            node = self.peers(number.aggregate, item, number, of_requirement=of_requirement)
            return self.finished(node, number.options, place)
        if number.each in place.things:
            not_computed(f"each: {number.each} inside each: {number.each}", number)
        is_cell = number.each in self.all_cells()
        inner = place.within(number.each) if is_cell else place.inside(number.each)
        item, of_requirement = self.item(number.item, inner)
        only = self.optional(number.only, inner)
        sources = () if is_cell else (item,)
        node = self.graph.add(EachThingNode(number.aggregate, item, of_requirement, number.each, only, sources))
        return self.finished(node, number.options, place)

    def _each_period(self, number: EachNumber, place: Place) -> Input:
        if number.over is None or not isinstance(number.each, PeriodUnit):
            not_computed("each period without a window", number)
        item, of_requirement = self.item(number.item, place)
        only = self.optional(number.only, place)
        node = EachPeriodNode(number.aggregate, item, of_requirement, number.each, number.over, only)
        return self.finished(self.graph.add(node), number.options, place)

    def peers(
        self, aggregate: str, item: Input | None, number: EachNumber | RankNumber, *, of_requirement: bool = False
    ) -> Input:
        tracks = tuple((name, self.track_word(name)) for name in number.peers if name in self.program.tracks)
        only = self.optional(number.only, NOWHERE)
        return self.graph.add(RankNode(aggregate, item, of_requirement, number.peers, only, tracks))  # type: ignore[arg-type]

    def rank(self, number: RankNumber, place: Place) -> Input:
        node = self.peers("rank", self.number(number.number, NOWHERE), number)
        return self.finished(node, number.options, place)

    def time(self, number: TimeNumber, place: Place) -> Input:
        return self.finished(self.graph.add(TimeNode(number.unit, number.over)), number.options, place)

    def assign(self, number: AssignNumber, place: Place) -> Input:
        if place.things:
            not_computed("seats for each thing", number)
        found = self.needs(place, *(seat.where for seat in number.seats))
        return self.finished(self.graph.add(AssignNode(number, found.cells, found.needs)), number.options, place)

    def account(self, number: AccountNumber, _: Place) -> Input:
        account = self.program.accounts[number.account]
        earnings = [*self.program.points.values(), *self.program.incentives.values()]
        only_in = number.show == "opened"
        flows = tuple(
            self.named_number(earning.name, NOWHERE)
            for earning in earnings
            if _flows(earning, number.account, only_in=only_in)
        )
        if any(isinstance(self.graph[item.node], ConstantNode) for item in flows):
            not_computed("an account whose earnings are set by hand", number)
        least = tuple(
            ((earning.name, place), self.value_number(part.at_least, NOWHERE))
            for earning in earnings
            for place, part in enumerate(earning.split, start=1)
            if part.at_least is not None and _flows(earning, number.account, only_in=only_in)
        )
        return self.graph.add(AccountNode(account, number.show, number.over, flows, least))

    def list(self, number: ListNumber, place: Place) -> Input:
        place = place.within(*number.options.by)
        items = [self.item(entry.item, place) for entry in number.items]
        weights = [entry.weight for entry in number.items]
        weighed = tuple(self.weighed(weight, place) for weight in weights)
        node = ListNode(
            operation=number.operation,
            items=tuple(item for item, _ in items),
            weights=tuple(None if found else weight for weight, found in zip(weights, weighed, strict=True)),
            base=number.base,
            of_requirements=any(flag for _, flag in items),
            weighed=weighed if any(weighed) else (),
        )
        return self.finished(self.graph.add(node), number.options, place)

    def weighed(self, weight: Value | None, place: Place) -> Input | None:
        """A weight or another value as a number, where it depends on more than the day."""
        return None if weight is None or depends_on_day_only(self.program, weight) else self.value_number(weight, place)

    def item(self, item: Number | Requirement, place: Place) -> tuple[Input, bool]:
        if type(item) in _NUMBERS:
            return self.number(item, place), False  # type: ignore[arg-type]
        return self.requirement(item, place), True  # type: ignore[arg-type]

    def reference(self, reference: NumberReference, place: Place) -> Input:
        found = self.named_number(reference.name, place, reference.over)
        return self.shifted(found, Shift(reference.ago, reference.at))

    def shifted(self, found: Input, shift: Shift) -> Input:
        """Shifts do not add up on one input; a shifted input of another day goes through a sum of one."""
        if shift == NOW:
            return found
        if found.shift == NOW:
            return Input(found.node, shift)
        return Input(self.graph.add(ListNode("sum", (found,), (None,))).node, shift)

    def of_the_day(self, found: Input) -> Input:
        """A number as a node of the asking day, for one that is nothing but another one as of another day."""
        return found if found.shift == NOW else self.graph.add(ListNode("sum", (found,), (None,)))

    def value(self, number: ValueNumber, place: Place) -> Input:
        return self.value_number(number.value, place)

    # --- earnings ---------------------------------------------------------------------------------------------------

    def earning(self, earning: Earning, place: Place) -> Input:
        place = place.within(*earning.by)
        if earning.based_on is None or earning.each is not None:
            return self._entries(earning, place)
        return self._scaled(earning, self.number(earning.based_on, place), place)

    def _scaled(self, earning: Earning, number: Input, place: Place) -> Input:
        gate = self.optional(earning.requires, place)
        found = self.needs(place, earning.scale, earning.times, earning.cap)
        return self.graph.add(ScaledNode(number, earning, gate, found.needs, found.cells))

    def _entries(self, earning: Earning, place: Place) -> Input:
        if place.things:
            not_computed("entries for each thing", earning)
        source = earning.for_each
        within = [cap for cap in earning.cap if cap.per]
        numbers = [value for cap in within for value in (cap.at_most, cap.at_least) if isinstance(value, OfNumber)]
        others = [value for cap in within for value in (cap.at_most, cap.at_least) if not isinstance(value, OfNumber)]
        filters = (source.where, source.pick) if source else ()
        found = self.needs(place, earning.scale, earning.times, earning.dated, filters, others)
        closing = self.needs(place, numbers)
        today = self.needs(place, [cap for cap in earning.cap if not cap.per])
        cells = {*found.cells, *closing.cells, *today.cells, *(earning.by if source else ())}
        node = EntriesNode(
            earning=earning,
            gate=self.optional(earning.requires, place),
            needs=found.needs,
            closing=closing.needs,
            today=today.needs,
            split=tuple(sorted(cells)),
            number=self.number(earning.based_on, place) if earning.based_on else None,
        )
        return self.graph.add(node)

    # --- requirements and words -------------------------------------------------------------------------------------

    def requirement(self, requirement: Requirement, place: Place) -> Input:
        """The node of a requirement, read in a place."""
        return build_requirement(self, requirement, place)

    def track_word(self, name: str) -> Input:
        """The node that gives the word of a track; it is about the partner, whatever thing or cell is looked at."""
        track = self.program.tracks[name]
        if track.chosen is not None:
            return self.graph.add(ChosenNode(track.chosen, track.otherwise))
        cases = tuple(self.requirement(case.requires, NOWHERE) for case in track.cases)
        return self.graph.add(CasesNode(tuple(case.word for case in track.cases), cases, track.otherwise))

    def tier_word(self, name: str) -> Input:
        """The node that gives the tier held on a ladder as a word."""
        tiers = tuple(tier.id for tier in self.program.ladders[name].tiers)
        return self.graph.add(TierWordNode(Input(self.ladder(name)), tiers))

    # --- ladders ----------------------------------------------------------------------------------------------------

    def ladder(self, name: str) -> int:
        if name not in self._ladders:
            ladder = self.program.ladders[name]
            if ladder.promote.grace or ladder.promote.keeps:
                not_computed("promotion with grace or keeps", ladder)
            place = Place(cells=frozenset(ladder.by))
            earned = tuple(self.optional(tier.requires, place) for tier in ladder.tiers)
            kept = tuple(self._kept(ladder, review, place) for review in ladder.demote)
            lower = tuple(self.optional(tier.keeps or tier.requires, place) for tier in ladder.tiers)
            protected = self.graph.add(ChosenNode(ladder.protect, "")) if ladder.protect else None
            self._ladders[name] = self.graph.add(LadderNode(ladder, earned, kept, lower, protected)).node
        return self._ladders[name]

    def _kept(self, ladder: Ladder, review: Review, place: Place) -> tuple[Input | None, ...]:
        return tuple(self.optional(_keeps(review, tier), place) for tier in ladder.tiers)

    def optional(self, requirement: Requirement | None, place: Place) -> Input | None:
        return None if requirement is None else self.requirement(requirement, place)


def _keeps(review: Review, tier: Tier) -> Requirement | None:
    return review.keeps or tier.keeps or tier.requires


def depends_on_day_only(program: Program, value: Value) -> bool:
    """True for a value that is the same for everybody on a day."""
    match value:
        case Constant():
            return True
        case Dated():
            parts = [step for _, step in value.steps] + ([value.initially] if value.initially else [])
            return all(depends_on_day_only(program, part) for part in parts)
        case TableValue():
            named = program.tables[value.table].value
            return named is not None and depends_on_day_only(program, named)
        case _:
            return False


def _flows(earning: Earning, account: str, *, only_in: bool) -> bool:
    """True for an earning that pays into an account, or takes out of it."""
    parts = any(account in (part.into, part.otherwise) for part in earning.split)
    return earning.into == account or parts or (earning.out_of == account and not only_in)


_NUMBERS: Mapping[type, Callable[..., Input]] = {
    FactNumber: Builder.facts,
    EachNumber: Builder.each,
    ListNumber: Builder.list,
    NumberReference: Builder.reference,
    ValueNumber: Builder.value,
    RankNumber: Builder.rank,
    AssignNumber: Builder.assign,
    TimeNumber: Builder.time,
    AccountNumber: Builder.account,
}
