"""The card of the next months: a range, how far such a forecast was off before, and the same months a year before beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from swingby.engine import FactSource, coverage_test
from swingby.insight.cards import Card, Check, Count, Figure, Mark, Meaning, Picture, Result, Series, refused_card
from swingby.insight.effects.reading import words_of
from swingby.insight.forecast.question import ForecastQuestion, months_needed
from swingby.insight.forecast.reading import Months, read_months
from swingby.insight.forecast.trying import NARROW, Apart, Sum, judge, try_apart, try_sum
from swingby.insight.numerics.arrays import Floats
from swingby.insight.settings import SETTINGS, Settings
from swingby.insight.wording import counted, money, percent, said_of_parts
from swingby.program import Program

SMOOTH = ("the same months a year before", "Holt and Winters", "Theta", "the mean of these three")
LUMPY = ("the same months a year before", "Croston", "Teunter, Syntetos and Babai", "the mean of these three")
#: What methods do, in plain words.
PLAIN = {
    "Holt and Winters": "level, trend and season carried on, the newest months counting most",
    "Theta": "the newest level with half of the trend, and seasons put back",
    "Croston": "how large a month with sales is, by how often there is one",
    "Teunter, Syntetos and Babai": "the same, with less where sales have stopped",
}
METHOD = (
    "Sums of months. Tried from each of {tries} past months with what was known then: {methods}. At each, the one was taken that had "
    "been least off by then; now it is {chosen}. The range is conformal: as far as {level} of these forecasts were off, relative to what was "
    "expected. Spans overlap, so there is less to learn from than their number says."
)
NAMED = 10
#: Fewer past ranges than these tell nothing by holding.
FEWEST_RANGES = 5


@dataclass(frozen=True, slots=True)
class _Told:
    """All that a card of the next months is written from."""

    question: ForecastQuestion
    months: Months
    sum: Sum
    apart: Apart | None
    parts: frozenset[str]
    currency: str
    settings: Settings

    @property
    def methods(self) -> tuple[str, ...]:
        """What was tried."""
        return LUMPY if self.sum.tried.is_lumpy[0] else SMOOTH


def answer_forecast(
    question: ForecastQuestion, facts: FactSource, program: Program, *, settings: Settings = SETTINGS
) -> Card:
    """Answer what partners will win in the next months.

    Parameters
    ----------
    question
        The days, and how far to look ahead.
    facts, program
        As for `swingby.engine.assess`.
    settings
        How often a forecast must be tried, and for how many partners apart.

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
    months = read_months(facts, program, question)
    if not months.number:
        return refused_card(question.words, f"Nobody won anything from {question.since} until {question.until}.")
    needed = months_needed(question.months, settings)
    if months.number < needed:
        there = counted(months.number, "month", "months")
        return refused_card(
            question.words,
            f"The first won deal is of {months.first:%B %Y}, {there} before {question.until}; {needed} are needed: two years to learn from, and"
            f" {settings.fewest_tries} months to try it from.",
        )
    return _card(
        _Told(
            question=question,
            months=months,
            sum=try_sum(months.money, question.months),
            apart=try_apart(months.money, question.months, settings),
            parts=frozenset(words_of(facts, "deal_parties", "role")),
            currency=program.header.currency,
            settings=settings,
        )
    )


def _card(told: _Told) -> Card:
    question, verdict = told.question, judge(told.sum, told.settings)
    return Card(
        question=question.words,
        verdict=verdict,
        sentence=_sentence(told),
        figures=tuple(_figures(told)),
        picture=_picture(told),
        checks=tuple(_checks(told)),
        counts=tuple(_counts(told)),
        about=f"What all partners together win from {question.until} until {question.end}, without newcomers of a kind never seen.",
        method=_method(told),
        mind=(
            "A change of program, prices or partners that the past has not seen.",
            "Deals of the last months that are recorded late: then what it was learned from was too low.",
        ),
        decision=_decision(told),
        notes=tuple(_notes(told)),
    )


def _sentence(told: _Told) -> str:
    own, naive = percent(_share(told.sum.off, told.sum.came)), percent(_share(told.sum.naive_off, told.sum.came))
    tries, span = len(told.sum.off), counted(told.question.months, "month", "months")
    if not told.sum.is_better():
        return (
            f"No forecast is shown: tried on {tries} past spans of {span}, it was off by {own} on average, and the same months a year before"
            f" by {naive}."
        )
    found = told.sum.range
    value, low, high = (money(one, told.currency) for one in (found.value, found.low, found.high))
    return (
        f"From {told.question.until} until {told.question.end} partners are to be expected to win {value} ({low} to {high}). Such a forecast was"
        f" off by {own} on average, the same months a year before by {naive}."
    )


def _figures(told: _Told) -> Iterator[Figure]:
    question, found, currency = told.question, told.sum.range, told.currency
    if told.sum.is_better():
        label = (
            f"To be won from {question.until} until {question.end}; a range for {percent(told.sum.level)} of such spans"
        )
        yield Figure(label, found.value, "money", found.low, found.high, currency)
    yield Figure("The same months a year before", float(told.sum.naive[-1]), "money", currency=currency)
    yield Figure("Off on average: the method that was best by then", _share(told.sum.off, told.sum.came), "share")
    for name, off in zip(told.methods, told.sum.tried.off[:, 0], strict=True):
        plain = f" ({PLAIN[name]})" if name in PLAIN else ""
        yield Figure(f"Off on average: {name}{plain}", _share(off, told.sum.came), "share")


def _picture(told: _Told) -> Picture:
    """Past spans that end where the next begins, and the next one where it is shown."""
    horizon, tries = told.question.months, len(told.sum.off)
    chosen = list(range(tries - 1, -1, -horizon))[::-1]
    past = range(1 - len(chosen), 1)
    is_shown = told.sum.is_better()
    found = told.sum.range
    expected = [_mark(x, float(told.sum.expected[nth])) for x, nth in zip(past, chosen, strict=True)]
    naive = [_mark(x, float(told.sum.naive[nth])) for x, nth in zip(past, chosen, strict=True)]
    if is_shown:
        expected.append(Mark(1, found.value, found.low, found.high))
    naive.append(_mark(1, float(told.sum.naive[-1])))
    came = [_mark(x, float(told.sum.came[nth])) for x, nth in zip(past, chosen, strict=True)]
    return Picture(
        title=f"What was expected, and what came: won in {counted(horizon, 'month', 'months')}, {told.currency}",
        x=f"span of {counted(horizon, 'month', 'months')}; 1 is the next",
        y="won",
        series=(
            Series("came", tuple(came)),
            Series("expected before", tuple(expected), meaning=Meaning.EXPECTED),
            Series("the same months a year before", tuple(naive), meaning=Meaning.COMPARED),
        ),
        unit="money",
        band=f"the range holds {percent(told.sum.level)} of such spans" if is_shown else "sums, without a range",
        form="line",
        currency=told.currency,
    )


def _mark(x: float, y: float) -> Mark:
    return Mark(x, y, y, y)


def _checks(told: _Told) -> Iterator[Check]:
    early, late = told.sum.halves
    half = len(told.sum.off) // 2
    yield _check(
        "better than the year before",
        told.sum.is_better(),
        f"Off by {percent(_share(told.sum.off, told.sum.came))} on average; the same months a year before by"
        f" {percent(_share(told.sum.naive_off, told.sum.came))}.",
    )
    words = (
        "better" if early and late else "better only late" if late else "better only early" if early else "in neither"
    )
    yield _check("early and late", early and late, f"In the first {half} of these spans and in the others: {words}.")
    held, number = told.sum.held(told.settings.fewest_tries)
    words = f"Of {number} ranges for {percent(NARROW)}, made at the time, {held} held what came."
    if (has_held := told.sum.has_held(told.settings)) is None:
        yield Check("ranges", Result.NOT_RUN, "There are too few past spans to look back at ranges.")
    elif has_held and number < FEWEST_RANGES:
        yield Check("ranges", Result.NOT_RUN, f"{words} That is too few to judge by.")
    else:
        yield _check("ranges", has_held, words)


def _check(name: str, has_passed: bool, words: str) -> Check:  # noqa: FBT001 (what the check found)
    return Check(name, Result.PASSED if has_passed else Result.FAILED, words)


def _counts(told: _Told) -> Iterator[Count]:
    yield Count("months with sales, from the first on", told.months.number)
    yield Count("won deals, by partner", told.months.deals)
    yield Count("partners that won anything", int((told.months.money.sum(axis=1) > 0).sum()))
    yield Count("past spans that it was tried on", len(told.sum.off))
    if told.apart is not None:
        yield Count("partners with a forecast tried apart", len(told.apart.who))
        yield Count("of them with sales too seldom for seasons", told.apart.lumpy)
        yield Count("of them better than the year before", sum(told.apart.better))


def _method(told: _Told) -> str:
    chosen = int(told.sum.tried.chosen()[0, -1])
    return METHOD.format(
        tries=len(told.sum.off),
        methods="; ".join(told.methods),
        chosen=told.methods[chosen],
        level=percent(told.sum.level),
    )


def _decision(told: _Told) -> str:
    if not told.sum.is_better():
        naive = money(float(told.sum.naive[-1]), told.currency)
        return f"Plan with the same months a year before, {naive}, and with how far that was off; do not plan with a forecast."
    return (
        f"Plan costs with {money(told.sum.range.low, told.currency)} rather than {money(told.sum.range.value, told.currency)}; look again when"
        f" {told.question.end} has come."
    )


def _notes(told: _Told) -> Iterator[str]:
    yield "This is a forecast. It does not say what the program adds."
    yield from said_of_parts(told.question.parts, set(told.parts))
    if told.apart is None:
        return
    level = percent(NARROW)
    shown = [nth for nth, better in enumerate(told.apart.better) if better]
    for nth in shown[:NAMED]:
        found, name = told.apart.ranges[nth], told.months.names[int(told.apart.who[nth])]
        value, low, high = (money(one, told.currency) for one in (found.value, found.low, found.high))
        yield f"{name}: {value} ({low} to {high} in {level} of such spans)"
    hidden = len(told.apart.better) - len(shown)
    if hidden:
        yield f"Of {len(told.apart.better)} partners {hidden} have no forecast here: it did not beat their own year before."


def _share(off: Floats, came: Floats) -> float:
    """Errors as a share of what came."""
    return float(off.sum() / came.sum()) if came.sum() else float("inf")
