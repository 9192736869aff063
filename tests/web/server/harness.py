"""Start the supervisor as a person does, hurt it, and look at what is left."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[3]
# What this interpreter finds its children find too.
PATHS = os.pathsep.join([str(ROOT / "src"), str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
STOP_LIMIT = 5.0
START_LIMIT = 10.0


@dataclass(frozen=True, slots=True)
class Served:
    """A running supervisor and how long it took to answer."""

    data: Path
    supervisor: subprocess.Popen[bytes]
    port: int
    log: Path
    seconds: float

    @property
    def said(self) -> str:
        """Everything it printed."""
        return self.log.read_text()

    def interrupt(self) -> None:
        """Press Ctrl-C: a terminal sends SIGINT to the whole group of the foreground process."""
        os.killpg(self.supervisor.pid, signal.SIGINT)

    def wait(self, *, limit: float) -> float:
        """Return the seconds until the supervisor has ended."""
        begun = time.monotonic()
        self.supervisor.wait(timeout=limit)
        return time.monotonic() - begun


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def launch(data: Path, port: int, *more: str, env: dict[str, str] | None = None) -> Served:
    """Start the supervisor without waiting for it."""
    log = data.with_name(f"{data.name}.said")
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.web.server.tiny_serve", str(data), str(port), *more],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": PATHS, "SWINGBY_WEB_THREADS": "64", **(env or {})},
            process_group=0,
        )
    return Served(data=data, supervisor=process, port=port, log=log, seconds=0)


def serve(data: Path, port: int, *more: str, env: dict[str, str] | None = None) -> Served:
    """Start the supervisor and wait until the application answers."""
    begun = time.monotonic()
    served = launch(data, port, *more, env=env)
    while "Swingby serves" not in served.said or ask(port) is None:
        if served.supervisor.poll() is not None or time.monotonic() - begun > 3 * START_LIMIT:
            raise AssertionError(f"it did not start:\n{served.said}")
        time.sleep(0.02)
    return replace(served, seconds=time.monotonic() - begun)


def ask(port: int, path: str = "/", *, seconds: float = 3) -> str | None:
    """Return what the application answers, None if it does not."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=seconds) as answer:
            text: str = answer.read().decode()
            return text
    except (OSError, urllib.error.URLError):
        return None


def wait_for_answer(port: int, *, limit: float) -> float:
    """Return the seconds until the application answers."""
    begun = time.monotonic()
    while ask(port) is None:
        if time.monotonic() - begun > limit:
            raise AssertionError(f"no answer within {limit} s")
        time.sleep(0.02)
    return time.monotonic() - begun


def family(supervisor: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """Return every process below the supervisor; each knows when it was created, so a reused id does not deceive."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(supervisor.pid).children(recursive=True)
    return []


def alive(processes: Iterable[psutil.Process]) -> list[psutil.Process]:
    """Return those that still run."""
    return [process for process in processes if _runs(process)]


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_until_gone(processes: Sequence[psutil.Process], *, limit: float) -> float:
    """Return the seconds until none of `processes` runs."""
    begun = time.monotonic()
    while left := alive(processes):
        if time.monotonic() - begun > limit:
            raise AssertionError(f"still running after {limit} s: {[_line(process) for process in left]}")
        time.sleep(0.02)
    return time.monotonic() - begun


def _line(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.Error):
        return f"{process.pid} {' '.join(process.cmdline())[:100]}"
    return str(process.pid)


def belonging_to(data: Path) -> list[psutil.Process]:
    """Return every process of this machine that serves `data`, found without asking the supervisor."""
    return [process for process in psutil.process_iter() if _mentions(process, str(data))]


def _mentions(process: psutil.Process, data: str) -> bool:
    try:
        if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
            return False
        return any(part.startswith(data) for part in process.cmdline()) or process.environ().get("SWINGBY_DATA") == data
    except psutil.Error:
        return False


def kill_all(served: Served) -> None:
    """Clear away after a test that failed."""
    for process in family(served.supervisor) + belonging_to(served.data):
        with contextlib.suppress(psutil.Error):
            process.kill()
    if served.supervisor.poll() is None:
        served.supervisor.kill()
        served.supervisor.wait()


def occupy(port: int, dice: random.Random) -> list[socket.socket]:
    """Keep up to three requests in the air that take longer than anybody waits."""
    held = []
    for _ in range(dice.randrange(4)):
        with contextlib.suppress(OSError):
            request = socket.create_connection(("127.0.0.1", port), timeout=1)
            request.sendall(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
            held.append(request)
    return held
