"""What the pages about users show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from swingby.web.design.parts import Tone

Choice = tuple[str, str, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class UserLine:
    """One person who works here."""

    name: str
    mail: str
    roles: str
    href: str
    last_seen: datetime | None = None
    is_foreign: bool = False
    is_you: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationLine:
    """One person on the way in, and what can be done about it."""

    mail: str
    role: str
    state: str
    tone: Tone
    url: str
    acts: tuple[str, ...]
    name: str = ""
    until: datetime | None = None
    by: str = ""
    is_foreign: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorPart:
    """The link under which people ask to join."""

    url: str
    is_open: bool
    link: str
    domains: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UsersPage:
    """Everybody who works here, who is on the way, and the door."""

    url: str
    users: tuple[UserLine, ...]
    total: int
    invitations: tuple[InvitationLine, ...]
    roles: tuple[tuple[str, str], ...]
    regions: tuple[str, ...]
    door: DoorPart | None
    said: dict[str, str]
    provider_url: str = "#"
    factor_url: str = "#"
    waiting: int = 0
    search: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserPage:
    """One person, with the roles that can be given and taken."""

    line: UserLine
    back: str
    roles: tuple[Choice, ...]
    regions: tuple[Choice, ...]
    look_url: str = ""
    asks_to_be_sure: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitedPage:
    """One step on the way in: what is asked, and what its button says."""

    title: str
    lead: str
    step: str = ""
    button: str = ""
    link: str = ""
    name: str = ""
    email: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrphanRow:
    """One partner without an admin."""

    key: str
    name: str
    href: str
    people: int
    is_invited: bool
    cures: bool = True
    is_open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OrphansPage:
    """Partners without an admin, of the sort that is asked for."""

    url: str
    rows: tuple[OrphanRow, ...]
    total: int
    shows: tuple[Choice, ...] = ()
    search: str = ""
    problem: str = ""
