"""Requirements of a scorecard in words: how far a line is away, and what a group needs of its parts."""

from __future__ import annotations

from typing import Any, cast

import pytest

from swingby.web.portal.scorecard_pages import Doors, _tier, gate_of


@pytest.mark.parametrize(
    ("gap", "test", "unit", "words"),
    [
        ("1", "at_least", "", "1 more"),
        ("1", "at_most", "", "1 too many"),
        ("0.5", "at_most", "", "0.5 too much"),
        ("4.428571428571", "at_least", "", "4.43 more"),
        ("0.071428571429", "at_least", "", "0.072 more"),
        ("0.02", "below", "%", "2 percentage points too much"),
        ("0.01", "at_least", "%", "1 percentage point more"),
        ("1200", "at_most", "USD", "USD\N{NO-BREAK SPACE}1,200 too much"),
        ("0", "below", "", "On the line, and less is asked"),
        ("0", "above", "", "Reached, and a little more is asked"),
        (None, "is", "", ""),
    ],
)
def test_how_far_a_line_is_away(gap: str | None, test: str, unit: str, words: str) -> None:
    row = {"value": "7", "line": "5", "gap": gap, "state": "unmet", "test": test}
    assert gate_of(row, label="Number", unit=unit).gap == words


def test_places_of_a_ranking_are_places() -> None:
    row = {"value": "3", "line": "1", "gap": "2", "state": "unmet", "test": "at_most", "is_place": True}
    assert gate_of(row, label="Place", unit="").gap == "2 places to go"


def _stored(path: str, kind: str, state: str, test: str = "") -> dict[str, Any]:
    numbers = {"value": "7", "line": "5", "gap": "2"} if kind == "number" else dict.fromkeys(("value", "line", "gap"))
    named = {"path": path, "depth": path.count("."), "kind": kind, "label": path, "number": "", "test": test}
    return {**named, "state": state, **numbers}


def test_what_a_group_does_not_need_is_not_missing_and_what_must_not_be_is_fine_as_long_as_it_is_not() -> None:
    rows = [
        _stored("gold", "all", "unmet"),
        _stored("gold.1", "any", "met"),
        _stored("gold.1.1", "number", "unmet", "at_most"),
        _stored("gold.1.2", "status", "met"),
        _stored("gold.2", "none", "unmet"),
        _stored("gold.2.1", "status", "met"),
        _stored("gold.2.2", "number", "unmet", "at_least"),
    ]
    tier = {"id": "gold", "label": "Gold", "rank": 0, "source": "", "rows": rows}
    card = _tier(tier, held=-1, numbers={}, doors=cast("Doors", None))
    assert [(row.gate.label, row.gate.state, row.gate.gap, row.gate.note) for row in card.rows] == [
        ("Gold.1", "met", "", ""),
        ("Gold.1.1", "aside", "", ""),
        ("Gold.1.2", "met", "", ""),
        ("Gold.2", "unmet", "", ""),
        ("Gold.2.1", "unmet", "Must not be so", ""),
        ("Gold.2.2", "met", "", "Not so, as asked"),
    ]
    assert (card.met, card.asked) == (1, 2)
