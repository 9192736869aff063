"""The card of a return, from facts of which the truth is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from math import isfinite

import pytest

from swingby.errors import MisusedError
from swingby.facts import FactSet
from swingby.insight import (
    Act,
    Between,
    Card,
    EffectQuestion,
    Figure,
    Lots,
    Outcome,
    Result,
    ReturnQuestion,
    Verdict,
    answer_effect,
    answer_return,
)
from swingby.values import add_months
from tests.insight.company import SINCE, UNTIL, Row, drawn, facts, program

ACT = Act("credentials", "the first advanced engineer", {"level": ("advanced",)})
EFFECT = EffectQuestion(ACT, Outcome.DEAL_SIZE, SINCE, UNTIL)
THIRD = Between(0.3, 0.3)
TRAINED = ReturnQuestion(EFFECT, margin=THIRD, costs=("training",))


#: What each partner with the act paid a month before it, by kind of cost.
PAID = {"training": 5000, "dear": 40_000, "some": 12_000, "cheap": 500, "beyond": 5_000_000, "tried": 5000}


def costing(tables: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Costs of several kinds; some of one for those who never end it, one that few have, one that is partly not known."""
    began = {str(row["person"]).removesuffix(".e"): _day(row) for row in tables["credentials"]}
    costs = [_cost(who, kind, paid, add_months(day, -1)) for kind, paid in PAID.items() for who, day in began.items()]
    costs += [_cost(who, "few", 5000, day) for who, day in list(began.items())[:20]]
    costs += [_cost(who, "unknown", 5000, day) for who, day in began.items()]
    costs[-1]["currency"] = "SEK"
    del costs[-2]["amount"]
    others = [str(row["organization"]) for row in tables["organizations"] if row["organization"] not in began]
    costs += [_cost(who, "tried", 1000, UNTIL - timedelta(days=40)) for who in others]
    hours = [
        {"organization": who, "kind": "course", "quantity": Decimal(20), "happened_on": day}
        for who, day in began.items()
    ]
    return tables | {"costs": costs, "activities": hours}


def _day(credential: Row) -> date:
    day = credential["starts_on"]
    assert isinstance(day, date)
    return day


def _cost(who: str, kind: str, paid: int, day: date) -> Row:
    return {"organization": who, "kind": kind, "amount": Decimal(paid), "currency": "USD", "happened_on": day}


def lines(tables: dict[str, list[Row]]) -> list[Row]:
    """Every tenth deal has a line of which a quarter stays."""
    amounts = {"amount": Decimal(100), "margin": Decimal(25), "currency": "USD"}
    return [
        {"deal": row["deal"], "product": "p", "happened_on": row["happened_on"], **amounts}
        for row in tables["deals"][::10]
    ]


@pytest.fixture(scope="module")
def paying() -> Iterator[FactSet]:
    """Deals become 28 % larger."""
    tables = costing(drawn(raised=0.25))
    with facts(tables | {"deal_lines": lines(tables)}) as found:
        yield found


@pytest.fixture(scope="module")
def useless() -> Iterator[FactSet]:
    """Deals become no larger; nobody knows what stays of them; costs are known for a part of the time."""
    tables = costing(drawn(raised=0.0))
    tables["coverage"] = [
        {"kind": "claims", "source": "portal", "complete_from": SINCE, "complete_to": date(2024, 6, 1)}
    ]
    with facts(tables) as found:
        yield found


def of(kind: str) -> ReturnQuestion:
    return replace(TRAINED, costs=(kind,))


@pytest.fixture(scope="module")
def card(paying: FactSet) -> Card:
    return answer_return(replace(TRAINED, hours=("course",), hour=Between(60, 100)), paying, program())


def figures(card: Card) -> dict[str, Figure]:
    return {figure.label: figure for figure in card.figures}


def test_an_act_that_pays_is_shown_with_its_range(card: Card) -> None:
    assert (card.question, card.verdict) == ("Does the first advanced engineer pay?", Verdict.SHOWN)
    assert card.sentence == (
        "The first advanced engineer pays: within 6 months it brought back 4.1 times (3.1 to 5.3) its cost in margin that would not be there"
        " without it."
    )
    assert card.decision == "Keep it. Reckon with 3.1 times rather than 5.3 times its cost."


def test_cost_is_what_was_paid_and_the_hours_at_their_middle_price(card: Card) -> None:
    """68 partners began, each with 5,000 and with 20 hours of 60 to 100."""
    found = figures(card)
    cost = found["Cost"]
    assert [cost.value, cost.low, cost.high] == pytest.approx([68 * (5000 + 20 * hour) for hour in (80, 60, 100)])
    assert found["Of the cost: recorded costs"].value == pytest.approx(68 * 5000)
    assert found["Of the cost: time"].value == pytest.approx(68 * 20 * 80)
    assert {count.label: count.number for count in card.counts}["hours"] == 68 * 20


def test_gain_less_cost_is_what_is_left_and_gain_through_cost_what_came_back(card: Card) -> None:
    found = figures(card)
    gain, cost = found["Margin that would not be there without it"].value, found["Cost"].value
    assert found["Left after costs"].value == pytest.approx(gain - cost)
    assert found["Margin brought back for what was spent"].value == pytest.approx(gain / cost)
    assert found["Share of revenue that must stay for it to pay"].value == pytest.approx(0.3 * cost / gain)
    assert found["Cost of an hour up to which it pays"].value == pytest.approx((gain - 68 * 5000) / (68 * 20))


def test_it_says_how_much_hangs_on_what_an_hour_costs(card: Card) -> None:
    found = figures(card)
    gain = found["Margin that would not be there without it"].value
    assert [
        round(found[f"Brought back with the {end}"].value, 6)
        for end in ("lowest cost of an hour, USD 60", "highest cost of an hour, USD 100")
    ] == [round(gain / (68 * (5000 + 20 * price)), 6) for price in (60, 100)]


def test_the_effect_and_its_checks_are_those_of_the_effect(card: Card, paying: FactSet) -> None:
    effect = answer_effect(EFFECT, paying, program())
    assert figures(card)["Effect"] == effect.figures[0]
    assert card.checks[0].words == effect.sentence
    assert card.checks[1:-2] == effect.checks
    assert [(check.name, check.result) for check in card.checks[-2:]] == [
        ("costs known", Result.PASSED),
        ("costs before the act", Result.PASSED),
    ]


def test_the_picture_begins_with_what_was_spent_before(card: Card) -> None:
    assert card.picture is not None
    marks = card.picture.marks
    assert [mark.x for mark in marks] == list(range(7))
    assert marks[0].y == pytest.approx(-5000)
    assert all(mark.low <= mark.y <= mark.high for mark in marks)
    assert figures(card)["Paid back after so many months"].value == next(mark.x for mark in marks if mark.y >= 0)


def test_the_same_facts_give_the_same_card(paying: FactSet, card: Card) -> None:
    assert answer_return(replace(TRAINED, hours=("course",), hour=Between(60, 100)), paying, program()) == card


def test_an_act_that_costs_more_than_it_brings_is_not_called_paying(paying: FactSet) -> None:
    card = answer_return(of("dear"), paying, program())
    assert card.verdict is Verdict.NOT_SHOWN
    assert card.sentence == (
        "The first advanced engineer does not pay within 6 months: it brought back 0.68 times (0.52 to 0.87) its cost in margin that would"
        " not be there without it."
    )
    assert "Paid back after so many months" not in figures(card)
    assert all(isfinite(figure.value) for figure in card.figures)


def test_over_a_year_more_of_the_gain_is_counted(paying: FactSet) -> None:
    card = answer_return(replace(of("dear"), effect=replace(EFFECT, over=12)), paying, program())
    assert figures(card)["Margin brought back for what was spent"].value > 0.75
    assert "within 12 months" in card.sentence


def test_no_return_is_told_where_no_effect_is_shown(useless: FactSet) -> None:
    card = answer_return(of("some"), useless, program())
    assert card.verdict is Verdict.NOT_SHOWN
    assert card.sentence == (
        "It is not shown that the first advanced engineer pays, because no effect on deal size is shown. To pay within 6 months it would have to"
        " raise deal size by 14 % (12 % to 18 %); a gain above 7.2 % is unlikely (+2.0 % (−3.0 % to +7.2 %) was found)."
    )
    assert not {"Margin brought back for what was spent", "Left after costs"} & set(figures(card))


def test_without_an_effect_and_with_a_low_cost_the_data_exclude_nothing(useless: FactSet) -> None:
    card = answer_return(of("cheap"), useless, program())
    assert "these data neither show nor exclude that" in card.sentence
    assert card.decision == "Do not budget for a return. Draw by lot who is invited next, in waves, and look again."


def test_what_is_granted_on_sales_is_a_cost_and_says_how_large_the_effect_would_have_to_be(useless: FactSet) -> None:
    """Of deals a tenth larger 1 - 1/1.1 would not be there; three tenths of that stay, so that they pay for 2.7 % of sales."""
    question = ReturnQuestion(EFFECT, THIRD, granted=Between(0.3 * 0.1 / 1.1, 0.3 * 0.1 / 1.1))
    card = answer_return(question, useless, program())
    assert figures(card)["Effect from which on it pays within 6 months"].value == pytest.approx(0.1)
    granted, cost = (figures(card)[label].value for label in ("Of the cost: granted on what they sold", "Cost"))
    assert granted == pytest.approx(cost)


def test_a_cost_beyond_all_that_was_won_cannot_be_paid_back(useless: FactSet) -> None:
    card = answer_return(of("beyond"), useless, program())
    assert card.sentence.endswith("the cost is more than the margin on all that was won.")
    assert "Effect from which on it pays within 6 months" not in figures(card)


def test_what_is_spent_on_those_who_never_end_it_is_part_of_the_cost(paying: FactSet) -> None:
    card = answer_return(of("tried"), paying, program())
    assert figures(card)["Of the cost: on partners that never did it"].value == 52_000
    assert figures(card)["Cost"].value == 68 * 5000 + 52_000


def test_a_cost_that_few_of_them_have_leaves_the_return_suggested(paying: FactSet) -> None:
    card = answer_return(of("few"), paying, program())
    assert card.verdict is Verdict.SUGGESTED
    assert card.sentence.startswith("The first advanced engineer seems to pay, but not all costs are known:")
    assert {check.name: check.result for check in card.checks}["costs known"] is Result.FAILED


def test_the_margin_is_read_from_the_lines_of_won_deals(paying: FactSet) -> None:
    card = answer_return(replace(TRAINED, margin=None), paying, program())
    assert figures(card)["Margin, as a share of revenue"] == Figure("Margin, as a share of revenue", 0.25, "share")


REFUSED = {
    "without lines": (
        replace(TRAINED, margin=None),
        "No line of a won deal says its amount and its margin; say what stays of revenue instead.",
    ),
    "a word that no cost has": (
        replace(TRAINED, costs=("training", "trainig")),
        'No fact of costs has kind "trainig"; there are: beyond, cheap, dear, few, some, training, tried, unknown.',
    ),
    "no claims, and those not complete": (
        replace(TRAINED, claims=("mdf",)),
        f'Not complete from {SINCE} until {UNTIL}: claims. No fact of claims has activity "mdf"; there are: none.',
    ),
    "nobody with the act": (
        replace(TRAINED, effect=replace(EFFECT, act=replace(ACT, where={"level": ("expert",)}))),
        'No fact of credentials has level "expert"; there are: advanced.',
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_missing_is_said(useless: FactSet, name: str) -> None:
    question, said = REFUSED[name]
    card = answer_return(question, useless, program())
    assert (card.verdict, card.sentence) == (Verdict.UNANSWERABLE, f"This cannot be answered from these data. {said}")


def test_a_cost_without_an_amount_is_no_cost_of_nothing(paying: FactSet) -> None:
    card = answer_return(of("unknown"), paying, program())
    assert card.sentence == (
        "This cannot be answered from these data. 2 of 68 rows of costs with unknown have no amount in a currency with a rate."
        " What is not known would count as nothing spent."
    )


MISUSED = {
    "revenue as margin": (
        replace(TRAINED, margin=Between(1, 1)),
        "A margin is a share above 0 and below 1: revenue itself is no return.",
    ),
    "no cost": (
        replace(TRAINED, costs=()),
        "Nothing is said of what the act costs: name costs, claims, hours, what each partner costs or is granted.",
    ),
    "hours without their cost": (
        replace(TRAINED, hours=("course",)),
        "Hours need what an hour costs, above zero.",
    ),
    "a cost of no hours": (
        replace(TRAINED, hour=Between(5, 5)),
        "There is a cost of an hour, but nothing says how many hours.",
    ),
    "below nothing": (replace(TRAINED, each=Between(-5, 5)), "-5..5 is no range of costs."),
    "no lead": (replace(TRAINED, lead=-1), "Costs before the act are counted for no month or more."),
    "no time": (replace(TRAINED, effect=replace(EFFECT, over=0)), "An effect is looked at for a month or more."),
    "any sale": (
        replace(TRAINED, effect=replace(EFFECT, outcome=Outcome.ANY_SALE)),
        "Money does not follow from months with a sale; ask about revenue.",
    ),
    "by lot": (
        replace(TRAINED, effect=replace(EFFECT, lots=Lots("decisions", "outcome", ("in",), ("out",)))),
        "A return is not told from a lot yet.",
    ),
}


@pytest.mark.parametrize("name", MISUSED)
def test_a_question_that_makes_no_sense_is_refused(name: str) -> None:
    question, said = MISUSED[name]
    with pytest.raises(MisusedError) as caught:
        question.check(program())
    assert caught.value.message == said
