"""Read an owner's copy as a program reads facts. Only where the owner's scope is open: files know no policies."""

from __future__ import annotations

from pathlib import Path

from swingby.facts import FactSet, from_rows
from swingby.facts.postgres import SQL_TYPES
from swingby.program import REFERENCE_TABLES, FactKind, Program
from swingby.web.domain.columnar.manifest import CopiedTable, CopyError, Manifest, copy_folder, read_manifest
from swingby.web.tenancy import current_scope

_REVERSED = "reversed_position"


def open_copy(owner: str, program: Program) -> tuple[FactSet, Manifest]:
    """The facts as a program reads them, and what the copy is; close the facts when done.

    Raises
    ------
    CopyError
        If the scope that is open is not the owner's, or there is no copy.
    """
    if owner not in current_scope().owner_orgs:
        raise CopyError("A copy is opened only in the scope of its owner.")
    manifest = read_manifest(owner)
    if manifest is None:
        raise CopyError(f"There is no copy of the facts of {owner}. The nightly run writes it.")
    facts = from_rows({}, program)
    try:
        facts.connection.execute("RESET threads")
        for table in ("ref_positions", *(f"ref_{name}" for name in REFERENCE_TABLES)):
            _fill(facts, table, manifest, None)
        for kind in program.kinds.values():
            _fill(facts, f"fact_{kind.name}", manifest, kind)
    except BaseException:
        facts.close()
        raise
    return facts, manifest


def relation_of(folder: Path, copied: CopiedTable) -> str:
    """The rows of a table as a query: each with the position at which it was reversed, if it was by then."""
    if not copied.segments:
        columns = ", ".join(f'CAST(NULL AS {kind}) AS "{name}"' for name, kind in copied.columns.items())
        return f"SELECT {columns} WHERE false"
    rows = f"SELECT * FROM read_parquet({_listed(folder, copied.segments)})"
    if not copied.reversals:
        return rows
    later = f"read_parquet({_listed(folder, copied.reversals)})"
    return (
        f"SELECT r.* REPLACE (coalesce(r.{_REVERSED}, l.{_REVERSED}) AS {_REVERSED})"
        f" FROM ({rows}) AS r LEFT JOIN {later} AS l USING (fact_id)"
    )


def _listed(folder: Path, names: tuple[str, ...]) -> str:
    return "[" + ", ".join("'" + str(folder / name).replace("'", "''") + "'" for name in names) + "]"


def _fill(facts: FactSet, table: str, manifest: Manifest, kind: FactKind | None) -> None:
    copied = manifest.tables.get(table)
    if copied is None:  # A kind that only the program declares, and nobody has stored yet.
        return
    described = facts.connection.execute(f'DESCRIBE "{table}"').fetchall()
    read = ", ".join(_column(str(row[0]), copied, kind) for row in described)
    facts.connection.execute(
        f'INSERT INTO "{table}" SELECT {read} FROM ({relation_of(copy_folder(manifest.owner), copied)}) AS r'
    )


def _column(name: str, copied: CopiedTable, kind: FactKind | None) -> str:
    if name in copied.columns:
        return f'r."{name}"'
    declared = kind.column(name) if kind else None
    if declared is None:
        raise CopyError(f'The copy has no column "{name}".')
    typed = SQL_TYPES[declared.type].replace("numeric", "DECIMAL").replace("text", "VARCHAR")
    return f"CAST(json_extract_string(r.attributes, '$.\"{name}\"') AS {typed})"
