"""The tutorial is run word for word: its files are written, its commands give the output that the page shows."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from swingby.cli import main

PAGES = Path(__file__).resolve().parents[2] / "docs/tutorial"
BLOCK = re.compile(r"^```(?P<kind>\w+)(?: file=(?P<file>\S+))?\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One fenced block of a page: a file to write, or a command with its output."""

    kind: str
    file: str | None
    body: str


def blocks(page: Path) -> Iterator[Block]:
    """The blocks of a page, in order."""
    for found in BLOCK.finditer(page.read_text(encoding="utf-8")):
        yield Block(found["kind"], found["file"], found["body"])


def output_of(command: str) -> str:
    """What a command prints, both streams as a terminal shows them."""
    words = shlex.split(command)
    assert words[0] == "swingby"
    return CliRunner().invoke(main, words[1:], catch_exceptions=False).output


def trimmed(text: str) -> str:
    """Without blanks at the end of lines and of the text."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


@pytest.mark.slow
@pytest.mark.parametrize("page", sorted(PAGES.glob("[a-z]*.md")), ids=lambda page: page.stem)
def test_a_tutorial_gives_what_it_shows(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for block in blocks(page):
        if block.file is not None:
            target = tmp_path / block.file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.body, encoding="utf-8")
        elif block.kind == "console":
            command, _, shown = block.body.removeprefix("$ ").partition("\n")
            assert trimmed(output_of(command)) == trimmed(shown), os.linesep + command
