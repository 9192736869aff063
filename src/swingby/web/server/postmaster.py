"""One PostgreSQL server process: found by connecting, started, stopped."""

from __future__ import annotations

import contextlib
import os
import signal
import stat
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
from psycopg.pq import PGconn, Ping

from swingby.web.server.account import give, no_link
from swingby.web.server.addresses import with_database
from swingby.web.server.binaries import find_binaries
from swingby.web.server.cluster import plain_environment
from swingby.web.server.errors import DatabaseFailedError, LostPasswordsError, UnusableSocketFolderError
from swingby.web.server.layout import SOCKET_NAME, Layout
from swingby.web.server.processes import leashed, pause_until, spawn, tail

# Crash recovery after a large import may take this long.
_START_SECONDS = 120.0
_HUNG_SECONDS = 8.0
# Above any process id the system gives.
_NOBODYS_PID = "2147483646"
_PASSING = ("is still in use", "lock file", "could not create any Unix-domain sockets")


def _buffers() -> int:
    """Megabytes of pages that are kept at hand: an eighth of the machine's memory, within bounds."""
    megabytes = psutil.virtual_memory().total >> 20
    return max(256, min(megabytes // 8, 2048))


_SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "password_encryption": "scram-sha-256",
    "logging_collector": "off",
    "log_line_prefix": "%m [%p] ",
    "max_connections": "60",
    "shared_buffers": f"{_buffers()}MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    # Short statements on small results: compiling them costs more than it saves.
    "jit": "off",
}


@dataclass(frozen=True, slots=True)
class Postmaster:
    """A server process, either a child of this process or one that was found running."""

    layout: Layout
    administrator_url: str
    child: subprocess.Popen[bytes] | None = None

    @property
    def adopted(self) -> bool:
        """Tell whether another process started it."""
        return self.child is None

    def is_alive(self) -> bool:
        """Tell whether the server accepts or is about to accept connections."""
        if self.child is not None:
            return self.child.poll() is None
        return ping(self.administrator_url) is not Ping.NO_RESPONSE

    def stop(self, *, patience: float) -> None:
        """End open sessions and stop; after `patience` seconds leave the rest to crash recovery."""
        for number, seconds in ((signal.SIGINT, patience), (signal.SIGQUIT, 0.5), (signal.SIGKILL, 1.0)):
            self._send(number)
            end = time.monotonic() + seconds
            while self._runs():
                if not pause_until(end, step=0.02):
                    break
            else:
                return

    def _runs(self) -> bool:
        if self.child is not None:
            return self.child.poll() is None
        # Not by waiting for its process id: a starter that never asks leaves a zombie.
        return running_postmaster(self.layout) is not None

    def _send(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, psutil.NoSuchProcess):
            if self.child is None:
                _send_to_stranger(self.layout, number)
            elif self.child.poll() is None and number is signal.SIGKILL:
                os.killpg(self.child.pid, number)
            else:
                self.child.send_signal(number)


def _send_to_stranger(layout: Layout, number: signal.Signals) -> None:
    process = running_postmaster(layout)
    if process is not None:
        process.send_signal(number)


def stop_half_started(layout: Layout, *, patience: float) -> None:
    """Stop a server of this layout that was being started when the start was broken off."""
    Postmaster(layout=layout, administrator_url="").stop(patience=patience)


def ping(url: str) -> Ping:
    """Return what the server at `url` says before any password: OK, REJECT (busy) or NO_RESPONSE."""
    return Ping(PGconn.ping(f"{url}&connect_timeout=2".encode()))


def adopt(layout: Layout, administrator_url: str) -> Postmaster | None:
    """Return the server of this layout that runs already; None if there is none.

    Raises
    ------
    DatabaseFailedError
        If one runs but does not come to answer.
    """
    begun = time.monotonic()
    while (answer := ping(administrator_url)) is not Ping.OK:
        silent = answer is not Ping.REJECT
        process = running_postmaster(layout)
        if silent and process is None:
            return None
        if not pause_until(begun + (_HUNG_SECONDS if silent else _START_SECONDS)):
            known = "" if process is None else f" (process {process.pid})"
            reason = f"an old server{known} runs but does not answer; end it."
            raise DatabaseFailedError(reason, log=layout.log("postgres"))
    _prove_ours(layout, administrator_url)
    return Postmaster(layout=layout, administrator_url=administrator_url)


def _prove_ours(layout: Layout, administrator_url: str) -> None:
    try:
        with psycopg.connect(with_database(administrator_url, "postgres"), connect_timeout=5) as connection:
            folder = connection.execute("SHOW data_directory").fetchone()
    except psycopg.OperationalError as error:
        if "authentication failed" in str(error):
            raise LostPasswordsError(layout.passwords) from error
        raise DatabaseFailedError(str(error), log=layout.log("postgres")) from error
    if folder is None or Path(folder[0]).resolve() != layout.cluster.resolve():
        raise DatabaseFailedError("a server for another folder answers on its socket.", log=layout.log("postgres"))


def start(layout: Layout, administrator_url: str) -> Postmaster:
    """Start the server and wait until it answers.

    Raises
    ------
    DatabaseFailedError
        If it ends instead, or never answers.
    """
    make_socket_folder(layout)
    for file in (layout.cluster / "postmaster.pid", layout.sockets / f"{SOCKET_NAME}.lock"):
        _disown(file)
    end = time.monotonic() + _HUNG_SECONDS
    while True:
        child = _launch(layout)
        if _becomes_ready(child, administrator_url):
            _prove_ours(layout, administrator_url)
            return Postmaster(layout=layout, administrator_url=administrator_url, child=child)
        if child.poll() is None:
            child.kill()
        _raise_unless_passing(layout, in_time=pause_until(end, step=0.25))


def _launch(layout: Layout) -> subprocess.Popen[bytes]:
    binaries = find_binaries(layout.account)
    command = [binaries.program("postgres"), "-D", str(layout.cluster)]
    for name, value in (_SETTINGS | {"unix_socket_directories": str(layout.sockets)}).items():
        command += ["-c", f"{name}={value}"]
    # SIGINT is PostgreSQL's fast stop: it ends open sessions and leaves nothing to recover.
    command = leashed(command, number=signal.SIGINT, account=layout.account)
    return spawn(command, log=layout.log("postgres"), env=plain_environment(), folder=Path("/"))


def _becomes_ready(child: subprocess.Popen[bytes], administrator_url: str) -> bool:
    end = time.monotonic() + _START_SECONDS
    while child.poll() is None:
        if ping(administrator_url) is Ping.OK:
            return child.poll() is None
        if not pause_until(end, step=0.02):
            return False
    return False


def _raise_unless_passing(layout: Layout, *, in_time: bool) -> None:
    said = tail(layout.log("postgres"))
    if not in_time or not any(reason in said for reason in _PASSING):
        raise DatabaseFailedError(f"it said:\n{said}", log=layout.log("postgres"))


def make_socket_folder(layout: Layout) -> None:
    """Make the folder of the socket if it is not the cluster itself.

    Raises
    ------
    UnusableSocketFolderError
        If somebody else made it.
    """
    if layout.sockets == layout.cluster:
        return
    if not layout.sockets.exists():
        layout.sockets.mkdir(mode=0o700)
        give(layout.sockets, layout.account)
    found = layout.sockets.lstat()
    expected = os.geteuid() if layout.account is None else layout.account.user
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != expected or found.st_mode & 0o077:
        raise UnusableSocketFolderError(layout.sockets)


def running_postmaster(layout: Layout) -> psutil.Process | None:
    """Return the process that runs this cluster, if the file of its id tells the truth."""
    written = _written_pid(layout.cluster / "postmaster.pid")
    if written is None:
        return None
    try:
        process = psutil.Process(written)
        ours = process.status() != psutil.STATUS_ZOMBIE and str(layout.cluster) in process.cmdline()
    except psutil.Error:
        return None
    return process if ours else None


def _written_pid(file: Path) -> int | None:
    try:
        return int(file.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def _disown(file: Path) -> None:
    """Replace a dead server's process id when another program has it now.

    PostgreSQL would take that program for its server. The rest of the file stays: it names the shared memory by which
    PostgreSQL recognises sessions of the old server that still run.
    """
    written = _written_pid(file)
    if written is None or not psutil.pid_exists(written):
        return
    rest = file.read_text().split("\n", 1)[1]
    with open(file, "w", encoding="utf-8", opener=no_link) as lock:
        lock.write(f"{_NOBODYS_PID}\n{rest}")
