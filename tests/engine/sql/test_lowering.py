"""The text of each house function on each backend, and what is refused."""

from pathlib import Path

import pytest

from swingby.engine.sql import DIALECTS, lower, predicate, prepare, statement
from swingby.errors import SwingbyError

SNAPSHOT = Path(__file__).with_name("house_functions.md")

CALLS = (
    "ratio(n, d)",
    "ratio(n, d, 0)",
    "ratio(n, d, 2, 'half_even')",
    "multiply(a, b)",
    "round_to(x, step)",
    "round_to(x, step, 'half_even')",
    "round_to(x, step, 'up')",
    "round_to(x, step, 'down')",
    "floor_units(x, per)",
    "compare_ratio(n, d, line)",
    "comparable(x)",
    "least_of(a, b)",
    "greatest_of(a, b)",
    "quantity(x)",
    "whole(x)",
    "one_of(x, :names)",
    "by_bytes(t)",
    "day_add(day, n)",
    "month_add(day, n)",
    "days_between(first, last)",
)


def snapshot() -> str:
    """Every house function on every backend, for reading."""
    lines = ["# House functions, as each backend gets them", ""]
    for call in CALLS:
        lines += [f"## {call}", "", "```sql"]
        lines += [f"-- {dialect}\n{lower(predicate(call), dialect)}" for dialect in DIALECTS]
        lines += ["```", ""]
    return "\n".join(lines)


def test_the_snapshot_is_what_the_backends_get(request: pytest.FixtureRequest) -> None:
    """Truth comes from the parity tests; this page is for reading a change. Delete it to have it written anew."""
    if not SNAPSHOT.exists():
        SNAPSHOT.write_text(snapshot(), encoding="utf-8")
    assert snapshot() == SNAPSHOT.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "SELECT a.x, ROW_NUMBER() OVER (PARTITION BY a.x ORDER BY a.y DESC) AS nth FROM a JOIN b ON a.x = b.x",
        "WITH c AS (SELECT x FROM a WHERE x = :x) SELECT c.x, COUNT(*) FILTER(WHERE c.x > 1) AS n FROM c GROUP BY c.x",
        "SELECT CASE x WHEN 1 THEN DATE '2024-01-01' ELSE NULL END AS day FROM (VALUES (1), (NULL)) AS v(x)",
    ],
)
def test_a_statement_in_the_house_grammar_comes_back_the_same(text: str) -> None:
    once = lower(statement(text), "duckdb")
    assert lower(statement(once), "duckdb") == once


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_same_statement_gives_the_same_text(dialect: str) -> None:
    text = "SELECT ratio(a, multiply(b, :x)) AS r FROM t WHERE c = {c}"
    texts = {lower(statement(text, c=predicate("d > :y")), dialect) for _ in range(3)}  # type: ignore[arg-type]
    assert len(texts) == 1


def test_bound_values_are_written_as_each_driver_wants_them() -> None:
    query = statement("SELECT a FROM t WHERE a = :x AND b % 2 = :y OR a = :x")
    assert [prepare(query, dialect).text.partition("WHERE ")[2] for dialect in DIALECTS] == [
        '"a" = $x AND "b" % 2 = $y OR "a" = $x',
        '"a" = %(x)s AND "b" %% 2 = %(y)s OR "a" = %(x)s',
        "`a` = :x AND `b` % 2 = :y OR `a` = :x",
    ]
    assert {prepare(query, dialect).parameters for dialect in DIALECTS} == {("x", "y")}


@pytest.mark.parametrize(
    "text",
    [
        "a / b",
        "a // b",
        "AVG(a)",
        "MEDIAN(a)",
        "ROUND(a, 2)",
        "QUANTILE_CONT(a, 0.5)",
        "1e3",
        "CAST(a AS DOUBLE)",
        "a::FLOAT",
        "WITH b AS (SELECT NULL AS a) SELECT b.a FROM b",
        "SELECT b.a FROM (SELECT NULL, 1 AS c) AS b",
    ],
)
def test_what_the_backends_compute_differently_is_refused(text: str) -> None:
    with pytest.raises(SwingbyError) as raised:
        lower(predicate(text), "duckdb")
    assert raised.value.code == "sql-inexact"


@pytest.mark.parametrize(
    "text",
    [
        "ratio(a)",
        "ratio(a, b, 13)",
        "ratio(a, b, c)",
        "ratio(a, b, 12, 'sideways')",
        "multiply(a)",
        "round_to(a, b, c)",
    ],
)
def test_a_house_function_called_wrongly_is_refused(text: str) -> None:
    with pytest.raises(SwingbyError) as raised:
        lower(predicate(text), "duckdb")
    assert raised.value.code == "sql-function"


def test_lowering_leaves_the_statement_as_it_was() -> None:
    query = statement("SELECT ratio(a, b) AS r FROM t WHERE c = ANY(:names)")
    before = query.copy()
    for dialect in DIALECTS:
        lower(query, dialect)
    assert query == before
