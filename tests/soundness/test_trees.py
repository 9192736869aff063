"""Whose facts count for whom in a tree of organizations."""

from __future__ import annotations

from decimal import Decimal

import pytest

from swingby.engine.scope import TREE_DEPTH
from swingby.facts.trees import MOST_LEVELS
from tests.soundness.worlds import World

RULES = """
measures:
  visits: {count: facts, of: activities, over: ever}
  people: {count: person, of: credentials}
  booked: {sum: amount, of: deals, over: ever}
points: {visited: {for_each: activities, earn: {rate: 1, of: quantity}, cap: {at_most: 10, per: quarter}}}
"""
DAY = "2024-06-30"


def group(roll_up: str) -> World:
    """Head (enrolled): branch, desk below branch, unit (enrolled) below branch, team below unit."""
    made = World.of(RULES, header=f"roll_up: {roll_up}", partners=())
    made.enrol("head").organize("branch", parent="head").organize("desk", parent="branch")
    made.enrol("unit", parent="branch").organize("team", parent="unit").organize("stranger")
    for index, name in enumerate(("head", "branch", "desk", "unit", "team", "stranger")):
        made.event("activities", "2024-05-01", f"a{index}", organization=name, kind="x", quantity=10**index % 7)
        made.state("employments", "2024-01-01", organization=name, person=f"p{index}")
        made.state("credentials", "2024-01-01", person=f"p{index}", code="one")
        made.state("deal_parties", "2024-01-01", organization=name, deal=f"d{index}")
        made.event("deals", "2024-02-01", deal=f"d{index}", stage="won", amount=10**index, currency="USD")
    return made


@pytest.mark.parametrize(
    ("roll_up", "head", "unit"),
    [
        ("nearest", (3, 3, 111), (2, 2, 11000)),
        ("own", (1, 1, 1), (1, 1, 1000)),
        ("tree", (5, 5, 11111), (2, 2, 11000)),
    ],
)
def test_roll_up(roll_up: str, head: tuple[int, ...], unit: tuple[int, ...]) -> None:
    made = group(roll_up)
    with made.assessed(DAY) as found:
        numbers = {item.enrolment: item.numbers for item in found}
    seen = {name: tuple(numbers[name][number].value for number in ("visits", "people", "booked")) for name in numbers}
    assert seen == {"head": head, "unit": unit}


def test_a_cap_is_shared_by_the_whole_partner() -> None:
    """Head 1, branch 3, desk 2 of quantity; with ten more at the desk the cap of ten binds."""
    made = group("nearest")
    assert made.values(DAY, "head")["visited"] == 6
    made.event("activities", "2024-05-02", organization="desk", kind="x", quantity=10)
    assert made.values(DAY, "head")["visited"] == 10


def test_a_person_at_two_organizations_of_one_partner_is_one_person() -> None:
    made = group("nearest").state("employments", "2024-01-01", organization="desk", person="p0")
    assert made.values(DAY, "head")["people"] == 3


def test_a_person_at_two_partners_counts_for_both() -> None:
    made = group("nearest").state("employments", "2024-01-01", organization="team", person="p0")
    assert (made.values(DAY, "head")["people"], made.values(DAY, "unit")["people"]) == (3, 3)


def test_a_chosen_partner_still_leaves_out_what_belongs_to_another() -> None:
    made = group("nearest")
    assert made.values(DAY, "head", enrolments=["head"]) == made.values(DAY, "head")
    assert made.values(DAY, "unit", enrolments=["unit"])["booked"] == Decimal(11000)


def line_of(levels: int) -> World:
    """A line of organizations, each with a visit, under an enrolled one."""
    made = World.of(RULES, partners=()).enrol("level 0")
    for depth in range(1, levels + 1):
        made.organize(f"level {depth}", parent=f"level {depth - 1}")
        made.event("activities", "2024-05-01", organization=f"level {depth}", kind="x")
    return made


def test_the_deepest_tree() -> None:
    assert MOST_LEVELS == TREE_DEPTH - 1
    assert line_of(MOST_LEVELS).values(DAY, "level 0")["visits"] == MOST_LEVELS


def test_a_deeper_tree_is_cut_and_told() -> None:
    made = line_of(MOST_LEVELS + 3)
    with made.facts() as facts:
        assert [(issue.code, issue.value) for issue in facts.issues if issue.code == "tree-deep"] == [
            ("tree-deep", f"level {MOST_LEVELS + 1}")
        ]
    assert made.values(DAY, "level 0")["visits"] == MOST_LEVELS
