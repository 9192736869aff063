"""A running application of its own: database, tables, the small world, web server or worker."""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from swingby.web.server import Database
from tests.web.made_databases import Kind, copied

START_SECONDS = 30
PASSWORD = "an-example-password"


@contextmanager
def own_database() -> Iterator[Database]:
    """A migrated database with the small world and its first standings, which may be changed."""
    with copied(SITE) as database:
        yield database


def environment(database: Database, role: str) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "swingby.web.settings",
        "DATABASE_URL": database.url("owner" if role == "owner" else "app"),
        "SWINGBY_ROLE": role,
        "SWINGBY_TODAY": "2026-03-31",
        "SWINGBY_SECRET_KEY": "an-example-key",
        "SWINGBY_FILES": _files(),
        "SWINGBY_COPY": str(Path(_files()) / "copy"),
        "SWINGBY_PARENT": str(os.getpid()),
        "PYTHONPATH": os.pathsep.join(["src", "."]),
    }


@cache
def _files() -> str:
    """Where the files that are sent in this run are kept."""
    folder = tempfile.mkdtemp(prefix="swingby-files-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def run(database: Database, role: str, *arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], env=environment(database, role), check=True)


def _build_world(database: Database) -> None:
    run(database, "owner", "-m", "swingby.web", "migrate", "--verbosity", "0")
    run(database, "app", "-m", "tests.permissions.fill")


def _compute_standings(database: Database) -> None:
    run(database, "app", "-m", "tests.browser.fill")


WORLD = Kind("world", _build_world)
SITE = Kind("site", _compute_standings, after=WORLD)


@contextmanager
def process(database: Database, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the application's role, stopped at the end."""
    started = subprocess.Popen([sys.executable, *arguments], env=environment(database, "app"))
    try:
        yield started
    finally:
        started.terminate()
        started.wait(timeout=10)


@contextmanager
def web_server(database: Database) -> Iterator[str]:
    """The address of a web server that answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    address = f"http://127.0.0.1:{port}"
    child = ("-m", "swingby.web.server.child", "web", "127.0.0.1", port, "swingby.web.wsgi:application")
    with process(database, *child):
        _wait_for_answer(f"{address}/health/")
        yield address


def _wait_for_answer(address: str) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(address, timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"The web server did not answer within {START_SECONDS} seconds.")
