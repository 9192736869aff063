"""``credit: any``: a named number of everybody's facts is read thing by thing, and has no answer of its own."""

from __future__ import annotations

from decimal import Decimal

import pytest

from swingby.engine.building import build_graph
from swingby.errors import SwingbyError
from swingby.program import load_text
from tests.oracle import evaluate
from tests.oracle.comparing import differences
from tests.oracle.tree import World as OracleWorld
from tests.oracle.tree import read_program
from tests.soundness.worlds import World, on, program_text, read, value

#: New customers, of whom nobody had more than a year ago.
PROGRAM = """
tables: {product: [red, blue]}
measures:
  mine: {sum: amount, of: transactions, over: {last: 12 months}}
  before: {count: facts, of: transactions, over: {last: 12 months, ago: 12 months}, credit: any}
  doubled: {product: [2, {measure: before}]}
  won_over: {count: {all: [{measure: mine, above: 0}, {measure: before, at_most: 0}]}, each: customer}
  by_requirement: {count: {all: [{measure: mine, above: 0}, {requirement: fresh}]}, each: customer}
  by_product: {sum: {measure: mine}, each: customer, only: {measure: doubled, below: 2}}
  part: {least: {ratio: [mine, whole]}, each: customer}
  whole: {sum: amount, of: transactions, over: {last: 12 months}, credit: any, cap: 100}
  kinds: {count: {measure: of_cell, above: 5}, each: product}
  of_cell: {by: product, sum: amount, of: transactions, over: {last: 12 months}, credit: any}
requirements:
  fresh: {measure: before, at_most: 0}
"""
DAY = "2024-06-30"
SALES = (
    ("acme", "2024-05-01", "k1", 10, "red"),
    ("acme", "2024-05-01", "k2", 5, "red"),
    ("other", "2023-05-01", "k2", 7, "red"),
    ("acme", "2023-05-01", "k3", 3, "blue"),
    ("acme", "2024-05-01", "k3", 1, "red"),
    ("other", "2024-05-01", "k4", 400, "blue"),
    ("other", "2024-05-01", "k1", 30, "red"),
    ("acme", "2024-05-01", None, 9, "red"),
)


def sold(body: str = PROGRAM) -> World:
    """Two partners with customers in common."""
    world = World.of(body, partners=("acme", "other"))
    for seller, day, customer, amount, product in SALES:
        world.event("transactions", day, organization=seller, customer=customer, amount=amount, product=product)
    return world


def test_a_named_number_of_everybodys_facts_is_read_for_each_thing() -> None:
    with sold().assessed(DAY, keep_facts=True) as run:
        standing = run.standing("acme")
        numbers = {name: value(number) for name, number in standing.numbers.items() if "[" not in name}
        facts = {line.fact for line in run.line_items("acme").facts("won_over", on(DAY))}
    expected = {"mine": "25", "won_over": "1", "by_requirement": "1", "by_product": "10", "part": "0.25", "kinds": "2"}
    assert numbers == {name: Decimal(number) for name, number in expected.items()}
    assert standing.requirements == {}
    assert facts == {f"transactions-{number:04}" for number in (0, 1, 4, 7)}, "none of another partner's"


@pytest.mark.parametrize("partner", ["acme", "other"])
def test_the_oracle_says_the_same(partner: str) -> None:
    world = sold()
    oracle = OracleWorld(read_program(program_text(PROGRAM)), world.tables)
    assert list(differences(world.standing(DAY, partner), evaluate(oracle, partner, on(DAY)))) == []


def test_a_number_that_is_set_by_hand_asks_nobody() -> None:
    given = build_graph(read(program_text(PROGRAM)))
    assert {"before", "doubled", "whole"} & set(given.numbers) == set()


@pytest.mark.parametrize(
    ("rules", "places"),
    [
        ("ladders: {level: {tiers: [{id: a}, {id: b, requires: {measure: before, at_least: 1}}]}}", ["17:54"]),
        ("ladders: {level: {tiers: [{id: a}, {id: b, requires: {requirement: fresh}}]}}", ["17:54"]),
        ("points: {p: {based_on: {measure: before}, earn: {rate: 1}}}", ["17:24"]),
        ("benefits: {b: {value: {measure: doubled}}}", ["17:23"]),
    ],
)
def test_outside_each_it_is_refused_where_it_is_asked_for(rules: str, places: list[str]) -> None:
    found = load_text(program_text(f"{PROGRAM}{rules}"))
    wrong = [issue for issue in found.issues if issue.level == "error"]
    assert [(issue.code, f"{issue.location.line}:{issue.location.column}") for issue in wrong] == [
        ("credit-any", place) for place in places
    ]


def test_in_cells_it_needs_the_cell() -> None:
    rules = "tables: {product: [red]}\nmeasures:\n  n: {count: {count: facts, of: usage, over: ever, credit: any, above: 1}, each: product}\n"
    assert [issue.code for issue in load_text(program_text(rules)).issues if issue.level == "error"] == ["credit-any"]


def refusal(rules: str) -> str:
    """What the engine says of rules in which the checks find nothing wrong."""
    with pytest.raises(SwingbyError) as caught:
        build_graph(read(program_text(rules)))
    assert caught.value.code == "not-computed"
    return caught.value.message


def test_among_partners_it_cannot_be_computed_and_the_place_is_named() -> None:
    rules = (
        "measures:\n  whole: {count: facts, of: usage, over: ever, credit: any}\n"
        "  n: {count: {rank: {measure: whole}, at_least: 1}, each: customer}\n"
    )
    assert refusal(rules).startswith("program.yaml:3:10: credit: any without a thing")


#: Families and countries are read of products and customers; everybody's facts have no partner to read them through.
OF_OTHER_TABLES = """
measures:
  mine: {sum: amount, of: transactions, over: ever}
  whole: {sum: amount, of: transactions, over: ever, credit: any}
  german: {sum: amount, of: transactions, over: ever, where: {customer.country: DE}, credit: any}
  warm: {sum: amount, of: transactions, over: ever, where: {product.family: [warm, hot]}, credit: any}
  families: {count: {all: [{measure: mine, above: 0}, {measure: german, above: 5}]}, each: product.family}
  countries: {count: {all: [{measure: mine, above: 0}, {measure: whole, above: 60}]}, each: customer.country}
  customers: {count: {all: [{measure: mine, above: 0}, {measure: warm, above: 5}]}, each: customer}
"""


def sold_in_countries() -> World:
    """The same sales, of products with families to customers with countries."""
    world = sold(OF_OTHER_TABLES)
    for product, family in (("red", "warm"), ("blue", "cold")):
        world.row("products", product=product, family=family)
    for customer, country in (("k1", "DE"), ("k2", "DE"), ("k3", "FR"), ("k4", "FR")):
        world.row("customers", customer=customer, country=country)
    return world


@pytest.mark.parametrize("partner", ["acme", "other"])
def test_columns_of_other_tables_are_read_of_everybodys_facts(partner: str) -> None:
    world = sold_in_countries()
    standing = world.standing(DAY, partner)
    found = {name: value(standing.numbers[name]) for name in ("families", "countries", "customers")}
    assert found == {"families": Decimal(1), "countries": Decimal(1), "customers": Decimal(2)}
    oracle = OracleWorld(read_program(program_text(OF_OTHER_TABLES)), world.tables)
    assert list(differences(standing, evaluate(oracle, partner, on(DAY)))) == []


@pytest.mark.parametrize(
    "rules",
    [
        # Two partners who joined on different days read different days, and everybody's facts are read once for all.
        (
            "calendars: {own: {starts: joined}}\nmeasures:\n"
            "  n: {count: {sum: amount, of: transactions, over: {current: own year}, credit: any, above: 1}, each: customer}\n"
        ),
        (
            "ladders: {level: {tiers: [{id: a}, {id: b, requires: {decision: x}}]}}\nmeasures:\n"
            "  n: {count: {sum: amount, of: transactions, over: ever, where: {amount: {above: {by: level, a: 1, b: 2}}},"
            " credit: any, above: 1}, each: customer}\n"
        ),
    ],
)
def test_what_differs_from_partner_to_partner_is_refused_with_its_place(rules: str) -> None:
    assert refusal(rules).startswith("program.yaml:4:14: credit: any with values or days of each partner's own")
