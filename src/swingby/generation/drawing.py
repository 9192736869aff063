"""Random numbers that come out the same: one stream for each thing that is drawn in each block of partners."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]
Floats: TypeAlias = npt.NDArray[np.float64]
Whole: TypeAlias = npt.NDArray[np.int64]
Truths: TypeAlias = npt.NDArray[np.bool_]

#: Stands for "nothing" in whole numbers, days and amounts.
NONE = -(2**40)


class Stream:
    """Draws for one purpose; other purposes and other blocks have streams of their own."""

    def __init__(self, *names: object) -> None:
        digest = sha256(":".join(str(name) for name in names).encode()).digest()
        self.generator = np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))

    def uniform(self, count: int | tuple[int, ...]) -> Floats:
        """Numbers of [0, 1)."""
        return self.generator.random(count)

    def normal(self, count: int | tuple[int, ...], sd: float | Floats = 1.0, mean: float = 0.0) -> Floats:
        """Numbers around a mean."""
        return np.asarray(self.generator.standard_normal(count) * sd + mean)

    def factor(self, count: int | tuple[int, ...], sd: float | Floats, mean: float = 0.0) -> Floats:
        """Factors: e to the power of a normal number."""
        return np.asarray(np.exp(self.normal(count, sd, mean)))

    def poisson(self, means: Floats) -> Whole:
        """Counts with these means."""
        return np.asarray(self.generator.poisson(means), dtype=np.int64)

    def chance(self, probability: Floats) -> Truths:
        """True with these probabilities."""
        return np.asarray(self.generator.random(probability.shape) < probability)

    def within(self, first: Whole, last: Whole) -> Whole:
        """Whole numbers from first to last, both included; last where last is less than first."""
        spread = np.maximum(last - first, 0) + 1
        drawn = first + np.floor(self.generator.random(spread.shape) * spread).astype(np.int64)
        return np.asarray(np.minimum(drawn, np.maximum(first, last)), dtype=np.int64)

    def pick(self, weights: Mapping[Any, float], count: int) -> Whole:
        """Numbers of the words that are weighted, as often as they weigh."""
        edges = np.cumsum(np.array(list(weights.values()), dtype=np.float64))
        return np.searchsorted(edges / edges[-1], self.generator.random(count), side="right").astype(np.int64)

    def some(self, among: Whole, count: int) -> Whole:
        """So many of some numbers, each at most once, in order."""
        return np.sort(self.generator.permutation(among)[:count]).astype(np.int64)


def spread_out(counts: Whole) -> tuple[Whole, Whole]:
    """For each of a row of counts its index as often as it says, and the number within each."""
    index = np.repeat(np.arange(len(counts)), counts)
    starts = np.cumsum(counts) - counts
    return index, np.arange(len(index)) - np.repeat(starts, counts)


def growing(base: Floats, exponents: Floats) -> Floats:
    """Powers of one base for each row."""
    return np.asarray(base[:, None] ** exponents[None, :])
