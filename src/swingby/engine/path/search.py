"""The cheapest acts: an exact search over how often each act is done, cut by what is surely too little or too dear."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from swingby.engine.path.bounds import Bounds
from swingby.engine.path.model import Missing, Model, Values, Worked
from swingby.engine.path.trials import Done

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


@dataclass(slots=True)
class Search:
    """Looks for the least cost with which no more than ``conditions`` are missing.

    Attributes
    ----------
    refuted
        Acts of which the engine said that they are not enough; neither is less of the same.
    ceiling
        What acts must cost less than, where some are known already.
    most_looks
        So many looks at the model, and the search says that it was cut short.
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
    most_looks: int = 12_000
    looks: int = 0
    is_exact: bool = True
    _best: Done | None = None
    _price: Cost = ()
    _bounds: Sequence[Bounds] = ()
    _rises: bool = True
    _known: dict[Done, bool] = field(default_factory=dict)

    def run(self) -> Done | None:
        """The cheapest acts, None where none are enough."""
        self.looks, self._best, self._price = 0, None, ()
        self._rises = self.model.rises
        nothing = (0,) * self.width
        if self.model.rests_on_at_best(nothing, self.full()) > self.conditions:
            return None
        parts = range(len(self.cost(nothing)))
        self._bounds = [Bounds(self.model, self.choices, part, nothing) for part in parts]
        if self._is_hopeless(*self.model.work_out(nothing), 0, self.cost(nothing)):
            return None
        self._start()
        found, at_most = self.model.work_out(nothing), self.model.work_out(self.full())
        self._descend(list(nothing), 0, self.cost(nothing), found, at_most)
        return self._best

    # --- what is enough, and what it costs --------------------------------------------------------------------------

    def full(self) -> Done:
        """Everything at once; people who are needed twice are not counted against it."""
        done = [0] * self.width
        for choice in self.choices:
            done[choice.slot] = choice.most
        return tuple(done)

    def _is_enough(self, done: Done) -> bool:
        found = self._known.get(done)
        if found is None:
            self.looks += 1
            found = self._known[done] = self.model.rests_on(done) <= self.conditions
        return found

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
        if not (self._is_allowed(tuple(done)) and self._is_enough(tuple(done))):
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

    def _descend(self, done: list[int], place: int, spent: Cost, found: Worked, at_most: Worked) -> None:
        """Decide how often the next act is done, from never on; the dearest acts are decided first.

        ``found`` is what the model says of ``done``, ``at_most`` of that with all acts from the one before on as often as
        they can be done.
        """
        if self.looks > self.most_looks:
            self.is_exact = False
            return
        tried = tuple(done)
        values, missing = found
        self.looks += 1
        if self._is_hopeless(values, missing, place, spent):
            return
        if self._is_allowed(tried) and self._rests_on(missing) <= self.conditions:
            self._keep(tried)
            return
        if place == len(self.choices):
            return
        at_most = self._at_most(done, place, at_most)
        if not self._can_still(done, place, at_most):
            return
        choice = self.choices[place]
        most = choice.most if choice.like is None else min(choice.most, done[choice.like])
        for many in range(most + 1):
            done[choice.slot] = many
            price = tuple(sum_ + one * many for sum_, one in zip(spent, choice.cost, strict=True))
            if self._is_too_dear(price):
                break
            more = self.model.work_out_again(tuple(done), choice.slot, values, missing) if many else (values, missing)
            self._descend(done, place + 1, price, more, at_most)
        done[choice.slot] = 0

    def _at_most(self, done: list[int], place: int, before: Worked) -> Worked:
        """What the model says of all acts from a place on, out of what it said of those from the place before on."""
        decided = self.choices[place - 1] if place else None
        if decided is None or done[decided.slot] == decided.most or not self._rises:
            return before
        self.looks += 1
        return self.model.work_out_again(self._filled(done, place), decided.slot, *before)

    def _filled(self, done: list[int], place: int) -> Done:
        full = list(done)
        for choice in self.choices[place:]:
            full[choice.slot] = choice.most
        return tuple(full)

    def _can_still(self, done: list[int], place: int, at_most: Worked) -> bool:
        if self._rises:
            return self._rests_on(at_most[1]) <= self.conditions
        self.looks += 1
        return self.model.rests_on_at_best(tuple(done), self._filled(done, place)) <= self.conditions

    def _rests_on(self, missing: dict[int, int]) -> int:
        return self.model.missing(missing, self.model.root) if self.model.root is not None else 0

    def _is_hopeless(self, values: Values, missing: Missing, place: int, spent: Cost) -> bool:
        """True where all that can still come out costs as much as what is known: hours first, then what is next."""
        known = [price for price in (self.ceiling, self._price[: len(spent)]) if price]
        if not known:
            return False
        for already, bounds, limit in zip(spent, self._bounds, min(known), strict=True):
            least = already + bounds.least(values, missing, place)
            if least != limit:
                return least > limit
        return True

    def _is_too_dear(self, price: Cost) -> bool:
        """True where nothing cheaper than what is known can come out any more."""
        if self.ceiling is not None and price >= self.ceiling:
            return True
        return self._best is not None and price >= self._price[: len(price)]
