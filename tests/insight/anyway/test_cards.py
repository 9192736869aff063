"""Cards of deals with a partner, from facts of which the truth is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from swingby.errors import MisusedError
from swingby.insight import (
    AnywayQuestion,
    Card,
    Result,
    Verdict,
    answer_anyway,
    card_data,
    card_from,
    card_page,
    figure_words,
    tells_money,
)
from tests.insight.anyway.company import SINCE, UNTIL, program, sold
from tests.insight.company import Row, facts

QUESTION = AnywayQuestion(SINCE, UNTIL, origin="came_from", parts=("seller",))
Tables = dict[str, list[Row]]


def asked(tables: Tables, question: AnywayQuestion = QUESTION) -> Card:
    rules = program()
    with facts(tables, rules=rules) as found:
        return answer_anyway(question, found, rules)


@pytest.fixture(scope="module")
def helped() -> Card:
    """Partners add eleven points to the win rate of their deals."""
    return asked(sold())


def counts(card: Card) -> dict[str, int]:
    return {one.label: one.number for one in card.counts}


def failed(card: Card) -> list[str]:
    return [check.name for check in card.checks if check.result is Result.FAILED]


def test_what_partners_add_is_suggested_and_no_more(helped: Card) -> None:
    gap, money = helped.figures[:2]
    assert helped.verdict is Verdict.SUGGESTED
    assert gap.low is not None
    assert gap.high is not None
    assert 0 < gap.low < 0.11 < gap.high
    assert money.low is not None
    assert 0 < money.low < money.value
    assert "would not have been won. That is a difference after matching, and no proof." in helped.sentence
    assert failed(helped) in ([], ["unseen cause as strong as the strongest known"])


def test_the_plain_difference_stands_beside_it_and_is_called_one(helped: Card) -> None:
    found = {figure.label: figure.value for figure in helped.figures}
    plain = found["Difference, not effect: all deals with a partner against all direct ones"]
    assert plain > found["Won more often with a partner, against direct deals like them"] + 0.05
    assert plain - helped.figures[0].value == pytest.approx(found["Of that, because the deals differed"])


def test_what_only_partners_bring_is_left_out_and_counted(helped: Card) -> None:
    left_out = counts(helped)["left out: with a partner, from where direct deals never come"]
    assert 50 < left_out < 120
    assert f"{left_out} deals of partners came from where direct deals never come" in helped.checks[0].words
    assert "Nothing is said of the others, nor of direct deals." in helped.about
    assert helped.notes[0].endswith("this is a difference after matching, and no proof.")


def test_before_and_after_weighing_stand_on_the_card(helped: Card) -> None:
    said = helped.notes[-1]
    assert said.startswith(
        "How far both sides are apart before and after weighing, in the usual spread of each (standard deviation): size 0."
    )
    assert "where it came from" in said
    assert "the customer's segment" in said


def test_the_picture_holds_both_sides_by_size(helped: Card) -> None:
    assert helped.picture is not None
    partner, direct = helped.picture.series
    assert (len(partner.marks), len(direct.marks)) == (5, 5)
    assert partner.marks[0].y > partner.marks[-1].y
    assert card_from(card_data(helped)) == helped
    assert tells_money(helped)
    assert "no proof" in card_page(helped)


def test_without_an_effect_a_large_plain_difference_is_not_shown() -> None:
    card = asked(sold(adds=0))
    plain = next(one for one in card.figures if one.label.startswith("Difference, not effect: all"))
    assert card.verdict is Verdict.NOT_SHOWN
    assert plain.low is not None
    assert plain.low > 0
    assert "Chance alone can make that" in card.sentence


def test_nothing_is_suggested_where_nobody_says_where_deals_came_from() -> None:
    card = asked(sold(), replace(QUESTION, origin=""))
    assert (card.verdict, failed(card)[0]) == (Verdict.NOT_SHOWN, "where deals came from")
    assert "A check that failed leaves room for another reason" in card.sentence


def all_with_a_partner(tables: Tables) -> None:
    for row in tables["deals"]:
        tables["deal_parties"].append({"deal": row["deal"], "organization": "p0", "role": "source", "starts_on": SINCE})


def direct_ones_always_won(tables: Tables) -> None:
    theirs = {row["deal"] for row in tables["deal_parties"]}
    for row in tables["deals"]:
        if row["stage"] == "lost" and row["deal"] not in theirs:
            row["stage"] = "won"


def without_openings(tables: Tables) -> None:
    tables["deals"] = [row for row in tables["deals"] if row["stage"] != "open"]


def half_without_origin(tables: Tables) -> None:
    for row in tables["deals"][::2]:
        if int(str(row["deal"])[1:]) % 2:
            row["came_from"] = None


def all_found(tables: Tables) -> None:
    theirs = {row["deal"] for row in tables["deal_parties"]}
    for row in tables["deals"]:
        if row["deal"] in theirs:
            row["came_from"] = "found"


def few_partners(tables: Tables) -> None:
    for row in tables["deal_parties"]:
        row["organization"] = f"p{int(str(row['organization'])[1:]) % 9}"


def incomplete(tables: Tables) -> None:
    tables["coverage"] = [{"kind": "deal_parties", "source": "crm", "complete_from": date(2024, 5, 1)}]


def another_size(tables: Tables) -> None:
    theirs = {row["deal"] for row in tables["deal_parties"]}
    for row in tables["deals"]:
        if row["deal"] in theirs:
            row["amount"] = row["amount"] / 100_000  # type: ignore[operator]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (all_with_a_partner, "There are no direct deals: every deal has a partner"),
        (direct_ones_always_won, "direct deals was lost. Nobody wins them all: record lost ones too."),
        (without_openings, "No deal has a row from before its end"),
        (half_without_origin, "of deals do not say in came_from where they came from; at most 20 % may."),
        (all_found, "Every deal with a partner came from where direct deals never come from"),
        (few_partners, "Only 9 partners have deals that ended; 20 are needed."),
        (incomplete, "A deal without a partner may then be one whose partner is missing."),
        (another_size, "No direct deals are like those of partners"),
    ],
)
def test_what_cannot_be_answered_says_what_is_missing(change: Callable[[Tables], None], words: str) -> None:
    tables = sold()
    change(tables)
    card = asked(tables)
    assert card.verdict is Verdict.UNANSWERABLE
    assert words in card.sentence


def test_a_partner_that_comes_late_is_left_out() -> None:
    """It came to a deal that was under way; the deal is not direct either."""
    tables = sold()
    late = tables["deal_parties"][:300]
    for row in late:
        row["starts_on"] += timedelta(days=8)  # type: ignore[operator]
    found = counts(asked(tables))
    assert found["left out: the partner came later, or is outside the program"] == 300
    assert (
        counts(asked(tables, replace(QUESTION, within=8)))[
            "left out: the partner came later, or is outside the program"
        ]
        == 0
    )


def test_what_is_filled_in_once_a_deal_is_won_is_not_compared() -> None:
    tables = sold()
    lost = {row["deal"] for row in tables["deals"] if row["stage"] == "lost"}
    for row in tables["deals"]:
        if row["deal"] in lost:
            row["customer"] = None
    card = asked(tables)
    assert (
        "Not compared, since it is known of won deals more often than of lost ones: the customer's segment."
        in card.notes
    )
    assert "segment" not in card.method.partition("Compared:")[2]


def test_deals_that_partners_leave_open_longer_lower_the_verdict() -> None:
    tables = sold()
    theirs = [row["deal"] for row in tables["deal_parties"]]
    waiting = set(theirs[: len(theirs) // 8])
    tables["deals"] = [row for row in tables["deals"] if row["stage"] == "open" or row["deal"] not in waiting]
    card = asked(tables)
    assert "still open" in failed(card)
    assert card.verdict is Verdict.NOT_SHOWN


def test_the_same_facts_give_the_same_card(helped: Card) -> None:
    assert asked(sold()) == helped
    tables = sold()
    tables["deals"].reverse()
    assert [figure_words(one) for one in asked(tables).figures] == [figure_words(one) for one in helped.figures]


def test_a_question_that_cannot_be_asked_is_refused() -> None:
    with pytest.raises(MisusedError, match='deals has no column of words "origin"'):
        replace(QUESTION, origin="origin").check(program())
    with pytest.raises(MisusedError, match="is not after"):
        replace(QUESTION, until=SINCE).check(program())
