"""A path as it is kept for the partner's page: a pure translation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from swingby.engine import Mending, Promotion, RequirementRow, Standing, TierStanding
from swingby.engine.path import Condition, Gain, Path, PathStep, Total
from swingby.program import load_text
from swingby.web.domain.prospects import MOST_STEPS, kept_mending, kept_path, kept_promotion

ROW = RequirementRow(
    path="gold.1", kind="number", name="reviews", label="Plan reviews at least 3", test="at_least",
    value=Decimal(3), line=Decimal(3), gap=Decimal(0), result="met",
)  # fmt: skip
STEP = PathStep(
    rule="reviews", section="measure", label="Plan reviews", word="", count=2, people=("p-1",),
    start_on=date(2026, 4, 1), ready_on=date(2026, 4, 20), effort=Total(hours=Decimal("4.00")), is_costed=True,
    unlocks=("gold.1",), gains=(Gain("total", "Points", Decimal(40), Decimal(60), Decimal(80)),),
)  # fmt: skip
NEEDED = Condition("gold.2", "bookings", "Bookings at least 60", "outcome", None, Decimal(60), None, is_met=False)
PATH = Path(
    "tarn", "level", "gold", "select", date(2026, 3, 31), date(2027, 3, 31), "hours", "conditional", steps=(STEP,),
    effort=Total(hours=Decimal(4)), review_on=date(2026, 5, 1), verified=True, rows=(ROW,),
    depends_on=(NEEDED, replace(NEEDED, is_met=True), replace(NEEDED, label="Usage at least", line=Decimal(5000))),
)  # fmt: skip
KEPT = {
    "tier": "gold",
    "outlook": "conditional",
    "verified": True,
    "steps": [
        {
            "label": "Plan reviews",
            "word": "",
            "count": 2,
            "people": ["p-1"],
            "hours": "4",
            "start_on": "2026-04-01",
            "ready_on": "2026-04-20",
            "unlocks": ["Plan reviews at least 3"],
            "points": "40",
        }
    ],
    "hours": "4",
    "review_on": "2026-05-01",
    "depends_on": ["Bookings at least 60", "Usage at least 5,000"],
    "blocked_by": [],
    "earliest": None,
}


def test_a_path_is_kept_with_what_it_unlocks_and_still_needs() -> None:
    assert kept_path(PATH) == KEPT


def test_steps_that_the_engine_did_not_verify_are_no_advice() -> None:
    assert kept_path(replace(PATH, verified=False)) == {**KEPT, "verified": False, "steps": []}


def test_an_effort_that_the_program_does_not_say_is_not_nothing() -> None:
    kept = kept_path(replace(PATH, steps=(replace(STEP, is_costed=False, gains=()),) * (MOST_STEPS + 1)))

    assert len(kept["steps"]) == MOST_STEPS
    assert (kept["steps"][0]["hours"], kept["steps"][0]["points"]) == (None, None)


TIERS = """
program: {id: example, label: Example, language: 1, version: "1", effective: 2025-01-01, currency: USD}
measures: {engineers: {count: person, of: credentials}}
ladders:
  level:
    tiers: [{id: member, label: Member}, {id: gold, requires: {measure: engineers, at_least: 1}}]
    demote: {each: quarter, grace: 30 days}
"""


def test_what_is_to_be_mended_is_kept_of_the_ladder_that_is_shown() -> None:
    program = load_text(TIERS).program
    assert program is not None
    told = Mending(
        "gold",
        missed_since=date(2026, 3, 1),
        last_met=date(2026, 2, 28),
        lost_on=date(2026, 7, 1),
        mend_until=date(2026, 6, 30),
        has_grace=True,
        holds_from=date(2026, 7, 1),
        then="member",
    )
    assert kept_mending(program, {"level": told}) == {
        "tier": "gold",
        "then": "Member",
        "has_grace": True,
        "is_met": False,
        "missed_since": "2026-03-01",
        "last_met": "2026-02-28",
        "kept_on": None,
        "mend_until": "2026-06-30",
        "lost_on": "2026-07-01",
        "holds_from": "2026-07-01",
    }
    assert kept_mending(program, {}) is None
    assert kept_mending(program, {"other": told}) is None


def test_what_is_given_already_is_kept_beside_the_tier_that_is_held() -> None:
    program = load_text(TIERS).program
    assert program is not None
    held = TierStanding("level", "member", "gold", "gold", None, None, False, {})
    standing = Standing("tarn", date(2026, 3, 5), {"level": held}, {}, {})
    given = {"level": Promotion("gold", date(2026, 3, 1), date(2026, 4, 1))}

    assert kept_promotion(program, given, held=standing) == {
        "tier": "Gold",
        "held": "member",
        "decided_on": "2026-03-01",
        "holds_from": "2026-04-01",
    }
    assert kept_promotion(program, {}, held=standing) is None
