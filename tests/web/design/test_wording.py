from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from swingby.web.design import wording
from swingby.web.design.parts import Comparison, Gate

MINUS = "\N{MINUS SIGN}"
NB = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (None, "", "\N{EN DASH}"),
        (Decimal("585.00000000"), "", "585"),
        (Decimal("0.5000"), "", "0.5"),
        (Decimal("1E+3"), "", "1,000"),
        (Decimal(-4), "", f"{MINUS}4"),
        (Decimal("54.50"), "%", f"54.5{NB}%"),
        (Decimal(86400), "USD", f"USD{NB}86,400"),
    ],
)
def test_number(value: Decimal | None, unit: str, expected: str) -> None:
    assert wording.number_words(value, unit) == expected


def test_number_follows_the_language() -> None:
    with translation.override("de"):
        assert wording.number_words(Decimal("1234567.5")) == "1.234.567,5"


@pytest.mark.parametrize(("value", "expected"), [("20", "+20"), ("-4", f"{MINUS}4"), ("0", "0")])
def test_signed(value: str, expected: str) -> None:
    assert wording.signed_words(Decimal(value)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0.5", "0.5"),
        ("12.3456", "12.35"),
        ("-768313.8893899184", f"{MINUS}768,314"),
        ("999999", "999,999"),
        ("1234567", f"1.23{NB}M"),
        ("-2500000000", f"{MINUS}2.5{NB}B"),
        ("98765432109876", f"98.77{NB}T"),
    ],
)
def test_figure_is_short_from_a_million_on(value: str, expected: str) -> None:
    assert wording.figure_words(Decimal(value)) == expected


@pytest.mark.parametrize(
    ("value", "comparison", "unit", "expected"),
    [
        (2, "at_least", "", "2 of 3"),
        (2, "at_most", "", "2, at most 3"),
        (2, "at_least", "%", f"2{NB}%, needs 3{NB}%"),
        (None, "at_least", "", "needs 3"),
        (None, "at_most", "", "at most 3"),
    ],
)
def test_amount_of_a_requirement(value: int | None, comparison: Comparison, unit: str, expected: str) -> None:
    held = None if value is None else Decimal(value)
    gate = Gate(label="x", state="unmet", value=held, threshold=Decimal(3), comparison=comparison, unit=unit)
    assert wording.amount_words(gate) == expected


def test_amount_never_looks_reached() -> None:
    gate = Gate(label="x", state="unmet", value=Decimal("59.996"), threshold=Decimal(60), unit="USD")
    assert wording.amount_words(gate) == f"USD{NB}59.99 of USD{NB}60"


def test_amount_without_a_threshold() -> None:
    assert wording.amount_words(Gate(label="Agreement signed", state="met")) == ""


@pytest.mark.parametrize(
    ("name", "expected"), [("Priya Anand", "PA"), ("Wren", "W"), ("Ana María Ruiz", "AR"), ("", "")]
)
def test_initials(name: str, expected: str) -> None:
    assert wording.initials_of(name) == expected


def test_day_without_year_follows_the_language() -> None:
    with translation.override("en-gb"):
        assert wording.day_words(date(2026, 4, 30)) == "30 April"
    with translation.override("de"):
        assert wording.day_words(date(2026, 4, 30)) == "30. April"


@pytest.mark.parametrize(
    ("value", "expected"), [("0.2", "0.20"), ("-0.031", "−0.03"), ("1234", "1,234.00"), (None, "–")]
)
def test_ratios_stand_under_one_another(value: str | None, expected: str) -> None:
    assert wording.ratio_words(None if value is None else Decimal(value)) == expected
