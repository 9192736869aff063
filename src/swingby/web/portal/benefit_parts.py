"""What a partner has from a program, as values: benefits with their days, accounts with their lots, money earned."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitLine:
    """One benefit: what it is today (empty for nothing), at the next tier, and from which days on it changes."""

    label: str
    words: str
    note: str = ""
    next_words: str = ""
    later: tuple[tuple[date, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LotLine:
    """What came into an account at one time, and what became of it."""

    opens: date
    expires: date | None
    amount: Decimal
    left: Decimal
    used: Decimal
    expired: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountCard:
    """One account. ``lapses_next`` is the first day on which something of the balance ends, ``lapsing`` how much."""

    key: str
    label: str
    unit: str
    balance: Decimal
    opened: Decimal
    used: Decimal
    expired: Decimal
    lots: tuple[LotLine, ...] = ()
    lots_total: int = 0
    lapses_next: date | None = None
    lapsing: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class EarnedLine:
    """What one rule earned in all."""

    label: str
    unit: str
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitsPage:
    """Everything on the page; ``as_of`` is ``None`` before anything was worked out.

    ``next_version`` is an announced one that is in force when the next tier can be reached first, ``next_on``.
    """

    partner: str
    program: str
    as_of: date | None = None
    tier: str = ""
    tier_rank: int = -1
    next_tier: str = ""
    next_version: str = ""
    next_from: date | None = None
    next_on: date | None = None
    since: date | None = None
    since_at_least: bool = False
    safe_until: date | None = None
    fall_of: date | None = None
    exception_until: date | None = None
    lines: tuple[BenefitLine, ...] = ()
    accounts: tuple[AccountCard, ...] = ()
    earned: tuple[EarnedLine, ...] = ()
    guide_url: str = ""
    back_url: str = ""

    @property
    def granted(self) -> tuple[BenefitLine, ...]:
        """What there is today, or will be."""
        return tuple(line for line in self.lines if line.words or line.later)

    @property
    def ahead(self) -> tuple[BenefitLine, ...]:
        """What the next tier gives otherwise."""
        return tuple(line for line in self.lines if line.next_words)
