"""Files and rows become tables of text in DuckDB, each row with its file and true line.

Fields are trimmed and empty ones are null. Nothing is judged here except what is no row at all.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TextIO

from swingby.errors import MisusedError
from swingby.facts.contracts import TableContract
from swingby.facts.desk import Desk
from swingby.facts.encoding import Survey, survey
from swingby.facts.mapping import FileMapping
from swingby.facts.records import LINES_PER_ROW, Broken, NumberedLines, Row, bounded_lines, header_of, rows_of
from swingby.facts.selection import Given, Selection, mapped_names, select_columns, text_cell, trimmed


@dataclass(frozen=True, slots=True)
class Header:
    """What the head of a delimited file says."""

    line: int
    delimiter: str
    names: Sequence[str]


def stage_delimited(
    desk: Desk, contract: TableContract, path: Path, name: str, mapping: FileMapping | None = None
) -> None:
    """Stage a CSV file; several files of one table add up."""
    found = survey(path, mapping.encoding if mapping else None)
    _report_survey(desk, found, name)
    with path.open(encoding=found.encoding, newline="", errors="replace") as text:
        lines = NumberedLines(bounded_lines(text))
        header = _header(lines, contract, mapping)
        if header is None:
            desk.report("file-unreadable", "The file is empty.", "The first line must name the columns.", file=name)
            return
        chosen = select_columns(desk, contract, Given(header.names, name, text_cell), mapping)
        if chosen is None:
            return
        file_no = desk.file_number(name)
        desk.labels[file_no] = chosen.labels
        if found.plain and _stage_plain(desk, contract, path, found, (file_no, header, chosen)):
            return
        rows = rows_of(lines, header.delimiter, len(header.names))
        read = _good_rows(desk, _without_last(rows) if found.cut else rows, len(header.names), name)
        good = _without_nul(read) if found.nul else read
        stage_texts(desk, contract, good, (file_no, header.names, chosen))


def stage_rows(desk: Desk, contract: TableContract, rows: Sequence[Mapping[str, object]], name: str = "") -> None:
    """Stage rows given by a program.

    Raises
    ------
    MisusedError
        ``value-type`` for a float or another value that has no exact text.
    """
    names = list(dict.fromkeys(name for row in rows for name in row))
    texts = {name: [_text(row.get(name)) for row in rows] for name in names}
    file = name or contract.name
    chosen = select_columns(desk, contract, Given(names, file, text_cell))
    if chosen is None:
        return
    cells = {f"c{place}": texts[names[place]] for place in chosen.places}
    lists = ", ".join(f"unnest(CAST(${cell} AS VARCHAR[])) AS {cell}" for cell in cells)
    given = f"(SELECT unnest(range(1, {len(rows) + 1})) AS _nth, {lists})"
    statement = chosen.insert(contract, file_no=desk.file_number(file), line="_nth", rows=given)
    desk.connection.execute(statement, cells)


def stage_texts(
    desk: Desk, contract: TableContract, rows: Iterator[list[object]], target: tuple[int, Sequence[str], Selection]
) -> None:
    """Write rows, each with its line in front, as clean text that DuckDB reads without guessing."""

    def write(file: TextIO) -> None:
        csv.writer(file, lineterminator="\r\n", quoting=csv.QUOTE_ALL).writerows(rows)

    stage_clean(desk, contract, write, target)


def stage_clean(
    desk: Desk,
    contract: TableContract,
    write: Callable[[TextIO], None],
    target: tuple[int, Sequence[str], Selection],
) -> None:
    """Stage rows from clean CSV: quoted, with the line of each row in front."""
    file_no, names, chosen = target
    with tempfile.TemporaryDirectory(prefix="swingby-") as folder:
        clean = Path(folder) / "rows.csv"
        with clean.open("w", encoding="utf-8", newline="") as file:
            write(file)
        reader = _reader(names, header_lines=0, delimiter=",", quote='"', line_end="\r\n", line=True)
        statement = chosen.insert(contract, file_no=file_no, line="CAST(_line AS BIGINT)", rows=reader)
        before = desk.count(f"SELECT count(*) FROM typed_{contract.name}")
        desk.connection.execute(statement, [str(clean)])
        if chosen.where:
            kept = desk.count(f"SELECT count(*) FROM typed_{contract.name}") - before
            note_passed_over(desk, file_no, desk.count(f"SELECT count(*) FROM {reader}", [str(clean)]) - kept)


def note_passed_over(desk: Desk, file_no: int, rows: int) -> None:
    """Remember how many rows of a file its mapping keeps out."""
    name = desk.files[file_no]
    desk.passed_over[name] = desk.passed_over.get(name, 0) + rows


def _without_last(rows: Iterator[Row | Broken]) -> Iterator[Row | Broken]:
    """All rows but the last one, which was cut off."""
    before: Row | Broken | None = None
    for row in rows:
        if before is not None:
            yield before
        before = row


def _header(lines: NumberedLines, contract: TableContract, mapping: FileMapping | None) -> Header | None:
    for _ in range((mapping.header_line or 1) - 1 if mapping else 0):
        next(lines, None)
        lines.begin()
    delimiters = (mapping.delimiter,) if mapping is not None and mapping.delimiter else None
    found = header_of(lines, mapped_names(contract, mapping), delimiters)
    return None if found is None else Header(lines.number, *found)


def _report_survey(desk: Desk, found: Survey, name: str) -> None:
    if found.guessed:
        reason = "The file is not UTF-8; it was read as Windows-1252."
        desk.report("encoding-guessed", reason, "Save it as UTF-8 to be sure of every letter.", file=name)
    if found.lost:
        number = "1 letter cannot" if found.lost == 1 else f"{found.lost:,} letters cannot"
        hint = "Look where they are: two files may have been put together."
        desk.report("encoding-mixed", f"The file is UTF-8, but {number} be read.", hint, file=name)
    if found.cut:
        reason = "The file ends in the middle of a letter; its last row is left out."
        desk.report("file-cut", reason, "Export or copy it again.", file=name)
        desk.lost_lines[name] += 1
    if found.nul:
        reason = "The file holds NUL bytes; they were left away."
        desk.report("nul-dropped", reason, "Look how the file was made; it may be damaged.", file=name)


def _stage_plain(
    desk: Desk, contract: TableContract, path: Path, found: Survey, target: tuple[int, Header, Selection]
) -> bool:
    """Let DuckDB read a file; False when its rows do not add up to all the lines of the file, or it gives up."""
    import duckdb

    file_no, header, chosen = target
    rows = _numbered_rows(header, found)
    table = f"typed_{contract.name}"
    desk.connection.execute("BEGIN")
    try:
        given = f"(SELECT * FROM {rows} WHERE _filled)"
        desk.connection.execute(chosen.insert(contract, file_no=file_no, line="_line", rows=given), [str(path)])
        last = desk.count(f"SELECT coalesce(max(_line), {header.line}) FROM {table} WHERE _file = {file_no}")
        complete = last == found.lines
        if chosen.where or not complete:
            query = f"SELECT max(_line + _breaks), count(*) FILTER (WHERE _filled) FROM {rows}"
            end, filled = desk.connection.execute(query, [str(path)]).fetchone() or (0, 0)
            complete = (end or header.line) == found.lines
    except duckdb.Error:
        complete = False
    desk.connection.execute("COMMIT" if complete else "ROLLBACK")
    if complete and chosen.where:
        note_passed_over(desk, file_no, filled - desk.count(f"SELECT count(*) FROM {table} WHERE _file = {file_no}"))
    return complete


def _numbered_rows(header: Header, found: Survey) -> str:
    """Rows with the line on which each begins, the line breaks inside it, and whether there is anything in it."""
    quote, cells = '"' if found.quoted else "", [f"c{place}" for place in range(len(header.names))]
    reader = _reader(
        header.names, header_lines=header.line, delimiter=header.delimiter, quote=quote, line_end=found.line_end
    )
    breaks = f"({' + '.join(map(_line_breaks, cells))})" if found.quoted else "0"
    before = " + CAST(sum(_breaks) OVER (ROWS UNBOUNDED PRECEDING) AS BIGINT) - _breaks" if found.quoted else ""
    filled = f"coalesce({', '.join(map(trimmed, cells))}) IS NOT NULL"
    return (
        f"(SELECT {header.line} + row_number() OVER (){before} AS _line, {filled} AS _filled, *"
        f" FROM (SELECT {breaks} AS _breaks, * FROM {reader}))"
    )


def _line_breaks(text: str) -> str:
    """How many line breaks a field has; so many that its quote was never closed are an error."""
    normal = f"replace({text}, chr(13) || chr(10), chr(10))"
    number = f"(strlen({normal}) - strlen(replace({normal}, chr(10), '')))"
    too_many = f"CASE WHEN {number} >= {LINES_PER_ROW} THEN error('A quote is not closed.') ELSE {number} END"
    return f"CASE WHEN contains({text}, chr(10)) THEN {too_many} ELSE 0 END"


def _good_rows(desk: Desk, rows: Iterable[Row | Broken], width: int, file: str) -> Iterator[list[object]]:
    for row in rows:
        if isinstance(row, Broken):
            _report_broken(desk, row, width, file)
        else:
            yield [row[0], *row[1]]


def _without_nul(rows: Iterable[list[object]]) -> Iterator[list[object]]:
    for number, *values in rows:
        yield [number, *(str(value).replace("\x00", "") for value in values)]


def _report_broken(desk: Desk, row: Broken, width: int, file: str) -> None:
    if row.too_long:
        reason, hint = "The line is too long to be a row.", "Look for a missing line break."
    elif row.fields is None:
        reason, hint = "A quote is not closed or stands inside a field.", "Write a quote inside a field twice."
    else:
        reason, hint = f"The row has {row.fields} fields; the header has {width}.", "Quote fields with a delimiter."
    desk.report("row-width", reason, hint, file=file, line=row.line, value=row.text)
    desk.lost_lines[file] += 1


def _reader(
    names: Sequence[str], *, header_lines: int, delimiter: str, quote: str, line_end: str, line: bool = False
) -> str:
    """Return a call that reads text without guessing anything."""
    columns = [*(["_line"] if line else []), *(f"c{place}" for place in range(len(names)))]
    types = ", ".join(f"'{column}': 'VARCHAR'" for column in columns)
    mark = delimiter.replace("\t", "\\t")
    end = line_end.replace("\r", "\\r").replace("\n", "\\n")
    return (
        f"read_csv(?, auto_detect = false, header = false, skip = {header_lines}, delim = '{mark}', quote = '{quote}',"
        f" escape = '{quote}', columns = {{{types}}}, new_line = '{end}', max_line_size = 16000000, buffer_size = 32000000)"
    )


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
