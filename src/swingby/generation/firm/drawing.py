"""Random choices that are the same everywhere: one stream for each thing that is drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import TypeVar

T = TypeVar("T")


def stream(*names: object) -> Random:
    """A stream of its own, named by what it is for."""
    return Random(":".join(str(name) for name in names))  # noqa: S311 (examples, not secrets)


def lognormal(random: Random, sigma: float) -> float:
    """A factor around one."""
    return math.exp(random.gauss(0.0, sigma))


def day_between(random: Random, first: date, end: date) -> date:
    """A day of [first, end); the first when there is none."""
    return first + timedelta(days=random.randrange(max(1, (end - first).days)))


def chance(random: Random, probability: float) -> bool:
    """True with this probability."""
    return random.random() < probability


def one_of(random: Random, items: Sequence[T]) -> T:
    """One of the items."""
    return items[random.randrange(len(items))]
