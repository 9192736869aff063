"""Rows from DuckDB into PostgreSQL under row-level security: stage by COPY, then insert in chunks.

COPY into a table under row-level security is refused, so rows go through a temporary table.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.db import connection

from swingby.facts import FactSet

CHUNK_ROWS = 50_000
_BLOCK_BYTES = 1 << 20
_NULL = "\\N"


def stage_rows(facts: FactSet, query: str, *, like: str, staged: str) -> tuple[int, list[str]]:
    """Bring the rows of a query into a temporary table with the columns of another one.

    Returns
    -------
    tuple
        How many rows there are, and the names of their columns.
    """
    columns = [str(row[0]) for row in facts.connection.execute(f"DESCRIBE {query}").fetchall()]
    listed = ", ".join(f'"{column}"' for column in columns)
    with tempfile.TemporaryDirectory(prefix="swingby-load-") as folder, connection.cursor() as cursor:
        file = Path(folder) / "rows.csv"
        facts.connection.execute(f"COPY ({query}) TO '{file}' (FORMAT csv, HEADER false, NULLSTR '{_NULL}')")
        cursor.execute(f"DROP TABLE IF EXISTS {staged}")
        cursor.execute(f"CREATE TEMP TABLE {staged} ON COMMIT DROP AS SELECT {listed} FROM {like} WITH NO DATA")
        copied = f"COPY {staged} ({listed}) FROM STDIN (FORMAT csv, NULL '{_NULL}')"
        with file.open("rb") as source, cursor.copy(copied) as to:
            while block := source.read(_BLOCK_BYTES):
                to.write(block)
        cursor.execute(f"SELECT count(*) FROM {staged}")
        return int(cursor.fetchone()[0]), columns


def insert_staged(staged: str, *, into: str, columns: list[str], otherwise: str = "") -> int:
    """Insert what was staged, chunk by chunk; returns how many rows there are now that were not there before."""
    listed = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {staged} ADD COLUMN nth bigint GENERATED ALWAYS AS IDENTITY")
        cursor.execute(f"SELECT coalesce(max(nth), 0) FROM {staged}")
        last, done = int(cursor.fetchone()[0]), 0
        for start in range(0, last, CHUNK_ROWS):
            done += _insert_chunk(
                cursor, f"INSERT INTO {into} ({listed}) SELECT {listed} FROM {staged}", start, otherwise
            )
    return done


def _insert_chunk(cursor: Any, statement: str, start: int, otherwise: str) -> int:
    cursor.execute(f"{statement} WHERE nth > %s AND nth <= %s {otherwise}", [start, start + CHUNK_ROWS])
    return int(cursor.rowcount)
