"""Which columns of a file are read into which columns of a table, each as an expression over the file's own columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from swingby.facts.contracts import RECORDED_AT, TableContract, suggestion
from swingby.facts.desk import Desk
from swingby.facts.mapping import ColumnMapping, FileMapping
from swingby.facts.records import BLANKS, plain_name
from swingby.facts.translation import day_text, number_text, word_text
from swingby.facts.typed import Incoming, insert_statement

#: Place of a column in the file -> its text as an expression.
Cell = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Given:
    """What a file offers: the names in its header, how issues call it, and its cells."""

    names: Sequence[str]
    file: str
    cell: Cell

    def text(self, source: str) -> str:
        """The text under a name of the header."""
        return self.cell(self.names.index(plain_name(source)))


@dataclass(frozen=True, slots=True)
class Selection:
    """What is read from a file.

    Attributes
    ----------
    values
        Column -> expression of its text.
    written
        Column -> expression of the text that was written, of columns that are translated.
    labels
        Column -> what the file calls it.
    where
        Which rows are read; empty when all are.
    places
        The places in the file that are read.
    zone
        The time zone in which times become days.
    """

    values: Mapping[str, str]
    written: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    where: str = ""
    places: frozenset[int] = frozenset()

    zone: str = "UTC"

    def insert(self, contract: TableContract, *, file_no: int, line: str, rows: str) -> str:
        """The statement that brings rows into the staged table; ``rows`` is a query or a relation."""
        given = Incoming(file_no, line, rows + (f" WHERE {self.where}" if self.where else ""))
        return insert_statement(contract, self.values, self.written, given=given, zone=self.zone)


def text_cell(place: int) -> str:
    """A field of a row of text, as `trimmed`."""
    return trimmed(f"c{place}")


def trimmed(text: str) -> str:
    """A text without blanks around it, and nothing when it is empty; few texts have any, so that is asked first."""
    ends = " OR ".join(f"suffix({text}, '{blank}')" for blank in BLANKS)
    starts = f"{text} < '!' OR ({text} >= '\u00a0' AND {text} < '\u00a1')"
    return f"CASE WHEN {starts} OR {ends} THEN nullif(trim({text}, '{BLANKS}'), '') ELSE {text} END"


def select_columns(
    desk: Desk, contract: TableContract, given: Given, mapping: FileMapping | None = None
) -> Selection | None:
    """Choose what is read of a file, by its header; None when it cannot be used, which is reported."""
    names, file = given.names, given.file
    _note_twice(desk, given, mapped_names(contract, mapping))
    chosen = _mapped(desk, given, mapping) if mapping and mapping.columns else None
    if chosen is None and mapping is not None and mapping.columns:
        return None
    columns = chosen if chosen is not None else _by_name(desk, contract, given)
    if mapping is not None and mapping.source is not None and not any(each.column == "source" for each in columns):
        columns = (
            [*columns, ColumnMapping("source", always=mapping.source)] if "source" in contract.readable else columns
        )
    if mapping is not None:
        desk.modes[contract.name] = mapping.mode
    if not any(each.column == "source" and each.always is None for each in columns):
        desk.sources[contract.name].add(next((each.always for each in columns if each.column == "source"), None))
    missing = [name for name in contract.required if not any(each.column == name for each in columns)]
    bare = any(each.column == "reverses" for each in columns)
    for name in missing if names and not bare else ():
        desk.report(
            "column-missing", "The column is not there.", "Every row must fill it.", file=file, line=1, column=name
        )
    filters = _filters(desk, given, mapping) if mapping is not None else ""
    if not any(each.sources for each in columns) or (missing and not bare) or filters is None:
        return None
    return replace(_expressions(desk, contract, given, (columns, mapping)), where=filters)


def mapped_names(contract: TableContract, mapping: FileMapping | None) -> tuple[str, ...]:
    """The names by which a header is recognised."""
    if mapping is None or not mapping.columns:
        return contract.readable
    return tuple(plain_name(source) for each in mapping.columns for source in each.sources)


def _note_twice(desk: Desk, given: Given, used: Sequence[str]) -> None:
    for place, name in enumerate(given.names):
        if name in used and name in given.names[:place]:
            desk.report(
                "column-twice", "The column is there twice.", "Rename one.", file=given.file, line=1, column=name
            )


def _by_name(desk: Desk, contract: TableContract, given: Given) -> list[ColumnMapping]:
    names = dict.fromkeys(given.names)
    for name in names:
        if name and name not in contract.readable:
            hint = suggestion(name, contract.readable) or f"It has: {', '.join(contract.readable)}."
            reason = f"{contract.name} has no such column; it is not read."
            desk.report("column-unknown", reason, hint, file=given.file, line=1, column=name)
    return [ColumnMapping(name, (name,)) for name in names if name in contract.readable]


def _mapped(desk: Desk, given: Given, mapping: FileMapping) -> list[ColumnMapping] | None:
    """The mapping's columns; None when the file lacks one that they read."""
    wanted = [source for each in mapping.columns for source in each.sources]
    missing = [source for source in dict.fromkeys(wanted) if plain_name(source) not in given.names]
    for source in missing:
        _note_missing(desk, given, source)
    return None if missing else list(mapping.columns)


def _note_missing(desk: Desk, given: Given, source: str) -> None:
    hint = suggestion(plain_name(source), given.names) or f"It has: {', '.join(filter(None, given.names))}."
    reason = "The mapping reads this column; the file has none."
    desk.report("column-missing", reason, hint, file=given.file, line=1, column=source)


def _filters(desk: Desk, given: Given, mapping: FileMapping) -> str | None:
    """The condition of rows that are kept; None when it asks for a column that is not there."""
    conditions, complete = [], True
    for listed, test in ((mapping.keep, "IN"), (mapping.drop, "NOT IN")):
        for column, values in listed.items():
            if plain_name(column) not in given.names:
                _note_missing(desk, given, column)
                complete = False
                continue
            text = given.text(column)
            allowed = ", ".join(_quoted(value.lower()) for value in values) or "''"
            conditions.append(f"coalesce(lower({text}), '') {test} ({allowed})")
    return " AND ".join(conditions) if complete else None


def _expressions(
    desk: Desk,
    contract: TableContract,
    given: Given,
    chosen: tuple[Sequence[ColumnMapping], FileMapping | None],
) -> Selection:
    columns, mapping = chosen
    values, written = {}, {}
    for each in columns:
        text = _text(each, [given.text(source) for source in each.sources])
        value = _translated(each, _type(contract, each.column), text, mapping)
        values[each.column] = value
        if value != text:
            written[each.column] = _shown(each, text)
            desk.translate(contract, each.column)
    places = frozenset(given.names.index(plain_name(source)) for each in columns for source in each.sources)
    labels = {each.column: each.label for each in columns} if mapping is not None and mapping.columns else {}
    return Selection(values, written, labels, places=places, zone=desk.time_zone)


def _text(each: ColumnMapping, cells: Sequence[str]) -> str:
    if each.always is not None:
        return _quoted(each.always)
    if len(cells) == 1:
        return cells[0]
    if each.with_text is None:
        return f"coalesce({', '.join(cells)})"
    joined = f" || {_quoted(each.with_text)} || " if each.with_text else " || "
    return f"({joined.join(cells)})"


def _translated(each: ColumnMapping, kind: str, text: str, mapping: FileMapping | None) -> str:
    if each.values:
        return word_text(text, each.values, _otherwise(each.otherwise, text))
    if mapping is None or each.always is not None:
        return text
    numbers = each.numbers or mapping.numbers
    if kind in ("number", "amount", "percent") and not numbers.is_plain:
        return number_text(text, numbers)
    dates, zone = each.dates if each.dates is not None else mapping.dates, each.time_zone or mapping.time_zone
    return day_text(text, dates, zone) if kind == "date" and (dates or zone) else text


def _shown(each: ColumnMapping, text: str) -> str:
    """What was written, or nothing where the mapping itself says that it means nothing."""
    nothing = [_quoted(old.lower()) for old, new in each.values.items() if new is None]
    if each.values and each.otherwise == "empty":
        return "CAST(NULL AS VARCHAR)"
    return f"CASE WHEN lower({text}) NOT IN ({', '.join(nothing)}) THEN {text} END" if nothing else text


def _otherwise(otherwise: str, text: str) -> str:
    if otherwise == "keep":
        return text
    return _quoted(otherwise[1:]) if otherwise.startswith("=") else "NULL"


def _type(contract: TableContract, name: str) -> str:
    if name == RECORDED_AT:
        return "date"
    return next((column.type for column in contract.columns if column.name == name), "text")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
