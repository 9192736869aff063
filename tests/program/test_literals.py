from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from swingby.program.blocks import DayOfYear, PeriodUnit
from swingby.program.reading import literals


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", Decimal(0)),
        ("250000", Decimal(250000)),
        ("7.5", Decimal("7.5")),
        ("-3", Decimal(-3)),
        ("25%", Decimal("0.25")),
        ("0.001", Decimal("0.001")),
        ("010", None),
        ("1_000", None),
        ("1,000", None),
        ("1e3", None),
        ("+1", None),
        (".5", None),
        ("5.", None),
        ("25 %", None),
        ("٣", None),
        ("9" * 19, None),
    ],
)
def test_numbers(text: str, expected: Decimal | None) -> None:
    assert literals.number(text) == expected


@pytest.mark.parametrize(
    ("text", "quoted", "expected"),
    [
        ("NO", False, "NO"),
        ("yes", False, "yes"),
        ("on", False, "on"),
        ("true", False, True),
        ("false", False, False),
        ("True", False, "True"),
        ("010", False, "010"),
        ("0x10", False, "0x10"),
        ("12:30:00", False, "12:30:00"),
        ("2025-02-01", False, date(2025, 2, 1)),
        ("02-01", False, "02-01"),
        ("25%", False, Decimal("0.25")),
        ("25%", True, "25%"),
        ("true", True, "true"),
        ("10", True, "10"),
    ],
)
def test_a_plain_text_is_resolved_by_one_table(text: str, quoted: bool, expected: object) -> None:  # noqa: FBT001
    found = literals.scalar(text, quoted=quoted)
    assert (type(found), found) == (type(expected), expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("month", PeriodUnit("month")),
        ("2 months", PeriodUnit("month", None, 2)),
        ("fiscal quarter", PeriodUnit("quarter", "fiscal", 1)),
        ("2 membership years", PeriodUnit("year", "membership", 2)),
        ("fiscal halves", PeriodUnit("half", "fiscal", 1)),
        ("monthly", None),
        ("0 months", None),
        ("99999 years", None),
        ("a b month", None),
        ("", None),
    ],
)
def test_periods(text: str, expected: PeriodUnit | None) -> None:
    assert literals.period(text) == expected


def test_lengths_have_a_count_and_no_calendar() -> None:
    assert literals.length_part("12 months") == (12, "month")
    assert literals.length_part("1 day") == (1, "day")
    assert literals.length_part("month") is None
    assert literals.length_part("2 fiscal quarters") is None


def test_days_are_those_of_the_calendar() -> None:
    assert literals.day("2024-02-29") == date(2024, 2, 29)
    assert literals.day("2025-02-29") is None
    assert literals.day("9999-01-01") is None
    assert literals.day_of_year("02-01") == DayOfYear(2, 1)
    assert literals.day_of_year("02-29") is None
    assert literals.day_of_year("13-01") is None
