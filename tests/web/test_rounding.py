"""Numbers are short everywhere, and what is not reached never looks reached."""

from __future__ import annotations

from decimal import Decimal

import pytest

from swingby.web.domain.queries.review_lines import shown_requirement
from swingby.web.rounding import short, short_beside, short_gap, short_line


@pytest.mark.parametrize(
    ("value", "said", "gap"),
    [
        ("4.428571428571", "4.43", "4.43"),
        ("4.421", "4.42", "4.43"),
        ("0.071428571429", "0.071", "0.072"),
        ("0.075", "0.075", "0.075"),
        ("0.00341", "0.0034", "0.0035"),
        ("12000", "12000", "12000"),
        ("0", "0", "0"),
        ("98765432109876.541", "98765432109876.54", "98765432109876.55"),
    ],
)
def test_a_number_and_a_gap(value: str, said: str, gap: str) -> None:
    assert (short(Decimal(value)), short_gap(Decimal(value))) == (Decimal(said), Decimal(gap))


@pytest.mark.parametrize(
    ("value", "line", "said"),
    [
        ("59419.03596872", "240000", ("59419.04", "240000")),
        ("239999.996", "240000", ("239999.99", "240000")),
        ("240000.004", "240000", ("240000.01", "240000")),
        ("240000", "240000", ("240000", "240000")),
        ("59.996", "59.998", ("59.99", "59.998")),
        ("66.666666666666", "66.666666666667", ("66.66", "66.67")),
        ("66.666666666667", "66.666666666667", ("66.67", "66.67")),
        ("1.124", "1.125", ("1.12", "1.125")),
        ("0.0999", "0.1", ("0.099", "0.1")),
    ],
)
def test_a_value_stands_to_its_line_as_it_is(value: str, line: str, said: tuple[str, str]) -> None:
    assert short_beside(Decimal(value), Decimal(line)) == tuple(map(Decimal, said))


def test_a_line_stands_as_it_was_written() -> None:
    assert [short_line(Decimal(line)) for line in ("1.125", "33.333333")] == [Decimal("1.125"), Decimal("33.33")]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"value": "0.539", "line": "0.6", "gap": "0.061", "unit": "%"}, ("53.9 %", "60 %", "6.1 %")),
        (
            {"value": "59999.996", "line": "60000", "gap": "0.004", "unit": "USD"},
            ("USD 59,999.99", "USD 60,000", "USD 0.004"),
        ),
        ({"value": "4.428571428571", "line": "5", "gap": "0.571428571429"}, ("4.43", "5", "0.58")),
        ({"value": None, "line": "5", "gap": None}, ("", "5", "")),
    ],
)
def test_the_requirements_of_a_review(row: dict[str, str | None], said: tuple[str, str, str]) -> None:
    shown = shown_requirement(row)

    assert tuple(shown[name] for name in ("value", "line", "gap")) == said
