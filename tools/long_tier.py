"""The long tests, file by file, and the record of what each file came to last.

All of them take longer than a day of work. So every file is recorded as it ends, with the commit that it ran on, and
the next run begins with the files that were run longest ago.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from tools.measured import current_commit, record
from tools.places import MEASURED, PYTHON, ROOT

NAME = "long"
COUNTS = ("tests", "failures", "errors", "skipped")
Files = dict[str, dict[str, Any]]


def run_long(words: Sequence[str]) -> int:
    """Run the tests marked long: all files or the named ones, and each is recorded, whatever its result.

    Any other word goes to pytest as it stands, and nothing is recorded.
    """
    files = files_with_long_tests()
    if not set(words) <= set(files):
        return _tests(*words)
    return max([_file(name) for name in words or order(files, recorded())], default=0)


def files_with_long_tests(root: Path = ROOT) -> list[str]:
    """The test files in which a test is marked long."""
    files = sorted((root / "tests").rglob("test_*.py"))
    return [str(path.relative_to(root)) for path in files if "mark.long" in path.read_text(encoding="utf-8")]


def recorded(folder: Path = MEASURED) -> Files:
    """What each file came to last."""
    path = folder / f"{NAME}.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))["files"]) if path.exists() else {}


def order(names: Sequence[str], last: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """What was never run first, then what failed, then what was run longest ago."""

    def place(name: str) -> tuple[bool, bool, str]:
        found = last.get(name)
        return found is not None, found is not None and found["result"] == "passed", found["ended"] if found else ""

    return sorted(names, key=place)


def summary(files: Files) -> dict[str, object]:
    """The sums over all files, and whether every one passed."""
    parts = files.values()
    sums = {name: sum(part[name] for part in parts) for name in (*COUNTS, "seconds")}
    passed = all(part["result"] == "passed" for part in parts)
    return {"result": "passed" if passed else "failed", **sums, "commits": sorted({part["commit"] for part in parts})}


def _file(name: str) -> int:
    commit, began = current_commit(), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        code = _tests(name, f"--junitxml={report}")
        counts = _counts(report)
    good = code == 0 and counts["tests"] > counts["skipped"]
    ended = {"result": "passed" if good else "failed", **counts, "seconds": round(time.monotonic() - began)}
    _keep(name, {**ended, "commit": commit, "ended": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())})
    sys.stdout.write(f"{name}: {ended['result']}, {ended['tests']} tests, {ended['seconds']} s\n")
    return code


def _tests(*words: str) -> int:
    return subprocess.run([str(PYTHON), "-m", "pytest", "-m", "long", *words], cwd=ROOT, check=False).returncode


def _counts(report: Path) -> dict[str, int]:
    suite = ET.parse(report).getroot().find("testsuite") if report.exists() else None  # noqa: S314 (pytest wrote it)
    return {name: int(suite.get(name, "0")) if suite is not None else 0 for name in COUNTS}


def _keep(name: str, part: dict[str, Any]) -> None:
    there = set(files_with_long_tests())
    files = {file: found for file, found in sorted({**recorded(), name: part}.items()) if file in there}
    what = "The tests that are run by hand before a release, file by file, with the commit that each ran on"
    record(NAME, what=what, command="./run long", figures={**summary(files), "files": files})
