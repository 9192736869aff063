"""From a plan that was registered, and facts, to the card of an experiment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from swingby.engine import FactSource
from swingby.insight.cards import Card, Result, refused_card
from swingby.insight.effects.answering import incomplete
from swingby.insight.effects.judging import Judgement
from swingby.insight.effects.question import Outcome
from swingby.insight.effects.reading import Months, months_between, read_months
from swingby.insight.effects.shaping import outcome_of
from swingby.insight.experiments.looks import Look, Waves, looks
from swingby.insight.experiments.plan import Plan
from swingby.insight.experiments.planning import began_of
from swingby.insight.experiments.reading import change_of, known_outcomes, known_too_early, last_outcome
from swingby.insight.experiments.telling import Run, tell
from swingby.insight.numerics.arrays import Floats, Truths
from swingby.insight.numerics.lots import difference_by_lot
from swingby.insight.settings import SETTINGS, Settings
from swingby.insight.verdicts import Verdict
from swingby.program import Program
from swingby.values import add_months


@dataclass(frozen=True, slots=True)
class _Seen:
    """The partners of the plan, in its order, and what is known of them now."""

    waves: Waves
    usual: Floats
    sizes: Floats
    gone: int


def answer_experiment(
    plan: Plan,
    facts: FactSource,
    program: Program,
    *,
    until: date | None = None,
    known_at: int | None = None,
    settings: Settings = SETTINGS,
) -> Card:
    """Answer what an act or a change does, as the lot fell, at any time.

    Parameters
    ----------
    plan
        From `swingby.insight.read_plan`, which refuses one that was changed.
    facts, program
        As for `swingby.engine.assess`.
    until
        The day after the last that is looked at; None looks at all whole months that are known, at most to the planned end.
    known_at
        The position up to which facts are looked at; None all.
    """
    words, months = plan.design.words, _months(plan, facts, until)
    if plan.program != program.header.id:
        return refused_card(
            words, f"The plan is of the program {plan.program}, these are facts of {program.header.id}."
        )
    early = known_too_early(facts, plan.design, plan.known_at(facts))
    if early:
        return refused_card(
            words,
            f"{early} outcomes from {plan.design.start} on were recorded by {plan.planned_on}, when it was planned.",
        )
    if months < 1:
        return refused_card(words, f"No whole month since {plan.design.start} is known yet.")
    asked = plan.design.asked(
        add_months(plan.design.start, -plan.design.before), add_months(plan.design.start, months), known_at=known_at
    )
    missing = incomplete(asked, facts, program)
    if missing:
        return refused_card(words, missing)
    seen = _seen(plan, read_months(facts, program, asked))
    found = tuple(looks(seen.waves, plan.error))
    if not found:
        return refused_card(words, "Too few partners have an outcome before the start and since.")
    run = _run(plan, facts, program, seen, found)
    return tell(run, _judge(run, settings))


def _months(plan: Plan, facts: FactSource, until: date | None) -> int:
    """How many whole months of the experiment are looked at."""
    if until is None:
        last = last_outcome(facts)
        until = plan.design.start if last is None else last + timedelta(days=1)
    return min(plan.design.months, months_between(plan.design.start, until.replace(day=1)))


def _seen(plan: Plan, months: Months) -> _Seen:
    before = plan.design.before
    place = {name: nth for nth, name in enumerate(months.partners)}
    rows = np.array([place.get(one.candidate.organization, -1) for one in plan.partners])
    outcome, _ = outcome_of(months, plan.design.outcome)
    # A partner that facts no longer know has no outcome, and is counted as missing.
    known = np.where((rows >= 0)[:, None], outcome[rows], np.nan)
    change, usual = change_of(known, before, is_relative=plan.design.outcome is Outcome.REVENUE)
    began = np.where(rows >= 0, months.began[rows], change.shape[1] + before)
    did: Truths = np.arange(change.shape[1]) >= began[:, None] - before
    waves = Waves(change, began_of([one.wave for one in plan.partners], plan.design), did)
    return _Seen(waves, usual, np.array([one.candidate.size for one in plan.partners]), int((rows < 0).sum()))


def _run(plan: Plan, facts: FactSource, program: Program, seen: _Seen, found: tuple[Look, ...]) -> Run:
    stop = next((one for one in found if one.effect.excludes_zero), None)
    judged = stop or found[-1]
    month = judged.month - 1
    begun, there = seen.waves.began <= month, np.isfinite(seen.waves.change[:, month])
    known = np.isfinite(seen.usual)
    left = looks(seen.waves.without(int(np.argmax(seen.sizes))), plan.error)
    return Run(
        plan=plan,
        looks=found,
        judged=judged,
        waiting=tuple(int((seen.waves.began > one.month - 1).sum()) for one in found),
        before=difference_by_lot(_standard(seen.usual[known]), seen.waves.began[known] == 0).difference,
        without_biggest=next((one.effect for one in left if one.month == judged.month), None),
        did=(int((seen.waves.did[:, month] & begun).sum()), int((seen.waves.did[:, month] & ~begun).sum())),
        drawn=(int(begun.sum()), int((~begun).sum())),
        missing=(int((begun & ~there).sum()), int((~begun & ~there).sum())),
        is_past_same=dict(known_outcomes(facts, program, plan.known_at(facts))) == dict(plan.known),
    )


def _standard(values: Floats) -> Floats:
    spread = values.std()
    return values / spread if spread else values


def _judge(run: Run, settings: Settings) -> Judgement:
    """Shown when the sequence leaves zero and nothing was changed, missing or carried by one partner."""
    effect, (drawn, waiting) = run.judged.effect, run.drawn
    unlike = abs(run.missing[0] / max(1, drawn) - run.missing[1] / max(1, waiting))
    without = run.without_biggest
    passed = {
        "plan and lot": True,
        "past as it was": run.is_past_same,
        "before the lot": not run.before.excludes_zero,
        "missing alike": unlike <= settings.most_unlike_missing,
        "biggest partner": without is not None and without.value * effect.value > 0,
    }
    results = {name: Result.PASSED if good else Result.FAILED for name, good in passed.items()}
    if not effect.excludes_zero:
        return Judgement(Verdict.NOT_SHOWN, results)
    return Judgement(Verdict.SHOWN if all(passed.values()) else Verdict.SUGGESTED, results)
