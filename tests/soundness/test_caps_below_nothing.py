"""A limit that is worked out may fall below 0: then it leaves nothing, and never takes anything away."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.oracle import evaluate
from tests.oracle.comparing import differences
from tests.oracle.tree import World as OracleWorld
from tests.oracle.tree import read_program
from tests.soundness.worlds import World, on, program_text

DAY = "2024-06-30"
PROGRAM = """
calendars: {fiscal: {starts: 02-01}}
tables: {room: {by: kind, course: -3, otherwise: 5}}
measures:
  used: {sum: quantity, of: touches, over: ever}
facts:
  touches: {columns: {quantity: number}}
points:
  of_all: {for_each: activities, earn: 4, cap: {at_most: {difference: [10, {measure: used}]}}}
  of_period: {for_each: activities, earn: 4, cap: {at_most: {difference: [10, {measure: used}]}, per: fiscal quarter}}
  of_column: {for_each: activities, earn: 4, cap: {at_most: {difference: [10, {measure: used}]}, per: kind}}
  of_fact: {for_each: activities, earn: 4, cap: {at_most: {table: room}, per: fact}}
  written: {for_each: activities, earn: 4, cap: {at_most: -7, per: month}, cancelled: keep}
  worked_out: {based_on: {measure: used}, earn: {rate: 1}, cap: {difference: [10, {measure: used}]}}
  of_months: {based_on: {measure: used}, each: month, earn: {rate: 1}, cap: {at_most: -1, per: fact}}
  refunds: {for_each: transactions, earn: {rate: 1, of: quantity}, cap: {at_most: {difference: [10, {measure: used}]}}}
  held: {for_each: activities, earn: 4, cap: {at_most: {difference: [10, {measure: used}]}, at_least: -2}}
"""
NAMES = ("of_all", "of_period", "of_column", "of_fact", "written", "worked_out", "of_months", "refunds", "held")


def partner(used: int) -> World:
    """Two courses, a talk, a sale and a bigger refund, with so much of the limit used already."""
    world = World.of(PROGRAM).event("touches", "2024-01-02", kind="lead", quantity=used)
    for day, kind in (("2024-02-10", "course"), ("2024-02-11", "course"), ("2024-05-10", "talk")):
        world.event("activities", day, kind=kind)
    return world.event("transactions", "2024-02-03", kind="new", quantity=4).event(
        "transactions", "2024-02-04", kind="new", quantity=-9
    )


@pytest.mark.parametrize(
    ("used", "expected"),
    [
        (3, (7, 11, 11, 4, 0, 3, 0, -5, 7)),
        (10, (0, 0, 0, 4, 0, 0, 0, -5, 0)),
        (400, (0, 0, 0, 4, 0, 0, 0, -5, 0)),
    ],
)
def test_it_leaves_nothing_and_takes_nothing(used: int, expected: tuple[int, ...]) -> None:
    found = partner(used).values(DAY)
    assert [found[name] for name in NAMES] == [Decimal(number) for number in expected]


@pytest.mark.parametrize("used", [3, 10, 400])
def test_the_oracle_says_the_same(used: int) -> None:
    world = partner(used)
    oracle = OracleWorld(read_program(program_text(PROGRAM)), world.tables)
    assert list(differences(world.standing(DAY), evaluate(oracle, "acme", on(DAY)))) == []


@pytest.mark.parametrize("used", [3, 400])
def test_the_lines_of_the_history_add_up(used: int) -> None:
    with partner(used).assessed(DAY) as run:
        numbers = run.standing("acme").numbers
        sums = {name: sum((line.amount for line in run.history("acme", name)), Decimal(0)) for name in NAMES}
    assert sums == {name: numbers[name].value for name in NAMES}
