"""``office.country``: the office of an employment, and that of the employment by which a person's fact counts."""

from __future__ import annotations

import pytest

from swingby.engine.refusals import refusals
from tests.oracle import evaluate
from tests.oracle.comparing import differences
from tests.oracle.tree import World as OracleWorld
from tests.oracle.tree import read_program
from tests.soundness.worlds import World, on, program_text, read

DAY = "2024-06-30"
PROGRAM = """
facts:
  leads: {owner: person, columns: {office: id}}
measures:
  abroad: {count: person, of: employments, where: {office.country: {exists: true, is_not: {column: organization.country}}}}
  in_spain: {count: person, of: employments, where: {office.country: ES}}
  certified: {count: person, of: credentials, where: {office.country: ES}}
  not_there: {count: person, of: credentials, where: {office.region: {exists: false}}}
  talks: {count: facts, of: activities, over: ever, credit: {through: employments, matching: person}, where: {employment.office: north}}
  leads: {count: facts, of: leads, over: ever, where: {office.country: PT}}
points:
  places: {for_each: credentials, where: {office.country: [ES, PT]}, earn: 2, cap: {at_most: 3, per: office.country}}
"""


def staffed() -> World:
    """People at offices of two countries, one at none and one who left."""
    world = World.of(PROGRAM).row("offices", office="north", organization="acme", country="PT", region="iberia")
    world.tables["organizations"][0]["country"] = "PT"
    world.row("offices", office="south", organization="acme", country="ES")
    for person, office, ends in (
        ("a", "north", None),
        ("b", "south", None),
        ("c", "south", "2024-02-01"),
        ("d", None, None),
    ):
        world.state("employments", "2024-01-01", ends, person=person, office=office)
        world.state("credentials", "2024-01-01", person=person, code="x")
    world.event("leads", "2024-03-01", person="a", office="south").event(
        "leads", "2024-03-01", person="b", office="north"
    )
    return world.event("activities", "2024-03-01", kind="talk", person="a")


def test_it_is_read_of_the_employment() -> None:
    expected = {"abroad": 1, "in_spain": 1, "certified": 1, "not_there": 2, "talks": 1, "leads": 1, "places": 4}
    assert staffed().values(DAY) == expected


def test_the_oracle_says_the_same() -> None:
    world = staffed()
    oracle = OracleWorld(read_program(program_text(PROGRAM)), world.tables)
    assert list(differences(world.standing(DAY), evaluate(oracle, "acme", on(DAY)))) == []


@pytest.mark.parametrize("kind", ["activities", "deals"])
def test_where_there_is_no_office_the_check_says_so(kind: str) -> None:
    program = read(
        program_text(f"measures: {{m: {{count: facts, of: {kind}, over: ever, where: {{office.country: ES}}}}}}\n")
    )
    assert [(issue.code, issue.location.line) for issue in refusals(program)] == [("not-computed", 2)]
