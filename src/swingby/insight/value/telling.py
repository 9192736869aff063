"""The card of value: what partners are worth, with a range, how far such a forecast was off before, and what it is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from swingby.insight.cards import Card, Check, Count, Figure, Mark, Meaning, Picture, Result, Series
from swingby.insight.numerics.arrays import Integers
from swingby.insight.numerics.estimates import Range
from swingby.insight.settings import Settings
from swingby.insight.value.forecasting import Error, Forecast, Past, Tried, Way
from swingby.insight.value.question import ValueQuestion
from swingby.insight.value.reading import days_until
from swingby.insight.verdicts import Verdict
from swingby.insight.wording import counted, money, percent

TENTHS = 10
NAMED = 10
YEAR = 365
MINUS = "\N{MINUS SIGN}"
#: What models take for granted, in plain words.
MODELS = {
    "BG/NBD": "each partner buys at a pace of its own and may stop after any deal",
    "Pareto/NBD": "each partner buys at a pace of its own and may stop on any day",
    "BG/BB": "in each round a partner buys or not, and may stop after any",
    "sBG": "each contract has a chance of its own to be renewed",
}
DRAWN = " Ranges from {draws} drawings of partners, models fitted anew each time. A sum later is worth {discount} a year less today."


@dataclass(frozen=True, slots=True)
class Case:
    """What a question of value is answered from.

    Attributes
    ----------
    related
        How far how often and how much go together; None for contracts.
    """

    question: ValueQuestion
    past: Past
    ways: tuple[Way, ...]
    counts: tuple[Count, ...]
    related: float | None
    currency: str
    settings: Settings


@dataclass(frozen=True, slots=True)
class Told:
    """All that a card of value is written from: the case, what was tried, the way that was chosen and what it forecasts."""

    case: Case
    tried: Tried
    way: Way
    ahead: Forecast
    total: Range | None

    @property
    def question(self) -> ValueQuestion:
        """What was asked."""
        return self.case.question

    @property
    def settings(self) -> Settings:
        """The lines."""
        return self.case.settings

    @property
    def currency(self) -> str:
        """Of money."""
        return self.case.currency

    @property
    def share(self) -> float:
        """What of revenue is told: the margin, or all of it."""
        return self.question.margin or 1.0

    @property
    def nearest(self) -> Error:
        """How far the way that was chosen was off."""
        return self.tried.errors[0]


def told_card(told: Told) -> Card:
    """The card."""
    question = told.question
    drawn = DRAWN.format(draws=told.settings.redrawn, discount=percent(question.discount))
    return Card(
        question=question.words,
        verdict=_verdict(told),
        sentence=_sentence(told),
        figures=tuple(_figures(told)),
        picture=_picture(told),
        checks=tuple(_checks(told)),
        counts=told.case.counts,
        about=_about(question),
        method=told.way.told + drawn,
        mind=("A partner that will do something it never did; whoever has won nothing yet is not in it.",),
        decision=_decision(told),
        notes=tuple(_notes(told)),
    )


def _about(question: ValueQuestion) -> str:
    whom = (
        f"Partners whose customers have contracts that run on {question.until}"
        if question.manner == "contract"
        else f"Partners that won a deal between {question.since} and {question.until}"
    )
    return f"{whom}, in the {question.months} months after it."


def _verdict(told: Told) -> Verdict:
    """Shown if the past was forecast well, better than by repeating it, and the models take for granted what holds."""
    if not _holds(told):
        return Verdict.NOT_SHOWN
    return Verdict.SHOWN if _is_nearer(told) and (_is_unrelated(told) or not told.way.own) else Verdict.SUGGESTED


def _decision(told: Told) -> str:
    if not _holds(told):
        return "Do not give people or funds by this."
    if not _is_nearer(told):
        return "Plan with the total. Partner by partner the last period came nearer: give people and funds by that."
    return "Give people and funds by what partners are worth, not by last year alone; ask what they add before spending more."


def _is_unrelated(told: Told) -> bool:
    return told.case.related is None or abs(told.case.related) < told.settings.most_related


def _is_nearer(told: Told) -> bool:
    return told.nearest.miss <= told.tried.repeated.miss


def _holds(told: Told) -> bool:
    return abs(told.nearest.off) <= told.settings.most_off


def _worth(told: Told) -> str:
    return "margin" if told.question.margin else "revenue"


def _sentence(told: Told) -> str:
    off = percent(told.nearest.off, signed=True)
    if not _holds(told):
        return f"No forecast of value is shown: that of {told.question.tried_on} of the past, from what came before, was off by {off}."
    total, within = float(told.ahead.money.sum()) * told.share, ""
    if told.total is not None:
        low, high = (money(one * told.share, told.currency) for one in (told.total.low, told.total.high))
        within = f" ({low} to {high})"
    that = "with contracts" if told.question.manner == "contract" else "that won a deal"
    return (
        f"The {counted(len(told.ahead.who), 'partner', 'partners')} {that} are to be expected to bring "
        f"{money(total, told.currency)}{within} of {_worth(told)} in {told.question.months} months. "
        f"Such a forecast of {told.question.tried_on} of the past, from what came before, was off by {off}."
    )


def _figures(told: Told) -> Iterator[Figure]:
    share, currency, worth, found = told.share, told.currency, told.ahead.money, told.total
    total, months = float(worth.sum()) * share, told.question.months
    low, high = (found.low * share, found.high * share) if found else (None, None)
    yield Figure(f"To be expected in {months} months, {_worth(told)}, worth today", total, "money", low, high, currency)
    cost = told.case.past.cost * months / 12
    yield Figure(
        "The same less what the program cost in the last year, for as long", total - cost, "money", currency=currency
    )
    ordered = np.sort(worth)[::-1]
    tenth = max(1, len(ordered) // TENTHS)
    yield Figure("Share of the tenth that is worth most", float(ordered[:tenth].sum() / worth.sum()), "share")
    if told.way.own and told.case.related is not None:
        yield Figure("Partners that still buy, to be expected", float(told.ahead.active.sum()), "count")
    yield Figure(
        f"How far the forecast of {told.question.tried_on} was off, {_things(told)}", told.tried.deals, "share"
    )
    for error in (*told.tried.errors, told.tried.repeated):
        plain = f" ({MODELS[error.name]})" if error.name in MODELS else ""
        yield Figure(f"Off in {told.question.tried_on} by {error.name}{plain}: all money", error.off, "share")
        yield Figure(
            f"Off in {told.question.tried_on} by {error.name}: a partner",
            error.miss * share,
            "money",
            currency=currency,
        )


def _things(told: Told) -> str:
    return "contracts" if told.question.manner == "contract" else "deals"


def _picture(told: Told) -> Picture:
    """What was expected of each tenth at the end of the past, and what came."""
    order = np.argsort(-told.tried.expected, kind="stable")
    parts = np.array_split(order, min(TENTHS, len(order)))
    series = (
        Series(
            name,
            tuple(_mark(nth, float(values[part].sum()) * told.share) for nth, part in enumerate(parts, start=1)),
            meaning=meaning,
        )
        for name, values, meaning in (
            ("expected", told.tried.expected, Meaning.EXPECTED),
            ("came", told.tried.came, Meaning.FOUND),
        )
    )
    return Picture(
        title=f"{told.question.tried_on.capitalize()} of the past, forecast from what came before: {_worth(told)} in {told.currency}",
        x="tenth of partners, the one with most expected first",
        y=_worth(told),
        series=tuple(series),
        unit="money",
        band="sums, without a range",
        form="line",
        currency=told.currency,
    )


def _mark(x: float, y: float) -> Mark:
    return Mark(x, y, y, y)


def _passed(passed: bool) -> Result:  # noqa: FBT001 (a check has one answer)
    return Result.PASSED if passed else Result.FAILED


def _checks(told: Told) -> Iterator[Check]:
    most = percent(told.settings.most_off)
    yield Check(
        "tried on the past",
        _passed(_holds(told)),
        f"{_things(told).capitalize()} were off by {percent(told.tried.deals, signed=True)}, money by {percent(told.nearest.off, signed=True)}; "
        f"{most} is the line.",
    )
    yield Check("nearer than the same again", _passed(_is_nearer(told)), _compared(told))
    if told.case.related is not None:
        yield Check(
            "often and large",
            _passed(_is_unrelated(told)),
            f"How often partners buy and for how much go together by {_related(told.case.related)} (1 is wholly, 0 not at all); the models take"
            " them to have nothing to do with each other.",
        )
    if told.total is None:
        yield Check("range", Result.NOT_RUN, "Too few drawings of partners have a fit.")


def _related(correlation: float) -> str:
    return f"{correlation:.2f}".replace("-", MINUS)


def _compared(told: Told) -> str:
    """Which way came nearest to what each partner brought, and by how much the others were off."""
    missed = [
        f"{error.name} {money(error.miss * told.share, told.currency)}"
        for error in (*told.tried.errors, told.tried.repeated)
    ]
    chosen = f" Of the models {told.way.name} came nearest and is used." if len(told.tried.errors) > 1 else ""
    failed = f" {', '.join(told.tried.failed)} had no fit." if told.tried.failed else ""
    return f"What a partner brought in {told.question.tried_on} was off by: {'; '.join(missed)}.{chosen}{failed}"


def _notes(told: Told) -> Iterator[str]:
    yield "This is a forecast. It does not say what the program, or enablement, adds."
    if len(told.tried.errors) > 1:
        yield f"{told.question.tried_on.capitalize()} also chose the model, so an error in the next months will rather be larger than the one that is told."
    names, who = told.case.past.names, told.ahead.who
    order = np.argsort(-told.ahead.money, kind="stable")[:NAMED]
    tells = told.way.own and told.case.related is not None
    for place in order:
        active = f"; still buys: {percent(float(told.ahead.active[place]))}" if tells else ""
        yield f"{names[int(who[place])]}: {money(float(told.ahead.money[place]) * told.share, told.currency)}{active}"
    yield from _turns(told, order)


def _turns(told: Told, order: Integers) -> Iterator[str]:
    """What giving by worth would change against giving by last year."""
    names, who = told.case.past.names, told.ahead.who
    _, last_year = told.case.past.came(days_until(told.question, told.question.until) - YEAR)
    large = set(np.argsort(-last_year, kind="stable")[:NAMED].tolist())
    rising = [names[one] for one in who[order].tolist() if one not in large]
    yield f"Among the ten worth most, but not among the ten with most last year: {', '.join(rising) or 'none'}."
    worth = np.bincount(who, told.ahead.money, len(names))
    if last_year.sum() and worth.sum():
        moved = float(np.abs(worth / worth.sum() - last_year / last_year.sum()).sum() / 2)
        yield f"Given by worth rather than by last year, {percent(moved)} of people and funds would go to other partners."
