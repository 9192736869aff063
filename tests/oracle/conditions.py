"""Filters: which facts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

from . import values, windows
from .columns import enrolled_column, like, quantity, read
from .credit import Credited
from .frame import Frame, Num
from .tree import Node

BOUNDS: dict[str, Callable[[Any, Any], bool]] = {
    "at_least": lambda found, line: bool(found >= line),
    "above": lambda found, line: bool(found > line),
    "at_most": lambda found, line: bool(found <= line),
    "below": lambda found, line: bool(found < line),
}


def passes(frame: Frame, kind: str, item: Credited, where: Node | None) -> bool:
    """Whether a credited fact passes: every test holds, and link tests hold on one and the same link."""
    if not where:
        return True
    links = item.links or (None,)
    return any(_passes_by(frame.holding(kind, item.row), kind, item, link, where) for link in links)


def _passes_by(frame: Frame, kind: str, item: Credited, link: Any, where: Node) -> bool:
    for column, test in where.items():
        if column == "any":
            if not any(_passes_by(frame, kind, item, link, branch) for branch in test):
                return False
        elif not test_value(frame, _tested(frame, kind, item, link, column), test):
            return False
    return True


def _tested(frame: Frame, kind: str, item: Credited, link: Any, column: str) -> Any:
    """What a test looks at: the column; money in the program's currency, as everywhere."""
    found = read(frame, kind, item.row, column, link)
    is_money = "." not in column and frame.run.ledger.is_amount(kind, column)
    return quantity(frame, kind, item.row, column) if is_money and found is not None else found


def column_test(frame: Frame, name: str, tests: Node) -> bool:
    """Whether a column of the enrolment or its organization passes."""
    return test_value(frame, enrolled_column(frame, name), tests)


def test_value(frame: Frame, found: Any, test: object) -> bool:
    """Apply one column's tests. A missing value passes only ``is_not`` and ``exists: false``."""
    tests = test if isinstance(test, dict) and not _is_value(test) else {"is": test}
    return all(_one_test(frame, found, name, spec) for name, spec in tests.items())


def _is_value(test: Node) -> bool:
    """Whether a mapping is a value to be equal to, rather than a set of tests."""
    names = {*BOUNDS, "is", "is_not", "within", "exists"}
    return not set(test) <= names


def _one_test(frame: Frame, found: Any, name: str, spec: Any) -> bool:
    if name == "exists":
        return bool((found is not None) == (spec == "true"))
    if name == "is_not":
        return found is None or not _among(frame, found, spec)
    if found is None:
        return False
    if name == "is":
        return _among(frame, found, spec)
    if name == "within":
        return windows.inside(windows.window(frame, spec), found)
    line = comparable(frame, found, spec)
    return bool(line is not None and BOUNDS[name](found, line))


def _among(frame: Frame, found: Any, spec: Any) -> bool:
    """Equal to the value, or to one of a list or of a table's list."""
    if isinstance(spec, list):
        return any(found == comparable(frame, found, item) for item in spec)
    if isinstance(spec, dict) and set(spec) == {"table"} and isinstance(table(frame, spec["table"]), list):
        return any(found == like(word, found) for word in list_items(frame, spec["table"]))
    return bool(found == comparable(frame, found, spec))


def comparable(frame: Frame, found: Any, spec: Any) -> Any:
    """The value of a test, as the type of what it is compared with; None when there is none."""
    if isinstance(spec, str):
        return like(spec, found)
    value = values.value(frame, spec)
    if isinstance(value, Num):
        return value.value
    if isinstance(value, str) and isinstance(found, (date, Fraction)):
        return like(value, found)
    return value


def table(frame: Frame, name: str) -> Any:
    """The table with this name."""
    return frame.world.section("tables")[name]


def list_items(frame: Frame, name: str) -> list[str]:
    """The items of a list that are in force on the reading day (from included, until not)."""
    found = []
    for item in table(frame, name):
        if isinstance(item, str):
            found.append(item)
        elif _in_force(item, frame.reading):
            found.append(item["is"])
    return found


def _in_force(item: Node, day: date) -> bool:
    begins, ends = item.get("from"), item.get("until")
    return (begins is None or date.fromisoformat(begins) <= day) and (ends is None or day < date.fromisoformat(ends))
