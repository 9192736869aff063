"""The path of one partner: what to do for a tier, checked by running the engine on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from swingby.engine.assessing import Compiled, compile_program
from swingby.engine.assessment import FactSource
from swingby.engine.path.answer import Least, Path, Total
from swingby.engine.path.offering import MONTHS_AHEAD, prospect
from swingby.engine.path.partner import Aim, Partner
from swingby.engine.path.suggesting import TIMES, Suggesting, Suggestion, tree_nodes
from swingby.engine.path.telling import Rules, conditions, risks, steps_of
from swingby.engine.path.trials import Done
from swingby.engine.path.worlds import Copies
from swingby.engine.standing import Standing
from swingby.errors import SwingbyError
from swingby.program import Program
from swingby.values import add_months


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
    until = by or add_months(as_of, MONTHS_AHEAD)
    if until < as_of:
        message = f"{until} is before {as_of}."
        raise SwingbyError(code="path-days", message=message, hint="Name a day that is still to come.")
    who = Partner(compiled, facts, facts.position_at(as_of) if known_at is None else known_at, partner, as_of)
    aim = who.aim(to, ladder, until, least)
    if aim is None:
        label = who.first_ladder(ladder)
        held = who.today.tiers[label].tier if label else None
        return Path(partner, label, held or "", held, as_of, until, least, "held", verified=True)
    with Copies(facts, compiled, who.position, partner) as copies:
        return _Finding(who, aim, copies).path()


class _Finding:
    """One search: suggestions, and what the engine says about them."""

    def __init__(self, partner: Partner, aim: Aim, copies: Copies) -> None:
        self.partner, self.aim = partner, aim
        self.prospect = prospect(partner, aim, copies)
        self.suggesting = Suggesting(partner, aim, copies, self.prospect)
        self.tree = self.suggesting.tree
        self.blank = Path(partner.name, aim.label, aim.tier, None, aim.as_of, aim.by, aim.least, "none")

    def path(self) -> Path:
        """The best suggestion with which the engine agrees."""
        if not self.prospect.reviews:
            return self._without(None)
        outlooks = self.suggesting.best()
        for suggestion in outlooks.in_time:
            found = self._checked(suggestion)
            if found is not None:
                return found
        return self._without(outlooks.later)

    def _without(self, later: date | None) -> Path:
        today = self.partner.today
        if self.aim.is_held(today):
            return self._held(today)
        held = today.tiers[self.aim.label]
        return replace(self.blank, held=held.tier, rows=held.rows[self.aim.tier], earliest=later)

    def _held(self, standing: Standing) -> Path:
        found = standing.tiers[self.aim.label]
        return replace(self.blank, held=found.tier, outlook="held", verified=True, rows=found.rows[self.aim.tier])

    # --- the engine has the last word -------------------------------------------------------------------------------

    def _checked(self, suggestion: Suggestion) -> Path | None:
        """A suggestion, or else the next best one, with which the engine agrees."""
        refuted: list[Done] = []
        chosen: Suggestion | None = suggestion
        for _ in range(TIMES):
            path = self._verified(chosen) if chosen is not None else None
            if chosen is None or path is not None:
                return path
            refuted.append(chosen.done)
            chosen = self.suggesting.next_best(chosen, refuted)
        return None

    def _verified(self, each: Suggestion) -> Path | None:
        """The path with what the engine says about it; None where it does not agree."""
        found = self._assessed(each)
        held_on = max(each.review.on, each.review.effective)
        before = self.partner.today if self._acts_today(each.done) else found[self.aim.as_of]
        if self.aim.is_held(before):
            return self._held(before)
        agreed = found[each.review.looks_at].tiers[self.aim.label].rows[self.aim.tier]
        _, missing = each.model.work_out(each.done)
        promised = (
            row
            for row, node in zip(agreed, tree_nodes(self.tree), strict=True)
            if not each.model.missing(missing, node)
        )
        given = each.conditions > 0 or self.aim.is_held(found[held_on])
        if not given or any(row.result != "met" for row in promised):
            return None
        path = replace(self.blank, held=before.tiers[self.aim.label].tier, rows=agreed, verified=True)
        return self._told(path, each, before, held_on)

    def _assessed(self, each: Suggestion) -> Mapping[date, Standing]:
        rows = self.suggesting.offer.rows(self.partner.program, each.done)
        held_on = max(each.review.on, each.review.effective)
        return self.partner.assessed(rows, (self.aim.as_of, each.review.looks_at, held_on))

    def _acts_today(self, done: Done) -> bool:
        """True where some act counts on the asked day already."""
        slots = self.suggesting.offer.slots
        return any(many and slot.day <= self.aim.as_of for slot, many in zip(slots, done, strict=True))

    def _told(self, path: Path, each: Suggestion, before: Standing, held_on: date) -> Path:
        rules = Rules(self.aim.tier, self.tree)
        steps = steps_of(self.suggesting.offer, each, rules, self.aim.as_of)
        depends, blocked = conditions(each, rules, self.prospect.unplannable)
        return replace(
            path,
            outlook="conditional" if each.conditions else "path",
            steps=steps,
            effort=sum((step.effort for step in steps), Total()),
            ready_by=max((step.ready_on for step in steps), default=None),
            review_on=each.review.on,
            effective_on=held_on,
            is_least=each.is_exact and self.prospect.is_whole,
            depends_on=depends,
            blocked_by=blocked,
            at_risk=risks(self.suggesting.trials, each, rules, before),
        )
