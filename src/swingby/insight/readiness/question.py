"""What is asked about readiness."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from swingby.errors import MisusedError


@dataclass(frozen=True, slots=True)
class KnownAct:
    """Something that partners did: how many began with it in the days that are looked at, and whether it can be asked about.

    Parameters
    ----------
    kind, column, word
        Facts of the kind whose column holds this word.
    begun, never
        Partners that began late enough to have months before, and partners that never did.
    """

    kind: str
    column: str
    word: str
    begun: int
    never: int
    is_askable: bool


@dataclass(frozen=True, slots=True)
class ReadinessQuestion:
    """Which questions the facts of some days can answer.

    Parameters
    ----------
    since, until
        The days that are looked at, the second no longer.
    won, lost
        The stages of a deal that ended either way.
    known_at
        The position up to which facts are looked at; None all.
    """

    since: date
    until: date
    won: str = "won"
    lost: str = "lost"
    known_at: int | None = None

    @property
    def words(self) -> str:
        """The question as a person asks it."""
        return "Which questions can these facts answer?"

    def check(self) -> None:
        """Refuse days that cannot be.

        Raises
        ------
        MisusedError
            ``question`` when the last day is not after the first.
        """
        if self.until <= self.since:
            raise MisusedError(
                code="question", message=f"{self.until} is not after {self.since}.", hint="Ask for more days."
            )
