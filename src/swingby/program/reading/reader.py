"""What every reader of a construct uses: noting issues, and taking the keys of a mapping apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Final, TypeVar

from swingby.program.blocks import Location
from swingby.program.issues import Issue
from swingby.program.numbers import NumberSection
from swingby.program.reading.nodes import ListNode, MapNode, Node, ScalarNode
from swingby.program.reading.shapes import Construct, Key, Shape

T = TypeVar("T")

# Beyond these a hint would cost more than it helps.
_MOST_WORDS: Final = 1_000
_LONGEST_QUOTE: Final = 60
_LONGEST_WORD: Final = 100
# How often nodes are read, lists of names that repeat a row included.
MAX_VISITS: Final = 100_000


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The hint ``Did you mean "…"?`` for a mistyped word, or nothing."""
    words = sorted(known)
    if len(words) > _MOST_WORDS or len(word) > _LONGEST_WORD:
        return ""
    close = get_close_matches(word, words, n=1, cutoff=0.6)
    return f'Did you mean "{close[0]}"?' if close else ""


def what_is(node: Node) -> str:
    """Name a node in a message."""
    if isinstance(node, ScalarNode):
        return "nothing" if node.is_nothing else f'"{shorten(node.text)}"'
    return "a list" if isinstance(node, ListNode) else "a mapping"


def shorten(text: str) -> str:
    """A text that fits into a message."""
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST_QUOTE else f"{flat[: _LONGEST_QUOTE - 3]}..."


class Reader:
    """Collects the issues of one loading and knows the names in the shared namespace of numbers."""

    def __init__(self, names: Mapping[str, NumberSection] | None = None) -> None:
        self.issues: list[Issue] = []
        self.names: Mapping[str, NumberSection] = names or {}
        self.visits = 0

    def visit(self, node: Node) -> bool:
        """Count one reading of a node; False when there were too many, so that no file takes for ever."""
        self.visits += 1
        if self.visits == MAX_VISITS:
            message = "The rules say too much: written out in full they are too large."
            self.error(node, "yaml-size", message, "Use fewer or shorter lists of names.")
        return self.visits < MAX_VISITS

    def error(self, at: Node | Location, code: str, message: str, hint: str = "") -> None:
        """Note an error."""
        self.issues.append(Issue(_place(at), code, message, hint))

    def warn(self, at: Node | Location, code: str, message: str, hint: str = "") -> None:
        """Note a warning."""
        self.issues.append(Issue(_place(at), code, message, hint, "warning"))

    def note(self, issue: Issue) -> None:
        """Note an issue as it is."""
        self.issues.append(issue)

    def shape(self, node: Node, expected: str, hint: str = "") -> None:
        """Note that something else was expected here."""
        under = f' under "{node.key}"' if node.key else ""
        self.error(node, "shape", f"Expected {expected}{under}, found {what_is(node)}.", hint)

    def mapping(self, node: Node, expected: str, hint: str = "") -> MapNode | None:
        """The node as a mapping, or an issue."""
        if isinstance(node, MapNode):
            return node
        self.shape(node, expected, hint)
        return None

    def fields(self, node: Node, construct: Construct, also: tuple[Key[Any], ...] = ()) -> Fields | None:
        """The keys of a mapping, checked against a construct (and keys that its surroundings add)."""
        found = self.mapping(node, f"a mapping ({construct.name})")
        if found is None:
            return None
        fields = Fields(self, found, construct, also)
        fields.check()
        return fields


class Fields:
    """The keys of one mapping as one construct reads them."""

    __slots__ = ("also", "construct", "node", "reader")

    def __init__(self, reader: Reader, node: MapNode, construct: Construct, also: tuple[Key[Any], ...]) -> None:
        self.reader = reader
        self.node = node
        self.construct = construct
        self.also = also

    @property
    def location(self) -> Location:
        """Where the mapping starts."""
        return self.node.location

    def check(self) -> None:
        """Note unknown, retiring and missing keys."""
        known = {key.name: key for key in (*self.construct.keys, *self.also)}
        before: Node | None = None
        for key, value in self.node.entries:
            if key.text not in known and _is_rest_of_number(key, value, before):
                self._comma_in_number(key, before)
            elif key.text not in known:
                self._unknown(key, known)
            elif known[key.text].retiring:
                self._retiring(key, known[key.text])
            before = value
        for name, wanted in known.items():
            if wanted.required and self.node.get(name) is None:
                self._missing(name)
        self._check_one_of()

    def has(self, key: Key[Any]) -> bool:
        """Whether the key is written."""
        return self.node.get(key.name) is not None

    def get(self, key: Key[T]) -> T | None:
        """What stands under the key; None when it is left out or wrong (then an issue was noted)."""
        return self.get_as(key, key.shape)

    def get_as(self, key: Key[Any], shape: Shape[T]) -> T | None:
        """What stands under the key, read as another shape."""
        node = self.node.get(key.name)
        if node is None:
            return None
        if isinstance(node, ScalarNode) and node.is_nothing:
            self.reader.shape(node, shape.name, "Write a value or leave the key out.")
            return None
        return shape.read(node, self.reader)

    def _comma_in_number(self, key: ScalarNode, before: Node | None) -> None:
        start = before.text if isinstance(before, ScalarNode) else ""
        message = f'"{shorten(start)},{shorten(key.text)}" is not a number: the comma begins another key.'
        self.reader.error(key, "number-shape", message, "Write 150000, 7.5 or 25%, without separators.")

    def _unknown(self, key: ScalarNode, known: Mapping[str, Key[Any]]) -> None:
        names = ", ".join(known)
        hint = did_you_mean(key.text, known) or f"It may have: {names}."
        message = f'{self.construct.name} has no key "{shorten(key.text)}".'
        self.reader.error(key, "key-unknown", message, hint)

    def _retiring(self, key: ScalarNode, known: Key[Any]) -> None:
        if known.retiring is None:
            return
        day, instead = known.retiring.from_date, known.retiring.instead
        message = f'"{key.text}" will be refused from {day};'
        hint = f'write "{instead}" (swingby upgrade does it).'
        self.reader.note(Issue(key.location, "key-retiring", message, hint, "error_from", day))

    def _missing(self, name: str) -> None:
        message = f'{self.construct.name} needs the key "{name}".'
        self.reader.error(self.location, "key-missing", message, f'Add "{name}:".')

    def _check_one_of(self) -> None:
        choices = self.construct.one_of
        found = [name for name in choices if self.node.get(name) is not None]
        if choices and len(found) != 1:
            said = f"found {' and '.join(found)}" if found else "found none"
            message = f"{self.construct.name} needs exactly one of {', '.join(choices)}; {said}."
            self.reader.error(self.location, "key-choice", message, "Keep one of them.")


def _is_rest_of_number(key: ScalarNode, value: Node, before: Node | None) -> bool:
    """Whether a key is what YAML leaves of 150,000 between braces: digits without a value, after a number."""
    is_nothing = isinstance(value, ScalarNode) and value.is_nothing
    starts = isinstance(before, ScalarNode) and before.text[:1].isdigit()
    return is_nothing and starts and key.text[:1].isdigit()


def _place(at: Node | Location) -> Location:
    return at if isinstance(at, Location) else at.location
