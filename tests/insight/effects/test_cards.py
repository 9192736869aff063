"""The card of an effect: its verdict, its words and its figures, from facts of which the truth is known."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from math import expm1

import pytest

from swingby.facts import FactSet
from swingby.insight import Act, Card, EffectQuestion, Outcome, Result, Verdict, answer_effect
from tests.insight.company import SINCE, UNTIL, Row, drawn, facts, program

RAISED = 0.25
ACT = Act("credentials", "the first advanced engineer", {"level": ("advanced",)})
QUESTION = EffectQuestion(ACT, Outcome.DEAL_SIZE, SINCE, UNTIL)


@pytest.fixture(scope="module")
def company() -> Iterator[FactSet]:
    with facts(drawn(raised=RAISED)) as found:
        yield found


@pytest.fixture(scope="module")
def card(company: FactSet) -> Card:
    return answer_effect(QUESTION, company, program())


def test_a_true_effect_is_shown_with_its_range(card: Card) -> None:
    effect = card.figures[0]
    assert (card.question, card.verdict) == ("Did the first advanced engineer raise deal size?", Verdict.SHOWN)
    assert (effect.label, effect.unit) == ("Effect", "share")
    assert effect.low is not None
    assert effect.high is not None
    assert effect.low < expm1(RAISED) < effect.high
    assert effect.low > 0.2
    assert card.sentence == "The first advanced engineer raised deal size by 29 % (23 % to 36 %)."
    assert card.decision == "Reckon with 23 % rather than 36 % when this is weighed against its cost."


def test_the_plain_difference_stands_beside_it_and_is_called_one(card: Card) -> None:
    labels = {figure.label: (round(figure.value, 2), figure.unit) for figure in card.figures[2:4]}
    assert labels == {
        "Difference, not effect: partners with the act against all others": (1.78, "times"),
        "That difference without the effect": (1.38, "times"),
    }


def test_money_stands_beside_per_cent(card: Card) -> None:
    worth = card.figures[1]
    assert (worth.unit, worth.currency) == ("money", "USD")
    assert worth.low is not None
    assert worth.high is not None
    assert 0 < worth.low < worth.value < worth.high


def test_every_check_is_there_and_says_what_it_found(card: Card) -> None:
    assert [(check.name, check.result) for check in card.checks] == [
        ("leads", Result.PASSED),
        ("slope", Result.PASSED),
        ("beyond the line", Result.PASSED),
        ("placebo date", Result.PASSED),
        ("overlap", Result.PASSED),
        ("biggest partner", Result.PASSED),
        ("base further back", Result.PASSED),
        ("other outcome", Result.PASSED),
    ]
    assert all(check.words.endswith(".") for check in card.checks)


def test_partners_and_months_are_counted_and_those_left_out_too(card: Card) -> None:
    assert {count.label: count.number for count in card.counts} == {
        "partners studied": 120,
        "that began": 68,
        "to compare with": 52,
        "months": 24,
        "months in which somebody began": 13,
        "of these with fewer than five partners, shown only together": 6,
        "left out: began before the first day": 0,
        "left out: fewer than 3 months before": 0,
        "left out: no outcome on one side of the act, or only once": 0,
        "deals won": 23_040,
    }


def test_the_picture_shows_the_months_before_on_the_same_scale(card: Card) -> None:
    assert card.picture is not None
    assert [mark.x for mark in card.picture.marks] == list(range(-6, 6))
    assert [(mark.low, mark.y, mark.high) for mark in card.picture.marks if mark.x == -1] == [(0, 0, 0)]


def test_the_same_facts_give_the_same_card(company: FactSet, card: Card) -> None:
    assert answer_effect(QUESTION, company, program()) == card


def test_an_outcome_that_never_varies_is_refused(company: FactSet) -> None:
    found = answer_effect(replace(QUESTION, outcome=Outcome.ANY_SALE), company, program())
    assert (found.verdict, found.sentence) == (
        Verdict.UNANSWERABLE,
        "This cannot be answered from these data. The outcome is the same for every partner at all times.",
    )


def test_revenue_is_told_with_what_it_is_made_of(company: FactSet) -> None:
    card = answer_effect(replace(QUESTION, outcome=Outcome.REVENUE), company, program())
    labels = [figure.label for figure in card.figures]
    assert (card.verdict, card.figures[0].unit) == (Verdict.SHOWN, "share")
    assert abs(card.figures[0].value - expm1(RAISED)) < 0.08
    # Every partner has a sale in every month, so that part cannot be estimated.
    assert [label for label in labels if label.startswith("Of that")] == ["Of that, effect on deal size"]


def test_without_an_effect_none_is_shown() -> None:
    with facts(drawn(raised=0, seed=3)) as found:
        card = answer_effect(QUESTION, found, program())
    assert card.verdict is Verdict.NOT_SHOWN
    assert card.sentence.startswith("It is not shown that the first advanced engineer changed deal size: ")
    assert "would likely have gone unseen" in card.sentence


def test_too_few_partners_are_refused_with_what_would_be_needed() -> None:
    with facts(drawn(partners=28)) as found:
        card = answer_effect(QUESTION, found, program())
    assert (card.verdict, card.figures, card.picture, card.checks) == (Verdict.UNANSWERABLE, (), None, ())
    assert card.sentence == (
        "This cannot be answered from these data. 18 partners with the act can be studied; 20 are needed."
    )


def test_too_few_to_compare_with_are_refused() -> None:
    tables = drawn(partners=60, ever=0.85)
    together: list[Row] = [row | {"starts_on": date(2023, 9, 1)} for row in tables["credentials"]]
    basic: Row = {"person": together[0]["person"], "level": "basic", "starts_on": date(2022, 1, 1)}
    with facts(tables | {"credentials": [*together, basic]}) as found:
        card = answer_effect(QUESTION, found, program())
    assert card.sentence == ("This cannot be answered from these data. 8 partners can be compared with; 20 are needed.")


def test_without_partners_that_never_begin_later_ones_are_compared_with() -> None:
    with facts(drawn(partners=100, ever=0.95)) as found:
        card = answer_effect(QUESTION, found, program())
    assert "that had not begun by then" in card.method
    assert card.verdict is Verdict.SHOWN


def test_certificates_that_an_import_dated_are_refused_because_the_order_is_unknown() -> None:
    tables = drawn(partners=60)
    stamped: list[Row] = [row | {"starts_on": date(2023, 9, 1)} for row in tables["credentials"]]
    with facts(tables | {"credentials": stamped}) as found:
        card = answer_effect(QUESTION, found, program())
    assert card.sentence == (
        "This cannot be answered from these data. 100 % of the partners have the first advanced engineer from the very first day "
        "of credentials: that is the day of an import, so it is not known whether the act or the outcome came first."
    )


def test_sources_that_are_not_complete_are_refused_by_name() -> None:
    tables = drawn(partners=2)
    tables["coverage"] = [
        {"kind": "deals", "source": "crm", "complete_from": date(2023, 2, 1), "complete_to": date(2024, 9, 1)},
        {"kind": "credentials", "source": "lms", "complete_from": date(2023, 6, 1)},
    ]
    with facts(tables) as found:
        card = answer_effect(QUESTION, found, program())
    assert card.verdict is Verdict.UNANSWERABLE
    assert card.sentence == (
        "This cannot be answered from these data. Sources are not complete from 2023-02-01 until 2025-02-01; they are: deals in "
        "crm from 2023-02-01 until 2024-09-01; credentials in lms from 2023-06-01."
    )
