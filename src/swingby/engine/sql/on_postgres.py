"""PostgreSQL, through a psycopg connection that the caller opened and keeps."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, LiteralString

from swingby.engine.sql.backends import Dialect
from swingby.engine.sql.connections import Parameters, Statement, chosen, missing_driver, ready
from swingby.engine.sql.values import SQL_TYPES, Column, Value, checked, name
from swingby.values.numbers import too_large

if TYPE_CHECKING:
    import psycopg

_NEXT = '"swingby_next"'


def on_postgres(given: psycopg.Connection[Any]) -> Postgres:
    """A connection over a psycopg connection; whose transaction it is stays the caller's business.

    Raises
    ------
    SwingbyError
        ``driver-missing`` when psycopg is not installed.
    """
    try:
        importlib.import_module("psycopg")
    except ImportError as error:
        raise missing_driver("psycopg", extra="postgres") from error
    return Postgres(given)


def open_postgres(address: str) -> Postgres:
    """A connection of its own to a PostgreSQL database, each statement its own transaction.

    Raises
    ------
    SwingbyError
        ``driver-missing`` when psycopg is not installed.
    """
    try:
        driver = importlib.import_module("psycopg")
    except ImportError as error:
        raise missing_driver("psycopg", extra="postgres") from error
    return Postgres(driver.connect(address, autocommit=True), owned=True)


class Postgres:
    """A `Connection` to PostgreSQL; `raw` is the driver's own connection.

    Queries are prepared on the server the first time they run. A kept or stored table is analysed, because the
    planner errs by a factor of thirty on a small table that it knows nothing about.
    """

    def __init__(self, raw: psycopg.Connection[Any], *, owned: bool = False) -> None:
        self.raw = raw
        self._owned = owned

    @property
    def dialect(self) -> Dialect:
        """PostgreSQL."""
        return "postgres"

    def run(self, statement: Statement, parameters: Parameters | None = None) -> None:
        """Run a statement for its effect."""
        prepared = ready(statement, "postgres")
        with _errors():
            self._cursor().execute(_known(prepared.text), chosen(prepared, parameters))

    def rows(self, statement: Statement, parameters: Parameters | None = None) -> list[tuple[object, ...]]:
        """The rows of a query."""
        prepared = ready(statement, "postgres")
        cursor = self._cursor()
        with _errors():
            return cursor.execute(_known(prepared.text), chosen(prepared, parameters), prepare=True).fetchall()

    def store(self, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> None:
        """Make a temporary table of Python rows."""
        self.drop(name)
        kinds = ", ".join(f"{_quoted(each.name)} {SQL_TYPES[each.kind]}" for each in columns)
        self._plainly(f"CREATE TEMP TABLE {_quoted(name)} ({kinds})")
        cells = _in_columns(columns, rows)
        if any(cells.values()):
            arrays = ", ".join(
                f"%({cell})s::{SQL_TYPES[each.kind]}[]" for cell, each in zip(cells, columns, strict=True)
            )
            self._cursor().execute(_known(f"INSERT INTO {_quoted(name)} SELECT * FROM UNNEST({arrays})"), cells)
        self._plainly(f"ANALYZE {_quoted(name)}")

    def keep(self, name: str, query: Statement, parameters: Parameters | None = None) -> None:
        """Make a temporary table of the rows of a query."""
        prepared = ready(query, "postgres")
        values = chosen(prepared, parameters)
        # a statement that makes a table takes no values from the protocol, so the driver writes them
        cursor = importlib.import_module("psycopg").ClientCursor(self.raw)
        with _errors():
            cursor.execute(f"CREATE TEMP TABLE {_NEXT} AS {prepared.text}", values)
        self.drop(name)  # only now, because the query may read the table that it replaces
        self._plainly(f"ALTER TABLE {_NEXT} RENAME TO {_quoted(name)}")
        self._plainly(f"ANALYZE {_quoted(name)}")

    def drop(self, name: str) -> None:
        """Forget a table."""
        self._plainly(f"DROP TABLE IF EXISTS pg_temp.{_quoted(name)}")

    def close(self) -> None:
        """End the session if this connection opened it."""
        if self._owned:
            self.raw.close()

    def _plainly(self, text: str) -> None:
        self._cursor().execute(_known(text))

    def _cursor(self) -> psycopg.Cursor[tuple[object, ...]]:
        """A cursor that sends every whole number as 64 bits, so that one text is one prepared statement."""
        driver = importlib.import_module("psycopg")
        numeric = importlib.import_module("psycopg.types.numeric")
        cursor: psycopg.Cursor[tuple[object, ...]] = driver.Cursor(self.raw, row_factory=driver.rows.tuple_row)
        cursor.adapters.register_dumper(int, numeric.Int8Dumper)
        return cursor


@contextmanager
def _errors() -> Iterator[None]:
    """The driver's error for a number that does not fit as ours."""
    try:
        yield
    except importlib.import_module("psycopg.errors").NumericValueOutOfRange as error:
        raise too_large() from error


def _known(text: str) -> LiteralString:
    """The text as the driver's type wants it: it came from the tree, never from data."""
    return text


def _quoted(word: str) -> str:
    return name(word).sql(dialect="postgres")


def _in_columns(columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> dict[str, list[Value]]:
    cells: dict[str, list[Value]] = {f"c{nth}": [] for nth in range(len(columns))}
    lists = list(cells.values())
    for row in rows:
        for value, each, cell in zip(row, columns, lists, strict=True):
            cell.append(checked(value, each.kind))
    return cells
