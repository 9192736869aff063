"""Earnings once for each state that began or ended: entries of events, for whom they counted on that day."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.soundness.worlds import World

RULES = """
points:
  held: {for_each: credentials, earn: 10}
  achieved: {for_each: credentials, when: started, earn: 20}
  fresh: {for_each: credentials, when: started, earn: 20, expires: {after: 2 months}}
  few: {for_each: credentials, when: started, earn: 20, cap: {at_most: 30, per: quarter}}
  lapsed: {for_each: credentials, when: ended, earn: -5, over: {last: 2 months}}
"""


def world(partners: tuple[str, ...] = ("acme",)) -> World:
    made = World.of(RULES, partners=partners)
    return made.state("employments", "2020-01-01", "2024-05-01", person="ann", organization="acme")


def test_what_was_achieved_stays_when_it_ends_and_what_is_held_does_not() -> None:
    made = world().state("credentials", "2024-01-10", "2024-03-01", person="ann", code="a")
    assert made.values("2024-01-09") == dict.fromkeys(("held", "achieved", "fresh", "few", "lapsed"), Decimal(0))
    assert made.values("2024-02-29") == {"held": 10, "achieved": 20, "fresh": 20, "few": 20, "lapsed": 0}
    assert made.values("2024-03-01") == {"held": 0, "achieved": 20, "fresh": 20, "few": 20, "lapsed": -5}
    assert made.values("2024-03-10") == {"held": 0, "achieved": 20, "fresh": 0, "few": 20, "lapsed": -5}
    assert made.values("2024-05-02")["lapsed"] == 0


def test_what_was_achieved_stays_where_it_was_achieved() -> None:
    """A leaver takes a certificate along, not the points for having achieved it."""
    made = world(("acme", "bolt")).state("employments", "2024-05-01", person="ann", organization="bolt")
    made.state("credentials", "2024-04-30", person="ann", code="a").state(
        "credentials", "2024-05-01", person="ann", code="b"
    )
    found = {name: made.values("2024-06-01", name) for name in ("acme", "bolt")}
    assert {name: (each["held"], each["achieved"]) for name, each in found.items()} == {
        "acme": (0, 20),
        "bolt": (20, 20),
    }


def test_entries_fill_the_quarter_in_which_they_began() -> None:
    made = world()
    for day in ("2024-01-10", "2024-03-31", "2024-04-01"):
        made.state("credentials", day, "2024-04-02", person="ann", code=day)
    assert made.over("few", "2024-03-31", "2024-04-30") == [30, 50]


@pytest.mark.parametrize(("day", "lapsed"), [("2024-02-29", 0), ("2024-03-01", -5)])
def test_an_end_that_is_known_before_counts_from_its_day_on(day: str, lapsed: int) -> None:
    made = world().state("credentials", "2024-01-10", "2024-03-01", person="ann", code="a")
    assert made.values(day)["lapsed"] == lapsed


def test_an_ended_contract_is_worth_what_it_was_worth_when_it_began() -> None:
    """A bonus for the beginning and what is taken back at the end are of one amount, whatever the rates did meanwhile."""
    made = World.of(
        "measures: {ended: {sum: amount, of: subscriptions, when: ended, over: {last: 12 months}}}\n"
        "incentives:\n"
        "  signing: {for_each: subscriptions, when: started, earn: {rate: 10%, of: amount}}\n"
        "  clawback: {for_each: subscriptions, when: ended, earn: {rate: -10%, of: amount}}\n"
    )
    made.row("exchange_rates", currency="EUR", valued_on="2024-01-01", rate=Decimal("1.1"))
    made.row("exchange_rates", currency="EUR", valued_on="2024-12-01", rate=Decimal("1.2"))
    made.state("subscriptions", "2024-11-15", "2024-12-15", subscription="s", amount=10_000, currency="EUR")
    assert made.values("2024-12-31") == {"ended": 11_000, "signing": 1_100, "clawback": -1_100}
