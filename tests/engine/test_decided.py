"""Promotions that are given and do not hold yet, held against the days on which they do."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from swingby.engine import Promotion, decided_promotions
from tests.soundness.worlds import World, on

RULES = """
measures:
  people: {label: People, count: person, of: credentials}
ladders:
  level:
    start: low
    tiers: [{id: low}, {id: mid, requires: {measure: people, at_least: 1}}, {id: high, requires: {measure: people, at_least: 2}}]
    promote: %s
"""


def world(promote: str) -> World:
    """Two people who come in May and in June 2024."""
    made = World.of(RULES % promote)
    for person, since in (("ann", "2024-05-10"), ("ben", "2024-06-10")):
        made.state("employments", since, person=person)
        made.state("credentials", since, person=person)
    return made


def given(made: World, day: str) -> Mapping[str, Promotion]:
    """What is given on a day."""
    with made.facts() as facts, made.assessed(day) as run:
        return decided_promotions(run, facts, "acme")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2024-05-31", {}),
        ("2024-06-01", {"level": ("mid", "2024-06-01", "2024-07-16")}),
        ("2024-07-01", {"level": ("mid", "2024-06-01", "2024-07-16")}),
        ("2024-07-16", {"level": ("high", "2024-07-01", "2024-08-15")}),
        ("2024-08-15", {}),
    ],
)
def test_who_was_promoted_and_waits_for_it(day: str, expected: Mapping[str, tuple[str, str, str]]) -> None:
    made = world("{each: month, effective: {after: 45 days}}")
    found = given(made, day)
    assert found == {name: Promotion(tier, on(decided), on(holds)) for name, (tier, decided, holds) in expected.items()}
    for tier, _, holds in expected.values():
        assert made.held("level", holds) == [tier]


def test_what_holds_at_once_waits_for_nothing() -> None:
    assert given(world("{each: month}"), "2024-06-15") == {}
