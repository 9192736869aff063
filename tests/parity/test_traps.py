"""Why the house functions exist: what each backend does when it is asked plainly.

These are the surprises that the contract was made for. When one of them goes away in a newer version, its test fails,
and a lowering may become simpler.
"""

from decimal import Decimal
from typing import Any

import pytest

from swingby.engine.sql import Connection

MEDIAN = {
    "duckdb": "SELECT MEDIAN(x) FROM (VALUES (1.10), (2.25)) AS v(x)",
    "postgres": "SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY x) FROM (VALUES (1.10), (2.25)) AS v(x)",
    "spark": "SELECT MEDIAN(x) FROM VALUES (1.10), (2.25) AS v(x)",
}
FAILED = "an error"


def plainly(connection: Any, text: str) -> object:
    """One value, straight from the driver."""
    try:
        if connection.dialect == "spark":
            return connection.raw.sql(text).collect()[0][0]
        return connection.raw.execute(text).fetchone()[0]
    except Exception:  # noqa: BLE001 - the drivers share no error, and which one it is does not matter here
        return FAILED


def test_29_percent_of_100_is_not_29_in_doubles(connection: Connection) -> None:
    found = plainly(connection, "SELECT CAST(29 AS DECIMAL(38, 12)) / 100 * 100 >= 29")
    assert found is (connection.dialect != "duckdb")


def test_medians_are_truncated_or_doubles(connection: Connection) -> None:
    expected = {"duckdb": Decimal("1.67"), "postgres": 1.675, "spark": 1.675}
    found = plainly(connection, MEDIAN[connection.dialect])
    assert (type(found), found) == (type(expected[connection.dialect]), expected[connection.dialect])


def test_division_by_zero_is_infinite_or_an_error(connection: Connection) -> None:
    expected = {"duckdb": float("inf"), "postgres": FAILED, "spark": FAILED}
    assert plainly(connection, "SELECT 1 / 0") == expected[connection.dialect]


def test_quotients_differ_in_their_digits(connection: Connection) -> None:
    expected = {
        "duckdb": 2 / 3,
        "postgres": Decimal("0.66666666666666666667"),
        "spark": Decimal("0.666666666666666667"),
    }
    found = plainly(connection, "SELECT CAST(2 AS DECIMAL(38, 12)) / CAST(3 AS DECIMAL(38, 12))")
    assert found == expected[connection.dialect]


def test_a_database_may_order_texts_otherwise(connection: Connection, request: pytest.FixtureRequest) -> None:
    by_language = request.node.callspec.params["connection"] == "postgres-oldest"
    assert plainly(connection, "SELECT 'a' < 'B'") is by_language
