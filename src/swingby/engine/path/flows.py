"""What acts add to a number at best, and the limits that they are under together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from swingby.engine.nodes import FinishedNode, ListNode, ScaledNode
from swingby.engine.path.model import Model, Values
from swingby.engine.path.plain import plain_number

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of what is still to be gained, in the unit of the number asked about.

    Where a node has a top, it is what is left to it; else what all acts of a group can add.
    """

    node: int
    group: int
    most: Decimal
    times: Decimal
    is_top: bool

    def room(self, model: Model, values: Values) -> Decimal:
        """What can still be gained."""
        if not self.is_top:
            return self.most if self.times == 1 else self.most * self.times
        left = self.most - (model.number(values, self.node) or _ZERO)
        return left * self.times if left > 0 else _ZERO


@dataclass(frozen=True, slots=True)
class Flow:
    """What one act adds at best, by one way, under limits that lie inside each other."""

    slot: int
    gain: Decimal
    under: tuple[Limit, ...]


def flows_into(model: Model, node: int) -> Sequence[Flow] | None:
    """What acts add to a number; None where that is not bounded by its parts."""
    if node in model.components:
        return [
            Flow(slot, response.best_slope, () if limit is None else (Limit(node, nth, limit, Decimal(1), False),))
            for nth, (members, limit) in enumerate(model.components[node].groups)
            for slot, response in members.items()
        ]
    if node not in model.order:
        return []
    found = model.graph.nodes[node]
    if isinstance(found, FinishedNode):
        cap = plain_number(model.program, found.cap, model.day, {})
        return _under(flows_into(model, found.number.node), node, cap)
    if isinstance(found, ScaledNode):
        return _scaled(model, node, found)
    return _listed(model, found) if isinstance(found, ListNode) else None


def _under(flows: Sequence[Flow] | None, node: int, top: Decimal | None) -> Sequence[Flow] | None:
    if flows is None or top is None:
        return flows
    limit = Limit(node, 0, top, Decimal(1), is_top=True)
    return [replace(flow, under=(*flow.under, limit)) for flow in flows]


def _times(flows: Iterable[Flow], factor: Decimal) -> list[Flow]:
    return [
        Flow(
            flow.slot,
            flow.gain * factor,
            tuple(replace(limit, times=limit.times * factor) for limit in flow.under),
        )
        for flow in flows
    ]


def _listed(model: Model, found: ListNode) -> Sequence[Flow] | None:
    """A sum of what flows into its parts, or a share of something that no act changes."""
    parts = [flows_into(model, item.node) for item in found.items]
    if found.operation == "sum":
        return None if None in parts else [flow for part in parts for flow in part or ()]
    whole = model.base.numbers.get(found.items[-1].node)
    if found.operation == "ratio" and parts[1] == [] and parts[0] is not None and whole is not None and whole > 0:
        return _times(parts[0], 1 / whole)
    return None


def _scaled(model: Model, node: int, found: ScaledNode) -> Sequence[Flow] | None:
    """What acts add to an earning that goes straight up to its cap; a gate that opens adds what waited behind it."""
    scale = found.earning.scale
    inner = flows_into(model, found.number.node)
    if inner is None or scale.kind not in ("rate", "full") or scale.whole or found.gate is not None:
        return None
    divisor = scale.per if scale.kind == "rate" else scale.at
    rate = plain_number(model.program, scale.value, model.day, {}) or _ZERO
    each = rate / (plain_number(model.program, divisor, model.day, {}) or Decimal(1))
    tops = [plain_number(model.program, cap.at_most, model.day, {}) for cap in found.earning.cap]
    tops += [rate] if scale.kind == "full" else []
    known = [max(top, Decimal(0)) for top in tops if top is not None]
    return _under(_times(inner, each), node, min(known, default=None))
