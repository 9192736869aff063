"""`import swingby` and `swingby --help` load nothing heavy."""

import subprocess
import sys

import pytest

HEAVY = ["django", "duckdb", "numpy", "psycopg", "pyspark", "scipy", "sqlglot", "typst", "yaml"]


def loaded_by(statement: str) -> list[str]:
    """The heavy packages that a fresh interpreter holds after a statement."""
    code = f"{statement}\nimport sys\nprint(*(name for name in {HEAVY!r} if name in sys.modules))"
    ended = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    return ended.stdout.split()


@pytest.mark.parametrize("statement", ["import swingby", "import swingby.errors", "import swingby.cli"])
def test_importing_loads_nothing_heavy(statement: str) -> None:
    assert loaded_by(statement) == []


def test_help_loads_nothing_heavy() -> None:
    statement = "from swingby.cli import main\nmain(['--help'], standalone_mode=False)"
    assert (
        loaded_by(f"import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()): {_inline(statement)}") == []
    )


def _inline(statement: str) -> str:
    return f"exec({statement!r})"
