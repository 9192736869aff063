"""Tests that share what takes long to make share a process."""

from __future__ import annotations

from pathlib import Path

from xdist.scheduler import LoadScopeScheduling

from tests.order import FIRST, ByGroup, group_of


def test_a_file_is_a_group_but_for_what_is_made_once() -> None:
    assert group_of("tests/a/test_b.py::test_c[x@y]") == "tests/a/test_b.py"
    assert group_of("tests/generation/test_truths.py::test_c") == "company"
    assert group_of("tests/parity/test_traps.py::test_c[spark-1]") == "spark"
    assert group_of("tests/parity/test_traps.py::test_c[x-spark]") == "spark"
    assert group_of("tests/facts/test_databases.py::test_tables_of_spark") == "spark"
    assert group_of("tests/web/design/test_charts.py::test_sparkline[sparks]") == "tests/web/design/test_charts.py"


def test_the_scheduler_asks_for_the_group() -> None:
    """The method is private there: another version that does not have it would share out single tests, at twice the time."""
    assert LoadScopeScheduling._split_scope is not ByGroup._split_scope


def test_what_begins_first_exists() -> None:
    root = Path(__file__).parents[2]
    assert [name for name in FIRST if name not in {"spark", "company"} and not (root / name).exists()] == []
