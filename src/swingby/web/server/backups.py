"""Backups: the database as the backup role sees it and the files beside it, without secrets.

A backup is written beside its final place and moved there when it is whole. The database is dumped before the files are
copied: a file stands on the disk before a row names it, so that every row of a backup finds its file.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

import swingby
from swingby.web.server.binaries import find_binaries
from swingby.web.server.embedded import Database, open_database
from swingby.web.server.errors import BackupError
from swingby.web.server.layout import layout_of

FORMAT = 1
DUMP, FILES, NOTE = "database.dump", "files", "backup.json"
KEY_FILE = "secret.key"
LAST = "last-backup.json"
#: Whoever is signed in signs in again: a backup opens no door.
_WITHOUT_ROWS = ("django_session",)


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that is whole: when and by which version it was taken, and how many files people had sent."""

    folder: Path
    taken_at: str
    version: str
    files: int


def files_folder(data: Path) -> Path:
    """Where the files lie that people sent."""
    return Path(os.environ.get("SWINGBY_FILES") or data.absolute() / FILES)


def back_up(data: Path, *, to: Path, secrets: Path | None = None) -> Backup:
    """Write the database and the files of `data` into a new folder, and the signing key into another one if asked.

    Raises
    ------
    BackupError
        If the folder holds something, or the database cannot be read.
    """
    for folder in filter(None, (to, secrets)):
        _refuse_used(folder)
    if secrets is not None:
        _refuse_without_key(layout_of(data).secret_key)
    unfinished = to.with_name(f"{to.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        _write(data, unfinished)
    except BaseException:
        # Half a backup is none, and would take the room that the next one needs.
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    if secrets is not None:
        _copy_secret(layout_of(data).secret_key, secrets / KEY_FILE)
    if to.exists():
        to.rmdir()
    unfinished.rename(to)
    found = read_backup(to)
    _remember(data, found)
    return found


def _write(data: Path, folder: Path) -> None:
    try:
        folder.mkdir(parents=True, mode=0o700)
        with open_database(data) as database:
            _dump(database, folder / DUMP)
        _copy_files(files_folder(data), folder / FILES)
        _write_note(folder)
    except OSError as error:
        hint = "Make room there, or name a folder on another disk; nothing was changed."
        raise BackupError(f"The backup could not be written: {error}", hint=hint) from error


def _remember(data: Path, found: Backup) -> None:
    """Note beside the data when the last backup was taken, for the operations page; a restored host has none yet."""
    with contextlib.suppress(OSError):
        (data.absolute() / LAST).write_text(json.dumps({"taken_at": found.taken_at, "files": found.files}))


def last_backup(data: Path) -> datetime | None:
    """When the last backup of these data was taken; None when none is known of."""
    try:
        return datetime.fromisoformat(json.loads((data / LAST).read_text(encoding="utf-8"))["taken_at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def restore(data: Path, *, backup: Path, secrets: Path | None = None) -> Backup:
    """Fill an empty database and an empty folder of files from a backup, then bring its tables up to date.

    Raises
    ------
    BackupError
        If the backup is damaged, or the database or the folder of files holds something.
    """
    found = read_backup(backup)
    files = files_folder(data)
    _refuse_used(files)
    if secrets is not None:
        _refuse_without_key(secrets / KEY_FILE)
    with open_database(data) as database:
        _refuse_tables(database)
        _load(database, backup / DUMP)
        _migrate(database)
    if (backup / FILES).exists():
        _copy_files(backup / FILES, files)
    if secrets is not None:
        _copy_secret(secrets / KEY_FILE, layout_of(data).secret_key)
    return found


def read_backup(folder: Path) -> Backup:
    """Read a backup's note and compare every file with it.

    Raises
    ------
    BackupError
        If it is no backup, or a file is missing, added or changed.
    """
    try:
        note = json.loads((folder / NOTE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BackupError(f"{folder} is no backup: it has no {NOTE} that can be read.", hint=_TAKE_ONE) from error
    if note.get("format") != FORMAT:
        hint = f"It was made by Swingby {note.get('version')}: restore it with that version or a later one."
        raise BackupError(f"The backup in {folder} has a format that this version does not know.", hint=hint)
    digests = _digests(folder)
    wrong = sorted(name for name in digests.keys() | note["digests"] if digests.get(name) != note["digests"].get(name))
    if wrong:
        raise BackupError(f"The backup in {folder} is damaged: {', '.join(wrong[:5])}.", hint="Use another backup.")
    return Backup(folder, note["taken_at"], note["version"], len(digests) - 1)


_TAKE_ONE = "Name a folder that `swingby backup` wrote."


def _refuse_used(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupError(f"{folder} is not empty.", hint="Name a folder that is empty or does not exist yet.")


def _refuse_tables(database: Database) -> None:
    with psycopg.connect(database.url("owner")) as connection:
        found = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    if found is not None and found[0]:
        hint = "Restore into a new folder with --data, or into a new database; nothing was changed."
        raise BackupError(f"The database holds {found[0]} tables already.", hint=hint)


def _dump(database: Database, target: Path) -> None:
    if "backup" not in database.urls:
        hint = "Set SWINGBY_BACKUP_DATABASE_URL to the address of swingby_backup, which sees every row."
        raise BackupError("There is no address of a role that sees every row.", hint=hint)
    without = [f"--exclude-table-data=public.{table}" for table in _WITHOUT_ROWS]
    words = ["--format=custom", "--no-owner", "--no-privileges", *without, f"--file={target}"]
    _run("pg_dump", words, url=database.url("backup"))


def _load(database: Database, dump: Path) -> None:
    """All or nothing, as the owner: policies come after the rows that they would hide."""
    url = database.url("owner")
    words = ["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
    _run("pg_restore", [*words, f"--dbname={conninfo_to_dict(url)['dbname']}", str(dump)], url=url)


def _run(program: str, words: list[str], *, url: str) -> None:
    """Run a program of PostgreSQL; the password goes through its environment, which other users cannot read."""
    env = {"PATH": os.environ.get("PATH", os.defpath), "TZ": "UTC", **_address(url)}
    ended = subprocess.run([_program(program), *words], env=env, capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        said = ended.stderr.strip().splitlines()
        hint = "Mend what it names and try again; nothing was changed."
        raise BackupError(f"{program} failed: {' '.join(said[:3])}", hint=hint)


def _program(name: str) -> str:
    """The program that ships with the embedded server; beside another server the machine's own, whose version fits."""
    own = shutil.which(name) if os.environ.get("DATABASE_URL") else None
    return own or find_binaries().program(name)


_VARIABLES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
_MORE_VARIABLES = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}


def _address(url: str) -> dict[str, str]:
    parts = conninfo_to_dict(url)
    return {name: str(parts[key]) for key, name in (_VARIABLES | _MORE_VARIABLES).items() if parts.get(key)}


def _migrate(database: Database) -> None:
    """Bring the tables up to this version and give the application its rights, which a dump does not hold."""
    env = {**os.environ, "DATABASE_URL": database.url("owner"), "SWINGBY_ROLE": "owner"}
    env.setdefault("DJANGO_SETTINGS_MODULE", "swingby.web.settings")
    command = [sys.executable, "-m", "swingby.web", "migrate", "--verbosity", "0"]
    ended = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        hint = "Restore with the version of Swingby that wrote the backup, or a later one, into an empty database."
        raise BackupError(f"The tables could not be brought up to date: {ended.stderr.strip()[-300:]}", hint=hint)


def _copy_files(source: Path, target: Path) -> None:
    """Every file that is whole: one that is still being sent has no row yet."""
    try:
        target.mkdir(parents=True, exist_ok=True, mode=0o700)
        if source.exists():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns(".part-*"), dirs_exist_ok=True)
    except (OSError, shutil.Error) as error:
        hint = f"Make room in {target} and the files readable, then begin anew with an empty place."
        raise BackupError(f"The files could not be copied: {error}", hint=hint) from error


def _refuse_without_key(source: Path) -> None:
    if not source.is_file():
        raise BackupError(f"There is no signing key at {source}.", hint="Leave --secrets out: a new key is made.")


def _copy_secret(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write(source.read_text(encoding="utf-8"))


def _write_note(folder: Path) -> None:
    taken_at = datetime.now(UTC).isoformat(timespec="seconds")
    note = {"format": FORMAT, "version": swingby.__version__, "taken_at": taken_at, "digests": _digests(folder)}
    with (folder / NOTE).open("w", encoding="utf-8") as out:
        json.dump(note, out, indent=2)
        out.flush()
        os.fsync(out.fileno())


def _digests(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != NOTE)
    return {path.relative_to(folder).as_posix(): _digest(path) for path in files}


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
