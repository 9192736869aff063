"""Start a process in a session of its own, and end it for certain."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import psutil

from swingby.web.server import leash
from swingby.web.server.account import Account

INSTANCE_VARIABLE = "SWINGBY_INSTANCE"
_LARGEST_LOG = 5_000_000


def leashed(
    program: Sequence[str], *, number: signal.Signals = signal.SIGKILL, account: Account | None = None
) -> list[str]:
    """Return the command that runs `program` as `account` and signals it with `number` if this process dies."""
    command = [sys.executable, "-I", "-S", leash.__file__]
    command += ["--parent", str(os.getpid()), "--signal", str(int(number))]
    if account is not None:
        command += ["--user", str(account.user), "--group", str(account.group)]
    return [*command, *program]


def spawn(command: Sequence[str], *, log: Path, env: Mapping[str, str], folder: Path) -> subprocess.Popen[bytes]:
    """Start `command` in its own session, so that no terminal key reaches it, writing to `log`."""
    turn_over(log)
    with log.open("ab") as out:
        return subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd=folder,
            env=dict(env),
            start_new_session=True,
        )


def turn_over(log: Path) -> None:
    """Put a long log aside as `.old`."""
    if log.exists() and log.stat().st_size > _LARGEST_LOG:
        log.replace(log.with_suffix(".old"))


def tail(log: Path, *, lines: int = 8) -> str:
    """Return the last lines of a log."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 10_000))
            text = file.read().decode(errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-lines:])


def end_session(process: subprocess.Popen[bytes], *, patience: float) -> bool:
    """Ask `process` to stop, kill its session when `patience` seconds are over; True if it stopped by itself."""
    process.terminate()
    stopped = wait_for(process, seconds=patience)
    kill_session(process)
    return stopped


def wait_for(process: subprocess.Popen[bytes], *, seconds: float) -> bool:
    """Wait until `process` has ended; False when the time is over."""
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def kill_session(process: subprocess.Popen[bytes]) -> None:
    """Kill `process` and whatever it left in its group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS says the second of a group of zombies
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def left_over(instance: str) -> Iterator[psutil.Process]:
    """Yield the processes that carry `instance` in their environment, this one and those above it excepted.

    The environment is read rather than a file of process ids: ids are reused, and files are lost.
    """
    here = {os.getpid(), *(above.pid for above in psutil.Process().parents())}
    for process in psutil.process_iter():
        if process.pid not in here and _carries(process, instance):
            yield process


def _carries(process: psutil.Process, instance: str) -> bool:
    try:
        return process.environ().get(INSTANCE_VARIABLE) == instance
    except (psutil.Error, OSError):
        return False


def kill_left_over(instance: str, *, seconds: float = 3) -> int:
    """Kill what an earlier supervisor left, and return how many processes that were."""
    found = list(left_over(instance))
    for process in found:
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(found, timeout=seconds)
    return len(found)


def pause_until(moment: float, *, step: float = 0.05) -> bool:
    """Sleep a step; False when `moment` on the monotonic clock has passed."""
    time.sleep(step)
    return time.monotonic() < moment
