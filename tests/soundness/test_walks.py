"""Tiers over time: what once came out wrong in a walk stays a test."""

from __future__ import annotations

from tests.soundness.worlds import World

DELAYED = """
measures: {experts: {count: person, of: credentials}}
ladders:
  level:
    tiers: [{id: low}, {id: high, requires: {measure: experts, at_least: 1}}]
    start: high
    promote: {each: month}
    demote: {dates: [10-01], effective: {after: 60 days}}
"""


def test_a_demotion_that_is_still_to_come_gives_way_to_a_later_promotion() -> None:
    made = World.of(DELAYED)
    made.state("employments", "2020-01-01", organization="acme", person="x")
    made.state("employments", "2020-01-01", organization="acme", person="y")
    made.state("credentials", "2020-01-01", "2025-09-15", person="x")
    made.state("credentials", "2025-10-10", person="y")
    days = ("2025-10-01", "2025-11-01", "2025-11-30", "2026-03-01")
    assert made.held("level", *days) == ["high"] * len(days)
