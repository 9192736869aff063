"""The card of an experiment: what the lot shows at this look, and whether to go on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from swingby.insight.cards import Card, Check, Count, Figure, Mark, Picture, Remaining, Result, Series
from swingby.insight.effects.judging import Judgement
from swingby.insight.effects.scale import Scale, scale_of
from swingby.insight.effects.telling import capital
from swingby.insight.experiments.document import ANALYSIS, plan_hash
from swingby.insight.experiments.looks import Look
from swingby.insight.experiments.plan import Plan
from swingby.insight.numerics.estimates import Range
from swingby.insight.showing.saying import MINUS
from swingby.insight.verdicts import Verdict
from swingby.insight.wording import counted

#: How a sentence names what failed.
WORDS_OF = {
    "past as it was": "outcomes of the time before were changed since it was planned",
    "before the lot": "the waves differed before the lot",
    "missing alike": "more partners are missing on one side",
    "biggest partner": "one partner carries it",
}
UNSEEN = (
    "The plan's hash proves that plan and lot were not changed since it was registered. When that was, and that nobody had seen "
    "outcomes elsewhere, whoever keeps the hash has to say."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """An experiment as far as it went.

    Attributes
    ----------
    judged
        The look that counts: the first whose range leaves zero, or else the last.
    waiting
        Partners that wait, at each look.
    before
        The first wave less the others before the lot, in standard deviations.
    without_biggest
        The effect at that look without the biggest partner; None where it cannot be told.
    did, drawn, missing
        Of those whose wave had begun and of those waiting: who did it, how many they are, who has no outcome.
    is_past_same
        Whether outcomes known when it was planned are still the same.
    """

    plan: Plan
    looks: tuple[Look, ...]
    judged: Look
    waiting: tuple[int, ...]
    before: Range
    without_biggest: Range | None
    did: tuple[int, int]
    drawn: tuple[int, int]
    missing: tuple[int, int]
    is_past_same: bool

    @property
    def scale(self) -> Scale:
        """How effects are shown."""
        return scale_of(self.plan.design.outcome)

    @property
    def is_over(self) -> bool:
        """Whether the planned end has come."""
        return self.looks[-1].month >= self.plan.design.months

    @property
    def passed(self) -> str:
        """How far the experiment went at the look that counts."""
        return f"{self.judged.month} of {counted(self.plan.design.months, 'month', 'months')}"


def tell(run: Run, judgement: Judgement) -> Card:
    """Write the card of an experiment."""
    design = run.plan.design
    return Card(
        question=design.words,
        verdict=judgement.verdict,
        sentence=_sentence(run, judgement),
        figures=tuple(_figures(run)),
        picture=_picture(run),
        checks=tuple(_checks(run, judgement)),
        counts=tuple(_counts(run)),
        about=f"The {counted(len(run.plan.partners), 'partner', 'partners')} of the lot, as they were drawn, whatever they then did.",
        method=ANALYSIS,
        mind=tuple(_mind(run, judgement)),
        decision=_decision(run, judgement),
        notes=(*_later(run), UNSEEN, f"Planned on {run.plan.planned_on}; its hash is {plan_hash(run.plan)}."),
    )


def _later(run: Run) -> Iterator[str]:
    if run.judged is not run.looks[-1]:
        yield f"The plan stopped it after {run.passed}; later months are drawn, and do not count."


def _sentence(run: Run, judgement: Judgement) -> str:
    act, outcome, words = run.plan.design.act.said, run.plan.design.outcome, run.scale.words(run.judged.effect)
    drawn = f"Being drawn for {act}"
    if judgement.verdict is Verdict.SHOWN:
        return f"{drawn} changed {outcome} by {words} after {run.passed}."
    if judgement.verdict is Verdict.SUGGESTED:
        failed = [said for name, said in WORDS_OF.items() if judgement.results[name] is Result.FAILED]
        return f"{drawn} may have changed {outcome} by {words} after {run.passed}; it is not shown, because {' and '.join(failed)}."
    return f"No effect of being drawn for {act} on {outcome} is shown after {run.passed}: {words}."


def _decision(run: Run, judgement: Judgement) -> str:
    """By the stop rule of the plan."""
    effect, say, shown = run.judged.effect, run.scale.say, run.scale.shown
    if judgement.verdict is Verdict.SUGGESTED:
        return "Stop drawing by this plan, and clear up what failed before more is spent."
    if effect.low > 0:
        return f"Stop: it works. Invite those who wait too, and reckon with {say(shown(effect.low))} for each partner invited."
    if effect.high < 0:
        return "Stop: it lowers what it should raise. Invite nobody else."
    if run.is_over:
        return f"Stop: the planned end has come. More than {say(shown(effect.high))} is unlikely; spend no more on it if that would not pay."
    return f"Go on until {run.plan.design.until}. Look again as often as you like: the range allows for it."


def _figures(run: Run) -> Iterator[Figure]:
    scale, look = run.scale, run.judged
    yield scale.figure("Effect of being drawn", look.effect)
    if run.plan.design.act.kind:
        if look.doing is not None:
            yield scale.figure("Effect of doing it, on those who did because they were drawn", look.doing)
        yield Figure("Did it, of those whose wave has begun", run.did[0] / max(1, run.drawn[0]), "share")
        yield Figure("Did it, of those who wait", run.did[1] / max(1, run.drawn[1]), "share")
    yield Figure("Smallest effect that the plan promised to see by its end", scale.shown(run.plan.smallest), scale.unit)


def _picture(run: Run) -> Picture:
    shown = run.scale.shown
    marks = tuple(
        Mark(one.month, shown(one.effect.value), shown(one.effect.low), shown(one.effect.high)) for one in run.looks
    )
    left = tuple(Remaining(one.month, number) for one, number in zip(run.looks, run.waiting, strict=True))
    return Picture(
        title=f"{capital(run.plan.design.outcome)} of those drawn against those who wait",
        x="months since the first wave",
        y="effect of being drawn, up to this month",
        series=(Series("", marks, left),),
        unit=run.scale.unit,
        band="all ranges hold at once in 95 of 100 experiments, however often one looks",
        remaining="still waiting",
    )


def _checks(run: Run, judgement: Judgement) -> Iterator[Check]:
    words, without = run.scale.words, run.without_biggest
    said = {
        "plan and lot": "The plan has the hash that was registered, and the lot drawn again gives the same waves.",
        "past as it was": "Outcomes known when it was planned are the same now."
        if run.is_past_same
        else "Outcomes known when it was planned were changed since.",
        "before the lot": f"Before the lot the first wave and the others differed by {_numbers(run.before)} of the usual spread among partners (standard deviation).",
        "missing alike": f"Without an outcome in the last month: {run.missing[0]} of those whose wave has begun, {run.missing[1]} of"
        " those who wait.",
        "biggest partner": f"Without the biggest partner it is {words(without)}."
        if without
        else "Without the biggest partner nothing can be told.",
    }
    for name, result in judgement.results.items():
        yield Check(name, result, said[name])


def _numbers(range_: Range) -> str:
    value, low, high = (f"{one:.2f}".replace("-", MINUS) for one in (range_.value, range_.low, range_.high))
    return f"{value} ({low} to {high})"


def _counts(run: Run) -> Iterator[Count]:
    for wave, day in enumerate(run.plan.design.days, start=1):
        yield Count(f"partners of wave {wave}, from {day} on", run.plan.size_of(wave))
    yield Count("whole months looked at", run.looks[-1].month)
    yield Count("months that were planned", run.plan.design.months)
    yield Count("without an outcome in the last month", sum(run.missing))


def _mind(run: Run, judgement: Judgement) -> Iterator[str]:
    if judgement.verdict is Verdict.NOT_SHOWN:
        least = run.scale.say(run.scale.shown(run.plan.smallest))
        yield f"More partners or more months: the plan promised to see {least} or more by its end, not less."
    else:
        yield "A second lot that shows nothing."
    yield "Partners that learn from those drawn, or sell into the same accounts: then the effect is blurred."
