"""Programs that differ from a published one in one place: what a slip of the hand would make of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from swingby.program.reading.nodes import ListNode, MapNode, Node, ScalarNode
from swingby.program.reading.source import SourceText, compose

NUMBERS = ("at_least", "earn", "rate", "cap")
LENGTHS = {
    "12 months": ("11 months", "13 months", "365 days", "367 days"),
    "6 months": ("5 months", "7 months", "183 days", "185 days"),
}
KEYS = {"at_least": "above", "all": "any"}
DISTINCT = ("person", "code")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed text; ``what`` says where and how."""

    what: str
    text: str


def mutants(path: Path) -> Iterator[Mutant]:
    """Every program that is one slip away from the one in a file."""
    text = path.read_text(encoding="utf-8")
    root, _ = compose(SourceText(path.name, text))
    seen = set()
    for node, new in _slips(root, ()):
        line, column = node.location.line, node.location.column
        found = Mutant(f"{line}:{column} {node.text} -> {new}", _replaced(text, node, new))
        if found.what not in seen:
            seen.add(found.what)
            yield found


def _replaced(text: str, node: ScalarNode, new: str) -> str:
    lines = text.splitlines(keepends=True)
    line, at = lines[node.location.line - 1], node.location.column - 1
    assert line[at:].startswith(node.text), (node, line[at:])
    lines[node.location.line - 1] = line[:at] + new + line[at + len(node.text) :]
    return "".join(lines)


def _slips(node: Node | None, keys: tuple[str, ...]) -> Iterator[tuple[ScalarNode, str]]:
    if isinstance(node, MapNode):
        for key, value in node.entries:
            yield from ((key, KEYS[key.text]) for _ in (0,) if key.text in KEYS and not _is_word(value))
            yield from _slips(value, (*keys, key.text))
    elif isinstance(node, ListNode):
        for item in node.items:
            yield from _slips(item, keys)
    elif isinstance(node, ScalarNode) and not node.quoted and keys:
        yield from ((node, new) for new in _changed(node.text, keys))


def _is_word(node: Node) -> bool:
    return isinstance(node, ScalarNode) and not node.text.isdigit()


def _changed(text: str, keys: tuple[str, ...]) -> Iterator[str]:
    if keys[-1] in NUMBERS and text.isdigit():
        yield from (str(int(text) + 1), str(int(text) - 1))
    if keys[-1] == "last":
        yield from LENGTHS.get(text, ())
    if keys[-1] == "over" and text == "ever":
        yield "{last: 12 months}"
    if keys[-1] == "count" and text in DISTINCT:
        yield "facts"
    if "where" in keys and "table" not in keys:
        yield f"{text}_mistyped"
    if "where" in keys and keys[-2] == "where" and "table" not in keys:
        yield "{is_not: nothing}"
    if keys[-1] == "decision":
        yield f"{text}_mistyped"
