"""What the pages of vouchers show: frozen values without markup."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from swingby.web.design.parts import Choice, StatTile, Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnVoucher:
    """A voucher that the reader has. ``code`` is the whole code."""

    label: str
    code: str
    until: date
    expires: str
    tone: Tone = "plain"
    act_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherLine:
    """A voucher for who gives them. ``code`` is whole where it may be read, and empty otherwise."""

    labels: tuple[str, ...]
    masked: str
    state: str
    tone: Tone
    price: str
    until: date
    expires: str = ""
    code: str = ""
    holder: str = ""
    source: str = ""
    act_url: str = ""
    can_take_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingLine:
    """Somebody on the way to an exam who has no voucher for it; ``free`` of those that are good for it."""

    learner: str
    name: str
    code: str
    label: str
    state: str
    tone: Tone
    free: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetLine:
    """What is left of a budget; ``share`` of it, up to one, is given."""

    label: str
    year: int
    amount: str
    given: str
    left: str
    share: Decimal = Decimal(0)
    tone: Tone = "good"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongLine:
    """A row of a file that was not kept."""

    line: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerVouchers:
    """What a partner has of a vendor's vouchers: how many, never who."""

    name: str
    free: int = 0
    given: int = 0
    used: int = 0
    expired: int = 0
    worth: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VouchersPage:
    """Vouchers of a firm, or of a vendor for its partners. Without addresses the reader changes nothing."""

    name: str
    as_of: date
    is_vendors: bool = False
    load_url: str = ""
    budget_url: str = ""
    give_url: str = ""
    tiles: tuple[StatTile, ...] = ()
    waiting: tuple[WaitingLine, ...] = ()
    waiting_total: int = 0
    lines: tuple[VoucherLine, ...] = ()
    total: int = 0
    before_url: str = ""
    after_url: str = ""
    partners: tuple[PartnerVouchers, ...] = ()
    budgets: tuple[BudgetLine, ...] = ()
    subjects: tuple[Choice, ...] = ()
    years: tuple[int, ...] = ()
    choices: tuple[Choice, ...] = ()
    example: str = ""
    text: str = ""
    loaded: int = 0
    wrong: tuple[WrongLine, ...] = ()
