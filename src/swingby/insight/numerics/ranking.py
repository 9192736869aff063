"""How well a sign tells two kinds apart: the area under its curve, with DeLong's error.

DeLong, DeLong and Clarke-Pearson (1988), "Comparing the areas under two or more correlated receiver operating
characteristic curves", Biometrics 44, 837-845. The area is how often, of one of each kind, the sign is larger for the right
one; ties count half, and 0.5 is chance.
"""

from __future__ import annotations

import numpy as np

from swingby.insight.numerics.arrays import Floats, Truths
from swingby.insight.numerics.estimates import TWO_SIDED, Range


def area_under_curve(sign: Floats, kind: Truths) -> Range:
    """The area under the curve of a sign, with its range.

    Parameters
    ----------
    sign, kind
        Of each; both kinds must have at least two.

    Raises
    ------
    ValueError
        When a kind has fewer.
    """
    first, second = sign[kind], sign[~kind]
    if min(len(first), len(second)) < 2:  # noqa: PLR2004 (one has no spread)
        raise ValueError("each kind needs two")
    above, below = _placed(first, second), 1 - _placed(second, first)
    value = float(above.mean())
    error = float(np.sqrt(above.var(ddof=1) / len(first) + below.var(ddof=1) / len(second)))
    return Range(value, max(0.0, value - TWO_SIDED * error), min(1.0, value + TWO_SIDED * error))


def _placed(some: Floats, others: Floats) -> Floats:
    """The share of others that lie below each, ties counting half."""
    ordered = np.sort(others)
    low, high = np.searchsorted(ordered, some, "left"), np.searchsorted(ordered, some, "right")
    placed: Floats = (low + high) / (2 * len(others))
    return placed


def best_line(sign: Floats, kind: Truths) -> float:
    """The value from which on a sign tells the kinds apart best (Youden 1950, "Index for rating diagnostic tests")."""
    lines = np.unique(sign)
    first, second = np.sort(sign[kind]), np.sort(sign[~kind])
    apart = np.searchsorted(second, lines, "left") / len(second) - np.searchsorted(first, lines, "left") / len(first)
    return float(lines[int(np.argmax(apart))])
