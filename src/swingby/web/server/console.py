"""What the supervisor says on the terminal."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_WIDTH = 22


def say(line: str = "") -> None:
    """Print a line; a terminal that went away is no reason to fail."""
    _write(f"{line}\n")


def _write(text: str) -> None:
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.write(text)
        sys.stdout.flush()


@dataclass(slots=True)
class Step:
    """One line of progress: what is done, then how long it took."""

    title: str
    begun: float = field(default_factory=time.monotonic)
    shown: int = 0

    def tick(self) -> None:
        """Show the seconds on a terminal; call it as often as you like."""
        seconds = int(time.monotonic() - self.begun)
        if seconds > self.shown and sys.stdout.isatty():
            self.shown = seconds
            _write(f"\r  {self.title:<{_WIDTH}} {seconds} s")

    def done(self, result: str) -> None:
        """Close the line."""
        start = "\r" if sys.stdout.isatty() else ""
        _write(f"{start}  {self.title:<{_WIDTH}} {result} ({time.monotonic() - self.begun:.1f} s)\n")


@contextmanager
def step(title: str, *, result: str = "ready") -> Iterator[Step]:
    """Show a step while it runs."""
    shown = Step(title)
    if sys.stdout.isatty():
        _write(f"  {title:<{_WIDTH}} ...")
    yield shown
    shown.done(result)


@contextmanager
def ticking(title: str) -> Iterator[None]:
    """Show a step that has no loop of its own, counting the seconds from a thread."""
    over = threading.Event()
    with step(title, result="done") as shown:
        counter = threading.Thread(target=_tick_until, args=(over, shown), daemon=True)
        counter.start()
        try:
            yield
        finally:
            over.set()
            counter.join()


def _tick_until(over: threading.Event, shown: Step) -> None:
    while not over.wait(0.2):
        shown.tick()
