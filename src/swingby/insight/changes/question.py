"""What is asked about a change of the program."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from swingby.errors import MisusedError
from swingby.insight.effects.question import Act, Outcome, wrong_columns
from swingby.program import Program
from swingby.values import add_months

YEAR = 12
#: Which way a change moves a partner.
Way = Literal["up", "down"]
WAYS: tuple[Way, ...] = ("up", "down")


@dataclass(frozen=True, slots=True)
class Noted:
    """Something else that happened, which no fact tells."""

    on: date
    text: str


@dataclass(frozen=True, slots=True)
class ChangeQuestion:
    """What a new version of a program did.

    Parameters
    ----------
    since, until
        The days that are looked at, the second no longer; ``since`` begins a month.
    day
        The day from which partners could act on it; None takes the day on which the version was announced, or its first.
    outcome
        What those whom it moves may have done more or less of.
    line
        A line of sales in a year that one of the versions draws, in the program's currency; None looks at no line.
    year_until
        The first day after the year that is held against the line; None takes the first year from ``day`` on.
    settle
        Whom the change moves is taken from a review so many months before ``day``: a bad spell that made it look so is over by
        then.
    also
        Facts to be counted before and after, such as campaigns.
    noted
        What else happened.
    won, lost
        The stages of a deal that ended either way.
    parts
        The parts in a deal for which it counts; with none it counts for everybody in it.
    """

    since: date
    until: date
    day: date | None = None
    outcome: Outcome = Outcome.REVENUE
    line: Decimal | None = None
    year_until: date | None = None
    settle: int = 6
    also: tuple[Act, ...] = ()
    noted: tuple[Noted, ...] = ()
    won: str = "won"
    lost: str = "lost"
    parts: tuple[str, ...] = ()

    @property
    def usual(self) -> int | None:
        """How many months before the change tell what was usual: those since the review that tells whom it moves."""
        return self.settle if 0 < self.settle < YEAR else None

    def words(self, program: Program) -> str:
        """The question as a person asks it."""
        return f"What did version {program.header.version} of {program.header.label} do?"

    def day_of(self, program: Program) -> date:
        """From when partners could act on the change."""
        return self.day or program.header.announced or program.header.effective

    def year_of(self, program: Program) -> date:
        """The first day after the year that is held against the line."""
        return self.year_until or add_months(self.day_of(program), YEAR)

    def check(self, program: Program, against: Program) -> None:
        """Refuse a question that cannot be asked of two versions.

        Raises
        ------
        MisusedError
            ``question`` with everything that is wrong.
        """
        wrong = list(self._wrong(program, against))
        if wrong:
            raise MisusedError(code="question", message=" ".join(wrong), hint="Ask again without these.")

    def _wrong(self, program: Program, against: Program) -> Iterator[str]:
        day = self.day_of(program)
        if against.header.effective >= program.header.effective:
            yield f"Version {against.header.version} begins no earlier than version {program.header.version}: name the later one first."
        if self.since.day != 1:
            yield f"{self.since} is not the first day of a month."
        if program.header.effective <= self.since:
            yield f"Version {program.header.version} begins on {program.header.effective}: look at days before it too."
        if not self.since < day < self.until:
            yield f"The change, on {day}, is not between {self.since} and {self.until}."
        if self.settle < 0:
            yield "A review that comes after the change says nothing of whom it moves."
        if self.line is not None:
            yield from self._wrong_line(program, day)
        for act in self.also:
            yield from wrong_columns(program, act.kind, list(act.where))

    def _wrong_line(self, program: Program, day: date) -> Iterator[str]:
        year = self.year_of(program)
        if self.line is not None and self.line <= 0:
            yield "A line lies above zero."
        if year > self.until:
            yield f"The year until {year} is not over on {self.until}; leave the line out, or name a year that is."
        if add_months(year, -YEAR) < day:
            yield f"The year until {year} began before the change, on {day}."
