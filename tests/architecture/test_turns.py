"""Turns take every test of the proof once, and leave no other test out."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.turns import THIRD, THIRDS, TURN, TURNS, out_of_turn, told


def item(name: str, *marks: pytest.MarkDecorator) -> pytest.Item:
    by_name = {mark.name: mark.mark for mark in marks}
    return cast("pytest.Item", SimpleNamespace(nodeid=name, get_closest_marker=by_name.get))


ITEMS = [
    *(item(f"tests/test_a.py::test[{number}]", pytest.mark.proof) for number in range(7)),
    *(item(f"tests/test_b.py::test[{number}]", pytest.mark.proof(turns=10)) for number in range(10)),
    item("tests/test_a.py::test_plain"),
]


def taken(number: int, patch: pytest.MonkeyPatch) -> list[str]:
    patch.delenv(THIRD, raising=False)
    patch.setenv(TURN, str(number))
    left = out_of_turn(ITEMS)
    return [each.nodeid for each in ITEMS if each not in left]


@pytest.mark.parametrize(("file", "turns"), [("test_a", TURNS), ("test_b", 10)])
def test_each_test_of_the_proof_has_one_turn(monkeypatch: pytest.MonkeyPatch, file: str, turns: int) -> None:
    seen = [name for number in range(turns) for name in taken(number, monkeypatch) if file in name and "[" in name]
    assert sorted(seen) == sorted(each.nodeid for each in ITEMS if file in each.nodeid and "[" in each.nodeid)


def test_other_tests_always_run(monkeypatch: pytest.MonkeyPatch) -> None:
    assert all("tests/test_a.py::test_plain" in taken(number, monkeypatch) for number in range(TURNS))


def test_without_a_turn_everything_runs_and_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(TURN, raising=False)
    monkeypatch.delenv(THIRD, raising=False)
    empty: list[Any] = []
    assert (out_of_turn(ITEMS), told()) == (empty, "")


FILES = [item(f"tests/web/test_{name}.py::test[{number}]") for name in "abcdefgh" for number in range(3)]
SHAPE = item("tests/architecture/test_shape.py::test_plain")


def test_each_file_is_in_one_third_and_the_shape_of_code_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    left = []
    for number in range(THIRDS):
        monkeypatch.setenv(THIRD, str(number))
        left.append({each.nodeid for each in out_of_turn([*FILES, SHAPE])})
    assert sorted(name for names in left for name in names) == sorted(
        each.nodeid for each in FILES for _ in range(THIRDS - 1)
    )
    assert all(0 < len(names) < len(FILES) for names in left)


def test_a_run_of_a_third_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(THIRD, "5")
    assert "part 3 of 3" in told()


def test_a_run_says_which_part_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(THIRD, raising=False)
    monkeypatch.setenv(TURN, "7")
    assert "part 2 of 6" in told()
