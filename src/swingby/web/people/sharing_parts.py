"""What the page about sharing shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ResellerRow:
    """A partner that shares where it stands in one program."""

    name: str
    program: str
    since: datetime
    end_url: str
    tier: str = ""
    rank: int = 0
    next_tier: str = ""
    score: str = ""
    as_of: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRow:
    """An organization that sees where one stands in one program."""

    name: str
    program: str
    since: datetime
    shared_by: str
    end_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SharingPage:
    """Both directions, and the code under which others share."""

    organization: str
    code: str
    programs: tuple[tuple[str, str], ...]
    shares: tuple[ShareRow, ...]
    resellers: tuple[ResellerRow, ...]
    share_url: str
    total: int = 0
    search: str = ""
