"""Backups: what comes back is what was there, and nothing is overwritten."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from pytest_django.fixtures import Settings

from swingby.web.domain.errors import RefusedError
from swingby.web.domain.files import store_file
from swingby.web.server import Database, open_database
from swingby.web.server.backups import back_up, last_backup, read_backup, restore
from swingby.web.server.errors import BackupError
from swingby.web.server.layout import layout_of
from swingby.web.server.passwords import secret_key
from tests.web.made_databases import copied
from tests.web.server.conftest import open_folder
from tests.web.site import SITE, environment, run
from tests.web.small_disk import full_disk as full_disk  # noqa: PLC0414 - a fixture that this file uses

pytestmark = pytest.mark.slow
SENT = "evidence of a report"
KEY_OF_NOBODY = "000000"


@dataclass(frozen=True, slots=True)
class Kept:
    """A host, its backup, and what its database held."""

    data: Path
    backup: Path
    secrets: Path
    rows: Mapping[str, str]
    rights: list[tuple[str, ...]]


@pytest.fixture(scope="module")
def kept() -> Iterator[Kept]:
    outside = os.environ.pop("DATABASE_URL", None)
    opened = contextmanager(open_folder)()
    folder = opened.__enter__()
    with copied(SITE) as database:
        assert database.log is not None
        data = database.log.parent.parent
        (data / "files" / "ab").mkdir(parents=True)
        (data / "files" / "ab" / "cdef").write_text(SENT)
        (data / "files" / "ab" / ".part-1").write_text("not yet whole")
        secret_key(layout_of(data).secret_key)
        _sign_in(database)
        run(database, "app", "-m", "tests.web.server.decide")
        rows, rights = _rows(database), _rights(database)
        back_up(data, to=folder / "backup", secrets=folder / "secrets")
        yield Kept(data, folder / "backup", folder / "secrets", rows, rights)
    opened.__exit__(None, None, None)
    if outside is not None:
        os.environ["DATABASE_URL"] = outside


def _sign_in(database: Database) -> None:
    with psycopg.connect(database.url("app")) as connection:
        connection.execute("INSERT INTO django_session VALUES (%s, 'x', now() + interval '1 day')", [KEY_OF_NOBODY])


def _rows(database: Database) -> Mapping[str, str]:
    """A digest of the rows of every table, whoever may see them."""
    with psycopg.connect(database.url("backup")) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
        return {table: _digest(connection, table) for (table,) in tables}


def _digest(connection: psycopg.Connection, table: str) -> str:
    query = "SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, ';' ORDER BY t::text)), '') FROM {} t"
    found = connection.execute(sql.SQL(query).format(sql.Identifier(table))).fetchone()
    assert found is not None
    return str(found[0])


def _rights(database: Database) -> list[tuple[str, ...]]:
    """Who may do what with which table, and which rows are hidden from whom."""
    with psycopg.connect(database.url("backup")) as connection:
        rights = connection.execute(
            "SELECT relname, (SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(relacl) a), relrowsecurity,"
            " relforcerowsecurity FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1"
        ).fetchall()
        policies = connection.execute(
            "SELECT tablename, policyname, cmd, qual, with_check FROM pg_policies ORDER BY 1, 2"
        ).fetchall()
    return [tuple(map(str, row)) for row in (*rights, *policies)]


def _restored(kept: Kept, folder: Path) -> Database:
    restore(folder, backup=kept.backup, secrets=kept.secrets)
    return open_database(folder)


def test_restored_host_is_equal(kept: Kept, tmp_path: Path) -> None:
    """Every row, right and policy comes back, files and key too; only sessions do not."""
    with _restored(kept, tmp_path / "new") as database:
        assert _rows(database) == {**kept.rows, "django_session": "0 "}
        assert _rights(database) == kept.rights
        stored, computed = _standings(database)
    assert stored == computed
    assert len(set(stored)) > 20
    assert len({each.partition(": ")[2] for each in stored}) > 10  # What was known differs, not the position alone.
    assert (tmp_path / "new" / "files" / "ab" / "cdef").read_text() == SENT
    assert not (tmp_path / "new" / "files" / "ab" / ".part-1").exists()
    keys = [layout_of(folder).secret_key for folder in (kept.data, tmp_path / "new")]
    assert keys[0].read_text() == keys[1].read_text()


def _standings(database: Database) -> tuple[list[str], list[str]]:
    """Decisions as they were stored, and as the restored host replays them from what was known then."""
    command = [sys.executable, "-m", "tests.web.server.recompute"]
    said = subprocess.run(command, env=environment(database, "app"), capture_output=True, text=True, check=True)
    stored, computed = json.loads(said.stdout)
    return stored, computed


def test_backup_holds_no_secret(kept: Kept) -> None:
    passwords = json.loads(layout_of(kept.data).passwords.read_text())
    secrets = [*passwords.values(), layout_of(kept.data).secret_key.read_text()]
    held = b"".join(path.read_bytes() for path in kept.backup.rglob("*") if path.is_file())
    assert [secret for secret in secrets if secret.encode() in held] == []
    assert sorted(path.name for path in kept.backup.iterdir()) == ["backup.json", "database.dump", "files"]
    assert (kept.secrets / "secret.key").stat().st_mode & 0o077 == 0


def test_nothing_is_overwritten(kept: Kept, tmp_path: Path) -> None:
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "letter").touch()
    with pytest.raises(BackupError, match="is not empty"):
        back_up(kept.data, to=tmp_path / "used")
    with pytest.raises(BackupError, match="files is not empty"):
        restore(kept.data, backup=kept.backup)
    shutil.rmtree(kept.data / "files")
    with pytest.raises(BackupError, match=r"holds [0-9]+ tables already"):
        restore(kept.data, backup=kept.backup)


@pytest.mark.parametrize("name", ["database.dump", "files/ab/cdef"])
def test_damage_is_found(kept: Kept, tmp_path: Path, name: str) -> None:
    """One byte more, or a file that is gone, before anything is touched."""
    damaged = tmp_path / "backup"
    shutil.copytree(kept.backup, damaged)
    with (damaged / name).open("ab") as out:
        out.write(b"x")
    with pytest.raises(BackupError, match=f"damaged: {name}"):
        restore(tmp_path / "new", backup=damaged)
    (damaged / name).unlink()
    with pytest.raises(BackupError, match=f"damaged: {name}"):
        read_backup(damaged)
    assert not (tmp_path / "new").exists()


def test_a_full_disk_is_said_and_leaves_nothing_half(kept: Kept, full_disk: Path) -> None:
    before = last_backup(kept.data)
    with pytest.raises(BackupError, match="No space left on device"):
        back_up(kept.data, to=full_disk / "backup")

    assert list(full_disk.iterdir()) == []
    assert last_backup(kept.data) == before


def test_a_file_that_a_full_disk_does_not_take_is_refused_in_words(full_disk: Path, settings: Settings) -> None:
    settings.SWINGBY_FILES = str(full_disk)
    with pytest.raises(RefusedError, match="The disk of this server is full, so the file was not kept"):
        store_file([b"x" * 300_000] * 3, owner="harbor", by=None, name="march.csv", media_type="", most_bytes=10**7)

    assert [path for path in full_disk.rglob("*") if path.is_file()] == []


def test_the_last_backup_is_known_and_a_restored_host_has_none(kept: Kept, tmp_path: Path) -> None:
    taken_at = json.loads((kept.backup / "backup.json").read_text())["taken_at"]

    assert last_backup(kept.data) == datetime.fromisoformat(taken_at)
    assert last_backup(tmp_path) is None


def test_not_a_backup(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="is no backup"):
        read_backup(tmp_path)
