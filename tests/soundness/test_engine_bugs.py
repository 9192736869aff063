"""Listed bugs of the engine are each caught by the soundness tests or the oracle, which pass without them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.soundness.engine_bugs import BUGS, ORACLE, Bug
from tests.soundness.trying_bugs import Outcome, ask, copy_of_sources, outcome
from tools.measured import record

LEAST_LISTED = 25
SAMPLED = (
    "a fact counts once for each link",
    "one step at a time is ignored",
    "the middle of an even number is the lower one",
)


def test_bugs_have_names_of_their_own_and_can_be_planted() -> None:
    """Every text before occurs once, so that a change of the engine tells which bugs must follow it."""
    found = {bug.name: sources_of(bug).count(bug.before) for bug in BUGS}
    assert found == dict.fromkeys((bug.name for bug in BUGS), 1)
    assert len(found) == len(BUGS) >= LEAST_LISTED
    assert [bug.name for bug in BUGS if bug.before == bug.after] == []


def sources_of(bug: Bug) -> str:
    return (Path(__file__).parents[2] / "src" / "swingby" / bug.path).read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.proof
def test_some_bugs_are_caught(tmp_path: Path) -> None:
    bugs = [bug for bug in BUGS if bug.name in SAMPLED]
    assert passes_unchanged(bugs, tmp_path)
    found = {bug.name: tried(bug, tmp_path).noticed_by for bug in bugs}
    assert found == {bug.name: bug.noticed_by for bug in bugs}


@pytest.mark.slow
@pytest.mark.long
def test_every_bug_is_caught(tmp_path: Path) -> None:
    assert passes_unchanged(BUGS, tmp_path)
    assert ask([ORACLE], copy_of_sources(tmp_path / "drawn")).returncode == 0
    found = {bug.name: tried(bug, tmp_path) for bug in BUGS}
    write(found)
    assert [name for name, item in found.items() if item.noticed_by == "nobody"] == []


def passes_unchanged(bugs: Sequence[Bug], folder: Path) -> bool:
    """Without a bug everything passes that is expected to notice one."""
    sources = copy_of_sources(folder / "unchanged")
    return ask(sorted({bug.noticed_by for bug in bugs}), sources).returncode == 0


def tried(bug: Bug, folder: Path) -> Outcome:
    return outcome(bug, folder / str(BUGS.index(bug)))


def write(found: dict[str, Outcome]) -> None:
    """Write who noticed each bug, and how soon."""
    caught = [item for item in found.values() if item.noticed_by != "nobody"]
    record(
        "engine-bugs",
        what="Bugs planted in a copy of the engine, who noticed each first, and after how many seconds",
        command="./run long -k test_every_bug_is_caught",
        figures={
            "planted": len(found),
            "caught": len(caught),
            "bugs": {name: {"caught by": item.noticed_by, "seconds": item.seconds} for name, item in found.items()},
        },
    )
