"""The comparison of an experiment, month by month: those whose wave has begun less those who still wait."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from swingby.insight.numerics.arrays import Floats, Integers, Truths
from swingby.insight.numerics.estimates import POWER, Range
from swingby.insight.numerics.sequences import boundary, critical_with, tuned_for

#: With fewer partners on a side in a month there is no spread.
FEWEST_IN_MONTH = 2


@dataclass(frozen=True, slots=True)
class Waves:
    """What is compared.

    Attributes
    ----------
    change
        Partners by months of the experiment: the outcome less what it was before; NaN where there is none.
    began
        The month in which the wave of each partner begins; the last wave begins when the experiment ends.
    did
        Partners by months: whether the partner had done it by then.
    """

    change: Floats
    began: Integers
    did: Truths

    def without(self, place: int) -> Waves:
        """All but one partner."""
        kept = np.arange(len(self.began)) != place
        return Waves(self.change[kept], self.began[kept], self.did[kept])


@dataclass(frozen=True, slots=True)
class Look:
    """What can be said at the end of a month.

    Attributes
    ----------
    month
        How many months of the experiment have passed.
    effect
        Of being drawn, with the range that holds at all looks at once.
    error, freedom
        By partner, and Welch's degrees of freedom.
    uptake
        By how much more of those drawn did it, over the same months.
    doing
        The effect on those who did it because they were drawn; None where the lot moved too few.
    """

    month: int
    effect: Range
    error: float
    freedom: float
    uptake: float
    doing: Range | None


@dataclass(slots=True)
class _Sum:
    """Differences of months added up, with what each partner adds to them on either side."""

    partners: int
    weight: float = 0.0
    total: float = 0.0
    sides: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.sides = np.zeros((2, self.partners))

    def add(self, outcome: Floats, sides: tuple[Truths, Truths], weight: float) -> None:
        means = [float(outcome[side].mean()) for side in sides]
        for row, (side, mean) in enumerate(zip(sides, means, strict=True)):
            count = int(side.sum())
            # As many times the spread as makes its square Neyman's variance of a mean.
            self.sides[row, side] += weight * (outcome[side] - mean) / (count * (count - 1)) ** 0.5
        self.weight += weight
        self.total += weight * (means[0] - means[1])

    @property
    def value(self) -> float:
        return self.total / self.weight

    @property
    def influence(self) -> Floats:
        found: Floats = (self.sides[0] - self.sides[1]) / self.weight
        return found

    @property
    def error(self) -> float:
        return float(np.sqrt((self.influence**2).sum())) if self.weight else 0.0

    def freedom(self, counts: tuple[int, int]) -> float:
        pieces = [float((side**2).sum()) for side in self.sides]
        below = sum(piece**2 / (count - 1) for piece, count in zip(pieces, counts, strict=True))
        return sum(pieces) ** 2 / below if below else np.inf


def looks(waves: Waves, planned_error: float) -> Iterator[Look]:
    """Compare month by month, and tell what can be said at the end of each.

    In each month the mean change of those whose wave has begun, less that of those who still wait; months weighed by
    ``n1 n0 / (n1 + n0)``. A partner counts once however many of its months are compared: its part in all of them is added up
    before it is squared.

    Parameters
    ----------
    planned_error
        The error that was planned for the end; the sequence is narrowest there.
    """
    tuned = tuned_for(planned_error**-2)
    outcome, doing = _Sum(len(waves.began)), _Sum(len(waves.began))
    most = (0, 0)
    for month in range(waves.change.shape[1]):
        seen = np.isfinite(waves.change[:, month])
        sides = (seen & (waves.began <= month), seen & (waves.began > month))
        counts = (int(sides[0].sum()), int(sides[1].sum()))
        if min(counts) >= FEWEST_IN_MONTH:
            weight = counts[0] * counts[1] / sum(counts)
            outcome.add(waves.change[:, month], sides, weight)
            doing.add(waves.did[:, month].astype(np.float64), sides, weight)
            most = (max(most[0], counts[0]), max(most[1], counts[1]))
        if outcome.error > 0:
            yield _look(month + 1, outcome, doing, most, tuned)


def _look(month: int, outcome: _Sum, doing: _Sum, counts: tuple[int, int], tuned: float) -> Look:
    error, freedom = outcome.error, outcome.freedom(counts)
    critical = critical_with(freedom, boundary(error**-2, tuned))
    half = critical * error
    effect = Range(outcome.value, outcome.value - half, outcome.value + half)
    return Look(month, effect, error, freedom, doing.value, _scaled(outcome, doing, critical))


def _scaled(outcome: _Sum, doing: _Sum, critical: float) -> Range | None:
    """The effect over the uptake, with every value that the lot does not contradict (Fieller)."""
    factor, shared = critical**2, float(outcome.influence @ doing.influence)
    square = doing.value**2 - factor * doing.error**2
    if square <= 0 or doing.value <= 0:
        return None
    middle = outcome.value * doing.value - factor * shared
    last = outcome.value**2 - factor * outcome.error**2
    half = max(0.0, middle**2 - square * last) ** 0.5
    return Range(outcome.value / doing.value, (middle - half) / square, (middle + half) / square)


def smallest_visible(look: Look) -> float:
    """The smallest effect that is seen by the end in at least 80 of 100 experiments like this one, which ends with a look."""
    information = look.error**-2
    critical = critical_with(look.freedom, boundary(information, tuned_for(information)))
    return (critical + POWER) * look.error
