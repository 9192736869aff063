"""What people decided about tiers: examples worked out by hand, and the engine beside the oracle on drawn ones."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from swingby.engine import assess
from swingby.facts import from_rows
from swingby.program import load_text

from . import evaluate
from .making import Making, on, sales

LADDER = """\
program: {id: x, label: X, language: 1, version: "1", effective: 2023-02-01, currency: USD}
measures:
  sold: {sum: amount, of: transactions, over: ever}
ladders:
  level:
    tiers: [{id: member}, {id: silver, requires: {measure: sold, at_least: 10}}, {id: gold, requires: {measure: sold, at_least: 20}}]
    start: member
    CLOCK
"""
CLOCKS = (
    "promote: {each: month}\n    demote: {each: quarter}",
    "promote: {each: month, hold: {after: 3 months}}\n    demote: {dates: [02-01, 05-01], hold: {after: 2 months}}",
    "promote: {each: quarter, one_step: true}\n    demote: {each: quarter, grace: 20 days, one_step: true}",
    "promote: {each: month}\n    demote: {each: quarter, effective: {after: 1 month}}",
    "promote: {each: day}\n    demote: {each: half}",
)


def made_of(clock: str) -> Making:
    return Making(LADDER.replace("CLOCK", clock))


def decided(made: Making, starts: str, ends: str | None, effect: str, tier: str, **columns: Any) -> Making:
    return made.state(
        "tier_decisions", starts, ends, ladder="level", effect=effect, tier=tier, **{"program": "x", **columns}
    )


def both(made: Making, *days: str, **options: Any) -> list[str | None]:
    """The tier on some days; the engine and the oracle must agree."""
    found, expected = engine(made, *days, **options), oracle(made, *days, **options)
    assert found == expected
    return found


def engine(made: Making, *days: str, known_at: int | None = None) -> list[str | None]:
    program = load_text(made.program[0]).program  # type: ignore[arg-type]
    assert program is not None
    with from_rows(made.facts, program) as facts:
        assert not facts.errors
        run = assess(program, facts, as_of=[on(day) for day in days], known_at=known_at)
        found = [run.standing("e1", on(day)).tiers["level"].tier for day in days]
        run.close()
    return found


def oracle(made: Making, *days: str, known_at: int | None = None) -> list[str | None]:
    world = made.world()
    return [evaluate(world, "e1", on(day), known_at).tiers["level"] for day in days]


def falling(clock: str = CLOCKS[0]) -> Making:
    """Gold since February 2024; everything comes back in March, so that April's review takes it."""
    return sales(sales(made_of(clock), 25, day="2024-01-15"), -25, day="2024-03-15")


DAYS = ("2024-02-01", "2024-03-31", "2024-04-01", "2024-05-01", "2024-07-01")


def test_without_a_decision_the_review_takes_the_tier() -> None:
    assert both(falling(), *DAYS) == ["gold", "gold", "member", "member", "member"]


def test_a_review_that_people_settled_decides_nothing_and_the_next_one_does() -> None:
    made = decided(falling(), "2024-04-01", "2024-04-02", "settled", "gold")
    assert both(made, *DAYS) == ["gold", "gold", "gold", "gold", "member"]


def test_a_settled_tier_holds_from_its_first_day() -> None:
    made = decided(falling(), "2024-04-01", "2024-04-02", "settled", "gold")
    decided(made, "2024-04-20", "2024-04-21", "settled", "silver")
    assert both(made, "2024-04-01", "2024-04-19", "2024-04-20", "2024-06-30", "2024-07-01") == [
        *("gold", "gold", "silver", "silver", "member"),
    ]


def test_the_tier_that_stays_is_held_since_it_was_earned() -> None:
    made = decided(falling(), "2024-04-01", "2024-04-02", "settled", "gold")
    program = load_text(made.program[0]).program  # type: ignore[arg-type]
    assert program is not None
    with from_rows(made.facts, program) as facts:
        run = assess(program, facts, as_of=on("2024-06-30"))
        since = run.standing("e1").tiers["level"].since
        run.close()
    assert since == on("2024-02-01")


def test_a_promotion_that_waits_is_not_given_before_somebody_says_so() -> None:
    made = sales(made_of(CLOCKS[0]), 25, day="2024-01-15")
    decided(made, "2024-02-01", "2024-02-02", "settled", "member")
    assert both(made, "2024-02-01", "2024-02-29", "2024-03-01") == ["member", "member", "gold"]


def test_a_tier_below_which_nobody_falls() -> None:
    made = decided(falling(), "2024-03-20", "2024-08-01", "at_least", "silver")
    assert both(made, "2024-03-31", "2024-04-01", "2024-07-01", "2024-08-01", "2024-10-01") == [
        *("gold", "silver", "silver", "silver", "member"),
    ]


def test_a_tier_that_is_granted_is_held_at_once_and_lost_at_the_next_review_after_its_end() -> None:
    made = decided(made_of(CLOCKS[0]), "2024-02-10", "2024-05-15", "at_least", "gold")
    assert both(made, "2024-02-09", "2024-02-10", "2024-05-15", "2024-06-30", "2024-07-01") == [
        *("member", "gold", "gold", "gold", "member"),
    ]


def test_nothing_that_names_another_program_ladder_or_tier_decides() -> None:
    made = falling()
    decided(made, "2024-04-01", "2024-04-02", "settled", "gold", program="y")
    decided(made, "2024-04-01", "2024-04-02", "settled", "platinum")
    made.state("tier_decisions", "2024-04-01", "2024-04-02", ladder="other", effect="settled", tier="gold")
    assert both(made, "2024-04-01") == ["member"]


def test_a_decision_is_known_from_its_position_on_and_gone_when_it_is_taken_back() -> None:
    made = falling()
    decided(made, "2024-04-01", "2024-04-02", "settled", "gold", fact_id="waits", recorded_at=datetime(2024, 4, 1, 9))
    decided(made, "2024-04-10", "2024-04-11", "settled", "member", fact_id="down", recorded_at=datetime(2024, 4, 10, 9))
    made.row("tier_decisions", fact_id="up", reverses="down", recorded_at=datetime(2024, 5, 20, 9))
    program = load_text(made.program[0]).program  # type: ignore[arg-type]
    assert program is not None
    with from_rows(made.facts, program) as facts:
        positions = [facts.position_at(on(day)) for day in ("2024-03-31", "2024-04-05", "2024-05-01", "2024-05-30")]
    assert [both(made, "2024-06-01", known_at=at) for at in positions] == [["member"], ["gold"], ["member"], ["gold"]]


def test_one_without_an_end_has_the_word_again_after_another_one() -> None:
    made = decided(
        decided(falling(), "2024-04-01", None, "settled", "gold"), "2024-04-10", "2024-04-20", "settled", "member"
    )
    assert both(made, "2024-04-09", "2024-04-10", "2024-04-20", "2024-07-01") == ["gold", "member", "gold", "gold"]


def test_a_demotion_that_people_settled_starts_the_hold_of_a_review() -> None:
    made = falling("promote: {each: month}\n    demote: {each: quarter, hold: {after: 4 months}}")
    decided(made, "2024-04-01", "2024-04-02", "settled", "gold")
    decided(made, "2024-04-10", "2024-04-11", "settled", "member")
    sales(made, 25, day="2024-05-05")
    assert both(made, "2024-06-01", "2024-08-01", "2024-09-01") == ["member", "member", "gold"]


@st.composite
def worlds(draw: st.DrawFn) -> Making:
    made = made_of(draw(st.sampled_from(CLOCKS)))
    days = st.dates(date(2024, 1, 1), date(2024, 7, 31))
    for _ in range(draw(st.integers(1, 5))):
        sales(made, draw(st.sampled_from((-15, -8, 8, 12, 25))), day=draw(days).isoformat())
    for number in range(draw(st.integers(0, 4))):
        starts = draw(st.one_of(days, st.sampled_from((date(2024, 4, 1), date(2024, 2, 1), date(2024, 7, 1)))))
        ends = draw(st.sampled_from((None, 1, 1, 1, 40, 120)))
        known = datetime(starts.year, starts.month, starts.day, 9) + timedelta(days=draw(st.integers(0, 30)))
        until = None if ends is None else (starts + timedelta(days=ends)).isoformat()
        effect, tier = (
            draw(st.sampled_from(("settled", "at_least"))),
            draw(st.sampled_from(("none", "member", "silver", "gold"))),
        )
        decided(made, starts.isoformat(), until, effect, tier, fact_id=f"t{number}", recorded_at=known)
    return made


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(worlds(), st.lists(st.dates(date(2024, 1, 1), date(2024, 12, 31)), min_size=1, max_size=4))
def test_the_engine_decides_as_the_oracle_does(made: Making, days: list[date]) -> None:
    listed = sorted({day.isoformat() for day in days})
    assert engine(made, *listed) == oracle(made, *listed), (made.program, made.facts)
