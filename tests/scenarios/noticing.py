"""Which scenario notices that a program was changed, by the oracle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from swingby.engine.scenarios import Scenario
from tests.oracle import read_program
from tests.oracle.tree import Node as Tree
from tests.scenarios.by_oracle import disagreements
from tests.scenarios.nearby import Neighbour
from tests.scenarios.together import program_of, scenarios_of


def noticing(folder: Path, changed: Iterable[Neighbour]) -> Iterator[tuple[Neighbour, Scenario | None]]:
    """Each changed program with a scenario that does not come out any more, or None; who noticed last is asked first."""
    program, scenarios = program_of(folder), sorted(scenarios_of(folder), key=_reads_tiers)
    for neighbour in changed:
        rules = _rules_with(folder, neighbour)
        noticed = next((item for item in scenarios if any(disagreements(rules, program, [item]))), None)
        if noticed is not None:
            scenarios = [noticed, *(item for item in scenarios if item is not noticed)]
        yield neighbour, noticed


def _reads_tiers(scenario: Scenario) -> bool:
    """Scenarios that may walk through many days come last."""
    return any("tiers" in expected.names for expected in scenario.expected.values())


def _rules_with(folder: Path, neighbour: Neighbour) -> Tree:
    files = sorted(folder.glob("*.yaml"))
    return read_program(*(neighbour.text if path.name == neighbour.file else path for path in files))
