"""Reading facts: stage text, check it, place it on the ledger."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from swingby.errors import SwingbyError
from swingby.facts import checks, names, positions
from swingby.facts.casts import DUCKDB_TYPES, checked_zone
from swingby.facts.contracts import TableContract, contracts, suggestion
from swingby.facts.databases import DUCKDB_ENDINGS, PostgresTables, TableSource, stage_duckdb, stage_tables
from swingby.facts.desk import Desk
from swingby.facts.fact_set import FactSet, relation_statement
from swingby.facts.files import Folder
from swingby.facts.identity import drop_repeated, name_rows
from swingby.facts.known import adopt_references, bring_known
from swingby.facts.mapping import MAPPING_FILE, FactMapping
from swingby.facts.mapping_file import read_mapping
from swingby.facts.staging import stage_rows
from swingby.facts.trees import cut_circles, cut_deep_trees, join_merged
from swingby.program.kinds import NAME_TABLES

if TYPE_CHECKING:
    import duckdb

    from swingby.program.model import Program

#: How the address of a PostgreSQL database begins.
POSTGRES = ("postgresql://", "postgres://")


def read_facts(
    place: Path | str, program: Program, *, mapping: Path | None = None, known: FactSet | None = None
) -> FactSet:
    """Read facts from where they are: a folder, a file, a DuckDB file, or the address of a PostgreSQL database.

    Parameters
    ----------
    place
        A folder as in `read_folder`, one file of such a folder, a file ``*.duckdb``, or ``postgresql://...``.
    program, known
        As in `read_folder`.
    mapping
        A mapping file, which says how a customer's own files, columns and values translate.

    Raises
    ------
    SwingbyError
        ``facts-folder``, ``facts-database``, ``mapping-errors``, ``time-zone-unknown``.
    """
    if str(place).startswith(POSTGRES):
        return _read_postgres(str(place), program, (mapping, known))
    path = Path(place)
    if path.is_file() and path.suffix.lower() in DUCKDB_ENDINGS:
        tables, desk = contracts(program.kinds), _desk(program)
        chosen = None if mapping is None else read_mapping(mapping, tables)
        stage_duckdb(desk, path, tables, chosen)
        return _fact_set(desk, tables, chosen, known)
    return read_folder(path, program, mapping=mapping, known=known)


def read_folder(
    path: Path | str,
    program: Program,
    *,
    mapping: Path | None = None,
    known: FactSet | None = None,
    keep_names: bool = False,
) -> FactSet:
    """Read every table of a folder, check every row, and place the facts on the ledger.

    A table is a file of its name (``activities.csv``, ``organizations.parquet``, ``deals.xlsx``), several parts
    (``activities.2025.csv.gz``), a sheet of that name, or a folder of that name. Bad rows are reported and left out;
    good ones count.

    Parameters
    ----------
    path
        The folder, or one of its files.
    program
        Says which kinds there are, and the time zone in which times become days.
    mapping
        A mapping file; without one, ``mapping.yaml`` in the folder if there is one.
    known
        What is known already, read with ``keep_names=True``: its reference rows and names are used, and `propose` can
        compare the folder with its facts.
    keep_names
        Keep other names and mail addresses, for a delivery that is read next; they are forgotten otherwise.

    Raises
    ------
    SwingbyError
        ``facts-folder`` when there is no such folder; ``mapping-errors``, ``time-zone-unknown``.
    """
    place = Path(path)
    if not place.exists():
        raise SwingbyError(
            code="facts-folder",
            message=f"There is no folder {place}.",
            hint="Name a folder with one CSV file per table.",
        )
    folder, only = (place, None) if place.is_dir() else (place.parent, place)
    tables, desk = contracts(program.kinds), _desk(program)
    chosen = _mapping_of(folder, mapping, tables)
    Folder(desk, folder, tables, chosen, only).stage()
    desk.keeps_names = keep_names
    return _fact_set(desk, tables, chosen, known)


def read_tables(
    source: TableSource, program: Program, *, mapping: Path | None = None, known: FactSet | None = None
) -> FactSet:
    """Read the tables of a database, as files are read: those that are named after a table of the program.

    Parameters
    ----------
    source
        ``PostgresTables`` or ``SparkTables``, or anything that can do what they do.
    program, mapping, known
        As in `read_facts`.
    """
    tables, desk = contracts(program.kinds), _desk(program)
    chosen = None if mapping is None else read_mapping(mapping, tables)
    stage_tables(desk, source, tables, chosen)
    return _fact_set(desk, tables, chosen, known)


def from_rows(tables: Mapping[str, Sequence[Mapping[str, object]]], program: Program) -> FactSet:
    """Check rows given by a program, by table name, exactly as if they came from files.

    Parameters
    ----------
    tables
        Table name -> rows; a row is column -> text, day, time, whole number, Decimal, truth or None.
    program
        As in `read_folder`.

    Raises
    ------
    SwingbyError
        ``table-unknown``, ``value-type``, ``time-zone-unknown``.
    """
    known, desk = contracts(program.kinds), _desk(program)
    if sum(map(len, tables.values())) <= FEW_ROWS:
        desk.connection.execute("SET threads = 1")
    for name, rows in tables.items():
        if name not in known:
            raise SwingbyError(
                code="table-unknown", message=f'There is no table "{name}".', hint=suggestion(name, known)
            )
        if rows:
            desk.prepare(known[name])
            stage_rows(desk, known[name], rows)
    return _fact_set(desk, known, None)


def _read_postgres(address: str, program: Program, beside: tuple[Path | None, FactSet | None]) -> FactSet:
    mapping, known = beside
    try:
        import psycopg
    except ModuleNotFoundError as error:
        raise SwingbyError(
            code="facts-database",
            message="Reading PostgreSQL needs the package psycopg.",
            hint="Install the extra that brings it: swingby[postgres].",
        ) from error
    try:
        with psycopg.connect(address) as connection:
            return read_tables(PostgresTables(connection), program, mapping=mapping, known=known)
    except psycopg.Error as error:
        reason = str(error).strip().splitlines() or ["It cannot be read"]
        raise SwingbyError(
            code="facts-database",
            message=f"The database cannot be read: {reason[0]}",
            hint="Check the address and what its user may read.",
        ) from error


def _mapping_of(folder: Path, mapping: Path | None, tables: Mapping[str, TableContract]) -> FactMapping | None:
    own = folder / MAPPING_FILE
    chosen = mapping or (own if own.is_file() else None)
    return None if chosen is None else read_mapping(chosen, tables)


def _desk(program: Program) -> Desk:
    import duckdb

    zone = checked_zone(program.header.time_zone)
    connection = duckdb.connect()
    # In a process without a main file, DuckDB would draw a bar of its own into the answer.
    connection.execute("SET enable_progress_bar = false")
    spilled = Path(tempfile.gettempdir()) / f"swingby-{uuid4().hex}"
    connection.execute(f"SET TimeZone = 'UTC'; SET temp_directory = '{_quoted(spilled)}'")
    if _bytes_of(connection) > MOST_MEMORY:
        connection.execute(f"SET memory_limit = '{MOST_MEMORY} B'")
    return Desk(connection, zone, program.header.currency, protecting=_protecting(program))


def _bytes_of(connection: duckdb.DuckDBPyConnection) -> Decimal:
    """What the database would keep in memory by itself, on a machine of this size."""
    found = connection.execute("SELECT current_setting('memory_limit')").fetchone()
    number, unit = str(found[0] if found else "0 bytes").split()
    return Decimal(number) * _UNITS[unit]


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _protecting(program: Program) -> Mapping[str, tuple[str, ...]]:
    """The topics of decisions that protect a tier, with the tiers that they may name."""
    found: dict[str, tuple[str, ...]] = {}
    for ladder in program.ladders.values():
        if ladder.protect:
            tiers = (tier.id for tier in ladder.tiers)
            found[ladder.protect] = tuple(dict.fromkeys((*found.get(ladder.protect, ()), *tiers)))
    return found


def _stage_coverage(desk: Desk, tables: Mapping[str, TableContract], mapping: FactMapping) -> None:
    """What a mapping says about the completeness of the sources that it reads."""
    rows = [
        {"kind": each.table, "source": each.source, "complete_from": each.complete[0], "complete_to": each.complete[1]}
        for each in mapping.files
        if each.complete is not None and each.table in desk.staged
    ]
    distinct = [row for place, row in enumerate(rows) if row not in rows[:place]]
    if distinct:
        desk.prepare(tables["coverage"])
        stage_rows(desk, tables["coverage"], distinct, mapping.name)


def _fact_set(
    desk: Desk, tables: Mapping[str, TableContract], mapping: FactMapping | None, known: FactSet | None = None
) -> FactSet:
    run = desk.connection.execute
    if known is not None:
        bring_known(desk, known, tables.values())
    if mapping is not None:
        _stage_coverage(desk, tables, mapping)
    run(checks.ROW_ISSUES)
    run(checks.UNMATCHED)
    run(checks.FILE_ROWS)
    run("; ".join(relation_statement(contract, DUCKDB_TYPES) for contract in tables.values()))
    run("CREATE TABLE ref_positions (position BIGINT, recorded_at TIMESTAMPTZ)")
    staged = [contract for contract in tables.values() if contract.name in desk.staged]
    _finish_references(desk, [contract for contract in tables.values() if contract.kind is None])
    _finish_facts(desk, [contract for contract in staged if contract.kind is not None])
    if not desk.keeps_names:
        names.forget_names(desk)
    run("RESET memory_limit")
    if run("SELECT COALESCE(SUM(estimated_size), 0) FROM duckdb_tables()").fetchall()[0][0] <= FEW_ROWS:
        run("SET threads = 1")
    return FactSet(desk.connection, time_zone=desk.time_zone, desk=desk)


def _finish_references(desk: Desk, references: Sequence[TableContract]) -> None:
    """Names first, because the other tables may be written with them."""
    delivered = [contract for contract in references if contract.name in desk.staged]
    for contract in (each for each in references if each.name in _NAMING):
        _finish_reference(desk, contract)
    names.gather_names(desk)
    for contract in (each for each in references if each.name not in _NAMING):
        _finish_reference(desk, contract)
    join_merged(desk)
    cut_circles(desk)
    cut_deep_trees(desk)
    for contract in delivered:
        checks.check_references(desk, contract)
        checks.check_enrolments(desk, contract)


def _finish_reference(desk: Desk, contract: TableContract) -> None:
    if contract.name in desk.staged:
        _add_reference(desk, contract)
    adopt_references(desk, contract)


def _add_reference(desk: Desk, contract: TableContract) -> None:
    _judge(desk, contract)
    drop_repeated(desk, contract)
    columns = ", ".join(positions.final_value(contract, column.name) for column in contract.columns)
    desk.connection.execute(f"INSERT INTO {contract.relation} SELECT {columns} FROM good_{contract.name} AS t")


def _finish_facts(desk: Desk, facts: Sequence[TableContract]) -> None:
    linked = {}
    for contract in facts:
        _judge(desk, contract)
        name_rows(desk, contract)
        checks.check_references(desk, contract)
        checks.check_rates(desk, contract)
        checks.check_protection(desk, contract)
        linked[contract.name] = positions.link_reversals(desk, contract)
    names.note_resellers(desk)
    positions.number_positions(desk, facts)
    for contract in facts:
        positions.finish_facts(desk, contract, linked=linked[contract.name])


def _judge(desk: Desk, contract: TableContract) -> None:
    checks.check_rows(desk, contract)
    checks.keep_good_rows(desk, contract)
    if contract.name not in _NAMING:
        names.resolve_names(desk, contract)


#: What reading keeps in memory; what is more goes to the disk until it is needed.
MOST_MEMORY = 2_000_000_000
_UNITS = {"bytes": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40, "PiB": 2**50}
#: Tables that say by what names organizations and people are known.
_NAMING = frozenset({"organizations", *NAME_TABLES})
#: Up to so many rows, sharing statements among threads costs more than it saves: a table is scanned by one until 122,880.
FEW_ROWS = 50_000
