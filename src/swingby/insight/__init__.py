"""Evidence: estimates, with their checks, of what a program changes. Outsiders import from here.

Importing this loads no numpy; asking a question does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from swingby.insight.anyway.question import AnywayQuestion
from swingby.insight.cards import Card, Check, Count, Figure, Mark, Meaning, Picture, Remaining, Result, Series
from swingby.insight.changes.question import ChangeQuestion, Noted
from swingby.insight.effects.question import Act, EffectQuestion, Lots, Outcome
from swingby.insight.experiments.document import ANALYSIS as EXPERIMENT_ANALYSIS
from swingby.insight.experiments.document import STOP as EXPERIMENT_STOPS
from swingby.insight.experiments.document import plan_document, plan_hash, read_plan
from swingby.insight.experiments.drawing import Balance
from swingby.insight.experiments.plan import Design, Plan
from swingby.insight.exposure.question import ExposureQuestion
from swingby.insight.forecast.question import ForecastQuestion
from swingby.insight.gaming.question import GamingQuestion
from swingby.insight.keeping import card_data, card_from, tells_money
from swingby.insight.readiness.question import KnownAct, ReadinessQuestion
from swingby.insight.returns.question import Between, ReturnQuestion
from swingby.insight.settings import SETTINGS, Settings
from swingby.insight.showing.page import card_page, card_picture
from swingby.insight.showing.paper import card_paper
from swingby.insight.showing.saying import (
    RESULT_WORDS,
    VERDICT_WORDS,
    amount_words,
    check_heading,
    figure_words,
    kept_together,
    place_of,
    place_words,
    range_words,
)
from swingby.insight.staying.question import SignsQuestion, StayingQuestion
from swingby.insight.value.question import ValueQuestion
from swingby.insight.verdicts import Verdict

if TYPE_CHECKING:
    from datetime import date

    from swingby.engine import FactSource
    from swingby.program import Program

__all__ = [
    "EXPERIMENT_ANALYSIS",
    "EXPERIMENT_STOPS",
    "RESULT_WORDS",
    "SETTINGS",
    "VERDICT_WORDS",
    "Act",
    "AnywayQuestion",
    "Balance",
    "Between",
    "Card",
    "ChangeQuestion",
    "Check",
    "Count",
    "Design",
    "EffectQuestion",
    "ExposureQuestion",
    "Figure",
    "ForecastQuestion",
    "GamingQuestion",
    "KnownAct",
    "Lots",
    "Mark",
    "Meaning",
    "Noted",
    "Outcome",
    "Picture",
    "Plan",
    "ReadinessQuestion",
    "Remaining",
    "Result",
    "ReturnQuestion",
    "Series",
    "Settings",
    "SignsQuestion",
    "StayingQuestion",
    "ValueQuestion",
    "Verdict",
    "amount_words",
    "answer_anyway",
    "answer_change",
    "answer_effect",
    "answer_experiment",
    "answer_exposure",
    "answer_forecast",
    "answer_gaming",
    "answer_readiness",
    "answer_return",
    "answer_signs",
    "answer_staying",
    "answer_value",
    "card_data",
    "card_from",
    "card_page",
    "card_paper",
    "card_picture",
    "check_heading",
    "figure_words",
    "kept_together",
    "known_acts",
    "place_of",
    "place_words",
    "plan_document",
    "plan_experiment",
    "plan_hash",
    "range_words",
    "read_plan",
    "smallest_words",
    "tells_money",
]


def answer_effect(
    question: EffectQuestion, facts: FactSource, program: Program, *, settings: Settings = SETTINGS, seed: int = 0
) -> Card:
    """Answer whether an act raised an outcome; see `swingby.insight.effects.answering.answer_effect`."""
    from swingby.insight.effects import answering

    return answering.answer_effect(question, facts, program, settings=settings, seed=seed)


def answer_anyway(
    question: AnywayQuestion, facts: FactSource, program: Program, *, settings: Settings = SETTINGS
) -> Card:
    """Answer whether deals would have been won without a partner; see `swingby.insight.anyway.answering.answer_anyway`."""
    from swingby.insight.anyway import answering

    return answering.answer_anyway(question, facts, program, settings=settings)


def answer_change(
    question: ChangeQuestion,
    facts: FactSource,
    program: Program,
    *,
    against: Program,
    old_facts: FactSource | None = None,
    settings: Settings = SETTINGS,
    seed: int = 0,
) -> Card:
    """Answer what a new version did; see `swingby.insight.changes.answering.answer_change`."""
    from swingby.insight.changes import answering

    return answering.answer_change(
        question, facts, program, against=against, old_facts=old_facts, settings=settings, seed=seed
    )


def plan_experiment(
    design: Design,
    facts: FactSource,
    program: Program,
    *,
    planned_on: date,
    known_at: int | None = None,
    settings: Settings = SETTINGS,
) -> Plan:
    """Draw waves by lot and say what will be seen; see `swingby.insight.experiments.planning.plan_experiment`."""
    from swingby.insight.experiments import planning

    return planning.plan_experiment(design, facts, program, planned_on=planned_on, known_at=known_at, settings=settings)


def smallest_words(plan: Plan) -> str:
    """The smallest effect that an experiment promises to see, as its card says it."""
    from swingby.insight.effects.scale import scale_of

    scale = scale_of(plan.design.outcome)
    return scale.say(scale.shown(plan.smallest))


def answer_experiment(
    plan: Plan,
    facts: FactSource,
    program: Program,
    *,
    until: date | None = None,
    known_at: int | None = None,
    settings: Settings = SETTINGS,
) -> Card:
    """Answer what a lot shows so far; see `swingby.insight.experiments.answering.answer_experiment`."""
    from swingby.insight.experiments import answering

    return answering.answer_experiment(plan, facts, program, until=until, known_at=known_at, settings=settings)


def answer_exposure(
    question: ExposureQuestion, facts: FactSource, program: Program, *, settings: Settings = SETTINGS, seed: int = 0
) -> Card:
    """Answer how much hangs on a few partners; see `swingby.insight.exposure.answering.answer_exposure`."""
    from swingby.insight.exposure import answering

    return answering.answer_exposure(question, facts, program, settings=settings, seed=seed)


def answer_forecast(
    question: ForecastQuestion, facts: FactSource, program: Program, *, settings: Settings = SETTINGS
) -> Card:
    """Answer what partners will win next; see `swingby.insight.forecast.answering.answer_forecast`."""
    from swingby.insight.forecast import answering

    return answering.answer_forecast(question, facts, program, settings=settings)


def answer_gaming(
    question: GamingQuestion, facts: FactSource, program: Program, *, settings: Settings = SETTINGS
) -> Card:
    """Answer whether a line was reached by its last days; see `swingby.insight.gaming.answering.answer_gaming`."""
    from swingby.insight.gaming import answering

    return answering.answer_gaming(question, facts, program, settings=settings)


def answer_staying(
    question: StayingQuestion, facts: FactSource, program: Program, *, settings: Settings = SETTINGS
) -> Card:
    """Answer how long partners or customers stay; see `swingby.insight.staying.answering.answer_staying`."""
    from swingby.insight.staying import answering

    return answering.answer_staying(question, facts, program, settings=settings)


def answer_signs(question: SignsQuestion, facts: FactSource, *, settings: Settings = SETTINGS) -> Card:
    """Answer which early sign tells which customers stay; see `swingby.insight.staying.signs.answer_signs`."""
    from swingby.insight.staying import signs

    return signs.answer_signs(question, facts, settings=settings)


def answer_readiness(
    question: ReadinessQuestion, facts: FactSource, program: Program, *, settings: Settings = SETTINGS
) -> Card:
    """Answer which questions these facts can answer; see `swingby.insight.readiness.answering.answer_readiness`."""
    from swingby.insight.readiness import answering

    return answering.answer_readiness(question, facts, program, settings=settings)


def known_acts(
    question: ReadinessQuestion, facts: FactSource, program: Program, *, settings: Settings = SETTINGS
) -> tuple[KnownAct, ...]:
    """Every act that can be asked about, and those that cannot; see `swingby.insight.readiness.answering.known_acts`."""
    from swingby.insight.readiness import answering

    return answering.known_acts(question, facts, program, settings=settings)


def answer_value(
    question: ValueQuestion, facts: FactSource, program: Program, *, settings: Settings = SETTINGS, seed: int = 0
) -> Card:
    """Answer what partners are worth; see `swingby.insight.value.answering.answer_value`."""
    from swingby.insight.value import answering

    return answering.answer_value(question, facts, program, settings=settings, seed=seed)


def answer_return(
    question: ReturnQuestion, facts: FactSource, program: Program, *, settings: Settings = SETTINGS, seed: int = 0
) -> Card:
    """Answer whether an act pays; see `swingby.insight.returns.answering.answer_return`."""
    from swingby.insight.returns import answering

    return answering.answer_return(question, facts, program, settings=settings, seed=seed)
