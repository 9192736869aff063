"""What figures, marks and checks are called on a card, the same on the terminal, on the page and on paper."""

from __future__ import annotations

import re

from swingby.insight.cards import Check, Figure, Picture, Result, Unit
from swingby.insight.verdicts import Verdict
from swingby.insight.wording import money, percent, points, times

MINUS = "\N{MINUS SIGN}"
LARGE = ((1e9, " bn"), (1e6, " M"), (1e3, " k"))
NO_BREAK = "\N{NO-BREAK SPACE}"
#: Nearer to zero is zero, however it was added up.
TINY = 1e-9
#: How a verdict is explained in one sentence to somebody who never saw a card.
VERDICT_WORDS = {
    Verdict.SHOWN: "The data show it.",
    Verdict.SUGGESTED: "The data point to it, but something else may be behind it.",
    Verdict.NOT_SHOWN: "The data do not show it, which does not rule it out.",
    Verdict.UNANSWERABLE: "These data are not enough for an answer.",
}
#: What a check is called where its short name would be taken for something else.
CHECK_HEADINGS = {
    "leads": "alike before",
    "slope": "no drift before",
    "beyond the line": "more than the earlier drift",
    "placebo date": "nothing too early",
    "overlap": "like with like",
    "biggest partner": "not one partner alone",
    "base further back": "an earlier base",
    "other outcome": "as many deals",
    "lots": "more than chance",
}
RESULT_WORDS = {Result.PASSED: "passed", Result.FAILED: "FAILED", Result.NOT_RUN: "not run"}


def figure_words(figure: Figure) -> str:
    """A figure with its range, signed where the range holds both signs.

    >>> figure_words(Figure("Effect", -0.02, "share", -0.05, 0.01))
    '−2.0 % (−5.0 % to +1.0 %)'
    >>> figure_words(Figure("Lost", 1200000.0, "money", currency="USD"))
    'USD 1.2 million'
    """
    if figure.low is None or figure.high is None:
        return amount_words(figure.value, figure.unit, figure.currency)
    signed = figure.low < -TINY and figure.high > TINY
    value, low, high = (
        amount_words(one, figure.unit, figure.currency, signed=signed)
        for one in (figure.value, figure.low, figure.high)
    )
    low = low.removesuffix(" times")
    return f"{value} ({low} to {high.removesuffix(' times')})"


def check_heading(check: Check) -> str:
    """What a check is called on a card.

    >>> check_heading(Check("leads", Result.PASSED, "")), check_heading(Check("size", Result.PASSED, ""))
    ('alike before', 'size')
    >>> check_heading(Check("up: leads", Result.PASSED, ""))
    'up: alike before'
    """
    of, between, name = check.name.rpartition(": ")
    return f"{of}{between}{CHECK_HEADINGS.get(name, name)}"


def amount_words(value: float, unit: Unit, currency: str = "", *, signed: bool = False) -> str:
    """One number in its unit.

    >>> amount_words(0.176, "share", signed=True), amount_words(11.3, "count")
    ('+18 %', '11')
    """
    if unit == "share":
        return percent(value, signed=signed)
    if unit == "points":
        return points(value, signed=signed)
    if unit == "times":
        return times(value)
    sign = "+" if signed and value > 0 else ""
    if unit == "money":
        return f"{sign}{money(value, currency)}"
    return f"{sign}{_count(value)}"


def _count(value: float) -> str:
    few = abs(value) < 9.95 and value != round(value)  # noqa: PLR2004 (10.0 has three digits)
    return (f"{value:,.1f}" if few else f"{value:,.0f}").replace("-", MINUS)


def tick_words(value: float, unit: Unit) -> str:
    """A label of the y axis, where there is little room; the currency stands in the title.

    >>> tick_words(-0.1, "points"), tick_words(2500000.0, "money"), tick_words(0, "share"), tick_words(0.075, "share")
    ('−10 pts', '2.5 M', '0', '7.5 %')
    """
    if value == 0:
        return "0"
    if unit in {"share", "points"}:
        return f"{value * 100:.3g} {'%' if unit == 'share' else 'pts'}".replace("-", MINUS)
    size, word = next(((size, word) for size, word in LARGE if abs(value) >= size), (1.0, ""))
    return f"{value / size:.4g}{word}".replace("-", MINUS)


def place_words(value: float) -> str:
    """A place on the x axis.

    >>> place_words(-3), place_words(2026.0)
    ('−3', '2026')
    """
    return f"{value:.4g}".replace("-", MINUS)


def kept_together(text: str) -> str:
    r"""Text in which no line breaks between a number and its unit.

    >>> kept_together("18 % of USD 5")
    '18\xa0% of USD\xa05'
    """
    return re.sub(r"(?<=\d) (?=%)|(?<=\b[A-Z]{3}) (?=\d)", NO_BREAK, text)


def summary(picture: Picture) -> str:
    """What a picture shows, for those who cannot see it."""
    told = [_series_words(one.name, [mark.y for mark in one.marks], picture) for one in picture.series if one.marks]
    return f"{picture.y} by {picture.x}. {' '.join(told)} {picture.band.capitalize()}."


def _series_words(name: str, values: list[float], picture: Picture) -> str:
    first, last, least, most = (
        amount_words(one, picture.unit, picture.currency) for one in (values[0], values[-1], min(values), max(values))
    )
    return f"{name or 'It'} begins at {first} and ends at {last}; least {least}, most {most}."
