"""Facts that stand in databases: the same rows from files, DuckDB, PostgreSQL and Spark give the same relations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest

from swingby.engine.sql.on_spark import open_spark
from swingby.facts import FactSet, PostgresTables, SparkTables, read_facts, read_folder, read_tables
from tests.facts.programs import program

ACTIVITIES = (
    "fact_id,happened_on,organization,kind,quantity,recorded_at\n"
    "a1,2025-01-31,pine,visit,2.5,2025-02-01 08:00:00+00\n"
    'a2,2025-02-01,"Ärla ""the"" bold\nfirm",visit,,\n'
    "a3,2025-02-02,,visit,1,\n"
)
TYPED = """
SELECT 'a1' AS fact_id, DATE '2025-01-31' AS happened_on, 'pine' AS organization, 'visit' AS kind,
       CAST(2.5 AS DOUBLE PRECISION) AS quantity, TIMESTAMPTZ '2025-02-01 08:00:00+00' AS recorded_at
UNION ALL SELECT 'a2', DATE '2025-02-01', 'Ärla "the" bold' || chr(10) || 'firm', 'visit', NULL, NULL
UNION ALL SELECT 'a3', DATE '2025-02-02', NULL, 'visit', 1, NULL
"""


def answers(facts: FactSet) -> tuple[list[tuple[Any, ...]], list[tuple[str, str]], list[str]]:
    query = "SELECT fact_id, happened_on, organization, quantity, position FROM fact_activities ORDER BY 1"
    rows = [tuple(map(str, row)) for row in facts.connection.execute(query).fetchall()]
    times = [str(each.recorded_at) for each in facts.positions]
    return rows, sorted((issue.column, issue.code) for issue in facts.issues), times


@pytest.fixture
def expected(tmp_path: Path) -> Any:
    (tmp_path / "activities.csv").write_text(ACTIVITIES)
    with read_folder(tmp_path, program()) as facts:
        found = answers(facts)
    assert found[0] == [
        ("a1", "2025-01-31", "pine", "2.50000000", "1"),
        ("a2", "2025-02-01", 'Ärla "the" bold\nfirm', "None", "2"),
    ]
    return found


def test_a_duckdb_file(tmp_path: Path, expected: Any) -> None:
    path = tmp_path / "facts.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("SET TimeZone = 'Asia/Tokyo'")
        connection.execute(f"CREATE TABLE fact_activities AS {TYPED}")
        connection.execute(
            "CREATE VIEW organizations AS SELECT DISTINCT organization FROM fact_activities WHERE organization > ''"
        )
        connection.execute("CREATE TABLE something_else AS SELECT 1 AS x")
    with read_facts(path, program()) as facts:
        assert answers(facts) == expected
        assert facts.count("organizations") == 2


def test_a_duckdb_file_with_a_mapping(tmp_path: Path) -> None:
    path = tmp_path / "facts.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "CREATE TABLE \"Visits 2025\" AS SELECT '31.01.2025' AS \"On Day\", 'pine' AS who, 'x' AS state"
        )
    (tmp_path / "m.yaml").write_text(
        "dates: [DD.MM.YYYY]\nfiles:\n  - {read: visits*, as: activities, drop: {State: [y]},"
        " columns: {happened_on: On Day, organization: Who, kind: {always: visit}}}\n"
    )
    with read_facts(path, program(), mapping=tmp_path / "m.yaml") as facts:
        query = "SELECT organization, CAST(happened_on AS VARCHAR) FROM fact_activities"
        assert facts.connection.execute(query).fetchall() == [("pine", "2025-01-31")]


@pytest.mark.slow
def test_a_postgresql_database(database: str, expected: Any) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("SET TimeZone = 'Asia/Tokyo'")
        connection.execute("SET DateStyle = 'German'")
        connection.execute(f"CREATE TABLE activities AS {TYPED}")
        connection.execute("CREATE TABLE something_else AS SELECT 1 AS x")
    with psycopg.connect(database) as connection:
        connection.execute("SET DateStyle = 'German'")
        connection.commit()
        with read_tables(PostgresTables(connection), program()) as facts:
            assert answers(facts) == expected
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            connection.execute("CREATE TABLE mine (x int)")


@pytest.mark.slow
def test_the_address_of_a_postgresql_database(database: str, expected: Any) -> None:
    with psycopg.connect(database) as connection:
        connection.execute(f"CREATE VIEW fact_activities AS {TYPED}")
        connection.execute('CREATE TABLE "Odd; name" AS SELECT 1 AS x')
    host, user, name = (part.split("=")[1] for part in database.split())
    with read_facts(f"postgresql://{user}@/{name}?host={host}", program()) as facts:
        assert answers(facts) == expected


@pytest.mark.spark
@pytest.mark.proof
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_tables_of_spark(expected: Any) -> None:
    typed = TYPED.replace("TIMESTAMPTZ", "TIMESTAMP").replace("DOUBLE PRECISION", "DOUBLE").replace("chr(10)", "'\\n'")
    opened = open_spark(settings={"spark.sql.session.timeZone": "UTC"})
    try:
        opened.raw.sql(typed).createOrReplaceTempView("activities")
        opened.raw.conf.set("spark.sql.session.timeZone", "Asia/Tokyo")
        with read_tables(SparkTables(opened.raw), program()) as facts:
            assert answers(facts) == expected
    finally:
        opened.close()
