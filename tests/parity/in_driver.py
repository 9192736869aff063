"""Spark for plans of many small steps: what a step keeps waits in the driver, and nothing is compiled for it.

The statements are the same. A checkpoint costs a job or several with their tasks, and compiling an expression takes
longer than interpreting it for a few rows; rows in the driver are joined and filtered while Spark plans.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from swingby.engine.sql import Connection
from swingby.engine.sql.connections import Parameters, Statement, ready
from swingby.engine.sql.on_spark import Spark, _errors

INTERPRETED = {"spark.sql.codegen.factoryMode": "NO_CODEGEN", "spark.sql.shuffle.partitions": "1"}


class SparkInDriver(Spark):
    """A connection over a session that keeps rows in the driver."""

    def keep(self, name: str, query: Statement, parameters: Parameters | None = None) -> None:
        """Compute the rows of a query and keep them as a relation of the driver."""
        frame: Any = importlib.import_module("pyspark.sql").DataFrame
        with _errors():
            computed: Any = self._frame(ready(query, "spark"), parameters)._jdf
            rows = computed.collectAsList()
        session: Any = self.raw
        self._register(name, frame(session._jsparkSession.createDataFrame(rows, computed.schema()), session))


@contextmanager
def small(connection: Connection) -> Iterator[Connection]:
    """The connection itself, or the same Spark for small plans."""
    if not isinstance(connection, Spark):
        yield connection
        return
    settings: Any = connection.raw.conf
    before = {key: settings.get(key) for key in INTERPRETED}
    for key, value in INTERPRETED.items():
        settings.set(key, value)
    quick = SparkInDriver(connection.raw)
    try:
        yield quick
    finally:
        quick.close()
        for key, value in before.items():
            settings.set(key, value)
