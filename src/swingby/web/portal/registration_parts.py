"""Deal registrations as values, for both sides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from swingby.web.design.parts import Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationRow:
    """A registration in a list; ``detail`` is what to know first, such as until when it protects."""

    url: str
    customer: str
    partner: str
    registered_by: str
    registered_at: datetime
    state: str
    tone: Tone
    detail: str = ""
    amount: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlikeRow:
    """Another partner's registration of what seems to be the same customer, as the vendor reads it."""

    url: str
    customer: str
    partner: str
    registered_at: datetime
    state: str
    tone: Tone
    detail: str = ""
    is_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDeals:
    """What the vendor's records hold of the customer."""

    customer: str
    deals: int = 0
    stage: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A request for longer protection that nobody has answered."""

    until: date
    words: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationPage:
    """Everything about one registration; ``acts`` are those that are open to the reader."""

    row: RegistrationRow
    words: str
    website: str = ""
    products: str = ""
    closes_on: date | None = None
    due: datetime | None = None
    is_late: bool = False
    reason: str = ""
    answer: str = ""
    answered_by: str = ""
    answered_at: datetime | None = None
    protected_until: date | None = None
    days_left: int = 0
    is_protected: bool = False
    deal: str = ""
    outcome: str = ""
    outcome_on: date | None = None
    ask: Ask | None = None
    acts: tuple[str, ...] = ()
    act_url: str = ""
    edit_url: str = ""
    reasons: tuple[tuple[str, str], ...] = ()
    usual_until: date | None = None
    last_until: date | None = None
    today: date | None = None
    alike: tuple[AlikeRow, ...] = ()
    known: KnownDeals | None = None
    must_say_both: bool = False
