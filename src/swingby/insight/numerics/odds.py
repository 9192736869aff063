"""How likely counts are by luck: near a line, in the last days of a period, and what did not last."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from swingby.insight.numerics.arrays import Floats, Integers, Truths


@dataclass(frozen=True, slots=True)
class NearLine:
    """How many ended just above and just below a line, and how likely so many above are by luck.

    Attributes
    ----------
    chance
        Of as many above or more, if one near the line is as likely to end above as below.
    """

    above: int
    below: int
    chance: float


def near_line(amounts: Floats, line: float, width: float) -> NearLine:
    """Count on both sides of a line and test the difference (the binomial test of Cattaneo, Frandsen and Titiunik 2015).

    So near to a line a smooth distribution is about level: one that falls like 1 / x has 48.8 % above with a width of 5 %.

    Parameters
    ----------
    width
        As a share of the line; below it reaches as far as above in logs.
    """
    from scipy.stats import binom

    above = int(((amounts >= line) & (amounts < line * (1 + width))).sum())
    below = int(((amounts < line) & (amounts >= line / (1 + width))).sum())
    return NearLine(above, below, float(binom.sf(above - 1, above + below, 0.5)))


def fewer_above(first: NearLine, second: NearLine) -> float:
    """How likely so few of the first are above, or fewer, if the shares above are the same in both (Fisher 1935)."""
    from scipy.stats import hypergeom

    near, second_near = first.above + first.below, second.above + second.below
    return float(hypergeom.cdf(first.above, near + second_near, first.above + second.above, near))


def as_many(found: Integers, of: Integers, share: float) -> Floats:
    """How likely as many or more are of so many, each with the same share."""
    from scipy.stats import binom

    return np.asarray(binom.sf(found - 1, of, share), np.float64)


def share_of(found: int, of: int) -> float:
    """A share that is never nothing nor all (Jeffreys)."""
    return (found + 0.5) / (of + 1)


def together(found: Integers, of: Integers, share: float) -> float:
    """How likely as many have any that did not last, each with so many at the same share.

    Each counts once however many it has, since those of one have much to do with each other. The sum of unequal chances is
    taken for a Poisson number, which varies more.
    """
    from scipy.stats import poisson

    mean = float((1 - (1 - share) ** of).sum())
    return float(poisson.sf(int((found > 0).sum()) - 1, mean)) if mean else 1.0


def both(first: Floats, second: Floats) -> Floats:
    """How likely two signs are together at most, whatever they have to do with each other (Berger 1982)."""
    return np.maximum(first, second)


def stand_out(chances: Floats, level: float) -> Truths:
    """Those that stand out among so many that were looked at (Benjamini and Hochberg 1995)."""
    order = np.argsort(chances, kind="stable")
    passes = np.flatnonzero(chances[order] <= level * np.arange(1, len(chances) + 1) / max(len(chances), 1))
    result = np.zeros(len(chances), bool)
    result[order[: passes[-1] + 1 if len(passes) else 0]] = True
    return result


def needed_above(near: int, level: float) -> int | None:
    """How many of so many near a line must end above it to be more than luck; None where even all would not."""
    from scipy.stats import binom

    fits = [above for above in range(near + 1) if binom.sf(above - 1, near, 0.5) < level]
    return fits[0] if fits else None
