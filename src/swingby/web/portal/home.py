"""The partner's home page as values: what happened, what is missing, what is worth doing next.

The order of the fields is the order on the screen. A view fills a :class:`HomePage` from the database; the template
shows it and computes nothing but the words of numbers and days.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from swingby.web.design.parts import (
    Action,
    Contact,
    Gate,
    HistoryLine,
    Level,
    LineChart,
    LineState,
    Link,
    Promise,
    Reading,
    Risk,
    Series,
    State,
    StatTile,
    TierRoad,
    TierStop,
)

__all__ = [
    "Action",
    "Cheer",
    "Contact",
    "DealLine",
    "Gate",
    "HistoryLine",
    "HomePage",
    "Level",
    "LineChart",
    "LineState",
    "Link",
    "NextTier",
    "PointsNow",
    "Promise",
    "Reading",
    "Risk",
    "Series",
    "StatTile",
    "State",
    "TierRoad",
    "TierStop",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class NextTier:
    """What stands between the partner and the next tier: the gates first, the points after.

    ``verdict`` says it in one sentence, the closed gates first: "One more plan review. Points are enough: 585 of 550."
    """

    name: str
    verdict: str
    gates: tuple[Gate, ...] = ()
    points: Gate | None = None

    @property
    def all_gates(self) -> tuple[Gate, ...]:
        """Every requirement, so that a full count never hides a closed gate."""
        return (*self.gates, *((self.points,) if self.points else ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class DealLine:
    """One deal under way, with its newest news: who buys, what, the vendor's own key of it, and whether it is protected."""

    name: str
    stage: str
    day: date
    product: str = ""
    amount: Decimal | None = None
    currency: str = ""
    reference: str = ""
    url: str = ""
    protection: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cheer:
    """Somebody who deserves a word: what was gained, and when."""

    who: str
    what: str
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsNow:
    """The newest lines that count, of ``total`` lines that add up to ``value``; and ``reports``, which count nowhere yet.

    ``is_counted`` is false of a program that adds up no points, ``is_known`` before all that they rest on is there.
    """

    lines: tuple[HistoryLine, ...] = ()
    total: int = 0
    value: Decimal | None = None
    is_counted: bool = True
    is_known: bool = True
    reports: tuple[HistoryLine, ...] = ()

    @property
    def pending(self) -> tuple[HistoryLine, ...]:
        """Reports that nobody has checked yet."""
        return tuple(line for line in self.reports if line.state == "pending")

    @property
    def pending_points(self) -> Decimal:
        """What the pending reports would earn if all were accepted, as far as that is known."""
        return sum((line.points for line in self.pending if line.points is not None), Decimal(0))

    @property
    def pending_unknown(self) -> int:
        """Of how many pending reports nobody can say what they would earn."""
        return sum(line.points is None for line in self.pending)


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """Everything on the partner's home page.

    ``version`` changes whenever anything below may read differently (a ledger position serves). The page asks every ``poll_ms`` for
    ``standing_url`` with the version it shows; the view answers 204 while nothing changed.

    ``next_tier`` is ``None`` on the highest tier and in a program without tiers; ``road`` is ``None`` without tiers.
    """

    person: str
    organization: str
    program: str
    as_of: date
    version: str
    standing_url: str
    report_url: str
    happened: str
    tier: str = ""
    road: TierRoad | None = None
    next_tier: NextTier | None = None
    deals: tuple[DealLine, ...] = ()
    deals_total: int = 0
    deals_url: str = ""
    register_url: str = ""
    actions: tuple[Action, ...] = ()
    path_words: str = ""
    promises: tuple[Promise, ...] = ()
    risks: tuple[Risk, ...] = ()
    risk_words: str = ""
    cheers: tuple[Cheer, ...] = ()
    tiles: tuple[StatTile, ...] = ()
    points: PointsNow = PointsNow()
    history_url: str = ""
    chart: LineChart | None = None
    news: str = ""
    poll_ms: int = 800

    @property
    def late_promises(self) -> int:
        """How many of the vendor's promises are late."""
        return sum(promise.days_late > 0 for promise in self.promises)
