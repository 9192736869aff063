"""Many scenarios in one world: every situation is a partner of its own, so that one run answers them all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from swingby.engine import Standing, assess, compile_program
from swingby.engine.scenarios import Difference, Scenario, read_scenarios, running
from swingby.engine.scenarios.worlds import PARTNER, Row, rows_of
from swingby.facts import from_rows
from swingby.program import REFERENCE_TABLES, Program, load
from swingby.program.kinds import Column

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
LEDGER_IDS = ("reverses",)
#: Published programs that the engine refuses so far. Take a folder off once it computes: a test says when.
NOT_COMPUTED_YET = frozenset(
    (
        "automattic-agencies",
        "deriv",
        "deriv-other-reading",
        "hubspot-2016",
        "hubspot-2018",
        "hubspot-2023",
        "microsoft-azure",
        "microsoft-coop",
        "microsoft-lifecycle-other-reading",
        "microsoft-modern-work",
        "odoo-v11",
        "odoo-v11-other-reading",
        "sap-2010",
        "umbraco-credits",
    )
)


@dataclass(frozen=True, slots=True)
class Situation:
    """A scenario on one of its days; ``tag`` keeps its ids apart from those of the others."""

    tag: str
    scenario: Scenario
    day: date

    def name(self, partner: str = PARTNER) -> str:
        """What a partner of this situation is called in the common world."""
        return f"{self.tag}/{partner}"


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


def situations(scenarios: Iterable[Scenario]) -> list[Situation]:
    """Every scenario on each of its days."""
    pairs = [(scenario, day) for scenario in scenarios for day in scenario.expected]
    return [Situation(f"{index:03}", scenario, day) for index, (scenario, day) in enumerate(pairs)]


def tables_together(program: Program, listed: Sequence[Situation]) -> Mapping[str, Sequence[Row]]:
    """The rows of all situations, with ids that cannot meet."""
    tables: defaultdict[str, list[Row]] = defaultdict(list)
    for situation in listed:
        for table, rows in rows_of(program, situation.scenario, as_of=situation.day).items():
            ids = _id_columns(program, table)
            tables[table] += [_tagged(row, ids, situation) for row in rows]
    return tables


def _id_columns(program: Program, table: str) -> frozenset[str]:
    columns: Sequence[Column] = program.kinds[table].all_columns if table in program.kinds else REFERENCE_TABLES[table]
    return frozenset((*LEDGER_IDS, *(column.name for column in columns if column.type == "id")))


def _tagged(row: Row, ids: frozenset[str], situation: Situation) -> Row:
    return {name: situation.name(str(value)) if name in ids and value else value for name, value in row.items()}


def groups(listed: Iterable[Situation]) -> list[list[Situation]]:
    """Situations that one run can answer: the same numbers given by hand, and days of one month; the largest first."""
    found: defaultdict[tuple[object, ...], list[Situation]] = defaultdict(list)
    for situation in listed:
        month = (situation.day.year, situation.day.month)
        found[month, *situation.scenario.given.items()].append(situation)
    return sorted(found.values(), key=len, reverse=True)


def standings_together(program: Program, listed: Sequence[Situation]) -> Iterator[tuple[Situation, Standing]]:
    """The standing of every partner of every situation, from one run for each group."""
    for group in groups(listed):
        compiled = compile_program(program, given=running._given(program, group[0].scenario))
        with from_rows(tables_together(program, group), program) as facts:
            assert not facts.errors, facts.errors
            found = assess(compiled, facts, as_of=[situation.day for situation in group])
            by_name = {(standing.enrolment, standing.as_of): standing for standing in found}
            found.close()
        for situation in group:
            for name in (PARTNER, *(other for other, _ in situation.scenario.others)):
                yield situation, by_name[situation.name(name), situation.day]


def differences(program: Program, listed: Sequence[Situation]) -> Mapping[str, Sequence[Difference]]:
    """By name of the scenario, what did not come out; scenarios that pass are left out."""
    found: defaultdict[str, list[Difference]] = defaultdict(list)
    for situation, standing in standings_together(program, listed):
        expected = situation.scenario.expected[situation.day]
        for name, wanted in running._by_partner(situation.scenario, expected):
            if standing.enrolment == situation.name(name):
                compared = running._compared(standing, wanted)
                found[situation.scenario.name] += [item for item in compared if item is not None]
    return {name: items for name, items in found.items() if items}
