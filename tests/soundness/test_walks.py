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
def test_who_joins_on_the_day_of_a_review_is_first_reviewed_at_the_next_one(
    clocks: str, answers: dict[str, str]
) -> None:
    """The tier given at the start was lost on the first day where the other schedule looks at every day."""
    begins = "start: mid" if "promote: {each: day}" in clocks else "start: low"
    made = World.of(RULES.format(clocks=clocks).replace("start: low", begins), partners=())
    made.enrol("acme", joined_on="2024-05-01")
    if begins == "start: low":
        made.event("activities", "2024-04-10", kind="x")
    assert made.held("level", *answers) == list(answers.values())


GRACE = """
measures: {experts: {count: person, of: credentials}}
ladders:
  level:
    tiers: [{id: low}, {id: high, requires: {measure: experts, at_least: 2}}]
    start: low
    promote: {each: month}
    demote: {each: quarter, grace: 1 quarter}
benefits: {rate: {value: {by: level, low: 8%, high: 15%}}}
incentives: {commission: {for_each: transactions, earn: {rate: {benefit: rate}, of: amount}}}
"""


def test_what_earned_at_a_tier_kept_by_grace_adds_up_line_by_line() -> None:
    """Lines were worked out as if there were no grace: 150, 80 and 80 beside a sum of 450."""
    made = World.of(GRACE, partners=()).enrol("acme", joined_on="2024-07-01")
    for person, ends in (("ann", None), ("ben", "2025-01-15")):
        made.state("employments", "2024-07-01", ends, person=person)
        made.state("credentials", "2024-07-10", person=person, code="a")
    for day in ("2025-03-31", "2025-04-01", "2025-04-30"):
        made.event("transactions", day, amount=1000)
    with made.assessed("2025-04-30") as run:
        lines = run.history("acme", "commission")
        assert (run.standing("acme").tiers["level"].tier, [line.amount for line in lines]) == ("high", [150, 150, 150])
        assert sum(line.amount for line in lines) == run.standing("acme").numbers["commission"].value
        assert sum(line.amount for lines in run.histories("commission").values() for line in lines) == 450


@pytest.mark.parametrize(
    ("cut_off", "answers"),
    [
        ("10 days", {"2024-11-01": "low", "2024-12-01": "high", "2025-04-01": "high"}),
        ("6 days", {"2024-11-01": "low", "2024-12-01": "high", "2025-04-01": "low"}),
        ("5 days", {"2024-11-01": "high", "2025-01-01": "high", "2025-04-01": "low"}),
    ],
)
def test_a_review_looks_no_further_than_its_cut_off(cut_off: str, answers: dict[str, str]) -> None:
    """Held from 26 October to 25 March; the cut-off of a tier's schedule was described and did nothing."""
    made = World.of(f"""
measures: {{experts: {{count: person, of: credentials}}}}
ladders:
  level:
    tiers: [{{id: low}}, {{id: high, requires: {{measure: experts, at_least: 1}}}}]
    start: low
    promote: {{each: month, cut_off: {cut_off}}}
    demote: {{each: quarter, cut_off: {cut_off}}}
""")
    made.state("employments", "2024-01-01", person="ann")
    made.state("credentials", "2024-10-26", "2025-03-25", person="ann", code="a")
    assert made.held("level", *answers) == list(answers.values())
