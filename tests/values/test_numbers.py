"""Exact numbers in Python."""

from decimal import Decimal

import pytest

from swingby.errors import SwingbyError
from swingby.values.numbers import (
    average,
    comparable,
    compare_ratio,
    floor_units,
    median,
    multiply,
    quantity,
    ratio,
    round_to,
    total,
)


def test_whole_percentages_come_back() -> None:
    """With doubles 286 of 9,255 such ratios miss their own value."""
    back = [multiply(ratio(percent, 100), 100) for percent in range(10_000)]
    assert back == [Decimal(percent) for percent in range(10_000)]


@pytest.mark.parametrize(("n", "d"), [(0, 0), (5, 0), (Decimal("0.0"), Decimal("0.000")), (None, 3), (3, None)])
def test_nothing_divided_is_nothing(n: int | None, d: int | None) -> None:
    assert (ratio(n, d), round_to(n, d), floor_units(n, d), compare_ratio(n, d, 1)) == (None, None, None, None)


def test_ratio_is_rounded_once_at_its_last_place() -> None:
    assert str(ratio(15, 7)) == "2.142857142857"
    assert str(ratio(40, 6)) == "6.666666666667"
    assert str(ratio(-40, 6, places=2)) == "-6.670000000000"
    assert str(ratio(Decimal("0.5"), 1, places=0)) == "1.000000000000"


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("half_up", ["-3", "-2", "-1", "1", "2", "3"]),
        ("half_even", ["-2", "-2", "0", "0", "2", "2"]),
        ("up", ["-3", "-2", "-1", "1", "2", "3"]),
        ("down", ["-2", "-1", "0", "0", "1", "2"]),
    ],
)
def test_the_half_goes_where_the_mode_says(mode: str, expected: list[str]) -> None:
    halves = [Decimal(word) for word in ("-2.5", "-1.5", "-0.5", "0.5", "1.5", "2.5")]
    assert [round_to(half, 1, mode=mode) for half in halves] == [Decimal(word) for word in expected]  # type: ignore[arg-type]


def test_three_thirds_make_one_when_compared() -> None:
    thirds = ratio(1, 3)
    assert thirds is not None
    assert thirds * 3 != 1
    assert comparable(thirds * 3) == 1


def test_a_ratio_meets_its_line_exactly() -> None:
    assert compare_ratio(29, 100, Decimal("0.29")) == 0
    assert compare_ratio(1, 3, Decimal("0.333333333333")) == 1
    assert compare_ratio(1, -3, 0) == -1


def test_median_and_average() -> None:
    assert median([Decimal("2.25"), Decimal("1.10")]) == Decimal("1.675")
    assert median([Decimal("1.50"), Decimal("1.51")]) == Decimal("1.505")
    assert median([3, 1, 2]) == 2
    assert median([]) is None
    assert average([1, 1, 2]) == Decimal("1.333333333333")
    assert average([]) is None
    assert total([]) == 0


def test_whole_units_are_counted_downwards() -> None:
    assert [floor_units(x, 1250) for x in (2499, 2500, -1, -1250)] == [1, 2, -1, -1]


@pytest.mark.parametrize(
    "number", [10**26, Decimal("1e26"), Decimal("Infinity"), -Decimal("99999999999999999999999999.9999999999999")]
)
def test_a_number_that_does_not_fit_is_an_error(number: Decimal) -> None:
    with pytest.raises(SwingbyError) as raised:
        quantity(number)
    assert raised.value.code == "number-too-large"


def test_a_result_that_does_not_fit_is_an_error() -> None:
    with pytest.raises(SwingbyError) as raised:
        multiply(10**13, 10**13)
    assert raised.value.code == "number-too-large"
