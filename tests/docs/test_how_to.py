"""How-to pages that show commands with their output show the real output."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import duckdb
import pytest

from tests.docs.blocks import blocks, follow
from tools.command_page import commands

FOLDER = Path(__file__).resolve().parents[2] / "docs/how-to"
PAGES = [
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


def test_queries_of_the_questions_are_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page = FOLDER / "questions.md"
    list(follow(page, tmp_path))
    answers = [duckdb.sql(block.body).fetchall() for block in blocks(page) if block.kind == "sql"]
    assert answers == [
        [("select.1", 2), ("select.2", 1)],
        [("birchway", "gold.1"), ("birchway", "gold.2"), ("birchway", "gold.3"), ("fenmoor", "select.2")],
    ]


def test_every_command_of_a_question_is_shown_or_is_a_call() -> None:
    text = (FOLDER / "questions.md").read_text(encoding="utf-8")
    calls = re.findall(r"`(swingby [^`]+)`", text)
    assert len(calls) > 10
    for line in calls:
        _, name, *words = shlex.split(line)
        assert commands()[name].make_context(name, words).args == [], line
