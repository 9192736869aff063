"""The card of a line and its last days, from facts of which the truth is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from swingby.errors import MisusedError
from swingby.facts import FactSet
from swingby.insight import Card, GamingQuestion, Result, Verdict, answer_gaming
from tests.insight.company import Row, facts, program

UNTIL = date(2025, 1, 1)
QUESTION = GamingQuestion(Decimal(1000), UNTIL, parts=("seller",))
PLAYERS = 12


def tables(*, players: int = PLAYERS) -> dict[str, list[Row]]:
    """Sixty partners of ten deals each; those who play end at 1,020 by deals of the last days, half of them taken back."""
    names = ("organizations", "enrolments", "deals", "deal_parties", "people", "employments", "credentials")
    found: dict[str, list[Row]] = {name: [] for name in names}
    for nth in range(60):
        key = f"p{nth:02}"
        found["organizations"].append({"organization": key, "name": f"Partner {nth}"})
        found["enrolments"].append({"enrolment": key, "organization": key, "joined_on": date(2020, 1, 1)})
        each = 80 if nth < players else 30 + 4 * nth
        for deal in range(10):
            _deal(found, key, f"{key}-{deal}", date(2024, 1 + deal, 10), each)
        number = 0 if nth >= players else 2 if nth else 8
        for late in range(number):
            _deal(found, key, f"{key}-late-{late}", date(2024, 12, 28), Decimal(220) / number)
            if late % 2:
                lost = {"stage": "lost", "happened_on": date(2025, 1, 20) + timedelta(days=nth)}
                found["deals"].append(found["deals"][-1] | lost)
        for person in range(6):
            _person(found, key, f"{key}.{person}", plays=nth < players)
    return found


def _deal(found: dict[str, list[Row]], key: str, deal: str, day: date, amount: Decimal | int) -> None:
    found["deals"].append({"deal": deal, "stage": "won", "amount": Decimal(amount), "happened_on": day})
    found["deal_parties"].append({"deal": deal, "organization": key, "role": "seller", "starts_on": date(2024, 1, 1)})


def _person(found: dict[str, list[Row]], key: str, person: str, *, plays: bool) -> None:
    day = date(2024, 12, 26) if plays else date(2024, 5, 6)
    ends = day + timedelta(days=40) if plays and person[-1] in "0123" else None
    found["people"].append({"person": person})
    found["employments"].append({"organization": key, "person": person, "starts_on": date(2023, 1, 1), "ends_on": ends})
    found["credentials"].append({"person": person, "level": "fundamentals", "starts_on": day})


@pytest.fixture(scope="module")
def company() -> Iterator[FactSet]:
    with facts(tables()) as found:
        yield found


@pytest.fixture(scope="module")
def card(company: FactSet) -> Card:
    return answer_gaming(QUESTION, company, program())


def checks(card: Card) -> dict[str, Result]:
    return {check.name: check.result for check in card.checks}


def figures(card: Card) -> dict[str, float]:
    return {figure.label: figure.value for figure in card.figures}


def test_three_signs_are_seen(card: Card) -> None:
    assert card.verdict is Verdict.SHOWN
    assert checks(card) | {"days enough since": Result.PASSED} == {
        "around the line": Result.FAILED,
        "deals of the last days": Result.FAILED,
        "certificates of the last days": Result.FAILED,
        "days enough since": Result.PASSED,
    }
    assert card.sentence == (
        "Of partners near the line 13 ended just above USD 1,000 and 1 just below; 12 partners had deals of the last 5 days taken back, and 12"
        " partners stand out by last days of which little lasted."
    )


def test_what_is_taken_back_counts_at_the_line_and_not_after(card: Card) -> None:
    assert figures(card)["Reached the line, and would not without what was taken back"] == PLAYERS
    assert figures(card)["Of these, taken back or gone soon: deals"] == 0.5
    assert figures(card)["Of all others, taken back or gone soon: deals"] == 0
    assert figures(card)["Of these, taken back or gone soon: people certified"] == pytest.approx(4 / 6)


def test_each_that_stands_out_is_named_with_its_counts(card: Card) -> None:
    assert card.notes[0] == (
        "Partner 0: won USD 1,020; below the line without what was taken back: USD 910; 8 of 18 deals in the last days, 4 taken back; 6 of 6"
        " people certified in the last days, 4 gone soon."
    )
    assert [note.partition(":")[0] for note in card.notes[:PLAYERS]] == sorted(
        f"Partner {nth}" for nth in range(PLAYERS)
    )


def test_the_picture_counts_on_both_sides_of_the_line(card: Card) -> None:
    assert card.picture is not None
    marks = {mark.x: mark.y for mark in card.picture.marks}
    assert (marks[-1], marks[1], len(marks)) == (1, PLAYERS + 1, 16)


def test_nothing_is_shown_where_nobody_plays() -> None:
    with facts(tables(players=0)) as found:
        card = answer_gaming(QUESTION, found, program())
    assert card.verdict is Verdict.NOT_SHOWN
    assert card.decision == "Leave the line as it is."
    assert card.sentence.startswith(
        "It is not shown that the line was reached by its last days: of partners near it 1 ended just above "
    )
    assert checks(card)["around the line"] is Result.NOT_RUN


def test_what_is_taken_back_later_than_asked_about_is_kept(company: FactSet) -> None:
    card = answer_gaming(replace(QUESTION, within=10), company, program())
    assert figures(card)["Of these, taken back or gone soon: deals"] == 0
    assert figures(card)["Of these, taken back or gone soon: people certified"] == 0


def test_a_deal_that_was_corrected_is_not_taken_back_and_one_that_was_withdrawn_is() -> None:
    some = tables(players=0)
    first, second = some["deals"][0], some["deals"][1]
    first |= {"fact_id": "a", "recorded_at": "2024-02-01T00:00:00Z"}
    second |= {"fact_id": "b", "recorded_at": "2024-02-01T00:00:00Z"}
    some["deals"].append(
        first | {"fact_id": "c", "reverses": "a", "amount": Decimal(31), "recorded_at": "2024-02-03T00:00:00Z"}
    )
    some["deals"].append({"fact_id": "d", "reverses": "b", "recorded_at": "2024-02-20T00:00:00Z"})
    with facts(some) as found:
        card = answer_gaming(QUESTION, found, program())
    counts = {count.label: count.number for count in card.counts}
    assert (counts["won deals, by partner"], counts["of them taken back soon"]) == (600, 1)


def test_what_cannot_be_answered_and_what_cannot_be_asked(company: FactSet) -> None:
    nothing = answer_gaming(replace(QUESTION, until=date(2020, 1, 1)), company, program())
    assert nothing.sentence == (
        "This cannot be answered from these data. Nobody won anything from 2019-01-01 until 2020-01-01."
    )
    with pytest.raises(MisusedError) as refused:
        answer_gaming(GamingQuestion(Decimal(0), UNTIL, late=0, within=0, width=0.9), company, program())
    assert refused.value.message == (
        "A line lies above zero. It looks at a month or more, and at a day or more after it. The last days are at least one, and fewer than the year"
        " has. Near the line is a share between 0 and 0.5."
    )
