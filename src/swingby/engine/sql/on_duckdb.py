"""DuckDB, inside the process."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlglot import exp

from swingby.engine.sql.backends import Dialect
from swingby.engine.sql.connections import Parameters, Statement, chosen, missing_driver, ready
from swingby.engine.sql.lowering import Prepared
from swingby.engine.sql.values import SQL_TYPES, Column, Kind, Value, as_word, name
from swingby.values.numbers import too_large

if TYPE_CHECKING:
    import duckdb


def open_duckdb(path: Path | None = None, *, read_only: bool = False) -> DuckDB:
    """A connection to a DuckDB file, or to a new database in memory.

    Raises
    ------
    SwingbyError
        ``driver-missing`` when DuckDB is not installed.
    """
    try:
        driver = importlib.import_module("duckdb")
    except ImportError as error:
        raise missing_driver("duckdb", extra=None) from error
    return DuckDB(driver.connect(":memory:" if path is None else str(path), read_only=read_only))


class DuckDB:
    """A `Connection` to DuckDB; `raw` is the driver's own connection, for reading files."""

    def __init__(self, raw: duckdb.DuckDBPyConnection) -> None:
        self.raw = raw
        self._kept_by: object = None

    @property
    def dialect(self) -> Dialect:
        """DuckDB."""
        return "duckdb"

    def run(self, statement: Statement, parameters: Parameters | None = None) -> None:
        """Run a statement for its effect."""
        self._execute(ready(statement, "duckdb"), parameters)

    def rows(self, statement: Statement, parameters: Parameters | None = None) -> list[tuple[object, ...]]:
        """The rows of a query."""
        found = self._execute(ready(statement, "duckdb"), parameters)
        with _errors():
            return found.fetchall()

    def store(
        self, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]], *, schema: str | None = None
    ) -> None:
        """Make a temporary table of Python rows, or a lasting one in a schema."""
        cells = _in_columns(columns, rows)
        target = "CREATE OR REPLACE " + (f"TABLE {schema}.{_quoted(name)}" if schema else f"TEMP TABLE {_quoted(name)}")
        if not any(cells):
            kinds = ", ".join(f"{_quoted(each.name)} {SQL_TYPES[each.kind]}" for each in columns)
            self.raw.execute(f"{target} ({kinds})")
            return
        written = json.dumps(list(zip(*cells, strict=True)), ensure_ascii=False)
        self.raw.execute(f"{target} AS SELECT {_typed(columns)} FROM ({_ROWS})", {"rows": written})

    def keep(self, name: str, query: Statement, parameters: Parameters | None = None) -> None:
        """Make a temporary table of the rows of a query."""
        prepared = ready(query, "duckdb")
        text = f"CREATE OR REPLACE TEMP TABLE {_quoted(name)} AS {prepared.text}"
        self._execute(Prepared(text, prepared.parameters, "duckdb"), parameters)

    def read_also(self, catalog: str, schema: str, *, kept_by: object) -> None:
        """Look for tables also in a schema, after all others; ``kept_by`` lives as long as this session."""
        self._kept_by = kept_by
        ((own,),) = self.raw.execute("SELECT current_catalog()").fetchall()
        # The database may bear any name: that of its file.
        path = f"{exp.to_identifier(own, quoted=True).sql(dialect='duckdb')}.main,{catalog}.{schema}"
        self.raw.execute("SET search_path = " + exp.Literal.string(path).sql(dialect="duckdb"))

    def drop(self, name: str) -> None:
        """Forget a table."""
        self.raw.execute(f"DROP TABLE IF EXISTS temp.{_quoted(name)}")

    def close(self) -> None:
        """End the session."""
        self.raw.close()

    def _execute(self, prepared: Prepared, parameters: Parameters | None) -> duckdb.DuckDBPyConnection:
        values = chosen(prepared, parameters)
        with _errors():
            return self.raw.execute(prepared.text, values) if values else self.raw.execute(prepared.text)


@contextmanager
def _errors() -> Iterator[None]:
    """The driver's error for a number that does not fit as ours."""
    driver = importlib.import_module("duckdb")
    try:
        yield
    except driver.OutOfRangeException as error:
        raise too_large() from error
    except driver.ConversionException as error:
        if "DECIMAL" not in str(error):
            raise
        raise too_large() from error


@cache
def _quoted(word: str) -> str:
    identifier: exp.Identifier = name(word)
    return identifier.sql(dialect="duckdb")


# Rows travel as one text: the driver looks at every item of a list for types of other packages, which costs seconds for a
# few thousand cells where those are not installed.
_ROWS = "SELECT UNNEST(CAST($rows AS JSON[])) AS cells"


def _in_columns(columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> list[list[str | None]]:
    """The cells as texts, column by column: Decimals could become doubles on their way in."""
    listed = list(zip(*rows, strict=True)) or [()] * len(columns)
    return [
        list(map(_Words(each.kind).__getitem__, zip(map(type, values), values, strict=True)))
        for each, values in zip(columns, listed, strict=True)
    ]


class _Words(dict[tuple[type, Value], str | None]):
    """The texts of the values of a column, each worked out once; the type tells True from 1."""

    def __init__(self, kind: Kind) -> None:
        super().__init__()
        self._kind = kind

    def __missing__(self, key: tuple[type, Value]) -> str | None:
        self[key] = word = as_word(key[1], self._kind)
        return word


def _typed(columns: Sequence[Column]) -> str:
    """The cells of a row by their place, as what their columns hold."""
    return ", ".join(
        f"CAST(cells->>{nth} AS {SQL_TYPES[each.kind]}) AS {_quoted(each.name)}" for nth, each in enumerate(columns)
    )
