"""Drawn programs are valid for the oracle, vary, and survive being written."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from .strategies import CONSTRUCTS, Example, Tally, examples
from .tree import read_yaml
from .writing import worlds_as_csv, write_yaml

QUIET = settings(
    max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)


@pytest.mark.slow
@pytest.mark.proof
@QUIET
@given(examples())
def test_drawn_examples_have_an_answer(example: Example) -> None:
    results = example.results()
    assert set(results) == set(example.enrolments)
    assert all(set(result.tiers) <= {"level", "badge"} for result in results.values())


@QUIET
@given(examples(frozenset({"sum"})))
def test_only_named_constructs_are_drawn(example: Example) -> None:
    always = {"last", "event", "state", "all_group", "daily", "count_facts"}
    assert example.constructs <= {"sum", *always}


@QUIET
@given(examples())
def test_writing_and_reading_gives_the_same_program(example: Example) -> None:
    assert read_yaml(write_yaml(example.program)) == example.program


def test_tiers_vary() -> None:
    tally = Tally()

    @settings(QUIET, max_examples=40)
    @given(examples())
    def run(example: Example) -> None:
        tally.add(example, example.results())

    run()
    assert 0.3 < tally.higher / tally.examples < 0.95
    assert len(set(tally.occurred) & CONSTRUCTS) > len(CONSTRUCTS) / 2


def test_files_hold_every_row(tmp_path: Path) -> None:
    @settings(QUIET, max_examples=5)
    @given(examples())
    def run(example: Example) -> None:
        folder = worlds_as_csv(example.world, tmp_path / "world")
        assert read_yaml((folder / "program.yaml").read_text()) == example.program
        for kind, rows in example.world.facts.items():
            if rows:
                with (folder / f"{kind}.csv").open(newline="") as file:
                    assert len(list(csv.DictReader(file))) == len(rows)

    run()
