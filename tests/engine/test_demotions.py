from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from swingby.engine import next_demotion
from swingby.program import load, load_text

HARBORLINE = Path(__file__).parents[2] / "examples" / "harborline" / "program"
PROGRAM = """\
program: {id: example, label: Example, language: 1, version: "1", effective: 2025-01-01, currency: USD}
calendars: {own: {starts: joined}}
measures: {plans: {count: facts, of: activities, over: {last: 12 months}}}
ladders: {level: {tiers: [{id: member}, {id: gold, requires: {measure: plans, at_least: 1}}]DEMOTE}}
"""


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (date(2026, 3, 31), date(2026, 8, 1)),
        (date(2026, 7, 31), date(2026, 8, 1)),
        (date(2026, 8, 1), date(2027, 2, 1)),
    ],
)
def test_the_next_day_on_which_partners_may_move_down(after: date, expected: date) -> None:
    program = load(HARBORLINE).program
    assert program is not None

    assert next_demotion(program, after=after) == expected


def test_protected_days_are_left_out() -> None:
    program = load(HARBORLINE).program
    assert program is not None

    assert next_demotion(program, after=date(2025, 3, 31)) == date(2025, 8, 1)


@pytest.mark.parametrize("demote", ["", ", demote: {each: day}", ", demote: {each: own year}", ", demote: never"])
def test_a_ladder_without_a_day_of_all_has_none(demote: str) -> None:
    loaded = load_text(PROGRAM.replace("DEMOTE", demote))
    assert loaded.program is not None, loaded.errors

    assert next_demotion(loaded.program, after=date(2026, 3, 31)) is None
