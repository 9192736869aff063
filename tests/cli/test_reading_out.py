"""The commands that read a program out and tell two versions apart."""

from __future__ import annotations

import json
from pathlib import Path

from swingby.errors import ExitCode
from tests.cli.conftest import Run, write


def edited(program: Path, folder: Path, *edits: tuple[str, str]) -> Path:
    """A copy of a program with other words in it."""
    text = (program / "program.yaml").read_text(encoding="utf-8")
    for before, after in edits:
        assert before in text
        text = text.replace(before, after)
    write(folder, {"program.yaml": text})
    return folder


def test_a_program_is_read_out(run: Run, program: Path) -> None:
    shown = run("describe", program, "--rule", "points.visited")
    assert (shown.exit_code, shown.stdout) == (
        0,
        (
            "TRIED, VERSION 1\n================\n\nVISITS\n------\n"
            "Each activity whose kind is “visit” earns 10 points.\nAt most 30 points for each quarter.\n"
            "Counts from the day of the activity and never expires.\n"
            "If it is cancelled, what it earned is taken back on that day.\n"
        ),
    )


def test_markdown_and_width_are_heard(run: Run, program: Path) -> None:
    page = run("describe", program, "--markdown").stdout.splitlines()
    assert [line for line in page if line.startswith("#")][:4] == [
        "# Tried, version 1",
        "## About",
        "## Tiers",
        "### Level",
    ]
    narrow = run("describe", program, "--width", "50").stdout.splitlines()
    assert max(len(line) for line in narrow) <= 50


def test_a_description_in_json_names_rules_and_places(run: Run, program: Path) -> None:
    (passage,) = json.loads(run("describe", program, "--rule", "ladders.level.gold", "--json").stdout)["passages"]
    assert passage == {
        "heading": "Gold",
        "path": "ladders.level.gold",
        "place": "program.yaml:13",
        "lines": [
            {
                "text": "Asks for:",
                "items": [
                    {"text": "Points: at least 30", "items": []},
                    {"text": "Certified people: at least 1", "items": []},
                ],
            }
        ],
        "passages": [],
    }


def test_an_unknown_rule_is_said_in_words(run: Run, program: Path) -> None:
    shown = run("describe", program, "--rule", "points.visit")
    assert (shown.exit_code, shown.stderr) == (
        ExitCode.UNUSABLE,
        'error [name-unknown]: There is no rule "points.visit".\n  Did you mean "points.visited"?\n',
    )


def test_two_versions_are_told_apart(run: Run, program: Path, tmp_path: Path) -> None:
    newer = edited(program, tmp_path / "newer", ("at_least: 30", "at_least: 40"), ("label: Visits, ", "label: Calls, "))
    shown = run("difference", program, newer)
    assert (shown.exit_code, shown.stdout.splitlines()) == (
        0,
        [
            "Tried: version 1, from 1 January 2024, and version 1, from 1 January 2024. 1 change, and 1 change of",
            "words only.",
            "",
            "TIERS AND WHAT THEY ASK FOR",
            "- Tier “gold”, asks for, Points: before, at least 30; now, at least 40.",
            "  program.yaml:13 → program.yaml:13",
            "",
            "WORDS THAT CHANGE NO RESULT",
            "- Points “Calls”, label: before, Visits; now, Calls.",
            "  program.yaml:6 → program.yaml:6",
        ],
    )


def test_the_table_is_as_wide_as_asked(run: Run, program: Path, tmp_path: Path) -> None:
    newer = edited(program, tmp_path / "newer", ("earn: 10", "earn: 12"))
    lines = run("difference", program, newer, "--table", "--width", "70").stdout.splitlines()
    assert lines[0].split() == ["Rule", "Part", "Old", "New", "Where"]
    assert max(len(line) for line in lines) <= 70


def test_a_difference_in_json_has_both_sides(run: Run, program: Path, tmp_path: Path) -> None:
    newer = edited(program, tmp_path / "newer", ("earn: 10", "earn: 12"))
    found = json.loads(run("difference", program, newer, "--json").stdout)
    rule = {"path": "points.visited", "words": "Points “Visits”"}
    assert (found["texts"], found["changes"]) == (
        [],
        [
            {
                "kind": "changed",
                "matter": "points",
                "old_rule": rule,
                "new_rule": rule,
                "part": "earns",
                "old": "10 points",
                "new": "12 points",
                "old_place": "program.yaml:6:78",
                "new_place": "program.yaml:6:78",
            }
        ],
    )


def test_a_version_with_errors_is_not_compared(run: Run, program: Path, tmp_path: Path) -> None:
    broken = edited(program, tmp_path / "broken", ("score: total", "score: totel"))
    for old, new in ((program, broken), (broken, program)):
        shown = run("difference", old, new)
        assert (shown.exit_code, shown.stdout, "error [program-errors]" in shown.stderr) == (
            ExitCode.UNUSABLE,
            "",
            True,
        )


def test_two_kinds_of_output_exclude_each_other(run: Run, program: Path) -> None:
    for words in (("describe", program, "--markdown", "--json"), ("difference", program, program, "--table", "--json")):
        shown = run(*words)
        assert (shown.exit_code, "exclude each other" in shown.stderr) == (ExitCode.MISUSED, True)
