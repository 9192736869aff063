"""What the pages of badges show: frozen values without markup."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from swingby.web.design.parts import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeLine:
    """A badge of one's own. ``public_url`` leads to what the world sees of it; empty while it sees nothing."""

    label: str
    state: str
    starts_on: date
    ends_on: date | None = None
    shows_name: bool = False
    public_url: str = ""
    change_url: str = ""
    file_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignLine:
    """A badge of somebody else. ``proof`` says how far one may rely on its key."""

    name: str
    issuer: str
    starts_on: date
    ends_on: date | None = None
    proof: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgesPage:
    """A person's badges."""

    name: str
    is_linked: bool = True
    issue_url: str = ""
    import_url: str = ""
    badges: tuple[BadgeLine, ...] = ()
    free: tuple[Choice, ...] = ()
    foreign: tuple[ForeignLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicBadgePage:
    """What the world sees of a badge. Without a ``holder`` it names nobody."""

    label: str
    vendor: str
    issuer: str
    state: str
    starts_on: date
    ends_on: date | None = None
    holder: str = ""
    file_url: str = ""
