"""Which fact is picked, and which of two on one day counts as the latest."""

from __future__ import annotations

from tests.soundness.worlds import World


def test_the_first_fact_stays_the_first_when_its_entry_has_expired() -> None:
    """A later fact does not earn in its place: the first sale of a topic was made in 2023, and its points are gone."""
    rules = """
points:
  first: {for_each: surveys, pick: {first: 1, per: topic}, earn: 10, expires: {after: 12 months}}
"""
    world = World.of(rules).event("surveys", "2023-06-01", topic="sales").event("surveys", "2024-09-11", topic="sales")
    assert world.over("first", "2023-12-31", "2024-05-31", "2024-06-01", "2025-02-28") == [10, 10, 0, 0]


def test_of_two_decisions_that_begin_on_one_day_the_last_by_fact_id_counts() -> None:
    rules = """
tracks: {model: {chosen: model, otherwise: resell}}
requirements: {passed: {decision: audit, is: passed}}
"""
    world = World.of(rules)
    for fact_id, outcome in (("m-2", "build"), ("m-1", "sell")):
        world.state("decisions", "2024-01-01", fact_id=fact_id, topic="model", outcome=outcome)
    for fact_id, outcome in (("a-1", "passed"), ("a-2", "refused")):
        world.state("decisions", "2024-01-01", fact_id=fact_id, topic="audit", outcome=outcome)
    standing = world.standing("2024-06-30")
    assert (standing.tracks["model"], standing.requirements["passed"]) == ("build", "unmet")
