"""What the pages of boards show: frozen values without markup."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from swingby.web.design.parts import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """A part with its rank; ``why`` says in words how it came to it from the period before."""

    rank: int
    is_tied: bool
    label: str
    net: int
    per_head: Decimal
    heads: int
    earned: int
    lapsed: int
    moved: int
    before: int | None = None
    why: str = ""
    is_mine: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """Somebody who asked to be shown: a name or a pseudonym."""

    rank: int
    is_tied: bool
    label: str
    earned: int
    is_mine: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CountrySwitch:
    """A country of the firm, and whether people may be shown one by one there."""

    country: str
    label: str
    is_forbidden: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnChoice:
    """How the reader is shown among people: ``shown_as`` is empty for who is not."""

    shown_as: str = ""
    pseudonym: str = ""
    is_forbidden: bool = False
    post_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardsPage:
    """One board, and how to see another. ``first`` is None while nothing was counted."""

    name: str
    groupings: tuple[Choice, ...] = ()
    periods: tuple[Choice, ...] = ()
    ways: tuple[Choice, ...] = ()
    first: date | None = None
    last: date | None = None
    counted_on: date | None = None
    rows: tuple[BoardRow, ...] = ()
    total: int = 0
    hidden: int = 0
    minimum: int = 10
    headline: str = ""
    shows_people: bool = False
    people: tuple[PersonRow, ...] = ()
    people_total: int = 0
    own: OwnChoice | None = None
    countries: tuple[CountrySwitch, ...] = ()
    country_url: str = ""
