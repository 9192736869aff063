from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from swingby.web.server import Database, open_database

PASSWORD = "an-example-password"


@dataclass(frozen=True, slots=True)
class Site:
    """A running application with the small world in it."""

    address: str


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The web server in a process of its own, on a database of its own."""
    folder = Path(tempfile.mkdtemp(prefix="swingby-browser-"))
    database = open_database(folder)
    try:
        _run(database, "owner", "-m", "swingby.web", "migrate", "--verbosity", "0")
        _run(database, "app", "-m", "tests.browser.fill")
        with _server(database) as address:
            yield Site(address)
    finally:
        database.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _environment(database: Database, role: str) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "swingby.web.settings",
        "DATABASE_URL": database.url("owner" if role == "owner" else "app"),
        "SWINGBY_ROLE": role,
        "SWINGBY_TODAY": "2026-03-31",
        "SWINGBY_SECRET_KEY": "an-example-key",
        "SWINGBY_PARENT": str(os.getpid()),
        "PYTHONPATH": os.pathsep.join(["src", "."]),
    }


def _run(database: Database, role: str, *arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], env=_environment(database, role), check=True)


class _server:
    def __init__(self, database: Database) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.command = [sys.executable, "-m", "swingby.web.server.child", "web", "127.0.0.1", str(self.port)]
        self.environment = _environment(database, "app")

    def __enter__(self) -> str:
        self.process = subprocess.Popen([*self.command, "swingby.web.wsgi:application"], env=self.environment)
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"{self.address}/health/", timeout=1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return self.address
        raise RuntimeError("The web server did not answer within 30 seconds.")

    def __exit__(self, *error: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=10)
