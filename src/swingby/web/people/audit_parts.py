"""What the page about acts shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ActLine:
    """One act: who did what to what, and when."""

    at: datetime
    who: str
    what: str
    subject: str
    number: int
    partner: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """Some acts, the newest first, and what narrows them."""

    url: str
    lines: tuple[ActLine, ...]
    actions: tuple[tuple[str, str, bool], ...]
    since: date | None = None
    until: date | None = None
    who: str = ""
    older: str = ""
    is_vendor: bool = True
    checked: str = ""
    breaks: tuple[str, ...] = ()
