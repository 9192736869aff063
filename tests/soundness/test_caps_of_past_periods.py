"""A limit of a period that is a number is read at the period's close, also where the program began later than the period."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.oracle import evaluate
from tests.oracle.comparing import differences
from tests.oracle.tree import World as OracleWorld
from tests.oracle.tree import read_program
from tests.soundness.worlds import World, on, program_text

#: The program of these worlds begins in 2020; the partner joined before.
PROGRAM = """
calendars: {membership: {starts: joined}}
measures:
  talks: {count: facts, of: touches, over: {last: 12 months}}
  busy: {count: {measure: talks, at_least: 1}, each: membership month, over: {previous: 4 membership months}}
points:
  by_year: {for_each: activities, earn: 10, cap: {at_most: {difference: [3, {measure: talks}]}, per: year}}
  by_membership: {for_each: activities, earn: 10, cap: {at_most: {difference: [3, {measure: talks}]}, per: membership year}}
  by_own_days: {for_each: activities, earn: 10, cap: {at_most: {difference: [5, {measure: busy}]}, per: membership year}}
  by_fact: {for_each: activities, earn: 10, cap: [{at_most: 9, per: fact}, {at_most: {measure: talks}, per: month}, {at_most: 100}]}
"""


def partner() -> World:
    """Who did something in 2018 and in 2020, and talked once, in December 2018."""
    world = (
        World.of(PROGRAM, partners=()).enrol("acme", joined_on="2018-01-10").event("touches", "2018-12-20", kind="lead")
    )
    for day in ("2018-05-10", "2018-05-11", "2020-02-10"):
        world.event("activities", day, kind="course")
    return world


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("by_year", 2 + 3),  # a talk in the year to December 2018, none in that to June 2020
        ("by_membership", 2 + 3),  # at the close on 9 January 2019, and as of today
        ("by_own_days", 5 - 1 + 5),  # one of the four months before 10 January 2019
        ("by_fact", 0),  # no talk before either May 2018 or February 2020 closed
    ],
)
def test_the_number_limits_periods_before_the_program_began(name: str, expected: int) -> None:
    assert partner().values("2020-06-30")[name] == Decimal(expected)


@pytest.mark.parametrize("day", ["2018-05-31", "2019-01-09", "2019-01-10", "2020-06-30"])
def test_the_oracle_says_the_same(day: str) -> None:
    world = partner()
    oracle = OracleWorld(read_program(program_text(PROGRAM)), world.tables)
    assert list(differences(world.standing(day), evaluate(oracle, "acme", on(day)))) == []
