"""What a scenario file says: cells are written out, dates and accounts stay as they are."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from swingby.engine.scenarios import Scenario, read_scenarios
from swingby.program.reading.nodes import ListNode, MapNode, Node, ScalarNode


def plain(node: Node) -> Any:
    """A node as texts, lists and mappings."""
    if isinstance(node, ListNode):
        return [plain(item) for item in node.items]
    return {key.text: plain(value) for key, value in node.entries} if isinstance(node, MapNode) else node.text


def only(folder: Path, text: str) -> Scenario:
    """The one scenario of a text."""
    path = folder / "all.yaml"
    path.write_text(text, encoding="utf-8")
    (found,), issues = read_scenarios(path)
    assert issues == []
    return found


def expected(folder: Path, expect: str) -> Any:
    """What is expected on the one day."""
    scenario = only(folder, f"- name: one\n  as_of: 2025-03-01\n  expect: {expect}\n")
    return plain(scenario.expected[date(2025, 3, 1)])


def test_cells_are_named_behind_their_number(tmp_path: Path) -> None:
    written = "{points: {growth: {claimed: 30, digital: 15}, other: 1}, tiers: {level: {emea: gold}}}"
    assert expected(tmp_path, written) == {
        "points": {"growth[claimed]": "30", "growth[digital]": "15", "other": "1"},
        "tiers": {"level[emea]": "gold"},
    }


def test_cells_of_two_columns_nest(tmp_path: Path) -> None:
    found = expected(tmp_path, "{measures: {sales: {emea: {new: 1, old: 2}}}}")
    assert found == {"measures": {"sales[emea][new]": "1", "sales[emea][old]": "2"}}


def test_cells_may_be_expected_by_partner(tmp_path: Path) -> None:
    found = expected(tmp_path, "{partner: {scores: {s: {a: 1}}}, other: {tracks: {line: main}}}")
    assert found == {"partner": {"scores": {"s[a]": "1"}}, "other": {"tracks": {"line": "main"}}}


def test_accounts_and_rows_keep_their_mappings(tmp_path: Path) -> None:
    accounts = {"coop": {"balance": "3", "lots": ["0", {"left": "3", "opens": "2025-01-01"}]}, "rebate": "5"}
    rows = {"level.gold": {"total": {"gap": "4"}}}
    found = expected(
        tmp_path,
        "{accounts: {coop: {balance: 3, lots: [0, {left: 3, opens: 2025-01-01}]}, rebate: 5},"
        " rows: {level.gold: {total: {gap: 4}}}}",
    )
    assert found == {"accounts": accounts, "rows": rows}


def test_a_timeline_has_cells_on_each_day(tmp_path: Path) -> None:
    scenario = only(
        tmp_path,
        "- name: one\n  timeline:\n    2025-03-01: {points: {p: {a: 1}}}\n    2025-04-01: {points: {p: {a: 2}}}\n",
    )
    found = [plain(node) for node in scenario.expected.values()]
    assert found == [{"points": {"p[a]": "1"}}, {"points": {"p[a]": "2"}}]


def test_numbers_are_given_for_all_days_by_date_and_by_cell(tmp_path: Path) -> None:
    scenario = only(
        tmp_path,
        "- name: one\n  given: {all: 1, dated: {2025-02-01: 2, 2025-03-01: 3}, cells: {a: 4, b: {2025-02-01: 5}}}\n"
        "  as_of: 2025-03-01\n  expect: {measures: {all: 1}}\n",
    )
    assert {name: plain(node) for name, node in scenario.given.items()} == {
        "all": "1",
        "dated": {"2025-02-01": "2", "2025-03-01": "3"},
        "cells[a]": "4",
        "cells[b]": {"2025-02-01": "5"},
    }


def test_a_cell_given_again_takes_the_place_of_that_cell_only(tmp_path: Path) -> None:
    path = tmp_path / "all.yaml"
    path.write_text(
        "- name: one\n  given: {p: {a: 1, b: 2}}\n  as_of: 2025-03-01\n  expect: {points: {p: {a: 1}}}\n"
        "- name: two\n  like: one\n  given: {p: {b: 3}}\n",
        encoding="utf-8",
    )
    _, second = read_scenarios(path)[0]
    assert {name: plain(node) for name, node in second.given.items()} == {"p[a]": "1", "p[b]": "3"}


def test_places_of_cells_are_those_of_their_values(tmp_path: Path) -> None:
    scenario = only(tmp_path, "- name: one\n  as_of: 2025-03-01\n  expect: {points: {p: {a: 1, b: 2}}}\n")
    points = scenario.expected[date(2025, 3, 1)].get("points")
    assert isinstance(points, MapNode)
    values = [value for _, value in points.entries if isinstance(value, ScalarNode)]
    assert [(item.location.line, item.location.column) for item in values] == [(3, 28), (3, 34)]
