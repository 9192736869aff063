"""Cases that every backend must answer alike: a program with facts, and what DuckDB says of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlglot import exp

from swingby.engine.assessing import Compiled, plan_for, run_plan, standings
from swingby.engine.assessment import coverage_test
from swingby.engine.compiling import Plan
from swingby.engine.history import history_query
from swingby.engine.plan import ArrayStep, QueryStep, Step
from swingby.engine.probing import probed
from swingby.engine.setting import Setting
from swingby.engine.sql import Column, Connection, DuckDB, Kind
from swingby.engine.standing import Standing
from swingby.facts import FactSet
from swingby.program import REFERENCE_TABLES, Program
from swingby.program.kinds import Column as FactColumn

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
Table = tuple[tuple[Column, ...], list[tuple[object, ...]]]


@dataclass(frozen=True, slots=True)
class Said:
    """What a backend says of a case: the standings, and every number and entry that the plan kept."""

    standings: list[Standing]
    kept: list[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Case:
    """A plan, the tables that it reads, and what DuckDB says; nothing of it is asked of another backend."""

    compiled: Compiled
    plan: Plan
    known_at: int
    tables: dict[str, Table]
    expected: Said


def case(compiled: Compiled, facts: FactSet, days: Iterable[date], known_at: int | None = None) -> Case:
    """Plan once, from what the facts say, and ask DuckDB."""
    known = facts.latest_position if known_at is None else known_at
    asked = tuple(sorted(set(days)))
    setting = Setting(asked=asked, restricted=False, incomplete=coverage_test(facts.coverage))
    plan = plan_for(compiled, probed(compiled, facts, setting, known))
    expected = said(compiled, plan, DuckDB(facts.connection.cursor()), known)
    return Case(compiled, plan, known, _tables(facts, compiled.program, _read_by(plan.steps)), expected)


def said_on(connection: Connection, asked: Case) -> Said:
    """What a backend says of a case, from a copy of the facts."""
    for name, (columns, rows) in asked.tables.items():
        connection.store(name, columns, rows)  # type: ignore[arg-type]
    return said(asked.compiled, asked.plan, connection, asked.known_at)


def said(compiled: Compiled, plan: Plan, connection: Connection, known_at: int) -> Said:
    """Run a plan and read everything that it kept."""
    found = standings(compiled, plan, run_plan(connection, plan, known_at))
    query = history_query(plan, everybody=True)
    kept = [row for day in plan.setting.asked for row in connection.rows(query, {"day": day})]
    return Said(found, sorted((_comparable(row) for row in kept), key=repr))


def _comparable(row: Sequence[object]) -> tuple[object, ...]:
    """Numbers without the zeros that only carry."""
    return tuple(item.normalize() + 0 if isinstance(item, Decimal) else item for item in row)


def _read_by(steps: Iterable[Step]) -> frozenset[str]:
    """The names of all relations that steps read."""
    queries: list[exp.Expr] = []
    for step in steps:
        queries += [step.query] if isinstance(step, QueryStep) else []
        queries += step.reads.values() if isinstance(step, ArrayStep) else []
    return frozenset(table.name for query in queries for table in query.find_all(exp.Table))


def _tables(facts: FactSet, program: Program, names: frozenset[str]) -> dict[str, Table]:
    kinds = {f"fact_{kind.name}": (*LEDGER, *_columns(kind.all_columns)) for kind in program.kinds.values()}
    shapes = kinds | {f"ref_{name}": _columns(columns) for name, columns in REFERENCE_TABLES.items()}
    return {name: (shape, _rows(facts, name, shape)) for name, shape in shapes.items() if name in names}


def _columns(columns: Sequence[FactColumn]) -> tuple[Column, ...]:
    return tuple(Column(column.name, KINDS[column.type]) for column in columns)


def _rows(facts: FactSet, table: str, columns: Sequence[Column]) -> list[tuple[object, ...]]:
    listed = ", ".join(f'"{column.name}"' for column in columns)
    return facts.connection.execute(f'SELECT {listed} FROM "{table}"').fetchall()
