"""What cannot be computed is named rule by rule, whatever the facts are, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from swingby.engine.refusals import refusals
from swingby.program import Program, load, load_text

HEADER = "program: {id: p, version: '1', effective: 2025-01-01, currency: EUR}\n"
PUBLISHED = sorted(path.parent for path in (Path(__file__).parents[2] / "examples").glob("**/program.yaml"))


def program(rules: str) -> Program:
    """A program without a word from the checks of loading."""
    loaded = load_text(HEADER + rules)
    assert loaded.program is not None
    assert [str(issue) for issue in loaded.issues if issue.level == "error"] == []
    return loaded.program


def test_every_refused_rule_is_named_once_with_its_place_and_another_way() -> None:
    found = refusals(
        program(
            "measures:\n"
            "  m: {count: person, of: credentials, where: {customer.market: PT}}\n"
            "  twice: {product: [2, {measure: m}]}\n"
            "  x: {count: {count: facts, of: usage, over: ever, credit: any, above: 1}, each: customer}\n"
            "  fine: {count: facts, of: usage, over: ever}\n"
            "points:\n"
            "  a: {for_each: deals, earn: {rate: {sum: [40, {product: [{column: amount}, 0.001]}]}}}\n"
            "ladders: {level: {tiers: [{id: low}, {id: high, requires: {measure: twice, above: 1}}], demote: {each: year}}}\n"
        )
    )
    assert [(issue.location.line, issue.location.column, issue.message.partition(":")[0]) for issue in found] == [
        (3, 64, "measures.m"),
        (5, 6, "measures.x"),
        (8, 59, "points.a"),
    ]
    assert {issue.code for issue in found} == {"not-computed"}
    assert all(issue.hint and issue.level == "error" for issue in found)
    assert str(found[2]).endswith(
        "points.a: the column amount in this place cannot be computed by this version. A number has no fact in hand. A column "
        "is read where an earning repeats over facts: {rate: {column: …}}, {product: […]}, by:, or one more scale in a list "
        "under earn."
    )


@pytest.mark.parametrize(
    "rules",
    [
        "points: {p: {for_each: deals, earn: {rate: {column: amount}}}}",
        "points: {p: {for_each: deals, earn: [40, {rate: {product: [{column: amount}, 0.001]}}]}}",
        "measures: {m: {count: person, of: credentials, where: {office.country: PT}}}",
        "ladders: {level: {tiers: [{id: a}, {id: b, requires: {decision: x}}], demote: {once: {after: 60 days}}}}",
        "calendars: {own: {month_starts: [2025-01-01, 2025-02-01]}}\nmeasures: {m: {count: facts, of: usage, over: {current: own month}}}",
        "",
    ],
)
def test_what_is_computed_is_not_refused(rules: str) -> None:
    assert refusals(program(rules)) == []


@pytest.mark.parametrize("folder", PUBLISHED, ids=lambda folder: folder.name)
def test_every_example_is_computed(folder: Path) -> None:
    found = load(folder).program
    assert found is not None
    assert refusals(found) == []


def test_rules_of_a_yearly_review_are_looked_at() -> None:
    rules = (
        "measures: {m: {count: facts, of: touches, over: {last: 12 months}, where: {customer.market: PT}}}\n"
        "ladders: {level: {tiers: [{id: a}, {id: b, requires: {decision: x}, keeps: {measure: m, above: 1}}], demote: {dates: [12-31]}}}\n"
    )
    assert [issue.location.line for issue in refusals(program(rules))] == [2]
