"""Bring checked facts into PostgreSQL under row-level security: stage by COPY, then insert in chunks.

COPY into a table under row-level security is refused, so rows go through a temporary table.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.db import connection

from swingby.facts import FactSet
from swingby.program import FACT_KINDS, REFERENCE_TABLES, FactKind

CHUNK_ROWS = 50_000
BLOCK_BYTES = 1 << 20
NULL = "\\N"

#: Who a fact's owner belongs to: the partner it is credited to, for whom it is visible.
_HOMES = {
    "person": "SELECT person AS owner, arg_max(organization, starts_on) AS home FROM fact_employments GROUP BY 1",
    "customer": "SELECT customer AS owner, arg_max(organization, starts_on) AS home FROM fact_associations GROUP BY 1",
    "deal": "SELECT deal AS owner, arg_max(organization, starts_on) AS home FROM fact_deal_parties GROUP BY 1",
    "organization": "SELECT organization AS owner, organization AS home FROM ref_enrolments",
}
_LEDGER = ("fact_id", "position", "reversed_position", "source")
_PARTNERS_OWN = frozenset({"organizations", "offices", "enrolments"})


def copy_facts(facts: FactSet, *, owner: str) -> None:
    """Copy every position, reference row and fact of an owner that has none yet, with the positions they have."""
    with tempfile.TemporaryDirectory(prefix="swingby-load-") as name:
        folder = Path(name)
        positions = f"SELECT '{owner}' AS owner_org, position, recorded_at FROM ref_positions"
        _bring(facts, "ref_positions", positions, folder)
        for table in REFERENCE_TABLES:
            _bring(facts, f"ref_{table}", _reference_query(facts, table, owner), folder)
        for kind in FACT_KINDS.values():
            _bring(facts, f"fact_{kind.name}", _fact_query(facts, kind, owner), folder)


def _reference_query(facts: FactSet, table: str, owner: str) -> str:
    columns = ", ".join(f'r."{name}"' for name in _columns(facts, f"ref_{table}"))
    home = {"people": "person", "customers": "customer"}.get(table)
    if table in _PARTNERS_OWN:
        return f"SELECT '{owner}' AS owner_org, r.organization AS partner_org, {columns} FROM ref_{table} AS r"
    if home is None:
        return f"SELECT '{owner}' AS owner_org, {columns} FROM ref_{table} AS r"
    return (
        f"SELECT '{owner}' AS owner_org, h.home AS partner_org, {columns} FROM ref_{table} AS r"
        f" LEFT JOIN ({_HOMES[home]}) AS h ON h.owner = r.{home}"
    )


def _fact_query(facts: FactSet, kind: FactKind, owner: str) -> str:
    table = f"fact_{kind.name}"
    own = [name for name in _columns(facts, table) if name not in {*_LEDGER, "root_id"}]
    columns = ", ".join(f'f."{name}"' for name in (*_LEDGER, *own))
    return (
        f"SELECT '{owner}' AS owner_org, h.home AS partner_org, NULLIF(f.root_id, f.fact_id) AS chain, {columns}"
        f" FROM {table} AS f LEFT JOIN ({_HOMES[kind.owner]}) AS h ON h.owner = f.{kind.owner}"
    )


def _columns(facts: FactSet, table: str) -> list[str]:
    rows = facts.connection.execute("SELECT column_name FROM duckdb_columns() WHERE table_name = ?", [table])
    return [str(row[0]) for row in rows.fetchall()]


def _bring(facts: FactSet, table: str, query: str, folder: Path) -> None:
    """Write a query of DuckDB to a file, stage the file, insert it in chunks and compare the counts."""
    file = folder / f"{table}.csv"
    columns = [row[0] for row in facts.connection.execute(f"DESCRIBE {query}").fetchall()]
    facts.connection.execute(f"COPY ({query}) TO '{file}' (FORMAT csv, HEADER false, NULLSTR '{NULL}')")
    listed = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE staged ON COMMIT DROP AS SELECT {listed} FROM {table} WITH NO DATA")
        _stage(cursor, file, listed)
        staged = _insert_in_chunks(cursor, table, listed)
        cursor.execute("DROP TABLE staged")
    expected = facts.count(table)
    if staged != expected:
        raise RuntimeError(f"{table}: {staged} rows of {expected} were inserted")
    file.unlink()


def _stage(cursor: Any, file: Path, listed: str) -> None:
    with file.open("rb") as source, cursor.copy(f"COPY staged ({listed}) FROM STDIN (FORMAT csv, NULL '{NULL}')") as to:
        while block := source.read(BLOCK_BYTES):
            to.write(block)


def _insert_in_chunks(cursor: Any, table: str, listed: str) -> int:
    cursor.execute("ALTER TABLE staged ADD COLUMN nth bigint GENERATED ALWAYS AS IDENTITY")
    cursor.execute("SELECT coalesce(max(nth), 0) FROM staged")
    last = int(cursor.fetchone()[0])
    done = 0
    for start in range(0, last, CHUNK_ROWS):
        cursor.execute(
            f"INSERT INTO {table} ({listed}) SELECT {listed} FROM staged WHERE nth > %s AND nth <= %s",
            [start, start + CHUNK_ROWS],
        )
        done += cursor.rowcount
    return done
