"""The words for what is missing to the next tier: alternatives read as alternatives, at every depth."""

from __future__ import annotations

from pathlib import Path

import pytest

from swingby.cli.assess import missing
from swingby.engine import TierStanding
from tests.cli.conftest import PROGRAM, Run, write
from tests.soundness.worlds import World

RULES = """
measures:
  visits: {label: Visits, count: facts, of: activities, over: ever}
  sales: {label: Sales, sum: quantity, of: transactions, over: ever}
requirements:
  either: {any: [{measure: visits, at_least: 9}, {measure: sales, at_least: 9}]}
ladders:
  level:
    tiers: [{id: gold, requires: %s}]
"""
VISITS, SALES = "{measure: visits, at_least: 4}", "{measure: sales, at_least: 5}"


def standing(requires: str) -> TierStanding:
    """Three visits and two sales, without any paper."""
    made = World.of(RULES % requires).event("transactions", "2024-02-01", quantity=2)
    for _ in range(3):
        made.event("activities", "2024-02-01", kind="x")
    return made.standing("2024-06-30").tiers["level"]


@pytest.mark.parametrize(
    ("requires", "words"),
    [
        (VISITS, "Visits at least 4 (1 to go)"),
        (f"{{all: [{VISITS}, {SALES}]}}", "Visits at least 4 (1 to go); Sales at least 5 (3 to go)"),
        (f"{{any: [{VISITS}, {SALES}]}}", "one of: Visits at least 4 (1 to go) or Sales at least 5 (3 to go)"),
        (
            f"{{all: [{{decision: paper}}, {{any: [{VISITS}, {SALES}]}}]}}",
            "paper: approved; one of: Visits at least 4 (1 to go) or Sales at least 5 (3 to go)",
        ),
        (
            f"{{any: [{VISITS}, {{all: [{{measure: visits, at_least: 2}}, {{decision: paper}}, {SALES}]}}]}}",
            "one of: Visits at least 4 (1 to go) or (all of: paper: approved and Sales at least 5 (3 to go))",
        ),
        (
            f"{{count: [{{measure: visits, at_least: 2}}, {VISITS}, {SALES}], at_least: 2}}",
            "at least 2 of: Visits at least 2 (met), Visits at least 4 (1 to go) or Sales at least 5 (3 to go)",
        ),
        ("{none: [{measure: visits, at_least: 2}, {decision: paper}]}", "none of: Visits at least 2 (met)"),
        (
            f"{{all: [{{any: [{VISITS}, {SALES}], label: Enough work}}, {{decision: paper}}]}}",
            "Enough work; paper: approved",
        ),
        ("{all: [{requirement: either}, {decision: paper}]}", "either; paper: approved"),
        ("{requirement: either}", "either (one of: Visits at least 9 (6 to go) or Sales at least 9 (7 to go))"),
    ],
)
def test_what_is_missing_reads_as_it_is_meant(requires: str, words: str) -> None:
    assert missing(standing(requires)) == words


def test_assess_and_explain_name_alternatives(run: Run, program: Path, facts: Path) -> None:
    old, new = "{score: total, at_least: 30}", "{any: [{score: total, at_least: 30}, {decision: waived}]}"
    write(program, {"program.yaml": PROGRAM.replace(old, new)})
    day = ("--as-of", "2024-03-31")
    (line,) = [line for line in run("assess", program, facts, *day).stdout.splitlines() if line.startswith("bolt")]
    assert line.split(maxsplit=4)[4] == (
        "one of: Points at least 30 (20 to go) or waived: approved; Certified people at least 1 (1 to go)"
    )
    shown = run("explain", program, facts, "bolt", *day).stdout
    assert shown[shown.index("  gold") :].split("\n\n")[0].splitlines() == [
        "  gold",
        "    ✗ All of",
        "      ✗ One of",
        "        ✗ Points at least 30: 10, 20 to go",
        "        ✗ waived: approved",
        "      ✗ Certified people at least 1: 0, 1 to go",
    ]


def test_a_scenario_that_fails_names_alternatives_as_a_whole(run: Run, program: Path) -> None:
    old, new = "{score: total, at_least: 30}", "{any: [{decision: waived}, {score: total, at_least: 30}]}"
    write(program, {"program.yaml": PROGRAM.replace(old, new)})
    lines = "- {name: gold, as_of: 2024-03-31, expect: {tiers: {level: gold}}}\n"
    write(program / "scenarios", {"all.yaml": lines})
    assert "found member (one of: waived: approved or Points at least 30)" in run("test", program).stdout
    write(program / "scenarios", {"all.yaml": lines.replace("as_of", "given: {total: 30}, as_of")})
    assert "found member (Certified people at least 1: 0 against 1)" in run("test", program).stdout
