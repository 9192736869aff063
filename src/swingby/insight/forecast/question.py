"""What is asked about the next quarter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from swingby.errors import MisusedError
from swingby.insight.settings import Settings
from swingby.values import add_months

SEASON = 12
#: A forecast is learned from two years at least.
LEARNED = 2 * SEASON


def months_between(first: date, until: date) -> int:
    """Months from that of a day until another begins.

    >>> months_between(date(2024, 11, 30), date(2025, 2, 1))
    3
    """
    return (until.year - first.year) * SEASON + until.month - first.month


def months_needed(ahead: int, settings: Settings) -> int:
    """Months with sales without which no forecast of so many months is tried."""
    return LEARNED + ahead + settings.fewest_tries - 1


@dataclass(frozen=True, slots=True)
class ForecastQuestion:
    """What partners will win in the next months.

    Parameters
    ----------
    since, until
        The days from which it is learned, the second no longer; both begin a month.
    months
        So many months after ``until`` are forecast.
    won
        The stage of deals that were won.
    parts
        The parts in a deal for which it counts; with none it counts for everybody in it.
    known_at
        The position up to which facts are looked at; None all.
    """

    since: date
    until: date
    months: int = 3
    won: str = "won"
    parts: tuple[str, ...] = ()
    known_at: int | None = None

    @property
    def words(self) -> str:
        """The question as a person asks it."""
        return f"What will partners win in the next {'month' if self.months == 1 else f'{self.months} months'}?"

    @property
    def end(self) -> date:
        """The first day after what is forecast."""
        return add_months(self.until, self.months)

    def check(self) -> None:
        """Refuse what cannot be asked.

        Raises
        ------
        MisusedError
            ``question`` with everything that is wrong.
        """
        wrong = [f"{day} is not the first day of a month." for day in (self.since, self.until) if day.day != 1]
        if self.until <= self.since:
            wrong.append("The last day is not after the first.")
        if not 1 <= self.months <= SEASON:
            wrong.append("It looks ahead for a month at least and for a year at most.")
        if wrong:
            raise MisusedError(code="question", message=" ".join(wrong), hint="Ask again with whole months.")
