"""Partners drawn again, with all that is known of them: sums and estimates that move together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from swingby.insight.numerics.arrays import Floats, Truths
from swingby.insight.numerics.estimates import Range

#: The ends of a range that holds 95 of 100 draws.
ENDS = (0.025, 0.975)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Sums and estimates; the first row is what was seen, each other row what came of partners drawn again.

    Attributes
    ----------
    sums
        Draws by columns.
    values
        Draws by estimates.
    """

    sums: Floats
    values: Floats


def draw_again(columns: Floats, values: Floats, influence: Floats, studied: Truths, *, draws: int, seed: int) -> Drawn:
    """Draw partners again with all that is known of each, so that sums and estimates vary together (Efron 1979).

    Estimates move by the influence of those drawn, which is their change to first order (Davison and Hinkley 1997, 2.7).

    Parameters
    ----------
    columns
        Partners by what is added up.
    values, influence
        Estimates, and how much each studied partner moves them.
    studied
        Which partners the estimates rest on.
    """
    random = np.random.default_rng(seed)
    partners, on = len(columns), max(1, int(studied.sum()))
    sums, moved = np.empty((draws + 1, columns.shape[1])), np.zeros((draws + 1, len(values)))
    sums[0] = columns.sum(axis=0)
    for nth in range(1, draws + 1):
        times = np.bincount(random.integers(partners, size=partners), minlength=partners).astype(np.float64)
        sums[nth] = times @ columns
        moved[nth] = (times[studied] @ influence) / on
    return Drawn(sums, values + moved)


def range_of(drawn: Floats) -> Range:
    """What was seen, and the range that holds 95 of 100 draws; ends may be infinite."""
    low, high = np.quantile(drawn[1:], ENDS, method="nearest")
    return Range(float(drawn[0]), float(low), float(high))
