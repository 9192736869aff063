"""The small tables of a plan are written once for a database, are whole, and go with the plan."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import duckdb
import pytest

from swingby.engine.plan import DataStep
from swingby.engine.shelf import CATALOG, Shelf
from swingby.engine.sql import Column, DuckDB
from swingby.errors import SwingbyError

TABLE = DataStep("rules", (Column("node", "whole"),), ((1,), (2,)))


@pytest.fixture
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def schemas(database: duckdb.DuckDBPyConnection) -> set[str]:
    asked = f"SELECT schema_name FROM duckdb_schemas() WHERE database_name = '{CATALOG}' AND schema_name LIKE 'plan%'"
    return {str(name) for (name,) in database.execute(asked).fetchall()}


def read(session: DuckDB) -> list[tuple[object, ...]]:
    return session.raw.execute("SELECT node FROM rules ORDER BY node").fetchall()


def test_every_session_reads_what_was_written_once(database: duckdb.DuckDBPyConnection) -> None:
    shelf = Shelf()
    sessions = [DuckDB(database.cursor()) for _ in range(2)]
    for session in sessions:
        shelf.show(session, [TABLE])
    assert [read(session) for session in sessions] == [[(1,), (2,)]] * 2
    assert schemas(database) == {shelf.schema}


def test_what_a_session_keeps_itself_comes_first(database: duckdb.DuckDBPyConnection) -> None:
    session = DuckDB(database.cursor())
    Shelf().show(session, [TABLE])
    session.store("rules", TABLE.columns, [(7,)])
    assert read(session) == [(7,)]


def test_names_of_the_database_itself_come_before_the_shelf(database: duckdb.DuckDBPyConnection) -> None:
    database.execute("ATTACH ':memory:' AS \"it's own\"")
    session = DuckDB(database.cursor())
    session.raw.execute('USE "it\'s own"')
    session.raw.execute("CREATE TABLE facts AS SELECT 3 AS node")
    Shelf().show(session, [TABLE])
    assert session.raw.execute("SELECT node FROM facts").fetchall() == [(3,)]
    assert read(session) == [(1,), (2,)]


def test_a_table_that_cannot_be_written_leaves_no_half_shelf(database: duckdb.DuckDBPyConnection) -> None:
    shelf, session = Shelf(), DuckDB(database.cursor())
    wrong = DataStep("days", (Column("d", "day"),), (("no day",),))
    with pytest.raises(SwingbyError, match="not a day"):
        shelf.show(session, [TABLE, wrong])
    assert schemas(database) == set()
    shelf.show(session, [TABLE])
    assert read(session) == [(1,), (2,)]


def test_a_shelf_stays_while_a_session_uses_it_and_goes_with_the_next_plan_after_that(
    database: duckdb.DuckDBPyConnection,
) -> None:
    session = DuckDB(database.cursor())
    old = Shelf()
    old.show(session, [TABLE])
    name = old.schema
    del old
    gc.collect()
    other = Shelf()
    other.show(DuckDB(database.cursor()), [TABLE])
    assert schemas(database) == {name, other.schema}
    assert read(session) == [(1,), (2,)]

    del session
    gc.collect()
    last = Shelf()
    last.show(DuckDB(database.cursor()), [TABLE])
    assert schemas(database) == {other.schema, last.schema}
