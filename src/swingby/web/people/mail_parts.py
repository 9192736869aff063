"""What the pages about mails show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from swingby.web.design.parts import Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class MailLine:
    """One mail on the list."""

    subject: str
    to: str
    posted: datetime
    state: str
    tone: Tone
    icon: str
    href: str
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailsPage:
    """One page of the list, the newest first."""

    lines: tuple[MailLine, ...]
    total: int
    sends: bool
    newer: str = ""
    older: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPage:
    """One mail, whole."""

    line: MailLine
    text: str
    back: str
    link: str = ""
    link_words: str = ""
    sent: datetime | None = None
    attempts: int = 0
    again: str = ""
