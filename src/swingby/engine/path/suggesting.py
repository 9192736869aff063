"""Suggestions: for every review the cheapest acts that its model finds enough."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from swingby.engine.nodes import RankNode
from swingby.engine.path.asking import Question, tree_nodes
from swingby.engine.path.days import ReviewDay
from swingby.engine.path.design import make_model, reads_any
from swingby.engine.path.model import NEVER, Model
from swingby.engine.path.proof import is_proven
from swingby.engine.path.search import Choice, Crowd, Search
from swingby.engine.path.trials import Done
from swingby.engine.trees import Answer

#: So many suggestions of a model are tried against the engine at a time, and so many times.
AT_A_TIME, TIMES = 12, 5
#: So many looks at models in all, and searches give the first good acts that they find.
MOST_LOOKS = 12_000


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Acts that a review should find enough, on so many conditions, by the model of that review."""

    review: ReviewDay
    model: Model
    done: Done
    conditions: int
    price: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Outlooks:
    """Suggestions for the reviews in time, the best first, and the first review after them that could give the tier.

    Only reviews that leave the fewest conditions count: what time or later acts can bring is too early, no condition.
    """

    in_time: Iterator[Suggestion]
    later: date | None


class Suggesting:
    """Suggests acts for one tier, from trials with copies of the partner.

    ``is_least`` is False as soon as something cheaper than the suggestions may have been left out.
    """

    def __init__(self, question: Question) -> None:
        self.partner, self.aim, self.prospect = question.partner, question.aim, question.prospect
        self.trials, self.witness, self.told = question.trials, question.witness, question.told
        self.offer, self.tree = question.offer, question.tree
        self.looks = 0
        self.is_least = self.prospect.is_whole

    def best(self) -> Outlooks:
        """What each review can give, by the first trials."""
        self._compare_with_others()
        root = self.tree.node if self.tree is not None else None
        models = [
            (review, make_model(self.trials, self.partner.clock, root, review.looks_at, self.told))
            for review in self.prospect.reviews
        ]
        rest = [(review, model, self._at_best(model, self._search(model, []))) for review, model in models]
        least = min((conditions for *_, conditions in rest), default=NEVER)
        chances = [(review, model) for review, model, conditions in rest if conditions == least < NEVER]
        late = [review.on for review, _ in chances if review.on > self.aim.by]
        in_time = [(review, model) for review, model in chances if review.on <= self.aim.by]
        self.is_least &= all(is_proven(model, self.offer, self._search(model, [])) for _, model in in_time)
        return Outlooks(self._cheapest_first(in_time), min(late, default=None))

    def _compare_with_others(self) -> None:
        """Copies have nobody to be ranked among: what compares partners is taken from where the partner stands today."""
        graph = self.partner.compiled.builder.graph
        nodes = [node for node in tree_nodes(self.tree) if reads_any(graph, node, RankNode)]
        if not nodes:
            return
        rows = self.witness.today.tiers[self.aim.label].rows[self.aim.tier]
        found = {
            node: Answer(row.value, row.line, row.gap, int(row.result == "met"))
            for node, row in zip(tree_nodes(self.tree), rows, strict=True)
            if node in nodes
        }
        for seen in self.trials.seen.values():
            seen.answers |= found

    def _cheapest_first(self, chances: Sequence[tuple[ReviewDay, Model]]) -> Iterator[Suggestion]:
        """The cheapest suggestion of all reviews, the earliest of equals; if the engine refutes it, the others' own."""
        best: Suggestion | None = None
        for review, model in chances:
            if best is None or self.aim.least != "days":
                best = self._suggest(review, model, [], best.price if best else None) or best
        if best is None:
            return
        yield best
        rest = [self._suggest(review, model, []) for review, model in chances if review != best.review]
        yield from sorted((each for each in rest if each is not None), key=self._order)

    def _order(self, each: Suggestion) -> tuple[object, ...]:
        return (each.review.on, each.price) if self.aim.least == "days" else (each.price, each.review.on)

    def _suggest(
        self,
        review: ReviewDay,
        model: Model,
        refuted: Sequence[Done],
        ceiling: tuple[Decimal, ...] | None = None,
    ) -> Suggestion | None:
        search = self._search(model, refuted)
        search.ceiling = ceiling
        search.conditions = self._at_best(model, search)
        search.most_looks = max(MOST_LOOKS - self.looks, 0)
        done = search.run() if search.conditions < NEVER else None
        self.looks += search.looks
        self.is_least &= search.is_exact
        if done is None:
            return None
        return Suggestion(review, model, done, search.conditions, search.cost(done))

    def _at_best(self, model: Model, search: Search) -> int:
        return model.rests_on_at_best((0,) * len(self.offer.slots), search.full())

    # --- what a search chooses from ---------------------------------------------------------------------------------

    def _search(self, model: Model, refuted: Sequence[Done]) -> Search:
        slots = sorted({slot for each in model.components.values() for members, _ in each.groups for slot in members})
        choices = [self._like(model, self._choice(model, slot), slots) for slot in slots]
        choices.sort(key=lambda each: (tuple(-part for part in each.cost), each.slot))
        return Search(model, len(self.offer.slots), choices, self._crowds(slots), 0, self.last_day, list(refuted))

    def _choice(self, model: Model, slot: int) -> Choice:
        act = self.offer.acts[self.offer.slots[slot].act]
        one = act.effort_of_one(self.partner.program, self.aim.as_of)
        first = (one.money, one.hours) if self.aim.least == "money" else (one.hours, one.money)
        return Choice(slot, (*first, one.seats, Decimal(1)), model.most(slot, self.offer.most(slot)))

    def _like(self, model: Model, choice: Choice, slots: Sequence[int]) -> Choice:
        """An act on a later day that changes the same as on an earlier one is done on the earlier one first."""
        act = self.offer.slots[choice.slot].act
        before = [slot for slot in slots if slot < choice.slot and self.offer.slots[slot].act == act]
        if before and _responses(model, before[-1]) == _responses(model, choice.slot):
            return replace(choice, like=before[-1])
        return choice

    def _crowds(self, slots: Sequence[int]) -> list[Crowd]:
        """Nobody does an act twice, whatever the days."""
        return [
            Crowd(tuple(slot for slot in slots if self.offer.slots[slot].act == act), len(pool))
            for act, pool in self.offer.pools.items()
        ]

    def last_day(self, done: Done) -> int:
        """The last day on which something is done, as a number."""
        days = (slot.day.toordinal() for slot, many in zip(self.offer.slots, done, strict=True) if many)
        return max(days, default=0)

    # --- after the engine said no -----------------------------------------------------------------------------------

    def next_best(self, last: Suggestion, refuted: list[Done]) -> Suggestion | None:
        """The next acts that the engine finds enough on the day of the review, tried many at a time."""
        self.is_least = False
        for _ in range(TIMES):
            waiting = list(self._waiting(last, list(refuted)))
            if not waiting:
                return None
            tried = [each.done for each in waiting]
            self.trials.run(tried, tried)
            self._compare_with_others()
            for each in waiting:
                if self._is_seen_enough(each):
                    return each
                refuted.append(each.done)
        return None

    def _waiting(self, last: Suggestion, asked: list[Done]) -> Iterator[Suggestion]:
        for _ in range(AT_A_TIME):
            found = self._suggest(last.review, last.model, asked)
            if found is None or found.conditions > last.conditions:
                return
            yield found
            asked.append(found.done)

    def _is_seen_enough(self, each: Suggestion) -> bool:
        """What the engine saw, with nothing worked out by the model."""
        seen = self.trials.seen[each.done, each.review.looks_at]
        as_seen = replace(each.model, base=seen, components={}, order=())
        return as_seen.rests_on(each.done) <= each.conditions


def _responses(model: Model, slot: int) -> dict[int, object]:
    return {
        node: members[slot] for node, each in model.components.items() for members, _ in each.groups if slot in members
    }
