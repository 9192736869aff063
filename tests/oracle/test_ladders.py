"""Ladders: what no published case needs, each with an example worked out by hand."""

from __future__ import annotations

from . import evaluate
from .making import Making, on, sales


def ladder(clock: str, *, rest: str = "", tiers: str | None = None) -> Making:
    """Three tiers by the sum of all sales: member, silver from 10, gold from 20."""
    three = "[{id: member}, {id: silver, requires: {measure: sold, at_least: 10}}, {id: gold, requires: {measure: sold, at_least: 20}}]"
    return Making(
        f"program: {{id: x, effective: 2023-02-01{rest}}}\nmeasures:\n  sold: {{sum: amount, of: transactions, over: ever}}\n"
        f"calendars: {{term: {{starts: tier}}}}\nladders:\n  level: {{tiers: {tiers or three}, {clock}}}\n"
    )


def tiers(made: Making, *days: str) -> list[str | None]:
    """The tier on some days."""
    world = made.world()
    return [evaluate(world, "e1", on(day)).tiers["level"] for day in days]


def test_a_promotion_takes_effect_later() -> None:
    made = sales(
        ladder("promote: {each: month, effective: {after: 1 month}}, demote: {each: year}"), 10, day="2024-03-15"
    )
    assert tiers(made, "2024-04-01", "2024-04-30", "2024-05-01") == ["member", "member", "silver"]


def test_one_step_up_and_one_step_down() -> None:
    made = sales(
        ladder("start: member, promote: {each: month, one_step: true}, demote: {each: quarter, one_step: true}"),
        25,
        day="2024-01-15",
    )
    sales(made, -25, day="2024-03-15")
    days = ("2024-01-31", "2024-02-01", "2024-03-01", "2024-03-31", "2024-04-01", "2024-07-01")
    assert tiers(made, *days) == ["member", "silver", "gold", "gold", "silver", "member"]


def test_a_hold_blocks_demotion_until_its_midnight() -> None:
    made = sales(
        ladder("start: member, promote: {each: month, hold: {after: 3 months}}, demote: {each: month}"),
        25,
        day="2024-01-15",
    )
    sales(made, -25, day="2024-02-15")
    assert tiers(made, "2024-02-01", "2024-04-30", "2024-05-01") == ["gold", "gold", "member"]


def test_keeps_is_easier_than_requires() -> None:
    keeping = "[{id: silver, requires: {measure: sold, at_least: 10}, keeps: {measure: sold, at_least: 5}}]"
    made = sales(ladder("demote: {each: month}", tiers=keeping), 10, day="2024-01-15")
    sales(made, -5, day="2024-02-15")
    sales(made, -1, day="2024-03-15")
    assert tiers(made, "2024-01-14", "2024-01-15", "2024-03-01", "2024-03-31", "2024-04-01") == [
        None,
        "silver",
        "silver",
        "silver",
        None,
    ]


def test_no_demotion_up_to_the_protected_day() -> None:
    made = sales(
        ladder("start: gold, promote: {each: month}, demote: {each: month}", rest=", protected_through: 2023-07-31"),
        10,
        day="2023-03-01",
    )
    assert tiers(made, "2023-07-31", "2023-08-01") == ["gold", "silver"]


def test_a_decision_lifts_and_ends() -> None:
    made = ladder("start: member, promote: {each: month}, demote: {each: quarter}, protect: exception")
    made.state("decisions", "2024-02-10", "2024-05-01", topic="exception", outcome="gold")
    assert tiers(made, "2024-02-09", "2024-02-10", "2024-04-01", "2024-06-30", "2024-07-01") == [
        "member",
        "gold",
        "gold",
        "gold",
        "member",
    ]


def test_a_deadline_after_joining() -> None:
    single = "[{id: member}]"
    clock = "start: member, promote: never, demote: {once: {after: 60 days}, keeps: {measure: sold, at_least: 1}}"
    assert tiers(ladder(clock, tiers=single), "2023-04-01", "2023-04-02") == ["member", None]
    assert tiers(sales(ladder(clock, tiers=single), 1, day="2023-04-01"), "2023-04-02") == ["member"]


def test_years_counted_from_the_tier() -> None:
    made = sales(ladder("promote: {each: month}, demote: {each: term year}"), 10, day="2023-03-15")
    sales(made, -10, day="2023-05-15")
    assert tiers(made, "2023-04-01", "2024-03-31", "2024-04-01") == ["silver", "silver", "member"]


def test_an_incomplete_number_takes_nothing_away() -> None:
    made = sales(ladder("start: member, promote: {each: month}, demote: {each: month}"), 10, day="2024-01-15")
    sales(made, -10, day="2024-02-15")
    made.facts["coverage"] = [
        {"kind": "transactions", "source": "s", "complete_from": None, "complete_to": on("2024-02-20")}
    ]
    assert tiers(made, "2024-02-01", "2024-06-01") == ["silver", "silver"]


def test_the_tier_of_the_day_sets_the_rate() -> None:
    made = ladder("start: member, promote: {each: month}, demote: {each: year}")
    made.program.append(
        "benefits: {rate: {value: {by: level, silver: 10%, otherwise: 1%}}}\nincentives: {x: {for_each: transactions, earn: {rate: {benefit: rate}, of: amount}}}\n"
    )
    sales(made, 10, day="2024-03-31")
    sales(made, 5, day="2024-04-01")
    entries = evaluate(made.world(), "e1", on("2024-06-30")).entries["x"]
    assert [str(entry[3]) for entry in entries] == ["1/10", "1/2"]
