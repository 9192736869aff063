"""No child outlives its parent, with the kernel's help and without."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from swingby.web.server import leash
from tests.web.server.harness import wait_until_gone

_PARENT = """
import os, subprocess, sys
child = subprocess.Popen(
    [sys.executable, "-I", "-S", sys.argv[1], "--parent", str(os.getpid()), "--signal", "2", "/bin/sleep", "60"],
    start_new_session=True,
)
print(child.pid, flush=True)
child.wait()
"""

WAYS = pytest.mark.parametrize("way", ["kernel", "poll"])


def _start(way: str, *, ignoring: str = "") -> tuple[subprocess.Popen[bytes], psutil.Process]:
    parent = subprocess.Popen(
        [sys.executable, "-c", ignoring + _PARENT, leash.__file__],
        stdout=subprocess.PIPE,
        env={**os.environ, "SWINGBY_LEASH": way},
    )
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    parent.stdout.close()
    end = time.monotonic() + 5
    while not _sleepers(child) and time.monotonic() < end:
        time.sleep(0.01)
    return parent, child


def _sleepers(child: psutil.Process) -> list[psutil.Process]:
    return [process for process in (child, *child.children()) if process.cmdline()[:1] == ["/bin/sleep"]]


@WAYS
def test_program_ends_with_its_parent(way: str) -> None:
    """A parent killed with -9 takes the program along."""
    parent, child = _start(way)
    below = _sleepers(child)
    assert len(below) == 1
    parent.kill()
    parent.wait()
    wait_until_gone([child, *below], limit=2)


@WAYS
def test_program_of_a_background_job_ends_with_its_parent(way: str) -> None:
    """A shell that starts a job in the background tells it to ignore the signal of Ctrl-C."""
    parent, child = _start(way, ignoring="import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n")
    below = _sleepers(child)
    assert len(below) == 1
    parent.kill()
    parent.wait()
    wait_until_gone([child, *below], limit=2)


@WAYS
def test_signals_reach_the_program(way: str) -> None:
    """A signal to the leashed process is a signal to the program."""
    parent, child = _start(way)
    below = _sleepers(child)
    child.terminate()
    wait_until_gone([child, *below], limit=2)
    assert parent.wait(timeout=5) == 0


_SIGNALLED_EARLY = """
import os, signal, subprocess
from swingby.web.server import leash

def started(arguments):
    os.kill(os.getpid(), signal.SIGTERM)
    program = real(arguments)
    os.kill(os.getpid(), signal.SIGTERM)
    return program

real, leash.subprocess.Popen = subprocess.Popen, started
leash._keep(["/bin/sleep", "60"], parent=os.getppid(), number=signal.SIGINT)
"""


def test_a_signal_that_comes_while_the_program_starts_is_passed_on() -> None:
    ended = subprocess.run([sys.executable, "-c", _SIGNALLED_EARLY], check=False, timeout=20)
    assert ended.returncode == 256 - signal.SIGTERM


def test_parent_already_gone(tmp_path: Path) -> None:
    """A program whose parent died before it was leashed does not start."""
    ended = subprocess.run(
        [sys.executable, "-I", "-S", leash.__file__, "--parent", "1", "--signal", "2", "/bin/touch", tmp_path / "made"],
        capture_output=True,
        check=False,
    )
    assert ended.returncode == 1
    assert list(tmp_path.iterdir()) == []
