"""The worked cases that the publishers print, and every scenario of the examples."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from operator import attrgetter
from pathlib import Path

import pytest

from swingby.engine import RequirementRow, Standing
from swingby.engine.scenarios import Outcome, run_scenario
from swingby.engine.scenarios.running import same_number
from swingby.engine.scenarios.worlds import PARTNER
from swingby.facts import from_rows
from swingby.program.reading import literals
from tests.scenarios.printed import CASES, FIGURES, Field, cases
from tests.scenarios.together import EXAMPLES, outcomes_of, program_of, scenarios_of
from tools.measured import record
from tools.places import ROOT

PUBLISHED = sorted(path.parent for path in EXAMPLES.glob("published/*/scenarios"))
#: The programs that the example of a firm is enrolled in, and its own.
JOINED = sorted(
    path.parent for place in ("*/programs/*", "*/enablement") for path in EXAMPLES.glob(f"{place}/scenarios")
)
PROGRAMS = [*PUBLISHED, *JOINED, EXAMPLES / "lanternbay", EXAMPLES / "harborline/program"]
#: Programs whose scenarios are answered within a second or two.
QUICK = {"quickbooks-proadvisor", "umbraco-credits"}
LEAST_SCENARIOS = 6
#: The language has a page for each construct; these are about something else.
OTHER_PAGES = {"README", "issues", "readings", "scenarios"}
CONSTRUCT_PAGES = [path for path in (ROOT / "docs/reference/language").glob("*.md") if path.stem not in OTHER_PAGES]
#: Of the scenarios of a program, every so many are run by themselves as well.
EVERY = 25
COLUMNS = {"value": "value", "threshold": "line", "gap": "gap"}
#: The programs whose many situations take longer than those of all others.
LONGEST = {"microsoft-azure", "microsoft-modern-work", "odoo-v11", "sap-2010"}


def marks(name: str) -> list[pytest.MarkDecorator]:
    """How long a program makes people wait for its tests."""
    if name in QUICK:
        return []
    return [pytest.mark.slow, pytest.mark.proof] if name in LONGEST else [pytest.mark.slow]


FOLDERS = [pytest.param(folder, marks=marks(folder.name), id=str(folder.relative_to(EXAMPLES))) for folder in PROGRAMS]


def test_every_worked_case_is_transcribed() -> None:
    assert set(cases()) <= {folder.name for folder in PUBLISHED}
    assert len({case for by_case in cases().values() for case in by_case}) == CASES
    assert sum(len(fields) for by_case in cases().values() for fields in by_case.values()) == FIGURES


@pytest.mark.slow
@pytest.mark.long
def test_what_is_published_is_counted() -> None:
    """Programs, worked cases and scenarios, for the pages that quote them."""
    figures = {
        "programs": len(PUBLISHED),
        "worked_cases": CASES,
        "printed_figures": FIGURES,
        "scenarios": sum(len(scenarios_of(folder)) for folder in PUBLISHED),
        "constructs": len(CONSTRUCT_PAGES),
    }
    record(
        "published",
        what="Published programs written in the language, with the worked cases that their texts print",
        command="./run long -k test_what_is_published_is_counted",
        figures=figures,
    )
    assert all(figures.values())


@pytest.mark.parametrize("program", [pytest.param(name, marks=marks(name)) for name in sorted(cases())])
def test_every_published_case_comes_out_as_printed(program: str) -> None:
    found = outcomes_of(EXAMPLES / "published" / program)
    wanted = cases()[program]
    assert [name for name in wanted if name not in found] == []
    asked = [(name, item, text) for name, fields in wanted.items() for item, text in fields.items()]
    told = [(name, item, text, answer(found[name], item)) for name, item, text in asked]
    assert [(name, item, text, said) for name, item, text, said in told if not alike(text, said)] == []


def alike(text: str, said: str) -> bool:
    """The same word, or the same number."""
    number = literals.number(said)
    return text == said if number is None else same_number(text, number)


def answer(outcome: Outcome, asked: Field) -> str:
    """A field of the table, such as ``tiers.level`` or ``rows.level.advanced.senior.gap``, as a text."""
    standing = outcome.standings[PARTNER, asked.day or list(outcome.scenario.expected)[-1]]
    section, _, name = asked.path.partition(".")
    if section == "tiers":
        return standing.tiers[name].tier or "none"
    if section == "tracks":
        return standing.tracks[name]
    if section == "requirements":
        return standing.requirements[name]
    if section == "rows":
        return _of_row(standing, name)
    if section == "accounts":
        account, _, show = name.partition(".")
        return f"{getattr(standing.accounts[account], show or 'balance'):f}"
    number = standing.numbers[name]
    return f"{number.value or Decimal(0):f}" if number.state == "known" else number.state


def _of_row(standing: Standing, name: str) -> str:
    ladder, tier, about, column = name.split(".")
    row = _row(standing, ladder, tier, about)
    if column == "result":
        return row.result
    value = getattr(row, COLUMNS[column])
    return "undefined" if value is None else f"{value:f}"


def _row(standing: Standing, ladder: str, tier: str, about: str) -> RequirementRow:
    return next(row for row in standing.tiers[ladder].rows[tier] if row.name == about)


@pytest.mark.parametrize("folder", FOLDERS)
def test_all_scenarios_pass(folder: Path) -> None:
    found = outcomes_of(folder).values()
    wrong = {
        outcome.scenario.name: str(outcome.error or outcome.differences) for outcome in found if not outcome.passed
    }
    assert wrong == {}


@pytest.mark.parametrize("folder", PROGRAMS, ids=lambda folder: str(folder.relative_to(EXAMPLES)))
def test_every_scenario_expects_something(folder: Path) -> None:
    found = scenarios_of(folder)
    assert len(found) >= LEAST_SCENARIOS
    assert [item.name for item in found if not item.expected] == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_some_scenarios_give_the_same_alone(folder: Path) -> None:
    """Whole standings and differences: what a joint run says of a scenario, it says by itself."""
    hold(folder, EVERY)


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("folder", FOLDERS)
def test_every_scenario_gives_the_same_alone(folder: Path) -> None:
    hold(folder, 1)


def hold(folder: Path, every: int) -> None:
    """Run every so many scenarios of a program alone and compare with the joint run."""
    program = program_of(folder)
    listed = [outcome.scenario for outcome in outcomes_of(folder).values()]
    chosen = listed[every // 2 :: every] or listed[-1:]
    alone = {scenario.name: ordered(run_scenario(program, scenario, from_rows)) for scenario in chosen}
    assert {name: ordered(outcomes_of(folder)[name]) for name in alone} == alone


def ordered(outcome: Outcome) -> Outcome:
    """The same with the lots of one entry in order of amount: the order in which they come is not defined."""
    return replace(outcome, standings={key: _ordered(standing) for key, standing in outcome.standings.items()})


def _ordered(standing: Standing) -> Standing:
    accounts = {
        name: replace(account, lots=tuple(sorted(account.lots, key=attrgetter("opens", "day", "entry", "amount"))))
        for name, account in standing.accounts.items()
    }
    return replace(standing, accounts=accounts)
