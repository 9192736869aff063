"""Problems found in a program: located, levelled, all at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from swingby.program.blocks import Location

Level = Literal["error", "error_from", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Issue:
    """One problem: where, what is wrong, and what to do.

    ``code`` is stable and documented; ``hint`` says what to write instead; ``from_date`` belongs to the level
    ``error_from``: a warning that becomes an error on that day.
    """

    location: Location
    code: str
    message: str
    hint: str = ""
    level: Level = "error"
    from_date: date | None = None

    def __str__(self) -> str:
        word = f"error from {self.from_date}" if self.level == "error_from" else self.level
        tail = f" {self.hint}" if self.hint else ""
        return f"{self.location}: {word}: [{self.code}] {self.message}{tail}"
