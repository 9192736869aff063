"""Outcomes of partners by period, and when each began with an act."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np

from swingby.insight.numerics.arrays import Floats, Integers, Truths

#: The period in which a partner begins that never begins.
NEVER = 1_000_000


@dataclass(frozen=True, slots=True)
class Panel:
    """Partners by periods.

    Parameters
    ----------
    outcome
        Partners by periods; not a number where nothing was observed.
    began
        The first period with the act, by partner; `NEVER` if there is none, below 0 if it was before the first period.
    weights
        What a partner counts for; each counts 1 if left out.
    covariates
        Partners by covariates, as they were before anybody began; None compares without.
    clusters
        Partners with the same number vary together; each is alone if left out.
    step
        How many columns a period is long. A column holds the outcome of the period that begins there, so that periods can be
        counted from each partner's own act.

    Raises
    ------
    ValueError
        When the lengths differ.
    """

    outcome: Floats
    began: Integers
    weights: Floats = field(default_factory=lambda: np.empty(0))
    covariates: Floats | None = None
    clusters: Integers | None = None
    step: int = field(default=1, kw_only=True)

    def __post_init__(self) -> None:
        if self.weights.size == 0:
            object.__setattr__(self, "weights", np.ones(self.partners))
        columns = (self.began, self.weights, self.covariates, self.clusters)
        if any(len(column) != self.partners for column in columns if column is not None):
            raise ValueError("every column of a panel has one row for each partner")

    @property
    def partners(self) -> int:
        """How many partners there are."""
        return int(self.outcome.shape[0])

    @property
    def periods(self) -> int:
        """How many columns there are: the periods that begin within the window."""
        return int(self.outcome.shape[1])

    @property
    def whole_periods(self) -> int:
        """How many periods there are, one after the other."""
        return -(-self.periods // self.step)

    @property
    def waves(self) -> tuple[int, ...]:
        """The periods in which somebody began, in order."""
        within = (self.began >= 0) & (self.began < self.periods)
        return tuple(int(period) for period in np.unique(self.began[within]))

    def only(self, chosen: Truths) -> Self:
        """The panel of some partners."""
        return replace(
            self,
            outcome=self.outcome[chosen],
            began=self.began[chosen],
            weights=self.weights[chosen],
            covariates=None if self.covariates is None else self.covariates[chosen],
            clusters=None if self.clusters is None else self.clusters[chosen],
        )

    def share_of(self, wave: int) -> float:
        """The weight of a wave among all."""
        return float(self.weights[self.began == wave].sum() / self.weights.sum())
