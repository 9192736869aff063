"""How quickly the command line starts, and what it leaves unloaded."""

from __future__ import annotations

import os
import subprocess
import sys
from statistics import median

import pytest

HEAVY = ("duckdb", "django", "psycopg", "pyspark", "sqlglot", "numpy")
MOST_SECONDS = 0.3


def loaded(statement: str) -> list[str]:
    """Which heavy packages a statement loads."""
    code = f"import sys; {statement}; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_importing_swingby_loads_nothing_heavy() -> None:
    assert loaded("import swingby") == []


def test_the_list_of_commands_loads_nothing_heavy() -> None:
    assert loaded("import swingby.cli") == []


@pytest.mark.slow
def test_help_is_shown_quickly() -> None:
    """Processor time, since other processes may share the machine."""
    assert median(seconds_of_help() for _ in range(5)) < MOST_SECONDS


def seconds_of_help() -> float:
    """Processor seconds of one `swingby --help`."""
    code = "from swingby.cli import main; main(['--help'])"
    before = children()
    subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    return children() - before


def children() -> float:
    """Processor seconds of the processes that ended."""
    times = os.times()
    return times.children_user + times.children_system
