"""Which tests each of the tiers takes: a developer's loop, ten minutes on a new machine, or everything."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from tools.places import ROOT

#: What every change leans on: the language, the engine and the contracts.
CORE = ("architecture", "values", "program", "engine", "facts", "scenarios", "soundness", "test_errors.py")
SOURCE = PurePosixPath("src/swingby")


def quick_places() -> list[str]:
    """The core, and the tests of what was changed since the last commit."""
    core = [f"tests/{name}" for name in CORE]
    inside = tuple(f"{place}/" for place in core)
    return [*core, *(each for each in files_for(changed_files()) if not each.startswith(inside))]


def changed_files() -> list[str]:
    """What differs from the last commit, new files included."""
    commands = (["git", "diff", "--name-only", "HEAD"], ["git", "ls-files", "--others", "--exclude-standard"])
    found = [subprocess.run(each, cwd=ROOT, check=False, capture_output=True, text=True) for each in commands]
    return [line for each in found for line in each.stdout.splitlines()]


def files_for(changed: Iterable[str], root: Path = ROOT) -> list[str]:
    """The test files that were changed, and those that bear the name of a changed module in the same room.

    A module ``src/swingby/web/portal/reports.py`` has its tests in ``tests/web/portal/test_reports*.py``.
    """
    found: set[str] = set()
    for path in map(PurePosixPath, changed):
        if path.parts[0] == "tests" and path.name.startswith("test_") and (root / path).exists():
            found.add(str(path))
        elif path.is_relative_to(SOURCE) and path.suffix == ".py":
            room = root / "tests" / path.parent.relative_to(SOURCE)
            found.update(str(each.relative_to(root)) for each in room.glob(f"test_{path.stem.strip('_')}*.py"))
    return sorted(found)
