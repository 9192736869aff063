"""The form of how a file is read: from a mapping to its lines, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.http import QueryDict

from swingby.facts import ColumnMapping, FileMapping, TableContract, date_pattern, mapping_text, number_format
from swingby.web.console.load_parts import ColumnChoice, Columns, Refusal
from swingby.web.console.load_words import column_words, table_words
from swingby.web.domain.errors import RefusedError

Problems = list[Refusal]


class UnreadableFormError(RefusedError):
    """A form with mistakes: all of them, each with its field."""

    def __init__(self, problems: Sequence[Refusal]) -> None:
        super().__init__(" ".join(each.words for each in problems))
        self.problems = tuple(problems)


#: Columns that nobody fills from an export.
_HIDDEN = frozenset({"source", "reverses"})


def columns_of(
    files: Sequence[FileMapping],
    tables: Mapping[str, TableContract],
    *,
    head: Mapping[str, str],
    unclear: Sequence[str],
) -> Columns | None:
    """The form for a mapping; None when the mapping says more than the form can.

    Parameters
    ----------
    head
        Name of a column of the file -> a few of its values.
    """
    if len(files) != 1 or not all(_is_simple(column) for column in files[0].columns):
        return None
    plan = files[0]
    contract = tables[plan.table]
    chosen = {column.column: column for column in plan.columns}
    lines = tuple(
        _line(contract, name, chosen.get(name), head, unclear=name in unclear) for name in _in_order(contract)
    )
    begin, end = plan.complete or (None, None)
    return Columns(
        table=plan.table,
        tables=tuple((name, table_words(name)) for name in sorted(tables, key=table_words)),
        source=plan.source or "",
        is_snapshot=plan.mode == "snapshot",
        complete_from=begin.isoformat() if begin else "",
        complete_to=end.isoformat() if end else "",
        dates=", ".join(plan.dates),
        numbers=f"1{plan.numbers.thousands}234{plan.numbers.point}56",
        theirs=tuple(head),
        columns=lines,
        missing=tuple(line.label for line in lines if line.required and not line.chosen and not line.always),
    )


def _is_simple(column: ColumnMapping) -> bool:
    return ColumnMapping(column.column, column.sources, always=column.always) == column and len(column.sources) <= 1


def _in_order(contract: TableContract) -> list[str]:
    rest = [name for name in contract.readable if name not in contract.required and name not in _HIDDEN]
    return [*contract.required, *rest]


def _line(
    contract: TableContract, name: str, column: ColumnMapping | None, head: Mapping[str, str], *, unclear: bool
) -> ColumnChoice:
    chosen = column.sources[0] if column and column.sources else ""
    is_day = any(each.name == name and each.type == "date" for each in contract.columns)
    return ColumnChoice(
        name=name,
        label=column_words(name),
        required=name in contract.required,
        chosen=chosen,
        always=(column.always or "") if column else "",
        sample=head.get(chosen, ""),
        unclear=unclear and is_day,
        unclear_number=unclear and not is_day,
    )


def mapping_from(post: QueryDict, before: FileMapping, tables: Mapping[str, TableContract]) -> str:
    """The mapping that a filled form says, as text; every mistake is said at once."""
    problems: Problems = []
    table = post.get("table", before.table)
    if table not in tables:
        raise UnreadableFormError([Refusal(words="Choose what the file holds.", field="read-table")])
    contract = tables[table]
    columns = tuple(column for name in _in_order(contract) if (column := _column(post, name)) is not None)
    missing = [name for name in contract.required if name not in {each.column for each in columns}]
    if missing:
        words = f"Say which column holds: {', '.join(map(column_words, missing))}."
        problems.append(Refusal(words=words, field=f"column-{missing[0]}"))
    numbers = number_format(post.get("numbers", "1234.56"), before.numbers.units)
    if numbers is None:
        problems.append(Refusal(words="Write 1234.56 as the file writes it, such as 1.234,56.", field="read-numbers"))
    complete = _complete(post, problems)
    source = post.get("source", "").strip() or None
    if complete is not None and source is None:
        problems.append(Refusal(words="Only a source can be complete: name it.", field="read-source"))
    if post.get("mode") == "snapshot" and source is None:
        words = "A list of what is now needs the name of its source, so that nothing else vanishes with it."
        problems.append(Refusal(words=words, field="read-source"))
    dates = _dates(post, problems)
    if problems or numbers is None:
        raise UnreadableFormError(problems)
    plan = replace(
        before,
        table=table,
        columns=columns,
        source=source,
        mode="snapshot" if post.get("mode") == "snapshot" else "events",
        dates=dates,
        numbers=numbers,
        complete=complete,
    )
    return mapping_text([plan])


def _column(post: QueryDict, name: str) -> ColumnMapping | None:
    theirs, always = post.get(f"column.{name}", ""), post.get(f"always.{name}", "").strip()
    if theirs:
        return ColumnMapping(name, (theirs,))
    return ColumnMapping(name, always=always) if always else None


def _dates(post: QueryDict, problems: Problems) -> tuple[str, ...]:
    written = [each.strip() for each in post.get("dates", "").split(",") if each.strip() and "," not in each]
    wrong = [each for each in written if each != "serial" and date_pattern(each) is None]
    if wrong:
        words = f"{wrong[0]} does not say where day, month and year are: write DD.MM.YYYY or M/D/YYYY."
        problems.append(Refusal(words=words, field="read-dates"))
    return tuple(written)


def _complete(post: QueryDict, problems: Problems) -> tuple[date | None, date | None] | None:
    days: list[date | None] = []
    for name in ("complete_from", "complete_to"):
        text = post.get(name, "").strip()
        try:
            days.append(date.fromisoformat(text) if text else None)
        except ValueError:
            field = f"read-{name.removeprefix('complete_')}"
            problems.append(Refusal(words=f'"{text}" is not a day. Write 2026-03-31.', field=field))
            return None
    return (days[0], days[1]) if any(days) else None


def as_written(columns: Columns, post: QueryDict) -> Columns:
    """The form as it was sent, so that what was refused can be mended where it stands."""
    names = ("source", "complete_from", "complete_to", "dates", "numbers")
    said = {name: post.get(name, getattr(columns, name)) for name in names}
    lines = tuple(
        replace(
            line,
            chosen=post.get(f"column.{line.name}", line.chosen),
            always=post.get(f"always.{line.name}", line.always),
        )
        for line in columns.columns
    )
    snapshot = post.get("mode", "snapshot" if columns.is_snapshot else "") == "snapshot"
    known = {key for key, _ in columns.tables}
    table = post.get("table", columns.table)
    return replace(
        columns, columns=lines, is_snapshot=snapshot, table=table if table in known else columns.table, **said
    )
