"""Stored, kept and written tables hold the same types and values on every backend."""

from datetime import date
from decimal import Decimal

import pytest

from swingby.engine.sql import Column, Connection, Dialect, Kind, bound, predicate, prepare, statement, values
from swingby.errors import SwingbyError

SHAPE = (
    Column("word", "text"),
    Column("day", "day"),
    Column("number", "whole"),
    Column("amount", "quantity"),
    Column("open", "truth"),
)
ROWS = [
    ('it\'s 100 % \\ "ä"\n', date(2024, 2, 29), 2**63 - 1, Decimal("99999999999999999999999999.999999999999"), True),
    ("", date(1, 1, 1), -(2**63), Decimal("-0.000000000001"), False),
    (None, None, None, None, None),
]
ALL = "SELECT {t}.* FROM {t} AS {t} ORDER BY {t}.number"


def test_a_stored_table_gives_back_what_was_put_in(connection: Connection) -> None:
    connection.store("t", SHAPE, ROWS)
    assert connection.rows(statement(ALL, t="t")) == [ROWS[1], ROWS[0], ROWS[2]]


def test_a_written_table_gives_the_same_as_a_stored_one(connection: Connection) -> None:
    written = statement("SELECT w.* FROM {rows} AS w ORDER BY w.number", rows=values("w", SHAPE, ROWS))
    assert connection.rows(written) == [ROWS[1], ROWS[0], ROWS[2]]


@pytest.mark.parametrize("rows", [[], [(None,) * 5], [(None,) * 5] * 3])
def test_types_do_not_depend_on_the_values(connection: Connection, rows: list[tuple[None, ...]]) -> None:
    text = """
    SELECT COUNT(*), COUNT(w.amount), COALESCE(MAX(w.amount), quantity(1)) + quantity(1),
           COALESCE(MAX(day_add(w.day, 1)), DATE '2024-01-01'), COALESCE(MAX(w.word), 'none')
    FROM {rows} AS w
    WHERE w.open OR w.number > 0 OR w.open IS NULL
    """
    expected = [(len(rows), 0, Decimal(2), date(2024, 1, 1), "none")]
    assert connection.rows(statement(text, rows=values("w", SHAPE, rows))) == expected
    connection.store("t", SHAPE, rows)
    assert connection.rows(statement(text, rows="t")) == expected


def test_storing_and_keeping_replace(connection: Connection) -> None:
    connection.store("t", SHAPE, ROWS)
    connection.store("t", [Column("x", "whole")], [(1,), (2,)])
    connection.keep(
        "u", statement("SELECT t.x FROM t WHERE t.x >= {least}", least=bound("least", "whole")), {"least": 2}
    )
    connection.keep("u", statement("SELECT u.x + 1 AS x FROM u"))
    assert connection.rows(statement("SELECT u.x FROM u")) == [(3,)]
    connection.drop("u")
    connection.drop("u")
    with pytest.raises(Exception, match=r"\bu\b"):
        connection.rows(statement("SELECT u.x FROM u"))


def test_values_are_bound_by_name_and_the_rest_left_out(connection: Connection) -> None:
    connection.store("t", SHAPE, ROWS)
    text = (
        "SELECT t.number FROM t WHERE t.word = {word} AND t.day >= {day} AND t.amount >= {amount} AND t.open = {open}"
    )
    parts: dict[str, Kind] = {"word": "text", "day": "day", "amount": "quantity", "open": "truth"}
    query = statement(text, **{word: bound(word, kind) for word, kind in parts.items()})
    given = {"word": ROWS[0][0], "day": date(2024, 1, 1), "amount": Decimal("1.5"), "open": True, "other": 7}
    assert connection.rows(query, given) == [(2**63 - 1,)]
    assert connection.rows(query, given | {"day": None}) == []
    assert connection.rows(prepare(query, connection.dialect), given) == [(2**63 - 1,)]


def test_a_percent_sign_stays_one(connection: Connection) -> None:
    text = "SELECT 7 % 4 AS left_over, '100 %' AS word, '%(a)s' AS odd WHERE 'a' LIKE '%a%' AND :a = 'x'"
    assert connection.rows(statement(text), {"a": "x"}) == [(3, "100 %", "%(a)s")]
    assert connection.rows(statement("SELECT '100 %' AS word")) == [("100 %",)]


@pytest.mark.parametrize("written", ["t.word = ANY(:words)", "one_of(t.word, :words)"])
def test_a_list_of_texts_can_be_bound(connection: Connection, written: str) -> None:
    connection.store("t", [Column("word", "text")], [("a",), ("b",), (None,)])
    query = statement("SELECT t.word FROM t WHERE {here}", here=predicate(written))
    assert connection.rows(query, {"words": ["a", "z"]}) == [("a",)]
    assert connection.rows(query, {"words": []}) == []


def test_a_missing_value_and_a_float_are_refused(connection: Connection) -> None:
    query = statement("SELECT {a} AS a, {b} AS b", a=bound("a", "quantity"), b=bound("b", "quantity"))
    with pytest.raises(SwingbyError) as raised:
        connection.rows(query, {"a": 1.5})  # type: ignore[dict-item]
    assert raised.value.code == "sql-parameter"
    assert raised.value.message == "Values missing: ['b']; values that are floats: ['a']."


def test_a_statement_for_another_dialect_is_refused(connection: Connection) -> None:
    other: Dialect = "spark" if connection.dialect != "spark" else "duckdb"
    with pytest.raises(SwingbyError) as raised:
        connection.rows(prepare(statement("SELECT 1 AS one"), other))
    assert raised.value.code == "sql-dialect"
