"""Where the small tables of a plan stand in a DuckDB database: written once, and read by every session that uses it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from threading import Lock
from weakref import WeakValueDictionary

from swingby.engine.plan import DataStep
from swingby.engine.sql import DuckDB

#: A database in memory beside the facts, with a schema for each plan.
CATALOG = "swingby_plans"
_NUMBERS = count(1)
#: One session at a time writes: two that write the same schema would end one of them.
_WRITING = Lock()
_IN_USE: WeakValueDictionary[str, Shelf] = WeakValueDictionary()


class Shelf:
    """The tables of one plan, in each database that it is used in; they go when nobody uses the plan any more.

    A database is cleared of the tables of plans that are gone when the next plan is written there.
    """

    def __init__(self) -> None:
        self.schema = f"plan_{next(_NUMBERS)}"
        _IN_USE[self.schema] = self

    def show(self, session: DuckDB, steps: Iterable[DataStep]) -> None:
        """Let a session find the tables behind its own, writing them where the database does not have them yet."""
        with _WRITING:
            found = _schemas(session)
            if self.schema not in found:
                self._write(session, steps)
                _clear(session, found)
        session.read_also(CATALOG, self.schema, kept_by=self)

    def _write(self, session: DuckDB, steps: Iterable[DataStep]) -> None:
        """All tables or none: a schema that is there is whole."""
        session.raw.execute(f"ATTACH IF NOT EXISTS ':memory:' AS {CATALOG}")
        session.raw.begin()
        try:
            session.raw.execute(f"CREATE SCHEMA {CATALOG}.{self.schema}")
            for step in steps:
                session.store(step.name, step.columns, step.rows, schema=f"{CATALOG}.{self.schema}")  # type: ignore[arg-type]
        except BaseException:
            session.raw.rollback()
            raise
        session.raw.commit()


def _schemas(session: DuckDB) -> set[str]:
    asked = f"SELECT schema_name FROM duckdb_schemas() WHERE database_name = '{CATALOG}'"
    return {str(name) for (name,) in session.raw.execute(asked).fetchall()}


def _clear(session: DuckDB, found: Iterable[str]) -> None:
    for schema in found:
        if schema.startswith("plan_") and schema not in _IN_USE:
            session.raw.execute(f"DROP SCHEMA {CATALOG}.{schema} CASCADE")
