"""Whether the cheapest acts of a model are the cheapest there are: only where the model promises all that the engine gives.

What cannot be shown here may still be so; a path then says that there may be less.
"""

from __future__ import annotations

from swingby.engine.graph import Graph
from swingby.engine.nodes import EachPeriodNode, EntriesNode, FactsNode, GroupNode, LeafNode, ListNode, Node
from swingby.engine.path.acts import base_of
from swingby.engine.path.bounds import Bounds
from swingby.engine.path.design import read_by
from swingby.engine.path.model import Model, Response, is_worked_out
from swingby.engine.path.search import Search
from swingby.engine.path.trials import MOST, Offer
from swingby.program import Program
from swingby.program.blocks import Constant, Filter


def is_proven(model: Model, offer: Offer, search: Search) -> bool:
    """True where a model overrates acts or is right about them, and no act is worth doing more often than is looked at."""
    if model.root is None:
        return True
    needed = read_by(model.graph, model.program, model.root, model.day)
    tried = [number for number in needed if not is_worked_out(model.program, model.graph.nodes[number], model.day)]
    changed = [number for number in tried if any(number in reached for reached in offer.reached)]
    return (
        all(_adds_up(model.graph, model.program, model.graph.nodes[number]) for number in changed)
        and all(_only_rises(model, number) for number in model.order)
        and all(_is_known(response) for each in model.components.values() for members, _ in each.groups for response in members.values())
        and _reaches(model, offer, search)
    )  # fmt: skip


# --- what trials of single acts say of all of them together ---------------------------------------------------------


def _adds_up(graph: Graph, program: Program, node: Node) -> bool:
    """True for a number to which acts together add no more than each of them alone."""
    match node:
        case FactsNode():
            counts = node.aggregate in ("count", "sum") and node.pick is None and not node.needs
            return counts and not _looks_beyond(base_of(program, node.kind, node.where)[1])
        case EntriesNode():
            return _is_plain(program, node)
        case EachPeriodNode() if node.of_requirement and node.aggregate == "count" and node.item is not None:
            return _needs_one(graph, program, graph.nodes[node.item.node])
    return False


def _is_plain(program: Program, node: EntriesNode) -> bool:
    earning = node.earning
    reads_others = node.number or node.gate or node.needs or node.closing or node.today
    bent = earning.scale.kind != "rate" or any(cap.at_least for cap in earning.cap) or earning.split or earning.dated
    source = earning.for_each
    beyond = source is not None and _looks_beyond(base_of(program, source.of, source.where)[1])
    return not (reads_others or bent or beyond)


def _needs_one(graph: Graph, program: Program, item: Node) -> bool:
    """True for a requirement of a period that one fact meets, or none."""
    if not isinstance(item, LeafNode) or item.test != "at_least" or not isinstance(item.line, Constant):
        return False
    number = graph.nodes[item.number.node]
    counts = isinstance(number, FactsNode) and number.aggregate == "count" and _adds_up(graph, program, number)
    return counts and item.line.value in (0, 1)


def _looks_beyond(where: Filter) -> bool:
    """True where a filter reads what a fact is about: people of one class may differ in that."""
    return any("." in condition.column for condition in where.conditions)


def _only_rises(model: Model, number: int) -> bool:
    """True where more of what acts change never makes less of a worked out node: too high a promise stays one."""
    node, moved = model.graph.nodes[number], set(model.order)
    match node:
        case ListNode() if node.operation in ("difference", "ratio"):
            return not any(item.node in moved for item in node.items[1:])
        case ListNode():
            return node.operation != "product"
        case LeafNode():
            fixed = node.line_number is None or node.line_number.node not in moved
            return fixed and node.test in ("at_least", "above")
        case GroupNode():
            return node.kind != "none"
    return True


def _is_known(response: Response) -> bool:
    """True for a response that goes straight, or was tried for every count."""
    counts = [count for count, _ in response.points]
    return response.is_even or counts == list(range(1, len(counts) + 1))


# --- what is looked at ----------------------------------------------------------------------------------------------


def _reaches(model: Model, offer: Offer, search: Search) -> bool:
    """True where acts that nothing limits meet all that they move when they are done as often as is looked at."""
    endless = {
        each.slot for each in search.choices if each.most >= MOST and offer.slots[each.slot].act not in offer.pools
    }
    if not endless:
        return True
    bounds = Bounds(model, search.choices, 0, (0,) * search.width)
    leaves = [number for number in model.order if isinstance(model.graph.nodes[number], LeafNode)]
    return all(
        bounds.is_met_by(leaf, slot) for leaf in leaves for slot in endless if leaf in offer.reached[offer.slots[slot].act]
    )  # fmt: skip
