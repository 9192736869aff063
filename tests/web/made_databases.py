"""Databases that take a while to make: each kind is made once in a run, and copied for whoever needs one of its own."""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg

from swingby.web.server import Database, open_database

#: Where the processes of one run find what the first of them made; whoever sets it removes it.
SHARED = "SWINGBY_TESTS_SHARED"
_FOR_POWER_CUTS = ("fsync", "full_page_writes")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a database holds: what another kind holds, and what is filled in after it."""

    name: str
    fill: Callable[[Database], None]
    after: Kind | None = None


def open_copy(kind: Kind, folder: Path) -> Database:
    """A running database of a kind in a new folder; the first one of a run is filled, later ones are copies.

    A server that ``DATABASE_URL`` names is filled each time: its files are not ours to copy.
    """
    if os.environ.get("DATABASE_URL"):
        return _filled(kind, open_database(folder))
    _copy(_made(kind), folder)
    return open_database(folder)


@contextmanager
def copied(kind: Kind) -> Iterator[Database]:
    """A database of a kind that may be changed, gone afterwards; it waits for no disk."""
    with open_folder() as folder:
        database = open_copy(kind, folder / "data")
        try:
            _forget_power_cuts(database)
            yield database
        finally:
            database.stop()


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that every user can reach, so that the database stays in it."""
    folder = Path(tempfile.mkdtemp(prefix="swingby-tests-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _filled(kind: Kind, database: Database) -> Database:
    if kind.after is not None:
        _filled(kind.after, database)
    kind.fill(database)
    return database


def _made(kind: Kind) -> Path:
    """The folder of a stopped database of a kind, made by whoever needs it first."""
    made = _shared() / kind.name
    with (_shared() / f"{kind.name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            _make(kind, made)
    return made


def _make(kind: Kind, made: Path) -> None:
    beginning = made.with_suffix(".beginning")
    shutil.rmtree(beginning, ignore_errors=True)
    if kind.after is not None:
        _copy(_made(kind.after), beginning)
    with open_database(beginning) as database:
        _forget_power_cuts(database)
        kind.fill(database)
        _heed_power_cuts(database)
    beginning.rename(made)


def _forget_power_cuts(database: Database) -> None:
    """Do not wait until the disk has what is written: after a power cut nobody looks for it."""
    if database.embedded:
        _tell(database, *(f"ALTER SYSTEM SET {name} = off" for name in _FOR_POWER_CUTS))


def _heed_power_cuts(database: Database) -> None:
    """Copies wait for the disk as every host does, until somebody says that they need not."""
    if database.embedded:
        _tell(database, "CHECKPOINT", *(f"ALTER SYSTEM RESET {name}" for name in _FOR_POWER_CUTS))


def _tell(database: Database, *statements: str) -> None:
    with psycopg.connect(database.url("administrator"), autocommit=True) as connection:
        for statement in (*statements, "SELECT pg_reload_conf()"):
            connection.execute(statement.encode())


def _copy(made: Path, folder: Path) -> None:
    """The files with their owners, which may be another user than ours."""
    subprocess.run(["cp", "-a", str(made), str(folder)], check=True)


@cache
def _shared() -> Path:
    named = os.environ.get(SHARED)
    if named:
        return Path(named)
    folder = Path(tempfile.mkdtemp(prefix="swingby-tests-"))
    folder.chmod(0o755)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
