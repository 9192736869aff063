"""A run over everybody writes what the standings say, on drawn programs and facts."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from swingby.engine import assess, assess_to
from swingby.errors import SwingbyError
from swingby.facts import FactSet, from_rows
from swingby.program import Program
from tests.engine.test_bulk import requirements, standings, written_requirements, written_standings
from tests.oracle.shares import LEAST_COMPUTED, loaded
from tests.oracle.strategies import CONSTRUCTS, Example, examples

Found = tuple[list[tuple[object, ...]], list[tuple[object, ...]]]


def told(program: Program, facts: FactSet, example: Example) -> Found:
    found = assess(program, facts, as_of=example.as_of, known_at=example.known_at)
    rows = sorted(standings(found), key=repr), requirements(found)
    found.close()
    return rows


def written(program: Program, facts: FactSet, example: Example) -> Found:
    with tempfile.TemporaryDirectory() as folder:
        files = assess_to(program, facts, Path(folder), as_of=example.as_of, known_at=example.known_at)
        if not any(files.standings.iterdir()):
            return [], []
        return sorted(written_standings(files), key=repr), written_requirements(files)


def compare(count: int) -> None:
    """Compare so many drawn examples; those that the engine refuses are few."""
    compared = 0

    @seed(5)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(examples(CONSTRUCTS))
    def one(example: Example) -> None:
        nonlocal compared
        program = loaded(example)
        if program is None:
            return
        with from_rows(example.world.facts, program) as facts:
            try:
                expected = told(program, facts, example)
            except SwingbyError as error:
                if error.code != "not-computed":
                    raise
                return
            assert written(program, facts, example) == expected, example.text
        compared += 1

    one()
    assert compared >= LEAST_COMPUTED * count


@pytest.mark.slow
@pytest.mark.proof(turns=2)
def test_a_run_over_everybody_writes_the_standings_of_ten_examples() -> None:
    compare(10)


@pytest.mark.slow
@pytest.mark.proof
def test_a_run_over_everybody_writes_the_standings_of_thirty_examples() -> None:
    compare(30)


@pytest.mark.slow
@pytest.mark.long
def test_a_run_over_everybody_writes_the_standings_of_a_thousand_examples() -> None:
    compare(1_000)
