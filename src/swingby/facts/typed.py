"""The table that a contract's rows are staged in: values beside the texts that they were read from.

``typed_<table>`` has the file and the true line of each row, the value of every column under its own name, and what
checks and digests need besides:

- ``_t_<column>``, the text of a value that is no text itself, and of a name, when it was replaced by an id;
- ``_w_<column>``, what was written there, where a mapping translates;
- of facts ``_recorded``, when the row became known (by default at the end of its day), ``_bare``, whether it says
  nothing but what it takes away, and ``_raw_id``, the id without its source in front.

Texts become values here and nowhere else, while a file is read, so that no text is gone through twice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from swingby.facts.casts import DUCKDB_TYPES, SHAPES, end_of_day, instant_of, value_of
from swingby.facts.contracts import RECORDED_AT, REVERSES, TableContract

#: Reference tables that know other names of what they hold.
NAMED = frozenset({"organizations", "people"})
_TEXTS = ("fact_id", "source", REVERSES)


@dataclass(frozen=True, slots=True)
class _Cell:
    """The type of a column in DuckDB and, unless its values are texts, how a text and a time zone become one."""

    type: str
    cast: Callable[[str, str], str] | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """Rows to bring in: the number of their file, the expression of a line, and the rows with their condition."""

    file_no: int
    line: str
    rows: str


def create_statement(contract: TableContract) -> str:
    """The statement that makes the empty table."""
    cells = _cells(contract)
    columns = ["_file INTEGER", "_line BIGINT", *(f'"{name}" {cell.type}' for name, cell in cells.items())]
    columns += [f'"_t_{name}" VARCHAR' for name, cell in cells.items() if cell.cast]
    columns += [f'"_t_{name}" VARCHAR' for name in named_columns(contract)]
    if contract.kind is not None:
        columns += ["_bare BOOLEAN DEFAULT false", "_raw_id VARCHAR", "_recorded TIMESTAMPTZ"]
    return f"CREATE TEMP TABLE typed_{contract.name} ({', '.join(columns)})"


def insert_statement(
    contract: TableContract, texts: Mapping[str, str], written: Mapping[str, str], *, given: Incoming, zone: str
) -> str:
    """The statement that brings rows in.

    Parameters
    ----------
    texts
        Column -> expression of its text, over the rows.
    written
        Column -> expression of what was written, of those that a mapping translates.
    given
        The rows.
    zone
        In which times become days.
    """
    held = {text_column(contract, name): expression for name, expression in texts.items()}
    held |= {f"_w_{name}": expression for name, expression in written.items()}
    inner = ", ".join(f'{expression} AS "{name}"' for name, expression in held.items())
    values = _values(contract, texts, zone)
    cast = ", ".join(["_line", *map(_quoted, held), *(f'{value} AS "{name}"' for name, value in values.items())])
    more = _of_facts(contract, frozenset(texts), zone) if contract.kind is not None else {}
    names = ", ".join(["_file", *more, "_line", *map(_quoted, held), *map(_quoted, values)])
    return (
        f"INSERT INTO typed_{contract.name} ({names}) SELECT {', '.join([str(given.file_no), *more.values()])}, *"
        f" FROM (SELECT {cast} FROM (SELECT {given.line} AS _line, {inner} FROM {given.rows}))"
    )


def text_column(contract: TableContract, name: str) -> str:
    """The column that holds the text of a column: the column itself, unless its values are no texts."""
    return f"_t_{name}" if _cells(contract)[name].cast else name


def named_columns(contract: TableContract) -> tuple[str, ...]:
    """The columns in which another name of an organization or a person may stand in place of its id."""
    return tuple(name for name, table in contract.references.items() if table in NAMED)


def _cells(contract: TableContract) -> Mapping[str, _Cell]:
    cells = {}
    if contract.kind is not None:
        cells = {name: _Cell("VARCHAR") for name in _TEXTS}
        cells[RECORDED_AT] = _Cell("TIMESTAMPTZ", instant_of)
    for column in contract.columns:
        cast = partial(value_of, column.type) if column.type in SHAPES else None
        cells[column.name] = _Cell(DUCKDB_TYPES[column.type], cast)
    return cells


def _values(contract: TableContract, names: Iterable[str], zone: str) -> Mapping[str, str]:
    """The columns whose values are no texts, each as an expression over its text."""
    cells = _cells(contract)
    casts = {name: cells[name].cast for name in names}
    return {name: cast(f'"_t_{name}"', zone) for name, cast in casts.items() if cast is not None}


def _of_facts(contract: TableContract, given: Collection[str], zone: str) -> Mapping[str, str]:
    """What every fact has besides, as expressions over values and texts."""
    known = [RECORDED_AT] if RECORDED_AT in given else []
    known += [end_of_day(f'"{contract.day}"', zone)] if contract.day in given else []
    recorded = {"_recorded": f"coalesce({', '.join(known)})"} if known else {}
    own = [text_column(contract, column.name) for column in contract.columns if column.name in given]
    bare = " AND ".join([f"{REVERSES} IS NOT NULL", *(f'"{name}" IS NULL' for name in own)])
    return {**recorded, **({"_bare": bare} if REVERSES in given else {})}


def _quoted(name: str) -> str:
    return f'"{name}"'
