"""Each rule of the week by itself: what it says, when it is silent, and what waiting costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swingby.web.domain.week.rules import RULES, Known, Matter, loss_of_waiting, matters_of, trust

TODAY = date(2026, 3, 31)
NOTHING = Known(enrolment="one", name="Tarn Example", today=TODAY, tier="Gold", worth=Decimal(1000))


def _matter(rule: str, **known: Any) -> Matter | None:
    return RULES[rule](replace(NOTHING, **known))


def test_of_a_partner_of_whom_nothing_is_known_nothing_is_said() -> None:
    assert matters_of(NOTHING) == ()


@pytest.mark.parametrize(
    ("rule", "known", "fact", "on"),
    [
        ("unanswered", {"waiting_reports": 1, "answer_due": TODAY}, "A report waits for our answer", TODAY),
        ("unanswered", {"waiting_deals": 1, "answer_due": TODAY}, "A registered deal waits for our answer", TODAY),
        (
            "unanswered",
            {"waiting_reports": 1, "waiting_deals": 2, "answer_due": TODAY},
            "3 reports and registered deals wait for our answer",
            TODAY,
        ),
        (
            "unanswered",
            {"waiting_reports": 3, "answer_due": date(2026, 3, 29)},
            "3 reports wait for our answer, 2 days late",
            date(2026, 3, 29),
        ),
        (
            "drops",
            {"loses_on": date(2026, 8, 1), "will_miss": ("Plan reviews: one more", "Engineers: 2 more")},
            "Gold is lost at the review if nothing happens: Plan reviews: one more, and 1 more",
            date(2026, 8, 1),
        ),
        (
            "lapses",
            {"lapsing_people": 7, "lapses_on": date(2026, 4, 14), "certified_people": 18},
            "7 of 18 certified people lapse within 90 days",
            date(2026, 4, 14),
        ),
        (
            "lapses",
            {"lapsing_people": 1, "lapses_on": date(2026, 4, 14), "certified_people": 1},
            "1 certified person lapses within 90 days",
            date(2026, 4, 14),
        ),
        (
            "lapses",
            {"lapsing_people": 1, "lapses_on": date(2026, 4, 14), "certified_people": 87},
            "1 of 87 certified people lapses within 90 days",
            date(2026, 4, 14),
        ),
        (
            "missed",
            {"open_promises": ("Plan reviews",), "open_until": date(2026, 4, 30)},
            "Not done yet: plan reviews",
            date(2026, 4, 30),
        ),
        (
            "missed",
            {"missed": ("QBR held", "Campaigns"), "missed_on": date(2026, 1, 31)},
            "Missed: QBR held, and 1 more",
            date(2026, 1, 31),
        ),
        (
            "quiet",
            {"last_activity": date(2025, 12, 31), "busy_before": 4},
            "Nothing heard for 90 days, 4 activities in the year before",
            date(2025, 12, 31),
        ),
        (
            "renews",
            {"renewals": 1, "renewal_on": date(2026, 5, 1)},
            "A customer of theirs renews within 90 days",
            date(2026, 5, 1),
        ),
        (
            "owed",
            {"ours_missed": ("Business reviews",), "ours_missed_on": date(2026, 1, 31)},
            "We did not keep: business reviews",
            date(2026, 1, 31),
        ),
    ],
)
def test_a_rule_names_one_fact_and_one_date(rule: str, known: dict[str, Any], fact: str, on: date) -> None:
    matter = _matter(rule, **known)

    assert matter is not None
    assert (matter.rule, matter.fact, matter.on) == (rule, fact, on)
    assert matter.say.endswith((".", "?"))
    assert matters_of(replace(NOTHING, **known)) == (matter,)


@pytest.mark.parametrize(
    ("rule", "known"),
    [
        ("unanswered", {"waiting_reports": 1, "answer_due": date(2026, 4, 2)}),
        ("unanswered", {"waiting_reports": 0, "answer_due": TODAY}),
        ("unanswered", {"waiting_reports": 2, "answer_due": None}),
        ("drops", {"loses_on": None, "will_miss": ("Plan reviews",)}),
        ("drops", {"loses_on": date(2026, 8, 1)}),
        ("missed", {"open_promises": ("Plan reviews",), "open_until": date(2026, 5, 1)}),
        ("quiet", {"last_activity": date(2026, 1, 1), "busy_before": 40}),
        ("quiet", {"last_activity": date(2025, 6, 1), "busy_before": 3}),
    ],
)
def test_a_rule_is_silent_before_its_time(rule: str, known: dict[str, Any]) -> None:
    assert _matter(rule, **known) is None


def test_what_lapses_is_worth_the_share_of_people_it_concerns() -> None:
    few = _matter("lapses", lapsing_people=1, lapses_on=TODAY, certified_people=10)
    many = _matter("lapses", lapsing_people=9, lapses_on=TODAY, certified_people=10)

    assert few is not None
    assert many is not None
    assert (few.share, many.share) == (Decimal("0.0150"), Decimal("0.1350"))


def _drop(days: int, **known: Any) -> Matter:
    matter = _matter("drops", loses_on=TODAY + timedelta(days=days + 1), will_miss=("Plan reviews",), **known)
    assert matter is not None
    return matter


def test_waiting_costs_all_in_the_last_week_and_a_twelfth_twelve_weeks_before() -> None:
    def loss(days: int) -> Decimal:
        return loss_of_waiting(_drop(days), today=TODAY, worth=Decimal(1000))

    assert [loss(days) for days in (-3, 0, 7)] == [Decimal(200)] * 3
    assert loss(84) * 12 == pytest.approx(Decimal(200))


def test_an_amount_that_is_named_stands_before_a_share() -> None:
    matter = _matter("renews", renewals=2, renewal_on=TODAY, renewal_amount=Decimal(24000))

    assert matter is not None
    assert loss_of_waiting(matter, today=TODAY, worth=Decimal(1000)) == Decimal(24000)


@given(worth=st.decimals(0, 10**9, places=2), days=st.integers(-100, 400))
def test_a_nearer_day_and_a_greater_worth_never_cost_less(worth: Decimal, days: int) -> None:
    loss = loss_of_waiting(_drop(days), today=TODAY, worth=worth)

    assert loss_of_waiting(_drop(days - 1), today=TODAY, worth=worth) >= loss
    assert loss_of_waiting(_drop(days), today=TODAY, worth=worth + 1) >= loss


@given(acted=st.integers(0, 500), doubted=st.integers(0, 500))
def test_trust_stays_between_a_half_and_one_and_a_half(acted: int, doubted: int) -> None:
    assert Decimal("0.5") < trust(acted=acted, doubted=doubted) < Decimal("1.5")
    assert trust(acted=acted + 1, doubted=doubted) > trust(acted=acted, doubted=doubted)
    assert trust(acted=acted, doubted=doubted + 1) < trust(acted=acted, doubted=doubted)


def test_trust_begins_even() -> None:
    assert trust(acted=0, doubted=0) == 1


def test_every_rule_has_its_own_name_and_says_so() -> None:
    known = replace(
        NOTHING,
        waiting_reports=1,
        answer_due=TODAY,
        loses_on=TODAY,
        will_miss=("x",),
        lapsing_people=1,
        lapses_on=TODAY,
        missed=("x",),
        missed_on=TODAY,
        last_activity=datetime(2025, 1, 1).date(),
        busy_before=9,
        ours_missed=("x",),
        ours_missed_on=TODAY,
        renewals=1,
        renewal_on=TODAY,
    )

    assert [matter.rule for matter in matters_of(known)] == list(RULES)
