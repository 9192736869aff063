"""Fill the pages about what somebody was told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from swingby.web.design.parts import Bell
from swingby.web.domain.notification_kinds import kinds_of, ways_for
from swingby.web.domain.notifications import Desk, told, unread_count, ways_of
from swingby.web.models import Notification, NotificationKind, Side
from swingby.web.people.notification_parts import NotificationLine, NotificationsPage, SettingsPage, WayRow
from swingby.web.visibility import Actor

ON_A_PAGE = 40
_MOST_DIGITS = 5
K = NotificationKind
ICONS: Mapping[NotificationKind, str] = {
    K.REPORT_ACCEPTED: "circle-check",
    K.REPORT_BACK: "reply",
    K.REVIEW: "scale",
    K.APPEAL_ANSWERED: "scale",
    K.EXCEPTION: "award",
    K.TIER: "award",
    K.VERSION: "file-diff",
    K.NUDGE: "repeat",
    K.REGISTRATION: "briefcase",
    K.REGISTRATION_IN: "briefcase",
    K.NOTE: "message-square",
    K.DOCUMENT: "file-text",
    K.EVIDENCE: "microscope",
    K.MEMBER: "user-plus",
    K.CERTIFICATE: "hourglass",
    K.LEARNING_WEEK: "hourglass",
    K.STUDY: "users-round",
    K.STORY: "megaphone",
    K.STORY_WAITS: "megaphone",
    K.VOUCHER: "ticket",
    K.BOARD: "trophy",
    K.REPORT_IN: "list-checks",
    K.REVIEW_OPEN: "scale",
    K.REVIEW_BOOK: "scale",
    K.APPEAL_IN: "scale",
    K.EXCEPTION_ASKED: "award",
    K.APPROVAL_ASKED: "file-diff",
    K.PARTNER_BOARD: "trophy",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingPlace:
    """Where somebody reads: the desk, and how its addresses are called."""

    desk: Desk
    key: str

    def url(self, name: str, *more: str) -> str:
        """The address of one of the pages here."""
        room = "portal" if self.desk.side == Side.PARTNER else "console"
        return reverse(f"{room}:{name}", args=[self.key, *more])


def bell_of(actor: Actor, place: ReadingPlace) -> Bell:
    """The way to what somebody was told, with how much is new."""
    return Bell(href=place.url("notifications"), count=unread_count(actor, place.desk))


def notifications_page(actor: Actor, place: ReadingPlace, *, asked: Mapping[str, str]) -> NotificationsPage:
    """One page of what somebody was told; words that the question does not know ask for nothing."""
    kinds = kinds_of(actor, side=place.desk.side, organizations=place.desk.organizations)
    kind = next((each for each in kinds if each == asked.get("kind")), None)
    only_new = asked.get("show") == "new"
    rows = told(actor, place.desk)
    unread = rows.filter(read_at=None).count()
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(read_at=None) if only_new else rows
    total = rows.count()
    number = _page(asked.get("page", ""), last=max((total - 1) // ON_A_PAGE, 0) + 1)
    first = (number - 1) * ON_A_PAGE
    shown = rows.select_related("made_by")[first : first + ON_A_PAGE]
    question = {"kind": kind or "", "show": "new" if only_new else ""}
    return NotificationsPage(
        lines=tuple(_line(row, place) for row in shown),
        total=total,
        unread=unread,
        kinds=(("", "Everything", kind is None), *((each.value, each.label, each == kind) for each in kinds)),
        only_new=only_new,
        is_filtered=bool(kind) or only_new,
        url=place.url("notifications"),
        read_url=place.url("notifications_read"),
        settings_url=place.url("notification_settings"),
        newer=_address(place, question, number - 1) if number > 1 else "",
        older=_address(place, question, number + 1) if first + ON_A_PAGE < total else "",
    )


def _page(text: str, *, last: int) -> int:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else 1
    return min(max(number, 1), last)


def _address(place: ReadingPlace, question: Mapping[str, str], page: int) -> str:
    asked = {**{name: value for name, value in question.items() if value}, "page": str(page)}
    return f"{place.url('notifications')}?{urlencode(asked)}"


def _line(row: Notification, place: ReadingPlace) -> NotificationLine:
    kind = NotificationKind(row.kind)
    return NotificationLine(
        words=row.words,
        href=place.url("notification", row.pk),
        at=row.at,
        icon=ICONS[kind],
        kind=kind.label,
        by=row.made_by.name if row.made_by else "",
        is_new=row.read_at is None,
    )


def settings_page(actor: Actor, place: ReadingPlace) -> SettingsPage:
    """How somebody hears of each kind that the roles here are told of."""
    rows = (
        WayRow(
            key=kind.value,
            label=kind.label,
            ways=tuple((each.value, str(each.label), each == way) for each in ways_for(kind)),
        )
        for kind, way in ways_of(actor, place.desk).items()
    )
    return SettingsPage(rows=tuple(rows), url=place.url("notification_settings"), back=place.url("notifications"))
