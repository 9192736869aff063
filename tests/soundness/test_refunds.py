"""A refund that comes as a fact of its own takes away what the sale brought, and no more."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.soundness.worlds import World


@pytest.mark.parametrize(
    ("rule", "sale", "points"),
    [
        ("earn: {rate: 1, per: 100, whole: true, of: amount}", 150, 1),
        ("earn: {full: 10, at: 100, of: amount}", 150, 10),
        ("earn: {steps: {0: 1, 100: 3}, of: amount}", 150, 3),
        ("earn: {bands: {0: 10%, 100: 20%}, of: amount}", 150, 20),
        ("earn: {rate: 10%, of: amount}, cap: {at_most: 5, per: fact}", 150, 5),
        ("earn: {rate: 10%, of: amount}, cap: {at_least: 5, per: fact}", 150, 15),
        ("earn: {rate: 10%, of: amount}, cap: {at_least: 5, per: fact}", 20, 5),
        ("earn: {rate: 10%, of: amount}, round: {to: 10, mode: down}", 150, 10),
    ],
)
def test_a_sale_that_is_refunded_altogether_is_no_point(rule: str, sale: int, points: int) -> None:
    world = World.of(f"points: {{p: {{for_each: transactions, {rule}}}}}")
    world.event("transactions", "2024-02-01", amount=sale)
    assert world.standing("2024-02-02").numbers["p"].value == Decimal(points)
    world.event("transactions", "2024-02-03", amount=-sale)
    assert world.standing("2024-02-03").numbers["p"].value == 0


@pytest.mark.parametrize(
    ("rule", "points"),
    [
        ("earn: {rate: 1, per: 100, whole: true, of: amount}", 0),
        ("earn: {rate: 1, of: amount}, cap: {at_least: 0, per: fact}", 90),
        ("earn: {steps: {-50: 1, 0: 2}, of: amount}", 3),
    ],
    ids=["no whole hundred goes", "what is below 0 counts nothing", "lines below 0 mean something of their own"],
)
def test_a_credit_note_of_five_takes_what_five_would_bring(rule: str, points: int) -> None:
    world = World.of(f"points: {{p: {{for_each: transactions, {rule}}}}}")
    world.event("transactions", "2024-02-01", amount=90)
    world.event("transactions", "2024-02-03", amount=-5)
    assert world.standing("2024-02-03").numbers["p"].value == Decimal(points)


FUND = """
accounts: {fund: {unit: USD, opens: {start_of: quarter, shift: 1}, expires: {end_of: quarter, shift: 2}}}
incentives: {share: {for_each: transactions, earn: {rate: 1%, of: amount}, into: fund}}
measures: {balance: {sum: [{account: fund}]}}
"""


def balance(world: World, day: str) -> Decimal | None:
    return world.standing(day).numbers["balance"].value


@pytest.mark.parametrize("is_cancelled", [True, False])
def test_funds_of_a_sale_that_is_taken_back_before_they_open_never_open(*, is_cancelled: bool) -> None:
    """They stayed in the account: a sale that is booked and cancelled gave money for nothing."""
    world = World.of(FUND)
    if is_cancelled:
        world.event("transactions", "2024-02-01", amount=100_000, cancelled_on="2024-03-15")
    else:
        world.event("transactions", "2024-02-01", amount=100_000)
        world.event("transactions", "2024-03-15", amount=-100_000)
    assert [balance(world, day) for day in ("2024-03-20", "2024-04-01", "2024-07-01")] == [0, 0, 0]


def test_a_sale_that_is_cancelled_takes_back_its_own_funds_and_leaves_those_of_others() -> None:
    world = World.of(FUND)
    world.event("transactions", "2024-01-10", amount=100_000)
    world.event("transactions", "2024-04-10", amount=50_000, cancelled_on="2024-04-20")
    days = ("2024-04-30", "2024-06-30", "2024-07-01", "2024-09-30", "2024-10-01")
    assert [balance(world, day) for day in days] == [1000, 1000, 1000, 1000, 0]
