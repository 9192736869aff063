"""What pages show of hours of study: frozen values without markup."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from swingby.web.design.parts import Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """A step of one's path, with what was noted for it."""

    step: str
    label: str
    words: str
    share: Decimal
    tone: Tone = "brand"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLine:
    """An own note that can still be changed."""

    label: str
    step: str
    day: date
    hours: str
    act_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamLine:
    """What a team studied in the weeks that are shown."""

    team: str
    heads: int
    hours: Decimal
    per_week: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """What one person studied, where the firm shows it."""

    name: str
    hours: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursPage:
    """Hours of study for who leads. Without ``rule_url`` the reader does not say who reads what."""

    name: str
    first: date
    last: date
    weeks: int
    base: int
    teams: tuple[TeamLine, ...] = ()
    too_small: int = 0
    people: tuple[PersonLine, ...] = ()
    shown_from: date | None = None
    billed: int | None = None
    rule_url: str = ""
