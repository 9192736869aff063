"""Why no statement is prepared on DuckDB: what is prepared does not see what is added later."""

from __future__ import annotations

import duckdb


def test_a_prepared_statement_leaves_out_rows_that_came_later() -> None:
    """When this fails, plans may be prepared: see docs/decisions/plan-of-steps.md."""
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE t AS SELECT 5 AS n")
        connection.execute("PREPARE large AS SELECT n FROM t WHERE n > 10")
        connection.execute("INSERT INTO t VALUES (20)")
        assert connection.execute("EXECUTE large").fetchall() == []
        assert connection.execute("SELECT n FROM t WHERE n > 10").fetchall() == [(20,)]
