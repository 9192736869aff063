"""What somebody was told, as values: lines under their days, filters, and how each kind is told."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

Choice = tuple[str, str, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationLine:
    """One thing that somebody was told."""

    words: str
    href: str
    at: datetime
    icon: str
    kind: str
    by: str = ""
    is_new: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationsPage:
    """One page of them; ``total`` counts what the filters leave, ``unread`` all that was not read."""

    lines: tuple[NotificationLine, ...] = ()
    total: int = 0
    unread: int = 0
    kinds: tuple[Choice, ...] = ()
    only_new: bool = False
    is_filtered: bool = False
    url: str = ""
    read_url: str = ""
    settings_url: str = ""
    newer: str = ""
    older: str = ""

    @property
    def days(self) -> tuple[tuple[date, tuple[NotificationLine, ...]], ...]:
        """The lines under their days."""
        return tuple((day, tuple(lines)) for day, lines in groupby(self.lines, key=lambda line: line.at.date()))


@dataclass(frozen=True, slots=True, kw_only=True)
class WayRow:
    """One kind with the ways in which somebody may hear of it."""

    key: str
    label: str
    ways: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsPage:
    """How somebody hears of each kind."""

    rows: tuple[WayRow, ...] = ()
    url: str = ""
    back: str = ""
