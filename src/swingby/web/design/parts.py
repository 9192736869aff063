"""What the components show: frozen values without markup.

Every value is ready for a person to read: labels are already in the reader's language, numbers are ``Decimal`` and
are localised by the templates, days are dates of the program's time zone.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

#: Of a requirement; *aside* where another way is met, so that this one is not needed.
State = Literal["met", "unmet", "unknown", "aside"]
Tone = Literal["plain", "brand", "good", "warn", "bad", "pending"]
Place = Literal["passed", "current", "ahead"]
Comparison = Literal["at_least", "above", "at_most", "below", "is"]
LineState = Literal["counted", "pending", "returned", "declined", "expired", "reversed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Where a component leads, and the words on it."""

    label: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One entry of a list to choose from."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TierStop:
    """One named tier on the road, in the order of the program."""

    name: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class TierRoad:
    """All tiers of a program and how far the partner is between its tier and the next.

    ``progress`` is the share of the next tier's requirements that are met, from 0 to 1: never the share of points,
    which can be full while a gate is closed.
    """

    stops: tuple[TierStop, ...]
    progress: Decimal = Decimal(0)

    @property
    def current(self) -> TierStop | None:
        """The stop where the partner stands, if it stands on any."""
        return next((stop for stop in self.stops if stop.place == "current"), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One requirement of a tier with what is held, what is asked and what is missing.

    ``gap`` says in words what is missing ("One more plan review"), and is empty when met. ``value`` is ``None`` when
    the number is not known. ``unit`` is empty, ``%`` or a currency code.
    """

    label: str
    state: State
    value: Decimal | None = None
    threshold: Decimal | None = None
    comparison: Comparison = "at_least"
    unit: str = ""
    gap: str = ""
    note: str = ""
    due: date | None = None
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing worth doing next, always within the partner's own reach."""

    title: str
    who: str = ""
    effort: str = ""
    ready_by: date | None = None
    unlocks: str = ""
    points: Decimal | None = None
    icon: str = "sparkles"
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What the vendor promised this partner, and whether it is late."""

    what: str
    detail: str = ""
    owner: str = ""
    days_late: int = 0
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """What the partner may lose, from when, and the one thing that saves it."""

    what: str
    detail: str = ""
    last_day: date | None = None
    action: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One dated line of the points history. ``points`` of a pending line is what it would earn."""

    day: date
    what: str
    points: Decimal | None = None
    state: LineState = "counted"
    source: str = ""
    note: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatTile:
    """One figure with the words that make it readable and, if known, how it went."""

    label: str
    value: Decimal | None
    icon: str
    unit: str = ""
    of: Decimal | None = None
    change: str = ""
    tone: Tone = "plain"
    note: str = ""
    trend: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The value of one number on one day."""

    day: date
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A named line of readings in the order of their days."""

    name: str
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A horizontal line to reach or hold, such as the points of a tier."""

    name: str
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChart:
    """A chart over time. ``key`` must be unique on the page; ``summary`` says in words what the picture shows."""

    key: str
    title: str
    summary: str
    main: Series
    compared: tuple[Series, ...] = ()
    levels: tuple[Level, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
    """One entry of the navigation. ``icon`` is a name of the icon set."""

    label: str
    href: str
    icon: str
    current: bool = False
    count: int = 0
    short: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NavGroup:
    """Entries of the side navigation under an optional heading."""

    items: tuple[NavItem, ...]
    heading: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """The person on the other side whom the reader may write to."""

    name: str
    role: str
    link: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bell:
    """The way to what the reader was told, and how much of it is new."""

    href: str
    count: int = 0

    @property
    def shown(self) -> str:
        """The count with room for two digits."""
        return str(self.count) if self.count < 100 else "99+"  # noqa: PLR2004 - two digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """Everything around a page: who reads, for which organization, and where one can go."""

    program: str
    organization: str
    person: str
    navigation: tuple[NavGroup, ...]
    role: str = ""
    tier: str = ""
    tier_rank: int = 0
    as_of: date | None = None
    contact: Contact | None = None
    bell: Bell | None = None
    sign_out: str = ""
    account: tuple[Link, ...] = field(default=())

    @property
    def tabs(self) -> tuple[NavItem, ...]:
        """The first four entries, which the bottom bar of a phone has room for."""
        return self.entries[:4]

    @property
    def more(self) -> tuple[NavItem, ...]:
        """The entries that a phone shows behind "More"."""
        return self.entries[4:]

    @property
    def entries(self) -> tuple[NavItem, ...]:
        """All entries in order."""
        return tuple(item for group in self.navigation for item in group.items)
