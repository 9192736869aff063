"""The words for what is missing to the next tier: alternatives read as alternatives, at every depth."""

from __future__ import annotations

import json
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
        ("{measure: visits, at_most: 1}", "Visits at most 1 (2 too many)"),
        ("{measure: sales, below: 2}", "Sales below 2 (must be less)"),
        ("{measure: visits, above: 3}", "Visits above 3 (must be more)"),
        (
            f"{{any: [{{measure: visits, at_most: 2}}, {SALES}]}}",
            "one of: Visits at most 2 (1 too many) or Sales at least 5 (3 to go)",
        ),
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


GROUPS = """
requirements:
  few: {label: Few visits or a plan, any: [{score: total, at_most: 10}, {measure: people, at_least: 9}, {decision: plan}]}
ladders:
  level:
    tiers:
      - {id: member}
      - id: gold
        requires:
          all:
            - {requirement: few}
            - {score: total, above: 10}
            - {none: [{measure: people, at_least: 5}, {decision: barred}], label: Small and in good standing}
            - {none: [{measure: people, below: 3}, {decision: barred}]}
"""


@pytest.fixture
def grouped(program: Path) -> Path:
    """A tier that asks for groups of every kind."""
    text = PROGRAM[: PROGRAM.index("ladders:")] + GROUPS
    return write(program, {"program.yaml": text})


def test_explain_tells_what_is_not_needed_and_what_must_not_be(run: Run, grouped: Path, facts: Path) -> None:
    shown = run("explain", grouped, facts, "bolt", "--as-of", "2024-03-31").stdout
    assert shown[shown.index("  gold") :].split("\n\n")[0].splitlines() == [
        "  gold",
        "    ✗ All of",
        "      ✓ Few visits or a plan",
        "        ✓ Points at most 10: 10",
        "        – Certified people at least 9: 0, not needed",
        "        – plan: approved, not needed",
        "      ✗ Points above 10: 10, must be more",
        "      ✓ Small and in good standing",
        "        ✓ Certified people at least 5: 0, not so, as asked",
        "        ✓ barred: approved, not so, as asked",
        "      ✗ None of",
        "        ✗ Certified people below 3: 0, must not be so",
        "        ✓ barred: approved, not so, as asked",
    ]


def test_explain_says_that_a_line_that_must_stay_low_is_passed(run: Run, grouped: Path, facts: Path) -> None:
    shown = run("explain", grouped, facts, "acme", "--as-of", "2024-03-31").stdout
    assert "        ✗ Points at most 10: 30, 20 too many\n" in shown
    assert "to go" not in shown.replace("8 to go", "")


def test_a_scenario_that_fails_names_alternatives_as_a_whole(run: Run, program: Path) -> None:
    old, new = "{score: total, at_least: 30}", "{any: [{decision: waived}, {score: total, at_least: 30}]}"
    write(program, {"program.yaml": PROGRAM.replace(old, new)})
    lines = "- {name: gold, as_of: 2024-03-31, expect: {tiers: {level: gold}}}\n"
    write(program / "scenarios", {"all.yaml": lines})
    assert "found member (one of: waived: approved or Points at least 30)" in run("test", program).stdout
    write(program / "scenarios", {"all.yaml": lines.replace("as_of", "given: {total: 30}, as_of")})
    assert "found member (Certified people at least 1: 0 against 1)" in run("test", program).stdout


def test_explain_says_until_when_a_tier_can_be_mended(run: Run, program: Path, facts: Path) -> None:
    write(
        program, {"program.yaml": PROGRAM + "    promote: {each: month}\n    demote: {each: quarter, grace: 45 days}\n"}
    )
    staff = "fact_id,organization,person,starts_on,ends_on\ne1,acme,ann,2024-01-01,2024-03-10\n"
    write(facts, {"employments.csv": staff})
    shown = run("explain", program, facts, "acme", "--as-of", "2024-03-20").stdout
    assert shown.split("\n  member\n")[0].split("  gold\n")[0].splitlines()[2:] == [
        "level: gold, since 2024-03-01",
        "  earned on the day: member; the tier held changes at a review",
        "  what keeps gold has not been met since 2024-03-10",
        "  can be mended until 2024-06-30, one day is enough; if not, member from 2024-07-01",
        "  next demotion: 2024-04-01",
    ]
    shown = run("explain", program, facts, "acme", "--as-of", "2024-04-01").stdout
    assert "  kept at the review of 2024-04-01 by its grace: last met on 2024-03-09\n" in shown
    told = json.loads(run("explain", program, facts, "acme", "--as-of", "2024-04-01", "--json").stdout)["mending"]
    assert (told["level"]["missed_since"], told["level"]["lost_on"], told["level"]["then"]) == (
        "2024-03-10",
        "2024-07-01",
        "member",
    )
