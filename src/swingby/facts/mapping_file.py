"""Reading a mapping file: YAML, every mistake located, all of them at once."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final
from zoneinfo import available_timezones

from swingby.errors import IssuesError, SwingbyError
from swingby.facts.contracts import TableContract, suggestion
from swingby.facts.mapping import ColumnMapping, FactMapping, FileMapping
from swingby.facts.translation import SERIAL, NumberFormat, clash, date_pattern, number_format
from swingby.program.issues import Issue
from swingby.program.reading.nodes import ListNode, MapNode, Node, ScalarNode
from swingby.program.reading.source import compose, read_file

_STYLE: Final = frozenset({"source", "mode", "encoding", "delimiter", "numbers", "units", "dates", "time_zone"})
_FILE: Final = _STYLE | {"read", "as", "columns", "sheet", "header_line", "keep", "drop", "complete"}
_COLUMN: Final = frozenset(
    {"from", "first_of", "with", "always", "values", "otherwise", "numbers", "units", "dates", "time_zone"}
)
_DELIMITERS: Final = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
_LAST_HEADER_LINE: Final = 1000
_OTHERWISE: Final = ("refuse", "keep", "empty")


def read_mapping(path: Path, tables: Mapping[str, TableContract]) -> FactMapping:
    """Read a mapping file.

    Raises
    ------
    SwingbyError
        ``mapping-errors`` with every problem and its place.
    """
    source = read_file(path, path.name)
    if isinstance(source, Issue):
        raise _refused([source])
    root, issues = compose(source)
    reader = _Reader(tables, issues)
    files = reader.read(root) if root is not None else ()
    if root is None and not issues:
        raise SwingbyError(code="mapping-errors", message=f"{path.name} is empty.", hint="Write a list under files:.")
    if reader.issues:
        raise _refused(reader.issues)
    return FactMapping(path.name, files)


def _refused(issues: Iterable[Issue]) -> SwingbyError:
    ordered = sorted(issues, key=lambda issue: issue.location)
    listed = "\n".join(map(str, ordered))
    message = f"The mapping cannot be used.\n{listed}"
    return IssuesError(
        code="mapping-errors", message=message, hint="Mend them and run the command again.", issues=ordered
    )


@dataclass(slots=True)
class _Reader:
    """Takes nodes apart and notes what is wrong."""

    tables: Mapping[str, TableContract]
    issues: list[Issue] = field(default_factory=list)

    def note(self, node: Node, code: str, message: str, hint: str = "") -> None:
        self.issues.append(Issue(node.location, code, message, hint))

    def read(self, root: Node) -> tuple[FileMapping, ...]:
        top = self.mapping(root, _STYLE | {"files"}, "A mapping")
        listed = top.get("files")
        if not isinstance(listed, ListNode):
            self.note(root, "mapping-shape", "A mapping needs a list of files.", "Write files: and below it - read: ….")
            return ()
        defaults = self._style(top)
        found = (self._file(item, defaults) for item in listed.items)
        return tuple(each for each in found if each is not None)

    def mapping(self, node: Node, known: Iterable[str], what: str) -> MapNode:
        if not isinstance(node, MapNode):
            self.note(node, "mapping-shape", f"{what} is written as keys with values.")
            return MapNode(node.location, ())
        for key, _ in node.entries:
            if key.text not in known:
                hint = suggestion(key.text, known) or f"It has: {', '.join(sorted(known))}."
                self.note(key, "key-unknown", f'{what} has no key "{key.text}".', hint)
        return node

    def _file(self, node: Node, defaults: Mapping[str, Any]) -> FileMapping | None:
        entry = self.mapping(node, _FILE, "A file of a mapping")
        read, table = self.text(entry, "read"), self.text(entry, "as")
        for name, value in (("read", read), ("as", table)):
            if value is None:
                self.note(node, "key-missing", f'A file of a mapping needs "{name}".', "Write read: and as:.")
        contract = self.tables.get(table or "")
        if table is not None and contract is None:
            hint = suggestion(table, self.tables) or f"There are: {', '.join(self.tables)}."
            self.note(entry.get("as") or node, "table-unknown", f'There is no table "{table}".', hint)
        if read is None or contract is None:
            return None
        own = {name: value for name, value in self._style(entry).items() if value is not None}
        complete = self._complete(entry.get("complete"))
        if complete is not None and "source" not in own and defaults["source"] is None:
            self.note(node, "key-missing", "Only a source can be complete.", "Name it: source: crm.")
        return FileMapping(
            read=read,
            table=contract.name,
            columns=self._columns(entry.get("columns"), contract),
            sheet=self.text(entry, "sheet"),
            header_line=self._line(entry),
            keep=self._lists(entry, "keep"),
            drop=self._lists(entry, "drop"),
            complete=complete,
            **{name: value for name, value in {**defaults, **own}.items() if value is not None},
        )

    def _style(self, node: MapNode) -> dict[str, Any]:
        """What may be said for all files at once, and for one."""
        return {
            "source": self.text(node, "source"),
            "mode": self._choice(node, "mode", ("events", "snapshot")),
            "encoding": self._checked(node, "encoding", _is_encoding, "UTF-8, UTF-16, cp1252 or latin-1"),
            "delimiter": _DELIMITERS.get(self._choice(node, "delimiter", tuple(_DELIMITERS)) or ""),
            "numbers": self._numbers(node),
            "dates": self._dates(node),
            "time_zone": self._checked(node, "time_zone", available_timezones().__contains__, "Europe/Berlin or UTC"),
        }

    def _columns(self, node: Node | None, contract: TableContract) -> tuple[ColumnMapping, ...]:
        if node is None:
            return ()
        found = self.mapping(node, contract.readable, contract.name)
        return tuple(self._column(key.text, value) for key, value in found.entries)

    def _column(self, name: str, node: Node) -> ColumnMapping:
        if isinstance(node, ScalarNode):
            return ColumnMapping(name, (node.text,))
        entry = self.mapping(node, _COLUMN, f'The column "{name}"')
        ways = [way for way in ("from", "first_of", "always") if entry.get(way) is not None]
        if len(ways) != 1:
            self.note(
                node, "key-choice", f'"{name}" needs one of from, first_of and always.', "Write from: their column."
            )
        return ColumnMapping(
            column=name,
            sources=self.texts(entry.get("from")) or self.texts(entry.get("first_of")),
            with_text=self._joint(entry),
            always=self.text(entry, "always"),
            values=self._values(entry.get("values")),
            otherwise=self._otherwise(entry),
            numbers=self._numbers(entry),
            dates=self._dates(entry),
            time_zone=self._checked(entry, "time_zone", available_timezones().__contains__, "Europe/Berlin or UTC"),
        )

    def _joint(self, entry: MapNode) -> str | None:
        """What stands between several columns that are joined."""
        several = len(self.texts(entry.get("from"))) > 1
        if entry.get("with") is not None and not several:
            self.note(entry, "key-choice", '"with" joins several columns.', "Write from: [one, other].")
        return (self.text(entry, "with") or "") if several else None

    def _values(self, node: Node | None) -> dict[str, str | None]:
        if node is None:
            return {}
        if not isinstance(node, MapNode):
            self.note(node, "mapping-shape", "Values are written as theirs: ours.")
            return {}
        return {
            key.text: None if isinstance(value, ScalarNode) and value.is_nothing else self._scalar(value)
            for key, value in node.entries
        }

    def _otherwise(self, entry: MapNode) -> str:
        written = self.text(entry, "otherwise")
        if written is not None and entry.get("values") is None:
            self.note(entry, "key-choice", '"otherwise" belongs to "values".', "Write values: or take it away.")
        if written is None or written in _OTHERWISE:
            return written or "refuse"
        return f"={written}"

    def _numbers(self, node: MapNode) -> NumberFormat | None:
        example, units = self.text(node, "numbers"), self.texts(node.get("units"))
        if example is None and not units:
            return None
        found = number_format(example or "1234.56", units)
        if found is None:
            hint = 'Write 1234.56 as the file writes it: "1.234,56", "1,234.56", "1 234,56" or "1234,56".'
            self.note(node.get("numbers") or node, "number-format", f'"{example}" does not say how numbers are.', hint)
        return found

    def _dates(self, node: MapNode) -> tuple[str, ...] | None:
        written = node.get("dates")
        if written is None:
            return None
        patterns = self.texts(written)
        for pattern in patterns:
            if pattern != SERIAL and date_pattern(pattern) is None:
                hint = "Write DD.MM.YYYY, M/D/YY, DD-MON-YYYY, YYYYMMDD, or serial for a spreadsheet's numbers."
                self.note(written, "date-format", f'"{pattern}" does not say where day, month and year are.', hint)
        found = clash([pattern for pattern in patterns if date_pattern(pattern) is not None])
        if found:
            message = f'"{found[0]}" and "{found[1]}" read the same text as different days.'
            self.note(written, "date-formats-clash", message, "Give each file or column its own format.")
        return patterns

    def _line(self, entry: MapNode) -> int | None:
        written = self.text(entry, "header_line")
        if written is None:
            return None
        if not written.isdecimal() or not 1 <= int(written) <= _LAST_HEADER_LINE:
            self.note(
                entry.get("header_line") or entry, "number-shape", "The header's line is a number from 1 to 1000."
            )
            return None
        return int(written)

    def _lists(self, entry: MapNode, name: str) -> dict[str, tuple[str, ...]]:
        node = entry.get(name)
        if node is None:
            return {}
        if not isinstance(node, MapNode):
            self.note(node, "mapping-shape", f'"{name}" is written as column: [values].')
            return {}
        return {key.text: self.texts(value) for key, value in node.entries}

    def _complete(self, node: Node | None) -> tuple[date | None, date | None] | None:
        if node is None:
            return None
        entry = self.mapping(node, ("from", "to"), '"complete"')
        return self._day(entry, "from"), self._day(entry, "to")

    def _day(self, entry: MapNode, name: str) -> date | None:
        written = self.text(entry, name)
        try:
            return date.fromisoformat(written) if written is not None else None
        except ValueError:
            self.note(entry.get(name) or entry, "day-shape", f'"{written}" is not a day.', "Write 2025-01-31.")
            return None

    def _choice(self, node: MapNode, name: str, known: tuple[str, ...]) -> str | None:
        return self._checked(node, name, known.__contains__, " or ".join(known))

    def _checked(self, node: MapNode, name: str, holds: Callable[[str], bool], such_as: str) -> str | None:
        written = self.text(node, name)
        if written is None or holds(written):
            return written
        self.note(node.get(name) or node, "value-unknown", f'"{written}" is no {name}.', f"Write {such_as}.")
        return None

    def text(self, node: MapNode, name: str) -> str | None:
        """The text under a key."""
        found = node.get(name)
        return None if found is None else self._scalar(found)

    def texts(self, node: Node | None) -> tuple[str, ...]:
        """One text or a list of them."""
        if node is None:
            return ()
        items = node.items if isinstance(node, ListNode) else (node,)
        return tuple(text for text in map(self._scalar, items) if text is not None)

    def _scalar(self, node: Node) -> str | None:
        if isinstance(node, ScalarNode) and (node.text or node.quoted):
            return node.text
        self.note(node, "mapping-shape", "A text is expected here.", "Write one value.")
        return None


def _is_encoding(name: str) -> bool:
    try:
        return codecs.lookup(name).name in _ENCODINGS
    except LookupError:
        return False


_ENCODINGS: Final = frozenset(codecs.lookup(name).name for name in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1", "cp1250", "cp1251", "cp932", "cp437", "cp850", "mac-roman", "iso-8859-2", "iso-8859-15", "shift-jis", "gb18030", "euc-jp", "euc-kr", "big5"))  # fmt: skip
