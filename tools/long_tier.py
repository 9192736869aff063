"""The long tests, and the file that keeps their last result."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from tools.measured import record
from tools.places import PYTHON, ROOT

COUNTS = ("tests", "failures", "errors", "skipped")


def run_long(words: Sequence[str]) -> int:
    """Run the tests marked long. A run of all of them is recorded, whatever its result."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        command = [str(PYTHON), "-m", "pytest", "-m", "long", f"--junitxml={report}", *words]
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        if not words and report.exists():
            _keep(report)
    return code


def _keep(report: Path) -> None:
    suite = ET.parse(report).getroot().find("testsuite")  # noqa: S314 (pytest wrote it a moment ago)
    if suite is None:
        return
    counts = {name: int(suite.get(name, "0")) for name in COUNTS}
    good = counts["tests"] > 0 and not counts["failures"] and not counts["errors"]
    figures = {"result": "passed" if good else "failed", **counts, "seconds": round(float(suite.get("time", "0")))}
    record("long", what="The tests that are run by hand before a release", command="./run long", figures=figures)
