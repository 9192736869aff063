"""The card of a lot: what inviting changed, and what doing changed, kept apart."""

from __future__ import annotations

from collections.abc import Iterator

from swingby.insight.cards import Card, Check, Count, Figure, Result
from swingby.insight.effects.judging import Judgement
from swingby.insight.effects.lotting import LotCounts, LotFindings, LotRefusal
from swingby.insight.effects.telling import Told, capital, refusal_card
from swingby.insight.verdicts import Verdict
from swingby.insight.wording import counted, percent

METHOD = (
    "Comparison by lot: the change of those invited less that of those who wait, whatever they then did, each round by itself, "
    "with Neyman's errors. Doing it: the same divided by how many more did it, with Fieller's range."
)


def tell_lots(told: Told, found: LotFindings, judgement: Judgement) -> Card:
    """Write the card of a lot."""
    return Card(
        question=told.question.words,
        verdict=judgement.verdict,
        sentence=_sentence(told, found, judgement),
        figures=tuple(_figures(told, found)),
        picture=None,
        checks=tuple(_checks(told, found, judgement)),
        counts=tuple(_counts(found.counts)),
        about=f"The {counted(found.counts.invited, 'partner', 'partners')} invited by lot, whether they then did it or not.",
        method=METHOD,
        mind=(f"More partners: an effect of inviting below {_least(told, found)} would likely go unseen here.",)
        if judgement.verdict is Verdict.NOT_SHOWN
        else ("A second lot that shows nothing.",),
        decision=_decision(told, found, judgement),
        notes=("The lot decides who is invited, so nothing else can stand behind the difference but chance.",),
    )


def refuse_lots(told: Told, refusal: LotRefusal) -> Card:
    """Write the card of a lot that is too small."""
    reason = (
        f"The smaller side of the lot has {counted(refusal.found, 'partner', 'partners')} with an outcome before and after;"
        f" {refusal.needed} are needed."
    )
    return refusal_card(told.question, reason, counts=tuple(_counts(refusal.counts)))


def _sentence(told: Told, found: LotFindings, judgement: Judgement) -> str:
    act, outcome = told.question.act.said, told.question.outcome
    words = told.scale.words(found.invited.difference)
    if judgement.verdict is Verdict.SHOWN:
        return f"Being invited to {act} changed {outcome} by {words}."
    if judgement.verdict is Verdict.SUGGESTED:
        failed = [WORDS_OF[name] for name, result in judgement.results.items() if result is Result.FAILED]
        return f"Being invited to {act} may have changed {outcome} by {words}, but that is not certain: {' and '.join(failed)}."
    chance = f"{words} may be chance, and an effect below {_least(told, found)} would likely have gone unseen."
    return f"It is not shown that being invited to {act} changed {outcome}: {chance}"


WORDS_OF = {
    "before the lot": "both sides differed before the lot",
    "missing alike": "more partners are missing on one side",
    "biggest partner": "one partner carries it",
}


def _least(told: Told, found: LotFindings) -> str:
    return told.scale.say(told.scale.shown(found.invited.smallest_visible))


def _figures(told: Told, found: LotFindings) -> Iterator[Figure]:
    scale, counts = told.scale, found.counts
    yield scale.figure("Effect of being invited", found.invited.difference)
    if found.doing is not None:
        yield scale.figure("Effect of doing it, on those who did because they were invited", found.doing)
    yield Figure("Did it, of those invited", counts.did_invited / counts.invited, "share")
    yield Figure("Did it, of those who wait", counts.did_waiting / counts.waiting, "share")
    yield Figure(
        "Smallest effect of inviting that would likely have been seen",
        scale.shown(found.invited.smallest_visible),
        scale.unit,
    )


def _checks(told: Told, found: LotFindings, judgement: Judgement) -> Iterator[Check]:
    counts = found.counts
    words = {
        "before the lot": f"Before the lot both sides differed by {told.scale.words(found.before)}.",
        "missing alike": f"Without an outcome on both sides of the lot: {counts.missing_invited} of those invited,"
        f" {counts.missing_waiting} of those who wait.",
        "biggest partner": f"Without the biggest partner it is {told.scale.words(found.without_biggest)}.",
    }
    for name, said in words.items():
        yield Check(name, judgement.results[name], said)


def _counts(counts: LotCounts) -> Iterator[Count]:
    yield Count("invited", counts.invited)
    yield Count("waiting", counts.waiting)
    yield Count("rounds", counts.rounds)
    yield Count("left out: did it before the lot", counts.done_before)
    yield Count("left out: no outcome on one side of the lot", counts.missing_invited + counts.missing_waiting)


def _decision(told: Told, found: LotFindings, judgement: Judgement) -> str:
    effect = found.invited.difference
    if judgement.verdict is Verdict.SHOWN and effect.value > 0:
        return f"Invite the others too; reckon with {told.scale.say(told.scale.shown(effect.low))} for each partner invited."
    if judgement.verdict is Verdict.SHOWN:
        return "Stop inviting: it lowers what it should raise."
    reach = percent(found.counts.did_invited / found.counts.invited)
    return f"{capital(reach)} of those invited did it. Draw another lot, with more partners, before spending more."
