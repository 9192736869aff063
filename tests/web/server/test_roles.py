"""What each database role may do, tried as that role."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from swingby.web.server import Database, open_database
from swingby.web.server.binaries import find_binaries
from swingby.web.server.embedded import _prepare
from swingby.web.server.errors import UnsafeRoleError
from swingby.web.server.layout import layout_of
from swingby.web.server.roles import check_app_role
from tests.web.server.conftest import open_folder

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    yield from open_folder()


@pytest.fixture(scope="module")
def database(data: Path) -> Iterator[Database]:
    """Return an embedded database with one table under row-level security that shows nothing to anybody."""
    external = os.environ.pop("DATABASE_URL", None)
    with open_database(data) as opened:
        with psycopg.connect(opened.url("owner")) as connection:
            connection.execute("CREATE TABLE secret (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, word text)")
            connection.execute("INSERT INTO secret (word) VALUES ('a'), ('b')")
            connection.execute("ALTER TABLE secret ENABLE ROW LEVEL SECURITY")
            connection.execute("ALTER TABLE secret FORCE ROW LEVEL SECURITY")
        yield opened
    if external is not None:
        os.environ["DATABASE_URL"] = external


def _count(url: str) -> int:
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT count(*) FROM secret").fetchone()
    assert found is not None
    return int(found[0])


@pytest.mark.parametrize(("role", "seen"), [("owner", 0), ("app", 0), ("backup", 2), ("administrator", 2)])
def test_row_level_security(database: Database, role: str, seen: int) -> None:
    """Neither the owner of the tables nor the application bypasses row-level security; the backup does."""
    assert _count(database.urls[role]) == seen


def test_app_cannot_change_tables(database: Database) -> None:
    """The application cannot make, alter or drop a table."""
    with psycopg.connect(database.url("app"), autocommit=True) as connection:
        for statement in (
            "CREATE TABLE extra (id integer)",
            "ALTER TABLE secret DISABLE ROW LEVEL SECURITY",
            "DROP TABLE secret",
            "TRUNCATE secret",
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(statement)


def test_app_stages_imports(database: Database) -> None:
    """The application can COPY into a temporary table, as imports do."""
    with psycopg.connect(database.url("app")) as connection:
        connection.execute("CREATE TEMPORARY TABLE staged (word text)")
        with connection.cursor().copy("COPY staged FROM STDIN") as copy:
            copy.write_row(("c",))
        assert connection.execute("SELECT word FROM staged").fetchall() == [("c",)]


def test_backup_changes_nothing(database: Database) -> None:
    """The backup role reads only, even if it asks for a writing transaction."""
    with psycopg.connect(database.url("backup"), autocommit=True) as connection:
        with pytest.raises(errors.ReadOnlySqlTransaction):
            connection.execute("INSERT INTO secret (word) VALUES ('c')")
        connection.execute("SET default_transaction_read_only = off")
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("INSERT INTO secret (word) VALUES ('c')")


def test_backup_dumps_everything(database: Database) -> None:
    """pg_dump as the backup role holds the rows that row-level security hides from everybody else."""
    dumped = subprocess.run(
        [find_binaries().program("pg_dump"), "--data-only", database.url("backup")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "1\ta\n2\tb\n" in dumped.stdout


def test_preparing_again_changes_nothing(database: Database, data: Path) -> None:
    """Roles, database and privileges are made at each start, without harm."""
    _prepare(layout_of(data), database.url("administrator"))
    assert _count(database.url("app")) == 0


def test_unsafe_role_is_refused(database: Database) -> None:
    """A role that sees every tenant's rows may not serve requests."""
    check_app_role(database.url("app"))
    for role in ("administrator", "backup"):
        with pytest.raises(UnsafeRoleError):
            check_app_role(database.urls[role])
