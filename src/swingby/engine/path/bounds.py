"""What acts must cost at least: for every way of meeting a requirement, the best rates of the acts that move its numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from math import gcd, lcm
from typing import TYPE_CHECKING

from swingby.engine.nodes import GroupNode, LeafNode
from swingby.engine.path.flows import Limit, flows_into
from swingby.engine.path.model import Missing, Model, Values
from swingby.engine.path.trials import Done

if TYPE_CHECKING:
    from swingby.engine.path.search import Choice

_ZERO = Decimal(0)
#: One requirement, or whether all of several are needed or any one, and these.
Needed = int | tuple[bool, tuple["Needed", ...]]
#: What divisions may have rounded up.
_ROUNDED = Decimal("1e-9")
#: More than any acts cost.
_NOT_AT_ALL = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class Offered:
    """One choice as a need sees it.

    Attributes
    ----------
    place
        Its place in the search.
    rate, best, whole
        What a gain of one costs, what doing it once adds at best, and what doing it as often as possible does.
    under
        The limits that it is under, by their places among those of the need.
    """

    place: int
    rate: Decimal
    best: Decimal
    whole: Decimal
    under: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """A requirement that acts can meet: the number it reads, and what choices add to it, the best rate first."""

    leaf: int
    number: int
    offers: tuple[Offered, ...]
    limits: tuple[Limit, ...]
    _from: dict[int, tuple[Offered, ...]] = field(default_factory=dict, compare=False)
    _prices: dict[tuple[int, Decimal, tuple[Decimal, ...]], Decimal] = field(default_factory=dict, compare=False)

    def price(self, gap: Decimal, place: int, model: Model, values: Values) -> Decimal:
        """The least that closes a gap with the choices from a place on; more than anything where they cannot."""
        offers = self._offers_from(place)
        tops = tuple([limit.room(model, values) for limit in self.limits if limit.is_top])
        key = (len(offers), gap, tops)
        found = self._prices.get(key)
        if found is None:
            found = self._prices[key] = self._price(gap, offers, [limit.room(model, values) for limit in self.limits])
        return found

    def _price(self, gap: Decimal, offers: Sequence[Offered], room: list[Decimal]) -> Decimal:
        """Limits lie inside each other, which is why taking the best rate first is best."""
        price = _ZERO
        for each in offers:
            gained = min(each.whole, gap)
            for limit in each.under:
                gained = min(gained, room[limit])
            if not gained:
                continue
            for limit in each.under:
                room[limit] -= gained
            price, gap = price + gained * each.rate, gap - gained
            if gap <= 0:
                return price
        return _NOT_AT_ALL

    def _offers_from(self, place: int) -> tuple[Offered, ...]:
        found = self._from.get(place)
        if found is None:
            found = self._from[place] = tuple(each for each in self.offers if each.place >= place)
        return found

    def with_costs(self, cost_of: Mapping[int, Decimal]) -> Need:
        """The same need where choices cost something else."""
        offers = (replace(each, rate=cost_of[each.place] / each.best) for each in self.offers)
        return replace(self, offers=tuple(sorted(offers, key=_by_rate)), _from={}, _prices={})


def _by_rate(each: Offered) -> tuple[Decimal, int]:
    return each.rate, each.place


class Bounds:
    """Lower bounds of one part of the cost (hours, money, …) for one model and its choices.

    A bound is the sum over needs, among which the cost of every choice is shared out: however that is done, whoever meets
    them all pays no less.
    """

    def __init__(self, model: Model, choices: Sequence[Choice], part: int, nothing: Done) -> None:
        self.model, self.choices, self.part = model, choices, part
        self.step = _step([each.cost[part] for each in choices])
        self._whole: dict[int, Need] = {}
        if model.root is not None:
            self._find(model.root)
        self._tree = self._needed(model.root) if model.root is not None else None
        self._times = Counter(_leaves(model, model.root)) if model.root is not None else Counter[int]()
        self._shared_out = self._best_split(nothing)

    def least(self, values: Values, missing: Missing, place: int) -> Decimal:
        """The least that choices from a place on must cost, in whole steps of what any choice costs."""
        root = self.model.root
        if root is None or not self._whole or not self.step:
            return _ZERO
        found = self._sum(self._shared_out, values, missing, place)
        return (found / self.step - _ROUNDED).to_integral_value(ROUND_CEILING) * self.step

    def is_met_by(self, leaf: int, slot: int) -> bool:
        """True where one choice alone is known to meet a requirement, or to be of no use to it."""
        need = self._whole.get(leaf)
        if need is None:
            return False
        gap = self._gap(need, {})
        mine = [each for each in need.offers if self.choices[each.place].slot == slot]
        return all(each.whole >= gap for each in mine)

    def _gap(self, need: Need, values: Values) -> Decimal:
        line, value = self.model.base.answers[need.leaf].line, self.model.number(values, need.number)
        return (line or _ZERO) - (value or _ZERO)

    def _needed(self, node: int) -> Needed | None:
        """What is needed for a requirement, as far as it has a price; None where it may be met for nothing."""
        found = self.model.graph.nodes[node]
        if not isinstance(found, GroupNode):
            return node if node in self._whole else None
        parts = [self._needed(item.node) for item in found.members]
        known = [part for part in parts if part is not None]
        if not known or found.kind not in ("all", "any") or (found.kind == "any" and len(known) < len(parts)):
            return None
        return known[0] if len(known) == 1 else (found.kind == "all", tuple(known))

    # --- needs ------------------------------------------------------------------------------------------------------

    def _find(self, node: int) -> None:
        found = self.model.graph.nodes[node]
        if isinstance(found, GroupNode) and found.kind in ("all", "any"):
            for item in found.members:
                self._find(item.node)
        elif isinstance(found, LeafNode) and node not in self.model.assumable:
            need = self._need(node, found)
            if need is not None:
                self._whole[node] = need

    def _need(self, number: int, node: LeafNode) -> Need | None:
        if node.test not in ("at_least", "above") or node.line_number is not None:
            return None
        flows = flows_into(self.model, node.number.node)
        if not flows:
            return None
        best: dict[int, Decimal] = {}
        under: dict[int, tuple[Limit, ...]] = {}
        for flow in flows:
            best[flow.slot] = best.get(flow.slot, _ZERO) + max(flow.gain, _ZERO)
            known = under.get(flow.slot, flow.under)
            under[flow.slot] = tuple(limit for limit in known if limit in flow.under)
        limits = tuple(dict.fromkeys(limit for found in under.values() for limit in found))
        offers = []
        for place, each in enumerate(self.choices):
            gain = best.get(each.slot, _ZERO)
            if gain > 0:
                places = tuple(limits.index(limit) for limit in under[each.slot])
                offers.append(Offered(place, each.cost[self.part] / gain, gain, gain * each.most, places))
        return Need(number, node.number.node, tuple(sorted(offers, key=_by_rate)), limits)

    # --- what a choice costs, shared out ------------------------------------------------------------------------------

    def _best_split(self, nothing: Done) -> Mapping[int, Need]:
        """The needs with the costs shared out so that they cost most together before anything is done."""
        if not self._whole:
            return {}
        values, missing = self.model.work_out(nothing)
        widest = max(self._whole.values(), key=lambda each: (len(each.offers), -each.leaf))
        splits = [self._split(widest, rate) for rate in sorted({each.rate for each in widest.offers})]
        return max(splits, key=lambda needs: self._sum(needs, values, missing, 0))

    def _split(self, widest: Need, rate: Decimal) -> Mapping[int, Need]:
        """What a choice adds to the widest need is paid at a rate, and the rest by the need that fewest choices serve."""
        left = {place: each.cost[self.part] for place, each in enumerate(self.choices)}
        paid = {each.place: min(left[each.place], rate * each.best) for each in widest.offers}
        found = {widest.leaf: widest.with_costs(paid)}
        left = {place: cost - paid.get(place, _ZERO) for place, cost in left.items()}
        others = (need for need in self._whole.values() if need is not widest)
        for need in sorted(others, key=lambda each: (len(each.offers), each.leaf)):
            found[need.leaf] = need.with_costs(left)
            left |= {each.place: _ZERO for each in need.offers}
        return found

    def _sum(self, needs: Mapping[int, Need], values: Values, missing: Missing, place: int) -> Decimal:
        prices = {}
        for leaf, need in needs.items():
            if missing.get(leaf):
                gap = self._gap(need, values)
                prices[leaf] = need.price(gap, place, self.model, values) / self._times[leaf]
        return _ZERO if self._tree is None else _price_of(self._tree, prices)


def _price_of(needed: Needed, prices: Mapping[int, Decimal]) -> Decimal:
    """The price of what is needed out of those of the needs in it."""
    if isinstance(needed, int):
        return prices.get(needed, _ZERO)
    is_all, parts = needed
    found = [_price_of(part, prices) for part in parts]
    return sum(found, _ZERO) if is_all else min(found)


def _leaves(model: Model, node: int) -> Iterator[int]:
    """The requirements in a requirement, each as often as it stands there: its price is shared among these places."""
    found = model.graph.nodes[node]
    if isinstance(found, GroupNode):
        for item in found.members:
            yield from _leaves(model, item.node)
    else:
        yield node


def _step(costs: Sequence[Decimal]) -> Decimal:
    """What all costs are whole multiples of; zero where nothing costs anything."""
    fractions = [Fraction(cost) for cost in costs if cost]
    scale = lcm(*(each.denominator for each in fractions))
    return Decimal(gcd(*(int(each * scale) for each in fractions))) / scale
