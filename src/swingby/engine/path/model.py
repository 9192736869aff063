"""A model of one review: what requirements would say if acts were done, from what trials showed.

Sums, caps, ratios, scales, gates and groups are worked out as the engine does; every other number is taken to change by
what each act changes alone. That may promise too much, never too little to matter: the engine has the last word.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from swingby.engine.clock import Clock
from swingby.engine.graph import Graph
from swingby.engine.nodes import (
    NOW,
    EachPeriodNode,
    EntriesNode,
    FactsNode,
    FinishedNode,
    GroupNode,
    LeafNode,
    ListNode,
    Node,
    ScaledNode,
)
from swingby.engine.path.plain import holds, plain_number
from swingby.engine.path.trials import Done, Offer, Seen
from swingby.program import Program
from swingby.program.blocks import PeriodUnit, Scale, Value
from swingby.program.model import Earning

#: More conditions than any requirement has: it cannot come true.
NEVER = 10**6
Values = dict[int, Decimal | None]
Missing = dict[int, int]
Worked = tuple[Values, Missing]
_ZERO = Decimal(0)
_LISTS = ("sum", "difference", "product", "ratio", "least", "greatest", "count")


@dataclass(frozen=True, slots=True)
class Response:
    """What one act changes in a number, by how often it is done.

    Straight between and behind what was tried; an even one goes straight until it is full, and adds no more then.
    """

    points: tuple[tuple[int, Decimal], ...]
    is_even: bool = False

    def at(self, count: int) -> Decimal:
        """The change when it is done so often."""
        if self.is_even:
            return self._even(count)
        low, low_value = 0, _ZERO
        for high, value in self.points:
            if count <= high:
                return low_value + (value - low_value) * (count - low) / (high - low)
            low, low_value = high, value
        return low_value + self.last_slope * (count - low)

    def _even(self, count: int) -> Decimal:
        straight, full = self.points[0][1] * count, self.points[-1][1]
        return straight if self.full is None or abs(straight) <= abs(full) else full

    @property
    def full(self) -> Decimal | None:
        """The change that more of the act adds nothing to; None where that was not seen."""
        (first, one), (last, most) = self.points[0], self.points[-1]
        if self.is_even:
            return most if last > first and most != one * last else None
        return most if len(self.points) > 1 and not self.last_slope else None

    @property
    def is_full_at(self) -> int | None:
        """How often it has to be done until more adds nothing; None where that was not seen."""
        full, one = self.full, self.points[0][1]
        if full is None:
            return None
        return math.ceil(full / one) if self.is_even and one else self.points[-1][0]

    @property
    def last_slope(self) -> Decimal:
        """What one more adds in the end."""
        before = self.points[-2] if len(self.points) > 1 else (0, _ZERO)
        last = self.points[-1]
        return (last[1] - before[1]) / (last[0] - before[0])

    @property
    def best_slope(self) -> Decimal:
        """The most that one more adds."""
        if self.is_even:
            return self.points[0][1]
        pairs = zip(((0, _ZERO), *self.points[:-1]), self.points, strict=True)
        return max((high[1] - low[1]) / (high[0] - low[0]) for low, high in pairs)


@dataclass(frozen=True, slots=True)
class Component:
    """A number that is known by trials only: its value, and in groups that share a limit what each slot changes."""

    base: Decimal
    groups: tuple[tuple[Mapping[int, Response], Decimal | None], ...]
    is_defined: bool
    known: dict[tuple[int, int], Decimal] = field(default_factory=dict, compare=False)

    def value(self, done: Done) -> Decimal | None:
        """The number when acts are done."""
        total, touched = self.base, self.is_defined
        for responses, limit in self.groups:
            gained = _ZERO
            for slot in responses:
                if done[slot]:
                    gained += self._change(slot, done[slot], responses)
                    touched = True
            total += gained if limit is None or gained <= limit else limit
        return total if touched else None

    def _change(self, slot: int, count: int, responses: Mapping[int, Response]) -> Decimal:
        """The response of a slot, worked out once for each count."""
        found = self.known.get((slot, count))
        if found is None:
            found = self.known[slot, count] = responses[slot].at(count)
        return found


@dataclass(slots=True)
class Model:
    """Works out the requirement ``root`` for any acts; None for a tier that requires nothing.

    Attributes
    ----------
    components
        The numbers that some act changes and that are known by trials.
    assumable
        The requirements that no act can meet: they count as conditions.
    """

    program: Program
    graph: Graph
    day: date
    root: int | None
    base: Seen
    components: Mapping[int, Component]
    assumable: frozenset[int]
    order: tuple[int, ...] = field(default_factory=tuple)
    _known: dict[int, Decimal | None] = field(default_factory=dict, compare=False, repr=False)
    _scales: dict[tuple[int, Decimal], Decimal] = field(default_factory=dict, compare=False, repr=False)
    _touched: dict[int, tuple[int, ...]] = field(default_factory=dict, compare=False, repr=False)

    def work_out(self, done: Done) -> Worked:
        """Every number that acts change, and for every requirement how many conditions it rests on."""
        return self._worked_out(done, self.order, {}, {})

    def work_out_again(self, done: Done, slot: int, values: Values, missing: Missing) -> Worked:
        """The same out of what came out before only one slot changed."""
        return self._worked_out(done, self._touched_by(slot), values.copy(), missing.copy())

    def _touched_by(self, slot: int) -> tuple[int, ...]:
        """What a slot changes, in order."""
        if slot not in self._touched:
            found: set[int] = set()
            for number in self.order:
                groups = self.components[number].groups if number in self.components else ()
                reads = not groups and any(item.node in found for item in self.graph.nodes[number].inputs)
                if reads or any(slot in members for members, _ in groups):
                    found.add(number)
            self._touched[slot] = tuple(sorted(found))
        return self._touched[slot]

    def _worked_out(self, done: Done, order: Sequence[int], values: Values, missing: Missing) -> Worked:
        for number in order:
            component, node = self.components.get(number), self.graph.nodes[number]
            if component is not None:
                values[number] = component.value(done)
            elif isinstance(node, LeafNode):
                missing[number] = self._leaf(number, node, values)
            elif isinstance(node, GroupNode):
                missing[number] = self._group(number, node, missing)
            else:
                values[number] = self._number(node, values, missing)
        return values, missing

    def rests_on(self, done: Done) -> int:
        """How many conditions the tier would rest on; `NEVER` where something is missing that acts could do."""
        if self.root is None:
            return 0
        if not self.order or self.order[-1] != self.root:
            return self._missing({}, self.root)
        return self.work_out(done)[1][self.root]

    @property
    def rises(self) -> bool:
        """True where no requirement asks for a number to stay low."""
        return not any(_stays_low(self.graph.nodes[number]) for number in self.order)

    def rests_on_at_best(self, low: Done, high: Done) -> int:
        """How many conditions the tier would rest on at best for acts between two bounds: what must stay low is at its lowest."""
        if self.rises or self.root is None:
            return self.rests_on(high)
        lowest, _ = self.work_out(low)
        highest, missing = self.work_out(high)
        for number in self.order:
            node = self.graph.nodes[number]
            if isinstance(node, GroupNode):
                missing[number] = self._group(number, node, missing)
            elif isinstance(node, LeafNode) and _stays_low(node):
                missing[number] = min(self._leaf(number, node, lowest), missing[number])
                missing[number] = 0 if self._is_between(node, lowest, highest, number) else missing[number]
        return missing.get(self.root, self._missing(missing, self.root))

    def _is_between(self, node: LeafNode, lowest: Values, highest: Values, number: int) -> bool:
        """True where a number that must be exactly something can be below it and above it."""
        line = self.base.answers[number].line if number in self.base.answers else None
        low, high = self.number(lowest, node.number.node), self.number(highest, node.number.node)
        return node.test == "is" and None not in (line, high) and (low or _ZERO) <= (line or _ZERO) <= (high or _ZERO)

    def number(self, values: Values, node: int) -> Decimal | None:
        """The number of a node when acts are done."""
        return values[node] if node in values else self.base.numbers.get(node)

    def most(self, slot: int, possible: int) -> int:
        """How often an act is worth doing: no more than until everything that it changes is full."""
        full = [
            members[slot].is_full_at
            for each in self.components.values()
            for members, _ in each.groups
            if slot in members
        ]
        known = [many for many in full if many is not None]
        return min(possible, max(known)) if len(known) == len(full) and known else possible

    # --- requirements -----------------------------------------------------------------------------------------------

    def missing(self, missing: Missing, node: int) -> int:
        """How many conditions a requirement rests on."""
        return self._missing(missing, node)

    def _missing(self, missing: Missing, node: int) -> int:
        if node in missing:
            return missing[node]
        answer = self.base.answers.get(node)
        if answer is not None and answer.result == 1:
            return 0
        found = self.graph.nodes[node]
        if isinstance(found, GroupNode):
            return self._group(node, found, missing)
        return 1 if node in self.assumable else NEVER

    def _leaf(self, number: int, node: LeafNode, values: Values) -> int:
        line = self.base.answers[number].line if number in self.base.answers else None
        if node.line_number is not None and node.line_number.node in values:
            line = values[node.line_number.node]
        value = self.number(values, node.number.node)
        if value is not None and line is not None and holds(node.test, value, line):
            return 0
        return 1 if number in self.assumable else NEVER

    def _group(self, number: int, node: GroupNode, missing: Missing) -> int:
        found = sorted(self._missing(missing, item.node) for item in node.members)
        if node.kind == "all":
            return min(sum(found), NEVER)
        if node.kind == "any":
            return found[0] if found else NEVER
        if node.kind == "none":
            return 0 if all(found) else 1 if number in self.assumable else NEVER
        need = self._plain(node.at_least) if node.at_least else None
        return min(sum(found if need is None else found[: int(need)]), NEVER)

    # --- numbers ----------------------------------------------------------------------------------------------------

    def _plain(self, value: Value | None) -> Decimal | None:
        """A value of the program on the day, worked out once."""
        if id(value) not in self._known:
            self._known[id(value)] = plain_number(self.program, value, self.day, {})
        return self._known[id(value)]

    def _number(self, node: Node, values: Values, missing: Missing) -> Decimal | None:
        match node:
            case ListNode():
                return self._listed(node, values, missing)
            case FinishedNode():
                value = self.number(values, node.number.node)
                cap = self._plain(node.cap)
                return value if value is None or cap is None else min(value, cap)
            case ScaledNode():
                return self._scaled(node, values, missing)
        raise TypeError(node)

    def _listed(self, node: ListNode, values: Values, missing: Missing) -> Decimal | None:
        if node.operation == "count":
            return Decimal(sum(self._missing(missing, item.node) == 0 for item in node.items))
        listed = [self.number(values, item.node) for item in node.items]
        numbers = [number for number in listed if number is not None]
        if node.operation in ("least", "greatest"):
            chosen = min if node.operation == "least" else max
            return chosen(numbers) if numbers else None
        if len(numbers) < len(listed):
            return None
        if node.operation == "ratio":
            base = self._plain(node.base) or _ZERO
            return numbers[0] / numbers[1] if numbers[1] > 0 and numbers[1] >= base else None
        if node.operation == "product":
            found = Decimal(1)
            for number in numbers:
                found *= number
            return found
        return numbers[0] - numbers[1] if node.operation == "difference" else sum(numbers, _ZERO)

    def _scaled(self, node: ScaledNode, values: Values, missing: Missing) -> Decimal | None:
        if node.gate is not None and self._missing(missing, node.gate.node) != 0:
            return _ZERO
        value = self.number(values, node.number.node)
        if value is None:
            return _ZERO
        key = (id(node), value)
        if key not in self._scales:
            self._scales[key] = self._earned(node.earning, value)
        return self._scales[key]

    def _earned(self, earning: Earning, value: Decimal) -> Decimal:
        """What a number earns, up to the caps."""
        found = max(scaled(self.program, earning.scale, value, self.day), _ZERO)
        limits = (self._plain(cap.at_most) for cap in earning.cap)
        return min([found, *(max(limit, _ZERO) for limit in limits if limit is not None)])


def _stays_low(node: Node) -> bool:
    return isinstance(node, LeafNode) and node.test not in ("at_least", "above")


def scaled(program: Program, scale: Scale, value: Decimal, day: date) -> Decimal:
    """What a scale of plain values gives."""

    def plain(part: Value | None) -> Decimal:
        return plain_number(program, part, day, {}) or _ZERO

    if scale.parts:
        return sum((scaled(program, part, value, day) for part in scale.parts), _ZERO)
    if scale.kind == "rate":
        per = plain(scale.per) if scale.per is not None else Decimal(1)
        units = value / per
        return plain(scale.value) * (Decimal(int(units)) if scale.whole else units)
    if scale.kind == "full":
        return min(value / plain(scale.at), Decimal(1)) * plain(scale.value)
    steps = [(plain(low), plain(given)) for low, given in scale.steps]
    reached = [(low, given) for low, given in steps if low <= value]
    if scale.kind == "steps":
        return reached[-1][1] if reached else _ZERO
    tops = [low for low, _ in steps[1:]]
    parts = (min(value, tops[nth] if nth < len(tops) else value) - low for nth, (low, _) in enumerate(reached))
    return sum((part * given for part, (_, given) in zip(parts, reached, strict=True)), _ZERO)


# --- which nodes are worked out ---------------------------------------------------------------------------------------


def is_worked_out(program: Program, node: Node, day: date) -> bool:
    """True for a node that the model computes from what it reads; the others are known by trials."""
    if any(item.shift != NOW for item in node.inputs):
        return False
    known = [part for part in _values(node) if part is not None]
    return _is_simple(node) and all(plain_number(program, part, day, {}) is not None for part in known)


def _is_simple(node: Node) -> bool:
    """True where nothing is rounded, weighed, moved or set beside what the model knows."""
    match node:
        case GroupNode():
            return node.need is None
        case ListNode():
            return node.operation in _LISTS and not any(node.weights) and not any(node.weighed)
        case FinishedNode():
            return node.round is None and node.undefined is None and node.floor is None and not node.needs
        case ScaledNode():
            bare = not any(cap.per or cap.at_least for cap in node.earning.cap)
            return bare and not (node.earning.times or node.earning.round or node.needs)
    return isinstance(node, LeafNode)


def _values(node: Node) -> Iterator[Value | None]:
    """The values that the model needs to know of a node."""
    match node:
        case GroupNode():
            yield node.at_least
        case ListNode():
            yield node.base
        case FinishedNode():
            yield node.cap
        case ScaledNode():
            for scale in node.earning.scale.summands:
                yield from (scale.value, scale.per, scale.at, *(part for pair in scale.steps for part in pair))
            yield from (cap.at_most for cap in node.earning.cap)


def touched_nodes(graph: Graph, direct: frozenset[int]) -> frozenset[int]:
    """The nodes that an act may change, directly or through others."""
    found = set(direct)
    for number, node in enumerate(graph.nodes):
        if number not in found and any(item.node in found for item in node.inputs):
            found.add(number)
    return frozenset(found)


def group_unit(node: Node) -> PeriodUnit | str:
    """What a number's gains share a limit by: a period, all of them (``all``), or nothing (empty)."""
    if isinstance(node, EachPeriodNode):
        return node.unit
    if isinstance(node, EntriesNode):
        units = [part for cap in node.earning.cap for part in cap.per if isinstance(part, PeriodUnit)]
        if units:
            return units[0]
        return "all" if any("fact" not in cap.per for cap in node.earning.cap) else ""
    return ""


def counts_people(node: Node) -> bool:
    """True for a number of different people: one who counts already adds nothing."""
    return isinstance(node, FactsNode) and (node.aggregate, node.column) == ("count", "person")


def component(
    clock: Clock,
    node: Node,
    base: Decimal | None,
    tried: Mapping[int, Sequence[tuple[int, Decimal | None]]],
    offer: Offer,
) -> Component | None:
    """A number by its trials: for each slot, pairs of how often and what came out. None where nothing changes it."""
    start = base if base is not None else _ZERO
    responses = {}
    for slot, pairs in tried.items():
        points = tuple((many, (value if value is not None else _ZERO) - start) for many, value in sorted(pairs))
        if any(change for _, change in points):
            responses[slot] = Response(points, offer.is_even(slot))
    if not responses:
        return None
    if counts_people(node):
        whose = [set(offer.pools[act]) for act in {offer.slots[slot].act for slot in responses} if act in offer.pools]
        people = Decimal(len(set[str]().union(*whose)))
        return Component(start, ((responses, people if whose else None),), base is not None)
    unit = group_unit(node)
    groups: dict[object, dict[int, Response]] = {}
    for slot, response in responses.items():
        key: object = slot if unit == "" else unit
        if isinstance(unit, PeriodUnit):
            key = clock.period(unit, offer.slots[slot].day).start
        groups.setdefault(key, {})[slot] = response
    found = tuple((members, _limit(members)) for members in groups.values())
    return Component(start, found, base is not None)


def _limit(members: Mapping[int, Response]) -> Decimal | None:
    """Where the gains of a group end: known where doing more of one act adds nothing any more."""
    full = [response.full for response in members.values() if response.full is not None]
    return max(full) if full else None
