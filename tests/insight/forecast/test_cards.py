"""The card of the next months, from facts of which the truth is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from math import exp, pi, sin
from random import Random

import pytest

from swingby.errors import MisusedError
from swingby.facts import FactSet
from swingby.insight import Card, ForecastQuestion, Result, Verdict, answer_forecast
from swingby.values import add_months
from tests.insight.company import Row, facts, program

SINCE, UNTIL = date(2022, 1, 1), date(2025, 7, 1)
QUESTION = ForecastQuestion(SINCE, UNTIL)


def drawn(*, months: int = 42, growth: float = 0.015, noise: float = 0.05, partners: int = 8) -> dict[str, list[Row]]:
    """Partners with seasons and growth; the last of them wins something in every fourth month only."""
    random = Random(5)
    tables: dict[str, list[Row]] = {name: [] for name in ("organizations", "enrolments", "deals", "deal_parties")}
    for nth in range(partners):
        key = f"p{nth:02}"
        tables["organizations"].append({"organization": key, "name": f"Partner {nth}"})
        tables["enrolments"].append({"enrolment": key, "organization": key, "joined_on": SINCE})
        for month in range(months):
            if nth == partners - 1 and month % 4:
                continue
            worth = (
                9000 / (nth + 1) * exp(growth * month) * (1 + 0.3 * sin(month * pi / 6)) * exp(random.gauss(0, noise))
            )
            when, deal = add_months(SINCE, month) + timedelta(days=9), f"{key}-{month}"
            amount = Decimal(str(round(worth, 2)))
            tables["deals"].append({"deal": deal, "stage": "won", "amount": amount, "happened_on": when})
            tables["deal_parties"].append({"deal": deal, "organization": key, "role": "seller", "starts_on": when})
    return tables


@pytest.fixture(scope="module")
def company() -> Iterator[FactSet]:
    with facts(drawn()) as found:
        yield found


@pytest.fixture(scope="module")
def card(company: FactSet) -> Card:
    return answer_forecast(QUESTION, company, program())


def checks(card: Card) -> dict[str, Result]:
    return {check.name: check.result for check in card.checks}


def figures(card: Card) -> dict[str, float]:
    return {figure.label: figure.value for figure in card.figures}


def truth() -> float:
    """What is to be won in the three months after the last, without noise."""
    return sum(
        9000 / (nth + 1) * exp(0.015 * month) * (1 + 0.3 * sin(month * pi / 6))
        for nth in range(7)
        for month in (42, 43, 44)
    ) + 9000 / 8 * exp(0.015 * 44) * (1 + 0.3 * sin(44 * pi / 6))


def test_what_beats_the_year_before_is_shown_with_its_range(card: Card) -> None:
    first = card.figures[0]
    assert (card.verdict, checks(card)) == (
        Verdict.SHOWN,
        {"better than the year before": Result.PASSED, "early and late": Result.PASSED, "ranges": Result.NOT_RUN},
    )
    assert first.label == "To be won from 2025-07-01 until 2025-10-01; a range for 80 % of such spans"
    assert first.low is not None
    assert first.high is not None
    assert first.low < truth() < first.high
    assert abs(first.value / truth() - 1) < 0.1


def test_the_same_months_a_year_before_stand_beside_it(company: FactSet, card: Card) -> None:
    before = company.connection.execute(
        "SELECT sum(amount) FROM fact_deals WHERE happened_on >= DATE '2024-07-01' AND happened_on < DATE '2024-10-01'"
    ).fetchone()
    assert before is not None
    assert figures(card)["The same months a year before"] == pytest.approx(float(before[0]))
    assert (
        figures(card)["Off on average: the same months a year before"]
        > 2 * (figures(card)["Off on average: the method that was best by then"])
    )


def test_the_past_is_drawn_in_spans_that_do_not_overlap(card: Card) -> None:
    assert card.picture is not None
    assert {one.name: [mark.x for mark in one.marks] for one in card.picture.series} == {
        "came": [-5, -4, -3, -2, -1, 0],
        "expected before": [-5, -4, -3, -2, -1, 0, 1],
        "the same months a year before": [-5, -4, -3, -2, -1, 0, 1],
    }


def test_partners_have_a_range_of_their_own_where_they_beat_their_year_before(card: Card) -> None:
    counts = {count.label: count.number for count in card.counts}
    assert counts["partners with a forecast tried apart"] == 8
    assert counts["of them with sales too seldom for seasons"] == 1
    assert sum(note.startswith("Partner ") for note in card.notes) == counts["of them better than the year before"] > 4


def test_what_does_not_beat_the_year_before_is_not_shown() -> None:
    with facts(drawn(growth=0.0, noise=0.0)) as found:
        card = answer_forecast(QUESTION, found, program())
    assert (card.verdict, checks(card)["better than the year before"]) == (Verdict.NOT_SHOWN, Result.FAILED)
    assert card.sentence.startswith("No forecast is shown: tried on 16 past spans of 3 months, it was off by ")
    assert card.figures[0].label == "The same months a year before"
    assert card.picture is not None
    assert [mark.x for mark in card.picture.series[1].marks][-1] == 0


def test_with_more_of_the_past_the_range_is_for_more_spans() -> None:
    with facts(drawn(months=48, partners=2)) as found:
        card = answer_forecast(replace(QUESTION, until=date(2026, 1, 1)), found, program())
    assert card.figures[0].label.endswith("a range for 95 % of such spans")


def test_one_month_is_asked_as_one(company: FactSet) -> None:
    card = answer_forecast(replace(QUESTION, months=1), company, program())
    assert card.question == "What will partners win in the next month?"
    assert card.figures[0].label.startswith("To be won from 2025-07-01 until 2025-08-01;")


def test_the_same_facts_give_the_same_card(company: FactSet, card: Card) -> None:
    assert answer_forecast(QUESTION, company, program()) == card


def test_what_cannot_be_answered_is_said_with_what_is_missing(company: FactSet) -> None:
    early = replace(QUESTION, until=date(2024, 1, 1))
    before = replace(QUESTION, since=date(2019, 1, 1), until=date(2021, 1, 1))
    some = drawn(partners=1)
    some["coverage"] = [{"kind": "deals", "source": "crm", "complete_to": date(2024, 1, 1)}]
    with facts(some) as incomplete:
        cards = [
            answer_forecast(early, company, program()),
            answer_forecast(before, company, program()),
            answer_forecast(QUESTION, incomplete, program()),
        ]
    assert [card.verdict for card in cards] == [Verdict.UNANSWERABLE] * 3
    assert [card.sentence.removeprefix("This cannot be answered from these data. ") for card in cards] == [
        "The first won deal is of January 2022, 24 months before 2024-01-01; 30 are needed: two years to learn from, and 4 months to try it from.",
        "Nobody won anything from 2019-01-01 until 2021-01-01.",
        "Not complete from 2022-01-01 until 2025-07-01: deals.",
    ]


def test_months_before_the_first_deal_do_not_count(company: FactSet, card: Card) -> None:
    assert answer_forecast(replace(QUESTION, since=date(2015, 1, 1)), company, program()) == card


def test_what_cannot_be_asked_is_said_at_once(company: FactSet) -> None:
    with pytest.raises(MisusedError) as refused:
        answer_forecast(ForecastQuestion(date(2024, 1, 2), date(2024, 1, 1), months=13), company, program())
    assert refused.value.message == (
        "2024-01-02 is not the first day of a month. The last day is not after the first. It looks ahead for a month at least and for a year"
        " at most."
    )
