"""What is read of a link is read of the one that led there; a fact that is a link itself is that one."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.oracle import evaluate
from tests.oracle.comparing import differences
from tests.oracle.tree import World as OracleWorld
from tests.oracle.tree import read_program
from tests.soundness.worlds import World, on, program_text, value

OWN, THROUGH = "", ", credit: {through: employments}"
PROGRAM = """
tables: {employment.office: [north, south, west]}
facts:
  employments: {columns: {years: number}}
  staff: {subset_of: employments, where: {employment.kind: employee}}
measures:
  people: {by: employment.office, count: person, of: employmentsCREDIT}
  staff: {by: employment.office, count: person, of: staffCREDIT}
  years: {by: employment.office, sum: years, of: employmentsCREDIT}
  left: {by: employment.office, count: person, of: employments, when: ended, over: {last: 12 months}CREDIT}
  north: {count: facts, of: employments, where: {employment.office: north}CREDIT}
  certified: {by: employment.office, count: person, of: credentials}
  ratio: {by: employment.office, ratio: [certified, people]}
  offices: {count: {measure: people, at_least: 2}, each: employment.office}
  kinds: {count: {count: person, of: employmentsCREDIT, at_least: 2}, each: employment.kind}
  visits:
    by: employment.office
    count: facts
    of: touches
    over: ever
    credit: {through: employments, matching: person}
points:
  places: {for_each: employmentsCREDIT, earn: 1, cap: {at_most: 1, per: employment.office}}
"""
DAY = "2024-06-30"


def employed(credit: str) -> tuple[str, World]:
    """Three people in two offices and one who left; two are certified and one was visited."""
    text = PROGRAM.replace("CREDIT", credit)
    made = World.of(text)
    for person, office, kind in [
        ("ann", "north", "employee"),
        ("bob", "north", "trainee"),
        ("cid", "south", "employee"),
    ]:
        made.state("employments", "2024-01-01", person=person, office=office, kind=kind, years=3)
    made.state("employments", "2023-01-01", "2024-02-01", person="dan", office="west", kind="employee", years=9)
    for person in ("ann", "cid"):
        made.state("credentials", "2024-02-01", person=person, code="one")
    made.event("touches", "2024-03-01", kind="visit", person="ann")
    return text, made


@pytest.mark.parametrize("credit", [OWN, THROUGH], ids=["own", "through"])
def test_people_count_in_the_office_of_their_employment(credit: str) -> None:
    text, made = employed(credit)
    standing = made.standing(DAY)
    found = {name: value(number) for name, number in standing.numbers.items()}
    assert found == {
        **of_offices("people", 2, 1, 0),
        **of_offices("staff", 1, 1, 0),
        **of_offices("years", 6, 3, 0),
        **of_offices("left", 0, 0, 1),
        "north": 2,
        **of_offices("certified", 1, 1, 0),
        **of_offices("ratio", Decimal("0.5"), 1, "undefined"),
        "offices": 1,
        "kinds": 1,
        **of_offices("visits", 1, 0, 0),
        "places": 2,
    }
    oracle = OracleWorld(read_program(program_text(text)), made.tables)
    assert list(differences(standing, evaluate(oracle, "acme", on(DAY)))) == []


def of_offices(name: str, *values: Decimal | int | str) -> dict[str, Decimal | int | str]:
    """A number in each of the three offices."""
    return {f"{name}[{office}]": value for office, value in zip(("north", "south", "west"), values, strict=True)}
