"""Rows that may be right and will surprise: told where they stand, with how many there are and what it means."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import duckdb

from swingby.facts import FactSet, FileMapping, TableContract, read_mapping, stored_contracts
from swingby.facts.desk import Desk
from swingby.facts.files import Folder
from swingby.facts.unasked import asked_words, is_nearly
from swingby.program import Program
from swingby.web.clock import today
from swingby.web.domain.asking_rules import Asking, asking_rules, unread_kinds
from swingby.web.domain.unfit_files import sheets_not_read

#: So many words of one column are told one by one.
MOST_WORDS: Final = 12
MOST_RULES: Final = 5
#: What lies so far ahead is rather a slip in the year.
_FAR: Final = timedelta(days=366)
_WORDS: Final = frozenset({"word", "id", "text"})
#: What a list says of credential types completes these columns of a credential.
_COMPLETED: Final = frozenset({"family", "role", "level", "product", "version"})
#: Kind -> columns of which less than nothing cannot have happened. What is sold and paid is taken back so.
_NEVER_BELOW: Final[Mapping[str, tuple[str, ...]]] = {
    "activities": ("quantity", "rating"),
    "subscriptions": ("quantity", "amount"),
    "targets": ("amount",),
    "usage": ("quantity",),
}
#: Kinds in which a quantity and its amount are taken back together.
_TOGETHER: Final = ("deal_lines", "transactions", "point_of_sale")
#: Lists whose rows hold from a day on.
_FROM_DAY: Final[Mapping[str, str]] = {"enrolments": "joined_on", "exchange_rates": "valued_on"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Odd:
    """What is odd with rows of a file, and where the first of them stands; ``line`` 0 is the whole file."""

    code: str
    reason: str
    hint: str = ""
    line: int = 0
    column: str = ""
    value: str = ""
    rows: int = 0


@dataclass(frozen=True, slots=True)
class _Place:
    """Rows that have something in common: how many, and the first of them."""

    rows: int
    file: int = 0
    line: int = 0
    value: str = ""


@dataclass(frozen=True, slots=True)
class _Table:
    """The rows of one table that are not left out, as they were written."""

    desk: Desk
    contract: TableContract
    program: Program
    asking: tuple[Asking, ...]

    @property
    def name(self) -> str:
        return self.contract.name

    @property
    def rows(self) -> str:
        """The relation of the rows."""
        whole = " WHERE NOT _bare" if self.contract.kind is not None else ""
        return f"(SELECT * FROM typed_{self.name} AS t ANTI JOIN left_out_{self.name} AS x USING (_file, _line){whole})"

    def where(self, condition: str, value: str) -> _Place:
        """The rows that meet a condition; ``value`` is what to show of the first."""
        query = (
            "SELECT count(*), arg_min(_file, (_file, _line)), min((_file, _line))[2],"
            f" arg_min(CAST({value} AS VARCHAR), (_file, _line)) FROM {self.rows} WHERE {condition}"
        )
        found = self.desk.connection.execute(query).fetchone() or (0, 0, 0, "")
        return _Place(found[0], found[1] or 0, found[2] or 0, found[3] or "")

    def words(self, column: str) -> list[tuple[str | None, _Place]]:
        """Every word of a column with its rows, the most rows first."""
        found = self.desk.connection.execute(
            f'SELECT "{column}", count(*), arg_min(_file, (_file, _line)), min((_file, _line))[2]'
            f" FROM {self.rows} GROUP BY 1 ORDER BY 2 DESC, 1"
        ).fetchall()
        return [(word, _Place(rows, file, line, word or "")) for word, rows, file, line in found]

    def odd(self, code: str, column: str, place: _Place, reason: str, hint: str = "") -> Odd:
        """An oddity under the name that the file itself has for the column."""
        label = self.desk.labels.get(place.file, {}).get(column, column)
        return Odd(
            code=code,
            reason=reason,
            hint=hint,
            line=place.line,
            column=label,
            value=place.value,
            rows=place.rows,
        )


def odd_rows(delivery: Path, mapping: Path, program: Program, incoming: FactSet) -> tuple[Odd, ...]:
    """Everything odd in a delivery, beside what is wrong with it; the rows that are left out do not matter.

    Parameters
    ----------
    delivery, mapping
        The folder with the file, and how it is read.
    program
        The rules in force.
    incoming
        The same delivery as it was read: it knows which rows are left out.
    """
    contracts = stored_contracts(program)
    header = program.header
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
        desk, plan = Desk(connection, header.time_zone, header.currency), read_mapping(mapping, contracts)
        Folder(desk, delivery, contracts, plan).stage()
        for name in desk.staged:
            _bring_left_out(desk, incoming, name)
        asking = asking_rules(program)
        tables = [_Table(desk, contracts[name], program, asking.get(name, ())) for name in sorted(desk.staged)]
        return (*_unread_sheets(delivery, plan.files), *(odd for table in tables for odd in _odd_in(table)))


def _unread_sheets(delivery: Path, files: Sequence[FileMapping]) -> Iterator[Odd]:
    for file in sorted(delivery.iterdir()):
        sheets = sheets_not_read(file, files, name=file.name)
        if sheets:
            hint = "Send each as a file of its own, or name it as sheet in the mapping."
            yield Odd(
                code="sheet-unread",
                reason=f"More sheets hold something and are not read: {_listed(sheets)}.",
                hint=hint,
            )


def _bring_left_out(desk: Desk, incoming: FactSet, table: str) -> None:
    """Which rows the reading left out, and those that came twice."""
    left_out = incoming.connection.execute(
        "SELECT DISTINCT _file, _line FROM row_issues WHERE table_name = ? AND (level = 'error' OR code = 'row-twice')",
        [table],
    ).fetchnumpy()
    desk.connection.execute(f"CREATE TEMP TABLE left_out_{table} (_file INTEGER, _line BIGINT)")
    if len(left_out["_file"]):
        desk.connection.execute(
            f"INSERT INTO left_out_{table} SELECT unnest(CAST(? AS INTEGER[])), unnest(CAST(? AS BIGINT[]))",
            [left_out["_file"].tolist(), left_out["_line"].tolist()],
        )


def _odd_in(table: _Table) -> Iterator[Odd]:
    total = table.where("true", "NULL").rows
    if not total:
        return
    if table.contract.kind is None:
        yield from _later(table, _FROM_DAY.get(table.name, ""))
        return
    if table.name in unread_kinds(table.program):
        reason = f"No rule in force asks for {_words(table.name)}: {_rows(total, 'changes', 'change')} no standing."
        yield Odd(code="kind-unasked", reason=reason, rows=total)
    yield from _unseen(table, total)
    yield from _later(table, table.contract.day or "")
    yield from _below(table)


# --- what no rule asks for -------------------------------------------------------------------------------------------


def _unseen(table: _Table, total: int) -> Iterator[Odd]:
    """What keeps rows from rules: a column that no row fills, told by its rules, and words that the others cannot see."""
    columns = [each for each in table.contract.columns if any(asking.names(each.name) for asking in table.asking)]
    empty = {each.name: table.where(f'"{each.name}" IS NULL', "NULL") for each in columns}
    if table.name == "credentials":
        empty |= {name: _Place(0) for name in empty.keys() & _COMPLETED}
    sighted = table.asking
    for column, place in empty.items():
        if place.rows == total:
            blind = [each for each in table.asking if not each.may_see(table.program, column, None)]
            sighted = tuple(each for each in sighted if each not in blind)
            if blind:
                yield _missing(table, column, [each.rule for each in blind], total)
    sees = replace(table, asking=sighted)
    for each in columns if sighted else ():
        if empty[each.name].rows < total:
            yield from _partly_empty(sees, each.name, empty[each.name])
            yield from _unasked_words(sees, each.name) if each.type in _WORDS else ()


def _partly_empty(table: _Table, column: str, place: _Place) -> Iterator[Odd]:
    if place.rows and not any(each.may_see(table.program, column, None) for each in table.asking):
        reason = f"It is empty, and every rule asks for it: {_rows(place.rows, 'counts', 'count')} for nothing."
        yield table.odd("word-unasked", column, place, reason, _FILL)


def _missing(table: _Table, column: str, blind: Collection[str], total: int) -> Odd:
    listed = _listed(list(dict.fromkeys(blind)))
    is_all = len(blind) == len(table.asking)
    so = " These are all rules that ask for them, so nothing of it counts." if is_all else ""
    reason = f"No row says {_words(column)}, and these rules cannot see them without it: {listed}.{so}"
    return table.odd("column-unasked", column, _Place(total), reason, _FILL)


_FILL: Final = "Say which column of the file holds it, or that it is always the same."


def _unasked_words(table: _Table, column: str) -> Iterator[Odd]:
    """Words that no rule can see, and those that rules see, though none names them, that are nearly one that is named."""
    asked = asked_words(table.program).get((table.name, column), frozenset())
    unseen = []
    for word, place in table.words(column):
        near = min((each for each in asked if word and word not in asked and is_nearly(word, each)), default=None)
        hint = f'Did you mean "{near}"?' if near else ""
        if word is not None and not any(each.may_see(table.program, column, word) for each in table.asking):
            unseen.append((place, _no_rule(column, f'"{word}"', place.rows), hint))
        elif near:
            said = _rows(place.rows, "says", "say")
            unseen.append((place, f'No rule in force names {_words(column)} "{word}", which {said}.', hint))
    for place, reason, hint in unseen[:MOST_WORDS]:
        yield table.odd("word-unasked", column, place, reason, hint)
    rest = [place for place, *_ in unseen[MOST_WORDS:]]
    if rest:
        rows = sum(place.rows for place in rest)
        reason = _no_rule(column, f"{len(rest):,} more words", rows)
        yield table.odd("word-unasked", column, replace(min(rest, key=_first), rows=rows), reason)


def _first(place: _Place) -> tuple[int, int]:
    return place.file, place.line


def _no_rule(column: str, what: str, rows: int) -> str:
    return f"No rule in force asks for {_words(column)} {what}: {_rows(rows, 'counts', 'count')} for nothing."


# --- days and numbers ------------------------------------------------------------------------------------------------


def _later(table: _Table, day: str) -> Iterator[Odd]:
    now = today()
    place = table.where(f"\"{day}\" > DATE '{now}'", f'"_t_{day}"') if day else _Place(0)
    if not place.rows:
        return
    found = table.desk.connection.execute(f'SELECT max("{day}") FROM {table.rows}').fetchone()
    last: date = found[0] if found else now
    reason = f"It lies in the future: it does not count before {_day(last)}."
    if place.rows > 1:
        reason = f"{place.rows:,} rows lie in the future, the last on {_day(last)}: none counts before its day."
    yield table.odd("day-ahead", day, place, reason, "Look at the year." if last > now + _FAR else "")


def _below(table: _Table) -> Iterator[Odd]:
    for column in _NEVER_BELOW.get(table.name, ()):
        place = table.where(f'"{column}" < 0', f'"_t_{column}"')
        if place.rows:
            reason = f"It is below 0: where a rule adds it up, {_rows(place.rows, 'takes', 'take')} something away."
            yield table.odd("number-below", column, place, reason, "Leave out what did not happen.")
    if table.name in _TOGETHER:
        place = table.where("quantity * amount < 0", "_t_quantity || ' and ' || _t_amount")
        if place.rows:
            does = "takes back one of the two and adds" if place.rows == 1 else "take back one of the two and add"
            reason = f"Quantity and amount have different signs: {_rows(place.rows, '', '')}{does} the other."
            yield table.odd("number-below", "quantity", place, reason, "What is taken back has both below 0.")


def _rows(rows: int, one: str, many: str) -> str:
    return f"the row {one}" if rows == 1 else f"{rows:,} rows {many}"


def _words(name: str) -> str:
    return name.replace("_", " ")


def _listed(names: Sequence[str]) -> str:
    more = len(names) - MOST_RULES
    return ", ".join(names[:MOST_RULES]) + (f" and {more} more" if more > 0 else "")


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"


def as_issue(odd: Odd) -> dict[str, Any]:
    """An oddity as an upload keeps it, beside what is wrong."""
    said = {name: getattr(odd, name) for name in ("line", "column", "value", "reason", "hint", "code", "rows")}
    return {**said, "level": "warning"}
