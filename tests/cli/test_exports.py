"""The exports under examples/exports: validated, loaded, loaded again, assessed."""

from __future__ import annotations

import json
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from swingby.engine import assess
from swingby.facts import read_folder
from swingby.program import load
from tests.cli.conftest import Run

EXPORTS = Path(__file__).parents[2] / "examples" / "exports"
NUMBERS = ("won", "experts", "total", "sold_through")
BAD = {
    "crm": [
        ("opportunities.csv", 8, "Close Date", "31.06.2025", "date-impossible"),
        ("opportunities.csv", 9, "Amount", "4,120.00", "number-shape"),
        ("opportunities.csv", 12, "Stage", "On Hold", "value-unmapped"),
    ],
    "learning": [("completions.txt", 8, "Completed At", "6/31/2025 8:30 PM", "date-impossible")],
    "point-of-sale": [("sell-through-2025-06.csv", 11, "Ship Date", "17/6/2025", "date-impossible")],
}
LOADED = {
    "crm": {"deals": (6, 0), "deal_parties": (9, 0)},
    "learning": {"credentials": (3, 0), "courses": (6, 0)},
    "point-of-sale": {"point_of_sale": (6, 0)},
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXPORTS, tmp_path / "exports"))


def load_all(run: Run, place: Path) -> dict[str, dict[str, tuple[int, int]]]:
    found = {}
    for name in LOADED:
        result = run("load", place / "program", place / "facts", place / name, "--as-recorded", "--json")
        assert result.exit_code == 1, result.output  # Each export has a bad row.
        changes: list[dict[str, Any]] = json.loads(result.stdout)["facts"]
        found[name] = {each["kind"]: (each["new"], each["changed"] + each["vanished"]) for each in changes}
    return found


@pytest.mark.parametrize("name", BAD)
def test_bad_rows_are_told_in_the_words_of_the_export(run: Run, place: Path, name: str) -> None:
    result = run("validate", place / "program", place / name, "--json")
    issues = json.loads(result.stdout)["issues"]
    errors = [issue for issue in issues if issue["level"] == "error"]
    listed = [(each["file"], each["line"], each["column"], each["value"], each["code"]) for each in errors]
    assert (result.exit_code, listed) == (1, BAD[name])


def test_exports_become_standings_and_nothing_changes_the_second_time(run: Run, place: Path) -> None:
    assert load_all(run, place) == LOADED
    files = sorted(path.name for path in (place / "facts").iterdir())
    nothing = {name: dict.fromkeys(kinds, (0, 0)) for name, kinds in LOADED.items()}
    assert load_all(run, place) == nothing
    assert sorted(path.name for path in (place / "facts").iterdir()) == files

    program = load(place / "program").program
    assert program is not None
    with read_folder(place / "facts", program) as facts:
        standings = assess(program, facts, as_of=date(2025, 6, 30))
        values = {
            standing.enrolment: (
                standing.tiers["level"].tier,
                *(f"{standing.numbers[name].value or Decimal(0):.2f}" for name in NUMBERS),
            )
            for standing in standings
        }
    assert values == {
        "brackenholt": ("member", "0.00", "0.00", "0.00", "0.00"),
        "merrowick": ("gold", "22250.50", "1.00", "40.00", "9234.00"),
        "tarnwick": ("select", "4120.00", "1.00", "10.00", "23563.80"),
    }


def test_a_name_that_is_added_later_makes_its_lines_count(run: Run, place: Path) -> None:
    load_all(run, place)
    names = place / "facts" / "organization_names.csv"
    names.write_text(names.read_text() + "Tarnwick Lab,tarnwick\n")
    program = load(place / "program").program
    assert program is not None
    with read_folder(place / "facts", program) as facts:
        query = "SELECT fact_id FROM fact_point_of_sale WHERE organization = 'tarnwick' ORDER BY 1"
        assert facts.connection.execute(query).fetchall() == [("CD-77002",), ("CD-77003",), ("CD-77007",)]


def test_the_how_to_works_as_it_is_written(run: Run, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each export has bad rows, so that commands end with 1; an error would end them with 2 or more."""
    monkeypatch.chdir(place)
    page = (EXPORTS.parents[1] / "docs/how-to/load-your-first-export.md").read_text()
    commands = [line.split()[1:] for line in page.splitlines() if line.startswith("swingby ")]
    assert [(words[0], run(*words).exit_code) for words in commands] == [("validate", 1), ("load", 1), ("load", 1)]


def test_the_mapping_of_the_how_to_works_too(run: Run, place: Path) -> None:
    page = (EXPORTS.parents[1] / "docs/how-to/load-your-first-export.md").read_text()
    mapping = place / "first.yaml"
    mapping.write_text(page.split("```yaml\n")[1].split("```")[0])
    found = json.loads(
        run("validate", place / "program", place / "crm/opportunities.csv", "--mapping", mapping, "--json").stdout
    )
    assert [(each["table"], each["rows"]) for each in found["files"]] == [("deals", 10)]
    errors = [issue for issue in found["issues"] if issue["level"] == "error"]
    assert [(each["file"], each["line"], each["column"], each["value"], each["code"]) for each in errors] == BAD["crm"]
