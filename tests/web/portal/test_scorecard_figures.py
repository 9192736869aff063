"""Money and shares on a scorecard have two places, unless rounding would take them across what is asked."""

from __future__ import annotations

from decimal import Decimal

import pytest

from swingby.web.portal.scorecard_pages import gate_of, shown


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        ("59419.03596872", "USD", "59419.04"),
        ("33.333333", "%", "33.33"),
        ("1.8125", "", "1.8125"),
        ("7.125", "hours", "7.125"),
    ],
)
def test_what_nobody_reads_is_left_away(value: str, unit: str, expected: str) -> None:
    assert shown(Decimal(value), unit) == Decimal(expected)


@pytest.mark.parametrize(
    ("value", "line", "expected"),
    [
        ("59419.03596872", "240000", "59419.04"),
        ("239999.996", "240000", "239999.996"),
        ("240000.004", "240000", "240000.004"),
        ("240000", "240000", "240000"),
    ],
)
def test_what_is_missing_never_looks_reached(value: str, line: str, expected: str) -> None:
    row = {"value": value, "line": line, "gap": None, "state": "unmet", "test": "at_least"}
    assert gate_of(row, label="Bookings", unit="USD").value == Decimal(expected)
