"""What is asked about the value of partners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from swingby.errors import MisusedError
from swingby.insight.forecast.question import months_between
from swingby.values import add_months

#: How the buying happens: on any day, at most once in each month, quarter or year, or by contracts that are renewed each year.
Manner = Literal["any-day", "monthly", "quarterly", "yearly", "contract"]
#: Months in which a contract comes to a second renewal.
TWO_RENEWALS = 26


@dataclass(frozen=True, slots=True)
class ValueQuestion:
    """What each partner is worth.

    Parameters
    ----------
    since, until
        The days from which it is learned, the second no longer.
    months
        So many months after ``until`` are looked ahead.
    margin
        The share of revenue that stays; None tells revenue.
    discount
        What a year of waiting costs.
    manner
        How the buying happens; it says which models may be tried.
    won
        The stage of deals that were won.
    parts
        The parts in a deal for which it counts; with none it counts for everybody in it.
    known_at
        The position up to which facts are looked at; None all.
    """

    since: date
    until: date
    months: int = 12
    margin: float | None = None
    discount: float = 0.10
    manner: Manner = "any-day"
    won: str = "won"
    parts: tuple[str, ...] = ()
    known_at: int | None = None

    @property
    def words(self) -> str:
        """The question as a person asks it."""
        return "What is each partner worth?"

    @property
    def cut(self) -> date:
        """The day on which the past is cut to try the forecast: its middle, or later where contracts need more to learn from."""
        if self.manner != "contract":
            return self._middle
        return max(self._middle, min(add_months(self.since, TWO_RENEWALS), add_months(self.until, -12)))

    @property
    def tried_on(self) -> str:
        """The part of the past on which the forecast is tried."""
        if self.cut == self._middle:
            return "the second half"
        return f"the last {months_between(self.cut, self.until)} months"

    @property
    def _middle(self) -> date:
        return self.since + (self.until - self.since) / 2

    def check(self) -> None:
        """Refuse what cannot be asked.

        Raises
        ------
        MisusedError
            ``question`` with everything that is wrong.
        """
        wrong = []
        if self.until < add_months(self.since, 12):
            wrong.append("A forecast needs a year to learn from and to be tried on.")
        if self.months < 1:
            wrong.append("It looks ahead for a month or more.")
        if self.margin is not None and not 0 < self.margin <= 1:
            wrong.append("A margin is a share between 0 and 1.")
        if wrong:
            raise MisusedError(code="question", message=" ".join(wrong), hint="Ask again without these.")
