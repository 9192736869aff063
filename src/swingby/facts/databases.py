"""Facts that stand in a database: tables of DuckDB, PostgreSQL and Spark, named like files (``fact_activities`` too).

A database is read once, at one moment, into the same tables of text as files are; nothing is ever written to it.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TextIO

from swingby.errors import SwingbyError
from swingby.facts.contracts import TableContract
from swingby.facts.desk import Desk
from swingby.facts.files import table_name
from swingby.facts.mapping import FactMapping, FileMapping
from swingby.facts.records import plain_name
from swingby.facts.relations import Relation, stage_relation
from swingby.facts.selection import Given, select_columns, text_cell
from swingby.facts.staging import stage_clean

if TYPE_CHECKING:
    import psycopg

DUCKDB_ENDINGS = frozenset({".duckdb", ".ddb", ".db"})


class TableSource(Protocol):
    """A database whose tables can be read."""

    def tables(self) -> Sequence[str]:
        """The names of the tables and views that may be read."""
        ...

    def columns(self, table: str) -> Sequence[str]:
        """The names of a table's columns, in order."""
        ...

    def write(self, table: str, columns: Sequence[str], file: TextIO) -> None:
        """Write rows as CSV, every field quoted and every line ended by CR LF: the number of the row, then the columns as text."""
        ...


@dataclass(frozen=True, slots=True)
class PostgresTables:
    """Tables of a PostgreSQL database, those of the connection's search path.

    Give a connection in a transaction of its own: it becomes one that only reads, at one moment.
    """

    connection: psycopg.Connection[Any]

    def tables(self) -> Sequence[str]:
        """Tables and views that the user may read."""
        self.connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for setting in ("SET LOCAL TimeZone = 'UTC'", "SET LOCAL DateStyle = 'ISO'"):
            self.connection.execute(setting)
        rows = self.connection.execute(
            "SELECT DISTINCT table_name::text FROM information_schema.tables"
            " WHERE table_schema = ANY (current_schemas(false)) ORDER BY 1"
        )
        return [name for (name,) in rows.fetchall()]

    def columns(self, table: str) -> Sequence[str]:
        """The columns, in order."""
        from psycopg import sql

        rows = self.connection.execute(sql.SQL("SELECT * FROM {} LIMIT 0").format(sql.Identifier(table)))
        return [column.name for column in rows.description or ()]

    def write(self, table: str, columns: Sequence[str], file: TextIO) -> None:
        """Let the server write text, and make its line ends ours."""
        from psycopg import sql

        texts = sql.SQL(", ").join(sql.SQL("CAST({} AS text)").format(sql.Identifier(name)) for name in columns)
        query = sql.SQL("COPY (SELECT row_number() OVER () AS _row, {} FROM {}) TO STDOUT (FORMAT csv)").format(
            texts, sql.Identifier(table)
        )
        with self.connection.cursor() as cursor, cursor.copy(query) as rows:
            reader = csv.reader(_lines(rows))
            csv.writer(file, lineterminator="\r\n", quoting=csv.QUOTE_ALL).writerows(reader)


@dataclass(frozen=True, slots=True)
class SparkTables:
    """Tables of a Spark session's current database, and its views."""

    session: Any

    def tables(self) -> Sequence[str]:
        """Tables and temporary views."""
        return sorted({table.name for table in self.session.catalog.listTables()})

    def columns(self, table: str) -> Sequence[str]:
        """The columns, in order."""
        return list(self.session.table(_backticked(table)).columns)

    def write(self, table: str, columns: Sequence[str], file: TextIO) -> None:
        """Bring rows here partition by partition."""
        rows = self.session.table(_backticked(table))
        types = dict(rows.dtypes)
        texts = [
            f"{_spark_text(name, types[name])} AS {_backticked(f'c{place}')}" for place, name in enumerate(columns)
        ]
        written = csv.writer(file, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
        for number, row in enumerate(rows.selectExpr(*texts).toLocalIterator(), start=1):
            written.writerow([number, *row])


def stage_tables(
    desk: Desk, source: TableSource, tables: Mapping[str, TableContract], mapping: FactMapping | None
) -> None:
    """Stage every table of a database that a program knows or a mapping names."""
    for name in source.tables():
        for contract, entry in _targets(name, tables, mapping):
            _stage(desk, source, (name, contract, entry))


def stage_duckdb(desk: Desk, path: Path, tables: Mapping[str, TableContract], mapping: FactMapping | None) -> None:
    """Stage the tables of a DuckDB database file.

    Raises
    ------
    SwingbyError
        ``facts-database`` when the file is none, or is in use.
    """
    import duckdb

    try:
        desk.connection.execute(f"ATTACH {_literal(str(path))} AS given (READ_ONLY)")
    except duckdb.Error as error:
        raise SwingbyError(
            code="facts-database",
            message=f"{path} cannot be opened as a DuckDB database.",
            hint="Close the program that writes to it, or check that it is one.",
        ) from error
    query = "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'given' UNION ALL SELECT schema_name, view_name FROM duckdb_views() WHERE database_name = 'given' AND NOT internal ORDER BY 2, 1"  # fmt: skip
    for schema, name in desk.connection.execute(query).fetchall():
        for contract, entry in _targets(name, tables, mapping):
            place = ".".join('"' + part.replace('"', '""') + '"' for part in ("given", schema, name))
            relation = Relation(f"(SELECT row_number() OVER () AS _row, * FROM {place})")
            desk.prepare(contract)
            stage_relation(desk, contract, relation, name, entry)
    desk.connection.execute("DETACH given")


def _targets(
    name: str, tables: Mapping[str, TableContract], mapping: FactMapping | None
) -> list[tuple[TableContract, FileMapping | None]]:
    entries = mapping.of(name) if mapping is not None else ()
    if entries:
        return [(tables[each.table], each) for each in entries]
    contract = tables.get(table_name(name))
    return [] if contract is None else [(contract, None)]


def _stage(desk: Desk, source: TableSource, target: tuple[str, TableContract, FileMapping | None]) -> None:
    name, contract, entry = target
    columns = source.columns(name)
    names = [plain_name(column) for column in columns]
    desk.prepare(contract)
    chosen = select_columns(desk, contract, Given(names, name, text_cell), entry)
    if chosen is None:
        return
    file_no = desk.file_number(name)
    desk.labels[file_no] = chosen.labels
    stage_clean(desk, contract, lambda file: source.write(name, columns, file), (file_no, names, chosen))


def _lines(rows: Any) -> Any:
    """The text that a COPY sends, as lines for the reader of CSV."""
    before = ""
    for piece in rows:
        *lines, before = (before + bytes(piece).decode()).split("\n")
        yield from (f"{line}\n" for line in lines)
    if before:
        yield before


def _spark_text(name: str, kind: str) -> str:
    column = _backticked(name)
    if kind in ("double", "float"):
        return f"coalesce(CAST(try_cast({column} AS decimal(38, 12)) AS string), CAST({column} AS string))"
    if kind == "timestamp":
        instant = f"to_utc_timestamp({column}, current_timezone())"
        return f"date_format({instant}, \"yyyy-MM-dd'T'HH:mm:ss'Z'\")"
    return f"CAST({column} AS string)"


def _backticked(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
