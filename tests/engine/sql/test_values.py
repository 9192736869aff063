"""What fits in a column of each kind."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from swingby.engine.sql import Column, Kind, literal, open_duckdb
from swingby.errors import SwingbyError


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (1, "text"),
        ("a\0b", "text"),
        ("2024-01-01", "day"),
        (datetime(2024, 1, 1, tzinfo=UTC), "day"),
        (True, "whole"),
        (2**63, "whole"),
        (Decimal(1), "whole"),
        (1.5, "quantity"),
        (True, "quantity"),
        (Decimal("NaN"), "quantity"),
        (Decimal("Infinity"), "quantity"),
        (Decimal("0.0000000000001"), "quantity"),
        (Decimal("12345678901234567890.1234567890001"), "quantity"),
        (Decimal(10**26), "quantity"),
        (1, "truth"),
    ],
)
def test_a_value_of_another_kind_is_refused(value: object, kind: Kind) -> None:
    with pytest.raises(SwingbyError) as raised:
        literal(value, kind)  # type: ignore[arg-type]
    assert raised.value.code == "sql-value"
    with pytest.raises(SwingbyError):
        open_duckdb().store("t", [Column("x", kind)], [(value,)])  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("", "text"),
        (date(2024, 2, 29), "day"),
        (-(2**63), "whole"),
        (7, "quantity"),
        (Decimal("1.5000000000000000000"), "quantity"),
        (Decimal("0E+40"), "quantity"),
        (False, "truth"),
        (None, "quantity"),
    ],
)
def test_a_value_of_the_kind_comes_back(value: object, kind: Kind) -> None:
    connection = open_duckdb()
    connection.store("t", [Column("x", kind)], [(value,)])  # type: ignore[list-item]
    assert connection.raw.execute("SELECT x FROM t").fetchall() == [(value,)]
