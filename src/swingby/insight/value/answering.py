"""The card of value: what partners are worth, with a range, how far such a forecast was off before, and what it is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from swingby.engine import FactSource, coverage_test
from swingby.insight.cards import Card, Check, Count, Figure, Mark, Picture, Result, Series, refused_card
from swingby.insight.numerics.arrays import Floats
from swingby.insight.numerics.estimates import Range
from swingby.insight.numerics.likelihood import NoTopError
from swingby.insight.settings import SETTINGS, Settings
from swingby.insight.value.forecasting import MONTH, Forecast, forecast, total_range
from swingby.insight.value.question import ValueQuestion
from swingby.insight.value.reading import WEEK, Purchases, days_until, read_purchases
from swingby.insight.verdicts import Verdict
from swingby.insight.wording import counted, money, percent
from swingby.program import Program

TENTHS = 10
NAMED = 10
OWN = (
    "BG/NBD (Fader, Hardie and Lee 2005) for how often, gamma-gamma (Fader and Hardie 2013) for how much, from each partner's own days "
    "with a won deal; ranges from {draws} drawings of partners, models fitted anew each time."
)
SHRUNK = (
    "There are too few partners or repeated purchases for models of each; a partner's weekly mean is drawn towards its region's by "
    "how little its own says (Buehlmann 1967); ranges from {draws} drawings of partners."
)
TODAY = " A sum later is worth {discount} a year less today."


@dataclass(frozen=True, slots=True)
class _Tried:
    """A forecast from the first half of the past, against what came in the second: by how much deals and money were off."""

    deals: float
    off: float
    expected: Floats
    came: Floats


@dataclass(frozen=True, slots=True)
class _Told:
    """All that a card of value is written from."""

    question: ValueQuestion
    purchases: Purchases
    ahead: Forecast
    total: Range | None
    tried: _Tried
    related: float
    currency: str
    settings: Settings

    @property
    def share(self) -> float:
        """What of revenue is told: the margin, or all of it."""
        return self.question.margin or 1.0


def answer_value(
    question: ValueQuestion, facts: FactSource, program: Program, *, settings: Settings = SETTINGS, seed: int = 0
) -> Card:
    """Answer what partners are worth that buy without a contract.

    Parameters
    ----------
    question
        The days, how far to look ahead, margin and discount.
    facts, program
        As for `swingby.engine.assess`.
    settings
        How many partners are needed, and how far a forecast may have been off.
    seed
        The same seed gives the same range.

    Raises
    ------
    MisusedError
        ``question`` when it cannot be asked.
    """
    question.check()
    test = coverage_test(facts.coverage)
    missing = [kind for kind in ("deals", "deal_parties") if test(kind, question.since, question.until)]
    if missing:
        return refused_card(
            question.words, f"Not complete from {question.since} until {question.until}: {', '.join(missing)}."
        )
    purchases = read_purchases(facts, program, question)
    half = days_until(question, question.middle)
    buyers = len(purchases.before(half).history(half).who)
    if buyers < settings.fewest_spells:
        words = counted(buyers, "partner", "partners")
        return refused_card(
            question.words, f"{words} bought in the first half of these days; {settings.fewest_spells} are needed."
        )
    try:
        told = _told(question, purchases, program.header.currency, settings, seed)
    except NoTopError as error:
        return refused_card(question.words, f"No model fits: {error}.")
    return _card(told)


def _told(question: ValueQuestion, purchases: Purchases, currency: str, settings: Settings, seed: int) -> _Told:
    today, weeks = days_until(question, question.until), question.months * MONTH
    history = purchases.history(today)
    known = history.buyers.repeats > 0
    related = _correlation(history.buyers.repeats[known], history.amounts[known])
    return _Told(
        question=question,
        purchases=purchases,
        ahead=forecast(purchases, today, weeks, discount=question.discount, settings=settings),
        total=total_range(purchases, today, weeks, discount=question.discount, settings=settings, seed=seed),
        tried=_try(question, purchases, settings),
        related=related,
        currency=currency,
        settings=settings,
    )


def _correlation(first: Floats, second: Floats) -> float:
    """How far two go together; 0 where one of them never varies."""
    if len(first) < 3 or not first.std() or not second.std():  # noqa: PLR2004 (two points always lie on a line)
        return 0.0
    return float(np.corrcoef(first, second)[0, 1])


def _try(question: ValueQuestion, purchases: Purchases, settings: Settings) -> _Tried:
    """Learn from the first half, and look at the second; the money is that of its own days, so nothing is discounted."""
    half, today = days_until(question, question.middle), days_until(question, question.until)
    found = forecast(purchases, half, (today - half) / WEEK, discount=0.0, settings=settings)
    deals, came = (one[found.who] for one in purchases.total_from(half))
    return _Tried(
        deals=float(found.purchases.sum() / max(deals.sum(), 1)) - 1,
        off=float(found.money.sum() / came.sum()) - 1 if came.sum() else float("inf"),
        expected=found.money,
        came=came,
    )


def _card(told: _Told) -> Card:
    question = told.question
    method = OWN if told.ahead.own else SHRUNK
    return Card(
        question=question.words,
        verdict=_verdict(told),
        sentence=_sentence(told),
        figures=tuple(_figures(told)),
        picture=_picture(told),
        checks=tuple(_checks(told)),
        counts=(
            Count("partners that bought", len(told.ahead.who)),
            Count("days with a won deal", len(told.purchases.day)),
            Count("partners that never did", len(told.purchases.names) - len(told.ahead.who)),
        ),
        about=f"Partners that won a deal between {question.since} and {question.until}, in the {question.months} months after it.",
        method=method.format(draws=told.settings.redrawn) + TODAY.format(discount=percent(question.discount)),
        mind=("A partner that will do something it never did; newcomers that have not bought yet are not in it.",),
        decision="Give people and funds by what partners are worth, not by last year alone; ask what they add before spending more."
        if _holds(told)
        else "Do not give people or funds by this.",
        notes=tuple(_notes(told)),
    )


def _verdict(told: _Told) -> Verdict:
    """Shown if the past was forecast well and the models take for granted what holds; suggested if only the first."""
    if not _holds(told):
        return Verdict.NOT_SHOWN
    return Verdict.SHOWN if _is_unrelated(told) or not told.ahead.own else Verdict.SUGGESTED


def _is_unrelated(told: _Told) -> bool:
    return abs(told.related) < told.settings.most_related


def _holds(told: _Told) -> bool:
    return abs(told.tried.off) <= told.settings.most_off


def _worth(told: _Told) -> str:
    return "margin" if told.question.margin else "revenue"


def _sentence(told: _Told) -> str:
    total = float(told.ahead.money.sum()) * told.share
    within = ""
    if told.total is not None:
        low, high = (money(one * told.share, told.currency) for one in (told.total.low, told.total.high))
        within = f" ({low} to {high})"
    off = percent(told.tried.off, signed=True)
    said = (
        f"The {counted(len(told.ahead.who), 'partner', 'partners')} that bought are to be expected to bring {money(total, told.currency)}{within}"
        f" of {_worth(told)} in {told.question.months} months."
    )
    if _holds(told):
        return f"{said} From the first half of the past, such a forecast of the second was off by {off}."
    return f"No forecast of value is shown: from the first half of the past, that of the second was off by {off}."


def _figures(told: _Told) -> Iterator[Figure]:
    share, currency, worth = told.share, told.currency, told.ahead.money
    total, found = float(worth.sum()) * share, told.total
    label = f"To be expected in {told.question.months} months, {_worth(told)}, worth today"
    yield Figure(
        label,
        total,
        "money",
        found.low * share if found else None,
        found.high * share if found else None,
        currency,
    )
    cost = told.purchases.cost * told.question.months / 12
    yield Figure(
        "The same less what the program cost in the last year, for as long", total - cost, "money", currency=currency
    )
    ordered = np.sort(worth)[::-1]
    tenth = max(1, len(ordered) // TENTHS)
    yield Figure("Share of the tenth that is worth most", float(ordered[:tenth].sum() / worth.sum()), "share")
    if told.ahead.own:
        yield Figure("Partners that still buy, to be expected", float(told.ahead.active.sum()), "count")
    yield Figure("How far the forecast of the second half was off, deals", told.tried.deals, "share")
    yield Figure("How far the forecast of the second half was off, money", told.tried.off, "share")


def _picture(told: _Told) -> Picture:
    """What was expected of each tenth in the second half, and what came."""
    order = np.argsort(-told.tried.expected, kind="stable")
    parts = np.array_split(order, min(TENTHS, len(order)))
    series = (
        Series(
            name, tuple(_mark(nth, float(values[part].sum()) * told.share) for nth, part in enumerate(parts, start=1))
        )
        for name, values in (("expected", told.tried.expected), ("came", told.tried.came))
    )
    return Picture(
        title=f"The second half of the past, forecast from the first: {_worth(told)} in {told.currency}",
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


def _checks(told: _Told) -> Iterator[Check]:
    off, most = told.tried.off, told.settings.most_off
    yield Check(
        "second half of the past",
        Result.PASSED if _holds(told) else Result.FAILED,
        f"Deals were off by {percent(told.tried.deals, signed=True)}, money by {percent(off, signed=True)}; {percent(most)} is the line.",
    )
    yield Check(
        "often and large",
        Result.PASSED if _is_unrelated(told) else Result.FAILED,
        f"How often partners buy and for how much go together with {told.related:.2f}; the models take them to have nothing to do with"
        " each other.",
    )
    if told.total is None:
        yield Check("range", Result.NOT_RUN, "Too few drawings of partners have a fit.")


def _notes(told: _Told) -> Iterator[str]:
    yield "This is a forecast. It does not say what the program, or enablement, adds."
    order = np.argsort(-told.ahead.money, kind="stable")[:NAMED]
    for place in order:
        name = told.purchases.names[int(told.ahead.who[place])]
        active = f"; still buys: {percent(float(told.ahead.active[place]))}" if told.ahead.own else ""
        yield f"{name}: {money(float(told.ahead.money[place]) * told.share, told.currency)}{active}"
    _, last_year = told.purchases.total_from(days_until(told.question, told.question.until) - 365)
    large = set(np.argsort(-last_year, kind="stable")[:NAMED].tolist())
    rising = [told.purchases.names[one] for one in told.ahead.who[order].tolist() if one not in large]
    yield f"Among the ten worth most, but not among the ten with most last year: {', '.join(rising) or 'none'}."
