"""Random numbers that are the same everywhere: one stream for each thing that is drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import TypeVar

T = TypeVar("T")


def stream(*names: object) -> Random:
    """A stream of its own, named by what it is for; a further partner changes nobody else's numbers."""
    return Random(":".join(str(name) for name in names))  # noqa: S311 (examples, not secrets)


def poisson(random: Random, mean: float) -> int:
    """A count with this mean."""
    if mean <= 0:
        return 0
    if mean > _LARGE:
        return max(0, round(random.gauss(mean, math.sqrt(mean))))
    limit, count, product = math.exp(-mean), 0, random.random()
    while product > limit:
        count += 1
        product *= random.random()
    return count


_LARGE = 50.0


def lognormal(random: Random, sigma: float, middle: float = 0.0) -> float:
    """A factor: e to the power of a normal number around `middle`."""
    return math.exp(random.gauss(middle, sigma))


def day_between(random: Random, first: date, end: date) -> date:
    """A day of [first, end)."""
    return first + timedelta(days=random.randrange(max(1, (end - first).days)))


def chance(random: Random, probability: float) -> bool:
    """True with this probability."""
    return random.random() < probability


def one_of(random: Random, items: Sequence[T]) -> T:
    """One of the items."""
    return items[random.randrange(len(items))]
