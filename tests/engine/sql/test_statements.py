"""Statements with holes: what may stand where, and that data never becomes SQL."""

from decimal import Decimal

import pytest
from sqlglot import exp

from swingby.engine.sql import (
    all_of,
    any_of,
    column,
    columns,
    lower,
    name,
    predicate,
    quantity,
    statement,
    text,
)
from swingby.errors import SwingbyError


def written(tree: exp.Expr) -> str:
    """The statement as DuckDB gets it."""
    return lower(tree, "duckdb")


def test_a_hole_takes_a_name_an_expression_a_list_and_a_relation() -> None:
    found = statement(
        "SELECT {keys}, SUM(f.{what}) AS {total} FROM {facts} AS f WHERE {where} GROUP BY {keys} ORDER BY {keys} DESC",
        keys=columns(["a", "b"], of="f"),
        what="amount",
        total="total",
        facts=statement("SELECT g.* FROM g"),
        where=predicate("f.a = 'x'"),
    )
    assert written(found) == (
        'SELECT "f"."a", "f"."b", SUM("f"."amount") AS "total" FROM (SELECT "g".* FROM "g") AS "f" '
        'WHERE "f"."a" = \'x\' GROUP BY "f"."a", "f"."b" ORDER BY "f"."a" DESC, "f"."b" DESC'
    )


def test_a_part_keeps_its_own_precedence() -> None:
    either = any_of([predicate("a = 1"), predicate("b = 2")])
    assert written(predicate("c = 3 AND {either}", either=either)) == '"c" = 3 AND ("a" = 1 OR "b" = 2)'
    assert written(predicate("NOT {either}", either=either)) == 'NOT ("a" = 1 OR "b" = 2)'
    assert written(predicate("{sum} * 2", sum=predicate("a + b"))) == '("a" + "b") * 2'
    assert written(predicate("{test} IS NULL", test=predicate("a = b"))) == '("a" = "b") IS NULL'


def test_no_conditions_are_true_and_no_alternatives_false() -> None:
    assert written(predicate("a AND {more}", more=all_of([]))) == '"a" AND TRUE'
    assert written(predicate("a OR {more}", more=any_of([]))) == '"a" OR FALSE'


def test_one_part_may_fill_several_holes_and_stays_itself() -> None:
    part = column("a", of="f")
    assert written(predicate("{x} = {y} OR {x} > 1", x=part, y=part)) == '"f"."a" = "f"."a" OR "f"."a" > 1'
    assert part.parent is None


def test_a_relation_may_be_a_union_and_joins_stay() -> None:
    union = exp.paren(exp.union(statement("SELECT a FROM t"), statement("SELECT a FROM u"), distinct=False))
    found = statement("SELECT r.a FROM {r} AS r JOIN {other} AS o ON o.a = r.a", r=union, other="v")
    assert written(found) == (
        'SELECT "r"."a" FROM (SELECT "a" FROM "t" UNION ALL SELECT "a" FROM "u") AS "r" '
        'JOIN "v" AS "o" ON "o"."a" = "r"."a"'
    )


def test_the_text_is_not_changed_by_filling_it() -> None:
    first = written(predicate("a = {x}", x=text("1")))
    assert written(predicate("a = {x}", x=text("2"))) == "\"a\" = '2'"
    assert first == "\"a\" = '1'"


@pytest.mark.parametrize("parts", [{}, {"x": "a", "y": "b"}, {"y": "b"}])
def test_holes_and_parts_must_be_the_same(parts: dict[str, str]) -> None:
    with pytest.raises(SwingbyError) as raised:
        statement("SELECT {x}", **parts)
    assert raised.value.code == "sql-hole"


def test_a_list_cannot_stand_where_sql_has_one_thing() -> None:
    with pytest.raises(SwingbyError) as raised:
        statement("SELECT a FROM t WHERE {x}", x=columns(["a", "b"]))
    assert raised.value.code == "sql-hole"


@pytest.mark.parametrize("word", ["", "a b", 'a"; DROP TABLE t', "Ä", "A", "1a", "a" * 64, "a.b"])
def test_data_cannot_become_a_name(word: str) -> None:
    with pytest.raises(SwingbyError) as raised:
        name(word)
    assert raised.value.code == "sql-name"


def test_data_stays_a_text() -> None:
    found = written(predicate("a = {x}", x=text("'; DROP TABLE t; --")))
    assert found == "\"a\" = '''; DROP TABLE t; --'"


def test_a_quantity_is_written_without_a_double_on_its_way() -> None:
    assert written(quantity(Decimal("0.29"))) == "CAST('0.29' AS DECIMAL(38, 12))"
    assert written(quantity(Decimal("1E+3"))) == "CAST('1000' AS DECIMAL(38, 12))"
