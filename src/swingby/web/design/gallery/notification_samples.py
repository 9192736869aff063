"""Sample notifications: usual, none, and very many; and their settings."""

from datetime import UTC, datetime, timedelta
from typing import Any

from swingby.web.design.gallery.extremes import LONG_NAME, LONG_WORD
from swingby.web.people.notification_parts import NotificationLine, NotificationsPage, SettingsPage, WayRow

_HERE = "/gallery/?page=notifications"
_AT = datetime(2026, 3, 31, 14, 20, tzinfo=UTC)
_KINDS = (("", "Everything", True), ("report_accepted", "A report of ours is accepted", False))
_WAYS = (
    ("page", "On the page"),
    ("mail", "On the page and by mail at once"),
    ("digest", "On the page and in one mail a day"),
    ("none", "Not at all"),
)
#: Words, icon, kind, by whom, hours ago, whether it is new.
_LINES = (
    (
        "Your report of 28 March is accepted.",
        "circle-check",
        "A report of ours is accepted",
        "Ana Ruiz",
        1,
        True,
    ),
    (
        "Harborline Partner Success: plan review of this quarter",
        "repeat",
        "A word about a promise of ours",
        "Ana Ruiz",
        5,
        True,
    ),
    (
        "Tier: a review proposes Member instead of Select.",
        "scale",
        "A review proposes something about us or is decided",
        "",
        30,
        True,
    ),
    (
        "Harborline Partner Success: new rules hold from 1 August 2026. Please read the letter and confirm it.",
        "file-diff",
        "New rules are announced",
        "",
        55,
        False,
    ),
    ("A document is shared with you.", "file-text", "A document is shared with us", "Ana Ruiz", 56, False),
)


def _line(words: str, icon: str, kind: str, by: str, hours: int, new: bool) -> NotificationLine:  # noqa: FBT001, PLR0917 - a row of the table above
    at = _AT - timedelta(hours=hours)
    return NotificationLine(words=words, href=_HERE, at=at, icon=icon, kind=kind, by=by, is_new=new)


def sample_notifications() -> dict[str, Any]:
    """A few days of a partner's admin."""
    lines = tuple(_line(*line) for line in _LINES)
    page = NotificationsPage(
        lines=lines, total=5, unread=3, kinds=_KINDS, url=_HERE, read_url=_HERE, settings_url=_HERE
    )
    return {"page": page}


def no_notifications() -> dict[str, Any]:
    """Somebody who came today."""
    return {"page": NotificationsPage(kinds=_KINDS, url=_HERE, read_url=_HERE, settings_url=_HERE)}


def many_notifications() -> dict[str, Any]:
    """A page of hundreds, with long words, narrowed by a filter."""
    lines = tuple(_line(LONG_NAME if number % 2 else LONG_WORD, "award", LONG_NAME, LONG_WORD, number * 9, True) for number in range(32))  # fmt: skip
    page = NotificationsPage(
        lines=lines,
        total=240,
        unread=240,
        kinds=(("", LONG_NAME, True),),
        only_new=True,
        is_filtered=True,
        url=_HERE,
        read_url=_HERE,
        settings_url=_HERE,
        newer=_HERE,
        older=_HERE,
    )
    return {"page": page}


def sample_settings() -> dict[str, Any]:
    """How a partner's admin hears of things."""
    rows = tuple(
        WayRow(key=f"kind-{number}", label=line[2], ways=tuple((key, words, number % 4 == place) for place, (key, words) in enumerate(_WAYS)))
        for number, line in enumerate(_LINES)
    )  # fmt: skip
    return {"page": SettingsPage(rows=rows, url=_HERE, back=_HERE)}


def no_settings() -> dict[str, Any]:
    """Somebody whose role is told of nothing."""
    return {"page": SettingsPage(url=_HERE, back=_HERE)}
