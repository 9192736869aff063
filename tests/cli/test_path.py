"""What ``swingby path`` prints, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from swingby.errors import ExitCode
from tests.cli.conftest import Run, write

ASKED = ("--partner", "bolt", "--as-of", "2024-03-11")
pytestmark = pytest.mark.slow


@pytest.fixture
def planned(program: Path) -> Path:
    """The program, in which visits and certificates are what partners can do."""
    text = (program / "program.yaml").read_text()
    text = text.replace(
        "of: credentials}", "of: credentials, control: controllable, effort: {hours: 30, lead_days: 10}}"
    )
    text = text.replace("per: quarter}}", "per: quarter}, control: controllable, effort: {hours: 2, money: 25}}")
    write(program, {"program.yaml": text})
    return program


def with_people(facts: Path) -> Path:
    staff = (facts / "employments.csv").read_text() + "e2,bolt,bea,2024-01-01\n"
    write(facts, {"employments.csv": staff})
    return facts


def test_a_path_is_told_step_by_step(run: Run, planned: Path, facts: Path) -> None:
    shown = run("path", planned, with_people(facts), *ASKED, "--to", "gold")
    assert (shown.exit_code, shown.stdout) == (
        0,
        """\
bolt on 2024-03-11, Tried 1
level: member → gold

1. Visits: 2 more
   start on 2024-03-11, counts from 2024-03-11; 4 hours, 50 USD
   unlocks: Points at least 30
   Points: 20 more, 30 of 30
2. Certified people: 1 more
   start on 2024-03-11, counts from 2024-03-21; 30 hours
   bea
   unlocks: Certified people at least 1

gold is given at the review of 2024-03-21
ready by 2024-03-21; 34 hours, 50 USD in all
Checked: the engine was run with these steps.
""",
    )


def test_a_day_too_early_is_a_negative_answer(run: Run, planned: Path, facts: Path) -> None:
    shown = run("path", planned, with_people(facts), *ASKED, "--by", "2024-03-15")
    assert (shown.exit_code, shown.stdout.splitlines()[-1]) == (
        ExitCode.NEGATIVE,
        "No review by 2024-03-15 can give gold; the first that can is on 2024-03-21.",
    )


def test_a_path_in_json_says_the_same(run: Run, planned: Path, facts: Path) -> None:
    shown = run("path", planned, with_people(facts), *ASKED, "--json")
    found = json.loads(shown.stdout)
    assert [(step["rule"], step["count"], step["people"]) for step in found["steps"]] == [
        ("visited", 2, []),
        ("people", 1, ["bea"]),
    ]
    assert found["effort"] == {"hours": "34", "money": "50", "seats": "0"}


def test_an_unknown_partner_is_an_error(run: Run, planned: Path, facts: Path) -> None:
    shown = run("path", planned, facts, "--partner", "nobody", "--as-of", "2024-03-11")
    assert (shown.exit_code, shown.stderr.splitlines()[0]) == (
        ExitCode.UNUSABLE,
        "error [partner-unknown]: nobody was not enrolled on 2024-03-11.",
    )


def test_a_program_that_says_nothing_of_what_can_be_done_is_told_so(run: Run, program: Path, facts: Path) -> None:
    shown = run("path", program, facts, *ASKED, "--to", "gold").stdout
    assert shown.split("\n\n")[1] == (
        "Nothing can be proposed: no rule says what a partner can do about visited, people.\n"
        "Write `control: controllable` and an `effort` there where a partner can do it."
    )
    assert "gold is possible, if what is missing comes too, at the review of" in shown
    assert "Nothing more to do" not in shown
    assert "Checked" not in shown


def test_what_a_partner_can_only_hope_for_is_told_from_what_nobody_said(run: Run, program: Path, facts: Path) -> None:
    text = (program / "program.yaml").read_text()
    text = text.replace("of: credentials}", "of: credentials, control: outcome}")
    text = text.replace("per: quarter}}", "per: quarter}, control: influenced}")
    write(program, {"program.yaml": text})
    shown = run("path", program, facts, *ASKED, "--to", "gold").stdout
    assert "Nothing can be proposed: what is missing does not lie in the partner's hands.\n" in shown


def test_a_line_that_must_stay_low_is_one_too_many_in_a_path(run: Run, program: Path, facts: Path) -> None:
    text = (program / "program.yaml").read_text()
    old = "{score: total, at_least: 30}, {measure: people, at_least: 1}"
    write(program, {"program.yaml": text.replace(old, "{measure: people, at_most: 0}")})
    shown = run("path", program, facts, "--partner", "acme", "--as-of", "2024-03-11", "--to", "gold").stdout
    assert "  Certified people at most 0: 1, 1 too many (the program does not say what a partner can do)" in shown
