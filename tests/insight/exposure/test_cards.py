"""The card of exposure, from facts."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from swingby.errors import MisusedError
from swingby.insight import Card, ExposureQuestion, Result, Verdict, answer_exposure
from tests.insight.company import Row, facts, program

QUESTION = ExposureQuestion(until=date(2026, 4, 1), years=2)


def tables() -> dict[str, list[Row]]:
    """A group that owns the first two partners, sixty others, five that sell nothing; the year before was more even."""
    names = [f"p{nth:02}" for nth in range(67)]
    found: dict[str, list[Row]] = {
        "organizations": [{"organization": "group", "name": "Ardenveil Group"}],
        "enrolments": [{"enrolment": name, "organization": name, "joined_on": date(2020, 1, 1)} for name in names],
        "agreements": [
            {"organization": "p00", "document": "frame", "starts_on": date(2024, 1, 1), "ends_on": date(2026, 10, 1)},
            {"organization": "p02", "document": "frame", "starts_on": date(2024, 1, 1)},
        ],
        "deals": [],
        "deal_parties": [],
    }
    for nth, name in enumerate(names):
        found["organizations"].append({"organization": name, "parent": "group" if nth < 2 else None})
        amounts = {date(2025, 6, 1): 0 if nth >= 62 else 3000 if nth < 2 else 100, date(2024, 6, 1): 100}
        for day, amount in amounts.items():
            if amount:
                deal = f"{name}-{day.year}"
                found["deals"].append({"deal": deal, "stage": "won", "amount": Decimal(amount), "happened_on": day})
                found["deal_parties"].append({"deal": deal, "organization": name, "starts_on": date(2024, 1, 1)})
    return found


@pytest.fixture(scope="module")
def card() -> Iterator[Card]:
    with facts(tables()) as found:
        yield answer_exposure(QUESTION, found, program())


def test_organizations_under_one_parent_count_as_one(card: Card) -> None:
    shown = {figure.label: round(figure.value, 4) for figure in card.figures[2:6]}
    assert [round(figure.value, 4) for figure in card.figures[2:6]] == [
        round(1 / (0.5**2 + 60 * (100 / 12_000) ** 2), 4),
        round(1 / (2 * 0.25**2 + 60 * (100 / 12_000) ** 2), 4),
        0.5,
        0.25,
    ]
    assert list(shown) == [
        "As if so many partners of the same size made all of it",
        "The same before organizations under one parent are put together",
        "Share of the largest",
    ]


def test_both_denominators_are_there(card: Card) -> None:
    assert [(figure.label, round(figure.value, 4)) for figure in card.figures[:2]] == [
        ("Share of the top tenth of those that sold", round((6000 + 5.1 * 100) / 12_000, 4)),
        ("Share of the top tenth of all partners", round((6000 + 5.6 * 100) / 12_000, 4)),
    ]


def test_the_sentence_names_the_largest_and_the_end_of_its_agreement(card: Card) -> None:
    assert card.verdict is Verdict.SHOWN
    assert card.sentence.startswith(
        "The top tenth of 61 partners that sold makes 54 % (10 % to 82 %) of what was won; as much hangs on a few as if 4 partners of the same"
        " size made all of it."
    )
    assert card.sentence.endswith(
        "The largest, Ardenveil Group, makes 50 %. The agreement of Ardenveil Group (50 %) ends on 2026-09-30."
    )
    assert [(check.name, check.result) for check in card.checks] == [
        ("organizations put together", Result.PASSED),
        ("agreements", Result.FAILED),
        ("trend", Result.PASSED),
    ]


def test_the_year_is_compared_with_an_earlier_one(card: Card) -> None:
    assert card.picture is not None
    assert [(mark.x, round(mark.y, 3)) for mark in card.picture.marks] == [
        (2025, round((200 + 5.6 * 100) / 6700, 3)),
        (2026, round((6000 + 5.1 * 100) / 12_000, 3)),
    ]


def test_what_would_be_lost_and_who_is_counted_is_said(card: Card) -> None:
    lost = {figure.label: figure.value for figure in card.figures if figure.unit == "money"}
    assert lost == {
        "Lost a year if the largest left": 6000,
        "Lost a year if the largest 3 left": 6200,
        "Lost a year if the largest 5 left": 6400,
    }
    assert {count.label: count.number for count in card.counts} == {
        "partners enrolled on the last day": 67,
        "partners looked at": 67,
        "after organizations under one parent are put together": 66,
        "that sold in the year": 61,
        "that did not": 5,
    }


def test_few_partners_are_named_and_have_no_index() -> None:
    some = tables()
    some["enrolments"] = some["enrolments"][:10]
    with facts(some) as found:
        card = answer_exposure(QUESTION, found, program())
    assert [figure.label for figure in card.figures if "Gini" in figure.label] == []
    assert card.sentence.startswith(
        "9 partners sold; as much hangs on a few as if 1 partner made all of it. The largest,"
    )
    assert card.notes[0] == "Ardenveil Group: 88 %"


def test_a_year_without_sales_and_sources_that_are_not_complete_are_refused() -> None:
    some = tables()
    with facts(some) as found:
        nothing = answer_exposure(ExposureQuestion(until=date(2030, 1, 1)), found, program())
    some["coverage"] = [{"kind": "deals", "source": "crm", "complete_to": date(2026, 1, 1)}]
    with facts(some) as found:
        incomplete = answer_exposure(QUESTION, found, program())
    assert [nothing.verdict, incomplete.verdict] == [Verdict.UNANSWERABLE] * 2
    assert nothing.sentence == (
        "This cannot be answered from these data. Nobody won anything in the year before 2030-01-01."
    )
    assert incomplete.sentence == (
        "This cannot be answered from these data. Not complete from 2024-04-01 until 2026-04-01: deals."
    )


def test_no_year_is_no_question() -> None:
    with facts({}) as found, pytest.raises(MisusedError, match="0 years"):
        answer_exposure(ExposureQuestion(until=date(2026, 1, 1), years=0), found, program())
