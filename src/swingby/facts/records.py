"""Rows of delimited text with their true line numbers, whatever is quoted, cut off or broken.

A row that cannot be read costs one line, never the ones after it: when a quote is not closed, reading starts again on
the line below it.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TextIO

#: What does not count around a value.
BLANKS = " \t\r\n\u00a0"
DELIMITERS = (",", ";", "\t", "|")
#: A quoted value with more line breaks than this is an unclosed quote.
LINES_PER_ROW = 1000
CHARACTERS_PER_ROW = 1_000_000
#: So few that one broken line makes little slower.
LINES_AT_ONCE = 200
#: The rest of a longer line is passed over without being kept.
CHARACTERS_PER_LINE = 16_000_000
_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that is no row of the table: where, how it starts, how many fields it has (None: the quote is open)."""

    line: int
    text: str
    fields: int | None
    too_long: bool = False


Row = tuple[int, list[str]]


class NumberedLines:
    """Lines that know their numbers and can be given back."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._again: deque[str] = deque()
        self.taken: list[str] = []
        self.number = 0

    def __iter__(self) -> NumberedLines:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= LINES_PER_ROW:
            raise StopIteration
        line = self._again.popleft() if self._again else next(self._lines)
        self.taken.append(line)
        self.number += 1
        return line

    def begin(self) -> int:
        """Forget the lines of the last row; returns the number of the next line."""
        self.taken.clear()
        return self.number + 1

    def batch(self) -> list[str]:
        """Take some lines at once."""
        found: list[str] = []
        room = CHARACTERS_PER_ROW
        while room > 0 and len(found) < LINES_AT_ONCE:
            line = self._again.popleft() if self._again else next(self._lines, "")
            if not line:
                break
            found.append(line)
            room -= len(line)
        self.number += len(found)
        return found

    def return_batch(self, lines: Sequence[str]) -> None:
        """Give back the lines that were taken last."""
        self._again.extendleft(reversed(lines))
        self.number -= len(lines)

    def give_back(self) -> None:
        """Give back every taken line but the first."""
        self._again.extendleft(reversed(self.taken[1:]))
        self.number -= len(self.taken) - 1
        del self.taken[1:]


def bounded_lines(text: TextIO) -> Iterator[str]:
    """The lines of a file, however long; too long a line is cut off."""
    while line := text.readline(CHARACTERS_PER_LINE):
        yield line
        while len(line) == CHARACTERS_PER_LINE and line[-1] not in "\r\n":
            line = text.readline(CHARACTERS_PER_LINE)


def header_of(
    lines: NumberedLines, known: Collection[str], delimiters: Sequence[str] | None = None
) -> tuple[str, list[str]] | None:
    """Return the delimiter and the names of the first line that is not empty; None when there is none.

    The delimiter is the one that finds most known names, then most names.
    """
    for line in lines:
        if line.strip() and len(line) < CHARACTERS_PER_LINE:
            found = [(mark, _names(line, mark)) for mark in delimiters or DELIMITERS]
            return max(found, key=lambda pair: (len(set(pair[1]) & set(known)), len(pair[1])))
    return None


def rows_of(lines: NumberedLines, delimiter: str, width: int) -> Iterator[Row | Broken]:
    """Every row below the header: its line and fields, or what is broken about it. Empty rows are left out.

    Lines are read many at once. Where that does not give a full row for each line, they are read again one by one.
    """
    csv.field_size_limit(CHARACTERS_PER_ROW)
    while batch := lines.batch():
        if (found := _full_rows(batch, delimiter, width)) is not None:
            yield from zip(range(lines.number - len(batch) + 1, lines.number + 1), found, strict=True)
            continue
        end = lines.number
        lines.return_batch(batch)
        yield from _rows_one_by_one(lines, (delimiter, width), end)


def _full_rows(batch: Sequence[str], delimiter: str, width: int) -> list[list[str]] | None:
    """The fields of each line, when every line is a row with all its fields and something in one of them."""
    try:
        rows = list(csv.reader(batch, delimiter=delimiter, strict=True, skipinitialspace=True))
    except csv.Error:
        return None
    full = len(rows) == len(batch) and set(map(len, rows)) == {width} and all(map(_filled, rows))
    return rows if full and max(map(len, batch)) < CHARACTERS_PER_LINE else None


def _filled(fields: list[str]) -> bool:
    return bool("".join(fields).strip(BLANKS))


def _rows_one_by_one(lines: NumberedLines, shape: tuple[str, int], end: int) -> Iterator[Row | Broken]:
    """The rows that begin on the lines up to one."""
    delimiter, width = shape
    reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
    while lines.number < end:
        start = lines.begin()
        fields = _next_fields(reader)
        if not lines.taken:
            return
        too_long = len(lines.taken[0]) >= CHARACTERS_PER_LINE
        if fields is not None and not too_long and (fitted := _fitted(fields, width)) is not None:
            if _filled(fitted):
                yield start, fitted
            continue
        if len(lines.taken) > 1:
            lines.give_back()
        reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
        yield Broken(start, lines.taken[0].strip()[:_SHOWN], None if fields is None else len(fields), too_long)


def _next_fields(reader: Iterator[list[str]]) -> list[str] | None:
    """The fields of the next row; None when its quotes are wrong or nothing is left."""
    try:
        return next(reader)
    except (csv.Error, StopIteration):
        return None


def _fitted(fields: list[str], width: int) -> list[str] | None:
    """The fields, empty ones beyond the header cut off; None when there are too few or too many."""
    if len(fields) == width:
        return fields
    if not _filled(fields):
        return []
    return fields[:width] if len(fields) > width and not any(fields[width:]) else None


def _names(line: str, delimiter: str) -> list[str]:
    try:
        fields = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        fields = line.split(delimiter)
    return [plain_name(field) for field in fields]


def plain_name(text: str) -> str:
    """Return a header as a column's name: lower case, spaces and hyphens as underscores."""
    return "_".join(text.strip().strip("\ufeff").lower().replace("-", " ").split())
