"""Which tests share a process, and in which order they begin: so that both cores are busy to the end of a run."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from xdist.scheduler import LoadScopeScheduling

#: Files that share what takes long to make.
COMPANY = (
    "tests/generation/test_promises.py",
    "tests/generation/test_standings.py",
    "tests/generation/test_truths.py",
    "tests/generation/test_volumes.py",
)
#: What takes longest begins first: at the end of a run one process would wait for it.
FIRST = (
    "spark",
    "tests/permissions/test_routes.py",
    "tests/web/design/test_looks.py",
    "tests/oracle/test_engine.py",
    "tests/scenarios/test_by_oracle.py",
    "tests/engine/test_bulk_drawn.py",
    "tests/parity/test_standings_alike.py",
    "tests/permissions/test_hostile.py",
    "tests/insight/effects/test_worlds.py",
    "tests/scenarios/test_published.py",
    "company",
    "tests/insight/returns/test_worlds.py",
)


#: Tests with these marks run apart; ./run looks for their words in the files, so that it need not collect all of them.
APART = ("kill", "clock")
_ON_SPARK = re.compile(r"[\[_-]spark(?:[\]-]|$)")


class ByGroup(LoadScopeScheduling):  # type: ignore[misc]
    """Gives a process whole groups; groups by mark have no effect since names of tests cannot be changed."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def arrange(items: list[pytest.Item]) -> None:
    """Put what takes longest first."""
    items.sort(key=lambda item: _place(group_of(item.nodeid), FIRST))
    _check_words(items)


def group_of(nodeid: str) -> str:
    """What a test shares a process with, its file by default; Spark is started in one process only."""
    file = nodeid.partition("::")[0]
    if _ON_SPARK.search(nodeid) is not None:
        return "spark"
    return "company" if file in COMPANY else file


def _place(group: str, first: Sequence[str]) -> int:
    return first.index(group) if group in first else len(first)


def _check_words(items: Sequence[pytest.Item]) -> None:
    """A test apart whose file does not say so would never run."""
    marked = {(item.path, mark) for item in items for mark in APART if item.get_closest_marker(mark) is not None}
    silent = [f"{path}: {mark}" for path, mark in sorted(marked) if f"mark.{mark}" not in path.read_text("utf-8")]
    if silent:
        raise pytest.UsageError(f"Write the mark in the file itself: {', '.join(silent)}")
