"""People and credentials as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from swingby.web.design.parts import Link, Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLine:
    """A credential of somebody: since when, its last day, and the numbers it counts for."""

    label: str
    url: str
    since: date
    last_day: date | None
    counts_for: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """Somebody who works here."""

    name: str
    role: str
    since: date
    last_day: date | None
    held: tuple[HeldLine, ...]
    counts_for: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LapseRow:
    """A credential that ends soon, and what rests on it."""

    name: str
    label: str
    url: str
    last_day: date
    days: int
    tone: Tone
    rests: tuple[str, ...]
    counts_for: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LapseGroup:
    """What ends within so many days."""

    heading: str
    rows: tuple[LapseRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoneRow:
    """Somebody who left, and what left with that person."""

    name: str
    role: str
    last_day: date
    counted_for: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LooseRow:
    """A credential that counts for nobody here."""

    name: str
    label: str
    url: str
    since: date
    last_day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePage:
    """``is_behind`` while it is worked out anew what counts for what; ``unnamed`` people are shown by a key."""

    partner: str
    vendor: str
    is_behind: bool
    lapses: tuple[LapseGroup, ...] = ()
    more_lapses: int = 0
    people: tuple[PersonRow, ...] = ()
    total: int = 0
    next_url: str = ""
    first_url: str = ""
    gone: tuple[GoneRow, ...] = ()
    more_gone: int = 0
    loose: tuple[LooseRow, ...] = ()
    more_loose: int = 0
    missing_url: str = ""
    unnamed: int = 0
