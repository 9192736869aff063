"""The points history as values: the lines that answer a question, what they add up to, the score over time."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby

from swingby.web.portal.home import HistoryLine, LineChart, PointsNow


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsFilter:
    """One choice above the lines: its name, its words, and value, words and whether it is chosen of each."""

    name: str
    label: str
    choices: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsPage:
    """``is_behind`` while something newer is worked out; ``as_of`` is ``None`` before anything was.

    ``reports`` are those that count nowhere yet; ``is_counted`` is false of a program that adds up no points.
    """

    program: str
    as_of: date | None = None
    is_behind: bool = False
    total: Decimal | None = None
    is_counted: bool = True
    reports: PointsNow = field(default_factory=PointsNow)
    lines: tuple[HistoryLine, ...] = ()
    found: int = 0
    of: int = 0
    sum: Decimal = Decimal(0)
    filters: tuple[PointsFilter, ...] = ()
    chart: LineChart | None = None
    before_url: str = ""
    after_url: str = ""
    clear_url: str = ""
    home_url: str = ""

    @property
    def years(self) -> tuple[tuple[int, tuple[HistoryLine, ...]], ...]:
        """The lines under the year of their day."""
        return tuple((year, tuple(lines)) for year, lines in groupby(self.lines, key=lambda line: line.day.year))
