"""Values with their influence: errors, intervals and linear combinations."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from swingby.insight.numerics.arrays import Floats, Integers

#: The standard normal's quantile at 97.5 %.
TWO_SIDED = 1.959963984540054
#: Beyond the interval's quantile, what 80 % power needs: the smallest effect that could have been seen is 2.80 errors.
POWER = 0.8416212335729143


@dataclass(frozen=True, slots=True)
class Range:
    """A value with the 95 % interval around it."""

    value: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Tell whether zero lies outside."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Estimates:
    """Several estimates that rest on the same partners.

    Parameters
    ----------
    at
        What each is for: a lag, a wave, a period.
    values
        The estimates.
    influence
        Partners (or clusters) by estimates; ``values - truth`` is about the mean of each column.
    """

    at: Integers
    values: Floats
    influence: Floats

    @property
    def covariance(self) -> Floats:
        """The covariance of the estimates, ``influence' influence / n^2``."""
        found: Floats = self.influence.T @ self.influence / len(self.influence) ** 2
        return found

    @property
    def errors(self) -> Floats:
        """Standard errors; no partners vary apart from others in a column of zeros, so it has none (0)."""
        found: Floats = np.sqrt(np.einsum("ij,ij->j", self.influence, self.influence)) / len(self.influence)
        return found

    def of(self, *at: int) -> Self:
        """Those for some lags, waves or periods, in this order; what is not there is left out."""
        places = [int(np.flatnonzero(self.at == one)[0]) for one in at if one in self.at]
        return replace(self, at=self.at[places], values=self.values[places], influence=self.influence[:, places])

    def combined(self, weights: Floats) -> Estimate:
        """One linear combination."""
        return Estimate(float(self.values @ weights), self.influence @ weights)

    def band(self, critical: float = TWO_SIDED) -> tuple[Range, ...]:
        """A range around each value."""
        half = critical * self.errors
        return tuple(
            Range(float(value), float(value - width), float(value + width))
            for value, width in zip(self.values, half, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Estimate:
    """One value with its influence."""

    value: float
    influence: Floats

    @property
    def error(self) -> float:
        """The standard error."""
        return float(np.sqrt(self.influence @ self.influence) / len(self.influence))

    @property
    def range(self) -> Range:
        """The 95 % interval of the normal distribution."""
        return Range(self.value, self.value - TWO_SIDED * self.error, self.value + TWO_SIDED * self.error)

    @property
    def smallest_visible(self) -> float:
        """The smallest effect that would be seen in 80 of 100 such studies (Bloom 1995)."""
        return (TWO_SIDED + POWER) * self.error

    def minus(self, other: Estimate) -> Estimate:
        """The difference of two estimates from the same partners."""
        return Estimate(self.value - other.value, self.influence - other.influence)


def by_cluster(influence: Floats, clusters: Integers | None) -> Floats:
    """The influence of clusters: that of their partners added up, on the scale of a mean over clusters."""
    if clusters is None:
        return influence
    _, place = np.unique(clusters, return_inverse=True)
    summed = np.zeros((int(place.max()) + 1, influence.shape[1]))
    np.add.at(summed, place, influence)
    return summed * (len(summed) / len(influence))
