"""The path of one partner: what to do for a tier, checked by running the engine on it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import date

from swingby.engine.assessing import Compiled, compile_program
from swingby.engine.assessment import FactSource
from swingby.engine.path.answer import Least, Path, Total
from swingby.engine.path.asking import Question, tree_nodes
from swingby.engine.path.offering import MONTHS_AHEAD
from swingby.engine.path.partner import Aim, Partner
from swingby.engine.path.suggesting import TIMES, Suggesting, Suggestion
from swingby.engine.path.telling import Rules, conditions, risks, steps_of
from swingby.engine.path.trials import Done
from swingby.engine.path.witness import Found, Witness
from swingby.engine.path.worlds import Copies
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
    with Copies(facts, compiled, who.position, partner) as copies:
        witness = Witness(who, copies)
        aim = who.aim(to, ladder, until, least, lambda label: witness.today.tiers[label].next_tier)
        if aim is not None and aim.is_held(witness.today.tiers[aim.label].tier):
            return _held_today(witness, aim)
        if aim is not None:
            with closing(Question(who, aim, copies, witness)) as question:
                return _Finding(question).path()
        label = who.first_ladder(ladder)
        held = witness.today.tiers[label].tier if label else None
    return Path(partner, label, held or "", held, as_of, until, least, "held", verified=True)


def _held_today(witness: Witness, aim: Aim) -> Path:
    found = witness.today.tiers[aim.label]
    return replace(
        _blank(witness.partner, aim), held=found.tier, outlook="held", verified=True, rows=found.rows[aim.tier]
    )


def _blank(partner: Partner, aim: Aim) -> Path:
    return Path(partner.name, aim.label, aim.tier, None, aim.as_of, aim.by, aim.least, "none")


class _Finding:
    """One search: suggestions, and what the engine says about them."""

    def __init__(self, question: Question) -> None:
        self.question, self.aim, self.partner = question, question.aim, question.partner
        self.prospect, self.trials = question.prospect, question.trials
        self.suggesting = Suggesting(question)
        self.tree = question.tree
        self.blank = _blank(self.partner, self.aim)

    def path(self) -> Path:
        """The best suggestion with which the engine agrees."""
        outlooks = self.suggesting.best()
        for suggestion in outlooks.in_time:
            found = self._checked(suggestion)
            if found is not None:
                return found
            self.suggesting.is_least = False
        held = self.question.held
        return replace(self.blank, held=held.tier, rows=held.rows[self.aim.tier], earliest=outlooks.later)

    # --- the engine has the last word -------------------------------------------------------------------------------

    def _checked(self, suggestion: Suggestion) -> Path | None:
        """A suggestion, or else the next best one, with which the engine agrees.

        Where the engine finds enough what was done, and the ladder does not give the tier yet, a later review may.
        """
        refuted: list[Done] = []
        chosen: Suggestion | None = suggestion
        for _ in range(TIMES):
            if chosen is None:
                return None
            found = self._found(chosen)
            if self._is_met(chosen, found):
                return self._told(chosen, found) if chosen.conditions or self.aim.is_held(found.tier) else None
            refuted.append(chosen.done)
            chosen = self.suggesting.next_best(chosen, refuted)
        return None

    def _found(self, each: Suggestion) -> Found:
        return self.question.with_acts(self.trials.offer.rows(self.partner.program, each.done), each.review)

    def _is_met(self, each: Suggestion, found: Found) -> bool:
        """True where the engine finds met all that the model does."""
        _, missing = each.model.work_out(each.done)
        return not any(
            row.result != "met" and not each.model.missing(missing, node)
            for row, node in zip(found.rows, tree_nodes(self.tree), strict=True)
        )

    def _told(self, each: Suggestion, found: Found) -> Path:
        rules = Rules(self.aim.tier, self.tree)
        steps = steps_of(self.trials.offer, each, rules, self.aim.as_of)
        depends, blocked = conditions(each, rules, self.prospect.unplannable)
        return replace(
            self.blank,
            held=self.question.held.tier,
            rows=found.rows,
            verified=True,
            outlook="conditional" if each.conditions else "path",
            steps=steps,
            effort=sum((step.effort for step in steps), Total()),
            ready_by=max((step.ready_on for step in steps), default=None),
            review_on=each.review.on,
            effective_on=each.review.held_on,
            is_least=self.suggesting.is_least,
            depends_on=depends,
            blocked_by=blocked,
            at_risk=risks(self.trials, each, rules, self.question.witness.today),
        )
