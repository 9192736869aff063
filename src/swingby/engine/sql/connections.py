"""Connections to the backends: run a statement, read rows, keep small and large tables for a while.

The three backends take the same statements, in the house grammar, with values bound by name. Each connection is a
thin layer over a driver that is imported only when a connection is opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, runtime_checkable

from sqlglot import exp

from swingby.engine.sql.backends import Dialect
from swingby.engine.sql.lowering import Prepared, prepare
from swingby.engine.sql.values import Column, Value
from swingby.errors import SwingbyError

Statement = exp.Expr | Prepared
"""What a connection runs: a statement, or one that was prepared for its dialect with `prepare`."""

Parameters = Mapping[str, Value | Sequence[str]]
"""The bound values by name; a list of texts is for ``one_of``."""


@runtime_checkable
class Connection(Protocol):
    """A session with one backend. Tables that it keeps are its own and vanish when it is closed."""

    @property
    def dialect(self) -> Dialect:
        """Which backend this is."""
        ...

    def run(self, statement: Statement, parameters: Parameters | None = None) -> None:
        """Run a statement for its effect."""
        ...

    def rows(self, statement: Statement, parameters: Parameters | None = None) -> list[tuple[object, ...]]:
        """The rows of a query: texts as str, days as date, whole numbers as int, quantities as Decimal."""
        ...

    def store(self, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> None:
        """Make a temporary table of Python rows; one of the same name is replaced."""
        ...

    def keep(self, name: str, query: Statement, parameters: Parameters | None = None) -> None:
        """Make a temporary table of the rows of a query; one of the same name is replaced."""
        ...

    def drop(self, name: str) -> None:
        """Forget a table that was stored or kept; nothing happens when there is none."""
        ...

    def close(self) -> None:
        """End the session (a connection that was given by the caller stays open)."""
        ...


def ready(statement: Statement, dialect: Dialect) -> Prepared:
    """The statement as a text of the dialect.

    Raises
    ------
    SwingbyError
        ``sql-dialect`` when it was prepared for another one.
    """
    if not isinstance(statement, Prepared):
        return prepare(statement, dialect)
    if statement.dialect != dialect:
        raise SwingbyError(
            code="sql-dialect",
            message=f"A statement prepared for {statement.dialect} cannot run on {dialect}.",
            hint="Prepare it for the dialect of the connection.",
        )
    return statement


def chosen(statement: Prepared, parameters: Parameters | None) -> dict[str, Value | list[str]]:
    """The values that a statement needs, by name; others are left out.

    Raises
    ------
    SwingbyError
        ``sql-parameter`` when a value is missing or is a float.
    """
    given = parameters or {}
    missing = [word for word in statement.parameters if word not in given]
    floats = [word for word in statement.parameters if isinstance(given.get(word), float)]
    if missing or floats:
        raise SwingbyError(
            code="sql-parameter",
            message=f"Values missing: {missing}; values that are floats: {floats}.",
            hint="Give every bound value, and numbers as int or Decimal.",
        )
    return {word: _listed(given[word]) for word in statement.parameters}


def _listed(value: Value | Sequence[str]) -> Value | list[str]:
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value


def missing_driver(driver: str, *, extra: str | None) -> SwingbyError:
    """The error for a driver that is not installed."""
    what = f"pip install 'swingby[{extra}]'" if extra else "pip install swingby"
    return SwingbyError(
        code="driver-missing",
        message=f"The package '{driver}' is not installed.",
        hint=f"Install it with: {what}",
    )
