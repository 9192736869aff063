"""The canary: every hole that is made on purpose must be noticed by the isolation suite.

Each policy is dropped, and each of its conditions is replaced by ``true``, one at a time, on the migrated database; each
scoped manager loses its filter. If the suite stays silent for one of them, the suite is worth nothing there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import psycopg
import pytest

from swingby.web.server import Database
from tests.permissions.expectations import EXPECTED
from tests.permissions.isolation import Connection, isolation_holds, read_all

pytestmark = pytest.mark.slow


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy as the catalogue has it."""

    table: str
    name: str
    command: str
    using: str | None
    check: str | None
    kind: str = "PERMISSIVE"

    @property
    def statement(self) -> str:
        using = f" USING ({self.using})" if self.using else ""
        check = f" WITH CHECK ({self.check})" if self.check else ""
        return f"CREATE POLICY {self.name} ON {self.table} AS {self.kind} FOR {self.command}{using}{check}"

    @property
    def drop(self) -> str:
        return f"DROP POLICY {self.name} ON {self.table}"

    def holes(self) -> Iterator[tuple[str, str | None]]:
        """What is done to it, and the statement that stands in its place."""
        yield "dropped", None
        if self.using:
            yield "lets every row be found", replace(self, using="true").statement
        if self.check:
            yield "lets every row be written", replace(self, check="true").statement


def test_every_hole_in_a_policy_is_noticed(database: Database) -> None:
    silent = []
    with (
        psycopg.connect(database.url("owner"), autocommit=True) as owner,
        psycopg.connect(database.url("app"), autocommit=True) as app,
        psycopg.connect(database.url("backup"), autocommit=True) as backup,
    ):
        everything = read_all(backup, EXPECTED)
        policies = _policies(backup)
        for policy in policies:
            for what, instead in policy.holes():
                with _hole(owner, policy, instead=instead):
                    if isolation_holds(app, everything, table=policy.table, command=policy.command):
                        silent.append(f"{policy.table}.{policy.name} {what}")
        assert _policies(backup) == policies

    assert silent == []


def test_every_table_that_loses_its_protection_is_noticed(database: Database) -> None:
    silent = []
    with (
        psycopg.connect(database.url("owner"), autocommit=True) as owner,
        psycopg.connect(database.url("app"), autocommit=True) as app,
        psycopg.connect(database.url("backup"), autocommit=True) as backup,
    ):
        everything = read_all(backup, EXPECTED)
        for table in sorted(EXPECTED):
            with _unprotected(owner, table):
                if isolation_holds(app, everything, table=table):
                    silent.append(table)

    assert silent == []


def _policies(backup: Connection) -> list[Policy]:
    rows = backup.execute(
        "SELECT tablename::text, policyname::text, cmd::text, qual, with_check, permissive::text FROM pg_policies"
        " WHERE schemaname = 'public' ORDER BY 1, 2"
    )
    return [Policy(*row) for row in rows]


@contextmanager
def _hole(owner: Connection, policy: Policy, *, instead: str | None) -> Iterator[None]:
    owner.execute(policy.drop)
    try:
        if instead:
            owner.execute(instead)
        yield
    finally:
        _mend(owner, policy)


def _mend(owner: Connection, policy: Policy) -> None:
    with owner.transaction():
        owner.execute(f"DROP POLICY IF EXISTS {policy.name} ON {policy.table}")
        owner.execute(policy.statement)


@contextmanager
def _unprotected(owner: Connection, table: str) -> Iterator[None]:
    owner.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    try:
        yield
    finally:
        owner.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
