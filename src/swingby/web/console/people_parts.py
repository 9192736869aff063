"""What the page of a partner's people shows its vendor: frozen values without markup."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from swingby.web.console.daily_parts import PersonLine


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPerson:
    """Somebody whom the vendor's records say to work for the partner; ``is_named`` where the name is known to it."""

    name: str
    is_named: bool
    role: str
    since: date
    held: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnersPeoplePage:
    """Who wrote to us, by name; who our records know, a page of them."""

    partner: str
    back_url: str
    wrote: tuple[PersonLine, ...]
    people: tuple[KnownPerson, ...]
    total: int
    next_url: str = ""
    first_url: str = ""
