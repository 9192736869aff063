"""Swingby itself: from the rules as YAML to Parquet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from bench.engine_case.program import program_text
from bench.engine_case.rules import AS_OF, KNOWN_AT, Case
from swingby.engine import assess_to
from swingby.facts.casts import QUANTITY
from swingby.facts.contracts import contracts
from swingby.facts.fact_set import relation_statement
from swingby.program import FACT_KINDS, Program, load_text
from swingby.program.kinds import ColumnType

TYPES: dict[ColumnType, str] = dict.fromkeys(("word", "text", "id"), "VARCHAR") | dict.fromkeys(
    ("number", "percent", "amount"), QUANTITY
)
TYPES |= {"date": "DATE", "truth": "BOOLEAN"}


@dataclass(frozen=True, slots=True)
class ParquetFacts:
    """Facts that stay in their files: a view for each of them, empty tables for the rest."""

    connection: duckdb.DuckDBPyConnection
    latest_position: int = KNOWN_AT
    coverage: tuple[()] = ()

    def position_at(self, moment: date) -> int:
        """Everything was known at once."""
        del moment
        return KNOWN_AT


def prepare(data: Path, case: Case) -> tuple[ParquetFacts, Case]:
    """Open a session on the files."""
    return ParquetFacts(session(data)), case


def run(ready: tuple[ParquetFacts, Case], target: Path) -> None:
    """Everything that `swingby assess` does, the reading of the program included."""
    facts, case = ready
    assess_to(loaded(case), facts, target, as_of=AS_OF)


def loaded(case: Case) -> Program:
    """The program of a case, checked."""
    found = load_text(program_text(case))
    if found.program is None:
        raise RuntimeError(found.issues)
    return found.program


def session(data: Path) -> duckdb.DuckDBPyConnection:
    """A database whose relations are the files below a folder."""
    connection = limited()
    for contract in contracts(FACT_KINDS).values():
        file = data / f"{contract.name}.parquet"
        if file.exists():
            connection.execute(f"CREATE VIEW {contract.relation} AS FROM read_parquet('{file}')")
        else:
            connection.execute(relation_statement(contract, TYPES))
    return connection


def limited() -> duckdb.DuckDBPyConnection:
    """A database with the memory and the threads that every contender gets."""
    connection = duckdb.connect()
    connection.execute("SET memory_limit = '5GB'; SET threads = 2; SET preserve_insertion_order = false")
    # the first bound value makes the driver import pandas and pyarrow where they are installed, as they are only here
    connection.execute("SELECT $day", {"day": AS_OF})
    return connection
