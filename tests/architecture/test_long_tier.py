"""The record of the long tests: file by file, and what was run longest ago is next."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tools.long_tier import files_with_long_tests, order, summary


def part(result: str = "passed", *, ended: str = "2026-11-01T00:00:00Z", commit: str = "a") -> dict[str, Any]:
    counts = {"tests": 2, "failures": int(result == "failed"), "errors": 0, "skipped": 0}
    return {"result": result, **counts, "seconds": 5, "commit": commit, "ended": ended}


def test_what_was_never_run_is_first_then_what_failed_then_what_was_run_longest_ago() -> None:
    last = {
        "new.py": part(ended="2026-11-03T00:00:00Z"),
        "old.py": part(ended="2026-11-01T00:00:00Z"),
        "failed.py": part("failed", ended="2026-11-04T00:00:00Z"),
    }
    assert order(["failed.py", "new.py", "never.py", "old.py"], last) == ["never.py", "failed.py", "old.py", "new.py"]


def test_one_file_that_failed_makes_the_whole_failed() -> None:
    files = {"a.py": part(), "b.py": part("failed", commit="b")}
    assert summary(files) == {
        "result": "failed",
        "tests": 4,
        "failures": 1,
        "errors": 0,
        "skipped": 0,
        "seconds": 10,
        "commits": ["a", "b"],
    }


def test_a_file_counts_by_the_mark_that_stands_in_it(tmp_path: Path) -> None:
    tests = tmp_path / "tests" / "deep"
    tests.mkdir(parents=True)
    (tests / "test_long.py").write_text("@pytest.mark." + "long\n", encoding="utf-8")
    (tests / "test_short.py").write_text("def test_nothing(): ...\n", encoding="utf-8")
    assert files_with_long_tests(tmp_path) == ["tests/deep/test_long.py"]
