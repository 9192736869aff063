"""Which tests share a process, and in which order they begin: so that both cores are busy to the end of a run."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

#: Files that share what takes long to make.
COMPANY = ("tests/generation/test_standings.py", "tests/generation/test_truths.py", "tests/generation/test_volumes.py")
#: What takes longest begins first: at the end of a run one process would wait for it.
FIRST = (
    "tests/permissions/test_routes.py",
    "tests/web/design/test_looks.py",
    "tests/oracle/test_engine.py",
    "tests/scenarios/test_by_oracle.py",
    "tests/engine/test_bulk_drawn.py",
    "tests/parity/test_standings_alike.py",
    "tests/permissions/test_hostile.py",
    "tests/insight/effects/test_worlds.py",
    "tests/scenarios/test_published.py",
    *COMPANY,
    "tests/insight/returns/test_worlds.py",
)


def arrange(items: list[pytest.Item]) -> None:
    """Mark each test with what it shares a process with, its file by default, and put what takes longest first."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(_group(_file(item))))
    items.sort(key=lambda item: _place(_file(item), FIRST))


def _file(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def _group(file: str) -> str:
    return "company" if file in COMPANY else file


def _place(file: str, first: Sequence[str]) -> int:
    return first.index(file) if file in first else len(first)
