"""The head of a file: what its columns are called and a few rows, to guess what they mean before anything is read."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from swingby.errors import SwingbyError
from swingby.facts.encoding import survey
from swingby.facts.records import DELIMITERS, bounded_lines, plain_name
from swingby.facts.relations import column_text
from swingby.facts.workbooks import cell_text, sheet_names

MOST_ROWS: Final = 200
_PARQUET, _WORKBOOKS = ".parquet", (".xlsx", ".xlsm")
#: What an upload may be, by the ending of its name.
ENDINGS: Final = (".csv", ".tsv", ".txt", _PARQUET, *_WORKBOOKS)


@dataclass(frozen=True, slots=True)
class Head:
    """The first rows of a file, the header's among them, as texts; ``sheet`` is the one of a workbook."""

    rows: tuple[tuple[str, ...], ...]
    sheets: tuple[str, ...] = ()
    sheet: str | None = None

    def names(self, line: int) -> tuple[str, ...]:
        """The names in a line, counted from 1, as columns are called."""
        return tuple(plain_name(text) for text in self.rows[line - 1]) if line <= len(self.rows) else ()

    def values(self, line: int, place: int) -> tuple[str, ...]:
        """What stands below the header in one column, without empty fields."""
        found = (row[place].strip() for row in self.rows[line:] if place < len(row))
        return tuple(text for text in found if text)


def read_head(path: Path, *, name: str, sheet: str | None = None) -> Head:
    """Read the first rows of a file.

    Parameters
    ----------
    path
        Where the file is.
    name
        What it was called; its ending says how it is read.
    sheet
        The sheet of a workbook; the first one when left out.

    Raises
    ------
    SwingbyError
        ``file-unreadable`` when it is none of these, empty or damaged.
    """
    ending = Path(name).suffix.lower()
    if ending not in ENDINGS:
        raise _unreadable(f"{name} is no CSV, XLSX or Parquet file.", "Export it as one of these.")
    if ending == _PARQUET:
        head = Head(_parquet_rows(path))
    elif ending in _WORKBOOKS:
        sheets = tuple(sheet_names(path))
        chosen = sheet if sheet in sheets else next(iter(sheets), None)
        head = Head(_sheet_rows(path, chosen), sheets, chosen)
    else:
        head = Head(_delimited_rows(path))
    if not any(any(row) for row in head.rows):
        raise _unreadable(f"{name} is empty.", "The first row must name the columns.")
    return head


def _delimited_rows(path: Path) -> tuple[tuple[str, ...], ...]:
    found = survey(path)
    with path.open(encoding=found.encoding, newline="", errors="replace") as text:
        lines = [line.replace("\0", "") for line in islice(bounded_lines(text), MOST_ROWS)]
    if not lines:
        return ()
    mark = max(DELIMITERS, key=lambda each: _usual_count(lines, each))
    return tuple(_fields(lines, mark))


def _usual_count(lines: Sequence[str], mark: str) -> tuple[int, int]:
    """In how many lines a mark stands, and how often in the fullest."""
    counts = [line.count(mark) for line in lines if line.strip()]
    return sum(count > 0 for count in counts), max(counts, default=0)


def _fields(lines: Sequence[str], mark: str) -> Iterator[tuple[str, ...]]:
    for line in lines:  # Line by line: a quote that is not closed must not swallow the rest.
        try:
            yield tuple(next(csv.reader([line], delimiter=mark, skipinitialspace=True), []))
        except csv.Error:
            yield tuple(line.split(mark))


def _sheet_rows(path: Path, sheet: str | None) -> tuple[tuple[str, ...], ...]:
    import python_calamine as calamine

    if sheet is None:
        return ()
    try:
        with calamine.load_workbook(str(path)) as book:
            rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False, nrows=MOST_ROWS)
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise _unreadable("The sheet cannot be read.", "Save the workbook again as XLSX.") from error
    return tuple(tuple(cell_text(value) for value in row) for row in rows)


def _parquet_rows(path: Path) -> tuple[tuple[str, ...], ...]:
    import duckdb

    with duckdb.connect() as connection:
        try:
            described = connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
            listed = ", ".join(column_text(row[0], row[1]) for row in described)
            rows = connection.execute(f"SELECT {listed} FROM read_parquet(?) LIMIT {MOST_ROWS}", [str(path)]).fetchall()
        except duckdb.Error as error:
            raise _unreadable("The file is no Parquet file, or it is damaged.", "Export it again.") from error
    named = tuple(str(row[0]) for row in described)
    return (named, *(tuple("" if value is None else str(value) for value in row) for row in rows))


def _unreadable(message: str, hint: str) -> SwingbyError:
    return SwingbyError(code="file-unreadable", message=message, hint=hint)
