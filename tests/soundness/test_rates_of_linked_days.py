"""Values of an earning are read on a day that stands elsewhere than in the fact: with its link, or what it refers to."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.soundness.worlds import World

RULES = """
measures: {{people: {{count: person, of: credentials}}}}
ladders:
  level:
    tiers: [{{id: low}}, {{id: high, requires: {{measure: people, at_least: 1}}}}]
    start: low
    promote: {{each: month}}
benefits: {{rate: {{value: {{by: level, high: 10%, otherwise: 5%}}}}}}
incentives:
  brought: {{for_each: deals, earn: {{rate: {{benefit: rate}}, of: amount}}, {day}}}
"""


def brought(day: str, column: str, accepted: str | None) -> Decimal | str | None:
    """What a deal brings that was won in October; the tier is high since 1 July."""
    made = World.of(RULES.format(day=day))
    made.row("customers", customer="c", won_on=accepted if column == "customer.won_on" else None)
    made.state("employments", "2020-01-01", person="ann").state("credentials", "2023-06-10", person="ann")
    link = {"accepted_on": accepted} if column == "deal_party.accepted_on" else {}
    made.state("deal_parties", "2023-02-01", deal="d", **link)
    made.event("deals", "2023-10-10", deal="d", customer="c", stage="won", amount=1000)
    return made.values("2023-12-31")["brought"]


@pytest.mark.parametrize("column", ["deal_party.accepted_on", "customer.won_on"])
def test_the_tier_of_a_linked_day_is_read(column: str) -> None:
    day = f"rates_at: {column}"
    assert [brought(day, column, each) for each in ("2023-06-30", "2023-07-15")] == [Decimal(50), Decimal(100)]


@pytest.mark.parametrize("column", ["deal_party.accepted_on", "customer.won_on"])
def test_without_a_day_there_the_fact_s_own_is_read(column: str) -> None:
    assert brought(f"rates_at: {column}", column, None) == Decimal(100)
