"""What was known at a position, as a digest for each table: enough to notice later that the past was written anew.

Positions of files are numbered anew when a file with earlier rows is added, so nothing here depends on their numbers:
a place on the ledger is known by its time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from swingby.facts.contracts import NAME_KEYS, TableContract, contracts
from swingby.facts.known import without_source
from swingby.program.kinds import FactKind

if TYPE_CHECKING:
    import duckdb

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, order=True)
class KnownTable:
    """One table as it was known.

    Attributes
    ----------
    table
        As in file names: ``activities``, ``organizations``.
    is_fact
        Whether its rows have places on the ledger. Reference tables are read as they are now.
    rows
        How many rows were known.
    digest
        Of what they said, in any order, whatever their positions were.
    """

    table: str
    is_fact: bool
    rows: int
    digest: str


def known_tables(
    connection: duckdb.DuckDBPyConnection, kinds: Mapping[str, FactKind], *, known_at: int
) -> tuple[KnownTable, ...]:
    """Every table that has rows known at a position, by name.

    Parameters
    ----------
    connection
        Holds the relations of a `FactSet`.
    kinds
        Those of the program.
    known_at
        The ledger position; it does not matter to reference tables.
    """
    found = (_known(connection, contract, known_at) for contract in contracts(kinds).values() if _stays(contract))
    return tuple(sorted(table for table in found if table.rows))


def recorded_at(connection: duckdb.DuckDBPyConnection, position: int) -> datetime | None:
    """The time by which people know a position; None before the first."""
    found = connection.execute(
        "SELECT epoch_us(recorded_at) FROM ref_positions WHERE position = ?", [position]
    ).fetchone()
    return None if found is None else _EPOCH + timedelta(microseconds=found[0])


def came_after(
    connection: duckdb.DuckDBPyConnection, kinds: Mapping[str, FactKind], *, known_at: int
) -> Mapping[str, int]:
    """How many facts of each kind came or were taken back after a position; kinds without any are left out."""
    query = "SELECT count(*) FROM fact_{name} WHERE position > $at OR reversed_position > $at"
    counted = {name: connection.execute(query.format(name=name), {"at": known_at}).fetchone() for name in kinds}
    return {name: found[0] for name, found in counted.items() if found and found[0]}


def _stays(contract: TableContract) -> bool:
    """Names and mail addresses are forgotten after reading; what they led to stands in the other tables."""
    return contract.name not in NAME_KEYS


def _known(connection: duckdb.DuckDBPyConnection, contract: TableContract, known_at: int) -> KnownTable:
    is_fact = contract.kind is not None
    known = "position <= $at AND (reversed_position IS NULL OR reversed_position > $at)" if is_fact else "$at >= 0"
    query = _DIGEST.format(said=_said(contract), relation=contract.relation, known=known)
    row = connection.execute(query, {"at": known_at}).fetchone()
    rows, high, low = (int(value) for value in row or (0, 0, 0))
    return KnownTable(contract.name, is_fact, rows, f"{high % _PART:016x}{low % _PART:016x}")


def _said(contract: TableContract) -> str:
    """What a row says as one text: the columns that it fills by name, and of a fact its id without the source."""
    names = sorted(column.name for column in contract.columns)
    parts = [f"'{name}=' || CAST(\"{name}\" AS VARCHAR)" for name in names]
    if contract.kind is not None:
        parts += ["'source=' || source", f"'id=' || {_id('fact_id')}", f"'root=' || {_id('root_id')}"]
    return f"concat_ws(chr(31), {', '.join(parts)})"


def _id(column: str) -> str:
    return without_source(column, "coalesce(source, '')")


#: Digests are added up in two halves, so that the order of rows does not matter and equal rows do not cancel out.
_DIGEST = """
SELECT count(*), coalesce(sum(md5_number_upper(said)), 0), coalesce(sum(md5_number_lower(said)), 0)
FROM (SELECT {said} AS said FROM {relation} WHERE {known})
"""
_PART = 1 << 64
