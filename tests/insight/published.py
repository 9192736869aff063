"""Figures as they were printed, and data beside them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from swingby.insight.numerics.panel import NEVER, Panel

DATA = Path(__file__).parent / "data"
FIRST_YEAR = 2003


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed figure; half of its last digit is its tolerance, unless ``why_wider`` says why not."""

    case: str
    figure: str
    value: float
    tolerance: float
    source: str
    why_wider: str


def figures(case: str) -> dict[str, Figure]:
    """The figures of a case, by name."""
    with (DATA / "published.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["case"] == case]
    return {
        row["figure"]: Figure(
            case, row["figure"], float(row["value"]), float(row["tolerance"]), row["source"], row["why_wider"]
        )
        for row in rows
    }


def apart(case: str, found: dict[str, float]) -> dict[str, tuple[float, float | None]]:
    """Printed figures that were not found again: the printed and the found value; the names must be the same."""
    printed = figures(case)
    assert list(found) == list(printed)
    return {
        name: (figure.value, found[name])
        for name, figure in printed.items()
        if not abs(found[name] - figure.value) <= figure.tolerance
    }


@cache
def counties(*, with_population: bool = False) -> Panel:
    """Employment in counties: the panel of Callaway and Sant'Anna."""
    rows = np.genfromtxt(DATA / "mpdta.csv", delimiter=",", skip_header=1)
    year = rows[:, 1].astype(np.int64)
    began = np.where(year == 0, NEVER, year - FIRST_YEAR)
    return Panel(rows[:, 3:], began, covariates=rows[:, 2:3] if with_population else None)
