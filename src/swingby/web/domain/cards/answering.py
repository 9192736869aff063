"""From settings to a card: the question as `swingby.insight` asks it, answered from what was brought."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from swingby.facts import FactSet
from swingby.insight import (
    Act,
    AnywayQuestion,
    Between,
    Card,
    ChangeQuestion,
    EffectQuestion,
    ExposureQuestion,
    ForecastQuestion,
    GamingQuestion,
    Outcome,
    Plan,
    ReadinessQuestion,
    ReturnQuestion,
    SignsQuestion,
    StayingQuestion,
    ValueQuestion,
    answer_anyway,
    answer_change,
    answer_effect,
    answer_experiment,
    answer_exposure,
    answer_forecast,
    answer_gaming,
    answer_readiness,
    answer_return,
    answer_signs,
    answer_staying,
    answer_value,
)
from swingby.program import Program

Settings = Mapping[str, str]
ONE_DAY = timedelta(days=1)
NOTHING = Between(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Ground:
    """What an answer stands on: the program, what was brought, up to which position.

    For a change the version before, for an experiment its plan.
    """

    program: Program
    facts: FactSet
    position: int
    against: Program | None = None
    old_facts: FactSet | None = None
    plan: Plan | None = None


def act_of(settings: Settings) -> Act:
    """What partners did, as ``credentials:level=advanced`` says it."""
    kind, _, words = settings["act"].partition(":")
    column, _, word = words.partition("=")
    said = settings.get("said") or f"the first {word.replace('_', ' ')}"
    return Act(kind, said, {column: (word,)} if column else {})


def _since(settings: Settings) -> date:
    return date.fromisoformat(settings["first"])


def _until(settings: Settings) -> date:
    return date.fromisoformat(settings["last"]) + ONE_DAY


def _parts(settings: Settings) -> tuple[str, ...]:
    return (settings["part"],) if settings.get("part") else ()


def _share(settings: Settings, name: str) -> float | None:
    return float(Decimal(settings[name]) / 100) if settings.get(name) else None


def _exactly(settings: Settings, name: str) -> Between:
    number = float(settings[name]) if settings.get(name) else 0.0
    return Between(number, number)


def effect_question(settings: Settings, *, position: int | None = None) -> EffectQuestion:
    """Whether an act raised an outcome."""
    return EffectQuestion(
        act_of(settings),
        Outcome(settings["outcome"]),
        _since(settings),
        _until(settings),
        adjusted=bool(settings.get("adjusted")),
        parts=_parts(settings),
        known_at=position,
    )


def return_question(settings: Settings, *, position: int | None = None) -> ReturnQuestion:
    """Whether an act pays."""
    margin, granted = _share(settings, "margin"), _share(settings, "granted") or 0.0
    return ReturnQuestion(
        effect_question(settings, position=position),
        margin=None if margin is None else Between(margin, margin),
        each=_exactly(settings, "each"),
        hours_each=_exactly(settings, "hours"),
        hour=_exactly(settings, "hour"),
        granted=Between(granted, granted),
    )


def change_question(settings: Settings) -> ChangeQuestion:
    """What a new version did."""
    return ChangeQuestion(
        _since(settings),
        _until(settings),
        outcome=Outcome(settings["outcome"]),
        line=Decimal(settings["line"]) if settings.get("line") else None,
        parts=_parts(settings),
    )


def _anyway(settings: Settings, position: int | None) -> AnywayQuestion:
    return AnywayQuestion(
        _since(settings),
        _until(settings),
        origin=settings.get("origin", ""),
        within=int(settings["within"]),
        parts=_parts(settings),
        known_at=position,
    )


def _staying(settings: Settings, position: int | None) -> StayingQuestion:
    whom: Any = settings["of"]
    by: Any = settings.get("by") or None
    return StayingQuestion(whom, _since(settings), _until(settings), by=by, known_at=position)


def _signs(settings: Settings, position: int | None) -> SignsQuestion:
    return SignsQuestion(
        _since(settings),
        _until(settings),
        within=int(settings["within"]),
        horizon=int(settings["horizon"]),
        known_at=position,
    )


def _value(settings: Settings, position: int | None) -> ValueQuestion:
    manner: Any = settings.get("manner") or "any-day"
    return ValueQuestion(
        _since(settings),
        _until(settings),
        months=int(settings["months"]),
        margin=_share(settings, "margin"),
        discount=_share(settings, "discount") or 0.0,
        manner=manner,
        parts=_parts(settings),
        known_at=position,
    )


def _forecast(settings: Settings, position: int | None) -> ForecastQuestion:
    return ForecastQuestion(
        _since(settings),
        _until(settings),
        months=int(settings["months"]),
        parts=_parts(settings),
        known_at=position,
    )


def _gaming(settings: Settings, position: int | None) -> GamingQuestion:
    return GamingQuestion(
        Decimal(settings["line"]),
        _until(settings),
        late=int(settings["late"]),
        parts=_parts(settings),
        known_at=position,
    )


def readiness_question(settings: Settings, *, position: int | None = None) -> ReadinessQuestion:
    """Which questions the days can answer."""
    return ReadinessQuestion(_since(settings), _until(settings), known_at=position)


def check_question(question: str, settings: Settings, program: Program, *, against: Program | None = None) -> None:
    """Refuse settings that cannot be, before anything is computed.

    Raises
    ------
    MisusedError
        With everything that is wrong.
    """
    if question == "effect":
        effect_question(settings).check(program)
    elif question == "return":
        return_question(settings).check(program)
    elif question == "change" and against is not None:
        change_question(settings).check(program, against)
    elif question == "staying":
        _staying(settings, None).check(program)
    elif question == "anyway":
        _anyway(settings, None).check(program)
    elif question in _UNBOUND:
        _UNBOUND[question](settings, None).check()


_UNBOUND: Mapping[str, Callable[[Settings, int | None], Any]] = {
    "signs": _signs,
    "value": _value,
    "forecast": _forecast,
    "gaming": _gaming,
    "readiness": lambda settings, position: readiness_question(settings, position=position),
}


def answer(question: str, settings: Settings, ground: Ground) -> Card:
    """The card that answers a question."""
    return ANSWERS[question](settings, ground)


def _effect(settings: Settings, ground: Ground) -> Card:
    return answer_effect(effect_question(settings, position=ground.position), ground.facts, ground.program)


def _return(settings: Settings, ground: Ground) -> Card:
    return answer_return(return_question(settings, position=ground.position), ground.facts, ground.program)


def _change(settings: Settings, ground: Ground) -> Card:
    if ground.against is None:
        raise ValueError("A change needs the version before it.")
    question = change_question(settings)
    return answer_change(question, ground.facts, ground.program, against=ground.against, old_facts=ground.old_facts)


def _experiment(settings: Settings, ground: Ground) -> Card:
    if ground.plan is None:
        raise ValueError("A look at an experiment needs its plan.")
    until = _until(settings) if settings.get("last") else None
    return answer_experiment(ground.plan, ground.facts, ground.program, until=until, known_at=ground.position)


def _exposure(settings: Settings, ground: Ground) -> Card:
    question = ExposureQuestion(
        _until(settings),
        years=int(settings["years"]),
        soon=int(settings["soon"]),
        parts=_parts(settings),
        known_at=ground.position,
    )
    return answer_exposure(question, ground.facts, ground.program)


ANSWERS: Mapping[str, Callable[[Settings, Ground], Card]] = {
    "effect": _effect,
    "return": _return,
    "change": _change,
    "experiment": _experiment,
    "exposure": _exposure,
    "anyway": lambda settings, on: answer_anyway(_anyway(settings, on.position), on.facts, on.program),
    "staying": lambda settings, on: answer_staying(_staying(settings, on.position), on.facts, on.program),
    "signs": lambda settings, on: answer_signs(_signs(settings, on.position), on.facts),
    "value": lambda settings, on: answer_value(_value(settings, on.position), on.facts, on.program),
    "forecast": lambda settings, on: answer_forecast(_forecast(settings, on.position), on.facts, on.program),
    "gaming": lambda settings, on: answer_gaming(_gaming(settings, on.position), on.facts, on.program),
    "readiness": lambda settings, on: answer_readiness(
        readiness_question(settings, position=on.position), on.facts, on.program
    ),
}
