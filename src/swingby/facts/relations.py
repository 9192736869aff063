"""What DuckDB reads by itself: Parquet files and tables of DuckDB databases. Typed columns become text first.

So every source is judged alike, by the same checks.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from swingby.facts.contracts import TableContract
from swingby.facts.desk import Desk
from swingby.facts.mapping import FileMapping
from swingby.facts.records import plain_name
from swingby.facts.selection import Given, select_columns, trimmed
from swingby.facts.staging import note_passed_over


@dataclass(frozen=True, slots=True)
class Relation:
    """Rows that DuckDB can query: the expression, its bound values, and the number of a row."""

    rows: str
    values: tuple[str, ...] = ()
    number: str = "_row"


def stage_parquet(
    desk: Desk, contract: TableContract, path: Path, name: str, mapping: FileMapping | None = None
) -> None:
    """Stage a Parquet file."""
    source = "read_parquet(?, file_row_number = true)"
    stage_relation(desk, contract, Relation(source, (str(path),), "file_row_number + 1"), name, mapping)


def stage_relation(
    desk: Desk, contract: TableContract, relation: Relation, name: str, mapping: FileMapping | None
) -> None:
    """Stage a relation; one that cannot be read is reported."""
    import duckdb

    table, values = f"typed_{contract.name}", list[object](relation.values)
    try:
        described = desk.connection.execute(f"DESCRIBE SELECT * FROM {relation.rows}", values).fetchall()
        own = [row[:2] for row in described if row[0] not in ("_row", "file_row_number")]
        texts, names = [column_text(*row) for row in own], [plain_name(row[0]) for row in own]
        chosen = select_columns(desk, contract, Given(names, name, lambda place: trimmed(texts[place])), mapping)
        if chosen is None:
            return
        file_no = desk.file_number(name)
        desk.labels[file_no] = chosen.labels
        before = desk.count(f"SELECT count(*) FROM {table}")
        statement = chosen.insert(contract, file_no=file_no, line=relation.number, rows=relation.rows)
        desk.connection.execute(statement, values)
        if chosen.where:
            kept = desk.count(f"SELECT count(*) FROM {table}") - before
            note_passed_over(desk, file_no, desk.count(f"SELECT count(*) FROM {relation.rows}", values) - kept)
    except duckdb.Error:
        desk.report("file-unreadable", "It is no such file or table, or it is damaged.", "Export it again.", file=name)


def column_text(name: str, kind: str) -> str:
    """A typed column as text: binary fractions without an exponent, times with their offset."""
    quoted = '"' + name.replace('"', '""') + '"'
    if kind in ("DOUBLE", "FLOAT"):
        exact = f"rtrim(rtrim(CAST(TRY_CAST({quoted} AS DECIMAL(38, 12)) AS VARCHAR), '0'), '.')"
        return f"coalesce({exact}, CAST({quoted} AS VARCHAR))"
    return f"CAST({quoted} AS VARCHAR)" if kind != "VARCHAR" else quoted
