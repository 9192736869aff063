"""The lines of a history add up to the number exactly, whatever the facts."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from swingby.engine import Assessment
from tests.soundness.worlds import World, value

RULES = """
measures:
  visits: {count: facts, of: activities, over: {last: 6 months}}
  people: {count: person, of: credentials}
  share: {ratio: [people, visits]}
points:
  visited: {for_each: activities, earn: {rate: 3, of: quantity}, cap: {at_most: 20, per: quarter}, expires: {after: 3 months}}
  thirds: {for_each: activities, where: {kind: y}, earn: {full: 10, at: 3, of: quantity}, round: {to: 0.01}}
  held: {for_each: subscriptions, earn: {rate: 1, of: quantity}, cap: 12}
  stepped: {based_on: {measure: visits}, earn: {steps: {1: 5, 3: 15}}, cap: 10}
  gated: {based_on: {measure: visits}, earn: {rate: 2}, requires: {measure: people, at_least: 1}}
  shared: {based_on: {measure: share}, earn: {rate: 10}}
scores:
  total: {sum: [visited, thirds, held, stepped, gated, shared], cap: 40}
  parts: {sum: [visited, thirds], cap: 15}
  nested: {sum: [parts, held]}
  rounded: {sum: [shared, thirds], round: {to: 1}}
"""
NUMBERS = ("visited", "thirds", "held", "stepped", "gated", "shared", "total", "parts", "nested", "rounded")
FIRST = date(2024, 1, 1)
DAYS = tuple(date(2024, month, 28) for month in (1, 3, 6))
PARTNERS = ("acme", "bolt", "crate")

quantities = st.decimals(min_value=-20, max_value=20, places=2)
days = st.integers(0, 180).map(lambda number: FIRST + timedelta(days=number))
visits = st.fixed_dictionaries(
    {"happened_on": days, "kind": st.sampled_from("xy"), "quantity": quantities, "off": st.integers(0, 40) | st.none()}
)
held = st.fixed_dictionaries({"starts_on": days, "quantity": quantities, "length": st.integers(1, 60) | st.none()})
partner = st.fixed_dictionaries(
    {"visits": st.lists(visits, max_size=8), "held": st.lists(held, max_size=4), "people": st.integers(0, 2)}
)


def world(drawn: dict[str, dict[str, Any]]) -> World:
    """The drawn facts of every partner."""
    made = World.of(RULES, partners=PARTNERS)
    for name, facts in drawn.items():
        for visit in facts["visits"]:
            columns = {key: item for key, item in visit.items() if key != "off"}
            off = visit["happened_on"] + timedelta(days=visit["off"]) if visit["off"] is not None else None
            made.row("activities", fact_id=_id(made, "activities"), organization=name, cancelled_on=off, **columns)
        for state in facts["held"]:
            columns = {key: item for key, item in state.items() if key != "length"}
            ends = state["starts_on"] + timedelta(days=state["length"]) if state["length"] else None
            made.row("subscriptions", fact_id=_id(made, "subscriptions"), organization=name, ends_on=ends, **columns)
        for number in range(facts["people"]):
            made.state("employments", "2024-01-01", organization=name, person=f"{name}{number}")
            made.state("credentials", "2024-02-01", person=f"{name}{number}", code="one")
    return made


def _id(made: World, table: str) -> str:
    return f"{table}-{len(made.tables.get(table, ())):03}"


def unequal(found: Assessment, day: date) -> list[tuple[object, ...]]:
    """Histories that do not add up to their numbers."""
    wrong: list[tuple[object, ...]] = []
    for number in NUMBERS:
        for name, lines in found.histories(number, day).items():
            total, shown = sum((line.amount for line in lines), Decimal(0)), found.standing(name, day).numbers[number]
            if total != (shown.value or 0):
                wrong.append((name, number, day, total, value(shown), lines))
    return wrong


@pytest.mark.slow
@settings(max_examples=8, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(st.fixed_dictionaries(dict.fromkeys(PARTNERS, partner)))
def test_lines_add_up_to_the_number(drawn: dict[str, dict[str, Any]]) -> None:
    with world(drawn).assessed(*(str(day) for day in DAYS)) as found:
        assert [wrong for day in DAYS for wrong in unequal(found, day)] == []


def test_numbers_of_each_cell_that_are_read_on_a_partners_own_days_count_each_cell_once() -> None:
    """Both stand in one relation of who needs what, and each read the other's rows as its own."""
    world = World.of(
        "calendars: {membership: {starts: joined}}\ntables: {product: [red, blue, green]}\nmeasures:\n"
        "  of_one: {by: product, count: facts, of: transactions, over: ever}\n"
        "  one: {sum: {measure: of_one}, each: product}\n"
        "  of_other: {by: product, sum: amount, of: transactions, over: ever}\n"
        "  other: {sum: {measure: of_other}, each: product}\n"
        "  both: {sum: [one, other]}\n"
        "  quarters: {sum: {measure: both}, each: membership quarter, over: {last: 6 months}}\n"
        "points: {p: {based_on: {measure: both}, each: membership quarter, earn: {rate: 1}}}\n"
    )
    world.event("transactions", "2024-01-02", product="red", kind="new", amount=5, currency="USD")
    world.event("transactions", "2024-01-02", product="blue", kind="new", amount=7, currency="USD")
    found = world.values("2024-06-30")
    assert {name: found[name] for name in ("one", "other", "both", "quarters", "p")} == {
        "one": 2, "other": 12, "both": 14, "quarters": 28, "p": 28,
    }  # fmt: skip
