"""What is asked about staying."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from swingby.errors import MisusedError
from swingby.insight.effects.question import Act, wrong_columns
from swingby.program import Program

#: What curves may be told apart by: what is known on the first day.
Apart = Literal["region", "country", "agreement"]


@dataclass(frozen=True, slots=True)
class StayingQuestion:
    """How long partners stay enrolled, or customers subscribed, and whether an act goes with staying longer.

    Parameters
    ----------
    of
        ``partners`` leave when their last enrolment ends, ``customers`` when all their subscriptions have ended.
    since, until
        The days that are looked at, the second no longer. Who came before ``since`` counts from then on.
    act
        What may go with staying; it counts from its day on, never before.
    by
        Curves apart by what is known on the first day: ``region`` or ``country`` of the partner, or whether it had an
        ``agreement``.
    known_at
        The position up to which facts are looked at; None all.
    """

    of: Literal["partners", "customers"]
    since: date
    until: date
    act: Act | None = None
    by: Apart | None = None
    known_at: int | None = None

    @property
    def words(self) -> str:
        """The question as a person asks it."""
        if self.act is None:
            return f"How long do {self.of} stay?"
        return f"Do {self.of} stay longer after {self.act.said}?"

    def check(self, program: Program) -> None:
        """Refuse a question that cannot be asked of a program's facts.

        Raises
        ------
        MisusedError
            ``question`` with everything that is wrong.
        """
        wrong = list(self._wrong(program.kinds))
        if self.act is not None:
            wrong += wrong_columns(program, self.act.kind, list(self.act.where))
        if wrong:
            raise MisusedError(code="question", message=" ".join(wrong), hint="Ask again without these.")

    def _wrong(self, kinds: Mapping[str, object]) -> Iterator[str]:
        if self.until <= self.since:
            yield f"{self.until} is not after {self.since}."
        owner = getattr(kinds.get(self.act.kind), "owner", "") if self.act else ""
        if self.act is not None and self.of == "customers" and owner not in {"customer", ""}:
            yield f"What customers do is asked of facts of customers; {self.act.kind} are about a {owner}."


@dataclass(frozen=True, slots=True)
class SignsQuestion:
    """Which early sign tells which customers stay.

    Parameters
    ----------
    since, until
        Customers that began from ``since`` on are looked at, for whom ``until`` says whether they stayed.
    within
        So many days after the beginning, signs are read.
    horizon
        So many days after the beginning, a customer has stayed or not; just beyond the first renewal.
    known_at
        The position up to which facts are looked at; None all.
    """

    since: date
    until: date
    within: int = 60
    horizon: int = 395
    known_at: int | None = None

    @property
    def words(self) -> str:
        """The question as a person asks it."""
        return "Which early sign tells which customers stay?"

    def check(self) -> None:
        """Refuse days that cannot be.

        Raises
        ------
        MisusedError
            ``question`` with everything that is wrong.
        """
        wrong = []
        if self.until <= self.since + timedelta(days=self.horizon):
            wrong.append(f"From {self.since} until {self.until} nobody is looked at for {self.horizon} days.")
        if not 0 < self.within < self.horizon:
            wrong.append("Signs must be read before it is known who stayed.")
        if wrong:
            raise MisusedError(code="question", message=" ".join(wrong), hint="Look at more days, or ask for fewer.")
