"""The path of one partner: what to do for a tier, checked by running the engine on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from swingby.engine.assessing import Compiled, cells_on, compile_program, key_of, labelled
from swingby.engine.assessment import FactSource, assess
from swingby.engine.clock import Clock
from swingby.engine.nodes import FactsNode
from swingby.engine.path.acts import Act, Unplannable, acts_of
from swingby.engine.path.answer import Least, Path, Total
from swingby.engine.path.days import ReviewDay, act_days, reviews
from swingby.engine.path.design import apart, everything, levels_of, make_model, nothing, trials_of
from swingby.engine.path.model import NEVER, Model, counts_people
from swingby.engine.path.people import classes, staff
from swingby.engine.path.search import Choice, Crowd, Search
from swingby.engine.path.telling import Rules, conditions, risks, steps_of
from swingby.engine.path.trials import Done, Offer, Slot, Trials, touched_by
from swingby.engine.path.worlds import Copies, Row, Whole
from swingby.engine.standing import Standing
from swingby.engine.trees import Branch
from swingby.errors import SwingbyError
from swingby.program import Program
from swingby.values import add_days, add_months

if TYPE_CHECKING:
    from swingby.program.model import Ladder

#: How far a path looks ahead when no day is named.
MONTHS_AHEAD = 12
#: So many suggestions of the model are tried against the engine at a time, and so many times.
AT_A_TIME, TIMES = 12, 5


@dataclass(frozen=True, slots=True)
class Aim:
    """What is asked for: a tier of a ladder (perhaps of one of its cells), and how it is weighed."""

    partner: str
    label: str
    ladder: Ladder
    cells: Mapping[str, str]
    tier: str
    as_of: date
    by: date
    least: Least

    @property
    def ordinal(self) -> int:
        """The place of the tier on its ladder."""
        return [tier.id for tier in self.ladder.tiers].index(self.tier)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Acts that a review should find enough, by the model of that review."""

    review: ReviewDay
    model: Model
    done: Done
    conditions: int
    price: tuple[Decimal, ...]
    is_exact: bool


def find_path(
    program: Program | Compiled,
    facts: FactSource,
    *,
    partner: str,
    as_of: date,
    to: str | None = None,
    ladder: str | None = None,
    by: date | None = None,
    least: Least = "hours",
    known_at: int | None = None,
) -> Path:
    """The least effort, by acts that the partner controls, that reaches a tier.

    Parameters
    ----------
    partner
        The id of an enrolment.
    to, ladder
        The tier, and the ladder it is on (``name[cell]`` where tiers are by cell); the next tier of the first ladder
        that has one by default.
    by
        The last day on which a review may give the tier; twelve months after ``as_of`` by default.
    least
        What is weighed first: hours, then money; money, then hours; or the earliest review.
    known_at
        The ledger position up to which facts are known; what was known on ``as_of`` by default, so that nothing that
        happened later is taken for given.

    Raises
    ------
    SwingbyError
        ``partner-unknown``, ``ladder-unknown``, ``tier-unknown``, ``path-days`` for a day that is over.
    """
    compiled = program if isinstance(program, Compiled) else compile_program(program)
    position = facts.position_at(as_of) if known_at is None else known_at
    until = by or add_months(as_of, MONTHS_AHEAD)
    if until < as_of:
        raise SwingbyError(
            code="path-days", message=f"{until} is before {as_of}.", hint="Name a day that is still to come."
        )
    finder = _Finder(compiled, facts, position, partner, as_of)
    aim = finder.aim(to, ladder, until, least)
    return finder.path(aim) if isinstance(aim, Aim) else aim


class _Finder:
    """One search: what is known about the partner, and the trials that were made."""

    def __init__(self, compiled: Compiled, facts: FactSource, position: int, partner: str, as_of: date) -> None:
        self.compiled, self.facts, self.position, self.partner, self.as_of = compiled, facts, position, partner, as_of
        self.program = compiled.program
        self.organization, self.joined = self._enrolled()
        self.clock = Clock(self.program, holidays=self._holidays()).of_those_who_joined(self.joined)
        self._today: Standing | None = None

    def _enrolled(self) -> tuple[str, date | None]:
        rows = self.facts.connection.execute(
            "SELECT organization, joined_on, ended_on FROM ref_enrolments WHERE enrolment = ?", [self.partner]
        ).fetchall()
        for organization, joined, ended in rows:
            if (joined is None or joined <= self.as_of) and (ended is None or ended > self.as_of):
                return str(organization), joined
        raise SwingbyError(
            code="partner-unknown",
            message=f"{self.partner} was not enrolled on {self.as_of}.",
            hint="Check the name against the enrolments.",
        )

    def _holidays(self) -> frozenset[date]:
        return frozenset(day for (day,) in self.facts.connection.execute("SELECT day FROM ref_holidays").fetchall())

    # --- what is asked for ------------------------------------------------------------------------------------------

    @property
    def today(self) -> Standing:
        """Where the partner stands now."""
        if self._today is None:
            self._today = self._assessed((), (self.as_of,))[self.as_of]
        return self._today

    def aim(self, to: str | None, ladder: str | None, until: date, least: Least) -> Aim | Path:
        """The tier that is meant; a path that is at its end where there is no next one."""
        labels = dict(self._ladders())
        if ladder is not None and ladder not in labels:
            raise SwingbyError(
                code="ladder-unknown",
                message=f'The program has no ladder "{ladder}".',
                hint=f"It has: {', '.join(labels)}.",
            )
        for label, (name, cells) in labels.items():
            declared = self.program.ladders[name]
            if ladder not in (None, label) or (to is not None and all(tier.id != to for tier in declared.tiers)):
                continue
            tier = to or self.today.tiers[label].next_tier
            if tier is not None:
                return Aim(self.partner, label, declared, cells, tier, self.as_of, until, least)
        if to is not None or not labels:
            tiers = dict.fromkeys(tier.id for each in self.program.ladders.values() for tier in each.tiers)
            raise SwingbyError(
                code="tier-unknown", message=f'There is no tier "{to}".', hint=f"There are: {', '.join(tiers)}."
            )
        label = ladder or next(iter(labels))
        held = self.today.tiers[label].tier
        return Path(self.partner, label, held or "", held, self.as_of, until, least, "held", verified=True)

    def _ladders(self) -> list[tuple[str, tuple[str, Mapping[str, str]]]]:
        found = []
        for name, ladder in self.program.ladders.items():
            for cells in cells_on(self.program, ladder.by, self.as_of):
                found.append((labelled(name, cells), (name, dict(zip(ladder.by, cells, strict=True)))))
        return found

    # --- the path ---------------------------------------------------------------------------------------------------

    def path(self, aim: Aim) -> Path:
        """Look for acts that are enough, cheapest first, until the engine agrees."""
        blank = Path(self.partner, aim.label, aim.tier, None, self.as_of, aim.by, aim.least, "none")
        tree = self.compiled.trees[aim.ladder.name][aim.tier]
        if self._today is not None and self._holds(self._today, aim):
            return self._held(blank, self._today, aim)
        with Copies(self.facts, self.compiled, self.position, self.partner) as copies:
            search = _Searching(self, aim, copies, tree)
            return search.answer(blank)

    def _held(self, blank: Path, standing: Standing, aim: Aim) -> Path:
        found = standing.tiers[aim.label]
        return replace(blank, held=found.tier, outlook="held", verified=True, rows=found.rows[aim.tier])

    def _holds(self, standing: Standing, aim: Aim) -> bool:
        order = [tier.id for tier in aim.ladder.tiers]
        held = standing.tiers[aim.label].tier
        return held is not None and order.index(held) >= aim.ordinal

    def _assessed(self, rows: Sequence[Row], days: Sequence[date]) -> Mapping[date, Standing]:
        """The engine's own word: all facts and some that have not happened, with every review."""
        asked = tuple(sorted(set(days)))
        with Whole(self.facts, self.program, self.position, rows) as whole:
            found = assess(self.compiled, whole, as_of=asked, known_at=self.position, enrolments=[self.partner])
            found.close()
        return {day: found.standing(self.partner, day) for day in asked}


class _Searching:
    """The search for one tier, in the partner's copies."""

    def __init__(self, finder: _Finder, aim: Aim, copies: Copies, tree: Branch | None) -> None:
        self.finder, self.aim, self.tree = finder, aim, tree
        self.graph, self.program = finder.compiled.builder.graph, finder.program
        acts, self.unplannable = acts_of(self.program, aim.as_of)
        until = max(aim.by, add_months(aim.as_of, MONTHS_AHEAD))
        people = staff(copies, aim.as_of)
        offered = [each for act in acts for each in self._by_class(copies, act, people, until)]
        acts = tuple(act for act, _ in offered)
        pools = {nth: pool for nth, (_, pool) in enumerate(offered) if pool}
        direct = [touched_by(self.program, self.graph.nodes, act, aim.as_of) for act in acts]
        slots = [
            Slot(nth, day)
            for nth, act in enumerate(acts)
            if (nth in pools or not act.person) and direct[nth]
            for day in self._days_of(act, direct[nth], until)
        ]
        self.reviews = reviews(finder.clock, aim.ladder, aim.as_of, until, {aim.by, *(slot.day for slot in slots)})
        overlaps = {
            act: frozenset(other for other in pools if other != act and self._overlap(direct[act] & direct[other]))
            for act in pools
        }
        levels = tuple(levels_of(self.graph, self.program, each, aim.as_of) for each in direct)
        whose = (finder.organization, self.program.header.currency)
        self.offer = Offer(acts, tuple(slots), tuple(direct), pools, overlaps, levels, *whose)
        cells = {
            number: key_of(aim.cells, dims)
            for number, dims in enumerate(self.graph.dims)
            if set(dims) <= set(aim.cells)
        }
        self.trials = Trials(finder.compiled, copies, self.offer, finder.partner, cells)

    def _by_class(
        self, copies: Copies, act: Act, people: Sequence[str], until: date
    ) -> list[tuple[Act, tuple[str, ...]]]:
        """An act once for each class of people for whom it may change something else."""
        if not act.person:
            return [(act, ())]
        touched = sorted(touched_by(self.program, self.graph.nodes, act, self.aim.as_of))
        nodes = [node for number in touched for node in (self.graph.nodes[number],) if counts_people(node)]
        counting = [node for node in nodes if isinstance(node, FactsNode)]
        return [(act, pool) for pool in classes(copies, act, counting, people, until)]

    def _days_of(self, act: Act, direct: frozenset[int], until: date) -> tuple[date, ...]:
        ready = add_days(self.aim.as_of, act.lead_days(self.program, self.aim.as_of))
        looks = [add_months(self.aim.as_of, months) for months in range(MONTHS_AHEAD)]
        looks = [look for look in (*looks, until) if ready <= look <= until]
        return act_days(self.finder.clock, self.graph, sorted(direct), ready, looks) if looks else ()

    def _overlap(self, nodes: frozenset[int]) -> bool:
        """True where acts count the same people: there one person is not two."""
        return any(counts_people(self.graph.nodes[node]) for node in nodes)

    # --- answering --------------------------------------------------------------------------------------------------

    def answer(self, blank: Path) -> Path:
        """The cheapest acts that the engine finds enough."""
        if not self.reviews:
            return self._without(blank, ())
        suggestions = self._suggestions()
        least = min((each.conditions for each in suggestions), default=0)
        best = [each for each in suggestions if each.conditions == least]
        for suggestion in best:
            found = self._checked(blank, suggestion) if suggestion.review.on <= self.aim.by else None
            if found is not None:
                return found
        return self._without(blank, best)

    def _without(self, blank: Path, suggestions: Sequence[Suggestion]) -> Path:
        today = self.finder.today
        if self.finder._holds(today, self.aim):
            return self.finder._held(blank, today, self.aim)
        held = today.tiers[self.aim.label]
        later = [each.review.on for each in suggestions if each.review.on > self.aim.by]
        return replace(blank, held=held.tier, rows=held.rows[self.aim.tier], earliest=min(later, default=None))

    def _suggestions(self) -> list[Suggestion]:
        """For every review the cheapest acts, the best first: fewest conditions, then least effort, then earliest."""
        root = self.tree.node if self.tree is not None else None
        days = [review.looks_at for review in self.reviews]
        groups = apart(self.graph, self.program, self.offer, self.aim.as_of)
        told = dict(trials_of(self.offer, groups))
        self.trials.run([nothing(self.offer), everything(self.offer), *told], [self.aim.as_of, *days])
        found = []
        for review in self.reviews:
            if root is None:
                done = nothing(self.offer)
                model = make_model(self.trials, self.finder.clock, 0, review.looks_at, told)
                found.append(Suggestion(review, model, done, 0, (), True))
                continue
            model = make_model(self.trials, self.finder.clock, root, review.looks_at, told)
            suggestion = self._suggest(review, model, [])
            if suggestion is not None:
                found.append(suggestion)
        return sorted(found, key=self._order)

    def _order(self, each: Suggestion) -> tuple[object, ...]:
        if self.aim.least == "days":
            return (each.conditions, each.review.on, each.price)
        return (each.conditions, each.price, each.review.on)

    def _suggest(self, review: ReviewDay, model: Model, refuted: Sequence[Done]) -> Suggestion | None:
        search = self._search(model, refuted)
        least = model.rests_on(search._full())
        if least >= NEVER:
            return None
        search.conditions = least
        done = search.run()
        if done is None:
            return None
        return Suggestion(review, model, done, least, search._priced(done)[:-1], search.is_exact)

    def _search(self, model: Model, refuted: Sequence[Done]) -> Search:
        slots = sorted({slot for each in model.components.values() for members, _ in each.groups for slot in members})
        choices = [self._choice(slot) for slot in slots]
        choices = [self._like(model, choice, slots) for choice in choices]
        choices.sort(key=lambda each: (tuple(-part for part in each.cost), each.slot))
        return Search(model, len(self.offer.slots), choices, self._crowds(slots), 0, self._last_day, list(refuted))

    def _choice(self, slot: int) -> Choice:
        act = self.offer.acts[self.offer.slots[slot].act]
        one = act.effort_of_one(self.program, self.aim.as_of)
        money_first = self.aim.least == "money"
        cost = (one.money, one.hours, one.seats) if money_first else (one.hours, one.money, one.seats)
        return Choice(slot, (*cost, Decimal(1)), self.offer.most(slot))

    def _like(self, model: Model, choice: Choice, slots: Sequence[int]) -> Choice:
        """An act on a later day that changes the same as on an earlier one is done on the earlier one first."""
        act = self.offer.slots[choice.slot].act
        before = [slot for slot in slots if slot < choice.slot and self.offer.slots[slot].act == act]
        if before and _responses(model, before[-1]) == _responses(model, choice.slot):
            return replace(choice, like=before[-1])
        return choice

    def _crowds(self, slots: Sequence[int]) -> list[Crowd]:
        found: dict[tuple[int, ...], int] = {}
        for act, pool in self.offer.pools.items():
            found[tuple(slot for slot in slots if self.offer.slots[slot].act == act)] = len(pool)
        return [Crowd(members, people) for members, people in found.items() if members]

    def _last_day(self, done: Done) -> int:
        days = (slot.day.toordinal() for slot, many in zip(self.offer.slots, done, strict=True) if many)
        return max(days, default=0)

    # --- the engine has the last word -------------------------------------------------------------------------------

    def _checked(self, blank: Path, suggestion: Suggestion) -> Path | None:
        """A suggestion that the engine finds enough, perhaps after others that it refuted; None where none is."""
        refuted: list[Done] = []
        chosen: Suggestion | None = suggestion
        for _ in range(TIMES):
            if chosen is None:
                return None
            path = self._verified(blank, chosen)
            if path is not None:
                return path
            refuted.append(chosen.done)
            chosen = self._next(chosen, refuted)
        return None

    def _next(self, last: Suggestion, refuted: list[Done]) -> Suggestion | None:
        """The next best acts that the engine finds enough on the day, tried many at a time."""
        for _ in range(TIMES):
            waiting: list[Suggestion] = []
            asked = list(refuted)
            while len(waiting) < AT_A_TIME:
                found = self._suggest(last.review, last.model, asked)
                if found is None or found.conditions > last.conditions:
                    break
                waiting.append(found)
                asked.append(found.done)
            if not waiting:
                return None
            self.trials.run([each.done for each in waiting], [last.review.looks_at])
            for each in waiting:
                if self._is_seen_enough(each):
                    return each
                refuted.append(each.done)
        return None

    def _is_seen_enough(self, each: Suggestion) -> bool:
        seen = self.trials.seen[each.done, each.review.looks_at]
        as_seen = replace_base(each.model, seen)
        return as_seen.rests_on(each.done) <= each.conditions

    def _acts_today(self, done: Done) -> bool:
        """True where some act counts on the asked day already."""
        return any(many and slot.day <= self.aim.as_of for slot, many in zip(self.offer.slots, done, strict=True))

    def _verified(self, blank: Path, each: Suggestion) -> Path | None:
        """The path with what the engine says about it; None where it does not agree."""
        rows = self.offer.rows(self.program, each.done)
        review = each.review
        held_on = max(review.on, review.effective)
        found = self.finder._assessed(rows, (self.aim.as_of, review.looks_at, held_on))
        looked, after = found[review.looks_at], found[held_on]
        before = self.finder.today if self._acts_today(each.done) else found[self.aim.as_of]
        if self.finder._holds(before, self.aim):
            return self.finder._held(blank, before, self.aim)
        _, missing = each.model.work_out(each.done)
        agreed = looked.tiers[self.aim.label].rows[self.aim.tier]
        if each.conditions == 0 and not self.finder._holds(after, self.aim):
            return None
        if any(row.result != "met" and each.model.missing(missing, node) == 0 for row, node in _with_nodes(agreed, self.tree)):
            return None
        rules = Rules(self.aim.tier, self.tree)
        steps = steps_of(self.offer, each.model, each.done, rules, self.program, self.aim.as_of)
        depends, blocked = conditions(each.model, each.done, rules, self.finder.compiled, self.unplannable)
        return replace(
            blank,
            held=before.tiers[self.aim.label].tier,
            outlook="conditional" if each.conditions else "path",
            steps=steps,
            effort=sum((step.effort for step in steps), Total()),
            ready_by=max((step.ready_on for step in steps), default=None),
            review_on=review.on,
            effective_on=held_on,
            verified=True,
            is_least=each.is_exact,
            rows=agreed,
            depends_on=depends,
            blocked_by=blocked,
            at_risk=risks(self.trials, each.model, rules, self.aim.as_of),
        )


def _responses(model: Model, slot: int) -> dict[int, object]:
    return {
        node: members[slot]
        for node, each in model.components.items()
        for members, _ in each.groups
        if slot in members
    }


def _with_nodes(rows: Sequence[object], tree: Branch | None) -> list[tuple[object, int]]:
    """The rows of a tier with their nodes, in the order in which both are written."""
    nodes: list[int] = []

    def visit(branch: Branch) -> None:
        nodes.append(branch.node)
        for part in branch.parts:
            visit(part)

    if tree is not None:
        visit(tree)
    return list(zip(rows, nodes, strict=True))


def replace_base(model: Model, seen: object) -> Model:
    """The same review, as the engine saw it after some acts: nothing is worked out any more."""
    return replace(model, base=seen, components={}, order=())


__all__ = ["Unplannable", "find_path"]
