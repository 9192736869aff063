"""Files and rows become tables of text in DuckDB, each row with its file and true line.

A staged table ``raw_<table>`` has ``_file``, ``_line`` and every column of the contract as text; fields are trimmed and
empty ones are null. Nothing is judged here except what is no row at all.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from swingby.errors import MisusedError
from swingby.facts.contracts import TableContract, suggestion
from swingby.facts.encoding import Survey, survey
from swingby.facts.issues import ISSUE_CODES, RowIssue
from swingby.facts.records import Broken, NumberedLines, Row, header_of, plain_name, rows_of

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class Desk:
    """Where reading happens: the connection, the program's zone and currency, files, tables with rows, issues."""

    connection: duckdb.DuckDBPyConnection
    time_zone: str
    currency: str
    files: list[str] = field(default_factory=list)
    issues: list[RowIssue] = field(default_factory=list)
    staged: set[str] = field(default_factory=set)

    def file_number(self, name: str) -> int:
        """The number of a file; rows carry it instead of the name."""
        self.files.append(name)
        return len(self.files) - 1

    def report(
        self, code: str, reason: str, hint: str = "", *, file: str, line: int = 0, column: str = "", value: str = ""
    ) -> None:
        """Note an issue of a whole file, a line or a header."""
        self.issues.append(RowIssue(file, line, column, value, code, reason, hint, ISSUE_CODES[code][0]))


def create_raw(desk: Desk, contract: TableContract) -> None:
    """Make the empty staged table."""
    columns = ", ".join(f'"{name}" VARCHAR' for name in contract.readable)
    desk.connection.execute(f"CREATE TEMP TABLE raw_{contract.name} (_file INTEGER, _line BIGINT, {columns})")


def stage_delimited(desk: Desk, contract: TableContract, path: Path, name: str) -> None:
    """Stage a CSV file; several files of one table add up."""
    found = survey(path)
    if found.guessed:
        desk.report("encoding-guessed", "The file is not UTF-8; it was read as Windows-1252.", _SAVE_AS_UTF8, file=name)
    with path.open(encoding=found.encoding, newline="", errors="replace") as text:
        lines = NumberedLines(text)
        header = header_of(lines, contract.readable)
        places = None if header is None else columns_read(desk, contract, header[1], name)
        if header is None:
            desk.report("file-unreadable", "The file is empty.", "The first line must name the columns.", file=name)
        if header is None or places is None:
            return
        file_no = desk.file_number(name)
        first_line, (delimiter, names) = lines.number, header
        if found.plain and _stage_plain(desk, contract, path, found, (file_no, first_line, delimiter, names, places)):
            return
        good = _good_rows(desk, rows_of(lines, delimiter, len(names)), len(names), name)
        _stage_carefully(desk, contract, good, (file_no, names, places))


def stage_parquet(desk: Desk, contract: TableContract, path: Path, name: str) -> None:
    """Stage a Parquet file: typed columns become text first, so that every file is judged alike."""
    import duckdb

    try:
        described = desk.connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
    except duckdb.Error:
        desk.report("file-unreadable", "The file is not a Parquet file.", "Export it again.", file=name)
        return
    names = [plain_name(row[0]) for row in described]
    places = columns_read(desk, contract, names, name)
    if places is None:
        return
    texts = {column: _parquet_text(*described[place][:2]) for column, place in places.items()}
    desk.connection.execute(
        f"INSERT INTO raw_{contract.name} (_file, _line, {_listed(texts)})"
        f" SELECT {desk.file_number(name)}, file_row_number + 1, {', '.join(map(_trimmed, texts.values()))}"
        " FROM read_parquet(?, file_row_number = true)",
        [str(path)],
    )


def stage_rows(desk: Desk, contract: TableContract, rows: Sequence[Mapping[str, object]]) -> None:
    """Stage rows given by a program.

    Raises
    ------
    MisusedError
        ``value-type`` for a float or another value that has no exact text.
    """
    names = list(dict.fromkeys(name for row in rows for name in row))
    texts = {name: [_text(row.get(name)) for row in rows] for name in names}
    places = columns_read(desk, contract, names, contract.name)
    if places is None:
        return
    file_no = desk.file_number(contract.name)
    cells = {f"c{number}": texts[column] for number, column in enumerate(places)}
    lists = ", ".join(_trimmed(f"unnest(CAST(${name} AS VARCHAR[]))") for name in cells)
    desk.connection.execute(
        f"INSERT INTO raw_{contract.name} (_file, _line, {_listed(places)})"
        f" SELECT {file_no}, unnest(range(1, {len(rows) + 1})), {lists}",
        cells,
    )


def columns_read(desk: Desk, contract: TableContract, names: Sequence[str], file: str) -> Mapping[str, int] | None:
    """Column -> its place among the names of a header; None when the file cannot be used."""
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        if name in places:
            desk.report("column-twice", "The column is there twice.", "Rename one.", file=file, line=1, column=name)
        elif name in contract.readable:
            places[name] = place
        elif name:
            hint = suggestion(name, contract.readable) or f"It has: {', '.join(contract.readable)}."
            reason = f"{contract.name} has no such column; it is not read."
            desk.report("column-unknown", reason, hint, file=file, line=1, column=name)
    missing = [name for name in contract.required if name not in places and names]
    for name in missing if "reverses" not in places else ():
        desk.report(
            "column-missing", "The column is not there.", "Every row must fill it.", file=file, line=1, column=name
        )
    return None if not places or (missing and "reverses" not in places) else places


Plain = tuple[int, int, str, Sequence[str], Mapping[str, int]]


def _stage_plain(desk: Desk, contract: TableContract, path: Path, found: Survey, plain: Plain) -> bool:
    """Let DuckDB read a file in which every line is a row; False when that turns out not to be so."""
    import duckdb

    file_no, first_line, delimiter, names, places = plain
    reader = _reader(names, header_lines=first_line, delimiter=delimiter, quote="", line_end=found.line_end)
    select = ", ".join(_trimmed(f"c{place}") for place in places.values())
    table = f"raw_{contract.name}"
    before = _count(desk, table)
    desk.connection.execute("BEGIN")
    try:
        desk.connection.execute(
            f"INSERT INTO {table} (_file, _line, {_listed(places)})"
            f" SELECT {file_no}, {first_line} + row_number() OVER (), {select} FROM {reader}",
            [str(path)],
        )
        complete = _count(desk, table) - before == found.lines - first_line
    except duckdb.Error:
        complete = False
    desk.connection.execute("COMMIT" if complete else "ROLLBACK")
    return complete


def _stage_carefully(
    desk: Desk,
    contract: TableContract,
    rows: Iterator[list[object]],
    header: tuple[int, Sequence[str], Mapping[str, int]],
) -> None:
    """Write rows and their lines as clean text that DuckDB reads without guessing."""
    file_no, names, places = header
    with tempfile.TemporaryDirectory(prefix="swingby-") as folder:
        clean = Path(folder) / "rows.csv"
        with clean.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\r\n").writerows(rows)
        select = ", ".join(_trimmed(f"c{place}") for place in places.values())
        reader = _reader(names, header_lines=0, delimiter=",", quote='"', line_end="\r\n", line=True)
        desk.connection.execute(
            f"INSERT INTO raw_{contract.name} (_file, _line, {_listed(places)})"
            f" SELECT {file_no}, CAST(line AS BIGINT), {select} FROM {reader}",
            [str(clean)],
        )


def _good_rows(desk: Desk, rows: Iterable[Row | Broken], width: int, file: str) -> Iterator[list[object]]:
    for row in rows:
        if isinstance(row, Broken):
            _report_broken(desk, row, width, file)
        else:
            yield [row[0], *(value.replace("\x00", "").strip() for value in row[1])]


def _report_broken(desk: Desk, row: Broken, width: int, file: str) -> None:
    if row.fields is None:
        reason, hint = "A quote is not closed or stands inside a field.", "Write a quote inside a field twice."
    else:
        reason, hint = f"The row has {row.fields} fields; the header has {width}.", "Quote fields with a delimiter."
    desk.report("row-width", reason, hint, file=file, line=row.line, value=row.text)


def _reader(
    names: Sequence[str], *, header_lines: int, delimiter: str, quote: str, line_end: str, line: bool = False
) -> str:
    """Return a call that reads text without guessing anything."""
    columns = [*(["line"] if line else []), *(f"c{place}" for place in range(len(names)))]
    types = ", ".join(f"'{column}': 'VARCHAR'" for column in columns)
    mark = delimiter.replace("\t", "\\t")
    end = line_end.replace("\r", "\\r").replace("\n", "\\n")
    return (
        f"read_csv(?, auto_detect = false, header = false, skip = {header_lines}, delim = '{mark}', quote = '{quote}',"
        f" escape = '{quote}', columns = {{{types}}}, new_line = '{end}', max_line_size = 16000000)"
    )


def _count(desk: Desk, table: str) -> int:
    found = desk.connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(found[0]) if found else 0


def _trimmed(text: str) -> str:
    return f"nullif(trim({text}), '')"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _parquet_text(name: str, kind: str) -> str:
    quoted = '"' + name.replace('"', '""') + '"'
    if kind in ("DOUBLE", "FLOAT"):
        return f"CAST(CAST({quoted} AS DECIMAL(38, 12)) AS VARCHAR)"
    return f"CAST({quoted} AS VARCHAR)"


def _text(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or isinstance(value, str):
        return value and value.strip()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    raise MisusedError(
        code="value-type",
        message=f"A fact cannot hold {value!r} ({type(value).__name__}).",
        hint="Give text, whole numbers, Decimals, days, times or truths.",
    )


_SAVE_AS_UTF8 = "Save it as UTF-8 to be sure of every letter."
