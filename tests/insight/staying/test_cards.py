"""Cards of staying and of signs, from facts of which the truth is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from swingby.errors import MisusedError
from swingby.facts import FactSet
from swingby.insight import (
    Act,
    Card,
    SignsQuestion,
    StayingQuestion,
    Verdict,
    answer_signs,
    answer_staying,
    figure_words,
)
from tests.insight.company import Row, facts, program

FIRST, UNTIL = date(2020, 1, 1), date(2026, 1, 1)
PARTNERS = StayingQuestion("partners", FIRST, UNTIL)
CUSTOMERS = StayingQuestion("customers", FIRST, UNTIL)
PLAN = Act("activities", "the first plan", {"kind": ("plan",)})
PLAY = Act("usage", "the play", {"metric": ("play",)})
SIGNS = SignsQuestion(FIRST, UNTIL)


def drawn(*, keeps: float = 0.4, seed: int = 3) -> dict[str, list[Row]]:
    """Three hundred partners that leave at a constant rate, which the first plan multiplies by `keeps`; south has no plans."""
    random = Random(seed)
    names = ("organizations", "enrolments", "activities", "agreements")
    tables: dict[str, list[Row]] = {name: [] for name in names}
    for nth in range(300):
        key, joined = f"p{nth:03}", FIRST + timedelta(days=random.randrange(-400, 1400))
        south = nth % 3 == 0
        plan = None if south else joined + timedelta(days=int(random.expovariate(1 / 400)))
        days = random.expovariate(1 / 900)
        if plan is not None and days > (plan - joined).days:
            days = (plan - joined).days + (days - (plan - joined).days) / keeps
        ended = joined + timedelta(days=1 + int(days))
        tables["organizations"].append({"organization": key, "region": "south" if south else "north"})
        tables["enrolments"].append(
            {"enrolment": key, "organization": key, "joined_on": joined, "ended_on": ended if ended < UNTIL else None}
        )
        if plan is not None and plan < ended:
            tables["activities"].append({"organization": key, "kind": "plan", "happened_on": plan})
        if nth % 2:
            tables["agreements"].append({"organization": key, "document": "frame", "starts_on": joined})
    return tables


def subscribed(*, number: int = 600, tells: bool = True, seed: int = 4) -> dict[str, list[Row]]:
    """Customers of which nine in ten stay a year if they use their seats early, and five in ten otherwise; kick-offs are a decoy."""
    random = Random(seed)
    tables: dict[str, list[Row]] = {"organizations": [{"organization": "a"}], "subscriptions": [], "usage": []}
    tables["enrolments"] = [{"enrolment": "a", "organization": "a", "joined_on": FIRST}]
    for nth in range(number):
        key, begun, active = f"c{nth:03}", FIRST + timedelta(days=2 * nth), random.random() < 0.5
        stays = random.random() < (0.9 if active or not tells else 0.5)
        ended = None if stays else begun + timedelta(days=365)
        row: Row = {"organization": "a", "subscription": key, "customer": key, "quantity": 100}
        tables["subscriptions"].append(row | {"starts_on": begun, "ends_on": ended})
        for day in (20, 50):
            used = (0.7 if active else 0.2) + random.uniform(-0.1, 0.1)
            tables["usage"].append(use(key, "seats_in_use", begun + timedelta(days=day), used * 100))
        for metric, share in (("kick_off", 0.6), ("play", 0.5)):
            if random.random() < share:
                tables["usage"].append(use(key, metric, begun + timedelta(days=10), 1))
    return tables


def use(customer: str, metric: str, day: date, quantity: float) -> Row:
    return {"customer": customer, "metric": metric, "happened_on": day, "quantity": Decimal(str(round(quantity)))}


@pytest.fixture(scope="module")
def company() -> Iterator[FactSet]:
    with facts(drawn()) as found:
        yield found


@pytest.fixture(scope="module")
def shop() -> Iterator[FactSet]:
    with facts(subscribed()) as found:
        yield found


def shown(card: Card) -> dict[str, str]:
    return {figure.label: figure_words(figure) for figure in card.figures}


def test_a_curve_is_told_with_its_ranges(company: FactSet) -> None:
    card = answer_staying(PARTNERS, company, program())
    assert (card.question, card.verdict) == ("How long do partners stay?", Verdict.SHOWN)
    assert card.sentence == (
        "Of partners, 70 % (64 % to 75 %) are still there after 12 months, 55 % (49 % to 61 %) after 24, 40 % (34 % to 45 %) after 36."
    )
    assert list(shown(card)) == [f"Still there after {months} months" for months in (12, 24, 36)]


def test_the_numbers_at_risk_stand_below_the_curve(company: FactSet) -> None:
    card = answer_staying(PARTNERS, company, program())
    assert card.picture is not None
    (curve,) = card.picture.series
    assert [left.x for left in curve.at_risk][:4] == [0, 6, 12, 18]
    assert curve.at_risk[-1].number < curve.at_risk[2].number
    assert [mark.y for mark in curve.marks] == sorted((mark.y for mark in curve.marks), reverse=True)


def test_curves_stand_apart_by_what_is_known_on_the_first_day(company: FactSet) -> None:
    region = answer_staying(replace(PARTNERS, by="region"), company, program())
    agreement = answer_staying(replace(PARTNERS, by="agreement"), company, program())
    named = [[one.name for one in card.picture.series] for card in (region, agreement) if card.picture]
    assert named == [["north", "south"], ["without an agreement", "with an agreement"]]
    assert region.sentence.endswith("The curves differ by more than chance; that is a difference, and no effect.")
    assert agreement.sentence.endswith("The curves do not differ by more than chance.")


def test_what_goes_with_an_act_is_suggested_and_no_more(company: FactSet) -> None:
    card = answer_staying(replace(PARTNERS, act=PLAN), company, program())
    ratio = card.figures[0]
    assert card.verdict is Verdict.SUGGESTED
    assert ratio.low is not None
    assert ratio.high is not None
    assert ratio.low < 0.4 < ratio.high < 1
    assert "it is not shown to be the reason" in card.sentence


def test_an_act_that_keeps_nobody_is_not_shown() -> None:
    with facts(drawn(keeps=1.0)) as found:
        card = answer_staying(replace(PARTNERS, act=PLAN), found, program())
    assert card.verdict is Verdict.NOT_SHOWN
    assert card.sentence.startswith("No difference in staying after the first plan is shown: partners leave ")


def test_too_few_departures_and_too_few_partners_are_refused() -> None:
    some = drawn()
    some["activities"] = some["activities"][:8]
    with facts(some) as found:
        departures = answer_staying(replace(PARTNERS, act=PLAN), found, program())
    some["enrolments"] = some["enrolments"][:9]
    with facts(some) as found:
        partners = answer_staying(PARTNERS, found, program())
    assert [card.verdict for card in (departures, partners)] == [Verdict.UNANSWERABLE] * 2
    assert "10 are needed on either side." in departures.sentence
    assert partners.sentence.endswith("partners can be looked at; 20 are needed.")


def test_nobody_that_left_is_no_curve() -> None:
    some = drawn()
    some["enrolments"] = [row | {"ended_on": None} for row in some["enrolments"]]
    with facts(some) as found:
        card = answer_staying(PARTNERS, found, program())
    assert card.sentence == ("This cannot be answered from these data. Nobody left: all 300 partners are still there.")


def test_customers_stay_while_a_subscription_does(shop: FactSet) -> None:
    card = answer_staying(CUSTOMERS, shop, program())
    left = sum(row["ends_on"] is not None for row in subscribed()["subscriptions"])
    assert {count.label: count.number for count in card.counts} == {
        "customers looked at": 600,
        "that left": left,
        "left out: no first day": 0,
        "left out: gone before the first day": 0,
    }
    # Everybody is looked at for more than a year, so the curve is a plain share.
    assert shown(card)["Still there after 12 months"].startswith(f"{1 - left / 600:.0%}".replace("%", " %"))


def test_what_customers_do_is_asked_of_their_facts(shop: FactSet) -> None:
    card = answer_staying(replace(CUSTOMERS, act=PLAY), shop, program())
    assert card.verdict is Verdict.NOT_SHOWN
    with pytest.raises(MisusedError, match="activities are about a organization"):
        answer_staying(replace(CUSTOMERS, act=PLAN), shop, program())


def test_sources_that_are_not_complete_are_refused() -> None:
    some = subscribed(number=60)
    some["coverage"] = [{"kind": "subscriptions", "source": "crm", "complete_from": date(2021, 1, 1)}]
    with facts(some) as found:
        cards = [answer_staying(CUSTOMERS, found, program()), answer_signs(SIGNS, found)]
    assert {card.sentence for card in cards} == {
        "This cannot be answered from these data. Not complete from 2020-01-01 until 2026-01-01: subscriptions."
    }


def test_the_sign_is_chosen_among_earlier_customers_and_judged_on_later_ones(shop: FactSet) -> None:
    card = answer_signs(SIGNS, shop)
    assert card.verdict is Verdict.SHOWN
    assert card.sentence == (
        "Who stays is told best by: seats in use, of what is subscribed (from 0.6 on). Of later customers with it 90 % stayed, of"
        " those without it 50 %."
    )
    assert [(check.name, check.words) for check in card.checks][1] == (
        "no better than chance",
        "No better than chance among later customers: kick off, play.",
    )
    assert {count.label: count.number for count in card.counts} == {
        "customers looked at": 600,
        "among whom the sign was chosen": 300,
        "on whom it was judged": 300,
        "left out: gone before signs are read": 0,
        "signs tried": 3,
    }


def test_decoys_alone_tell_nobody_apart() -> None:
    with facts(subscribed(tells=False)) as found:
        card = answer_signs(SIGNS, found)
    assert card.verdict is Verdict.NOT_SHOWN
    assert card.sentence.startswith("No sign is shown to tell who stays: the best among earlier customers, ")


def test_too_few_customers_are_refused_and_too_few_days_are_no_question() -> None:
    with facts(subscribed(number=30)) as found:
        card = answer_signs(SIGNS, found)
        with pytest.raises(MisusedError, match="nobody is looked at for 395 days"):
            answer_signs(replace(SIGNS, until=date(2020, 6, 1)), found)
    assert "10 of each are needed in both." in card.sentence
