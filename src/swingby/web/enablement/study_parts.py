"""What the pages of study groups show: frozen values without markup."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from swingby.web.design.parts import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLine:
    """A group, without anybody in it. ``act_url`` is where it is joined; ``href`` leads into an own one."""

    label: str
    goal_on: date
    meets: str
    language: str
    level: str
    places: str = ""
    is_closed: bool = False
    is_open: bool = False
    reasons: tuple[str, ...] = ()
    obstacles: tuple[str, ...] = ()
    href: str = ""
    act_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyForm:
    """What the two forms offer, with what was said before."""

    subjects: tuple[Choice, ...] = ()
    levels: tuple[Choice, ...] = ()
    zones: tuple[Choice, ...] = ()
    days: tuple[Choice, ...] = ()
    languages: tuple[Choice, ...] = ()
    topic: str = ""
    goal_on: date | None = None
    starts: str = "17:00"
    ends: str = "20:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorLine:
    """Whether people study with other partners of a vendor."""

    vendor: str
    label: str
    is_allowed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupsPage:
    """One's own groups, what one looks for, and what fits it."""

    name: str
    as_of: date
    is_hidden: bool = False
    wish_url: str = ""
    found_url: str = ""
    sharing_url: str = ""
    mine: tuple[GroupLine, ...] = ()
    has_wish: bool = False
    wished: str = ""
    form: StudyForm = field(default_factory=StudyForm)
    founding: StudyForm = field(default_factory=StudyForm)
    matches: tuple[GroupLine, ...] = ()
    new_reason: str = ""
    can_be_new: bool = False
    vendors: tuple[VendorLine, ...] = ()
    may_open: bool = False
    least: int = 3
    most: int = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLine:
    """Somebody in one's group."""

    name: str
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekLine:
    """A meeting and what is studied from it on."""

    day: date
    hours: Decimal
    steps: tuple[str, ...] = ()
    is_next: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInLine:
    """What somebody said to the group."""

    name: str
    words: str
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPage:
    """A group, for its members."""

    line: GroupLine
    act_url: str
    calendar_url: str
    back_url: str
    is_founder: bool = False
    members: tuple[MemberLine, ...] = ()
    weeks: tuple[WeekLine, ...] = ()
    check_ins: tuple[CheckInLine, ...] = ()
