"""The card of value, from facts of which the truth is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from swingby.errors import MisusedError
from swingby.facts import FactSet
from swingby.insight import SETTINGS, Card, Result, ValueQuestion, Verdict, answer_value
from tests.insight.company import Row, facts, program

SINCE, UNTIL = date(2022, 1, 1), date(2025, 1, 1)
QUESTION = ValueQuestion(SINCE, UNTIL)
QUARTERLY = replace(QUESTION, manner="quarterly")
QUICK = replace(SETTINGS, redrawn=4)


def drawn(*, partners: int = 260, slump: float = 1.0, seed: int = 9) -> dict[str, list[Row]]:
    """Partners that buy at rates of their own, and stop for good now and then; from the middle on so much less often."""
    random = Random(seed)
    tables: dict[str, list[Row]] = {
        name: [] for name in ("organizations", "enrolments", "deals", "deal_parties", "costs")
    }
    days = (UNTIL - SINCE).days
    for nth in range(partners):
        key, rate, each = f"p{nth:03}", random.gammavariate(2, 1 / 80), random.lognormvariate(8, 0.6)
        tables["organizations"].append({"organization": key, "region": random.choice(["north", "south"])})
        tables["enrolments"].append({"enrolment": key, "organization": key, "joined_on": SINCE})
        day, number = random.expovariate(rate), 0
        while day < days:
            deal, when = f"{key}-{number}", SINCE + timedelta(days=int(day))
            amount = Decimal(str(round(each * random.lognormvariate(0, 0.3), 2)))
            tables["deals"].append({"deal": deal, "stage": "won", "amount": amount, "happened_on": when})
            tables["deal_parties"].append({"deal": deal, "organization": key, "role": "seller", "starts_on": when})
            number += 1
            if random.random() < 0.02:
                break
            day += random.expovariate(rate * (slump if day > days / 2 else 1))
    tables["costs"] = [
        {"organization": "p000", "kind": "funds", "amount": Decimal(1000), "happened_on": date(2024, 6, 1)},
        {"organization": "p000", "kind": "funds", "amount": Decimal(9000), "happened_on": date(2023, 6, 1)},
    ]
    return tables


@pytest.fixture(scope="module")
def company() -> Iterator[FactSet]:
    with facts(drawn()) as found:
        yield found


@pytest.fixture(scope="module")
def card(company: FactSet) -> Card:
    return answer_value(QUESTION, company, program(), settings=QUICK)


def checks(card: Card) -> dict[str, Result]:
    return {check.name: check.result for check in card.checks}


def test_a_forecast_that_held_before_is_shown_with_its_range(card: Card) -> None:
    total = card.figures[0]
    assert (card.verdict, checks(card)) == (
        Verdict.SHOWN,
        dict.fromkeys(("tried on the past", "nearer than the same again", "often and large"), Result.PASSED),
    )
    assert total.low is not None
    assert total.high is not None
    assert total.low <= total.value <= total.high
    assert card.sentence.startswith("The 259 partners that won a deal are to be expected to bring USD ")


def test_what_the_program_cost_last_year_is_taken_away(card: Card) -> None:
    assert card.figures[0].value - card.figures[1].value == 1000


def test_a_margin_and_more_months_change_what_is_told(company: FactSet) -> None:
    card, part, longer = (
        answer_value(question, company, program(), settings=QUICK)
        for question in (QUARTERLY, replace(QUARTERLY, margin=0.3), replace(QUARTERLY, months=24))
    )
    assert part.figures[0].value == pytest.approx(0.3 * card.figures[0].value)
    assert card.figures[0].value < longer.figures[0].value < 2 * card.figures[0].value


def test_the_past_is_told_by_tenths(card: Card) -> None:
    assert card.picture is not None
    expected, came = card.picture.series
    assert ([one.name for one in card.picture.series], len(expected.marks), len(came.marks)) == (
        ["expected", "came"],
        10,
        10,
    )
    assert [mark.y for mark in expected.marks] == sorted((mark.y for mark in expected.marks), reverse=True)


def off(card: Card, way: str) -> tuple[float, float]:
    """How far off a way was: all money, and a partner's."""
    money, partner = (one.value for one in card.figures if one.label.startswith(f"Off in the second half by {way}"))
    return money, partner


def test_every_model_that_was_tried_says_how_far_it_was_off_and_the_nearest_is_used(card: Card) -> None:
    missed = {way: off(card, way)[1] for way in ("BG/NBD", "Pareto/NBD", "the same again")}
    nearest = min(missed, key=lambda way: missed[way])
    check = next(one for one in card.checks if one.name == "nearer than the same again")
    assert f"Of the models {nearest} came nearest and is used." in check.words
    assert f"How often: {nearest} " in card.method
    assert abs(off(card, nearest)[0]) <= QUICK.most_off
    assert card.notes[1].startswith("The second half also chose the model")


def test_buying_at_most_once_a_round_is_forecast_by_its_own_model(company: FactSet) -> None:
    card = answer_value(QUARTERLY, company, program(), settings=QUICK)
    # Who buys several times a quarter buys for more in it, so that how often and how much are not apart.
    assert (card.verdict, checks(card)["often and large"]) == (Verdict.SUGGESTED, Result.FAILED)
    assert card.method.startswith("How often: BG/BB ")
    assert abs(off(card, "BG/BB")[0]) <= QUICK.most_off
    assert off(card, "BG/BB")[1] < off(card, "the same again")[1]


def test_too_few_rounds_for_a_model_are_drawn_towards_the_region(company: FactSet) -> None:
    card = answer_value(replace(QUESTION, manner="yearly"), company, program(), settings=QUICK)
    assert "drawn towards its region's" in card.method
    assert abs(off(card, "the mean drawn towards the region's")[0]) < 0.6


def contracts(*, partners: int = 30, each: int = 12, seed: int = 6) -> dict[str, list[Row]]:
    """Partners whose customers renew each year, each with a chance of its own."""
    random = Random(seed)
    tables: dict[str, list[Row]] = {name: [] for name in ("organizations", "enrolments", "subscriptions")}
    for nth in range(partners):
        key = f"p{nth:03}"
        tables["organizations"].append({"organization": key})
        tables["enrolments"].append({"enrolment": key, "organization": key, "joined_on": YEARS[0]})
        for one in range(each):
            begun, leaves, terms = YEARS[0] + timedelta(days=random.randrange(1500)), random.betavariate(0.9, 4), 1
            while random.random() > leaves and terms < 12:
                terms += 1
            ended = begun + timedelta(days=365 * terms)
            row: Row = {
                "organization": key,
                "subscription": f"{key}-{one}",
                "amount": Decimal(random.randrange(500, 3000)),
            }
            tables["subscriptions"].append(row | {"starts_on": begun, "ends_on": ended if ended < YEARS[1] else None})
    return tables


YEARS = date(2019, 1, 1), date(2025, 1, 1)


def test_contracts_are_forecast_by_who_renews() -> None:
    question = ValueQuestion(*YEARS, manner="contract")
    with facts(contracts()) as found:
        card = answer_value(question, found, program(), settings=QUICK)
        late = answer_value(replace(question, since=date(2022, 6, 1)), found, program(), settings=QUICK)
    assert (card.verdict, card.method[:17]) == (Verdict.SHOWN, "Who renews: sBG (")
    assert abs(off(card, "sBG")[0]) < 0.1
    # To say that everybody stays is to say too much.
    assert off(card, "the same again")[0] > abs(off(card, "sBG")[0])
    assert card.sentence.startswith("The 30 partners with contracts are to be expected to bring USD ")
    assert late.sentence.endswith("No model fits: no contract came to a second renewal; look at more years.")


def test_three_years_and_two_months_of_contracts_are_tried_on_the_last_year() -> None:
    question = ValueQuestion(date(2021, 11, 1), YEARS[1], manner="contract")
    with facts(contracts()) as found:
        card = answer_value(question, found, program(), settings=QUICK)
    assert (question.cut, question.tried_on) == (date(2024, 1, 1), "the last 12 months")
    assert f"of {question.tried_on} of the past, from what came before, was off by " in card.sentence


def test_contracts_are_refused_where_they_are_few() -> None:
    with facts(contracts(partners=1)) as found:
        card = answer_value(ValueQuestion(*YEARS, manner="contract"), found, program())
    assert card.sentence.endswith("contracts ran before 2022-01-01; 20 are needed.")


def test_it_says_that_it_is_no_effect(card: Card) -> None:
    assert card.notes[-1].startswith("Given by worth rather than by last year, ")
    assert card.notes[0] == "This is a forecast. It does not say what the program, or enablement, adds."


def test_the_same_facts_give_the_same_card(company: FactSet) -> None:
    first, second = (answer_value(QUARTERLY, company, program(), settings=QUICK) for _ in range(2))
    assert first == second


def test_a_forecast_that_was_off_is_not_shown() -> None:
    with facts(drawn(slump=0.3)) as found:
        card = answer_value(QUESTION, found, program(), settings=QUICK)
    assert (card.verdict, checks(card)["tried on the past"]) == (Verdict.NOT_SHOWN, Result.FAILED)
    assert card.sentence.startswith("No forecast of value is shown: that of the second half of the past, ")


def test_few_partners_are_drawn_towards_their_region() -> None:
    with facts(drawn(partners=60)) as found:
        card = answer_value(QUESTION, found, program(), settings=QUICK)
    assert "drawn towards its region's" in card.method
    assert card.verdict is Verdict.SHOWN


def test_too_few_are_refused_and_what_cannot_be_asked_is_said_at_once() -> None:
    with facts(drawn(partners=12)) as found:
        card = answer_value(QUESTION, found, program())
        with pytest.raises(MisusedError) as refused:
            answer_value(ValueQuestion(SINCE, date(2022, 6, 1), months=0, margin=2.0), found, program())
    assert card.sentence.endswith(" won a deal before 2023-07-03; 20 are needed.")
    assert refused.value.message == (
        "A forecast needs a year to learn from and to be tried on. It looks ahead for a month or more. A margin is a share between 0 "
        "and 1."
    )
