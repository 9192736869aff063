"""The same plan gives the same standings, to the digit, on every backend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from swingby.engine.assessing import Compiled, compile_program, plan_for, run_plan, standings
from swingby.engine.assessment import assess, coverage_test
from swingby.engine.probing import probed
from swingby.engine.scenarios import Scenario, read_scenarios
from swingby.engine.scenarios.worlds import rows_of
from swingby.engine.setting import Setting
from swingby.engine.sql import Column, Connection, Kind
from swingby.engine.standing import Standing
from swingby.facts import FactSet, from_rows
from swingby.program import REFERENCE_TABLES, Program, load
from swingby.program.kinds import Column as FactColumn

PUBLISHED = Path(__file__).resolve().parents[2] / "examples/published"
KINDS: dict[str, Kind] = {
    "word": "text",
    "text": "text",
    "id": "text",
    "number": "quantity",
    "percent": "quantity",
    "amount": "quantity",
    "date": "day",
    "truth": "truth",
}
LEDGER = (Column("position", "whole"), Column("reversed_position", "whole"))


def cases() -> Iterator[tuple[str, str]]:
    """The first scenario of each program; the programs differ more than the scenarios of one."""
    for folder in sorted(path.parent for path in PUBLISHED.glob("*/program.yaml")):
        scenarios, _ = read_scenarios(folder / "scenarios")
        yield folder.name, scenarios[0].name


def copy_facts(facts: FactSet, program: Program, connection: Connection) -> None:
    """Bring the relations of a fact set to another backend."""
    for kind in program.kinds.values():
        _copy(facts, connection, f"fact_{kind.name}", (*LEDGER, *_columns(kind.all_columns)))
    for name, columns in REFERENCE_TABLES.items():
        _copy(facts, connection, f"ref_{name}", _columns(columns))


def _columns(columns: Sequence[FactColumn]) -> tuple[Column, ...]:
    return tuple(Column(column.name, KINDS[column.type]) for column in columns)


def _copy(facts: FactSet, connection: Connection, table: str, columns: Sequence[Column]) -> None:
    listed = ", ".join(f'"{column.name}"' for column in columns)
    connection.store(table, columns, facts.connection.execute(f"SELECT {listed} FROM {table}").fetchall())


def computed(compiled: Compiled, facts: FactSet, connection: Connection, day: date) -> list[Standing]:
    """The standings that a backend computes."""
    setting = Setting(asked=(day,), restricted=False, incomplete=coverage_test(facts.coverage))
    plan = plan_for(compiled, probed(compiled, facts, setting, facts.latest_position))
    return standings(compiled, plan, run_plan(connection, plan, facts.latest_position))


def found(folder: str, name: str) -> tuple[Program, Scenario]:
    """A program with one of its scenarios."""
    program = load(PUBLISHED / folder).program
    assert program is not None
    scenarios, _ = read_scenarios(PUBLISHED / folder / "scenarios")
    return program, next(scenario for scenario in scenarios if scenario.name == name)


#: A step takes Spark as long as a hundred take the others, so that it runs the programs with few steps.
ON_SPARK = ("quickbooks-proadvisor", "umbraco-credits", "aws-services-path")


@pytest.mark.parametrize(("folder", "name"), list(cases()))
def test_standings_are_equal_on_every_backend(connection: Connection, folder: str, name: str) -> None:
    """DuckDB's standing is the one that the scenarios check; every other backend gives the same."""
    if connection.dialect == "spark" and folder not in ON_SPARK:
        pytest.skip("by design: Spark runs the programs with few steps; the others run on both PostgreSQLs")
    program, scenario = found(folder, name)
    compiled = compile_program(program)
    day = max(scenario.expected)
    facts = from_rows(rows_of(program, scenario, as_of=day), program)
    expected = list(assess(compiled, facts, as_of=day))
    copy_facts(facts, program, connection)
    assert computed(compiled, facts, connection, day) == expected
