"""Which trials are made: few copies that tell what every act changes, on every day it may be done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from swingby.engine.clock import Clock
from swingby.engine.graph import Graph
from swingby.engine.nodes import EachPeriodNode, EntriesNode, FactsNode, LadderNode, LeafNode, Node
from swingby.engine.path.model import Component, Model, component, is_worked_out, touched_nodes
from swingby.engine.path.trials import EVEN, LEVELS, STRAIGHT, Done, Offer, Seen, Trials
from swingby.program import Program
from swingby.program.blocks import Constant

Key = tuple[Done, date]


def nothing(offer: Offer) -> Done:
    """No act at all."""
    return (0,) * len(offer.slots)


def everything(offer: Offer) -> Done:
    """Every act on every day, as often as anything is tried."""
    return tuple(min(offer.most(slot), LEVELS[-1]) for slot in range(len(offer.slots)))


def trials_of(offer: Offer, apart: Sequence[Sequence[int]]) -> Iterator[tuple[Done, tuple[int, ...]]]:
    """Trials, each with the slots that it tells about: acts that change nothing in common are tried together."""
    for acts in apart:
        days = {act: [place for place, slot in enumerate(offer.slots) if slot.act == act] for act in acts}
        for nth in range(max(map(len, days.values()), default=0)):
            chosen = [places[nth] for places in days.values() if nth < len(places)]
            for turn in range(max(len(offer.tried(place)) for place in chosen)):
                many = {place: offer.tried(place)[turn] for place in chosen if turn < len(offer.tried(place))}
                yield _done(offer, many), tuple(many)


def levels_of(graph: Graph, program: Program, direct: frozenset[int], day: date) -> tuple[int, ...]:
    """How often an act has to be tried before it is known what it gives."""
    reached = (graph.nodes[node] for node in touched_nodes(graph, direct))
    tried = [node for node in reached if not is_worked_out(program, node, day)]
    if all(isinstance(node, FactsNode) and node.aggregate in ("count", "sum") for node in tried):
        return STRAIGHT
    return EVEN if all(_is_even(graph, node) for node in tried) else LEVELS


def _is_even(graph: Graph, node: Node) -> bool:
    """True for a number to which each fact adds the same, until a limit."""
    match node:
        case FactsNode():
            return node.aggregate in ("count", "sum") and node.pick is None
        case EntriesNode():
            is_even = all(part.kind == "rate" for part in node.earning.scale.summands)
            return node.number is None and is_even and node.gate is None
        case EachPeriodNode() if node.of_requirement and node.item is not None and node.aggregate == "count":
            item = graph.nodes[node.item.node]
            return isinstance(item, LeafNode) and isinstance(item.line, Constant) and item.line.value in (0, 1)
    return isinstance(node, LadderNode)


def _done(offer: Offer, many: Mapping[int, int]) -> Done:
    return tuple(many.get(place, 0) for place in range(len(offer.slots)))


def apart(graph: Graph, program: Program, offer: Offer, day: date) -> list[list[int]]:
    """Acts in as few groups as can be, in each of which no two change a number that is known by trials only."""
    ladders = {number for number, node in enumerate(graph.nodes) if isinstance(node, LadderNode)}
    tried = [
        frozenset(node for node in nodes - ladders if not is_worked_out(program, graph.nodes[node], day))
        for nodes in offer.reached
    ]
    groups: list[list[int]] = []
    for act, nodes in enumerate(tried):
        home = next((group for group in groups if not any(nodes & tried[other] for other in group)), None)
        if home is None:
            groups.append([act])
        else:
            home.append(act)
    return groups


def make_model(trials: Trials, clock: Clock, root: int | None, day: date, told: Mapping[Done, Sequence[int]]) -> Model:
    """The model of one review from what was seen as of its day."""
    offer, graph, program = trials.offer, trials.compiled.builder.graph, trials.compiled.program
    base = trials.seen[nothing(offer), day]
    needed = read_by(graph, program, root, day) if root is not None else frozenset[int]()
    readers = {number: {act for act, nodes in enumerate(offer.reached) if number in nodes} for number in needed}
    components = dict(_components(trials, clock, day, told, readers))
    moved = _moved(graph, program, day, needed, components)
    order = tuple(number for number in sorted(needed) if number in moved)
    model = Model(program, graph, day, root, base, components, frozenset(), order)
    most = trials.seen[everything(offer), day]
    model.assumable = _unreached(trials, model, most, needed)
    return model


def below(graph: Graph, root: int) -> frozenset[int]:
    """A node and everything it reads on the same day or another."""
    found, waiting = {root}, [root]
    while waiting:
        for item in graph.nodes[waiting.pop()].inputs:
            if item.node not in found:
                found.add(item.node)
                waiting.append(item.node)
    return frozenset(found)


def reads_any(graph: Graph, node: int, kind: type[Node]) -> bool:
    """True where a node is, or reads, one of a kind."""
    return any(isinstance(graph.nodes[each], kind) for each in below(graph, node))


def read_by(graph: Graph, program: Program, root: int, day: date) -> frozenset[int]:
    """A node and what it is worked out from, down to the numbers that are known by trials."""
    found, waiting = {root}, [root]
    while waiting:
        node = graph.nodes[waiting.pop()]
        for item in node.inputs if is_worked_out(program, node, day) else ():
            if item.node not in found:
                found.add(item.node)
                waiting.append(item.node)
    return frozenset(found)


def _components(
    trials: Trials,
    clock: Clock,
    day: date,
    told: Mapping[Done, Sequence[int]],
    readers: Mapping[int, set[int]],
) -> Iterator[tuple[int, Component]]:
    """The numbers that are known by trials and changed by acts; ``readers`` has the acts that may change them."""
    offer, graph, program = trials.offer, trials.compiled.builder.graph, trials.compiled.program
    base = trials.seen[nothing(offer), day]
    for number in sorted(readers):
        if is_worked_out(program, graph.nodes[number], day) or number not in trials.cells:
            continue
        tried: dict[int, list[tuple[int, Decimal | None]]] = {}
        for done, slots in told.items():
            seen = trials.seen[done, day]
            for slot in slots:
                if offer.slots[slot].day <= day and offer.slots[slot].act in readers[number]:
                    tried.setdefault(slot, []).append((done[slot], seen.numbers.get(number)))
        found = component(clock, graph.nodes[number], base.numbers.get(number), tried, offer)
        if found is not None:
            yield number, found


def _moved(
    graph: Graph, program: Program, day: date, needed: frozenset[int], components: Mapping[int, Component]
) -> set[int]:
    """The nodes whose result some act changes."""
    moved: set[int] = set()
    for number in sorted(needed):
        node = graph.nodes[number]
        if number in components or (
            is_worked_out(program, node, day) and any(item.node in moved for item in node.inputs)
        ):
            moved.add(number)
    return moved


def _unreached(trials: Trials, model: Model, most: Seen, needed: frozenset[int]) -> frozenset[int]:
    """The requirements that are not met whatever the partner does: neither by the engine nor by the model."""
    _, missing = model.work_out(tuple(trials.offer.most(slot) for slot in range(len(trials.offer.slots))))
    found = set()
    for number in needed:
        answer = model.base.answers.get(number)
        if answer is None or answer.result == 1:
            continue
        engine = most.answers[number].result == 1 if number in most.answers else False
        if not engine and missing.get(number, 1) != 0:
            found.add(number)
    return frozenset(found)
