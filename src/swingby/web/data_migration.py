"""Changing data in a migration: seen, counted, and refused when nothing changed.

The owner of the tables is held by row-level security like everybody else, so a plain UPDATE in a migration touches no
row and says nothing. ``change_rows`` lifts that for one table inside the migration's transaction and counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor


class RowsMissedError(RuntimeError):
    """A data migration did not change the rows it meant to change."""


def change_rows(
    schema_editor: BaseDatabaseSchemaEditor, *, table: str, assign: str, where: str, values: Sequence[Any] = ()
) -> int:
    """Run ``UPDATE table SET assign WHERE where`` on the rows of all tenants; returns how many there were.

    ``table``, ``assign`` and ``where`` are the migration's own text; data belongs into ``values``, which are those of
    ``where``.

    Raises
    ------
    RowsMissedError
        If other rows were changed than the condition finds.
    """
    with seeing_all(schema_editor, table=table) as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE {where}", list(values))
        meant = int(cursor.fetchone()[0])
        cursor.execute(f"UPDATE {table} SET {assign} WHERE {where}", list(values))
        if cursor.rowcount != meant:
            raise RowsMissedError(f"{table}: {cursor.rowcount} rows were changed, {meant} were meant.")
    return meant


@contextmanager
def seeing_all(schema_editor: BaseDatabaseSchemaEditor, *, table: str) -> Iterator[Any]:
    """Let the owner of a table see every tenant's rows until the block ends; only inside a transaction."""
    connection = schema_editor.connection
    if not connection.in_atomic_block:
        raise RowsMissedError("Row-level security is lifted only inside a transaction: leave atomic as it is.")
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        yield cursor
        cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
