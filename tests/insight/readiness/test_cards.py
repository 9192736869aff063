"""The card of readiness: what can be asked of facts, and what is missing."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from swingby.errors import MisusedError
from swingby.insight import Card, KnownAct, ReadinessQuestion, Result, Verdict, answer_readiness, known_acts
from swingby.insight.readiness.answering import READ
from swingby.insight.readiness.stock import SAID
from tests.insight.anyway.company import SINCE as SOLD_SINCE
from tests.insight.anyway.company import UNTIL as SOLD_UNTIL
from tests.insight.anyway.company import program as selling
from tests.insight.anyway.company import sold
from tests.insight.company import SINCE, UNTIL, Row, drawn, facts, program
from tests.insight.staying.test_cards import FIRST, subscribed
from tests.insight.staying.test_cards import UNTIL as LAST
from tests.insight.staying.test_cards import drawn as joined

QUESTION = ReadinessQuestion(SINCE, UNTIL)
DAY = timedelta(days=1)


def asked(tables: dict[str, list[Row]], question: ReadinessQuestion = QUESTION) -> Card:
    with facts(tables, rules=selling()) as found:
        return answer_readiness(question, found, selling())


def ready(card: Card) -> set[str]:
    return {check.name for check in card.checks if check.result is Result.PASSED}


def words(card: Card) -> dict[str, str]:
    return {check.name: check.words for check in card.checks}


def test_both_sides_with_their_losses_make_winning_anyway_answerable() -> None:
    question = ReadinessQuestion(SOLD_SINCE, SOLD_UNTIL)
    tables = sold()
    assert "won without a partner" in ready(asked(tables, question))
    theirs = {row["deal"] for row in tables["deal_parties"]}
    tables["deals"] = [row for row in tables["deals"] if row["stage"] != "lost" or row["deal"] in theirs]
    said = words(asked(tables, question))["won without a partner"]
    assert said.startswith("Missing: direct deals that were lost. There: with a partner ")


def test_deals_and_an_act_with_its_days_make_effects_answerable() -> None:
    card = asked(drawn())
    assert ready(card) == {"effect on deal size", "effect on revenue", "exposure"}
    assert card.notes == (
        "Can be asked: credentials with level advanced, since 2023-09-10: 68 began, 52 never did, 0 began too early.",
    )
    assert words(card)["effect on win rate"].startswith(
        "Missing: lost deals. There: 23,040 deals won and 0 lost by 120 partners; "
    )


def test_a_return_needs_costs_and_what_stays_or_somebody_who_says_them() -> None:
    tables = drawn()
    without = words(asked(tables))["return"]
    assert without == (
        "Missing: costs by partner, unless it is said what each partner costs; lines of deals with their margin, unless it is said what"
        " stays of revenue. There: no records of costs; no lines of deals."
    )
    cost: Row = {"organization": "p000", "kind": "training", "amount": 5, "currency": "USD", "happened_on": UNTIL - DAY}
    line: Row = {"deal": "p000-0-0", "product": "p", "amount": 5, "margin": 2, "currency": "USD", "happened_on": SINCE}
    card = asked(tables | {"costs": [cost], "deal_lines": [line]})
    assert ready(card) == {"effect on deal size", "effect on revenue", "return", "exposure"}
    assert (
        words(card)["return"]
        == "There: 1 record of costs from 2025-01-31 to 2025-01-31; 1 line of a deal from 2023-02-01 to 2023-02-01."
    )


def test_an_act_that_an_import_dated_cannot_be_asked_about() -> None:
    tables = drawn()
    card = asked(tables | {"credentials": [row | {"starts_on": date(2023, 9, 1)} for row in tables["credentials"]]})
    assert ready(card) == {"exposure"}
    assert card.notes == (
        (
            "Cannot be asked: credentials with level advanced, since 2023-09-01: 68 began, 52 never did, 0 began too early; most on one "
            "day, that of an import."
        ),
    )


def test_a_source_with_a_gap_is_named_with_its_days() -> None:
    tables = drawn()
    tables["coverage"] = [{"kind": "deals", "source": "crm", "complete_from": date(2023, 6, 1)}]
    card = asked(tables)
    assert ready(card) == set()
    assert card.verdict is Verdict.UNANSWERABLE
    assert words(card)["exposure"].startswith("Missing: all records of deals of these days. There: ")
    assert words(card)["exposure"].endswith("complete only 2023-06-01 to now (crm).")


def test_who_left_makes_staying_answerable() -> None:
    partners = asked(joined(), ReadinessQuestion(FIRST, LAST))
    customers = asked(subscribed(), ReadinessQuestion(FIRST, LAST))
    assert ready(partners) == {"how long partners stay"}
    assert ready(customers) == {"how long customers stay", "early signs of staying"}


def test_every_kind_is_called_as_people_call_it() -> None:
    for tables in ({}, drawn(), subscribed(), sold()):
        card = asked(tables)
        said = [*(count.label for count in card.counts), *words(card).values(), card.sentence, card.method]
        assert [text for text in said if "_" in text or re.search(r"[0-9] (deals|usage|costs)( from|,|;)", text)] == []
    assert SAID.keys() == set(READ)


def test_nothing_is_ready_without_facts() -> None:
    card = asked({})
    assert (card.verdict, ready(card)) == (Verdict.UNANSWERABLE, set())
    assert words(card)["early signs of staying"] == (
        "Missing: readings of usage; customers that left. There: 0 customers, no readings of usage."
    )


def test_a_last_day_before_the_first_is_no_question() -> None:
    with facts({}) as found, pytest.raises(MisusedError, match="not after"):
        answer_readiness(ReadinessQuestion(UNTIL, SINCE), found, program())


def test_acts_come_with_how_many_began_those_that_can_be_asked_about_first() -> None:
    with facts(drawn()) as found:
        assert known_acts(QUESTION, found, program()) == (KnownAct("credentials", "level", "advanced", 68, 52, True),)
    few = drawn(partners=30)
    with facts(few) as found:
        assert [act.is_askable for act in known_acts(QUESTION, found, program())] == [False]
