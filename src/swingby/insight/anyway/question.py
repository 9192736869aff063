"""What is asked about deals with a partner beside direct ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from swingby.errors import MisusedError
from swingby.insight.effects.question import wrong_columns
from swingby.program import Program


@dataclass(frozen=True, slots=True)
class AnywayQuestion:
    """Whether deals with a partner would have been won without one.

    Parameters
    ----------
    since, until
        Deals opened from ``since`` on are looked at, as it is known before ``until`` how they ended.
    origin
        The column of ``deals`` that says where a deal came from; without it, nothing is more than "not shown".
    within
        A partner that came in later than so many days after the opening came to a deal that was under way.
    won, lost
        The stages of deals that ended either way.
    parts
        The parts in a deal for which it is the partner's; every part with none. Direct deals have nobody in any part.
    known_at
        The position up to which facts are looked at; None all.
    """

    since: date
    until: date
    origin: str = ""
    within: int = 7
    won: str = "won"
    lost: str = "lost"
    parts: tuple[str, ...] = ()
    known_at: int | None = None

    @property
    def words(self) -> str:
        """The question as a person asks it."""
        return "Would we have won it without a partner?"

    def check(self, program: Program) -> None:
        """Refuse a question that cannot be asked of a program's facts.

        Raises
        ------
        MisusedError
            ``question`` with everything that is wrong.
        """
        wrong = list(wrong_columns(program, "deals", [self.origin] if self.origin else []))
        if self.until <= self.since:
            wrong.append(f"{self.until} is not after {self.since}.")
        if self.within < 0:
            wrong.append("A partner comes in within no days or more.")
        if wrong:
            raise MisusedError(code="question", message=" ".join(wrong), hint="Ask again without these.")
