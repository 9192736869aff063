"""A firm in several programs, as values: for each where it stands, what is missing, which day comes next."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramRow:
    """One program of one vendor. ``day`` is the next that matters, with ``what`` happens on it.

    Before anything was worked out it is not ``is_known``.
    """

    key: str
    vendor: str
    program: str
    url: str
    partner: str = ""
    is_known: bool = True
    tier: str = ""
    tier_rank: int = -1
    next_tier: str = ""
    gap: str = ""
    day: date | None = None
    what: str = ""
    is_late: bool = False
    contact: str = ""
    unread: int = 0
    notifications_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmPage:
    """All programs, the one whose day comes next first; ``names_partners`` where several organizations are enrolled."""

    firm: str
    rows: tuple[ProgramRow, ...]
    vendors: int
    total: int
    names_partners: bool = False
    before_url: str = ""
    after_url: str = ""
