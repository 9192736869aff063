"""One process that the supervisor keeps running."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from swingby.web.server.errors import ProcessFailedError
from swingby.web.server.processes import kill_session, pause_until, spawn, tail

_FIRST_DELAY = 0.25
_MOST_FAILURES = 5


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a process must live for its failures to be forgotten, and how many failures are too many."""

    settled_seconds: float = 10.0
    failures: int = _MOST_FAILURES


@dataclass(slots=True)
class Failures:
    """Failures in a row, and when to try again."""

    name: str
    log: Path
    patience: Patience
    count: int = 0
    begun: float = 0.0
    due: float = 0.0

    def start(self) -> None:
        """Note a start."""
        self.begun = time.monotonic()

    def add(self, reason: str) -> float:
        """Note an end that nobody asked for and return the delay before the next start.

        Raises
        ------
        ProcessFailedError
            After too many failures in a row.
        """
        lived = time.monotonic() - self.begun
        self.count = 1 if lived >= self.patience.settled_seconds else self.count + 1
        if self.count > self.patience.failures:
            raise ProcessFailedError(
                self.name, reason=f"{reason} {self.count} times in a row", log=self.log, tail=tail(self.log)
            )
        delay: float = _FIRST_DELAY * 2 ** (self.count - 1)
        self.due = time.monotonic() + delay
        return delay


@dataclass(slots=True)
class Service:
    """A command that runs in its own session until it is stopped."""

    name: str
    command: list[str]
    env: Mapping[str, str]
    log: Path
    folder: Path
    failures: Failures
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        """Start the process."""
        self.failures.start()
        self.process = spawn(self.command, log=self.log, env=self.env, folder=self.folder)

    @property
    def ended(self) -> bool:
        """Tell whether the process has ended since it was started."""
        return self.process is not None and self.process.poll() is not None

    def describe_end(self) -> str:
        """Say how the process ended."""
        code = None if self.process is None else self.process.returncode
        if code is None:
            return "did not end"
        return f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"

    def fail_start(self, reason: str) -> ProcessFailedError:
        """Return the error for a process that did not come up."""
        return ProcessFailedError(self.name, reason=reason, log=self.log, tail=tail(self.log))

    def forget(self) -> None:
        """Clear away what a dead process left in its group."""
        if self.process is not None:
            kill_session(self.process)
            self.process = None

    def stop(self, *, end: float) -> None:
        """Ask the process to stop and kill its session when `end` on the monotonic clock has passed."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
        while self.process.poll() is None and pause_until(end, step=0.02):
            pass
        self.forget()
