"""What figures, marks and checks are called on a card, the same on the terminal, on the page and on paper."""

from __future__ import annotations

import re

from swingby.insight.cards import Card, Check, Figure, Picture, Result, Unit
from swingby.insight.verdicts import Verdict
from swingby.insight.wording import money, percent, points, times

MINUS = "\N{MINUS SIGN}"
LARGE = ((1e9, " bn"), (1e6, " M"), (1e3, " k"))
NO_BREAK, WORD_JOINER = "\N{NO-BREAK SPACE}", "\N{WORD JOINER}"
NUMBER_WITH_UNIT = re.compile(r"(?<=\d) (?=%|(?:million|billion|times|points)\b)|(?<=\b[A-Z]{3}) (?=\d)")
SHORT_RANGE = re.compile(r"\([^()\s]*\d[^()\s]*(?:\s%)? to [^()\s]*\d[^()\s]*(?:\s%)?\)")
DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
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
    "out of time": "later customers too",
    "no better than chance": "signs put aside",
    "up": "moved up",
    "down": "moved down",
}
#: What brackets behind a number are; lines for which it is otherwise say so.
RANGE_WORDS = (
    "In brackets: the range that holds the true number in 95 of 100 such studies, where a line does not say otherwise."
)
RESULT_WORDS = {Result.PASSED: "passed", Result.FAILED: "FAILED", Result.NOT_RUN: "not run"}


def figure_words(figure: Figure) -> str:
    """A figure with its range, signed where the range holds both signs.

    >>> figure_words(Figure("Effect", -0.02, "share", -0.05, 0.01))
    '−2.0 % (−5.0 % to +1.0 %)'
    >>> figure_words(Figure("Lost", 1200000.0, "money", currency="USD"))
    'USD 1.2 million'
    >>> figure_words(Figure("Won more often", 0.099, "points", 0.045, 0.15))
    '9.9 points (4.5 to 15)'
    """
    if figure.low is None or figure.high is None:
        return amount_words(figure.value, figure.unit, figure.currency)
    signed = figure.low < -TINY and figure.high > TINY
    value, low, high = (
        amount_words(one, figure.unit, figure.currency, signed=signed)
        for one in (figure.value, figure.low, figure.high)
    )
    low, high = (one.removesuffix(" times").removesuffix(" points") for one in (low, high))
    return f"{value} ({low} to {high})"


def check_heading(check: Check) -> str:
    """What a check is called on a card.

    >>> check_heading(Check("leads", Result.PASSED, "")), check_heading(Check("size", Result.PASSED, ""))
    ('alike before', 'size')
    >>> check_heading(Check("up: leads", Result.PASSED, ""))
    'moved up: alike before'
    """
    return ": ".join(CHECK_HEADINGS.get(name, name) for name in check.name.split(": "))


def range_words(card: Card) -> str:
    """What brackets behind figures are; nothing on a card without any."""
    return RANGE_WORDS if any(one.low is not None for one in card.figures) else ""


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


def place_of(picture: Picture, value: float) -> str:
    """A place on the x axis of a picture: what it stands for, where that has a name."""
    return picture.places[int(value) - 1] if picture.places else place_words(value)


def place_words(value: float) -> str:
    """A place on the x axis.

    >>> place_words(-3), place_words(2026.0)
    ('−3', '2026')
    """
    return f"{value:.4g}".replace("-", MINUS)


def kept_together(text: str) -> str:
    r"""Text in which no line breaks inside a number with its unit, a day, or a short range.

    >>> kept_together("18 % of USD 5.2 million")
    '18\xa0% of USD\xa05.2\xa0million'
    >>> kept_together("+14 % (−2.5 % to +30 %) (see above)")
    '+14\xa0% (−2.5\xa0%\xa0to\xa0+30\xa0%) (see above)'
    >>> kept_together("on 2026-03-31")
    'on 2026-\u206003-\u206031'
    """
    text = NUMBER_WITH_UNIT.sub(NO_BREAK, text)
    text = SHORT_RANGE.sub(lambda found: found.group().replace(" ", NO_BREAK), text)
    return DAY.sub(lambda found: found.group().replace("-", f"-{WORD_JOINER}"), text)


def summary(picture: Picture) -> str:
    """What a picture shows, for those who cannot see it."""
    told = [_series_words(one.name, [mark.y for mark in one.marks], picture) for one in picture.series if one.marks]
    return f"{picture.y} by {picture.x}. {' '.join(told)} {picture.band.capitalize()}."


def _series_words(name: str, values: list[float], picture: Picture) -> str:
    first, last, least, most = (
        amount_words(one, picture.unit, picture.currency) for one in (values[0], values[-1], min(values), max(values))
    )
    return f"{name or 'It'} begins at {first} and ends at {last}; least {least}, most {most}."
