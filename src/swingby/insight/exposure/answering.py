"""The card of exposure: how much hangs on a few, with both denominators, a range, the trend, and what an end would cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from swingby.engine import FactSource, coverage_test
from swingby.errors import MisusedError
from swingby.insight.cards import Card, Check, Count, Figure, Mark, Picture, Result, Series
from swingby.insight.effects.reading import words_of
from swingby.insight.exposure.question import ExposureQuestion
from swingby.insight.exposure.reading import Sales, read_sales
from swingby.insight.numerics.arrays import Floats
from swingby.insight.numerics.concentration import Concentration, concentration, concentration_ranges
from swingby.insight.numerics.estimates import Range
from swingby.insight.settings import SETTINGS, Settings
from swingby.insight.verdicts import Verdict
from swingby.insight.wording import counted, money, percent, said_of_parts
from swingby.program import Program
from swingby.values import add_months

QUESTION = "How much hangs on a few partners?"
METHOD = (
    "What partners won in a year, by their share of each deal, in the program's currency; organizations under one parent count "
    "as one. As if so many partners of the same size made all: one over the sum of squared shares, which is Herfindahl and "
    "Hirschman's index. Ranges: 95 % of {draws} drawings of partners."
)
LOSSES = (1, 3, 5)
NAMED = 5
#: Of fewer a tenth is less than one partner.
TENTH = 10


@dataclass(frozen=True, slots=True)
class _Measured:
    """The last year: groups that sold and what they made, before and after organizations are put together."""

    sales: Sales
    amounts: Floats
    active: Concentration
    everybody: Concentration
    apart: Concentration
    ranges: dict[str, Range]


def answer_exposure(
    question: ExposureQuestion, facts: FactSource, program: Program, *, settings: Settings = SETTINGS, seed: int = 0
) -> Card:
    """Answer how much hangs on a few partners.

    Parameters
    ----------
    question
        The year.
    facts, program
        As for `swingby.engine.assess`.
    settings
        The number of draws, and up to how many partners names are shown rather than an index.
    seed
        The same seed gives the same ranges.

    Raises
    ------
    MisusedError
        ``question`` when it asks for less than one year.
    """
    if question.years < 1:
        raise MisusedError(
            code="question", message=f"{question.years} years cannot be looked at.", hint="Ask for one or more."
        )
    since = add_months(question.until, -12 * question.years)
    incomplete = [
        kind for kind in ("deals", "deal_parties") if coverage_test(facts.coverage)(kind, since, question.until)
    ]
    if incomplete:
        return _refused(f"Not complete from {since} until {question.until}: {', '.join(incomplete)}.")
    sales = read_sales(
        facts,
        program,
        until=question.until,
        years=question.years,
        won=question.won,
        parts=question.parts,
        known_at=question.known_at,
    )
    measured = _measured(sales, settings, seed)
    if measured is None:
        return _refused(f"Nobody won anything in the year before {question.until}.")
    return _card(question, measured, facts, program.header.currency, settings)


def grouped(sales: Sales, year: int) -> Floats:
    """What each group made in a year; refunds beyond sales count as nothing."""
    return np.maximum(np.bincount(sales.groups, sales.years[:, year], len(sales.group_names)), 0)


def _measured(sales: Sales, settings: Settings, seed: int) -> _Measured | None:
    if not len(sales.groups):
        return None
    amounts, own = grouped(sales, -1), np.maximum(sales.years[:, -1], 0)
    if not amounts.any():
        return None
    active = amounts[amounts > 0]
    return _Measured(
        sales=sales,
        amounts=amounts,
        active=concentration(active),
        everybody=concentration(amounts),
        apart=concentration(own[own > 0]),
        ranges=concentration_ranges(active, draws=settings.draws, seed=seed),
    )


def _card(question: ExposureQuestion, found: _Measured, facts: FactSource, currency: str, settings: Settings) -> Card:
    ends = list(_ends(question, found))
    return Card(
        question=QUESTION,
        verdict=Verdict.SHOWN,
        sentence=_sentence(found, ends),
        figures=tuple(_figures(found, currency, settings)),
        picture=_picture(question, found),
        checks=tuple(_checks(question, found, ends)),
        counts=tuple(_counts(found)),
        about="Partners that won anything in the year; those that did not stand beside them in the second figure.",
        method=METHOD.format(draws=settings.draws),
        mind=("Two partners that turn out to belong together.", "Sales that are recorded under a distributor's name."),
        decision=_decision(found, ends, currency),
        notes=(*_names(found), *said_of_parts(question.parts, words_of(facts, "deal_parties", "role"))),
    )


def _sentence(found: _Measured, ends: list[str]) -> str:
    top, sold = found.ranges["top 10 %"], counted(found.active.partners, "partner", "partners")
    place = int(np.argmax(found.amounts))
    share = f"{percent(top.value)} ({percent(top.low)} to {percent(top.high)}) of what was won"
    first = f"The top tenth of {sold} that sold makes {share}" if found.active.partners >= TENTH else f"{sold} sold"
    return (
        f"{first}; as much hangs on a few as if {_as_if(found.active.effective)} made all of it."
        f" The largest, {found.sales.group_names[place]}, makes {percent(found.active.largest)}."
        + "".join(f" {end}" for end in ends)
    )


def _as_if(effective: float) -> str:
    return counted(max(1, round(effective)), "partner", "partners of the same size")


def _figures(found: _Measured, currency: str, settings: Settings) -> Iterator[Figure]:
    ranges = found.ranges
    yield _ranged("Share of the top tenth of those that sold", ranges["top 10 %"], "share")
    yield Figure("Share of the top tenth of all partners", found.everybody.tops[2], "share")
    yield _ranged("As if so many partners of the same size made all of it", ranges["effective"], "count")
    yield Figure("The same before organizations under one parent are put together", found.apart.effective, "count")
    yield _ranged("Share of the largest", ranges["largest"], "share")
    yield Figure("The same before organizations under one parent are put together", found.apart.largest, "share")
    for top, share in zip((1, 5, 20), (found.active.tops[0], found.active.tops[1], found.active.tops[3]), strict=True):
        yield Figure(f"Share of the top {top} % of those that sold", share, "share")
    yield _ranged("Share of partners that together make 90 %, the largest first", ranges["making most"], "share")
    yield Figure(
        "How often two amounts alike come from the same partner (Herfindahl's index)", found.active.hhi, "share"
    )
    if found.active.partners >= settings.fewest_exposed:
        yield _ranged("How uneven: 0 % if all won alike, 100 % if one won all (Gini's index)", ranges["gini"], "share")
    ordered = np.sort(found.amounts)[::-1]
    for number in LOSSES:
        label = "Lost a year if the largest left" if number == 1 else f"Lost a year if the largest {number} left"
        yield Figure(label, float(ordered[:number].sum()), "money", currency=currency)


def _ranged(label: str, found: Range, unit: str) -> Figure:
    return Figure(label, found.value, "count" if unit == "count" else "share", found.low, found.high)


def _picture(question: ExposureQuestion, found: _Measured) -> Picture:
    marks = [
        Mark(question.until.year - question.years + nth + 1, share, share, share)
        for nth, share in enumerate(_trend(found.sales))
        if share is not None
    ]
    return Picture(
        title="Share of the top tenth of those that sold",
        x=f"year that ends before {question.until.day} {question.until:%B}",
        y="share",
        series=(Series("", tuple(marks)),),
        unit="share",
        band="measured, without a range",
        form="line",
        bounds=(0, 1),
    )


def _trend(sales: Sales) -> Iterator[float | None]:
    for year in range(sales.years.shape[1]):
        amounts = grouped(sales, year)
        yield concentration(amounts[amounts > 0]).tops[2] if amounts.any() else None


def _ends(question: ExposureQuestion, found: _Measured) -> Iterator[str]:
    """A sentence for each of the largest whose last agreement ends soon."""
    limit = add_months(question.until, question.soon)
    for place in np.argsort(-found.amounts, kind="stable")[:NAMED]:
        ends = found.sales.agreement_ends[place]
        if ends is not None and question.until <= ends < limit and found.amounts[place] > 0:
            share = percent(float(found.amounts[place]) / found.active.total)
            yield f"The agreement of {found.sales.group_names[place]} ({share}) ends on {ends - timedelta(days=1)}."


def _checks(question: ExposureQuestion, found: _Measured, ends: list[str]) -> Iterator[Check]:
    together = len(found.sales.names) - len(found.sales.group_names)
    yield Check(
        "organizations put together",
        Result.PASSED,
        f"{counted(together, 'partner stands', 'partners stand')} under a parent that is counted already; counted apart it would be as if"
        f" {_as_if(found.apart.effective)} made all of it, rather than {round(found.active.effective)}.",
    )
    words = (
        " ".join(ends)
        if ends
        else f"None of the largest {NAMED} ends in the {question.soon} months from {question.until} on."
    )
    yield Check("agreements", Result.FAILED if ends else Result.PASSED, words)
    first, *_, last = [share for share in _trend(found.sales) if share is not None] * 2
    yield Check(
        "trend",
        Result.PASSED if question.years > 1 else Result.NOT_RUN,
        f"The top tenth made {percent(first)} in the first year and {percent(last)} in the last.",
    )


def _counts(found: _Measured) -> Iterator[Count]:
    yield Count("partners enrolled on the last day", found.sales.enrolled)
    yield Count("partners looked at", len(found.sales.names))
    yield Count("after organizations under one parent are put together", len(found.sales.group_names))
    yield Count("that sold in the year", found.active.partners)
    yield Count("that did not", int((found.amounts == 0).sum()))


def _names(found: _Measured) -> Iterator[str]:
    for place in np.argsort(-found.amounts, kind="stable")[:NAMED]:
        if found.amounts[place] > 0:
            yield f"{found.sales.group_names[place]}: {percent(float(found.amounts[place]) / found.active.total)}"


def _decision(found: _Measured, ends: list[str], currency: str) -> str:
    largest = money(float(found.amounts.max()), currency)
    first = "Renew or replace what ends soon. " if ends else ""
    return f"{first}Plan for a year without the largest partner: {largest} would have to come from others."


def _refused(reason: str) -> Card:
    return Card(
        question=QUESTION,
        verdict=Verdict.UNANSWERABLE,
        sentence=f"This cannot be answered from these data. {reason}",
        figures=(),
        picture=None,
        checks=(),
        counts=(),
        about="",
        method="",
        mind=(),
        decision="Complete the sources first.",
    )
