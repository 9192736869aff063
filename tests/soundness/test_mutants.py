"""The engine's scenarios notice nearly every slip that somebody could make in a published program.

A slip is a neighbour (one unit more or less in a number, window, cap or day; see `tests.scenarios.nearby`) or, in two
programs, a mistyped word or another operation (see `tests.soundness.mutating`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from swingby.engine.scenarios import Scenario, run_scenario
from swingby.engine.scenarios.joint import outcomes
from swingby.errors import SwingbyError
from swingby.facts import from_rows
from swingby.program import Program, load
from tests.scenarios.nearby import SURVIVORS as PINNED_BY_NOTHING
from tests.scenarios.nearby import Neighbour, neighbours
from tests.scenarios.noticing import noticing
from tests.scenarios.together import EXAMPLES, scenarios_of
from tests.soundness.mutating import mutants
from tools.measured import record

PUBLISHED = sorted(path.parent for path in EXAMPLES.glob("published/*/program.yaml"))
#: Slips that change nothing which the program can show, each with its reason.
SURVIVORS: dict[str, dict[str, str]] = {
    "quickbooks-proadvisor": {"31:160 100 -> 101": "a bundle that earns 101 is capped at 100 as well"},
    "aws-services-path": {},
}
LEAST_NOTICED = 0.95
#: A share says little of fewer.
MANY = 50
#: Outside the long tests, every so many neighbours of every program are tried.
EVERY = 20
#: Programs with many situations, of which fewer neighbours are tried.
LARGE = {"microsoft-azure": 57, "aws-services-path": 45, "microsoft-modern-work": 57}
#: How many neighbours one process tries in a row.
SHARE = 10
Results = Mapping[str, str]
#: What is changed, the file that it is in, and the file's new text.
Slip = tuple[str, str, str]


def changed(folder: Path, file: str, text: str) -> Program | None:
    """The program of a folder with one file changed, or None when the checks refuse it."""
    with TemporaryDirectory() as copy:
        for path in folder.glob("*.yaml"):
            Path(copy, path.name).write_bytes(path.read_bytes())
        Path(copy, file).write_text(text, encoding="utf-8")
        return load(Path(copy)).program


def outcome(folder: Path, file: str, text: str) -> str:
    """``refused`` by the checks, ``noticed`` by a scenario, or ``survived``."""
    program = changed(folder, file, text)
    if program is None:
        return "refused"
    try:
        found = outcomes(program, scenarios_of(folder), from_rows)
        return "noticed" if any(not item.passed for _, item in found) else "survived"
    except SwingbyError:
        return "refused"


def told(folder: Path, slips: Iterable[Slip]) -> Results:
    """What became of each slip."""
    return {what: outcome(folder, file, text) for what, file, text in slips}


def told_of_all(folders: Sequence[Path]) -> dict[str, Results]:
    """What became of each neighbour of each program, worked out on all cores."""
    shares = [(folder, start) for folder in folders for start in range(0, len(near(folder)), SHARE)]
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as processes:
        found = list(processes.map(told_of_share, *zip(*shares, strict=True)))
    results: dict[str, dict[str, str]] = {folder.name: {} for folder in folders}
    for (folder, _), share in zip(shares, found, strict=True):
        results[folder.name] |= share
    return {**results}


def told_of_share(folder: Path, start: int) -> Results:
    """What became of some neighbours; the oracle says which scenario the engine should fail."""
    share = list(neighbours(folder))[start : start + SHARE]
    return {item.what: _on_engine(folder, item, scenario) for item, scenario in noticing(folder, share)}


def _on_engine(folder: Path, neighbour: Neighbour, noticed: Scenario | None) -> str:
    """``refused``, ``noticed``, or ``survived`` all scenarios if the one that should notice does not."""
    program = changed(folder, neighbour.file, neighbour.text)
    if program is None:
        return "refused"
    try:
        if noticed is not None and not run_scenario(program, noticed, from_rows).passed:
            return "noticed"
    except SwingbyError:
        return "refused"
    return outcome(folder, neighbour.file, neighbour.text)


def slips(name: str) -> list[Slip]:
    """The mistyped words and other operations of a program."""
    return [(item.what, "program.yaml", item.text) for item in mutants(EXAMPLES / "published" / name / "program.yaml")]


def near(folder: Path, *, every: int = 1) -> list[Slip]:
    """The neighbours of a program, or every n-th of them."""
    return [(item.what, item.file, item.text) for item in neighbours(folder)][every // 2 :: every]


def hold(results: Results, expected: Mapping[str, str]) -> None:
    """Exactly those survive that are listed, and few of many."""
    survived = [what for what, result in results.items() if result == "survived"]
    assert set(survived) == set(expected) & set(results)
    counted = [result for result in results.values() if result != "refused"]
    assert len(survived) <= (1 - LEAST_NOTICED) * len(counted) or len(counted) < MANY


@pytest.mark.slow
@pytest.mark.proof
@pytest.mark.parametrize(("name", "every"), [("quickbooks-proadvisor", 4), ("aws-services-path", 40)])
def test_scenarios_notice_slips(name: str, every: int) -> None:
    hold(told(EXAMPLES / "published" / name, slips(name)[::every]), SURVIVORS[name])


@pytest.mark.slow
@pytest.mark.proof
@pytest.mark.parametrize("folder", PUBLISHED, ids=lambda folder: str(folder.name))
def test_scenarios_notice_some_neighbours(folder: Path) -> None:
    hold(told(folder, near(folder, every=LARGE.get(folder.name, EVERY))), PINNED_BY_NOTHING.get(folder.name, {}))


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("name", sorted(SURVIVORS))
def test_scenarios_notice_all_slips(name: str) -> None:
    hold(told(EXAMPLES / "published" / name, slips(name)), SURVIVORS[name])


@pytest.mark.slow
@pytest.mark.long
def test_scenarios_notice_all_neighbours() -> None:
    """Whatever comes out is recorded; what survives must be listed with its reason."""
    results = told_of_all(PUBLISHED)
    keep(results)
    for name, found in results.items():
        hold(found, PINNED_BY_NOTHING.get(name, {}))
    hold(
        {f"{name} {what}": result for name, found in results.items() for what, result in found.items()},
        {f"{name} {what}": why for name, found in PINNED_BY_NOTHING.items() for what, why in found.items()},
    )


def keep(results: Mapping[str, Results]) -> None:
    """Record how many neighbours were refused, noticed and not noticed, and which survived for what reason."""
    counts = {name: dict(sorted(Counter(found.values()).items())) for name, found in results.items()}
    whole = Counter(result for found in results.values() for result in found.values())
    survived = {
        name: {
            what: PINNED_BY_NOTHING.get(name, {}).get(what, "")
            for what, result in found.items()
            if result == "survived"
        }
        for name, found in results.items()
    }
    share = 100 * whole["noticed"] / max(1, whole["noticed"] + whole["survived"])
    record(
        "mutants",
        what="Published programs changed by one unit in one place, and whether a scenario notices on the engine",
        command="./run long tests/soundness/test_mutants.py",
        figures={
            "noticed_percent": f"{share:.1f}",
            "all": dict(sorted(whole.items())),
            "programs": counts,
            "survivors": {name: found for name, found in survived.items() if found},
        },
    )


def test_every_kind_of_slip_is_made() -> None:
    made = [mutant.what.partition(" ")[2] for mutant in mutants(EXAMPLES / "published/aws-services-path/program.yaml")]
    wanted = (
        "20 -> 21", "20 -> 19", "at_least -> above", "12 months -> 365 days", "6 months -> 7 months", "all -> any",
        "person -> facts", "ever -> {last: 12 months}", "fee -> fee_mistyped", "technical -> {is_not: nothing}",
    )  # fmt: skip
    assert [what for what in wanted if what not in made] == []
