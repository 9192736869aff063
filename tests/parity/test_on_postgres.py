"""What only PostgreSQL has: prepared statements, and connections that belong to the caller."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from swingby.engine.sql import Column, Value, bound, statement
from swingby.engine.sql.on_postgres import Postgres, on_postgres

pytestmark = pytest.mark.parametrize(
    "connection", ["postgres-newest", "postgres-oldest"], indirect=True, scope="session"
)

ASKED = "SELECT {number} AS marked_number, {amount} AS amount, {day} AS day"


def prepared_texts(connection: Any) -> list[str]:
    """What the server keeps ready."""
    found = connection.raw.execute("SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%marked_%'")
    return [text for (text,) in found.fetchall() if "pg_prepared_statements" not in text]


def test_one_text_is_one_prepared_statement(connection: Postgres) -> None:
    """Small and large whole numbers would otherwise be sent as different types and be prepared apart."""
    for number, amount in ((1, Decimal(1)), (2**40, Decimal("0.5")), (-3, Decimal(10**20))):
        query = statement(
            ASKED, number=bound("number", "whole"), amount=bound("amount", "quantity"), day=bound("day", "day")
        )
        values: dict[str, Value] = {"number": number, "amount": amount, "day": date(2024, 1, 1)}
        assert connection.rows(query, values) == [(number, amount, date(2024, 1, 1))]
    assert len(prepared_texts(connection)) == 1


def test_a_given_connection_stays_open_and_keeps_its_transaction(connection: Postgres) -> None:
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(connection.raw.info.dsn) as given:
        ours = on_postgres(given)
        ours.store("mine", [Column("x", "whole")], [(1,)])
        ours.close()
        assert not given.closed
        given.rollback()
        assert given.execute("SELECT to_regclass('pg_temp.mine')").fetchone() == (None,)
