"""Paths of drawn programs cost what the cheapest of all ways costs, each of them run by the engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from swingby.engine import assess
from swingby.engine.path import find_path
from swingby.facts import from_rows
from swingby.program import Program, load_text

AS_OF, BY = date(2024, 1, 10), date(2024, 6, 30)
STAFF = ("ann", "bob", "cyd")
#: The days that matter: at once, and when the next quarter begins.
NOW, NEXT = date(2024, 1, 10), date(2024, 4, 1)
MANY = range(4)

PROGRAM = """
program: {{id: drawn, label: Drawn, language: 1, version: "1", effective: 2024-01-01, currency: USD}}
measures:
  certified: {{count: person, of: credentials, where: {{code: one}}, control: controllable, effort: {{hours: {certificate}}}}}
  visits: {{count: facts, of: activities, where: {{kind: visit}}, over: {{current: quarter}}}}
  visit_quarters: {{count: {{measure: visits, at_least: {often}}}, each: quarter, over: {{current: 2 quarters}}}}
points:
  people: {{based_on: {{measure: certified}}, earn: {scale}{gate}}}
  visited: {{for_each: activities, where: {{kind: visit}}, earn: 10, cap: {{at_most: {cap}, per: quarter}},
             control: controllable, effort: {{hours: {visit}}}}}
scores:
  total: {{sum: [people, visited], cap: {most}}}
ladders:
  level:
    tiers:
      - {{id: member}}
      - {{id: gold, requires: {requires}}}
    promote: {{each: {review}}}
    demote: {{each: {review}}}
"""
SCALES = ("{rate: 15}", "{rate: 20}", "{steps: {1: 10, 3: 50}}", "{full: 40, at: 2}")
GATES = ("", ", cap: 30", ", requires: {measure: visits, at_least: 1}")
LEAVES = (
    "{score: total, at_least: %d}",
    "{measure: certified, at_least: %d}",
    "{measure: visit_quarters, at_least: %d}",
)


@st.composite
def programs(draw: st.DrawFn) -> str:
    """Programs of a small grammar: caps by quarter, gates, steps, rhythms, alternatives."""
    lines = (draw(st.sampled_from((20, 30, 45, 60))), draw(st.integers(1, 3)), draw(st.integers(1, 2)))
    leaves = [leaf % line for leaf, line in zip(LEAVES, lines, strict=True)]
    chosen = draw(st.lists(st.sampled_from(leaves), min_size=1, max_size=3, unique=True))
    group = draw(st.sampled_from(("all", "any")))
    return PROGRAM.format(
        certificate=draw(st.integers(1, 30)),
        visit=draw(st.integers(1, 12)),
        often=draw(st.integers(1, 2)),
        scale=draw(st.sampled_from(SCALES)),
        gate=draw(st.sampled_from(GATES)),
        cap=draw(st.sampled_from((10, 20, 30))),
        most=draw(st.sampled_from((40, 100))),
        requires=f"{{{group}: [{', '.join(chosen)}]}}",
        review=draw(st.sampled_from(("day", "month", "quarter"))),
    )


@dataclass(frozen=True)
class Way:
    """So many certificates at once, so many visits now and in the next quarter."""

    certificates: int
    now: int
    later: int

    def hours(self, program: Program) -> Decimal:
        one = program.measures["certified"].effort, program.points["visited"].effort
        prices = [effort.hours.value for effort in one if effort and effort.hours]  # type: ignore[union-attr]
        return Decimal(self.certificates * prices[0] + (self.now + self.later) * prices[1])  # type: ignore[operator]


WAYS = tuple(Way(*counts) for counts in product(MANY, MANY, MANY))


def rows(ways: Mapping[str, Way]) -> dict[str, list[dict[str, object]]]:
    """Partners that went these ways, each with people of its own."""
    found: dict[str, list[dict[str, object]]] = {
        "organizations": [], "enrolments": [], "employments": [], "credentials": [], "activities": []
    }  # fmt: skip
    for name, way in ways.items():
        found["organizations"].append({"organization": name})
        found["enrolments"].append({"enrolment": name, "organization": name, "joined_on": date(2024, 1, 1)})
        for person in STAFF:
            found["employments"].append(
                {"organization": name, "person": f"{name} {person}", "starts_on": date(2024, 1, 1)}
            )
        for person in STAFF[: way.certificates]:
            found["credentials"].append({"person": f"{name} {person}", "code": "one", "starts_on": NOW})
        for day, many in ((NOW, way.now), (NEXT, way.later)):
            found["activities"] += [{"organization": name, "kind": "visit", "happened_on": day}] * many
    return {table: _named(listed) for table, listed in found.items()}


def _named(listed: Sequence[dict[str, object]]) -> list[dict[str, object]]:
    return [
        row if "enrolment" in row or len(row) == 1 else {"fact_id": f"f{nth}", **row} for nth, row in enumerate(listed)
    ]


def review_days(program: Program) -> Iterator[tuple[date, date]]:
    """The reviews that may give a tier, with the day on which it is held: every day, or the first of periods."""
    unit = program.ladders["level"].promote.schedule.unit
    assert unit is not None
    if unit.unit == "day":
        yield from ((day, day) for day in (NOW, NEXT, BY))
        return
    step = 3 if unit.unit == "quarter" else 1
    yield from ((date(2024, month, 1), date(2024, month, 1)) for month in range(2, 7) if (month - 1) % step == 0)


def cheapest(program: Program) -> Decimal | None:
    """The least hours of all ways with which some review gives gold."""
    names = {f"w{nth:03}": way for nth, way in enumerate(WAYS)}
    days = sorted({held for _, held in review_days(program)})
    with closing(from_rows(rows(names), program)) as facts:
        assert not facts.errors
        found = assess(program, facts, as_of=days)
        found.close()
    held = {names[name] for name, day in found.by_key if found.standing(name, day).tiers["level"].tier == "gold"}
    return min((way.hours(program) for way in held), default=None)


@pytest.mark.slow
@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(programs())
def test_a_path_costs_as_little_as_the_cheapest_way(text: str) -> None:
    program = load_text(text).program
    assume(program is not None)  # A line that no points can reach is refused.
    assert program is not None
    with closing(from_rows(rows({"acme": Way(0, 0, 0)}), program)) as facts:
        path = find_path(program, facts, partner="acme", as_of=AS_OF, by=BY, to="gold")
    least = cheapest(program)
    expected = ("none", None) if least is None else ("held", Decimal(0)) if least == 0 else ("path", least)
    outlook = "none" if path.outlook == "conditional" else path.outlook
    assert (outlook, None if outlook == "none" else path.effort.hours) == expected
