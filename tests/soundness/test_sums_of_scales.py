"""A list under ``earn`` adds up scales, each with its own x, before anything limits them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from swingby.program import load_text
from tests.oracle import evaluate
from tests.oracle.comparing import differences
from tests.oracle.tree import World as OracleWorld
from tests.oracle.tree import read_program
from tests.soundness.worlds import World, on, program_text

DAY = "2024-06-30"
FORMULA = "[40, {rate: 1, per: 1000, whole: true, of: amount}]"


def deals(rest: str, *amounts: Any) -> World:
    """Deals of one customer, won on different days, under one rule."""
    world = World.of(f"points:\n  p: {{for_each: deals, where: {{stage: won}}, earn: {FORMULA}{rest}}}\n")
    for place, amount in enumerate(amounts, start=1):
        deal = f"d{place}"
        world.event("deals", f"2024-03-{place:02}", deal=deal, customer="k", stage="won", amount=amount, currency="USD")
        world.state("deal_parties", "2024-01-01", deal=deal, role="source")
    return world


@pytest.mark.parametrize(
    ("amount", "points"),
    [
        ("0", 40),
        ("999.99", 40),
        ("1000", 41),
        ("2999.99", 42),
        ("360000", 400),
        ("1234567", 1274),
        (None, 40),
        ("-0.01", 40),
    ],
)
def test_a_fixed_number_and_so_much_for_each_full_step(amount: str | None, points: int) -> None:
    world = deals("", amount if amount is None else Decimal(amount))
    assert world.values(DAY) == {"p": points}


def test_one_limit_holds_for_both() -> None:
    rest = ", cap: {at_most: 400, per: [customer, year]}"
    assert deals(rest, 300_000, 300_000).values(DAY) == {"p": 400}
    assert deals(", times: [2], cap: 90", 5_000).values(DAY) == {"p": 90}
    assert deals(", times: [2], round: {to: 100}", 5_000).values(DAY) == {"p": 100}


NUMBERS = """
tables: {extra: {by: organization.region, emea: 5}}
measures:
  seats: {sum: quantity, of: subscriptions}
  sold: {sum: quantity, of: usage, over: {current: month}}
points:
  both: {based_on: {measure: seats}, earn: [{full: 30, at: 10}, {bands: {0: 1, 4: 2}}]}
  gift: {based_on: {measure: seats}, earn: [{steps: {0: 7}}, {steps: {100: 1}}, {rate: {table: extra}}]}
  monthly: {based_on: {measure: sold}, each: month, earn: [{rate: 2}, {steps: {3: 10}}], cap: {at_most: 15, per: fact}}
  mixed: {for_each: transactions, earn: [{rate: 10%, of: amount}, {rate: 2, of: quantity}, {steps: {100: 1}, of: margin}, 3]}
"""


def numbers() -> World:
    """A partner with seats, monthly usage and sales of which columns are missing."""
    world = World.of(NUMBERS).state("subscriptions", "2024-01-01", quantity=5)
    world.state("associations", "2024-01-01", customer="k")
    for day, quantity in (("2024-03-05", 2), ("2024-04-05", 4)):
        world.event("usage", day, customer="k", quantity=quantity)
    world.event("transactions", "2024-05-01", amount=50, quantity=4, margin=100, currency="USD")
    return world.event("transactions", "2024-05-02", amount=-10, currency="USD")


def test_each_part_has_its_own_x_and_one_without_a_value_gives_nothing() -> None:
    found = numbers().values(DAY)
    assert {name: found[name] for name in ("both", "gift", "monthly", "mixed")} == {
        "both": Decimal(15) + 4 + 2,
        "gift": 7,
        "monthly": 4 + 15,
        "mixed": Decimal(5) + 8 + 1 + 3 - 1 + 3,
    }


@pytest.mark.parametrize(
    "world", [numbers(), deals(", cap: {at_most: 400, per: [customer, year]}", 300_000, 70_000, -500)]
)
def test_the_oracle_says_the_same(world: World) -> None:
    texts = {"points": NUMBERS} if "seats" in world.program.measures else {}
    body = (
        texts.get("points")
        or f"points:\n  p: {{for_each: deals, where: {{stage: won}}, earn: {FORMULA}, cap: {{at_most: 400, per: [customer, year]}}}}\n"
    )
    oracle = OracleWorld(read_program(program_text(body)), world.tables)
    assert list(differences(world.standing(DAY), evaluate(oracle, "acme", on(DAY)))) == []


@pytest.mark.parametrize(
    ("earn", "issue"),
    [
        (
            "[40]",
            "2:37: error: [list-length] A list of scales adds them up, so it has two or more. Write the scale alone.",
        ),
        ("[40, [1, 2]]", '2:42: error: [shape] Expected a mapping (scale) under "earn", found a list.'),
        ("[40, {rate: 1, at: 3}]", '2:42: error: [scale-mixed] one of rate, full, steps, bands; "at" belongs to full.'),
        (
            "[40, {rate: 1, of: stage}]",
            "2:42: error: [column-type] deals.stage is a word, not a number. Numeric columns of deals: amount.",
        ),
        ("[40, {rate: 1, of: nothing}]", None),
    ],
)
def test_a_mistake_in_a_part_is_told_at_the_part(earn: str, issue: str | None) -> None:
    found = load_text(program_text(f"points: {{p: {{for_each: deals, earn: {earn}}}}}\n")).issues
    if issue is None:
        assert [(each.code, each.location.column) for each in found] == [("column-unknown", 42)]
    else:
        assert [str(each) for each in found] == [f"program.yaml:{issue}"]


def test_of_belongs_to_facts_in_each_part() -> None:
    rules = "measures: {m: {count: facts, of: touches, over: ever}}\npoints: {p: {based_on: {measure: m}, earn: [{rate: 1}, {rate: 1, of: amount}]}}\n"
    assert [(each.code, each.location.column) for each in load_text(program_text(rules)).issues] == [
        ("scale-mixed", 56)
    ]
