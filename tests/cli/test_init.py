"""``swingby init``: what it writes holds at once, and nothing that is there is touched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from swingby.cli.init import STARTER
from swingby.errors import ExitCode
from tests.cli.conftest import Run

DAY = ("--as-of", "2025-12-31")
FILES = [
    "delivery/completions-2025-12.csv",
    "delivery/mapping.yaml",
    "facts/activities.csv",
    "facts/credential_types.csv",
    "facts/credentials.csv",
    "facts/employments.csv",
    "facts/enrolments.csv",
    "facts/mails.csv",
    "facts/organizations.csv",
    "facts/people.csv",
    "program/program.yaml",
    "program/scenarios/first.yaml",
]


def tiers(run: Run, begun: Path) -> dict[str, str]:
    found = json.loads(run("assess", begun / "program", begun / "facts", *DAY, "--json").stdout)
    return {item["enrolment"]: item["tiers"]["level"]["tier"] for item in found}


@pytest.fixture
def begun(run: Run, tmp_path: Path) -> Path:
    shown = run("init", tmp_path / "ours", "--json")
    assert (shown.exit_code, json.loads(shown.stdout)["files"]) == (0, FILES)
    return tmp_path / "ours"


def test_everything_in_it_holds(run: Run, begun: Path) -> None:
    program, facts, delivery = (begun / name for name in ("program", "facts", "delivery"))
    checked = run("check", program, facts)
    assert (checked.exit_code, checked.stderr) == (0, "")
    assert run("test", program).stdout == "4 passed, 0 failed\n"
    assert run("validate", program, facts).exit_code == 0
    assert tiers(run, begun) == {"birchway": "gold", "fenmoor": "member", "larkhill": "member"}
    assert run("load", program, facts, delivery).exit_code == 0
    assert tiers(run, begun) == {"birchway": "gold", "fenmoor": "select", "larkhill": "member"}


def test_the_commands_that_it_names_answer(run: Run, tmp_path: Path) -> None:
    shown = run("init", tmp_path / "ours")
    lines = [line.split()[1:] for line in shown.stdout.splitlines() if line.startswith("  swingby ")]
    assert [line[0] for line in lines] == ["check", "test", "assess", "load"]
    assert [run(*line).exit_code for line in lines] == [0, 0, 0, 0]


def test_an_empty_folder_will_do(run: Run, tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    assert run("init", tmp_path / "ours").exit_code == 0


def test_nothing_that_is_there_is_touched(run: Run, begun: Path) -> None:
    (begun / "program" / "program.yaml").write_text("mine")
    shown = run("init", begun)
    assert (shown.exit_code, shown.stderr.split(":")[0]) == (ExitCode.UNUSABLE, "error [folder-taken]")
    assert (begun / "program" / "program.yaml").read_text() == "mine"
    assert [path.name for path in begun.parent.iterdir()] == ["ours"]


def test_an_example_is_copied(run: Run, tmp_path: Path) -> None:
    shown = run("init", tmp_path / "ours", "--from", "lanternbay")
    assert shown.exit_code == 0
    assert run("test", tmp_path / "ours").exit_code == 0


def test_an_example_that_is_not_there_names_those_that_are(run: Run, tmp_path: Path) -> None:
    shown = run("init", tmp_path / "ours", "--from", "lanternbuy")
    assert (shown.exit_code, "lanternbay" in shown.stderr, (tmp_path / "ours").exists()) == (3, True, False)


def test_the_starter_is_part_of_what_is_installed() -> None:
    import tomllib

    settings = tomllib.loads((STARTER.parents[3] / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = settings["tool"]["setuptools"]["package-data"]["swingby"]
    package = STARTER.parents[1]
    packaged = {path for pattern in patterns for path in package.glob(pattern)}
    assert {path for path in STARTER.rglob("*") if path.is_file()} <= packaged
