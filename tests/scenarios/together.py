"""The examples: their programs and scenarios, and what came of them when they were run together."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from swingby.engine.scenarios import Outcome, Scenario, read_scenarios, run_scenarios
from swingby.facts import from_rows
from swingby.program import Program, load
from tests.scenarios.places import EXAMPLES
from tests.scenarios.printed import with_days

__all__ = ["EXAMPLES", "outcomes_of", "program_of", "scenarios_of"]


def program_of(folder: Path) -> Program:
    """The program of an example."""
    loaded = load(folder)
    assert loaded.program is not None, loaded.issues
    return loaded.program


def scenarios_of(folder: Path) -> list[Scenario]:
    """Its scenarios; they must be readable."""
    found, issues = read_scenarios(folder / "scenarios")
    assert not issues, issues
    return found


@cache
def outcomes_of(folder: Path) -> dict[str, Outcome]:
    """What came of each scenario of an example, by name; also on the days that the printed cases name."""
    listed = [with_days(folder.name, scenario) for scenario in scenarios_of(folder)]
    found = run_scenarios(program_of(folder), listed, from_rows)
    return {outcome.scenario.name: outcome for outcome in found}
