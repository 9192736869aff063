"""How much hangs on a few: shares of the largest, effective number, HHI, Gini, and their ranges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from swingby.insight.numerics.arrays import Floats
from swingby.insight.numerics.estimates import Range

#: The largest so many hundredths whose share is told.
TOPS = (0.01, 0.05, 0.10, 0.20)
#: "So many partners make nine tenths".
MOST = 0.9


@dataclass(frozen=True, slots=True)
class Concentration:
    """How a total is spread over partners.

    Attributes
    ----------
    partners, total
        How many share what.
    largest
        The share of the largest.
    tops
        The shares of the largest 1, 5, 10 and 20 %; where that is no whole number, the next partner counts in part.
    making_most
        The share of partners, the largest first, that make 90 %.
    hhi
        Herfindahl and Hirschman's index, the sum of squared shares; its inverse is the number of equal partners that would
        be as concentrated.
    gini
        ``2 sum(i x_i) / (n sum x) - (n + 1) / n`` over amounts in rising order.
    """

    partners: int
    total: float
    largest: float
    tops: tuple[float, ...]
    making_most: float
    hhi: float
    gini: float

    @property
    def effective(self) -> float:
        """The number of equal partners that would be as concentrated."""
        return 1 / self.hhi


def concentration(amounts: Floats, counts: Floats | None = None) -> Concentration:
    """Measure how a total is spread.

    Parameters
    ----------
    amounts
        What each partner makes; none below zero, and not all zero.
    counts
        How often each partner counts; once if left out.

    Raises
    ------
    ValueError
        When an amount is below zero, or all are zero.
    """
    if (amounts < 0).any() or not amounts.any():
        raise ValueError("amounts must not be below zero, nor all zero")
    order = np.argsort(-amounts, kind="stable")
    weights = np.ones(len(amounts)) if counts is None else counts[order]
    return _sorted(amounts[order], weights)


def _sorted(amounts: Floats, weights: Floats) -> Concentration:
    """The measures of amounts from the largest to the smallest."""
    number, total = float(weights.sum()), float(weights @ amounts)
    place = np.concatenate([[0.0], np.cumsum(weights)]) / number
    held = np.concatenate([[0.0], np.cumsum(weights * amounts)]) / total
    # The area under the curve from the largest on, by trapezia; over many that are equal it is a straight line.
    area = float((np.diff(place) * (held[1:] + held[:-1])).sum() / 2)
    return Concentration(
        partners=round(number),
        total=total,
        largest=float(amounts[np.flatnonzero(weights)[0]] / total),
        tops=tuple(float(np.interp(top, place, held)) for top in TOPS),
        making_most=float(np.interp(MOST, held, place)),
        hhi=float((weights * amounts**2).sum() / total**2),
        gini=2 * area - 1,
    )


def concentration_ranges(amounts: Floats, *, draws: int = 999, seed: int = 0) -> dict[str, Range]:
    """The ranges of the measures if partners were drawn again from the same kind (Efron's percentile interval).

    Parameters
    ----------
    amounts
        As in `concentration`.
    draws, seed
        The same seed gives the same ranges.

    Returns
    -------
    dict
        ``largest``, ``top 10 %``, ``making most``, ``effective`` and ``gini``.
    """
    random = np.random.default_rng(seed)
    ordered = np.sort(amounts)[::-1]
    number = len(ordered)
    drawn = [
        _sorted(ordered, random.multinomial(number, np.full(number, 1 / number)).astype(np.float64))
        for _ in range(draws)
    ]
    now = concentration(amounts)
    return {
        name: Range(read(now), *(float(end) for end in np.quantile([read(one) for one in drawn], (0.025, 0.975))))
        for name, read in MEASURES.items()
    }


MEASURES: dict[str, Callable[[Concentration], float]] = {
    "largest": lambda one: one.largest,
    "top 10 %": lambda one: one.tops[2],
    "making most": lambda one: one.making_most,
    "effective": lambda one: one.effective,
    "gini": lambda one: one.gini,
}
