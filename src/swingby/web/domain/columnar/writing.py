"""Bring an owner's copy up to the ledger's position: new files first, then the manifest that names them.

A crash between the two leaves files that nothing names; the next time takes them away. What is written is read again,
and must hold what the database holds, row by row; a table that does not is written anew as a whole, and said to be.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import duckdb
from django.db import connection, transaction
from django.utils import timezone
from psycopg import sql

from swingby.web.domain.columnar.manifest import (
    NAME,
    CopiedTable,
    CopyError,
    Manifest,
    copy_folder,
    read_manifest,
    settle,
    write_manifest,
)
from swingby.web.domain.columnar.reading import relation_of
from swingby.web.domain.columnar.tables import (
    REVERSED,
    StoredTable,
    found_in_files,
    found_on_postgres,
    stored_tables,
)
from swingby.web.domain.standings import current_position
from swingby.web.tenancy import Scope, open_scope

#: With so many files of one table, it is written anew as one.
MOST_SEGMENTS = 32
NULL = "\\N"


@dataclass(frozen=True, slots=True)
class Brought:
    """A copy that is up to date, and the tables that did not hold what they should and were written anew."""

    manifest: Manifest
    mended: tuple[str, ...]


def bring_copy(owner: str) -> Brought:
    """Write what came to an owner's ledger since the last time.

    Raises
    ------
    CopyError
        If what was written does not say what the database says.
    """
    with _still(owner), duckdb.connect() as duck:
        _wait_for_turn(owner)
        before, position = read_manifest(owner), current_position(owner)
        folder = copy_folder(owner)
        folder.mkdir(parents=True, exist_ok=True)
        if before is not None and before.position > position:
            before = None  # The database was restored to an earlier time: its positions will be given again.
        writing = _Writing(duck, folder, owner, before.position if before else 0, position)
        tables, mended = {}, []
        for table in stored_tables():
            known = before.tables.get(table.name) if before else None
            tables[table.name], was_wrong = writing.bring(table, known)
            mended += [table.name] if was_wrong else []
        settle(folder)
        manifest = Manifest(owner, position, timezone.now(), tables)
        write_manifest(manifest)
        _take_away(folder, manifest)
    return Brought(manifest, tuple(mended))


@contextmanager
def _still(owner: str) -> Iterator[None]:
    """The owner's scope in a transaction that sees all tables as they are at one moment."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        with open_scope(Scope(owner_orgs=frozenset({owner}))):
            yield


def _wait_for_turn(owner: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"copy:{owner}"])


def _take_away(folder: Path, manifest: Manifest) -> None:
    for path in folder.iterdir():
        if path.name != NAME and path.name not in manifest.files:
            path.unlink()


@dataclass(frozen=True, slots=True)
class _Writing:
    """One time of writing, from a position to the next."""

    duck: duckdb.DuckDBPyConnection
    folder: Path
    owner: str
    since: int
    position: int

    def bring(self, table: StoredTable, known: CopiedTable | None) -> tuple[CopiedTable, bool]:
        """The table's files when it is up to date, and whether those of before held something else."""
        wanted = found_on_postgres(table, self.owner, self.position)
        was_wrong = False
        if known is not None and dict(known.columns) == dict(table.columns) and len(known.segments) < MOST_SEGMENTS:
            copied = self._add(table, known) if table.is_ledger else known
            if self._holds(table, copied) == wanted:
                return replace(copied, found=wanted), False
            was_wrong = table.is_ledger  # Reference rows change, and are then written anew.
        copied = self._write(table, CopiedTable(table.columns), since=0)
        if self._holds(table, copied) != wanted:
            raise CopyError(f"The copy of {table.name} does not say what the database says. Look at the disk.")
        return replace(copied, found=wanted), was_wrong

    def _holds(self, table: StoredTable, copied: CopiedTable) -> object:
        """What the files hold; None where one of them is gone or broken."""
        try:
            return found_in_files(self.duck, table, relation_of(self.folder, copied))
        except duckdb.Error:
            return None

    def _add(self, table: StoredTable, known: CopiedTable) -> CopiedTable:
        copied = self._write(table, known, since=self.since)
        if not table.has_reversals:
            return copied
        chosen = f"position <= {self.since} AND {REVERSED} > {self.since} AND {REVERSED} <= {self.position}"
        columns = {name: table.columns[name] for name in ("fact_id", REVERSED)}
        name = self._file(table, columns, chosen, word="reversals")
        return replace(copied, reversals=(*copied.reversals, *name))

    def _write(self, table: StoredTable, known: CopiedTable, *, since: int) -> CopiedTable:
        chosen = f"position > {since} AND position <= {self.position}" if table.is_ledger else "true"
        name = self._file(
            table, table.columns, chosen, word=f"{since + 1}-{self.position}" if table.is_ledger else "all"
        )
        return replace(known, segments=(*known.segments, *name))

    def _file(self, table: StoredTable, columns: Mapping[str, str], chosen: str, *, word: str) -> tuple[str, ...]:
        """The name of a new file with the chosen rows; none if there are no rows."""
        with tempfile.TemporaryDirectory(prefix="swingby-copy-") as name:
            rows = Path(name) / "rows.csv"
            self._read(table, list(columns), chosen, rows)
            if not rows.stat().st_size:
                return ()
            target = f"{table.name}.{word}.{uuid4().hex[:12]}.parquet"
            casts = ", ".join(f'CAST("{column}" AS {kind}) AS "{column}"' for column, kind in columns.items())
            texts = ", ".join(f"'{column}': 'VARCHAR'" for column in columns)
            self.duck.execute(
                f"COPY (SELECT {casts} FROM read_csv('{rows}', header = false, auto_detect = false, delim = ',',"
                f" quote = '\"', escape = '\"', nullstr = '{NULL}', allow_quoted_nulls = false, columns = {{{texts}}}))"
                f" TO '{_in_text(self.folder / target)}' (FORMAT parquet, COMPRESSION zstd)"
            )
        _settle_file(self.folder / target)
        return (target,)

    def _read(self, table: StoredTable, columns: Sequence[str], chosen: str, target: Path) -> None:
        listed = sql.SQL(", ").join(self._column(name) for name in columns)
        query = sql.SQL(
            "COPY (SELECT {} FROM {} WHERE owner_org = {} AND {}) TO STDOUT (FORMAT csv, NULL '\\N')"
        ).format(listed, sql.Identifier(table.name), sql.Literal(self.owner), sql.SQL(chosen))
        with connection.cursor() as cursor, target.open("wb") as file, cursor.copy(query) as copied:
            for block in copied:
                file.write(block)

    def _column(self, name: str) -> sql.Composable:
        """A column; what is reversed after the position is not yet."""
        if name != REVERSED:
            return sql.Identifier(name)
        known = sql.SQL("CASE WHEN {0} <= {1} THEN {0} END")
        return known.format(sql.Identifier(REVERSED), sql.Literal(self.position))


def _in_text(path: Path) -> str:
    return str(path).replace("'", "''")


def _settle_file(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
