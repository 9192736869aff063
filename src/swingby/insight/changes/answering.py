"""From a question about a change and facts to its card."""

from __future__ import annotations

from datetime import timedelta

from swingby.engine import FactSource, coverage_test
from swingby.insight.cards import Card, refused_card
from swingby.insight.changes.lining import Lining, read_lining
from swingby.insight.changes.ordinary import everybody, read_log
from swingby.insight.changes.question import WAYS, ChangeQuestion, Way
from swingby.insight.changes.replayed import Moved, Replayed, replay
from swingby.insight.changes.telling import Told, tell_change
from swingby.insight.effects.answering import Examined, examine_effect
from swingby.insight.effects.question import Act, EffectQuestion
from swingby.insight.effects.reading import read_months
from swingby.insight.settings import SETTINGS, Settings
from swingby.program import Program

Effects = dict[Way, Examined | Card]


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
    """Answer what a new version of a program did.

    Parameters
    ----------
    question
        The days, the outcome, and a line if one of the versions draws it.
    facts, program
        As for `swingby.engine.assess`; the program is the new version.
    against
        The version before it.
    old_facts
        The facts as the version before reads them, if it declares other kinds.
    settings
        The lines that verdicts are drawn at.
    seed
        The same seed gives the same figures.

    Raises
    ------
    MisusedError
        ``question`` when it cannot be asked of these versions.
    """
    question.check(program, against)
    test = coverage_test(facts.coverage)
    gaps = [kind for kind in ("deals", "deal_parties") if test(kind, question.since, question.until)]
    if gaps:
        said = f"Not complete from {question.since} until {question.until}: {', '.join(gaps)}."
        return refused_card(question.words(program), said)
    replayed = replay(question, facts, program, against, old_facts)
    found = _effects(question, facts, program, replayed, settings, seed=seed)
    months = read_months(facts, program, _question(question, Act("", "", days={})))
    return tell_change(
        Told(
            question=question,
            program=program,
            replayed=replayed,
            effects=found,
            lining=_lining(question, facts, program, found, settings),
            log=read_log(question, facts, program, against),
            everybody=everybody(months, question.since, question.day_of(program)),
            settings=settings,
        )
    )


def _effects(
    question: ChangeQuestion,
    facts: FactSource,
    program: Program,
    replayed: Replayed | str,
    settings: Settings,
    *,
    seed: int,
) -> Effects:
    """What those did whom the change moves, where they are enough."""
    moved = None if isinstance(replayed, str) else replayed.moved
    if moved is None:
        return {}
    return {
        way: examine_effect(
            effect_question(question, program, moved, way), facts, program, settings=settings, seed=seed
        )
        for way in WAYS
        if len(moved.of(way)) >= settings.fewest_begun
    }


def _lining(
    question: ChangeQuestion, facts: FactSource, program: Program, found: Effects, settings: Settings
) -> Lining | None:
    if question.line is None:
        return None
    looks = 1 + sum(not isinstance(one, Card) for one in found.values())
    return read_lining(question, question.line, facts, program, alarm=settings.alarm, looks=looks)


def effect_question(question: ChangeQuestion, program: Program, moved: Moved, way: Way) -> EffectQuestion:
    """Whether those whom a change moves one way did more than those whom it leaves where they are."""
    before = question.since - timedelta(days=1)
    apart = moved.others | moved.up | moved.down
    days = dict.fromkeys(apart, before) | dict.fromkeys(moved.of(way), question.day_of(program))
    return _question(question, Act("", f"version {program.header.version}", days=days))


def _question(question: ChangeQuestion, act: Act) -> EffectQuestion:
    return EffectQuestion(
        act,
        question.outcome,
        question.since,
        question.until,
        won=question.won,
        lost=question.lost,
        parts=question.parts,
        usual=question.usual,
    )
