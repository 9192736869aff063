"""Opening connections, and what happens without a driver."""

import subprocess
import sys
from pathlib import Path

import pytest

from swingby.engine.sql import Column, Connection, open_duckdb, statement
from swingby.errors import SwingbyError

WITHOUT = """
import sys
sys.modules["{driver}"] = None
{imports}
from swingby.errors import SwingbyError
try:
    {call}
except SwingbyError as error:
    print(error.code, "|", error.hint)
"""


@pytest.mark.parametrize(
    ("driver", "imports", "call", "extra"),
    [
        ("duckdb", "from swingby.engine.sql import open_duckdb", "open_duckdb()", "swingby"),
        (
            "psycopg",
            "from swingby.engine.sql.on_postgres import open_postgres",
            "open_postgres('')",
            "'swingby[postgres]'",
        ),
        (
            "psycopg",
            "from swingby.engine.sql.on_postgres import on_postgres",
            "on_postgres(None)",
            "'swingby[postgres]'",
        ),
        ("pyspark", "from swingby.engine.sql.on_spark import open_spark", "open_spark()", "'swingby[spark]'"),
    ],
)
def test_a_missing_driver_names_what_to_install(driver: str, imports: str, call: str, extra: str) -> None:
    text = WITHOUT.format(driver=driver, imports=imports, call=call)
    ended = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    assert ended.stdout == f"driver-missing | Install it with: pip install {extra}\n"


def test_importing_the_layer_loads_no_driver() -> None:
    text = (
        "import sys, swingby.engine.sql, swingby.engine.sql.on_postgres, swingby.engine.sql.on_spark;"
        "print([driver for driver in ('duckdb', 'psycopg', 'pyspark') if driver in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n"


def test_duckdb_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "facts.duckdb"
    first = open_duckdb(path)
    assert isinstance(first, Connection)
    first.run(statement("CREATE TABLE fact_deals AS SELECT 1 AS amount"))
    first.store("small", [Column("x", "whole")], [(1,)])
    first.close()
    second = open_duckdb(path, read_only=True)
    assert second.rows(statement("SELECT amount FROM fact_deals")) == [(1,)]
    with pytest.raises(Exception, match="small"):
        second.rows(statement("SELECT x FROM small"))
    second.keep("kept", statement("SELECT amount FROM fact_deals"))
    assert second.rows(statement("SELECT amount FROM kept")) == [(1,)]
    second.close()


def test_one_statement_at_a_time() -> None:
    with pytest.raises(SwingbyError) as raised:
        statement("SELECT 1 AS a; SELECT 2 AS b")
    assert raised.value.code == "sql-text"


def test_spark_with_other_settings_is_refused() -> None:
    from swingby.engine.sql.on_spark import on_spark

    class Settings:
        def get(self, key: str, default: str | None) -> str | None:
            return {"spark.sql.ansi.enabled": "true", "spark.sql.session.timeZone": "UTC"}.get(key, default)

    class Session:
        conf = Settings()

    with pytest.raises(SwingbyError) as raised:
        on_spark(Session())  # type: ignore[arg-type]
    assert raised.value.hint == (
        "Set spark.sql.decimalOperations.allowPrecisionLoss=false, spark.sql.caseSensitive=true, "
        "spark.sql.constraintPropagation.enabled=false."
    )
