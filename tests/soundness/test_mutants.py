"""The scenarios of a published program notice nearly every slip that somebody could make in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from swingby.engine import Standing, assess, compile_program
from swingby.engine.scenarios import running
from swingby.errors import SwingbyError
from swingby.facts import FactSet, from_rows
from swingby.program import Program, load_text
from tests.scenarios.together import (
    EXAMPLES,
    Situation,
    groups,
    program_of,
    scenarios_of,
    situations,
    tables_together,
)
from tests.soundness.mutating import Mutant, mutants

#: Slips that change nothing which the program can show, each with its reason.
SURVIVORS: dict[str, dict[str, str]] = {
    "quickbooks-proadvisor": {"31:160 100 -> 101": "a bundle that earns 101 is capped at 100 as well"},
    "aws-services-path": {},
}
LEAST_NOTICED = 0.95


@dataclass(frozen=True, slots=True)
class World:
    """The facts of all situations that share their given numbers."""

    listed: tuple[Situation, ...]
    facts: FactSet

    def notices(self, program: Program) -> bool:
        """Whether any expectation of the situations does not come out."""
        given = running._given(program, self.listed[0].scenario)
        found = assess(
            compile_program(program, given=given), self.facts, as_of=[situation.day for situation in self.listed]
        )
        by_name = {(standing.enrolment, standing.as_of): standing for standing in found}
        found.close()
        return any(_differs(situation, by_name[situation.name(), situation.day]) for situation in self.listed)


def _differs(situation: Situation, standing: Standing) -> bool:
    expected = situation.scenario.expected[situation.day]
    return any(item is not None for item in running._compared(standing, expected))


@contextmanager
def worlds(name: str) -> Iterator[list[World]]:
    """The situations in groups, the largest first, since it notices most."""
    folder = EXAMPLES / "published" / name
    program = program_of(folder)
    made = [
        World(tuple(group), from_rows(tables_together(program, group), program))
        for group in groups(situations(scenarios_of(folder)))
    ]
    yield made
    for world in made:
        world.facts.close()


def outcome(mutant: Mutant, made: list[World]) -> str:
    """``refused`` by the checks, ``noticed`` by a scenario, or ``survived``."""
    program = load_text(mutant.text).program
    if program is None:
        return "refused"
    try:
        return "noticed" if any(world.notices(program) for world in made) else "survived"
    except SwingbyError:
        return "refused"


def told(name: str, *, every: int = 1) -> dict[str, str]:
    """What became of each mutant of a program, or of every n-th."""
    listed = list(mutants(EXAMPLES / "published" / name / "program.yaml"))
    with worlds(name) as made:
        return {mutant.what: outcome(mutant, made) for mutant in listed[::every]}


def hold(name: str, results: dict[str, str]) -> None:
    """Nearly all are noticed, and exactly those survive that are listed."""
    counted = {what: result for what, result in results.items() if result != "refused"}
    survived = {what for what, result in counted.items() if result == "survived"}
    assert survived == set(SURVIVORS[name]) & set(results)
    assert len(survived) <= (1 - LEAST_NOTICED) * len(counted)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "every"), [("quickbooks-proadvisor", 1), ("aws-services-path", 8)])
def test_scenarios_notice_slips(name: str, every: int) -> None:
    hold(name, told(name, every=every))


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("name", sorted(SURVIVORS))
def test_scenarios_notice_all_slips(name: str) -> None:
    hold(name, told(name))


def test_every_kind_of_slip_is_made() -> None:
    made = [mutant.what.partition(" ")[2] for mutant in mutants(EXAMPLES / "published/aws-services-path/program.yaml")]
    wanted = (
        "20 -> 21", "20 -> 19", "at_least -> above", "12 months -> 365 days", "6 months -> 7 months", "all -> any",
        "person -> facts", "ever -> {last: 12 months}", "fee -> fee_mistyped", "technical -> {is_not: nothing}",
    )  # fmt: skip
    assert [what for what in wanted if what not in made] == []
