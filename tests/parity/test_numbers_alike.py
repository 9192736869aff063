"""The numeric contract: each house function gives these digits on every backend."""

from decimal import Decimal

import pytest

from swingby.engine.sql import Connection, predicate, statement
from swingby.errors import SwingbyError

BIG = "12345678901234567"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("ratio(29, 100)", Decimal("0.29")),
        ("multiply(ratio(29, 100), 100)", Decimal(29)),
        ("ratio(15, 7)", Decimal("2.142857142857")),
        ("ratio(40, 6)", Decimal("6.666666666667")),
        ("ratio(-40, 6)", Decimal("-6.666666666667")),
        ("ratio(40, -6)", Decimal("-6.666666666667")),
        ("ratio(-40, -6)", Decimal("6.666666666667")),
        ("ratio(0, 7)", Decimal(0)),
        ("ratio(0, 0)", None),
        ("ratio(5, 0)", None),
        ("ratio(-5, 0)", None),
        ("ratio(NULL, 7)", None),
        ("ratio(7, NULL)", None),
        ("ratio(1, 2, 0)", Decimal(1)),
        ("ratio(3, 2, 0)", Decimal(2)),
        ("ratio(-1, 2, 0)", Decimal(-1)),
        ("ratio(-3, 2, 0)", Decimal(-2)),
        ("ratio(1, 2, 0, 'half_even')", Decimal(0)),
        ("ratio(3, 2, 0, 'half_even')", Decimal(2)),
        ("ratio(-5, 2, 0, 'half_even')", Decimal(-2)),
        ("ratio(1, 3, 4, 'up')", Decimal("0.3334")),
        ("ratio(-1, 3, 4, 'up')", Decimal("-0.3334")),
        ("ratio(-2, 3, 4, 'down')", Decimal("-0.6666")),
        ("ratio(0.000000000001, 2)", Decimal("0.000000000001")),
        ("ratio(-0.000000000001, 2)", Decimal("-0.000000000001")),
        ("ratio(0.000000000001, 3)", Decimal(0)),
        (f"ratio({BIG}.5, 0.5)", Decimal(24691357802469135)),
        (f"ratio({BIG}, {BIG}.000000000003)", Decimal(1)),
        (f"ratio(1, {BIG}, 12, 'up')", Decimal("0.000000000001")),
        ("ratio(9999999999999999999, 9999999999999999998.5)", Decimal("1.000000000000")),
        ("ratio(4999999999999999999, 9999999999999999999)", Decimal("0.5")),
        (f"ratio({BIG}, 3)", Decimal("4115226300411522.333333333333")),
    ],
)
def test_ratio_is_rounded_once(connection: Connection, written: str, expected: Decimal | None) -> None:
    assert _value(connection, written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("multiply(1.10, 2.25)", Decimal("2.475")),
        ("multiply(0.333333333333, 3)", Decimal("0.999999999999")),
        ("multiply(0.000001, 0.0000005)", Decimal("0.000000000001")),
        ("multiply(-0.000001, 0.0000005)", Decimal("-0.000000000001")),
        ("multiply(0.000001, 0.0000004)", Decimal(0)),
        ("multiply(1.000001, 1.0000005)", Decimal("1.000001500001")),
        ("multiply(-1.000001, 1.0000005)", Decimal("-1.000001500001")),
        ("multiply(99999999999999, 0.999999999999)", Decimal("99999999999899.000000000001")),
        ("multiply(0.15, 12345678901234.56)", Decimal("1851851835185.184")),
        ("multiply(99999999999.5, 99999999999.5)", Decimal("9999999999900000000000.25")),
        ("multiply(99999999999999999999999999, 0.999999999999)", Decimal("99999999999899999999999999.000000000001")),
        ("multiply(NULL, 2)", None),
        ("multiply(2, NULL)", None),
    ],
)
def test_product_is_exact(connection: Connection, written: str, expected: Decimal | None) -> None:
    assert _value(connection, written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("round_to(0.5, 1)", Decimal(1)),
        ("round_to(1.5, 1)", Decimal(2)),
        ("round_to(-1.5, 1)", Decimal(-2)),
        ("round_to(-0.5, 1)", Decimal(-1)),
        ("round_to(0.5, 1, 'half_even')", Decimal(0)),
        ("round_to(1.5, 1, 'half_even')", Decimal(2)),
        ("round_to(-1.5, 1, 'half_even')", Decimal(-2)),
        ("round_to(0.1, 1, 'up')", Decimal(1)),
        ("round_to(-0.1, 1, 'up')", Decimal(-1)),
        ("round_to(-0.9, 1, 'down')", Decimal(0)),
        ("round_to(1.25, 0.5)", Decimal("1.5")),
        ("round_to(-1.25, 0.5)", Decimal("-1.5")),
        ("round_to(1234.5, 100)", Decimal(1200)),
        ("round_to(2.675, 0.01)", Decimal("2.68")),
        ("round_to(7, 0)", None),
        ("round_to(NULL, 1)", None),
        ("floor_units(2500, 1250)", Decimal(2)),
        ("floor_units(2499.99, 1250)", Decimal(1)),
        ("floor_units(-1, 1250)", Decimal(-1)),
        ("floor_units(-1250, 1250)", Decimal(-1)),
        ("floor_units(-1250.01, 1250)", Decimal(-2)),
        ("floor_units(0.3, 0.1)", Decimal(3)),
        ("floor_units(1, 0)", None),
        ("comparable(0.9999999995)", Decimal(1)),
        ("comparable(0.9999999994)", Decimal("0.999999999")),
        ("comparable(-0.9999999995)", Decimal(-1)),
        ("comparable(multiply(ratio(1, 3), 3))", Decimal(1)),
    ],
)
def test_rounding_goes_away_from_zero_at_the_half(
    connection: Connection, written: str, expected: Decimal | None
) -> None:
    assert _value(connection, written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("compare_ratio(29, 100, 0.29)", 0),
        ("compare_ratio(1, 3, 0.333333333333)", 1),
        ("compare_ratio(1, 3, 0.333333333334)", -1),
        ("compare_ratio(-1, 3, 0)", -1),
        ("compare_ratio(1, -3, 0)", -1),
        ("compare_ratio(-1, -3, 0.25)", 1),
        ("compare_ratio(99999999999999, 99999999999998, 1)", 1),
        ("compare_ratio(99999999999998, 99999999999999, 1)", -1),
        ("compare_ratio(99999999999999, 0.5, 199999999999998)", 0),
        ("compare_ratio(0, -3, 0)", 0),
        ("compare_ratio(0, 0, 0)", None),
        ("compare_ratio(5, 0, 1)", None),
        ("compare_ratio(NULL, 3, 1)", None),
        ("compare_ratio(1, NULL, 1)", None),
        ("compare_ratio(1, 3, NULL)", None),
    ],
)
def test_ratio_meets_a_line_without_dividing(connection: Connection, written: str, expected: int | None) -> None:
    assert _value(connection, f"whole({written})") == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("least_of(quantity(3), NULL, quantity(2.5))", Decimal("2.5")),
        ("greatest_of(NULL, quantity(3), quantity(2.5))", Decimal(3)),
        ("least_of(quantity(NULL), quantity(NULL))", None),
        ("greatest_of(quantity(4))", Decimal(4)),
        ("quantity(0.0000000000005)", Decimal("0.000000000001")),
        ("quantity(-0.0000000000005)", Decimal("-0.000000000001")),
    ],
)
def test_missing_numbers_are_left_out(connection: Connection, written: str, expected: Decimal | None) -> None:
    assert _value(connection, written) == expected


@pytest.mark.parametrize(
    "written",
    [
        "multiply(10000000000000, 10000000000000)",
        "multiply(99999999999999999999999999, 2)",
        "ratio(99999999999999999999999999, 0.5)",
        "quantity(100000000000000000000000000)",
        "round_to(99999999999999999999999999.9, 1)",
    ],
)
def test_a_number_that_does_not_fit_is_an_error(connection: Connection, written: str) -> None:
    with pytest.raises(SwingbyError) as raised:
        _value(connection, written)
    assert raised.value.code == "number-too-large"


def _value(connection: Connection, written: str) -> object:
    ((value,),) = connection.rows(statement("SELECT {value} AS value", value=predicate(written)))
    return value
