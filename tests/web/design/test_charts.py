from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from swingby.web.design import charts
from swingby.web.design.parts import Comparison, Gate, Level, LineChart, Reading, Series, State


def chart_of(*values: tuple[date, int], level: int | None = None) -> LineChart:
    readings = tuple(Reading(day=day, value=Decimal(value)) for day, value in values)
    levels = () if level is None else (Level(name="Gold", value=Decimal(level)),)
    return LineChart(key="c", title="t", summary="s", main=Series(name="n", readings=readings), levels=levels)


@pytest.mark.parametrize(
    ("largest", "labels", "expected"),
    [
        (0, 4, ["0", "0.25", "0.50", "0.75", "1.00"]),
        (1, 4, ["0", "0.25", "0.50", "0.75", "1.00"]),
        (550, 5, ["0", "200", "400", "600"]),
        (585, 4, ["0", "200", "400", "600"]),
        (1000, 5, ["0", "200", "400", "600", "800", "1000"]),
        (98765432, 4, ["0", "25000000", "50000000", "75000000", "100000000"]),
    ],
)
def test_value_labels_are_round_and_reach_the_largest(largest: int, labels: int, expected: list[str]) -> None:
    found = charts.value_labels(Decimal(largest), labels)
    assert list(found) == [Decimal(text) for text in expected]


def test_highest_point_and_level_lie_inside_the_plot() -> None:
    drawing = charts.draw(chart_of((date(2026, 1, 1), 10), (date(2026, 3, 31), 585), level=550), charts.WIDE, "wide")
    assert drawing is not None
    assert charts.WIDE.top <= drawing.end_y <= charts.WIDE.floor
    assert charts.WIDE.top <= drawing.levels[0].y <= charts.WIDE.floor
    assert drawing.end_x == charts.WIDE.edge


def test_two_sizes_of_one_chart_have_different_keys() -> None:
    chart = chart_of((date(2026, 1, 1), 10), (date(2026, 3, 31), 20))
    drawings = [charts.draw(chart, frame, size) for size, frame in (("wide", charts.WIDE), ("narrow", charts.NARROW))]
    assert [drawing.key for drawing in drawings if drawing] == ["c-wide", "c-narrow"]


def test_nothing_is_drawn_without_readings() -> None:
    assert charts.draw(chart_of(), charts.WIDE, "wide") is None


def test_one_reading_has_one_label() -> None:
    drawing = charts.draw(chart_of((date(2026, 3, 31), 585)), charts.WIDE, "wide")
    assert drawing is not None
    assert [(label.day, label.style) for label in drawing.days] == [(date(2026, 3, 31), "j M")]


@pytest.mark.parametrize(
    ("first", "last", "labels", "expected"),
    [
        (date(2025, 4, 1), date(2026, 3, 31), 12, 12),
        (date(2025, 4, 1), date(2026, 3, 31), 4, 4),
        (date(2021, 1, 1), date(2025, 12, 1), 12, 10),
        (date(2021, 1, 1), date(2025, 12, 1), 4, 3),
        (date(1990, 6, 1), date(2026, 3, 31), 4, 4),
    ],
)
def test_month_labels_fit(first: date, last: date, labels: int, expected: int) -> None:
    kept = charts.thin_out(charts.month_starts(first, last), labels)
    assert len(kept) == expected


def test_steps_of_half_years_and_years_start_in_january_or_july() -> None:
    kept = charts.thin_out(charts.month_starts(date(2020, 11, 5), date(2025, 12, 1)), 12)
    assert {day.month for day in kept} == {1, 7}


def test_last_label_is_held_at_its_end() -> None:
    drawing = charts.draw(chart_of((date(2026, 1, 1), 1), (date(2026, 4, 1), 2)), charts.NARROW, "narrow")
    assert drawing is not None
    assert [label.anchor for label in drawing.days] == ["middle", "middle", "middle", "end"]


@pytest.mark.parametrize(
    ("state", "comparison", "value", "threshold", "expected"),
    [
        ("met", "at_least", 5, 3, "1"),
        ("unmet", "at_least", 2, 4, "0.5"),
        ("unmet", "at_most", 12, 3, "0.25"),
        ("unknown", "at_least", None, 4, "0"),
        ("unmet", "at_least", -5, 4, "0"),
        ("unmet", "at_least", 0, 0, "0"),
    ],
)
def test_bar_of_a_requirement(
    state: State, comparison: Comparison, value: int | None, threshold: int, expected: str
) -> None:
    held = None if value is None else Decimal(value)
    gate = Gate(label="x", state=state, comparison=comparison, value=held, threshold=Decimal(threshold))
    assert charts.fill_of(gate) == Decimal(expected)


@pytest.mark.parametrize("count", [1, 2, 5, 14])
def test_ring_parts_and_gaps_make_a_whole_ring(count: int) -> None:
    states: list[State] = ["met"] * count
    parts = charts.ring_of(states)
    assert len(parts) == count
    assert all(part.length + part.rest == 100 for part in parts)
    assert all(part.length > 0 for part in parts)


def test_sparkline_needs_two_values() -> None:
    assert charts.sparkline((Decimal(4),)) == ""
    assert charts.sparkline((Decimal(4), Decimal(4))) == "0.0,27.0 100.0,27.0"
    assert charts.sparkline((Decimal(0), Decimal(5), Decimal(10))) == "0.0,27.0 50.0,15.0 100.0,3.0"
