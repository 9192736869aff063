"""Files that are no table, or hold more than a table can: said in words before anything is read, never passed over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import duckdb

from swingby.errors import SwingbyError
from swingby.facts import FileMapping, Head, TableContract, guess_mapping, read_head
from swingby.facts.guessing import Guess
from swingby.facts.records import plain_name
from swingby.web.domain.errors import RefusedError

#: Endings of names that say that a file is plain text.
_TEXTS: Final = frozenset({".csv", ".tsv", ".txt"})
#: How a file begins that is no text -> what it is, and what to send.
_BEGINNINGS: Final[Mapping[bytes, tuple[str, str]]] = {
    b"\x89PNG": ("a picture", "Send the table behind it as CSV or XLSX."),
    b"\xff\xd8\xff": ("a picture", "Send the table behind it as CSV or XLSX."),
    b"GIF8": ("a picture", "Send the table behind it as CSV or XLSX."),
    b"%PDF": ("a PDF", "Export the table behind it as CSV or XLSX."),
    b"PK\x03\x04": ("a workbook or a zip", "Call a workbook .xlsx, or unpack the zip, and send it again."),
    b"PAR1": ("a Parquet file", "Call it .parquet and send it again."),
    b"\xd0\xcf\x11\xe0": ("an old workbook", "Save it as XLSX and send it again."),
    b"\x1f\x8b": ("packed", "Unpack it and send it again."),
    b"{\\rtf": ("a text document", "Export the table in it as CSV or XLSX."),
}
#: How a page of the web begins, such as the one on which another system asks to sign in.
_PAGES: Final = (b"<!doctype html", b"<html")
_WORKBOOKS: Final = frozenset({".xlsx", ".xlsm"})


def refuse_what_is_no_table(path: Path, *, name: str) -> None:
    """Say what a file is that is called a text and is none."""
    if Path(name).suffix.lower() not in _TEXTS:
        return
    with path.open("rb") as file:
        beginning = file.read(512)
    what = next((words for begins, words in _BEGINNINGS.items() if beginning.startswith(begins)), None)
    if beginning.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_PAGES):
        what = ("a page of the web", "Look whether the other system asked to sign in, and export the table again.")
    if what is not None:
        raise RefusedError(f"{name} is {what[0]}, not a text with a table. {what[1]}")


def guess_of(
    path: Path, tables: Mapping[str, TableContract], *, name: str, table: str | None
) -> tuple[Head, Guess | None]:
    """How a file is probably read; of a workbook the sheet from which least is missing."""
    heads = _heads(path, name)
    guesses = [(head, guess_mapping(head, tables, name=name, table=table)) for head in heads]
    found = [(head, guess) for head, guess in guesses if guess is not None]
    return min(found, key=lambda pair: len(pair[1].missing), default=(heads[0], None)) if found else (heads[0], None)


def _heads(path: Path, name: str) -> Sequence[Head]:
    first = read_head(path, name=name)
    return first, *(head for sheet in first.sheets[1:] if (head := _head_of(path, name, sheet)) is not None)


def _head_of(path: Path, name: str, sheet: str) -> Head | None:
    try:
        return read_head(path, name=name, sheet=sheet)
    except SwingbyError:
        return None  # It is empty.


def sheets_not_read(path: Path, files: Sequence[FileMapping], *, name: str) -> tuple[str, ...]:
    """The sheets of a workbook that hold something and that nobody reads."""
    if Path(name).suffix.lower() not in _WORKBOOKS:
        return ()
    heads = _heads(path, name)
    read = {each.sheet or heads[0].sheets[0] for each in files}
    return tuple(head.sheet for head in heads if head.sheet is not None and head.sheet not in read)


def refuse_nested_columns(path: Path, files: Sequence[FileMapping], *, name: str) -> None:
    """Say which columns of a Parquet file hold lists or groups where one value is meant."""
    if Path(name).suffix.lower() != ".parquet":
        return
    with duckdb.connect() as connection:
        described = connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
    types = {plain_name(column): (column, kind) for column, kind, *_ in described}
    read = {plain_name(source) for file in files for each in file.columns for source in each.sources}
    nested = [types[each] for each in sorted(read & types.keys()) if _is_nested(types[each][1])]
    if nested:
        listed = "; ".join(f"{column} holds {'lists' if kind.endswith(']') else 'groups'}" for column, kind in nested)
        raise RefusedError(f"{listed}, where one value is meant. Export these columns flat, one value in each row.")


def _is_nested(kind: str) -> bool:
    return kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION"))


def unclear_numbers(path: Path, head: Head, plan: FileMapping, contract: TableContract) -> tuple[str, ...]:
    """Columns with numbers such as 1.234 only, in a file that looks like one in which that means a thousand and more."""
    if plan.numbers.thousands or not _looks_continental(path, plan):
        return ()
    names, line = head.names(plan.header_line or 1), plan.header_line or 1
    numeric = {column.name for column in contract.columns if column.type in ("number", "amount")}
    return tuple(
        each.column
        for each in plan.columns
        if each.column in numeric
        and each.sources
        and plain_name(each.sources[0]) in names
        and _may_be_thousands(head.values(line, names.index(plain_name(each.sources[0]))))
    )


def _looks_continental(path: Path, plan: FileMapping) -> bool:
    """Whether fields are kept apart by semicolons, or days are written with points."""
    with path.open("rb") as file:
        first = file.readline(65_536)
    return any("." in each for each in plan.dates) or first.count(b";") > first.count(b",")


def _may_be_thousands(texts: Sequence[str]) -> bool:
    """Whether every point stands before three digits, as it does in thousands; 0.125 can only be a part of one."""
    pointed = [text.lstrip("-+") for text in texts if "." in text]
    return bool(pointed) and all(_is_grouped(text) for text in pointed)


def _is_grouped(text: str) -> bool:
    first, *groups = text.split(".")
    digits = all(each.isdigit() for each in (first, *groups))
    return digits and len(first) <= len("999") and first != "0" and all(len(each) == len("000") for each in groups)
