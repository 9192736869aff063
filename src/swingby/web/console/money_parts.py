"""What the pages of money show: frozen values without markup. A number that is None is not known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from swingby.web.domain.amounts import Amounts


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyLine:
    """One figure of all partners that have it, and what of it no known partner has. ``words`` say what a benefit grants."""

    label: str
    partners: int
    url: str
    unit: str = ""
    words: str = ""
    amounts: Amounts = Amounts()  # noqa: RUF009 - it is frozen
    unplaced: Amounts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramMoney:
    """What one program promises and pays.

    ``oldest`` is the earliest day that a standing behind it is of; ``unknown`` partners have no standing yet.
    """

    name: str
    oldest: date | None
    paid: tuple[MoneyLine, ...]
    granted: tuple[MoneyLine, ...]
    unknown: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetMoney:
    """A budget of vouchers with what became of it."""

    label: str
    year: int
    currency: str
    amount: Decimal
    given: Decimal
    used: Decimal
    expired: Decimal
    left: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingMoney:
    """Something that waits for a decision; without an address another role reads the list."""

    label: str
    count: int
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyPage:
    """Money on one page, nothing summed over programs or currencies."""

    programs: tuple[ProgramMoney, ...]
    costs: tuple[MoneyLine, ...]
    costs_since: date
    budgets: tuple[BudgetMoney, ...]
    waiting: tuple[WaitingMoney, ...]
    file_url: str
    vouchers_url: str
    versions_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerMoney:
    """What one partner has of a figure."""

    partner: str
    url: str
    amounts: Amounts


@dataclass(frozen=True, slots=True, kw_only=True)
class FigurePage:
    """The partners behind one figure, the largest first; a page at a time."""

    label: str
    program: str
    unit: str
    words: str
    is_account: bool
    is_cost: bool
    total: int
    lines: tuple[PartnerMoney, ...]
    amounts: Amounts
    money_url: str
    file_url: str
    before_url: str = ""
    after_url: str = ""

    @property
    def has_amounts(self) -> bool:
        """Whether there is anything to count; a benefit is granted or not."""
        return self.is_account or self.is_cost or self.amounts.earned is not None
