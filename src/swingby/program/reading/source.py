"""From YAML text to nodes: safe, bounded, and never with a traceback.

The text is read as a stream of events, so that a limit stops the reading where it is passed. Anchors, aliases,
tags and merge keys are refused: what a rule says must stand where the rule stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from swingby.program.blocks import Location
from swingby.program.issues import Issue
from swingby.program.reading.nodes import ListNode, MapNode, Node, ScalarNode

MAX_BYTES: Final = 1_000_000
MAX_DEPTH: Final = 40
MAX_NODES: Final = 50_000
MAX_FILES: Final = 200

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class SourceText:
    """The text of one file under the name that messages show."""

    name: str
    text: str


class _StopReadingError(Exception):
    """The rest of this file cannot be read; the issue says why."""

    def __init__(self, issue: Issue) -> None:
        super().__init__(issue.message)
        self.issue = issue


@dataclass(slots=True)
class _Frame:
    """A list or mapping that is still open."""

    location: Location
    is_map: bool
    key: str
    items: list[Node] = field(default_factory=list)
    entries: dict[str, tuple[ScalarNode, Node]] = field(default_factory=dict)
    pending: Node | None = None

    def close(self) -> Node:
        if self.is_map:
            return MapNode(self.location, tuple(self.entries.values()), self.key)
        return ListNode(self.location, tuple(self.items), self.key)

    def child_key(self) -> str:
        if not self.is_map:
            return self.key
        return self.pending.text if isinstance(self.pending, ScalarNode) else ""


class _Builder:
    """Puts events together to one tree and notes every mistake on the way."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.issues: list[Issue] = []
        self.frames: list[_Frame] = []
        self.root: Node | None = None
        self.count = 0

    def place(self, mark: Any) -> Location:
        return Location(self.name, mark.line + 1, mark.column + 1)

    def error(self, location: Location, code: str, message: str, hint: str = "") -> None:
        self.issues.append(Issue(location, code, message, hint))

    def stop(self, location: Location, code: str, message: str, hint: str = "") -> _StopReadingError:
        return _StopReadingError(Issue(location, code, message, hint))

    def take(self, event: Any) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self.start_document(event)
        elif isinstance(event, yaml.AliasEvent):
            self.alias(event)
        elif isinstance(event, yaml.ScalarEvent):
            self.refuse_marks(event)
            self.scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self.refuse_marks(event)
            self.open(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.add(self.frames.pop().close())

    def start_document(self, event: Any) -> None:
        if self.root is not None:
            where = self.place(event.start_mark)
            raise self.stop(where, "yaml-documents", "A second document starts here.", "Write one document per file.")

    def refuse_marks(self, event: Any) -> None:
        where = self.place(event.start_mark)
        if event.anchor:
            hint = "Write the content where it is used, or declare it under a name."
            self.error(where, "yaml-anchor", f"The anchor &{event.anchor} is not allowed.", hint)
        if event.tag:
            self.error(where, "yaml-tag", f"The tag {event.tag} is not allowed.", "Leave the tag out.")

    def alias(self, event: Any) -> None:
        where = self.place(event.start_mark)
        hint = "Write the content here, or declare it under a name."
        self.error(where, "yaml-anchor", f"The alias *{event.anchor} is not allowed.", hint)
        self.count_node(where)
        self.add(ScalarNode(where, "", key=self.child_key()))

    def scalar(self, event: Any) -> None:
        where = self.place(event.start_mark)
        self.count_node(where)
        quoted = event.style in ("'", '"', "|", ">")
        self.add(ScalarNode(where, event.value, quoted, self.child_key()))

    def open(self, event: Any) -> None:
        where = self.place(event.start_mark)
        self.count_node(where)
        if len(self.frames) >= MAX_DEPTH:
            message = f"This is nested more than {MAX_DEPTH} levels deep."
            raise self.stop(where, "yaml-depth", message, "Name the inner parts and refer to them.")
        self.frames.append(_Frame(where, isinstance(event, yaml.MappingStartEvent), self.child_key()))

    def child_key(self) -> str:
        return self.frames[-1].child_key() if self.frames else ""

    def count_node(self, where: Location) -> None:
        self.count += 1
        if self.count > MAX_NODES:
            message = f"The file holds more than {MAX_NODES} values."
            raise self.stop(where, "yaml-size", message, "Split it into several files.")

    def add(self, node: Node) -> None:
        if not self.frames:
            self.root = node
            return
        frame = self.frames[-1]
        if not frame.is_map:
            frame.items.append(node)
        elif frame.pending is None:
            frame.pending = node
        else:
            self.add_entry(frame, frame.pending, node)
            frame.pending = None

    def add_entry(self, frame: _Frame, key: Node, value: Node) -> None:
        if not isinstance(key, ScalarNode):
            self.error(key.location, "yaml-key", "A key must be one word.", "Quote it if it holds brackets.")
        elif key.text == "<<" and not key.quoted:
            self.error(key.location, "yaml-merge", "Merge keys are not allowed.", "Write the keys here.")
        elif earlier := frame.entries.get(key.text):
            message = f'"{key.text}" is written twice; first in line {earlier[0].location.line}.'
            self.error(key.location, "key-twice", message, "Keep one of them.")
        else:
            frame.entries[key.text] = (key, value)


def compose(source: SourceText) -> tuple[Node | None, list[Issue]]:
    """Read one text.

    Parameters
    ----------
    source
        The text and its name.

    Returns
    -------
    tuple
        The root node, None if the text cannot be read to its end or is empty, and what is wrong with it.
    """
    builder = _Builder(source.name)
    if len(source.text) > MAX_BYTES:
        builder.issues.append(_too_large(source.name))
        return None, builder.issues
    try:
        for event in _events(source.text):
            builder.take(event)
    except _StopReadingError as stop:
        return None, [*builder.issues, stop.issue]
    except (yaml.YAMLError, UnicodeError, ValueError) as error:
        return None, [*builder.issues, _syntax_issue(source.name, error)]
    return builder.root, builder.issues


def _events(text: str) -> Iterator[Any]:
    yield from yaml.parse(text, Loader=_LOADER)


def _too_large(name: str) -> Issue:
    message = f"The file is larger than {MAX_BYTES} characters."
    return Issue(Location(name, 1, 1), "yaml-size", message, "Split it into several files.")


def _syntax_issue(name: str, error: Exception) -> Issue:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    where = Location(name, mark.line + 1, mark.column + 1) if mark else Location(name, 1, 1)
    problem = (
        getattr(error, "problem", None) or getattr(error, "reason", None) or "it holds a character that is not text"
    )
    hint = "Check brackets, quotes and indentation in this line and the one before."
    return Issue(where, "yaml-syntax", f"This is not YAML: {problem}.", hint)


def read_file(path: Path, name: str) -> SourceText | Issue:
    """Read one file as UTF-8, or say why not."""
    where = Location(name, 1, 1)
    try:
        if path.stat().st_size > MAX_BYTES:
            return _too_large(name)
        return SourceText(name, path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Issue(where, "yaml-encoding", "The file is not UTF-8 text.", "Save it as UTF-8.")
    except OSError as error:
        given = Location(str(path), 1, 1)
        return Issue(given, "file-unreadable", f"The file cannot be read: {error.strerror}.", "Check its path.")
