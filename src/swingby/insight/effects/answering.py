"""From a question and facts to its card."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from swingby.engine import FactSource, coverage_test
from swingby.insight.cards import Card
from swingby.insight.effects.judging import Judgement, judge
from swingby.insight.effects.lotting import LotRefusal, judge_lots, study_lots
from swingby.insight.effects.question import EffectQuestion, Outcome
from swingby.insight.effects.reading import Months, read_months, words_of
from swingby.insight.effects.shaping import shape
from swingby.insight.effects.study import Findings, Refusal, study_effect
from swingby.insight.effects.telling import Told, refusal_card, refuse, tell
from swingby.insight.effects.telling_lots import refuse_lots, tell_lots
from swingby.insight.numerics.estimates import Range
from swingby.insight.settings import SETTINGS, Settings
from swingby.insight.wording import percent, said_of_parts
from swingby.program import Program
from swingby.program.kinds import OWNER_LINK

#: A refusal names at most so many words that there are.
MOST_WORDS = 12


def answer_effect(
    question: EffectQuestion, facts: FactSource, program: Program, *, settings: Settings = SETTINGS, seed: int = 0
) -> Card:
    """Answer whether an act raised an outcome.

    Parameters
    ----------
    question
        The act, the outcome and the days.
    facts, program
        As for `swingby.engine.assess`.
    settings
        The lines that verdicts are drawn at.
    seed
        The same seed gives the same figures.

    Raises
    ------
    MisusedError
        ``question`` when it cannot be asked of this program's facts.
    """
    found = examine_effect(question, facts, program, settings=settings, seed=seed)
    if isinstance(found, Card):
        return found
    told = found.told
    if question.outcome is Outcome.REVENUE:
        told = replace(told, parts=tuple(_parts_of_revenue(found.months, question, settings)))
    return tell(told, found.findings, found.judgement)


@dataclass(frozen=True, slots=True)
class Examined:
    """An effect that could be looked at: what was read, what was found, and what that amounts to."""

    months: Months
    told: Told
    findings: Findings
    judgement: Judgement


def examine_effect(
    question: EffectQuestion, facts: FactSource, program: Program, *, settings: Settings = SETTINGS, seed: int = 0
) -> Examined | Card:
    """Look at an effect, for its card or for what rests on it.

    Returns
    -------
    Examined or Card
        The whole card where these data cannot answer, or where a lot does.
    """
    question.check(program)
    missing = incomplete(question, facts, program) or " ".join(unknown_words(question, facts))
    if missing:
        return refusal_card(question, missing)
    months = read_months(facts, program, question)
    if question.lots is not None:
        return _by_lot(question, months, program, settings)
    undated = _undated(months, question, settings)
    if undated:
        return refusal_card(question, undated)
    shaped = shape(months, question, settings)
    parts = said_of_parts(question.parts, words_of(facts, "deal_parties", "role"))
    told = Told(question, shaped, program.header.currency, settings, notes=parts)
    found = study_effect(shaped.case, settings, seed=seed)
    if isinstance(found, Refusal):
        return refuse(told, found)
    return Examined(months, told, found, judge(found, settings))


def _parts_of_revenue(months: Months, question: EffectQuestion, settings: Settings) -> Iterator[tuple[Outcome, Range]]:
    """More months with a sale, or larger deals: the effects on both, where they can be estimated."""
    for part in (Outcome.ANY_SALE, Outcome.DEAL_SIZE):
        found = study_effect(shape(months, replace(question, outcome=part), settings).case, settings)
        if not isinstance(found, Refusal):
            yield part, found.effect


def _by_lot(question: EffectQuestion, months: Months, program: Program, settings: Settings) -> Card:
    shaped = shape(months, question, settings)
    told = Told(question, shaped, program.header.currency, settings)
    found = study_lots(shaped, settings)
    if isinstance(found, LotRefusal):
        return refuse_lots(told, found)
    return tell_lots(told, found, judge_lots(found, settings))


def incomplete(question: EffectQuestion, facts: FactSource, program: Program) -> str:
    """Which kinds are not complete over the days that a question looks at; empty if all are."""
    is_incomplete = coverage_test(facts.coverage)
    kind = None if question.act.days is not None else program.kinds[question.act.kind]
    act = [] if kind is None else [kind.name, *filter(None, [OWNER_LINK.get(kind.owner)])]
    lots = [] if question.lots is None else [question.lots.kind]
    read = dict.fromkeys(["deals", "deal_parties", *act, *lots])
    said = [f"{name} {_spans(facts, name)}" for name in read if is_incomplete(name, question.since, question.until)]
    if not said:
        return ""
    return f"Sources are not complete from {question.since} until {question.until}; they are: {'; '.join(said)}."


def unknown_words(question: EffectQuestion, facts: FactSource) -> Iterator[str]:
    """Words of the question that no fact has, with those there are: a slip of the pen, or nothing of the kind yet."""
    asked: list[tuple[str, str, tuple[str, ...]]] = [("deals", "stage", (question.won,))]
    if question.parts:
        asked.append(("deal_parties", "role", question.parts))
    asked += [(question.act.kind, column, words) for column, words in question.act.where.items()]
    if question.lots is not None:
        asked.append((question.lots.kind, question.lots.column, question.lots.invited))
        asked += [(question.lots.kind, column, words) for column, words in question.lots.where.items()]
    for kind, column, words in asked:
        there = words_of(facts, kind, column)
        if not there:
            yield f"No fact of {kind} has any {column}."
        elif not there & set(words):
            named = " or ".join(f'"{word}"' for word in words)
            few = ", ".join(sorted(there)[:MOST_WORDS])
            yield f"No fact of {kind} has {column} {named}; there are: {few}{', …' if len(there) > MOST_WORDS else ''}."


def _spans(facts: FactSource, kind: str) -> str:
    spans = [
        f"{row.source or 'its source'} {_span(row.complete_from, row.complete_to)}"
        for row in facts.coverage
        if row.kind == kind
    ]
    return f"in {' and '.join(spans)}"


def _span(first: date | None, until: date | None) -> str:
    parts = (first and f"from {first}", until and f"until {until}")
    return " ".join(part for part in parts if part) or "always"


def _undated(months: Months, question: EffectQuestion, settings: Settings) -> str:
    """Why the order in time is not known; empty if it is."""
    if months.one_day <= settings.one_day:
        return ""
    return (
        f"{percent(months.one_day)} of the partners have {question.act.said} from the very first day of {question.act.kind}: that is "
        "the day of an import, so it is not known whether the act or the outcome came first."
    )
