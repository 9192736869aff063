"""The fenced blocks of a page, and what the commands in them print."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from swingby.cli import main

_CHANGE = re.compile(r"((?:-.*\n)+)((?:\+.*\n)+)")
_BLOCK = re.compile(r"^```(?P<kind>\w+)(?: file=(?P<file>\S+))?\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One fenced block of a page: a file to write or to edit, or a command with its output."""

    kind: str
    file: str | None
    body: str


def blocks(page: Path) -> Iterator[Block]:
    """The blocks of a page, in order."""
    for found in _BLOCK.finditer(page.read_text(encoding="utf-8")):
        yield Block(found["kind"], found["file"], found["body"])


def output_of(command: str) -> str:
    """What a command prints, both streams as a terminal shows them; a program may also be copied."""
    words = shlex.split(command)
    if words[:2] == ["cp", "-r"]:
        shutil.copytree(words[2], words[3])
        return ""
    assert words[0] == "swingby"
    return CliRunner().invoke(main, words[1:], catch_exceptions=False).output


def trimmed(text: str) -> str:
    """Without blanks at the end of lines and of the text."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def edit(file: Path, difference: str) -> None:
    """Put the lines that begin with a plus in place of those with a minus before them, which must stand there once."""
    text = file.read_text(encoding="utf-8")
    for old, new in _CHANGE.findall(difference):
        before, after = (re.sub("^.", "", lines, flags=re.MULTILINE) for lines in (old, new))
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    file.write_text(text, encoding="utf-8")


def follow(page: Path, folder: Path) -> Iterator[tuple[str, str, str]]:
    """Write the files of a page into a folder, run its commands there, and give each with its output and what is shown."""
    for block in blocks(page):
        if block.kind == "diff" and block.file is not None:
            edit(folder / block.file, block.body)
        elif block.file is not None:
            target = folder / block.file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.body, encoding="utf-8")
        elif block.kind == "console":
            command, _, shown = block.body.removeprefix("$ ").partition("\n")
            yield command, trimmed(output_of(command)), trimmed(shown)
