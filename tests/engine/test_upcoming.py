"""When a tier is looked at next, held against the walks that look."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from swingby.engine import NextReviews
from tests.soundness.worlds import World, on

TIERS = "[{id: low}, {id: high, requires: {measure: sales, at_least: 10}}]"
RULES = "measures: {{sales: {{sum: quantity, of: transactions, over: {{last: 2 months}}}}}}\n"
PERSONAL = "calendars: {membership: {starts: joined}, term: {starts: tier}}\n"


def world(clocks: str, *, header: str = "", before: str = "") -> World:
    """A partner who joined in spring and sells now and then."""
    rules = f"{before}{RULES.format()}ladders: {{level: {{start: low, tiers: {TIERS}, {clocks}}}}}\n"
    made = World.of(rules, header=header, partners=())
    made.enrol("acme", joined_on=date(2023, 4, 10))
    for day in ("2023-06-05", "2023-12-20", "2024-07-01"):
        made.event("transactions", day, quantity=10)
    return made


def reviews(made: World, day: str) -> NextReviews:
    """The reviews after a day."""
    with made.assessed(day) as found:
        return found.next_reviews("acme")["level"]


@pytest.mark.parametrize(
    ("clocks", "day", "promotion", "demotion"),
    [
        ("promote: {each: month}, demote: {each: half}", "2023-05-01", "2023-06-01", None),
        ("promote: {each: month}, demote: never", "2023-05-31", "2023-06-01", None),
        ("promote: {each: month}, demote: {each: half}", "2023-07-01", None, "2024-01-01"),
        ("promote: {dates: [02-01]}, demote: [{dates: [08-01]}, {each: year}]", "2024-02-01", None, "2024-08-01"),
        ("promote: {each: day}, demote: {each: quarter}", "2023-05-31", "2023-06-01", None),
        ("promote: {each: membership year}, demote: never", "2023-05-31", "2024-04-10", None),
        ("promote: {each: day}, demote: {each: term half}", "2023-06-30", None, "2023-12-05"),
        ("promote: {each: month, hold: {after: 8 months}}, demote: {each: quarter}", "2023-07-15", None, "2024-04-01"),
        ("promote: {each: day}, demote: {each: month, effective: {after: 10 days}}", "2023-06-10", None, "2023-07-01"),
    ],
)  # fmt: skip
def test_the_next_promotion_and_demotion(clocks: str, day: str, promotion: str | None, demotion: str | None) -> None:
    found = reviews(world(clocks, before=PERSONAL), day)
    expected = (on(each) if each else None for each in (promotion, demotion))
    assert found == NextReviews(*expected)


def test_a_protected_day_puts_demotion_off_until_it_takes_effect_later() -> None:
    clocks = "promote: {each: month}, demote: {each: month, effective: {after: 10 days}}"
    made = world(clocks, header="protected_through: 2024-03-05")
    assert reviews(made, "2023-07-15") == NextReviews(None, on("2024-03-01"))


def test_who_holds_nothing_cannot_lose_it_and_reviews_begin_after_joining() -> None:
    tiers = "[{id: high, requires: {measure: sales, at_least: 99}}]"
    made = World.of(f"{RULES.format()}ladders: {{level: {{tiers: {tiers}, promote: {{each: quarter}}}}}}\n")
    assert reviews(made, "2020-01-01") == NextReviews(on("2020-04-01"), None)


@pytest.mark.parametrize(
    "clocks",
    [
        "promote: {each: month}, demote: {each: month}",
        "promote: {dates: [01-15, 07-15]}, demote: {each: quarter}",
        "promote: {each: membership quarter}, demote: {each: term month}",
        "promote: {each: month, hold: {after: 5 months}}, demote: {each: month}",
    ],
)
def test_a_tier_changes_on_the_day_that_was_foretold_the_day_before(clocks: str) -> None:
    days = [(date(2023, 5, 1) + timedelta(days=index)).isoformat() for index in range(500)]
    order, changes = ["low", "high"], 0
    with world(clocks, before=PERSONAL).assessed(*days) as found:
        for before, day in pairwise(days):
            old, new = (found.standing("acme", on(each)).tiers["level"].tier for each in (before, day))
            if old != new:
                changes += 1
                foretold = found.next_reviews("acme", on(before))["level"]
                is_up = order.index(str(new)) > order.index(str(old))
                assert (foretold.promotion if is_up else foretold.demotion) == on(day)
    assert changes >= 3
