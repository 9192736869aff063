"""The card of a return: what an act brought back for what it cost, or what it would have to bring."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf, isfinite

from swingby.insight.cards import Card, Check, Count, Figure, Mark, Picture, Result, Series, Unit
from swingby.insight.effects.answering import Examined
from swingby.insight.effects.scale import Scale
from swingby.insight.effects.telling import capital, tell
from swingby.insight.numerics.estimates import Range
from swingby.insight.returns.judging import Ruling
from swingby.insight.returns.question import Between, ReturnQuestion
from swingby.insight.returns.study import Account
from swingby.insight.verdicts import Verdict
from swingby.insight.wording import counted, money, percent, times

METHOD = (
    "Gain: the effect of each {unit} since the act (staggered difference-in-differences, Callaway and Sant'Anna 2021) on the money "
    "it works on, times the share of revenue that stays ({margin}). Cost: what facts tell and what was said, from {lead} before the act "
    "on, with what was spent on partners that never did it. Ranges: partners drawn again {draws} times with their sales, their "
    "costs and their part in the effect (Efron 1979), and numbers that are not known exactly drawn with them."
)
#: What a part of the cost is called.
PARTS = {
    "costs": "Of the cost: recorded costs",
    "claims": "Of the cost: incentives",
    "time": "Of the cost: time",
    "each": "Of the cost: said for each that began",
    "granted": "Of the cost: granted on what they sold",
}
#: Where an effect is shown, so that a return may be told.
TOLD = {"pays", "loses", "either"}


@dataclass(frozen=True, slots=True)
class Told:
    """All that the card is written from."""

    question: ReturnQuestion
    found: Examined
    account: Account
    ruling: Ruling

    @property
    def scale(self) -> Scale:
        """How effects are shown."""
        return self.found.told.scale

    @property
    def span(self) -> str:
        """The time over which gains and costs are counted."""
        shaped = self.found.told.shaped
        return counted(shaped.case.window.lags, shaped.unit, f"{shaped.unit}s")

    @property
    def is_told(self) -> bool:
        """Whether a return is told at all."""
        return self.ruling.answer in TOLD

    def money(self, label: str, value: Range) -> Figure:
        """An amount as a figure."""
        return _ranged(label, value, "money", self.found.told.currency)


def tell_return(told: Told) -> Card:
    """Write the card of what was reckoned."""
    effect = tell(told.found.told, told.found.findings, told.found.judgement)
    unit, lead = told.found.told.shaped.unit, told.question.lead
    return Card(
        question=told.question.words,
        verdict=told.ruling.verdict,
        sentence=_sentence(told),
        figures=tuple(_told_figures(told) if told.is_told else _needed_figures(told)),
        picture=_picture(told) if told.is_told else effect.picture,
        checks=(_effect_check(told, effect), *effect.checks, *_checks(told)),
        counts=(*effect.counts, *_counts(told)),
        about=f"{effect.about} What was spent on those that never did it is part of the cost.",
        method=METHOD.format(
            unit=unit,
            margin="from the lines of won deals" if told.question.margin is None else "as it was said",
            lead=counted(lead, "month", "months"),
            draws=told.found.told.settings.draws,
        ),
        mind=(*_mind(told), *effect.mind),
        decision=_decision(told),
        notes=(
            "What partners sold through what they cost is not told: most of it would have been sold without the act.",
            "Whether an incentive made partners do it is another question: ask for the effect of the incentive.",
            *effect.notes,
        ),
    )


def _sentence(told: Told) -> str:
    act, outcome = capital(told.question.effect.act.said), told.question.effect.outcome
    back = f"it brought back {_times(told.account.times)} its cost in margin that would not be there without it"
    match told.ruling.answer:
        case "pays" if told.ruling.verdict is Verdict.SHOWN:
            return f"{act} pays: within {told.span} {back}."
        case "pays":
            return f"{act} seems to pay, but not all costs are known: within {told.span} {back}, by the costs that are."
        case "loses":
            return f"{act} does not pay within {told.span}: {back}."
        case "either":
            return f"{act} has an effect on {outcome}, but it is not shown that it pays within {told.span}: {back}."
    return f"It is not shown that {told.question.effect.act.said} pays, because no effect on {outcome} is shown. {_needed(told)}"


def _needed(told: Told) -> str:
    """What the effect would have to be, and whether the data exclude it."""
    outcome, needed, scale = told.question.effect.outcome, told.account.effect_needed, told.scale
    if needed.value == inf:
        return f"No effect on {outcome} could pay within {told.span}: the cost is more than the margin on all that was won."
    found = scale.words(told.found.findings.effect)
    would = f"To pay within {told.span} it would have to raise {outcome} by {_least(scale, needed)}"
    if told.ruling.answer == "not enough":
        most = scale.say(scale.shown(told.found.findings.effect.high))
        return f"{would}; a gain above {most} is unlikely ({found} was found)."
    if told.ruling.verdict is Verdict.SUGGESTED:
        return f"{would}; what is suggested lies above that: {found}."
    if told.found.judgement.results["interval"] is Result.FAILED:
        return f"{would}; these data neither show nor exclude that: {found}."
    return f"{would}; the movement of {found} cannot be told from what would have come anyway."


def _least(scale: Scale, needed: Range) -> str:
    """The effect that is needed: "12 % (9.1 % to 16 %)"."""
    value, low = (scale.say(scale.shown(one)) for one in (needed.value, needed.low))
    if needed.high == inf:
        return f"{value} or more (at least {low})"
    return f"{value} ({low} to {scale.say(scale.shown(needed.high))})"


def _times(value: Range) -> str:
    least, most = (times(one).removesuffix(" times") for one in (value.low, value.high))
    return f"{times(value.value)} ({least} to {most})"


def _told_figures(told: Told) -> Iterator[Figure]:
    account = told.account
    yield Figure(
        "Margin brought back for what was spent", account.times.value, "times", account.times.low, account.times.high
    )
    yield told.money("Left after costs", account.net)
    yield told.money("Margin that would not be there without it", account.gain)
    yield from _costs(told)
    yield told.scale.figure("Effect", told.found.findings.effect)
    yield from _needed_effect(told)
    yield from _margins(told)
    yield from _hours(told)
    yield from _paid_back(told)


def _needed_figures(told: Told) -> Iterator[Figure]:
    yield from _needed_effect(told)
    yield told.scale.figure("Effect", told.found.findings.effect)
    least = told.scale.shown(told.found.findings.smallest_visible)
    yield Figure("Smallest effect that would likely have been seen", least, told.scale.unit)
    yield from _costs(told)
    yield _share("Margin, as a share of revenue", told.account.margin)


def _needed_effect(told: Told) -> Iterator[Figure]:
    needed, scale = told.account.effect_needed, told.scale
    label = f"Effect from which on it pays within {told.span}"
    if isfinite(needed.high):
        yield scale.figure(label, needed)
    elif isfinite(needed.value):
        yield Figure(f"{label}; the range has no upper end", scale.shown(needed.value), scale.unit)


def _costs(told: Told) -> Iterator[Figure]:
    account, currency = told.account, told.found.told.currency
    yield told.money("Cost", account.cost)
    for name, spent in account.parts:
        if spent:
            yield Figure(PARTS[name], spent, "money", currency=currency)
    if account.vain:
        yield Figure("Of the cost: on partners that never did it", account.vain, "money", currency=currency)


def _margins(told: Told) -> Iterator[Figure]:
    account, said = told.account, told.question.margin
    yield _share("Margin, as a share of revenue", account.margin)
    if account.margin_needed is not None and isfinite(account.margin_needed.high):
        yield _share("Share of revenue that must stay for it to pay", account.margin_needed)
    for label, share in _ends(said):
        yield Figure(
            f"Brought back with the {label} share, {percent(share)}",
            account.times.value * share / account.margin.value,
            "times",
        )


def _hours(told: Told) -> Iterator[Figure]:
    account, currency = told.account, told.found.told.currency
    if account.hour_needed is not None and account.hour_needed.high > 0:
        yield told.money("Cost of an hour up to which it pays", account.hour_needed)
    for label, hour in _ends(told.question.hour):
        cost = account.cost.value + account.hours * (hour - told.question.hour.middle)
        yield Figure(
            f"Brought back with the {label} cost of an hour, {money(hour, currency)}",
            account.gain.value / cost,
            "times",
        )


def _ends(between: Between | None) -> Iterator[tuple[str, float]]:
    if between is not None and between.low < between.high:
        yield "lowest", between.low
        yield "highest", between.high


def _paid_back(told: Told) -> Iterator[Figure]:
    unit = told.found.told.shaped.unit
    within, later = told.account.paid_back, told.account.if_it_stays
    if isfinite(within.high):
        yield Figure(f"Paid back after so many {unit}s", within.value, "count", within.low, within.high)
    elif isfinite(later.high):
        label = f"Paid back after so many {unit}s, if they go on as in the mean of the first {told.span}"
        yield Figure(label, later.value, "count", later.low, later.high)
    elif isfinite(later.value):
        label = (
            f"Paid back after so many {unit}s at the earliest, if they go on as in the mean of the first {told.span}"
        )
        yield Figure(label, later.low, "count")


def _share(label: str, share: Range) -> Figure:
    return _ranged(label, share, "share")


def _ranged(label: str, value: Range, unit: Unit, currency: str = "") -> Figure:
    """A figure with its range, if it has one."""
    if value.low == value.high:
        return Figure(label, value.value, unit, currency=currency)
    return Figure(label, value.value, unit, value.low, value.high, currency)


def _picture(told: Told) -> Picture:
    unit = told.found.told.shaped.unit
    return Picture(
        title=f"Margin less cost after {told.question.effect.act.said}, for each partner that began",
        x=f"{unit}s since; 0 is what was spent before",
        y=f"margin less cost, {told.found.told.currency}",
        series=(
            Series(
                "", tuple(Mark(step.period, step.net.value, step.net.low, step.net.high) for step in told.account.path)
            ),
        ),
        unit="money",
        band="95 of 100 draws lie inside",
        begins_at=0.5,
        currency=told.found.told.currency,
    )


def _effect_check(told: Told, effect: Card) -> Check:
    is_shown = told.found.judgement.verdict is Verdict.SHOWN
    return Check("an effect is shown", Result.PASSED if is_shown else Result.FAILED, effect.sentence)


def _checks(told: Told) -> Iterator[Check]:
    account, lead = told.account, told.question.lead
    words = {
        "costs known": f"Of {account.begun} partners that began, {account.with_cost} have a cost of their own in the facts; what is"
        " missing would make it look better than it is.",
        "costs before the act": f"Costs are counted from {counted(lead, 'month', 'months')} before the act on, and are known from then on"
        f"{' of enough partners' if told.ruling.results['costs before the act'] is Result.PASSED else ' of too few partners'}.",
    }
    if not told.question.asked_of:
        words["costs known"] = "Costs are what was said for each partner; costs in the facts are not used."
    for name, result in told.ruling.results.items():
        yield Check(name, result, words[name])


def _counts(told: Told) -> Iterator[Count]:
    if told.question.asked_of:
        yield Count("of those that began, with a cost of their own", told.account.with_cost)
    if told.account.hours:
        yield Count("hours", round(told.account.hours))


def _mind(told: Told) -> Iterator[str]:
    if told.question.margin is None:
        yield "Additional sales at other margins than usual, such as at a higher discount."
    yield f"What comes later than {told.span} after the act: it is not counted, neither gains nor costs."
    yield "An effect that is larger for large partners, or smaller: it is taken to be the same share for all."
    if told.ruling.results["costs known"] is Result.FAILED:
        yield "Costs that nobody recorded."


def _decision(told: Told) -> str:
    account = told.account
    match told.ruling.answer:
        case "pays" if told.ruling.verdict is Verdict.SHOWN:
            return f"Keep it. Reckon with {times(account.times.low)} rather than {times(account.times.high)} its cost."
        case "pays":
            return "Find the missing costs before this is used as a reason to spend more."
        case "loses":
            return f"Stop it or make it cheaper, unless it is kept for what comes later than {told.span}."
        case "either":
            return "Keep the budget as it is. Look again with more partners, or over more months."
        case "not enough":
            return f"Do not spend on it for {told.question.effect.outcome}; an effect that pays is unlikely. What else it does is not judged here."
    return "Do not budget for a return. Draw by lot who is invited next, in waves, and look again."
