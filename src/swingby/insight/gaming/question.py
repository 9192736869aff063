"""What is asked about a line and its last days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from swingby.errors import MisusedError
from swingby.values import add_months


@dataclass(frozen=True, slots=True)
class GamingQuestion:
    """Whether partners reached a line of sales by what they did in its last days.

    Parameters
    ----------
    line
        What must be won in the year, in the program's currency.
    until
        The first day after the year.
    months
        How long the year is.
    late
        So many last days count as late for deals.
    crammed
        So many last days count as late for certificates.
    within
        Deals that are taken back, and people who leave, within so many days.
    width
        How near to the line is near, as a share of it.
    won, lost
        The stages of deals that were won, and of those that were lost after all.
    parts
        The parts in a deal for which it counts; with none it counts for everybody in it.
    known_at
        The position up to which facts are looked at; None all.
    """

    line: Decimal
    until: date
    months: int = 12
    late: int = 5
    crammed: int = 10
    within: int = 90
    width: float = 0.05
    won: str = "won"
    lost: str = "lost"
    parts: tuple[str, ...] = ()
    known_at: int | None = None

    @property
    def words(self) -> str:
        """The question as a person asks it."""
        return "Was the line reached by its last days?"

    @property
    def since(self) -> date:
        """The first day of the year."""
        return add_months(self.until, -self.months)

    def last(self, days: int) -> date:
        """The first of so many last days."""
        return self.until - timedelta(days=days)

    def check(self) -> None:
        """Refuse what cannot be asked.

        Raises
        ------
        MisusedError
            ``question`` with everything that is wrong.
        """
        wrong = []
        if self.line <= 0:
            wrong.append("A line lies above zero.")
        if self.months < 1 or self.within < 1:
            wrong.append("It looks at a month or more, and at a day or more after it.")
        if not 0 < max(self.late, self.crammed) < 28 * max(self.months, 1) or min(self.late, self.crammed) < 1:
            wrong.append("The last days are at least one, and fewer than the year has.")
        if not 0 < self.width <= 0.5:  # noqa: PLR2004 (further away is not near)
            wrong.append("Near the line is a share between 0 and 0.5.")
        if wrong:
            raise MisusedError(code="question", message=" ".join(wrong), hint="Ask again without these.")
