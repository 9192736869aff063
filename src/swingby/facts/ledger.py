"""Ledger positions on PostgreSQL: gapless per owner, and visible in order.

A position is handed out under a lock that the transaction holds until it ends. So nobody can commit position 8 while
7 is still open: whoever has read up to a position has read everything up to it, and a rollback leaves no gap. Ids and
time stamps promise neither, because they are handed out before the commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('swingby position of ' || %s, 0))"
_TAKE = """
INSERT INTO ref_positions (owner_org, position, recorded_at, batch)
SELECT %s, coalesce(max(position), 0) + 1, clock_timestamp(), %s FROM ref_positions WHERE owner_org = %s
RETURNING position
"""
_LATEST = "SELECT coalesce(max(position), 0) FROM ref_positions WHERE owner_org = %s"
_AT = "SELECT coalesce(max(position), 0) FROM ref_positions WHERE owner_org = %s AND recorded_at <= %s"


class Cursor(Protocol):
    """The part of a cursor that is needed."""

    def fetchone(self) -> Any:
        """The next row."""
        ...


class Connection(Protocol):
    """The part of a psycopg connection that is needed."""

    def execute(self, query: Any, params: Sequence[object], /) -> Cursor:
        """Run a statement with bound values."""
        ...


def next_position(connection: Connection, *, owner: str, batch: str | None = None) -> int:
    """Take the owner's next position inside the caller's transaction.

    Other batches of the same owner wait until that transaction ends, so take the position last: stage first, then
    take, write and commit. Each call takes another position.

    Parameters
    ----------
    connection
        A psycopg connection in a transaction at the level READ COMMITTED (PostgreSQL's default) that may write
        ``ref_positions`` of this owner.
    owner
        The organization whose program the facts belong to.
    batch
        What the facts came with (a file, a report), to find and undo them together.
    """
    connection.execute(_LOCK, [owner])
    return _number(connection.execute(_TAKE, [owner, batch, owner]))


def latest_position(connection: Connection, *, owner: str) -> int:
    """Return the highest committed position of an owner; 0 before the first."""
    return _number(connection.execute(_LATEST, [owner]))


def position_at(connection: Connection, *, owner: str, moment: datetime) -> int:
    """Return the last position that was recorded by this moment; 0 when there was none."""
    return _number(connection.execute(_AT, [owner, moment]))


def _number(cursor: Cursor) -> int:
    return int(cursor.fetchone()[0])
