"""Requirement rows: one for every part of every tier, with value, line, gap and result, in the order of the program."""

from __future__ import annotations

from decimal import Decimal

import pytest

from swingby.engine import RequirementRow
from tests.soundness.worlds import World

DAY = "2024-06-30"
LADDER = """
measures:
  visits: {label: Visits, count: facts, of: activities, over: ever}
  sales: {label: Sales, sum: quantity, of: transactions, over: ever}
  share: {label: Share, ratio: [visits, sales]}
requirements:
  paper: {label: Papers, all: [{decision: contract}, {measure: visits, at_most: 9}]}
ladders:
  level:
    tiers:
      - {id: member}
      - {id: silver, requires: {measure: visits, at_least: 2}}
      - id: gold
        requires:
          all:
            - {measure: visits, at_least: 4}
            - any: [{measure: share, above: 50%}, {measure: sales, below: 3}]
            - {requirement: paper}
"""


def rows(tier: str) -> list[RequirementRow]:
    """Three visits and six sales, without a contract."""
    made = World.of(LADDER).event("transactions", "2024-02-01", quantity=6)
    for _ in range(3):
        made.event("activities", "2024-02-01", kind="x")
    return list(made.standing(DAY).tiers["level"].rows[tier])


def test_every_part_has_a_row_in_the_order_of_the_program() -> None:
    found = [(row.path, row.kind, row.name, row.result) for row in rows("gold")]
    assert found == [
        ("gold", "all", "", "unmet"),
        ("gold.1", "number", "visits", "unmet"),
        ("gold.2", "any", "", "unmet"),
        ("gold.2.1", "number", "share", "unmet"),
        ("gold.2.2", "number", "sales", "unmet"),
        ("gold.3", "all", "paper", "unmet"),
        ("gold.3.1", "status", "contract", "unmet"),
        ("gold.3.2", "number", "visits", "met"),
    ]


def test_a_number_carries_value_line_and_gap() -> None:
    found = {row.path: (row.test, row.value, row.line, row.gap) for row in rows("gold") if row.kind == "number"}
    half = Decimal("0.5")
    assert found == {
        "gold.1": ("at_least", 3, 4, 1),
        "gold.2.1": ("above", half, half, 0),
        "gold.2.2": ("below", 6, 3, 3),
        "gold.3.2": ("at_most", 3, 9, 0),
    }


def test_groups_and_statuses_carry_no_numbers() -> None:
    others = [row for row in rows("gold") if row.kind != "number"]
    assert [(row.value, row.line, row.gap) for row in others] == [(None, None, None)] * 4


def test_a_lower_tier_keeps_its_rows_and_a_tier_that_asks_nothing_has_none() -> None:
    assert [(row.path, row.result, row.gap) for row in rows("silver")] == [("silver", "met", 0)]
    assert rows("member") == []


def test_labels_are_the_words_of_the_program() -> None:
    assert [row.label for row in rows("gold")] == [
        "all of: Visits at least 4, (one of: Share above 0.5 or Sales below 3) and Papers",
        "Visits at least 4",
        "one of: Share above 0.5 or Sales below 3",
        "Share above 0.5",
        "Sales below 3",
        "Papers",
        "contract: approved",
        "Visits at most 9",
    ]


def test_a_group_without_a_label_has_a_heading() -> None:
    found = {row.path: row.heading for row in rows("gold") if row.heading}
    assert found == {"gold": "All of", "gold.2": "One of"}


@pytest.mark.parametrize(
    ("group", "label", "heading"),
    [
        (
            "any: [{decision: a}, {decision: b}, {decision: c}]",
            "one of: a: approved, b: approved or c: approved",
            "One of",
        ),
        ("any: [{decision: a}]", "a: approved", "One of"),
        ("none: [{decision: a}]", "none of: a: approved", "None of"),
        (
            "count: [{decision: a}, {any: [{decision: b}, {all: [{decision: c}, {decision: d}]}]}], at_least: 2",
            "at least 2 of: a: approved or (one of: b: approved or (all of: c: approved and d: approved))",
            "At least 2 of",
        ),
        ("count: [{decision: a}, {decision: b}], at_least: all", "all of: a: approved and b: approved", "All of"),
        (
            "count: [{decision: a}, {decision: b}], at_least: {by: organization.country, DE: 1, otherwise: 2}",
            "enough of: a: approved or b: approved",
            "Enough of",
        ),
        ("any: [{decision: a}, {decision: b}], label: A paper", "A paper", ""),
    ],
)
def test_a_group_says_what_its_parts_ask_for(group: str, label: str, heading: str) -> None:
    made = World.of(f"ladders: {{level: {{tiers: [{{id: gold, requires: {{{group}}}}}]}}}}")
    whole = made.standing(DAY).tiers["level"].rows["gold"][0]
    assert (whole.label, whole.heading) == (label, heading)


@pytest.mark.parametrize(
    ("number", "line", "result"),
    [
        ("{ratio: [visits, sales]}", "at_least: 50%", "met"),
        ("{ratio: [visits, sales]}", "above: 50%", "unmet"),
        ("{product: [{ratio: [1, sales]}, 6]}", "at_least: 1", "met"),
        ("{sum: [{ratio: [1, visits]}, {ratio: [1, visits]}, {ratio: [1, visits]}]}", "at_least: 1", "met"),
        ("{ratio: [sales, visits]}", "is: 2", "met"),
    ],
)
def test_lines_are_compared_exactly(number: str, line: str, result: str) -> None:
    """Three visits, six sales: half is half, and three thirds are one."""
    made = World.of(
        LADDER.replace("requirements:\n", f"  asked: {number}\nrequirements:\n  reached: {{measure: asked, {line}}}\n")
    )
    made.event("transactions", "2024-02-01", quantity=6)
    for _ in range(3):
        made.event("activities", "2024-02-01", kind="x")
    assert made.standing(DAY).requirements["reached"] == result
