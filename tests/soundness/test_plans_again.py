"""A plan that was made once is used for another question only where the facts answer alike what was asked to make it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from swingby.engine import assess, compile_program
from swingby.engine.assessing import Compiled
from tests.soundness.test_late_facts import WALK, at
from tests.soundness.worlds import World, on, value

FEBRUARY = "2024-02-15"


def tier(made: World, compiled: Compiled, *, known_at: int | None = None, day: str = FEBRUARY) -> str | None:
    with (
        made.facts() as facts,
        closing(assess(compiled, facts, as_of=on(day), enrolments=["acme"], known_at=known_at)) as found,
    ):
        return found.standing("acme").tiers["level"].tier


def compiled(made: World) -> Compiled:
    return compile_program(made.program)


def kept(of: Compiled) -> int:
    return sum(map(len, of.plans._kept.values()))


def test_what_was_known_at_a_review_is_asked_again() -> None:
    """With less known, nothing was late; with all of it, the review of February had not seen the visit."""
    late = World.of(WALK).event("activities", "2024-01-15", kind="x", recorded_at=at("2024-03-10"))
    late.event("activities", "2024-01-16", kind="y", recorded_at=at("2024-04-10"))
    again = compiled(late)
    asked = [(1, FEBRUARY), (2, FEBRUARY), (1, FEBRUARY)]
    alone = [tier(late, compiled(late), known_at=position, day=day) for position, day in asked]
    assert [tier(late, again, known_at=position, day=day) for position, day in asked] == alone


def test_partners_whose_facts_came_in_time_share_a_plan_and_the_late_one_has_its_own() -> None:
    in_time = World.of(WALK).event("activities", "2024-01-15", kind="x", recorded_at=at("2024-01-15"))
    late = World.of(WALK).event("activities", "2024-01-15", kind="x", recorded_at=at("2024-03-10"))
    never = World.of(WALK)
    again = compiled(in_time)
    assert [tier(each, again) for each in (in_time, never, late, in_time)] == ["gold", "member", "member", "gold"]
    assert kept(again) == 2


def test_what_sources_cover_is_asked_again() -> None:
    """A source that is complete from a day on leaves what came before unknown."""

    def states(covered: Sequence[str | None]) -> list[object]:
        found: list[object] = []
        again = compile_program(World.of(WALK).program)
        for start in covered:
            made = World.of(WALK).event("activities", "2024-02-01", kind="x")
            if start:
                made.row("coverage", kind="activities", source="tests", complete_from=start)
            with (
                made.facts() as facts,
                closing(assess(again, facts, as_of=on(FEBRUARY), enrolments=["acme"])) as assessed,
            ):
                found.append(value(assessed.standing("acme").numbers["visits"]))
        return found

    assert states([None, "2024-01-15", None]) == [1, "incomplete", 1]


def test_only_the_latest_plans_are_kept() -> None:
    made = World.of(WALK)
    again = compiled(made)
    with made.facts() as facts:
        for day in range(1, 13):
            assess(again, facts, as_of=on(f"2024-03-{day:02}"), enrolments=["acme"]).close()
    assert kept(again) == 8
