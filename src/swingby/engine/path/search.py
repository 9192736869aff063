"""The cheapest acts: an exact search over how often each act is done, cut by what is surely too little or too dear."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from swingby.engine.nodes import FinishedNode, GroupNode, LeafNode, ListNode, ScaledNode
from swingby.engine.path.model import Model
from swingby.engine.path.plain import plain_number
from swingby.engine.path.trials import Done

#: So many looks at the model, and the search says that it was cut short.
MOST_LOOKS = 12_000
_ZERO = Decimal(0)
Cost = tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One slot as the search sees it: what one costs, how often at most, and the earlier slot it is as good as."""

    slot: int
    cost: Cost
    most: int
    like: int | None = None


@dataclass(frozen=True, slots=True)
class Crowd:
    """Slots that need the same people, and how many people there are."""

    slots: tuple[int, ...]
    people: int


@dataclass(frozen=True, slots=True)
class Stream:
    """What flows into a sum from one place: per slot what one act adds at best, and where that ends together."""

    best: Mapping[int, Decimal]
    limit: Decimal | None


@dataclass(frozen=True, slots=True)
class Need:
    """A requirement that must be met: per slot what one adds at best, and the limits that slots share."""

    leaf: int
    best: Mapping[int, Decimal]
    shared: Mapping[int, int]
    limits: tuple[Decimal, ...]

    @classmethod
    def of(cls, leaf: int, streams: Sequence[Stream]) -> Need:
        """Put streams together; a limit holds for slots that flow through one stream only."""
        best: dict[int, Decimal] = {}
        places: dict[int, list[int]] = {}
        for place, stream in enumerate(streams):
            for slot, gain in stream.best.items():
                best[slot] = best.get(slot, _ZERO) + max(gain, _ZERO)
                places.setdefault(slot, []).append(place)
        shared = {
            slot: found[0] for slot, found in places.items() if len(found) == 1 and streams[found[0]].limit is not None
        }
        return cls(leaf, best, shared, tuple(stream.limit or _ZERO for stream in streams))


@dataclass(slots=True)
class Search:
    """Looks for the least cost with which no more than ``conditions`` are missing.

    Attributes
    ----------
    refuted
        Acts of which the engine said that they are not enough; neither is less of the same.
    ceiling
        What acts must cost less than, where some are known already.
    is_exact
        False after the search was cut short.
    """

    model: Model
    width: int
    choices: Sequence[Choice]
    crowds: Sequence[Crowd]
    conditions: int
    last_day: Callable[[Done], int]
    refuted: list[Done] = field(default_factory=list)
    ceiling: Cost | None = None
    looks: int = 0
    is_exact: bool = True
    _best: Done | None = None
    _price: Cost = ()
    _needs: Sequence[Need] = ()

    def run(self) -> Done | None:
        """The cheapest acts, None where none are enough."""
        self.looks, self._best, self._price = 0, None, ()
        if not self._is_enough(self.full()):
            return None
        self._start()
        self._needs = list(self._all_needs())
        self._descend([0] * self.width, 0, self.cost((0,) * self.width))
        return self._best

    # --- what is enough, and what it costs --------------------------------------------------------------------------

    def full(self) -> Done:
        """Everything at once; people who are needed twice are not counted against it."""
        done = [0] * self.width
        for choice in self.choices:
            done[choice.slot] = choice.most
        return tuple(done)

    def _is_enough(self, done: Done) -> bool:
        self.looks += 1
        return self.model.rests_on(done) <= self.conditions

    def _is_allowed(self, done: Done) -> bool:
        if any(sum(done[slot] for slot in crowd.slots) > crowd.people for crowd in self.crowds):
            return False
        return not any(all(many <= past for many, past in zip(done, old, strict=True)) for old in self.refuted)

    def cost(self, done: Done) -> Cost:
        """What acts cost together."""
        size = len(self.choices[0].cost) if self.choices else 1
        total = [_ZERO] * size
        for choice in self.choices:
            if done[choice.slot]:
                total = [sum_ + one * done[choice.slot] for sum_, one in zip(total, choice.cost, strict=True)]
        return tuple(total)

    def _priced(self, done: Done) -> Cost:
        return (*self.cost(done), Decimal(self.last_day(done)))

    def _keep(self, done: Done) -> None:
        price = self._priced(done)
        if self._best is None or price < self._price:
            self._best, self._price = done, price

    def _start(self) -> None:
        """Everything that can be done, made smaller from the dearest on as long as it is enough."""
        done = list(self.full())
        if not self._is_allowed(tuple(done)):
            return
        for choice in sorted(self.choices, key=lambda each: (each.cost, each.slot), reverse=True):
            while done[choice.slot]:
                done[choice.slot] -= 1
                if not (self._is_allowed(tuple(done)) and self._is_enough(tuple(done))):
                    done[choice.slot] += 1
                    break
        if self.ceiling is None or self.cost(tuple(done)) < self.ceiling:
            self._keep(tuple(done))

    # --- descending -------------------------------------------------------------------------------------------------

    def _descend(self, done: list[int], place: int, spent: Cost) -> None:
        """Decide how often the next act is done, from never on; the dearest acts are decided first."""
        if self.looks > MOST_LOOKS:
            self.is_exact = False
            return
        tried = tuple(done)
        values, missing = self.model.work_out(tried)
        self.looks += 1
        if self._is_too_dear(self._at_least(values, missing, place, spent)):
            return
        if self._is_allowed(tried) and self._rests_on(missing) <= self.conditions:
            self._keep(tried)
            return
        if place == len(self.choices) or not self._can_still(done, place):
            return
        choice = self.choices[place]
        most = choice.most if choice.like is None else min(choice.most, done[choice.like])
        for many in range(most + 1):
            done[choice.slot] = many
            price = tuple(sum_ + one * many for sum_, one in zip(spent, choice.cost, strict=True))
            if self._is_too_dear(price):
                break
            self._descend(done, place + 1, price)
        done[choice.slot] = 0

    def _can_still(self, done: list[int], place: int) -> bool:
        full = list(done)
        for choice in self.choices[place:]:
            full[choice.slot] = choice.most
        return self._is_enough(tuple(full))

    # --- what is still needed at least ------------------------------------------------------------------------------

    def _all_needs(self) -> list[Need]:
        found = []
        for leaf in _must_hold(self.model, self.model.root) if self.model.root is not None else ():
            node = self.model.graph.nodes[leaf]
            if isinstance(node, LeafNode) and node.test in ("at_least", "above") and node.line_number is None:
                streams = _streams(self.model, node.number.node)
                if streams:
                    found.append(Need.of(leaf, streams))
        return found

    def _rests_on(self, missing: dict[int, int]) -> int:
        return self.model.missing(missing, self.model.root) if self.model.root is not None else 0

    def _is_too_dear(self, price: Cost) -> bool:
        """True where nothing cheaper than what is known can come out any more."""
        if self.ceiling is not None and price >= self.ceiling:
            return True
        return self._best is not None and price >= self._price[: len(price)]

    def _at_least(self, values: dict[int, Decimal | None], missing: dict[int, int], place: int, spent: Cost) -> Cost:
        """The least that can come out: what was spent, and the best rate for the need that is furthest away."""
        dearest = _ZERO
        for need in self._needs:
            if missing.get(need.leaf, 0):
                dearest = max(dearest, self._price_of(need, values, place))
        return (spent[0] + dearest, *spent[1:])

    def _price_of(self, need: Need, values: dict[int, Decimal | None], place: int) -> Decimal:
        node = self.model.graph.nodes[need.leaf]
        line = self.model.base.answers[need.leaf].line
        value = self.model.number(values, node.number.node)  # type: ignore[union-attr]
        gap = (line or _ZERO) - (value or _ZERO)
        offers = [(each, need.best[each.slot]) for each in self.choices[place:] if need.best.get(each.slot, _ZERO) > 0]
        price, room = _ZERO, list(need.limits)
        for choice, best in sorted(offers, key=lambda pair: pair[0].cost[0] / pair[1]):
            if gap <= 0:
                break
            gained = min(gap, best * choice.most)
            if choice.slot in need.shared:
                gained = min(gained, room[need.shared[choice.slot]])
                room[need.shared[choice.slot]] -= gained
            price, gap = price + gained / best * choice.cost[0], gap - gained
        return price


def _must_hold(model: Model, node: int) -> list[int]:
    """The requirements that all must be met, whatever branch is taken elsewhere."""
    found = model.graph.nodes[node]
    if isinstance(found, GroupNode):
        if found.kind == "all" or len(found.members) == 1:
            return [leaf for item in found.members for leaf in _must_hold(model, item.node)]
        return []
    return [node] if node not in model.assumable else []


def _streams(model: Model, node: int) -> list[Stream] | None:
    """What acts can add to a number at best; None where that is not bounded by its parts."""
    if node in model.components:
        return [
            Stream({slot: response.best_slope for slot, response in members.items()}, limit)
            for members, limit in model.components[node].groups
        ]
    if node not in model.order:
        return []
    found = model.graph.nodes[node]
    if isinstance(found, FinishedNode):
        return _streams(model, found.number.node)
    if isinstance(found, ScaledNode):
        return _scaled_streams(model, node, found)
    if not isinstance(found, ListNode) or found.operation != "sum":
        return None
    parts = [_streams(model, item.node) for item in found.items]
    return None if None in parts else [stream for part in parts for stream in part or []]


def _scaled_streams(model: Model, node: int, found: ScaledNode) -> list[Stream] | None:
    """What acts add to an earning that goes straight up to its cap."""
    scale = found.earning.scale
    inner = _streams(model, found.number.node)
    divisor = scale.per if scale.kind == "rate" else scale.at
    if inner is None or scale.kind not in ("rate", "full") or scale.whole:
        return None
    rate = plain_number(model.program, scale.value, model.day, {}) or _ZERO
    each = rate / (plain_number(model.program, divisor, model.day, {}) or Decimal(1))
    tops = [plain_number(model.program, cap.at_most, model.day, {}) for cap in found.earning.cap]
    tops += [rate] if scale.kind == "full" else []
    known = [top for top in tops if top is not None]
    room = min(known) - (model.base.numbers.get(node) or _ZERO) if known else None
    best = {slot: gain * each for stream in inner for slot, gain in stream.best.items()}
    return [Stream(best, max(room, _ZERO) if room is not None else None)] if best else []
