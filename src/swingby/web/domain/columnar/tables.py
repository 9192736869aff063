"""The tables that are copied, and one digest that PostgreSQL and DuckDB both compute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from swingby.web.domain.columnar.manifest import CopyError, Found

#: Type on PostgreSQL -> type in DuckDB; ``numeric`` has its own size.
TYPES: Mapping[str, str] = {
    "text": "VARCHAR",
    "date": "DATE",
    "boolean": "BOOLEAN",
    "bigint": "BIGINT",
    "timestamp with time zone": "TIMESTAMPTZ",
    "jsonb": "VARCHAR",
}
POSITION, REVERSED = "position", "reversed_position"
#: Stand between the columns of a row, and for a column without a value: no key and no name holds them.
_BETWEEN, _NOTHING = "chr(31)", "chr(30)"


@dataclass(frozen=True, slots=True)
class StoredTable:
    """A table on PostgreSQL with the rows of many owners."""

    name: str
    columns: Mapping[str, str]

    @property
    def is_ledger(self) -> bool:
        """Whether rows have positions and stay; the others are reference rows, which may change."""
        return POSITION in self.columns

    @property
    def has_reversals(self) -> bool:
        """Whether a row may be reversed at a later position."""
        return REVERSED in self.columns


def stored_tables() -> tuple[StoredTable, ...]:
    """Every table of facts, reference rows and positions that the database has."""
    found: dict[str, dict[str, str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name::text, column_name::text, data_type::text, numeric_precision, numeric_scale"
            " FROM information_schema.columns WHERE table_schema = current_schema()"
            " AND table_name ~ '^(fact|ref)_' ORDER BY table_name, ordinal_position"
        )
        for table, column, kind, *size in cursor.fetchall():
            found.setdefault(table, {})[column] = _type(table, column, kind, size)
    return tuple(StoredTable(name, columns) for name, columns in found.items())


def _type(table: str, column: str, kind: str, size: list[int | None]) -> str:
    if kind == "numeric" and None not in size:
        return f"DECIMAL({size[0]},{size[1]})"
    if kind not in TYPES:
        raise CopyError(f"{table}.{column} is {kind}, which the columnar copy cannot hold yet.")
    return TYPES[kind]


def found_on_postgres(table: StoredTable, owner: str, position: int) -> Found:
    """Count and digest what the database holds of an owner up to a position."""
    row = (
        f"('x' || substr(md5({_spelled(table, '(extract(epoch FROM {}) * 1000000)::bigint')}), 1, 15))::bit(60)::bigint"
    )
    back = f"('x' || substr(md5({_back()}), 1, 15))::bit(60)::bigint"
    until = "AND position <= %(position)s" if table.is_ledger else ""
    gone = f"FILTER (WHERE {REVERSED} <= %(position)s)"
    reversals = f"count(*) {gone}, coalesce(sum({back}) {gone}, 0)" if table.has_reversals else "0, 0"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), coalesce(sum({row}), 0), {reversals} FROM {table.name}"
            f" WHERE owner_org = %(owner)s {until}",
            {"owner": owner, "position": position},
        )
        return Found(*map(int, cursor.fetchone()))


def found_in_files(duck: Any, table: StoredTable, relation: str) -> Found:
    """Count and digest the rows of a relation in DuckDB in the same way."""
    row = f"('0x' || substr(md5({_spelled(table, 'epoch_us({})')}), 1, 15))::BIGINT"
    back = f"('0x' || substr(md5({_back()}), 1, 15))::BIGINT"
    gone = f"FILTER (WHERE {REVERSED} IS NOT NULL)"
    reversals = f"count(*) {gone}, coalesce(sum({back}) {gone}, 0)" if table.has_reversals else "0, 0"
    query = f"SELECT count(*), coalesce(sum({row}), 0), {reversals} FROM ({relation})"
    return Found(*map(int, duck.execute(query).fetchone()))


def _spelled(table: StoredTable, moment: str) -> str:
    """A row as one text; whether it was reversed is digested apart, because only that may change."""
    texts = [
        f"coalesce(CAST({moment.format(_quoted(name)) if kind == 'TIMESTAMPTZ' else _quoted(name)} AS text), {_NOTHING})"
        for name, kind in table.columns.items()
        if name != REVERSED
    ]
    return f"concat_ws({_BETWEEN}, {', '.join(texts)})"


def _back() -> str:
    return f"concat_ws({_BETWEEN}, fact_id, CAST({REVERSED} AS text))"


def _quoted(name: str) -> str:
    return f'"{name}"'
