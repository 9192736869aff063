"""Reading facts: stage text, check it, place it on the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from swingby.errors import SwingbyError
from swingby.facts import checks, names, positions
from swingby.facts.casts import DUCKDB_TYPES, checked_zone
from swingby.facts.contracts import TableContract, contracts, suggestion
from swingby.facts.fact_set import FactSet, relation_statement
from swingby.facts.identity import drop_repeated, name_rows
from swingby.facts.staging import Desk, create_raw, stage_delimited, stage_parquet, stage_rows
from swingby.facts.trees import cut_circles, cut_deep_trees, join_merged
from swingby.program.kinds import NAME_TABLES

if TYPE_CHECKING:
    from swingby.program.model import Program

Stage = Callable[[Desk, TableContract, Path, str], None]

#: File name ending -> how it is staged. Other formats find their place here.
READERS: Mapping[str, Stage] = {".csv": stage_delimited, ".tsv": stage_delimited, ".parquet": stage_parquet}


def read_folder(path: Path | str, program: Program) -> FactSet:
    """Read every table of a folder, check every row, and place the facts on the ledger.

    A table is a file of its name (``activities.csv``, ``organizations.parquet``), several parts
    (``activities.2025.csv``) or a folder of that name. Bad rows are reported and left out; good ones count.

    Parameters
    ----------
    path
        The folder.
    program
        Says which kinds there are, and the time zone in which times become days.

    Raises
    ------
    SwingbyError
        ``facts-folder`` when there is no such folder; ``time-zone-unknown``.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise SwingbyError(
            code="facts-folder",
            message=f"There is no folder {folder}.",
            hint="Name a folder with one CSV file per table.",
        )
    tables, desk = contracts(program.kinds), _desk(program)
    for file in _files(folder):
        contract = _contract_of(desk, tables, file.relative_to(folder))
        if contract is not None:
            _staged(desk, contract)
            READERS[file.suffix.lower()](desk, contract, file, file.relative_to(folder).as_posix())
    return _fact_set(desk, tables)


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
    for name, rows in tables.items():
        if name not in known:
            raise SwingbyError(
                code="table-unknown", message=f'There is no table "{name}".', hint=suggestion(name, known)
            )
        if rows:
            _staged(desk, known[name])
            stage_rows(desk, known[name], rows)
    return _fact_set(desk, known)


def _desk(program: Program) -> Desk:
    import duckdb

    zone = checked_zone(program.header.time_zone)
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    return Desk(connection, zone, program.header.currency)


def _staged(desk: Desk, contract: TableContract) -> None:
    if contract.name not in desk.staged:
        create_raw(desk, contract)
        desk.staged.add(contract.name)


def _files(folder: Path) -> Iterator[Path]:
    """Files that may hold facts, in order of name; hidden ones and texts of other kinds are passed over."""
    for file in sorted(folder.rglob("*")):
        hidden = any(part.startswith((".", "_")) for part in file.relative_to(folder).parts)
        if file.is_file() and not hidden and file.suffix.lower() in READERS:
            yield file


def _contract_of(desk: Desk, tables: Mapping[str, TableContract], file: Path) -> TableContract | None:
    """The table that a file belongs to: by its name up to the first dot, else by its folder."""
    names = [file.name.split(".")[0], *(file.parts[:-1][-1:])]
    plain = [name.lower().replace("-", "_").removeprefix("fact_").removeprefix("ref_") for name in names]
    found = next((tables[name] for name in plain if name in tables), None)
    if found is None:
        reason = f'The program has no table "{plain[0]}"; the file is not read.'
        desk.report("file-unknown", reason, suggestion(plain[0], tables), file=file.as_posix())
    return found


def _fact_set(desk: Desk, tables: Mapping[str, TableContract]) -> FactSet:
    run = desk.connection.execute
    run(checks.ROW_ISSUES)
    run(checks.UNMATCHED)
    run("; ".join(relation_statement(contract, DUCKDB_TYPES) for contract in tables.values()))
    run("CREATE TABLE ref_positions (position BIGINT, recorded_at TIMESTAMPTZ)")
    staged = [contract for contract in tables.values() if contract.name in desk.staged]
    _finish_references(desk, [contract for contract in staged if contract.kind is None])
    _finish_facts(desk, [contract for contract in staged if contract.kind is not None])
    names.forget_names(desk)
    return FactSet(desk.connection, time_zone=desk.time_zone, file_issues=desk.issues, files=desk.files)


def _finish_references(desk: Desk, references: Sequence[TableContract]) -> None:
    """Names first, because the other tables may be written with them."""
    ordered = sorted(references, key=lambda contract: contract.name not in _NAMING)
    for contract in (each for each in ordered if each.name in _NAMING):
        _finish_reference(desk, contract)
    names.gather_names(desk)
    for contract in (each for each in ordered if each.name not in _NAMING):
        _finish_reference(desk, contract)
    join_merged(desk)
    cut_circles(desk)
    cut_deep_trees(desk)
    for contract in references:
        checks.check_references(desk, contract)


def _finish_reference(desk: Desk, contract: TableContract) -> None:
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
        linked[contract.name] = positions.link_reversals(desk, contract)
    names.note_resellers(desk)
    positions.number_positions(desk, facts)
    for contract in facts:
        positions.finish_facts(desk, contract, linked=linked[contract.name])


def _judge(desk: Desk, contract: TableContract) -> None:
    checks.type_rows(desk, contract)
    if contract.name not in _NAMING:
        names.resolve_names(desk, contract)
    checks.check_rows(desk, contract)
    checks.keep_good_rows(desk, contract)


#: Tables that say by what names organizations and people are known.
_NAMING = frozenset({"organizations", *NAME_TABLES})
