"""Paths on ladders with clocks of many sorts; and a check that begins today agrees with one that walks every review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import date

import pytest

from swingby.engine import compile_program
from swingby.engine.path.asking import Question
from swingby.engine.path.partner import Partner
from swingby.engine.path.witness import Witness
from swingby.engine.path.worlds import Copies
from swingby.facts import from_rows
from tests.engine.path.tried import AS_OF, JOINED, Facts, path_of, people, program_of, steps

pytestmark = pytest.mark.slow
VISITS = """
measures:
  visits: {count: facts, of: activities, where: {kind: visit}, over: {last: 12 months}, control: controllable, effort: {hours: 2}}
ladders:
  level:
    tiers:
      - {id: member}
      - {id: silver, requires: {measure: visits, at_least: 1}}
      - {id: gold, requires: {measure: visits, at_least: 2}}
      - {id: platinum, requires: {measure: visits, at_least: 4}}
"""


def test_a_ladder_of_one_step_takes_a_review_for_each() -> None:
    path = path_of(VISITS + "    promote: {each: month, one_step: true}\n    demote: {each: year}\n", {}, to="gold")
    assert (steps(path), path.outlook, path.held, path.review_on) == (
        [("visits", 2, (), AS_OF)],
        "path",
        "member",
        date(2024, 3, 1),
    )


CELLS = """
tables:
  product: [cloud, data]
measures:
  certified: {count: person, of: credentials, by: product, control: controllable, effort: {hours: 10}}
  classes: {count: facts, of: activities, where: {kind: class}, over: ever, control: controllable, effort: {hours: 3}}
ladders:
  badge:
    by: product
    tiers: [{id: member}, {id: expert, requires: {all: [{measure: certified, at_least: 2}, {measure: classes, at_least: 1}]}}]
    promote: {each: month}
    demote: {each: year}
"""


def test_a_ladder_by_cells_asks_for_what_counts_in_the_cell() -> None:
    held = [{"person": "ann", "code": "c", "product": product, "starts_on": JOINED} for product in ("cloud", "data")]
    facts: Facts = {"employments": people("ann", "bob", "cyd"), "credentials": held[1:]}
    path = path_of(CELLS, facts, ladder="badge[data]")
    assert (path.ladder, path.tier, path.outlook, steps(path), path.review_on) == (
        "badge[data]",
        "expert",
        "path",
        [("certified", 1, ("bob",), AS_OF), ("classes", 1, (), AS_OF)],
        date(2024, 2, 1),
    )
    first = path_of(CELLS, facts)
    assert (first.ladder, steps(first)) == (
        "badge[cloud]",
        [("certified", 2, ("bob", "cyd"), AS_OF), ("classes", 1, (), AS_OF)],
    )


#: Ladders on which a check may begin today, and some that remember more than a standing says.
BEGINNING = (
    ("promote: {each: month}", "demote: {each: month}"),
    ("promote: {each: quarter, one_step: true}", "demote: {dates: [02-01, 07-15], one_step: true}"),
    ("promote: {each: month, hold: {after: 5 months}}", "demote: {each: month}"),
    ("promote: {each: month}", "demote: {each: year, grace: 30 days}", "start: silver"),
    ("promote: {each: month}", "demote: {each: month}", "protect: exception"),
    ("promote: {each: quarter}", "demote: {each: month, grace: 30 days}", "protect: exception"),
)
REMEMBERING = (
    ("promote: {each: month, effective: {after: 1 month}}", "demote: {each: quarter}"),
    ("promote: {each: month}", "demote: {each: quarter, hold: {after: 4 months}}"),
)
#: In force today and until later, over before today, taken back, and still to begin.
PROTECTED = (
    ("d1", "silver", date(2023, 3, 10), date(2024, 4, 10)),
    ("d2", "platinum", date(2023, 5, 1), date(2023, 9, 1)),
    ("d3", "gold", date(2024, 6, 15), date(2024, 8, 2)),
)


QUICK = (BEGINNING[1], BEGINNING[5])
MANY = [clocks for clocks in (*BEGINNING, *REMEMBERING) if clocks not in QUICK]


@pytest.mark.parametrize("clocks", [*QUICK, *(pytest.param(each, marks=pytest.mark.proof) for each in MANY)])
def test_a_check_that_begins_today_agrees_with_one_that_walks_every_review(clocks: tuple[str, ...]) -> None:
    program = program_of(VISITS + "".join(f"    {line}\n" for line in clocks))
    visits = [
        {"organization": "acme", "kind": "visit", "happened_on": day, "fact_id": f"v{day}"}
        for day in (date(2023, 1, 15), date(2023, 2, 20), date(2023, 8, 3), date(2023, 8, 9))
    ]
    whole: dict[str, Sequence[Mapping[str, object]]] = {
        "organizations": [{"organization": "acme"}],
        "enrolments": [{"enrolment": "acme", "organization": "acme", "joined_on": JOINED}],
        "activities": visits,
    }
    if any(line.startswith("protect") for line in clocks):
        names = ("fact_id", "outcome", "starts_on", "ends_on")
        of_acme = {"organization": "acme", "topic": "exception", "recorded_at": "2023-03-10T09:00:00Z"}
        whole["decisions"] = [of_acme | dict(zip(names, row, strict=True)) for row in PROTECTED]
    compiled = compile_program(program)
    with closing(from_rows(whole, program)) as facts:
        assert not facts.errors
        partner = Partner(compiled, facts, facts.latest_position, "acme", AS_OF)
        aim = partner.aim("platinum", None, date(2025, 1, 1), "hours", lambda _: None)
        assert aim is not None
        with Copies(facts, compiled, partner.position, "acme") as copies:
            witness = Witness(partner, copies)
            with closing(Question(partner, aim, copies, witness)) as question:
                assert question.runs.walks == (clocks in BEGINNING)
                slots = len(question.offer.slots)
                ways = [(0,) * slots, (2,) + (0,) * (slots - 1), (0,) * (slots - 1) + (3,), (1,) * slots]
                for review in question.prospect.reviews:
                    for way in ways:
                        rows = question.offer.rows(program, way)
                        assert question.with_acts(rows, review) == witness.with_acts(rows, aim, review)
