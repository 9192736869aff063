"""The oracle's runner finds what is wrong in a scenario, in every section, and nothing else."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from tests.scenarios.by_oracle import disagreements, rules_of, same
from tests.scenarios.nearby import neighbours
from tests.scenarios.together import program_of, scenarios_of

PROGRAM = """
program: {id: p, version: "1", effective: 2025-01-01, currency: USD}
tables: {kind: [new, old]}
tracks: {line: {chosen: line, otherwise: main}}
accounts: {wallet: {unit: USD, expires: {after: 1 month}}}
measures:
  sales: {by: kind, sum: amount, of: transactions, over: {last: 12 months}}
  best: {greatest: {measure: sales}, each: kind}
points: {bonus: {based_on: {measure: best}, earn: {rate: 1, per: 10}, cap: 5}}
scores: {total: {sum: [bonus]}}
requirements: {rich: {measure: best, at_least: 30}}
incentives:
  paid: {for_each: transactions, where: {kind: new}, earn: {rate: 50%, of: amount}, into: wallet}
ladders:
  level: {tiers: [{id: low}, {id: high, requires: {all: [{requirement: rich}, {score: total, above: 3}]}}]}
"""
FACTS = """
- name: one
  facts:
    transactions: [{kind: [new, old], amount: [40, 20], happened_on: 2025-02-01, recorded_at: 2025-02-03T00:00:00}]
    decisions: [{topic: line, outcome: second}]
"""
RIGHT = """
  as_of: 2025-02-10
  expect:
    tiers: {level: high}
    measures: {sales: {new: 40, old: 20}, best: ~40}
    points: {bonus: 4}
    scores: {total: 4}
    requirements: {rich: met}
    tracks: {line: second}
    incentives: {paid: 20}
    accounts: {wallet: {balance: 20, opened: 20, used: 0, expired: 0, lots: [{amount: 20, left: 20, expires: 2025-03-01}]}}
    rows: {level.high: {rich: {value: 40, threshold: 30, gap: 0, result: met}, total: {value: 4}, best: {gap: 0}}}
"""


def told(folder: Path, text: str, program: str = PROGRAM) -> list[str]:
    """What the oracle does not confirm: what, expected, found."""
    (folder / "scenarios").mkdir(exist_ok=True)
    (folder / "program.yaml").write_text(program, encoding="utf-8")
    (folder / "scenarios/all.yaml").write_text(text, encoding="utf-8")
    found = disagreements(rules_of(folder), program_of(folder), scenarios_of(folder))
    return [f"{item.what}: {item.expected}, not {item.found}" for item in found]


def test_what_is_right_is_confirmed(tmp_path: Path) -> None:
    assert told(tmp_path, FACTS + RIGHT) == []


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("level: high", "level: low", "tiers.level: low, not high"),
        ("new: 40", "new: 41", "measures.sales[new]: 41, not 40"),
        ("best: ~40", "best: ~41", "measures.best: ~41, not 40"),
        ("bonus: 4", "bonus: 4.01", "points.bonus: 4.01, not 4"),
        ("scores: {total: 4}", "scores: {total: undefined}", "scores.total: undefined, not 4"),
        ("rich: met", "rich: unmet", "requirements.rich: unmet, not met"),
        ("line: second}\n    inc", "line: main}\n    inc", "tracks.line: main, not second"),
        ("paid: 20", "paid: 19", "incentives.paid: 19, not 20"),
        ("balance: 20", "balance: 0", "accounts.wallet.balance: 0, not 20"),
        ("left: 20", "left: 3", "accounts.wallet.lots.0.left: 3, not 20"),
        ("expires: 2025-03-01", "expires: 2025-03-02", "accounts.wallet.lots.0.expires: 2025-03-02, not 2025-03-01"),
        ("lots: [{", "lots: [1, {", "accounts.wallet.lots: 2, not 1"),
        ("threshold: 30", "threshold: 31", "rows.level.high.rich.threshold: 31, not 30"),
        ("best: {gap: 0}", "best: {gap: 1}", "rows.level.high.best.gap: 1, not 0"),
        ("best: {gap: 0}", "worst: {gap: 0}", "rows.level.high.worst.gap: 0, not no such row"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, right: str, wrong: str, message: str) -> None:
    assert RIGHT.count(right) >= 1
    assert message in told(tmp_path, FACTS + RIGHT.replace(right, wrong, 1))


def test_numbers_set_by_hand_take_the_place_of_rules(tmp_path: Path) -> None:
    expect = "{measures: {sales: {new: 70, old: 5}, best: 70}, points: {bonus: 1}, tiers: {level: low}}"
    text = (
        FACTS
        + f"  given: {{sales: {{new: 70, old: {{2025-01-01: 5}}}}, bonus: 1}}\n  as_of: 2025-02-10\n  expect: {expect}\n"
    )
    assert told(tmp_path, text) == []


def test_a_number_is_undefined_before_its_first_day(tmp_path: Path) -> None:
    text = FACTS + "  given: {best: {2025-02-10: 5}}\n  timeline:\n"
    text += "    2025-02-09: {measures: {best: undefined}}\n    2025-02-10: {measures: {best: 5}}\n"
    assert told(tmp_path, text) == []


def test_facts_recorded_later_do_not_exist(tmp_path: Path) -> None:
    text = FACTS + "  known_at: {day}\n  as_of: 2025-02-10\n  expect: {measures: {best: {best}}}\n"
    days = [("2025-02-01", "0"), ("2025-02-02", "40")]
    assert [told(tmp_path, text.replace("{day}", day).replace("{best}", best)) for day, best in days] == [[], []]


def test_partners_are_asked_by_name(tmp_path: Path) -> None:
    text = FACTS + "  partners: {other: {joined_on: 2025-01-01}}\n  as_of: 2025-02-10\n"
    text += "  expect: {partner: {measures: {best: 40}}, other: {measures: {best: 3}}}\n"
    assert told(tmp_path, text) == ["measures.best: 3, not 0"]


@pytest.mark.parametrize(
    ("written", "numerator", "is_same"),
    [("~0.67", 2, True), ("~0.66", 2, False), ("0.67", 2, False), ("~66.7%", 2, True), ("1", 3, True), ("100%", 3, True), ("met", 3, False)],
)  # fmt: skip
def test_numbers_are_the_same_to_the_digits_written(written: str, numerator: int, *, is_same: bool) -> None:
    assert same(written, Fraction(numerator, 3)) is is_same


def test_neighbours_change_one_thing_each(tmp_path: Path) -> None:
    (tmp_path / "program.yaml").write_text(PROGRAM, encoding="utf-8")
    assert [item.what.partition(" ")[2] for item in neighbours(tmp_path)] == [
        "1 month -> 2 month", "1 month -> [1 month, 1 day]", "12 months -> 11 months", "12 months -> 13 months",
        "12 months -> [12 months, 1 day]", "12 months -> [11 months, 27 days]", "1 -> 0", "1 -> 2", "10 -> 9", "10 -> 11",
        "5 -> 4", "5 -> 6", "at_least -> above", "30 -> 29", "30 -> 31", "50% -> 49%", "50% -> 51%", "above -> at_least",
        "3 -> 2", "3 -> 4",
    ]  # fmt: skip
