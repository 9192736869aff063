"""A line on the error stream that says what a command is doing, once it has taken more than two seconds.

It is shown on a terminal only, and never beside JSON.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread
from time import monotonic
from typing import Final, TextIO

import click

#: Seconds before the first line, and between two.
PATIENCE: Final = 2.0
PACE: Final = 0.5
_CLEARED: Final = "\r\x1b[2K"
#: Under this name the context says that no progress is wanted.
QUIET: Final = "swingby.quiet"


@dataclass(slots=True)
class Progress:
    """How far a command is. Calling it says that so many more steps are done; it may be handed to the core as a hook.

    Parameters
    ----------
    doing
        What is being done, as people say it: ``Reading facts``.
    steps
        How many there will be, if that is known.
    """

    doing: str
    steps: int | None = None
    done: int = 0
    part: str = ""
    began: float = field(default_factory=monotonic)

    def __call__(self, more: int = 1) -> None:
        """Note that some more steps are done."""
        self.done += more

    def at(self, part: str) -> None:
        """Note which part of it is being done; this too may be handed to the core as a hook."""
        self.part = part

    def __str__(self) -> str:
        counted = f" {self.done:,} of {self.steps:,}," if self.steps else f" {self.done:,}," if self.done else ""
        part = f": {self.part}" if self.part else ""
        return f"{self.doing}{part} …{counted} {monotonic() - self.began:.0f} s"


@contextmanager
def progress(doing: str, *, steps: int | None = None) -> Iterator[Progress]:
    """Show what is being done while the block runs, if that takes long and somebody looks."""
    told = Progress(doing, steps)
    if not is_wanted(sys.stderr):
        yield told
        return
    with shown(told, sys.stderr):
        yield told


def is_wanted(stream: TextIO) -> bool:
    """Whether somebody may look at a line that changes."""
    context = click.get_current_context(silent=True)
    hushed = bool(context and (context.meta.get(QUIET) or context.params.get("as_json")))
    return stream.isatty() and not hushed


@contextmanager
def shown(told: Progress, stream: TextIO, *, patience: float = PATIENCE, pace: float = PACE) -> Iterator[None]:
    """Write the line again and again until the block ends, and then take it away.

    Parameters
    ----------
    patience, pace
        Seconds before the first line, and between two.
    """
    ended = Event()
    writer = Thread(target=_write, args=(told, stream, ended, (patience, pace)), daemon=True)
    writer.start()
    try:
        yield
    finally:
        ended.set()
        writer.join()


def _write(told: Progress, stream: TextIO, ended: Event, pauses: tuple[float, float]) -> None:
    if ended.wait(pauses[0]):
        return
    while True:
        stream.write(f"{_CLEARED}{told}")
        stream.flush()
        if ended.wait(pauses[1]):
            break
    stream.write(_CLEARED)
    stream.flush()
