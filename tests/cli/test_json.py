"""Every command that answers does so in JSON too, in the shape that its schema says; failures as well."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from swingby.cli import COMMANDS
from tests.cli.conftest import Run, write
from tools.json_shapes import ANSWERS, FOLDER, WITHOUT_ANSWER, failure_schema, schema_of, written

DAY = ("--as-of", "2024-03-31")
SPAN = ("--from", "2024-02-01", "--to", "2024-03-31")
CATALOGUE = Path(__file__).resolve().parents[2] / "examples" / "thornquay" / "catalogue"
CALLS = {
    "init": ("init", "new"),
    "check": ("check", "program", "facts"),
    "validate": ("validate", "program", "mixed"),
    "load": ("load", "program", "facts", "mixed"),
    "assess": ("assess", "program", "facts", *DAY),
    "explain": ("explain", "program", "facts", "bolt", *DAY),
    "history": ("history", "program", "facts", "acme", *DAY),
    "path": ("path", "program", "facts", "--partner", "acme", *DAY),
    "decide": ("decide", "program", "facts", *DAY, "--to", "out"),
    "replay": ("replay", "reviews/tried-2024-03-31.json", "--late"),
    "describe": ("describe", "program"),
    "difference": ("difference", "program", "other"),
    "evidence": ("evidence", "exposure", "program", "facts", "--to", "2024-03-31"),
    "enablement": ("enablement", "check", str(CATALOGUE)),
    "compare": ("compare", "program", "stricter", "facts", *DAY, "--price", "seats=100"),
    "backtest": ("backtest", "stricter", "facts", "--against", "program", *SPAN),
    "test": ("test", "other", "program/scenarios"),
    "generate": ("generate", "example", "--partners", "3"),
    "completion": ("completion", "bash"),
}
FAILURES = {
    "program-errors": ("explain", "broken", "facts", "bolt"),
    "file-unreadable": ("describe", "nowhere"),
    "facts-folder": ("assess", "program", "nowhere"),
    "mapping-errors": ("validate", "program", "facts", "--mapping", "mapping.yaml"),
    "partner-unknown": ("explain", "program", "facts", "nobody"),
    "guard": ("load", "program", "facts", "mixed", "--mode", "snapshot"),
    "rows-bad": ("load", "program", "facts", "mixed", "--all-or-nothing"),
    "no-scenarios": ("test", "program", "empty"),
    "nothing-to-compare": ("compare", "program", "renamed", "facts", *DAY),
    "no-reviews": ("backtest", "other", "facts", "--against", "program", "--from", "2024-03-30", "--to", "2024-03-30"),
    "tier-unknown": ("path", "program", "facts", "--partner", "bolt", "--to", "glory", *DAY),
    "folder-taken": ("init", "program"),
    "file-missing": ("replay", "nowhere.json"),
    "misused": ("decide", "program", "facts"),
    "options-exclusive": ("describe", "program", "--markdown"),
}


@pytest.fixture
def place(run: Run, program: Path, facts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with what the calls name."""
    monkeypatch.chdir(tmp_path)
    text = (program / "program.yaml").read_text()
    write(tmp_path / "other", {"program.yaml": text.replace("earn: 10", "earn: 20")})
    gone = text.replace("total, at_least: 30", "total, at_least: 40")
    write(tmp_path / "stricter", {"program.yaml": f"{gone}benefits: {{seats: {{value: {{by: level, gold: 2}}}}}}\n"})
    write(tmp_path / "renamed", {"program.yaml": text.replace("  level:", "  rank:")})
    write(tmp_path / "broken", {"program.yaml": text.replace("score: total", "score: totel")})
    rows = "fact_id,organization,kind,happened_on\nn1,acme,visit,2024-03-01\nn2,acme,visit,soon\n"
    write(tmp_path / "mixed", {"activities.csv": rows, "employments.csv": "organization,person,starts_on\nbolt,bea,\n"})
    write(tmp_path, {"mapping.yaml": "files: [{read: x, as: y}]\n"})
    (tmp_path / "empty").mkdir()
    assert run("decide", "program", "facts", *DAY, "--to", "reviews").exit_code == 0
    write(
        facts,
        {"activities.2.csv": "organization,kind,happened_on,recorded_at\nbolt,visit,2024-03-03,2024-05-01T08:00Z\n"},
    )
    return tmp_path


def problems(document: Any, schema: dict[str, Any]) -> list[str]:
    return [error.message for error in Draft202012Validator(schema).iter_errors(document)]


def test_every_command_has_a_shape_or_no_answer() -> None:
    assert {*ANSWERS, *WITHOUT_ANSWER} == set(COMMANDS)
    # The first two need a database, the third more partners than there are here; see test_experiments.py.
    assert {*CALLS, "backup", "restore", "experiment"} == set(ANSWERS)


def test_the_schemas_are_up_to_date() -> None:
    found = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}
    assert found == written(), "run python -m tools.json_shapes"


@pytest.mark.parametrize("name", CALLS)
def test_an_answer_has_the_shape_that_its_schema_says(run: Run, place: Path, name: str) -> None:
    shown = run(*CALLS[name], "--json")
    document = json.loads(shown.stdout)
    assert shown.exit_code in {0, 1}
    assert problems(document, schema_of(ANSWERS[name], is_closed=True)) == []
    assert document


@pytest.mark.parametrize("code", FAILURES)
def test_a_failure_is_a_document_too(run: Run, place: Path, code: str) -> None:
    shown = run(*FAILURES[code], "--json")
    document = json.loads(shown.stdout)
    assert problems(document, failure_schema()) == []
    error = document["error"]
    expected = "program-errors" if code == "file-unreadable" else code
    assert (error["code"], error["exit_code"]) == (expected, shown.exit_code)
    assert shown.exit_code not in {0, 4}
    assert error["hint"]
    assert error["message"].splitlines()[0] in shown.stderr


def test_located_problems_stand_beside_the_error(run: Run, place: Path) -> None:
    document = json.loads(run(*FAILURES["program-errors"], "--json").stdout)
    assert [(issue["level"], issue["code"], issue["location"].split(":")[0]) for issue in document["issues"]] == [
        ("error", "reference-unknown", "program.yaml")
    ]
    mapping = json.loads(run(*FAILURES["mapping-errors"], "--json").stdout)
    assert [issue["location"] for issue in mapping["issues"]] == ["mapping.yaml:1:23"]


def test_what_a_delivery_would_have_changed_stands_beside_the_error(run: Run, place: Path) -> None:
    document = json.loads(run(*FAILURES["guard"], "--json").stdout)
    assert {change["kind"]: change["vanished"] for change in document["facts"]}["activities"] == 6
