"""Programs that differ from a given one by one unit in one number, window, cap or day, or in whether a line counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from swingby.program.reading.nodes import ListNode, MapNode, Node, ScalarNode
from swingby.program.reading.source import SourceText, compose

#: Keys whose texts are for people, or name things.
WORDS = frozenset(("program", "label", "unit", "source", "note", "id", "is", "code", "version", "effort"))
SWAPPED = {"at_least": "above", "above": "at_least", "at_most": "below", "below": "at_most"}
NUMBER = re.compile(r"-?\d+(\.\d+)?%?")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
DAY_OF_YEAR = re.compile(r"\d{2}-\d{2}")
COUNTED = re.compile(r"(\d+) ((\w+ )?\w+)")
UNIT = re.compile(r"(\w+ )?(day|week|month|quarter|half|year)")
#: Keys under which a length may be a list, so that a window can move by a day.
LENGTHS = ("last", "after", "ago", "next", "grace")
#: Changes by one unit that no fact can show, each with its reason.
SURVIVORS = {
    "hubspot-2023": {
        "program.yaml:41:83 2000-01-01 -> 1999-12-31": "nobody joined the program that long ago",
        "program.yaml:41:83 2000-01-01 -> 2000-01-02": "nobody joined the program that long ago",
    },
    "deriv": {"program.yaml:69:125 0% -> -1%": "what is based on a number does not fall below 0"},
    "deriv-other-reading": {"program.yaml:49:125 0% -> -1%": "what is based on a number does not fall below 0"},
    "microsoft-modern-work": {
        "program.yaml:30:124 1 -> 0": "only customers with such a workload are looked at",
        "program.yaml:31:103 1 -> 0": "only customers with such a workload are looked at",
    },
    "quickbooks-proadvisor": {"program.yaml:31:160 100 -> 101": "a bundle that earns 101 is capped at 100 as well"},
}


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A changed file of a program; ``what`` says where and how."""

    file: str
    what: str
    text: str


def neighbours(folder: Path) -> Iterator[Neighbour]:
    """Every program that is one unit away."""
    for path in sorted(folder.glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        root, _ = compose(SourceText(path.name, text))
        for node, new in _changes(root, ""):
            what = f"{path.name}:{node.location.line}:{node.location.column} {node.text} -> {new}"
            yield Neighbour(path.name, what, _replaced(text, node, new))


def _replaced(text: str, node: ScalarNode, new: str) -> str:
    lines = text.splitlines(keepends=True)
    line, at = lines[node.location.line - 1], node.location.column - 1
    assert line[at:].startswith(node.text), (node, line[at:])
    lines[node.location.line - 1] = line[:at] + new + line[at + len(node.text) :]
    return "".join(lines)


def _changes(node: Node | None, key: str) -> Iterator[tuple[ScalarNode, str]]:
    if isinstance(node, MapNode):
        for name, value in node.entries:
            if name.text in WORDS:
                continue
            if name.text in SWAPPED and not key.startswith("cap") and not _is_all(value):
                yield name, SWAPPED[name.text]
            if NUMBER.fullmatch(name.text) or DAY.fullmatch(name.text):
                yield from ((name, new) for new in _near(name.text, ""))
            yield from _changes(value, name.text)
    elif isinstance(node, ListNode):
        for item in node.items:
            yield from _changes(item, f"{key}[]")
    elif isinstance(node, ScalarNode) and not node.quoted:
        yield from ((node, new) for new in _near(node.text, key))


def _is_all(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.text == "all"


def _near(text: str, key: str) -> Iterator[str]:
    """What stands one unit beside a literal."""
    if NUMBER.fullmatch(text):
        yield from _near_number(text)
    elif DAY.fullmatch(text):
        yield from ((date.fromisoformat(text) + timedelta(days=step)).isoformat() for step in (-1, 1))
    elif DAY_OF_YEAR.fullmatch(text):
        near = (date.fromisoformat(f"2001-{text}") + timedelta(days=step) for step in (-1, 1))
        yield from (day.strftime("%m-%d") for day in near)
    elif counted := COUNTED.fullmatch(text):
        yield from _near_length(int(counted[1]), counted[2], key)
    elif key in ("previous", "current") and UNIT.fullmatch(text):
        yield f"2 {text}s"


def _near_number(text: str) -> Iterator[str]:
    body, percent = text.removesuffix("%"), "%" if text.endswith("%") else ""
    step = Decimal(1).scaleb(-len(body.partition(".")[2]))
    for changed in (Decimal(body) - step, Decimal(body) + step):
        yield f"{changed:f}{percent}"


def _near_length(count: int, unit: str, key: str) -> Iterator[str]:
    for near in (count - 1, count + 1):
        if near:
            yield f"{near} {unit}"
    is_long = unit.rstrip("s") in ("month", "year", "quarter", "half")
    if key in LENGTHS and is_long:
        yield f"[{count} {unit}, 1 day]"
        if unit.rstrip("s") == "month" and count > 1:
            yield f"[{count - 1} months, 27 days]"
