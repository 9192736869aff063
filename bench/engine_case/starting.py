"""How quickly the command line answers, and what importing the core loads."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from statistics import median

DRIVERS = ("duckdb", "psycopg", "pyspark", "sqlglot", "django", "numpy", "polars", "pandas")


def seconds_of_help() -> float:
    """Seconds from starting `swingby --help` to its end, the median of nine."""
    command = [sys.executable, "-c", "from swingby.cli import main; main(['--help'])"]
    return median(_seconds(command) for _ in range(9))


def _seconds(command: Sequence[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


def drivers_loaded() -> list[str]:
    """Which drivers and large libraries `import swingby` loads."""
    code = f"import sys, swingby; print(*[name for name in {DRIVERS!r} if name in sys.modules])"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()


def judged(seconds: float, drivers: Sequence[str], *, most: float) -> Iterator[str]:
    """What is not as it should be."""
    if seconds > most:
        yield f"swingby --help took {seconds:.2f} s, not {most}"
    if drivers:
        yield f"import swingby loads {', '.join(drivers)}"
