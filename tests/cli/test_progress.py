"""The line of progress: late, on a terminal only, and gone in the end."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest

from swingby.cli.progress import Progress, is_wanted, progress, shown
from swingby.facts import read_facts
from swingby.program import load


class Terminal(io.StringIO):
    """A stream that says that somebody looks."""

    def isatty(self) -> bool:
        return True


def test_what_is_quick_shows_nothing() -> None:
    stream = Terminal()
    with shown(Progress("Reading"), stream, patience=5):
        pass
    assert stream.getvalue() == ""


def test_what_takes_long_is_said_again_and_again_and_taken_away() -> None:
    stream, told = Terminal(), Progress("Running scenarios", steps=20)
    with shown(told, stream, patience=0.05, pace=0.05):
        told()
        told(2)
        time.sleep(0.4)
    lines = stream.getvalue().split("\r\x1b[2K")
    assert len(lines) > 3
    assert (lines[0], lines[1], lines[-1]) == ("", "Running scenarios … 3 of 20, 0 s", "")


def test_steps_may_be_unknown() -> None:
    told = Progress("Looking back")
    assert str(told) == "Looking back … 0 s"
    told(1200)
    assert str(told) == "Looking back … 1,200, 0 s"


def test_the_part_is_named() -> None:
    told = Progress("Replaying reviews")
    told.at("version 2 and version 1")
    assert str(told) == "Replaying reviews: version 2 and version 1 … 0 s"


def test_the_line_ends_when_the_work_fails() -> None:
    def interrupted() -> None:
        with shown(Progress("Reading"), stream, patience=0.01, pace=0.01):
            time.sleep(0.1)
            raise KeyboardInterrupt

    stream = Terminal()
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert stream.getvalue().endswith("\r\x1b[2K")


def test_nobody_looks_at_a_file() -> None:
    assert (is_wanted(io.StringIO()), is_wanted(Terminal())) == (False, True)
    with progress("Reading") as told:
        told()
    assert told.done == 1


def test_the_database_draws_no_bar_into_the_answer(program: Path, facts: Path) -> None:
    loaded = load(program).program
    assert loaded is not None
    with read_facts(facts, loaded) as found:
        setting = "SELECT current_setting('enable_progress_bar')"
        answers = [found.connection.execute(setting).fetchone(), found.connection.cursor().execute(setting).fetchone()]
    assert answers == [(False,), (False,)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "is_shown"),
    [((), True), *(pytest.param((word,), False, marks=pytest.mark.proof) for word in ("--json", "--quiet"))],
    ids=str,
)
def test_a_terminal_sees_it(tmp_path: Path, words: tuple[str, ...], is_shown: bool) -> None:  # noqa: FBT001 (a column of the table)
    call = ["generate", str(tmp_path / "out"), "--partners", "5000"]
    given = [*words, *call] if words == ("--quiet",) else [*call, *words]
    master, slave = pty.openpty()
    code = "from swingby.cli import main; main(prog_name='swingby')"
    ended = subprocess.run([sys.executable, "-c", code, *given], stdout=subprocess.PIPE, stderr=slave, check=False)
    os.set_blocking(master, False)
    os.close(slave)
    try:
        said = os.read(master, 100_000).decode()
    except OSError:
        said = ""
    os.close(master)
    assert (ended.returncode, "Drawing an example …" in said) == (0, is_shown)
