"""From a question of return and facts to its card."""

from __future__ import annotations

from collections.abc import Iterator

from swingby.engine import FactSource, coverage_test
from swingby.insight.cards import Card, refused_card
from swingby.insight.effects.answering import MOST_WORDS, Examined, examine_effect
from swingby.insight.effects.reading import words_of
from swingby.insight.effects.scale import Stake, stake_of
from swingby.insight.returns.judging import rule
from swingby.insight.returns.question import ReturnQuestion
from swingby.insight.returns.reading import Spent, first_day, read_spent
from swingby.insight.returns.study import lead_months, study_return
from swingby.insight.returns.telling import Told, tell_return
from swingby.insight.settings import SETTINGS, Settings
from swingby.program import Program


def answer_return(
    question: ReturnQuestion, facts: FactSource, program: Program, *, settings: Settings = SETTINGS, seed: int = 0
) -> Card:
    """Answer whether an act pays for what it costs.

    Parameters
    ----------
    question
        The act, what it should have raised, and what it costs.
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
    question.check(program)
    found = examine_effect(question.effect, facts, program, settings=settings, seed=seed)
    if isinstance(found, Card):
        return refused_card(question.words, found.sentence.partition(". ")[2])
    stake = stake_of(found.told.shaped, question.effect.outcome)
    lead = lead_months(question, found.told.shaped)
    spent = read_spent(facts, program, question, lead=lead)
    missing = " ".join(_missing(question, facts, spent, stake))
    if stake is None or missing:
        return refused_card(question.words, missing)
    account = study_return(found.told.shaped, stake, spent, question, settings, seed=seed)
    ruling = rule(
        question,
        found.findings.effect,
        found.judgement,
        account,
        settings,
        first=_known_before(question, facts, found, lead, settings),
    )
    return tell_return(Told(question, found, account, ruling))


def _missing(question: ReturnQuestion, facts: FactSource, spent: Spent, stake: Stake | None) -> Iterator[str]:
    """Why the account cannot be made; nothing if it can."""
    effect = question.effect
    test = coverage_test(facts.coverage)
    parts = [*question.asked_of, *([] if question.margin else ["deal_lines"])]
    gaps = [kind for kind in parts if test(kind, effect.since, effect.until)]
    if gaps:
        yield f"Not complete from {effect.since} until {effect.until}: {', '.join(gaps)}."
    unknown = list(_unknown_words(question, facts))
    yield from unknown
    if spent.unknown and not unknown:
        yield f"{' '.join(spent.unknown)} What is not known would count as nothing spent."
    if question.margin is None and not spent.sold.sum() > 0:
        yield "No line of a won deal says its amount and its margin; say what stays of revenue instead."
    elif question.margin is None and not 0 < spent.margin.sum() < spent.sold.sum():
        yield "The margins on the lines of won deals add up to nothing, or to all that was sold: they are no margins."
    if stake is None or not stake.money.sum() > 0:
        yield "Nobody that began won anything, so that no effect can be told in money."


def _unknown_words(question: ReturnQuestion, facts: FactSource) -> Iterator[str]:
    """Words that no fact has; one of several would be missed without a sound."""
    for kind, (column, words) in question.asked_of.items():
        there = words_of(facts, kind, column)
        for word in words:
            if word not in there:
                few = ", ".join(sorted(there)[:MOST_WORDS]) or "none"
                yield f'No fact of {kind} has {column} "{word}"; there are: {few}.'


def _known_before(question: ReturnQuestion, facts: FactSource, found: Examined, lead: int, settings: Settings) -> bool:
    """Whether costs before the act are known of enough of those who began: or their sources reach back far enough."""
    test = coverage_test(facts.coverage)
    since = question.effect.since
    if not any(test(kind, first_day(question, lead), since) for kind in question.asked_of):
        return True
    panel = found.told.shaped.case.panel
    began = panel.began[(panel.began >= panel.step * settings.fewest_before) & (panel.began < panel.periods)]
    return bool((began >= lead).mean() >= settings.fewest_with_cost)
