"""The worked cases that the publishers print, and every scenario of the examples.

``examples/published/cases.csv`` was transcribed from the published texts before anybody looked at the scenarios; the
two must agree with the engine and so with each other.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest

from swingby.engine import RequirementRow, Standing
from swingby.engine.scenarios import run_scenario
from swingby.errors import SwingbyError
from swingby.facts import from_rows
from tests.scenarios.together import (
    EXAMPLES,
    NOT_COMPUTED_YET,
    differences,
    program_of,
    scenarios_of,
    situations,
    standings_together,
)

FOLDERS = sorted(path.parent for path in EXAMPLES.glob("published/*/scenarios"))
PUBLISHED = [folder for folder in FOLDERS if folder.name not in NOT_COMPUTED_YET]
HARBORLINE = EXAMPLES / "harborline/program"
LANTERNBAY = EXAMPLES / "lanternbay"
PROGRAMS = [*PUBLISHED, LANTERNBAY, HARBORLINE]
#: Programs whose scenarios are answered within a second or two.
QUICK = {"quickbooks-proadvisor"}
LEAST_CASES = 8
COLUMNS = {"value": "value", "threshold": "line", "gap": "gap"}


def cases() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """By program and case, what the text says of each field."""
    found: defaultdict[str, defaultdict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    with (EXAMPLES / "published/cases.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["program"]][row["case"]][row["field"]] = row["expected"]
    return found


def test_every_program_of_the_table_is_an_example() -> None:
    assert set(cases()) <= {folder.name for folder in FOLDERS}
    assert sum(len(by_case) for by_case in cases().values()) >= LEAST_CASES


@pytest.mark.parametrize("name", sorted(NOT_COMPUTED_YET))
def test_what_is_listed_as_not_computed_is_refused(name: str) -> None:
    folder = EXAMPLES / "published" / name
    with pytest.raises(SwingbyError) as refused:
        run_scenario(program_of(folder), scenarios_of(folder)[0], from_rows)
    assert refused.value.code == "not-computed"


@pytest.mark.parametrize("program", sorted(set(cases()) - NOT_COMPUTED_YET))
def test_every_published_case_is_a_scenario_and_comes_out_as_printed(program: str) -> None:
    folder = EXAMPLES / "published" / program
    by_name = {scenario.name: scenario for scenario in scenarios_of(folder)}
    wanted = cases()[program]
    assert [name for name in wanted if name not in by_name] == []
    listed = situations(by_name[name] for name in wanted)
    last = {item.scenario.name: standing for item, standing in standings_together(program_of(folder), listed)}
    found = {name: {field: answer(last[name], field) for field in fields} for name, fields in wanted.items()}
    assert found == wanted


def answer(standing: Standing, field: str) -> str:
    """A field of the table, such as ``tiers.level`` or ``rows.level.advanced.senior.gap``, as a text."""
    section, _, name = field.partition(".")
    if section == "tiers":
        return standing.tiers[name].tier or "none"
    if section == "requirements":
        return standing.requirements[name]
    if section == "rows":
        ladder, tier, number, column = name.split(".")
        return f"{getattr(_row(standing, ladder, tier, number), COLUMNS[column]):f}"
    return f"{standing.numbers[name].value:f}"


def _row(standing: Standing, ladder: str, tier: str, number: str) -> RequirementRow:
    return next(row for row in standing.tiers[ladder].rows[tier] if row.name == number)


@pytest.mark.parametrize(
    "folder",
    [pytest.param(folder, marks=[] if folder.name in QUICK else pytest.mark.slow) for folder in PROGRAMS],
    ids=lambda folder: str(folder.parts[-1]),
)
def test_all_scenarios_pass_in_one_world(folder: Path) -> None:
    assert differences(program_of(folder), situations(scenarios_of(folder))) == {}


@pytest.mark.parametrize("folder", PROGRAMS, ids=lambda folder: folder.relative_to(EXAMPLES).parts[-1])
def test_every_scenario_expects_something(folder: Path) -> None:
    found = scenarios_of(folder)
    assert len(found) > LEAST_CASES / len(PROGRAMS)
    assert [item.name for item in found if not item.expected] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("folder", "name"), [(folder, scenario.name) for folder in PROGRAMS for scenario in scenarios_of(folder)]
)
def test_each_scenario_passes_alone(folder: Path, name: str) -> None:
    """As `swingby test` runs it."""
    scenario = next(item for item in scenarios_of(folder) if item.name == name)
    outcome = run_scenario(program_of(folder), scenario, from_rows)
    assert outcome.passed, [str(difference) for difference in outcome.differences]
