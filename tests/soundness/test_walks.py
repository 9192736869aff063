"""Tiers with clocks, review by review, worked out by hand.

Two visits, on 10 January and 20 February 2024. Over three months there is one from 10 January to 19 February, there are
two from then to 9 April, and one again to 19 May.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.soundness.worlds import World

RULES = """
calendars: {{fiscal: {{starts: 02-01}}}}
measures: {{visits: {{count: facts, of: activities, over: {{last: 3 months}}}}}}
ladders:
  level:
    tiers: [{{id: low}}, {{id: mid, requires: {{measure: visits, at_least: 1}}}}, {{id: high, requires: {{measure: visits, at_least: 2}}}}]
    start: low
    {clocks}
"""


def held(clocks: str, *days: str, header: str = "") -> list[str | None]:
    """The tier on some days."""
    made = World.of(RULES.format(clocks=clocks), header=header)
    for day in ("2024-01-10", "2024-02-20"):
        made.event("activities", day, kind="x")
    return made.held("level", *days)


@pytest.mark.parametrize(
    ("clocks", "answers"),
    [
        (
            "promote: {each: month}",
            {"2024-01-31": "low", "2024-02-01": "mid", "2024-02-29": "mid", "2024-03-01": "high", "2024-04-09": "high"}
            | {"2024-04-10": "mid", "2024-05-19": "mid", "2024-05-20": "low"},
        ),
        (
            "demote: {each: fiscal quarter}",
            {"2024-01-09": "low", "2024-01-10": "mid", "2024-02-20": "high", "2024-04-30": "high", "2024-05-01": "mid"}
            | {"2024-07-31": "mid", "2024-08-01": "low"},
        ),
        (
            "promote: {each: month}\n    demote: {dates: [05-01, 08-01], grace: 90 days}",
            # On 30 April one visit is left; two were there until 9 April, within the grace.
            {"2024-02-01": "mid", "2024-03-01": "high", "2024-05-01": "high", "2024-07-31": "high"}
            # On 31 July none is left; one was there until 19 May, two were not since 9 April.
            | {"2024-08-01": "mid", "2025-04-30": "mid", "2025-05-01": "low"},
        ),
        (
            "promote: {each: month, hold: {after: 6 months}}\n    demote: {each: month}",
            {"2024-03-01": "high", "2024-08-31": "high", "2024-09-01": "low"},
        ),
        (
            "promote: {each: month, one_step: true}\n    demote: {each: month, one_step: true}",
            {"2024-02-01": "mid", "2024-03-01": "high", "2024-04-30": "high", "2024-05-01": "mid", "2024-06-01": "low"},
        ),
        (
            "promote: {each: month, effective: {after: 1 month}}\n    demote: never",
            {"2024-02-29": "low", "2024-03-01": "mid", "2024-03-31": "mid", "2024-04-01": "high", "2025-12-31": "high"},
        ),
    ],
)
def test_clocks(clocks: str, answers: Mapping[str, str]) -> None:
    assert dict(zip(answers, held(clocks, *answers), strict=True)) == answers


def test_nobody_falls_while_protected() -> None:
    days = ("2024-05-31", "2024-06-30", "2024-07-01")
    clocks = "promote: {each: month}\n    demote: {each: month}"
    assert held(clocks, *days) == ["mid", "low", "low"]
    assert held(clocks, *days, header="protected_through: 2024-06-30") == ["high", "high", "low"]


def test_a_walk_begins_on_joining() -> None:
    """The review at the midnight that begins the first day is not one's own."""
    made = World.of(RULES.format(clocks="promote: {each: month}\n    demote: {each: month}"), partners=())
    made.enrol("acme", joined_on="2024-02-01").event("activities", "2024-01-10", kind="x")
    assert made.held("level", "2024-02-01", "2024-02-29", "2024-03-01") == ["low", "low", "mid"]


def test_asking_later_does_not_change_what_was_held() -> None:
    """A day asked alone, and beside a later day."""
    clocks = "promote: {each: month}\n    demote: {dates: [05-01, 08-01], grace: 90 days}"
    days = ("2024-02-01", "2024-05-01", "2024-08-01", "2025-05-01")
    assert [held(clocks, day)[0] for day in days] == held(clocks, *days)


@pytest.mark.parametrize(
    ("clocks", "answers"),
    [
        (
            "promote: {each: day}\n    demote: {each: fiscal quarter}",
            {"2024-05-01": "mid", "2024-07-31": "mid", "2024-08-01": "low"},
        ),
        (
            "promote: {each: fiscal quarter}\n    demote: {each: day}",
            {"2024-05-01": "low", "2024-07-31": "low"},
        ),
    ],
    ids=["a day that promotes takes no demotion along", "a day that demotes takes no promotion along"],
)
def test_who_joins_on_the_day_of_a_review_is_first_reviewed_at_the_next_one(clocks: str, answers: dict[str, str]) -> None:
    """The tier given at the start was lost on the first day where the other schedule looks at every day."""
    begins = "start: mid" if "promote: {each: day}" in clocks else "start: low"
    made = World.of(RULES.format(clocks=clocks).replace("start: low", begins), partners=())
    made.enrol("acme", joined_on="2024-05-01")
    if begins == "start: low":
        made.event("activities", "2024-04-10", kind="x")
    assert made.held("level", *answers) == list(answers.values())
