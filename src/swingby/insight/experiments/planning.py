"""Plans an experiment: who takes part, which wave the lot gives to each, and what can be seen by the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from swingby.engine import FactSource
from swingby.errors import SwingbyError
from swingby.insight.effects.answering import incomplete, unknown_words
from swingby.insight.effects.question import Act, EffectQuestion, Outcome
from swingby.insight.effects.reading import Months, read_months
from swingby.insight.effects.shaping import outcome_of
from swingby.insight.experiments.drawing import Candidate, balance, draw_waves
from swingby.insight.experiments.looks import Look, Waves, looks, smallest_visible
from swingby.insight.experiments.plan import Design, Drawn, Plan
from swingby.insight.experiments.reading import change_of, known_outcomes, known_too_early, regions_of
from swingby.insight.numerics.arrays import Floats, Integers, Truths
from swingby.insight.numerics.panel import NEVER
from swingby.insight.settings import SETTINGS, Settings
from swingby.program import Program
from swingby.values import add_months


@dataclass(frozen=True, slots=True)
class _Past:
    """What is known when the plan is made."""

    months: Months
    outcome: Floats
    usual: Floats
    taking_part: Truths


def plan_experiment(
    design: Design,
    facts: FactSource,
    program: Program,
    *,
    planned_on: date,
    known_at: int | None = None,
    settings: Settings = SETTINGS,
) -> Plan:
    """Plan an experiment.

    Everything rests on what was recorded by the end of the day of planning. Partners take part that were enrolled in all whole
    months before, have an outcome in them and did not do the act yet.

    Parameters
    ----------
    design
        The act, the outcome, the waves and the seed of the lot.
    facts, program
        As for `swingby.engine.assess`.
    planned_on
        The day of planning, before the start.
    known_at
        The position up to which facts are known, where the day is not over; None takes all that was recorded by its end.

    Raises
    ------
    MisusedError
        ``question`` when it cannot be asked of this program's facts.
    SwingbyError
        ``looked-before`` when outcomes from the start on are already known; ``experiment-unplanned`` with what is missing.
    """
    design.check(program, planned_on=planned_on)
    position = facts.position_at(planned_on) if known_at is None else known_at
    _refuse_looked(design, facts, planned_on, position)
    past = _past(design, facts, program, planned_on, position)
    candidates = _candidates(past, design, regions_of(facts))
    drawn = draw_waves(candidates, waves=design.waves, seed=design.seed)
    smallest_wave = min(list(drawn.values()).count(wave) for wave in range(1, design.waves + 1))
    if smallest_wave < settings.fewest_in_drawn_wave:
        raise _unplanned(
            f"The smallest wave would have {smallest_wave} partners; {settings.fewest_in_drawn_wave} are needed.",
            "Draw fewer waves, or wait until more partners can take part.",
        )
    last = _last_look(past, design, candidates, drawn)
    return Plan(
        design=design,
        program=program.header.id,
        version=program.header.version,
        planned_on=planned_on,
        known=known_outcomes(facts, program, position),
        error=last.error,
        smallest=smallest_visible(last),
        partners=tuple(Drawn(one, drawn[one.organization]) for one in candidates),
        balance=balance(candidates, drawn),
        position=known_at,
    )


def _refuse_looked(design: Design, facts: FactSource, planned_on: date, position: int) -> None:
    early = known_too_early(facts, design, position)
    if early:
        raise SwingbyError(
            code="looked-before",
            message=f"{early} outcomes from {design.start} on were known by {planned_on}.",
            hint="Begin the first wave after the last outcome that anybody could have looked at.",
        )


def _unplanned(reason: str, hint: str) -> SwingbyError:
    return SwingbyError(code="experiment-unplanned", message=f"This experiment cannot be planned. {reason}", hint=hint)


def _past(design: Design, facts: FactSource, program: Program, planned_on: date, position: int) -> _Past:
    """The whole months before the day of planning, as many as are known before an experiment and as many as it lasts."""
    until = (planned_on + timedelta(days=1)).replace(day=1)
    since = add_months(until, -(design.before + design.months))
    asked = design.asked(since, until, known_at=position)
    missing = " ".join([incomplete(asked, facts, program), *unknown_words(_bare(asked), facts)]).strip()
    if missing:
        raise _unplanned(missing, "Add what is missing, or plan a shorter experiment.")
    months = read_months(facts, program, asked)
    outcome, _ = outcome_of(months, design.outcome)
    _, usual = change_of(outcome[:, design.months :], design.before, is_relative=False)
    enrolled = months.enrolled[:, design.months :].all(axis=1)
    known = usual > 0 if design.outcome is Outcome.REVENUE else np.isfinite(usual)
    return _Past(months, outcome, usual, enrolled & known & (months.began == NEVER))


def _bare(question: EffectQuestion) -> EffectQuestion:
    """The question without its act: nobody need have done it before an experiment."""
    return replace(question, act=Act("", question.act.said, days={}))


def _candidates(past: _Past, design: Design, regions: Mapping[str, str]) -> tuple[Candidate, ...]:
    sizes = past.months.money[:, design.months :].mean(axis=1)
    found = (
        Candidate(
            organization=past.months.partners[place],
            region=regions.get(past.months.partners[place], ""),
            size=round(float(sizes[place]), 2),
            tenure=int(past.months.tenure[place]),
            usual=float(past.usual[place]),
        )
        for place in np.flatnonzero(past.taking_part)
    )
    return tuple(sorted(found, key=lambda one: one.organization))


def _last_look(past: _Past, design: Design, candidates: Sequence[Candidate], drawn: Mapping[str, int]) -> Look:
    """The experiment played through in the past, when nobody was invited: its error is that to be expected."""
    place = {name: nth for nth, name in enumerate(past.months.partners)}
    rows = np.array([place[one.organization] for one in candidates])
    change, _ = change_of(past.outcome[rows], design.before, is_relative=design.outcome is Outcome.REVENUE)
    began = began_of([drawn[one.organization] for one in candidates], design)
    # What error was planned matters to the width of the sequence only, which is not read here.
    found = list(looks(Waves(change, began, np.zeros(change.shape, bool)), 1.0))
    if not found or found[-1].month < design.months:
        raise _unplanned(
            "The outcome varied too little, or was seen too seldom, to say what could be seen.",
            "Take another outcome, or plan a shorter experiment.",
        )
    return found[-1]


def began_of(waves: Sequence[int], design: Design) -> Integers:
    """The month of the experiment in which each partner's wave begins."""
    return np.array([(wave - 1) * design.every for wave in waves], np.int64)
