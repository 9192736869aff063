"""Facts that stand in our own tables of PostgreSQL, brought into DuckDB: to compare a delivery, to try what it does.

Positions are those of the ledger. Everything is read as known at one position, whatever is written meanwhile.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from swingby.facts.casts import DUCKDB_TYPES
from swingby.facts.contracts import NAME_KEYS, TableContract, contracts
from swingby.facts.fact_set import FactSet
from swingby.facts.ledger import latest_position
from swingby.facts.postgres import attribute_columns, relation_query
from swingby.facts.reading import from_rows
from swingby.program.kinds import FACT_KINDS

if TYPE_CHECKING:
    import psycopg

    from swingby.program.model import Program

#: How nothing is written where rows go from one database to the other.
NOTHING: Final = "\\N"
_LEDGER: Final = ("fact_id", "root_id", "position", "reversed_position", "source")


def stored_contracts(program: Program) -> Mapping[str, TableContract]:
    """The tables of a program that PostgreSQL has; a kind that only a program declares has none yet."""
    known = contracts(program.kinds)
    return {name: each for name, each in known.items() if each.kind is None or name in FACT_KINDS}


def read_stored(
    connection: psycopg.Connection[Any],
    program: Program,
    *,
    owner: str,
    names: Mapping[str, Iterable[tuple[str, str]]] | None = None,
) -> FactSet:
    """Read everything that an owner's tables hold.

    Parameters
    ----------
    connection
        In a transaction that may read the owner's rows.
    program
        Says which kinds and columns there are.
    owner
        The organization whose program the facts belong to.
    names
        Other names by their table, ``organization_names`` or ``mails``: pairs of the name and what it stands for.
    """
    facts = from_rows({}, program)
    facts.desk.keeps_names = True
    position = latest_position(connection, owner=owner)
    with tempfile.TemporaryDirectory(prefix="swingby-") as folder:
        reader = _Reader(connection, facts, Path(folder) / "rows.csv", owner, position)
        reader.bring("ref_positions", _POSITIONS, {"position": "BIGINT", "recorded_at": "TIMESTAMPTZ"})
        for contract in stored_contracts(program).values():
            if contract.name not in NAME_KEYS:
                reader.bring(contract.relation, _query(contract), _types(contract))
    for table, pairs in (names or {}).items():
        listed = [list(pair) for pair in pairs]
        if listed:
            facts.connection.executemany(f"INSERT INTO ref_{table} VALUES (?, ?)", listed)
    return facts


class _Reader:
    """Carries rows of one owner, known at a position, from PostgreSQL to DuckDB through a file."""

    def __init__(
        self, connection: psycopg.Connection[Any], facts: FactSet, file: Path, owner: str, position: int
    ) -> None:
        self._connection, self._facts, self._file = connection, facts, file
        self._bound = {"owner": owner, "position": position}

    def bring(self, table: str, query: str, types: Mapping[str, str]) -> None:
        """Bring the rows of a query into a relation."""
        statement = f"COPY ({query}) TO STDOUT (FORMAT csv, NULL '{NOTHING}')"
        with (
            self._file.open("wb") as file,
            self._connection.cursor() as cursor,
            cursor.copy(statement, self._bound) as rows,
        ):
            for piece in rows:
                file.write(piece)
        columns = ", ".join(f"'{name}': '{kind}'" for name, kind in types.items())
        listed = ", ".join(f'"{name}"' for name in types)
        self._facts.connection.execute(
            f"INSERT INTO {table} ({listed}) SELECT {listed} FROM read_csv('{self._file}', auto_detect = false,"
            f" header = false, delim = ',', quote = '\"', escape = '\"', nullstr = '{NOTHING}', columns = {{{columns}}})"
        )


def carried_columns(contract: TableContract) -> Sequence[str]:
    """The columns that both databases have for a table, those of the ledger in front."""
    own = [column.name for column in contract.columns]
    return [*_LEDGER, *own] if contract.kind is not None else own


def _types(contract: TableContract) -> dict[str, str]:
    ledger = {"position": "BIGINT", "reversed_position": "BIGINT"}
    own = {column.name: DUCKDB_TYPES[column.type] for column in contract.columns}
    return {name: ledger.get(name) or own.get(name, "VARCHAR") for name in carried_columns(contract)}


def _query(contract: TableContract) -> str:
    columns = ", ".join(_selected(contract))
    if contract.kind is None:
        return f"SELECT {columns} FROM {contract.relation} WHERE owner_org = %(owner)s AND %(position)s >= 0"
    rows = f"({relation_query(contract.kind)} WHERE owner_org = %(owner)s AND position <= %(position)s)"
    return f"SELECT {columns} FROM {rows} AS f"


def _selected(contract: TableContract) -> Iterator[str]:
    for name in carried_columns(contract):
        if name == "reversed_position":
            yield "CASE WHEN reversed_position <= %(position)s THEN reversed_position END AS reversed_position"
        else:
            yield f'"{name}"'


def attributes_of(contract: TableContract) -> tuple[str, ...]:
    """The columns of a kind that PostgreSQL keeps as attributes."""
    return () if contract.kind is None else tuple(column.name for column in attribute_columns(contract.kind))


_POSITIONS = (
    "SELECT position, recorded_at FROM ref_positions WHERE owner_org = %(owner)s AND position <= %(position)s"
    " ORDER BY position"
)
