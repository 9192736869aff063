"""What was known at a ledger position: late, corrected and reversed facts, links included."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from tests.soundness.worlds import World, on, value

NUMBERS = """
measures:
  visits: {count: facts, of: activities, over: ever}
  quantity: {sum: quantity, of: activities, over: ever}
  people: {count: person, of: credentials}
  booked: {sum: amount, of: deals, over: ever}
points:
  visited: {for_each: activities, earn: {rate: 1, of: quantity}, cap: {at_most: 10, per: quarter}}
"""
DAY = "2024-06-30"


def at(text: str) -> datetime:
    """A moment of a day."""
    return datetime.fromisoformat(f"{text}T12:00:00").replace(tzinfo=UTC)


def by_position(made: World, number: str) -> list[Decimal | str | None]:
    """A number at each position from 0 on."""
    with made.facts() as facts:
        last = facts.latest_position
    return [made.values(DAY, known_at=position)[number] for position in range(last + 1)]


def test_a_late_fact_is_known_from_its_position_on() -> None:
    made = World.of(NUMBERS)
    made.event("activities", "2024-02-01", kind="x", recorded_at=at("2024-02-01"))
    made.event("activities", "2024-01-15", kind="x", recorded_at=at("2024-03-10"))
    assert by_position(made, "visits") == [0, 1, 2]


def test_a_reversed_fact_is_known_until_its_reversal() -> None:
    made = World.of(NUMBERS)
    made.event("activities", "2024-01-15", "a", kind="x", recorded_at=at("2024-01-15"))
    made.row("activities", fact_id="b", reverses="a", recorded_at=at("2024-02-10"))
    assert by_position(made, "visits") == [0, 1, 0]


def test_a_corrected_fact_counts_once_with_its_newest_content() -> None:
    made = World.of(NUMBERS)
    made.event("activities", "2024-01-15", "a", kind="x", quantity=3, recorded_at=at("2024-01-15"))
    made.event("activities", "2024-01-16", "b", kind="x", quantity=5, reverses="a", recorded_at=at("2024-02-10"))
    made.event("activities", "2024-01-16", "c", kind="x", quantity=4, reverses="b", recorded_at=at("2024-03-10"))
    assert by_position(made, "quantity") == [0, 3, 5, 4]
    assert by_position(made, "visits") == [0, 1, 1, 1]
    assert by_position(made, "visited") == [0, 3, 5, 4]


def test_late_and_reversed_links() -> None:
    made = World.of(NUMBERS)
    made.state("credentials", "2024-01-01", person="ann", code="one", recorded_at=at("2024-01-01"))
    made.state("employments", "2024-01-01", fact_id="e", person="ann", recorded_at=at("2024-02-01"))
    made.row("employments", fact_id="f", reverses="e", recorded_at=at("2024-03-01"))
    assert by_position(made, "people") == [0, 0, 1, 0]


def test_a_deal_reaches_a_partner_from_the_position_of_its_link_on() -> None:
    made = World.of(NUMBERS)
    made.event("deals", "2024-02-01", deal="d", stage="won", amount=9, currency="USD", recorded_at=at("2024-02-01"))
    made.state("deal_parties", "2024-01-01", deal="d", recorded_at=at("2024-03-01"))
    assert by_position(made, "booked") == [0, 0, 9]


def test_a_late_fact_fills_a_cap_in_order_of_day() -> None:
    """The total stays at the cap; the later entry gives way, and its line says so."""
    made = World.of(NUMBERS)
    made.event("activities", "2024-02-10", "late in the quarter", kind="x", quantity=8, recorded_at=at("2024-02-10"))
    made.event("activities", "2024-01-10", "early", kind="x", quantity=7, recorded_at=at("2024-03-10"))
    assert by_position(made, "visited") == [0, 8, 10]
    with made.assessed(DAY) as found:
        lines = [(line.fact, line.kind, line.amount) for line in found.history("acme", "visited")]
    assert lines == [("early", "entry", 7), ("late in the quarter", "cap", -5), ("late in the quarter", "entry", 8)]


def test_knowing_nothing_is_having_nothing() -> None:
    made = World.of(NUMBERS).event("activities", "2024-01-15", kind="x", quantity=3)
    assert made.values(DAY, known_at=0) == World.of(NUMBERS).values(DAY)


def test_what_was_known_on_a_day_is_found_by_the_day() -> None:
    made = World.of(NUMBERS)
    for day in ("2024-01-15", "2024-02-15", "2024-03-15"):
        made.event("activities", day, kind="x", recorded_at=at(day))
    with made.facts() as facts:
        found = [facts.position_at(on(day)) for day in ("2024-01-14", "2024-01-15", "2024-03-14", "2024-12-31")]
    assert found == [0, 1, 2, 3]


WALK = """
measures: {visits: {count: facts, of: activities, over: ever}}
ladders:
  level:
    tiers: [{id: member}, {id: gold, requires: {measure: visits, at_least: 1}}]
    start: member
    promote: {each: month}
    demote: {each: month}
"""


def test_a_fact_in_time_is_seen_by_the_review() -> None:
    made = World.of(WALK).event("activities", "2024-01-15", kind="x", recorded_at=at("2024-01-15"))
    assert made.held("level", "2024-01-31", "2024-02-01") == ["member", "gold"]


def test_a_late_fact_changes_the_next_review_and_not_the_last_one() -> None:
    """Reading 23: each review uses what was known at its moment."""
    made = World.of(WALK).event("activities", "2024-01-15", kind="x", recorded_at=at("2024-03-10"))
    days = ("2024-02-01", "2024-03-01", "2024-03-31", "2024-04-01")
    assert made.held("level", *days) == ["member", "member", "member", "gold"]


def test_numbers_and_standings_see_the_same_position() -> None:
    made = World.of(WALK).event("activities", "2024-01-15", kind="x", recorded_at=at("2024-03-10"))
    with made.assessed("2024-06-30", known_at=0) as found:
        standing = found.standing("acme")
        assert (value(standing.numbers["visits"]), standing.tiers["level"].tier) == (0, "member")
