"""An experiment from the command line: planned, registered, looked at."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from swingby.cli import main
from tests.cli.test_evidence import ask, written
from tests.insight.experiments.test_cards import company as tables
from tools.json_shapes import ANSWERS, schema_of

ACT = ("--act", "credentials", "--where", "level=advanced", "--said", "coaching")
PLAN = (*ACT, "--outcome", "deal-size", "--start", "2024-08-01", "--before", "6", "--seed", "7", "--on", "2024-07-31")


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eighty partners of which nobody was coached."""
    found = {name: rows for name, rows in tables().items() if rows}
    return written(tmp_path_factory.mktemp("company"), found)


def plan(company: Path, *words: object) -> Result:
    places = [str(company / name) for name in ("program", "facts")]
    return CliRunner().invoke(
        main, ["experiment", "plan", *places, *PLAN, "--plan", str(company / "plan.json"), *map(str, words)]
    )


@pytest.fixture(scope="module")
def planned(company: Path) -> Result:
    return plan(company)


def test_a_plan_tells_the_waves_what_will_be_seen_and_what_to_register(company: Path, planned: Result) -> None:
    lines = planned.stdout.splitlines()
    assert (planned.exit_code, planned.stderr) == (0, "")
    assert lines[0] == f"{company / 'plan.json'} is written."
    assert lines[2:6] == [
        "wave  invited from  partners",
        "----  ------------  --------",
        "   1  2024-08-01          40",
        "   2  2025-02-01          40",
    ]
    assert "An effect of 12 % will be seen by then in 80 of 100 such experiments" in planned.stdout
    assert lines[-2:] == [
        "Register this before 2024-08-01:",
        json.loads((company / "plan.json").read_text())["hash"],
    ]


def test_a_plan_is_never_overwritten_by_another(company: Path, planned: Result) -> None:
    again, other = plan(company, "--json"), plan(company, "--seed", 8)
    answer = json.loads(again.stdout)
    schema = schema_of(ANSWERS["experiment"], is_closed=True)
    assert [error.message for error in Draft202012Validator(schema).iter_errors(answer)] == []
    assert (answer["is_new"], answer["hash"]) == (False, planned.stdout.splitlines()[-1])
    assert (other.exit_code, "never overwritten" in other.stderr) == (3, True)


def test_it_is_looked_at_with_the_hash_that_was_registered(company: Path, planned: Result) -> None:
    registered = planned.stdout.splitlines()[-1]
    words = ("--plan", company / "plan.json", "--registered", registered, "--to", "2025-01-31", "--width", 200)
    shown = ask(company, "experiment", *words, "--html", company / "x.html", "--pdf", company / "x.pdf")
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert shown.stdout.startswith("Does coaching raise deal size, as the lot fell?\n\nNOT SHOWN. ")
    assert "Decision: Stop: the planned end has come." in shown.stdout
    assert "still waiting" in (company / "x.html").read_text()
    assert (company / "x.pdf").read_bytes().startswith(b"%PDF-")


def test_another_hash_is_refused(company: Path, planned: Result) -> None:
    assert planned.exit_code == 0
    shown = ask(company, "experiment", "--plan", company / "plan.json", "--registered", "sha256:00")
    assert (shown.exit_code, "not the one that was registered" in shown.stderr) == (3, True)
