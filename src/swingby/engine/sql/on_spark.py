"""Spark 4, through a session of its own on this machine or one that the caller gives."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from swingby.engine.sql.backends import Dialect
from swingby.engine.sql.connections import Parameters, Statement, chosen, missing_driver, ready
from swingby.engine.sql.lowering import Prepared
from swingby.engine.sql.values import Column, Kind, Value, checked, name
from swingby.errors import SwingbyError
from swingby.values.numbers import too_large

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import DataType, StructType

REQUIRED: Mapping[str, str] = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "true",
    "spark.sql.constraintPropagation.enabled": "false",
}
"""Settings without which numbers would differ from the other backends', or (the last) kept relations fail in unions."""

_LOCAL: Mapping[str, str] = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.default.parallelism": "2",
    "spark.sql.adaptive.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.catalogImplementation": "in-memory",
}


def open_spark(*, cores: int = 1, settings: Mapping[str, str] | None = None) -> Spark:
    """A connection to a Spark of its own in a Java process on this machine.

    Raises
    ------
    SwingbyError
        ``driver-missing`` when pyspark is not installed, ``java-missing`` when Java cannot be started.
    """
    builder = _pyspark().SparkSession.builder.master(f"local[{cores}]").appName("swingby")
    for key, value in {**_LOCAL, **(settings or {}), **REQUIRED}.items():
        builder = builder.config(key, value)
    # its log would repeat every failed statement, with the values in it, beside the error that is raised anyway
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)
    try:
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("OFF")
        return Spark(session, owned=True)
    except Exception as error:
        if type(error).__name__ not in {"PySparkRuntimeError", "FileNotFoundError"}:
            raise
        raise SwingbyError(
            code="java-missing",
            message=f"Spark could not start Java: {error}",
            hint="Install Java 17 or newer and set JAVA_HOME.",
        ) from error


def on_spark(given: SparkSession) -> Spark:
    """A connection over a session of the caller.

    Raises
    ------
    SwingbyError
        ``spark-settings`` when the session lacks one of `REQUIRED`.
    """
    wrong = {key: value for key, value in REQUIRED.items() if given.conf.get(key, None) != value}
    if wrong:
        raise SwingbyError(
            code="spark-settings",
            message="This Spark session lacks settings without which it fails or computes other numbers.",
            hint="Set " + ", ".join(f"{key}={value}" for key, value in wrong.items()) + ".",
        )
    return Spark(given)


class Spark:
    """A `Connection` to Spark; `raw` is the session. Kept tables are views over computed rows."""

    def __init__(self, raw: SparkSession, *, owned: bool = False) -> None:
        self.raw = raw
        self._owned = owned
        self._kept: dict[str, DataFrame] = {}

    @property
    def dialect(self) -> Dialect:
        """Spark."""
        return "spark"

    def run(self, statement: Statement, parameters: Parameters | None = None) -> None:
        """Run a statement for its effect."""
        with _errors():
            self._frame(ready(statement, "spark"), parameters)

    def rows(self, statement: Statement, parameters: Parameters | None = None) -> list[tuple[object, ...]]:
        """The rows of a query."""
        with _errors():
            return [tuple(row) for row in self._frame(ready(statement, "spark"), parameters).collect()]

    def store(self, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> None:
        """Make a temporary table of Python rows."""
        whole = [tuple(checked(value, each.kind) for value, each in zip(row, columns, strict=True)) for row in rows]
        self._register(name, self.raw.createDataFrame(whole, _schema(columns)))

    def keep(self, name: str, query: Statement, parameters: Parameters | None = None) -> None:
        """Make a temporary table of the rows of a query."""
        with _errors():
            # computed and cut off: a cached view would carry the plans of all views below it into every later plan
            frame = self._frame(ready(query, "spark"), parameters).localCheckpoint()
        self._register(name, frame)

    def drop(self, name: str) -> None:
        """Forget a table."""
        self.raw.catalog.dropTempView(_checked(name))
        frame = self._kept.pop(name, None)
        if frame is not None:
            frame.unpersist()

    def close(self) -> None:
        """End the session if this connection opened it; otherwise forget what it kept."""
        for word in list(self._kept):
            self.drop(word)
        if self._owned:
            self.raw.stop()

    def _register(self, word: str, frame: DataFrame) -> None:
        self.drop(word)
        frame.createOrReplaceTempView(_checked(word))
        self._kept[word] = frame

    def _frame(self, prepared: Prepared, parameters: Parameters | None) -> DataFrame:
        values = chosen(prepared, parameters)
        return self.raw.sql(prepared.text, args=values) if values else self.raw.sql(prepared.text)


@contextmanager
def _errors() -> Iterator[None]:
    """The driver's error for a number that does not fit as ours."""
    try:
        yield
    except importlib.import_module("pyspark.errors").ArithmeticException as error:
        raise too_large() from error


def _pyspark() -> Any:
    try:
        return importlib.import_module("pyspark.sql")
    except ImportError as error:
        raise missing_driver("pyspark", extra="spark") from error


def _schema(columns: Sequence[Column]) -> StructType:
    types = importlib.import_module("pyspark.sql.types")
    kinds: dict[Kind, DataType] = {
        "text": types.StringType(),
        "day": types.DateType(),
        "whole": types.LongType(),
        "quantity": types.DecimalType(38, 12),
        "truth": types.BooleanType(),
    }
    schema: StructType = types.StructType([types.StructField(each.name, kinds[each.kind]) for each in columns])
    return schema


def _checked(word: str) -> str:
    return name(word).name
