"""What the page at a glance shows: values without a database, so that the gallery shows the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from swingby.web.evidence.parts import CardView

if TYPE_CHECKING:  # The gallery shows this page without any table.
    from swingby.web.domain.queries.open_reviews import OpenReview


@dataclass(frozen=True, slots=True, kw_only=True)
class TierLine:
    """One tier: how many partners held it a year ago, a quarter ago and now; nothing where nobody knows."""

    label: str
    rank: int
    counts: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TierTable:
    """Tiers through time, with what moved in this quarter."""

    days: tuple[date, ...]
    lines: tuple[TierLine, ...] = ()
    unknown: tuple[int, ...] = ()
    totals: tuple[int, ...] = ()
    places: int = 0
    up: int = 0
    down: int = 0
    joined: int = 0
    left: int = 0
    not_compared: int = 0
    compares: bool = True

    @property
    def twice(self) -> int:
        """Places in programs beyond the first of each partner, today."""
        return max(self.places - self.totals[-1], 0) if self.totals else 0

    @property
    def rows(self) -> Iterator[tuple[str, int, Iterator[tuple[int | None, date]]]]:
        """Each tier with its counts, each beside its day."""
        return ((line.label, line.rank, zip(line.counts, self.days, strict=True)) for line in self.lines)

    @property
    def unknown_by_day(self) -> Iterator[tuple[int, date]]:
        """Of how many nobody knows the tier, each beside its day."""
        return zip(self.unknown, self.days, strict=True)

    @property
    def totals_by_day(self) -> Iterator[tuple[int, date]]:
        """Everybody, each beside its day."""
        return zip(self.totals, self.days, strict=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class NearPartner:
    """A partner near a line, with what is missing or the day that counts."""

    name: str
    url: str
    tier: str = ""
    tier_rank: int = -1
    words: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NearList:
    """Partners on one side of a line."""

    count: int
    url: str
    rows: tuple[NearPartner, ...] = ()
    unknown: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingLine:
    """Work that waits; ``url`` is empty where one's role does not open the page."""

    label: str
    icon: str
    count: int
    oldest_days: int | None = None
    late: int | None = None
    url: str = ""
    came: int = 0
    before: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLine:
    """How often one side kept what it promised; ``percent`` is nothing where nothing came due.

    ``newest`` and ``before`` are in per cent of the newest periods that are over, and of those just before them.
    """

    is_ours: bool
    percent: int | None = None
    kept: int = 0
    asked: int = 0
    unknown: int = 0
    newest: int | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GlanceCard:
    """A card of evidence in its own words."""

    view: CardView
    url: str
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GlancePage:
    """The program at a glance."""

    total: int
    tiers: TierTable
    at_risk: NearList
    close: NearList
    waiting: tuple[WaitingLine, ...] = ()
    kept: tuple[KeptLine, ...] = ()
    cards: tuple[GlanceCard, ...] = ()
    open_reviews: tuple[OpenReview, ...] = ()
    decides: bool = False
    rhythms_url: str = ""
    reviews_url: str = ""
    evidence_url: str = ""
