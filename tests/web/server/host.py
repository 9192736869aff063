"""The whole application on one host, each part of which can be killed and comes back as a supervisor brings it back."""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
from psycopg.types.json import Jsonb

from swingby.web.server import Database, open_database
from tests.web.made_databases import Kind, open_copy
from tests.web.server.harness import ask, free_port, wait_until_gone
from tests.web.site import SITE, environment, run

VICTIMS = ("web", "worker", "database")
#: As a supervisor waits for a killed process to be gone.
GONE_SECONDS = 10.0
ANSWER_SECONDS = 60.0
#: Otherwise the next one is killed while the last one is still on its way back.
_WAITS_FOR_ANSWER = 0.6


def _open_review(database: Database) -> None:
    run(database, "app", "-m", "tests.web.server.fill_review")


REVIEWED = Kind("reviewed", _open_review, after=SITE)


class Host:
    """Database, web server and worker; ``kill`` ends one with -9 and starts it again at once."""

    def __init__(self, data: Path, database: Database) -> None:
        self.data, self.database, self.port = data, database, free_port()
        self.settings: dict[str, str] = {
            "SWINGBY_FILES": str(data / "files"),
            "SWINGBY_COPY": str(data / "copy"),
            "SWINGBY_API_PER_MINUTE": "1000000",
        }
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, name: str) -> None:
        """Start one of the parts."""
        if name == "database":
            self.database = open_database(self.data)
            return
        child = {
            "web": ("web", "127.0.0.1", str(self.port), "swingby.web.wsgi:application"),
            "worker": ("module", self.settings.get("WORKER", "swingby.web.jobs.worker")),
        }[name]
        with (self.data / f"{name}.said").open("ab") as said:
            self._running[name] = subprocess.Popen(
                [sys.executable, "-m", "swingby.web.server.child", *child],
                env={**environment(self.database, "app"), **self.settings, "SWINGBY_PARENT": str(os.getpid())},
                stdout=subprocess.DEVNULL,
                stderr=said,
                start_new_session=True,
            )

    def bring_back(self) -> list[str]:
        """Start again what ended by itself, as a supervisor does; returns what that was."""
        ended = [name for name, running in self._running.items() if running.poll() is not None]
        for name in ended:
            self.start(name)
        return ended

    def kill(self, name: str) -> None:
        """End one part as a power cut does, and wait until nothing of it is left."""
        victim = self._process(name)
        below = [*victim.children(recursive=True), victim]
        victim.kill()
        if name in self._running:
            self._running.pop(name).wait()
        elif self.database.postmaster is not None and self.database.postmaster.child is not None:
            self.database.postmaster.child.wait()
        wait_until_gone(below, limit=GONE_SECONDS)

    def _process(self, name: str) -> psutil.Process:
        if name != "database":
            return psutil.Process(self._running[name].pid)
        assert self.database.postmaster is not None
        assert self.database.postmaster.child is not None
        return psutil.Process(self.database.postmaster.child.pid)

    def wait_for_answer(self) -> None:
        """Wait until the application answers."""
        until = time.monotonic() + ANSWER_SECONDS
        while ask(self.port, "/health/") is None:
            assert time.monotonic() < until, (self.data / "web.said").read_text()[-3000:]
            time.sleep(0.05)

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """What the database holds, whoever may see it."""
        with psycopg.connect(self.database.url("backup")) as connection:
            return connection.execute(query.encode(), values).fetchall()

    def defer(self, task: str, **keys: str) -> None:
        """Ask for a job."""
        with psycopg.connect(self.database.url("app")) as connection:
            connection.execute(
                "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('live', %s, 0, NULL, NULL, %s::jsonb, NULL)"
                "::procrastinate_job_to_defer_v1])",
                [task, Jsonb(keys)],
            )

    def stop(self) -> None:
        """Stop all that runs."""
        for running in self._running.values():
            with contextlib.suppress(psutil.NoSuchProcess):
                for process in [*psutil.Process(running.pid).children(recursive=True), psutil.Process(running.pid)]:
                    with contextlib.suppress(psutil.NoSuchProcess):
                        process.kill()
            running.wait()
        self.database.stop()


@contextmanager
def running_host(**settings: str) -> Iterator[Host]:
    """A host with the small world and a review that waits, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="swingby-test-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        data = Path(folder) / "data"
        host = Host(data, open_copy(REVIEWED, data))
        host.settings |= settings
        try:
            for name in ("web", "worker"):
                host.start(name)
            host.wait_for_answer()
            yield host
        finally:
            host.stop()


def kill_often(host: Host, *, times: int, dice: random.Random) -> dict[str, int]:
    """Kill one part after the other, at random moments; each comes back at once."""
    killed = dict.fromkeys(VICTIMS, 0)
    for _ in range(times):
        time.sleep(0.5 + 1.5 * dice.random())
        name = dice.choice(VICTIMS)
        host.kill(name)
        host.start(name)
        killed[name] += 1
        if dice.random() < _WAITS_FOR_ANSWER:
            host.wait_for_answer()
    host.wait_for_answer()
    return killed
