"""Spreadsheets: XLSX, and what the same reader knows (XLS, XLSB, ODS).

A cell is read as the value that its program last showed. A formula that was never calculated, and a cell that shows an
error, have no value: the row is reported and left out, never read as empty.
"""

from __future__ import annotations

import re
import struct
import xml.etree.ElementTree as ET
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import IO, Final

from swingby.errors import SwingbyError
from swingby.facts.contracts import TableContract
from swingby.facts.desk import Desk
from swingby.facts.mapping import FileMapping
from swingby.facts.records import plain_name
from swingby.facts.selection import Given, Selection, mapped_names, select_columns, text_cell
from swingby.facts.staging import stage_texts

Value = int | float | str | bool | time | date | datetime | timedelta
#: Row -> column -> what stands in a cell that has no value; both counted from 1.
Faults = Mapping[int, Mapping[int, str]]

#: What reading a damaged archive, or a damaged sheet in it, may end with.
_DAMAGED: Final = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, ET.ParseError),
    *(KeyError, ValueError, EOFError, NotImplementedError, RuntimeError, OSError, StopIteration),
)
#: More than this, unpacked, is no spreadsheet but an attack on the memory.
MOST_BYTES: Final = 2_000_000_000
#: A header is looked for in so many rows.
_HEADER_ROWS: Final = 100
#: A spreadsheet keeps 15 digits of a number; more are noise of its binary fractions.
_DIGITS: Final = 15
_PLACE: Final = re.compile(r"([A-Z]+)(\d+)")
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def sheet_names(path: Path) -> list[str]:
    """The names of a workbook's sheets.

    Raises
    ------
    SwingbyError
        ``file-unreadable``.
    """
    import python_calamine as calamine

    try:
        _refuse_large(path)
        with calamine.load_workbook(str(path)) as book:
            return list(book.sheet_names)
    except (calamine.CalamineError, *_DAMAGED) as error:
        locked = isinstance(error, calamine.PasswordError)
        reason = "The workbook is locked with a password." if locked else "The file is no workbook, or it is damaged."
        hint = "Save it without a password." if locked else "Save it again as XLSX."
        raise SwingbyError(code="file-unreadable", message=reason, hint=hint) from error


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook, and how issues call it."""

    path: Path
    name: str
    shown: str


def stage_sheet(desk: Desk, contract: TableContract, sheet: Sheet, mapping: FileMapping | None) -> None:
    """Stage one sheet; its first row that is not empty names the columns."""
    import python_calamine as calamine

    try:
        with calamine.load_workbook(str(sheet.path)) as book:
            rows = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
        faults = faults_of(sheet.path, sheet.name) if sheet.path.suffix.lower() in (".xlsx", ".xlsm") else {}
    except (calamine.CalamineError, *_DAMAGED):
        desk.report(
            "file-unreadable", "The sheet cannot be read.", "Save the workbook again as XLSX.", file=sheet.shown
        )
        return
    place = _header_place(rows, contract, mapping)
    if place is None:
        desk.report("file-unreadable", "The sheet is empty.", "The first row must name the columns.", file=sheet.shown)
        return
    names = [plain_name(cell_text(value)) for value in rows[place]]
    chosen = select_columns(desk, contract, Given(names, sheet.shown, text_cell), mapping)
    if chosen is None:
        return
    file_no = desk.file_number(sheet.shown)
    desk.labels[file_no] = chosen.labels
    good = _good_rows(desk, rows, place, (sheet.shown, faults, names, chosen))
    stage_texts(desk, contract, good, (file_no, names, chosen))


def faults_of(path: Path, sheet: str) -> Faults:
    """Cells of a sheet that show an error, and formulas that were never calculated."""
    with zipfile.ZipFile(path) as file:
        part = _part_of(file, sheet)
        if not _has_suspects(file, part):
            return {}
        with file.open(part) as stream:
            return _faults(stream)


def _refuse_large(path: Path) -> None:
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as file:
        size = sum(entry.file_size for entry in file.infolist())
    if size > MOST_BYTES:
        message = f"The workbook would unpack to {size:,} bytes."
        raise SwingbyError(code="file-unreadable", message=message, hint="Export it as CSV.")


def _header_place(rows: Sequence[Sequence[Value]], contract: TableContract, mapping: FileMapping | None) -> int | None:
    """The row of the header: the one that a mapping names, else the first of the first rows that is not empty."""
    if mapping is not None and mapping.header_line is not None:
        return mapping.header_line - 1 if mapping.header_line <= len(rows) else None
    known = set(mapped_names(contract, mapping))
    filled = [place for place, row in enumerate(rows[:_HEADER_ROWS]) if any(value != "" for value in row)]
    best = max(
        filled, key=lambda place: len(known & {plain_name(cell_text(value)) for value in rows[place]}), default=None
    )
    return filled[0] if best is None and filled else best


def _good_rows(
    desk: Desk, rows: Sequence[Sequence[Value]], header: int, about: tuple[str, Faults, Sequence[str], Selection]
) -> Iterator[list[object]]:
    name, faults, names, chosen = about
    for number, row in enumerate(rows[header + 1 :], start=header + 2):
        wrong = {place: text for place, text in faults.get(number, {}).items() if place - 1 in chosen.places}
        for place, text in wrong.items():
            hint = "Calculate and save the workbook, or mend the formula."
            reason = "The cell has no value."
            desk.report("cell-error", reason, hint, file=name, line=number, column=names[place - 1], value=text)
        if wrong:
            desk.lost_lines[name] += 1
        elif any(map(cell_text, row)):
            yield [number, *(cell_text(value) for value in row)]


def cell_text(value: Value) -> str:
    """What a cell says, as plain text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{Decimal(f'{value:.{_DIGITS}g}'):f}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).strip()


def _part_of(file: zipfile.ZipFile, sheet: str) -> str:
    """The name of the part that holds a sheet."""
    book = _parsed(file.read("xl/workbook.xml"))
    relation = next(
        node.get(_RELATION) for node in book.iter() if node.tag.endswith("}sheet") and node.get("name") == sheet
    )
    relations = _parsed(file.read("xl/_rels/workbook.xml.rels"))
    target = next(node.get("Target", "") for node in relations if node.get("Id") == relation)
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _parsed(text: bytes) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 (expat bounds what entities expand to; nothing outside is fetched)


def _has_suspects(file: zipfile.ZipFile, part: str) -> bool:
    """Whether there is any formula or error at all; most exports hold values only, and need no second look."""
    before = b""
    with file.open(part) as stream:
        while piece := stream.read(1 << 20):
            around = before + piece
            if b"<f" in around or b't="e"' in around:
                return True
            before = piece[-8:]
    return False


def _faults(stream: IO[bytes]) -> Faults:
    found: dict[int, dict[int, str]] = {}
    for _, node in ET.iterparse(stream):  # noqa: S314 (as above)
        if node.tag.endswith("}c"):
            fault = _fault(node)
            place = _PLACE.fullmatch(node.get("r", ""))
            if fault is not None and place is not None:
                found.setdefault(int(place[2]), {})[_column_number(place[1])] = fault
        elif node.tag.endswith("}row"):
            node.clear()
    return found


def _fault(cell: ET.Element) -> str | None:
    parts = {node.tag.rsplit("}", 1)[-1]: node.text or "" for node in cell}
    if cell.get("t") == "e":
        return parts.get("v") or "#ERROR"
    return f"={parts['f']}" if "f" in parts and "v" not in parts and cell.get("t") != "str" else None


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
