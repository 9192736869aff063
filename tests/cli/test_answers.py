"""What each command answers, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from swingby.errors import ExitCode
from tests.cli.conftest import Run, write

DAY = ("--as-of", "2024-03-31")


def test_check_sums_up_a_good_program(run: Run, program: Path) -> None:
    shown = run("check", program)
    assert (shown.exit_code, shown.stdout) == (
        0,
        "Tried 1, effective 2024-01-01: 3 numbers, 2 tiers; 0 errors, 0 warnings.\n",
    )


def test_check_names_every_error_with_its_place(run: Run, program: Path) -> None:
    broken = (
        (program / "program.yaml").read_text().replace("score: total", "score: totel").replace("earn: 10", "earnn: 10")
    )
    write(program, {"program.yaml": broken})
    shown = run("check", program)
    lines = [line for line in shown.stderr.splitlines() if line.startswith("program.yaml:")]
    assert shown.exit_code == ExitCode.NEGATIVE
    assert len(lines) >= 2
    assert all(line.split(":")[1].isdigit() and "error: [" in line for line in lines)


def test_check_answers_in_json(run: Run, program: Path) -> None:
    write(program, {"program.yaml": (program / "program.yaml").read_text().replace("score: total", "score: totel")})
    shown = run("check", program, "--json")
    found = json.loads(shown.stdout)
    assert shown.exit_code == ExitCode.NEGATIVE
    assert {issue["level"] for issue in found["issues"]} == {"error"}


def test_assess_shows_tier_and_what_is_missing(run: Run, program: Path, facts: Path) -> None:
    shown = run("assess", program, facts, *DAY)
    assert shown.exit_code == 0
    rows = {line.split()[0]: line for line in shown.stdout.splitlines() if line.startswith(("acme", "bolt"))}
    assert rows["acme"].split()[1:3] == ["gold", "gold"]
    assert rows["bolt"].split()[1:4] == ["member", "member", "gold"]
    assert "20 to go" in rows["bolt"]


def test_assess_in_json_keeps_every_digit(run: Run, program: Path, facts: Path) -> None:
    shown = run("assess", program, facts, *DAY, "--json")
    found = {item["enrolment"]: item for item in json.loads(shown.stdout)}
    assert {name: item["tiers"]["level"]["tier"] for name, item in found.items()} == {"acme": "gold", "bolt": "member"}
    assert found["acme"]["numbers"]["total"] == {"value": "30", "state": "known"}


def test_assess_one_partner(run: Run, program: Path, facts: Path) -> None:
    shown = run("assess", program, facts, *DAY, "--partner", "bolt", "--json")
    assert [item["enrolment"] for item in json.loads(shown.stdout)] == ["bolt"]


def test_assess_writes_everybody_into_a_folder(run: Run, program: Path, facts: Path, tmp_path: Path) -> None:
    shown = run("assess", program, facts, *DAY, "--to", tmp_path / "out")
    assert shown.exit_code == 0
    assert duckdb.sql(f"SELECT enrolment, tier FROM '{tmp_path}/out/standings/*.parquet' ORDER BY ALL").fetchall() == [
        ("acme", "gold"),
        ("bolt", "member"),
    ]
    rows = duckdb.sql(
        f"SELECT path, result FROM '{tmp_path}/out/requirements/*.parquet' WHERE enrolment = 'bolt' ORDER BY ALL"
    )
    assert rows.fetchall() == [("gold", "unmet"), ("gold.1", "unmet"), ("gold.2", "unmet")]


def test_assess_writes_everybody_or_nobody(run: Run, program: Path, facts: Path, tmp_path: Path) -> None:
    shown = run("assess", program, facts, *DAY, "--to", tmp_path / "out", "--partner", "acme")
    assert shown.exit_code == ExitCode.MISUSED
    assert not (tmp_path / "out").exists()


def test_assess_says_in_json_where_it_wrote(run: Run, program: Path, facts: Path, tmp_path: Path) -> None:
    shown = run("assess", program, facts, *DAY, "--to", tmp_path / "out", "--json")
    folders = {name: str(tmp_path / "out" / name) for name in ("standings", "requirements")}
    assert (shown.exit_code, json.loads(shown.stdout)) == (0, folders)


def test_explain_shows_value_line_and_gap(run: Run, program: Path, facts: Path) -> None:
    shown = run("explain", program, facts, "bolt", *DAY)
    assert shown.exit_code == 0
    assert "✗ Points at least 30: 10, 20 to go" in shown.stdout
    assert json.loads(run("explain", program, facts, "bolt", *DAY, "--json").stdout)["enrolment"] == "bolt"


def test_explain_shows_the_next_reviews(run: Run, program: Path, facts: Path) -> None:
    rules = (program / "program.yaml").read_text()
    write(
        program,
        {
            "program.yaml": rules.replace(
                "  level:\n", "  level:\n    promote: {each: month}\n    demote: {each: half}\n"
            )
        },
    )
    shown = run("explain", program, facts, "acme", "--as-of", "2024-04-15")
    assert [line.strip() for line in shown.stdout.splitlines() if "next" in line] == ["next demotion: 2024-07-01"]
    found = json.loads(run("explain", program, facts, "bolt", *DAY, "--json").stdout)
    assert found["next_reviews"] == {"level": {"promotion": "2024-04-01", "demotion": None}}


def test_history_adds_up(run: Run, program: Path, facts: Path) -> None:
    shown = run("history", program, facts, "acme", *DAY)
    assert (shown.exit_code, shown.stdout.splitlines()[-1]) == (0, "Together 30")
    lines = json.loads(run("history", program, facts, "acme", *DAY, "--json").stdout)
    assert [(line["fact"], line["kind"], line["amount"].rstrip("0").rstrip(".")) for line in lines] == [
        ("a1", "entry", "10"),
        ("a2", "entry", "10"),
        ("a3", "entry", "10"),
        ("a4", "cap", "-10"),
        ("a4", "entry", "10"),
    ]


def test_test_counts_what_passed(run: Run, program: Path) -> None:
    shown = run("test", program, "--verbose")
    assert (shown.exit_code, shown.stdout) == (0, "✓ nobody\n✓ three visits and one certificate\n2 passed, 0 failed\n")


def test_test_shows_where_an_expectation_failed(run: Run, program: Path) -> None:
    wrong = (program / "scenarios/all.yaml").read_text().replace("scores: {total: 30}", "scores: {total: 40}")
    write(program / "scenarios", {"all.yaml": wrong})
    shown = run("test", program)
    assert shown.exit_code == ExitCode.NEGATIVE
    assert "all.yaml:10:" in shown.stdout
    assert "scores.total: expected 40, found 30" in shown.stdout


def test_a_scenario_with_a_row_that_cannot_be_read_fails(run: Run, program: Path) -> None:
    text = "- name: lost deal\n  facts: {deals: [{stage: won}]}\n  as_of: 2024-03-31\n  expect: {scores: {total: 0}}\n"
    write(program / "scenarios", {"all.yaml": text})
    shown = run("test", program)
    assert shown.exit_code != 0
    assert "Traceback" not in shown.output


@pytest.mark.parametrize("command", ["check", "assess", "explain", "history", "test"])
def test_a_missing_program_is_said_in_words(run: Run, tmp_path: Path, command: str) -> None:
    words = {"check": (), "test": (), "assess": (tmp_path,)}.get(command, (tmp_path, "acme"))
    shown = run(command, tmp_path / "nowhere", *words)
    assert shown.exit_code in {ExitCode.NEGATIVE, ExitCode.MISUSED, 3}
    assert "nowhere" in shown.stderr
    assert "Traceback" not in shown.output
    assert isinstance(shown.exception, SystemExit)


@pytest.mark.parametrize("command", ["assess", "explain", "history"])
def test_a_missing_folder_of_facts_is_said_in_words(run: Run, program: Path, tmp_path: Path, command: str) -> None:
    words = () if command == "assess" else ("acme",)
    shown = run(command, program, tmp_path / "nowhere", *words)
    assert (shown.exit_code, isinstance(shown.exception, SystemExit)) == (3, True)
    assert "error [facts-folder]" in shown.stderr


@pytest.mark.parametrize("command", ["explain", "history"])
def test_an_unknown_partner_is_said_in_words(run: Run, program: Path, facts: Path, command: str) -> None:
    shown = run(command, program, facts, "nobody", *DAY)
    assert (shown.exit_code, isinstance(shown.exception, SystemExit)) == (3, True)
    assert "error [partner-unknown]: nobody" in shown.stderr


@pytest.mark.parametrize(
    "text", ["", "[", "program: 7\n", "a: &x 1\nb: *x\n", "\x00", "program: {id: x}\n", "- a\n- b\n", "\ufeff{}"]
)
def test_bad_yaml_is_an_error_with_a_place(run: Run, program: Path, text: str) -> None:
    write(program, {"program.yaml": text})
    shown = run("check", program)
    assert (shown.exit_code, isinstance(shown.exception, SystemExit)) == (ExitCode.NEGATIVE, True)
    assert "program.yaml" in shown.output


def test_a_program_with_errors_is_not_computed(run: Run, program: Path, facts: Path) -> None:
    write(program, {"program.yaml": (program / "program.yaml").read_text().replace("score: total", "score: totel")})
    for command, words in (("assess", ()), ("explain", ("acme",)), ("history", ("acme",))):
        shown = run(command, program, facts, *words)
        assert (shown.exit_code, isinstance(shown.exception, SystemExit)) == (3, True)
        assert "error [program-errors]" in shown.stderr


def test_an_unknown_number_is_said_in_words(run: Run, program: Path, facts: Path) -> None:
    shown = run("history", program, facts, "acme", "--number", "glory", *DAY)
    assert (shown.exit_code, "error [name-unknown]" in shown.stderr) == (3, True)


def test_a_number_of_cells_says_which_cells_have_a_history(run: Run, program: Path, facts: Path) -> None:
    """It printed an empty history that came to 0."""
    rules = (program / "program.yaml").read_text()
    by_kind = rules.replace("measures:\n", "tables: {kind: [visit, call]}\nmeasures:\n").replace(
        "scores:\n", "  made: {for_each: activities, earn: 5, by: kind}\nscores:\n"
    )
    write(program, {"program.yaml": by_kind})
    shown = run("history", program, facts, "acme", "--number", "made", *DAY)
    assert (shown.exit_code, shown.stderr) == (
        3,
        (
            "error [name-unknown]: made has one value for each cell.\n"
            "  Name one of them with --number: 'made[call]', 'made[visit]'.\n"
        ),
    )
    one = run("history", program, facts, "acme", "--number", "made[visit]", *DAY)
    assert (one.exit_code, one.stdout.splitlines()[-1]) == (0, "Together 20")


def test_a_bad_row_is_told_and_left_out(run: Run, program: Path, facts: Path) -> None:
    write(
        facts,
        {"activities.csv": "fact_id,organization,kind,happened_on\nx,acme,visit,2024-02-31\ny,acme,visit,2024-02-01\n"},
    )
    shown = run("history", program, facts, "acme", *DAY)
    assert (shown.exit_code, shown.stdout.splitlines()[-1]) == (0, "Together 10")
    assert "activities.csv" in shown.stderr


@pytest.mark.parametrize("day", ["2024-02-30", "tomorrow", "31.03.2024"])
def test_a_day_that_is_none_is_misuse(run: Run, program: Path, facts: Path, day: str) -> None:
    shown = run("assess", program, facts, "--as-of", day)
    assert (shown.exit_code, "write it as 2026-03-31" in shown.stderr) == (ExitCode.MISUSED, True)


def test_no_scenarios_is_said_in_words(run: Run, program: Path, tmp_path: Path) -> None:
    shown = run("test", program, tmp_path / "empty")
    assert isinstance(shown.exception, SystemExit)
    assert shown.exit_code == 3
