"""Plants a bug in a copy of the sources and runs who is expected to notice it, in a process of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.soundness.engine_bugs import ORACLE, Bug
from tools.places import ROOT

EXAMPLES = 40
DRAWN = f"from tests.oracle.shares import run_share; assert run_share({EXAMPLES}, 0).compared > 0"
FAILED = 1
#: How pytest begins the reason of a result that differs; anything else is a crash, which says nothing about results.
DIFFERS = re.compile(r"^(FAILED .* - (assert|AssertionError|Failed: DID NOT)|AssertionError)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Who noticed a bug, ``nobody`` if nobody did, and after how many seconds."""

    noticed_by: str
    seconds: float
    said: str = ""


def copy_of_sources(folder: Path) -> Path:
    """The sources in another folder, with what Python has compiled of them, which saves most of the time."""
    return Path(shutil.copytree(ROOT / "src", folder / "src"))


def plant(bug: Bug, sources: Path) -> None:
    """Make the slip."""
    path = sources / "swingby" / bug.path
    text = path.read_text(encoding="utf-8")
    assert text.count(bug.before) == 1, f"{bug.name}: the text before occurs {text.count(bug.before)} times"
    path.write_text(text.replace(bug.before, bug.after), encoding="utf-8")
    for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
        compiled.unlink()


def outcome(bug: Bug, folder: Path) -> Outcome:
    """Plant a bug and ask who is expected to notice; then the oracle."""
    sources, begun = copy_of_sources(folder), time.monotonic()
    plant(bug, sources)
    said = ""
    for who in dict.fromkeys((bug.noticed_by, ORACLE)):
        found = ask([who], sources)
        said += found.stdout + found.stderr
        if found.returncode == FAILED and DIFFERS.search(found.stdout + found.stderr):
            return Outcome(who, round(time.monotonic() - begun, 1), said)
    return Outcome("nobody", round(time.monotonic() - begun, 1), said)


def ask(who: Sequence[str], sources: Path) -> subprocess.CompletedProcess[str]:
    """Run test files, or the oracle, over some sources."""
    command = ["-c", DRAWN] if who == [ORACLE] else ["-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *who]
    path = os.pathsep.join((str(sources), str(ROOT)))
    settings = {**os.environ, "PYTHONPATH": path, "COLUMNS": "400"}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=settings, capture_output=True, text=True, check=False
    )
