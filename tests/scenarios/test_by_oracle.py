"""Every scenario of the published programs is right by the oracle, and every number in them is pinned by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from swingby.program import load
from tests.scenarios.by_oracle import answers_on, disagreements, rules_of, same
from tests.scenarios.nearby import SURVIVORS, neighbours
from tests.scenarios.noticing import noticing
from tests.scenarios.printed import cases, with_days
from tests.scenarios.together import EXAMPLES, program_of, scenarios_of

PUBLISHED = sorted(path.parent for path in EXAMPLES.glob("published/*/program.yaml"))
#: The programs that the example of a firm is in, and its own; where people are seated the oracle tries every way, too many here.
JOINED = sorted(
    path.parent
    for place in ("*/programs/*", "*/enablement")
    for path in EXAMPLES.glob(f"{place}/program.yaml")
    if path.parent.name != "quaysign"
)
#: Folders for which the oracle walks many days one by one.
LONG_WALKS = frozenset(("aws-services-path", "microsoft-azure", "microsoft-lifecycle-other-reading"))
SLOW = LONG_WALKS | {"automattic-agencies"}
#: Of long walks and of others every so many neighbours are tried outside the long tests.
EVERY, EVERY_SHORT = 25, 4
FOLDERS = [
    pytest.param(folder, marks=[pytest.mark.slow, pytest.mark.proof] if folder.name in SLOW else [], id=folder.name)
    for folder in PUBLISHED
]
#: How many worked cases there are, by the beginning of their names.
WORKED_CASES = {
    "MS-AZ": 4, "MS-GATE": 5, "MS-MW": 6, "MS-LIFE": 4, "COOP": 6, "AWS": 5, "ODOO": 7, "HS": 4, "PA": 3, "ATM": 5, "A4A": 5,
    "DER": 6, "SAP": 4, "UMB": 3,
}  # fmt: skip
SECTIONS = (
    "tracks", "measures", "points", "scores", "requirements", "ladders", "accounts", "benefits", "incentives",
)  # fmt: skip


@pytest.mark.parametrize("folder", [*PUBLISHED, *JOINED], ids=lambda folder: str(folder.name))
def test_nothing_is_wrong_with_the_program(folder: Path) -> None:
    assert load(folder).issues == ()


@pytest.mark.parametrize("folder", PUBLISHED, ids=lambda folder: str(folder.name))
def test_every_rule_has_a_label_and_its_clause(folder: Path) -> None:
    rules = rules_of(folder)
    named = {f"{section}.{name}": rule for section in SECTIONS for name, rule in rules.get(section, {}).items()}
    assert [name for name, rule in named.items() if not {"label", "source"} <= set(rule)] == []


@pytest.mark.parametrize("folder", [*FOLDERS, *(pytest.param(item, id=item.name) for item in JOINED)])
def test_every_scenario_is_right(folder: Path) -> None:
    found = disagreements(rules_of(folder), program_of(folder), scenarios_of(folder))
    assert [str(item) for item in found] == []


@pytest.mark.parametrize("folder", [item for item in FOLDERS if item.id in cases()])
def test_every_published_case_comes_out_as_printed(folder: Path) -> None:
    """On the last day of its scenario, or on the day that is named."""
    scenarios = {scenario.name: with_days(folder.name, scenario) for scenario in scenarios_of(folder)}
    rules, program, wrong = rules_of(folder), program_of(folder), []
    for case, fields in cases()[folder.name].items():
        days = {asked: asked.day or list(scenarios[case].expected)[-1] for asked in fields}
        answers = {day: answers_on(rules, program, scenarios[case], day) for day in set(days.values())}
        found = {asked: answers[days[asked]].field(asked.path) for asked in fields}
        wrong += [(case, asked, str(found[asked])) for asked in fields if not same(fields[asked], found[asked])]
    assert wrong == []


def test_every_worked_case_is_a_scenario_of_some_program() -> None:
    names = {scenario.name for folder in PUBLISHED for scenario in scenarios_of(folder)}
    wanted = {f"{prefix}-{number}" for prefix, most in WORKED_CASES.items() for number in range(1, most + 1)}
    assert wanted - names == set()


# --- every number matters -------------------------------------------------------------------------------------------


def survivors(folder: Path, every: int = 1) -> set[str]:
    """The neighbours of a program, or every n-th of them, that no scenario notices."""
    tried = noticing(folder, list(neighbours(folder))[::every])
    return {neighbour.what for neighbour, noticed in tried if noticed is None}


def every(folder: Path) -> int:
    """Every so many neighbours of a program are tried outside the long tests."""
    return EVERY if folder.name in LONG_WALKS else EVERY_SHORT


@pytest.mark.slow
@pytest.mark.proof
@pytest.mark.parametrize("folder", PUBLISHED, ids=lambda folder: str(folder.name))
def test_some_numbers_are_pinned(folder: Path) -> None:
    assert survivors(folder, every(folder)) <= set(SURVIVORS.get(folder.name, {}))


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("folder", PUBLISHED, ids=lambda folder: str(folder.name))
def test_every_number_is_pinned(folder: Path) -> None:
    assert survivors(folder) == set(SURVIVORS.get(folder.name, {}))
