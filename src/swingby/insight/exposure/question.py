"""What is asked about exposure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ExposureQuestion:
    """How much hangs on a few partners.

    Parameters
    ----------
    until
        The year that counts ends before this day.
    years
        How many years are looked at; the first is what the last is compared with.
    soon
        So many months from ``until`` on, an agreement's end is a warning.
    won
        The stage of deals that were won.
    parts
        The parts in a deal for which it counts, such as ``seller``; with none it counts for everybody in it.
    known_at
        The position up to which facts are looked at; None all.
    """

    until: date
    years: int = 3
    soon: int = 12
    won: str = "won"
    parts: tuple[str, ...] = ()
    known_at: int | None = None
