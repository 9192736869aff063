"""How-to pages that show commands with their output show the real output."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from swingby.cli import main
from swingby.errors import ExitCode
from tests.docs.blocks import blocks, follow

FOLDER = Path(__file__).resolve().parents[2] / "docs/how-to"
PAGES = [
    "ask-whether-it-worked.md",
    "find-the-cheapest-next-step.md",
    "questions.md",
    "read-and-compare-programs.md",
    "see-what-a-change-does.md",
    "write-common-rules.md",
]


def test_every_page_with_output_is_run() -> None:
    found = [page.name for page in FOLDER.glob("*.md") if any(block.kind == "console" for block in blocks(page))]
    assert sorted(found) == PAGES


@pytest.mark.parametrize("page", PAGES)
def test_a_page_gives_what_it_shows(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for command, output, shown in follow(FOLDER / page, tmp_path):
        assert output == shown, os.linesep + command


@pytest.mark.slow
def test_queries_and_commands_of_the_questions_are_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page = FOLDER / "questions.md"
    shown = [command for command, _, _ in follow(page, tmp_path)]
    calls = re.findall(r"`swingby ([^`]+)`", page.read_text(encoding="utf-8"))
    ends = {
        call: CliRunner().invoke(main, shlex.split(call)).exit_code for call in calls if f"swingby {call}" not in shown
    }
    other_rules = "replay trial/reviews/starter-2025-12-31.json --program next"
    assert {call: code for call, code in ends.items() if code != 0} == {other_rules: ExitCode.NEGATIVE}
    assert len(ends) > 10
    answers = [duckdb.sql(block.body).fetchall() for block in blocks(page) if block.kind == "sql"]
    assert answers == [
        [("select.1", 2), ("select.2", 1)],
        [("birchway", "gold.1"), ("birchway", "gold.2"), ("birchway", "gold.3"), ("fenmoor", "select.2")],
    ]
