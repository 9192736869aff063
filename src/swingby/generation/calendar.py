"""The months of a company as numbers of days, with a few more ahead in which open deals end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from swingby.generation.archetypes import Company
from swingby.generation.drawing import Floats, Whole

AHEAD = 6
EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


@dataclass(frozen=True, slots=True)
class Months:
    """Months from the company's first day on; the first is the first of a fiscal year.

    Attributes
    ----------
    starts
        First day of each month, those ahead and one more included.
    count
        Months up to the company's last day.
    """

    starts: Whole
    count: int
    last: int

    @property
    def all(self) -> int:
        """Months, those ahead included."""
        return len(self.starts) - 1

    def edges(self, months: int) -> Whole:
        """First days of the periods of so many months, cut at the day after the last, which is the last edge."""
        edges = self.starts[: self.count + 1 : months]
        return np.unique(np.minimum(np.append(edges, self.last + 1), self.last + 1))

    def of(self, days: Whole) -> Whole:
        """The month in which each day lies."""
        return np.asarray(np.searchsorted(self.starts, days, side="right") - 1, dtype=np.int64)

    def lengths(self) -> Floats:
        """Days of each month."""
        return np.diff(self.starts).astype(np.float64)


def months_of(company: Company) -> Months:
    """The months of a company."""
    first = np.datetime64(company.first, "M")
    count = int((np.datetime64(company.last, "M") - first).astype(int)) + 1
    starts = (first + np.arange(count + AHEAD + 1)).astype("datetime64[D]").astype(np.int64)
    return Months(starts, count, day_number(company.last))
