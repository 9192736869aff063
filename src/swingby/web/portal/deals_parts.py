"""The partner's deals as values: each deal with what it counts for, each customer with what runs out next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from swingby.web.design.parts import Link
from swingby.web.portal.registration_parts import RegistrationRow


@dataclass(frozen=True, slots=True, kw_only=True)
class DealRow:
    """One deal. ``silent_days`` is filled once an open deal had no news for long; ``points`` where it earned any."""

    name: str
    reference: str
    state: str
    stage: str
    since: date
    products: str = ""
    amount: Decimal | None = None
    currency: str = ""
    roles: str = ""
    silent_days: int = 0
    points: Decimal | None = None
    counts_for: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRow:
    """One customer; ``last_day`` is empty where nothing of it runs out."""

    name: str
    kinds: str = ""
    product: str = ""
    last_day: date | None = None
    days: int = 0
    amount: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DealsPage:
    """``found`` deals answer the question; ``states`` are value, words and whether it is chosen of each choice."""

    program: str
    vendor: str
    is_behind: bool = False
    deals: tuple[DealRow, ...] = ()
    found: int = 0
    states: tuple[tuple[str, str, bool], ...] = ()
    customer: str = ""
    before_url: str = ""
    after_url: str = ""
    clear_url: str = ""
    registered: tuple[RegistrationRow, ...] = ()
    registered_url: str = ""
    register_url: str = ""
    customers: tuple[CustomerRow, ...] = ()
    more_customers: int = 0
