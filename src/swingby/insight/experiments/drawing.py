"""Draws waves by lot so that they are alike, in a way that anybody can draw again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import log1p, sqrt
from statistics import fmean, pvariance
from typing import TypeVar

One = TypeVar("One")

#: Into so many parts the partners of a region are cut by size.
SIZES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A partner that takes part in the lot, and what it was like before.

    Attributes
    ----------
    size
        Won in a usual month before.
    tenure
        Days enrolled when the months before begin.
    usual
        The outcome before.
    """

    organization: str
    region: str
    size: float
    tenure: int
    usual: float


@dataclass(frozen=True, slots=True)
class Balance:
    """How far the waves differ in a trait: the largest standardised difference of one wave from all partners."""

    trait: str
    difference: float


def draw_waves(partners: Sequence[Candidate], *, waves: int, seed: int) -> dict[str, int]:
    """Draw a wave, 1 and up, for each partner.

    Partners are put in order by region, size (in quarters of the region) and tenure. Of each so many that follow each other one
    comes into every wave, in the order of the SHA-256 of seed and name: no library is needed to draw the lot again.

    Parameters
    ----------
    partners
        In any order.
    """
    ordered = _ordered(partners)
    return {
        name: wave
        for block in _parts(ordered, waves)
        for name, wave in zip(sorted(block, key=lambda one: _drawn(seed, one)), _waves(block, waves, seed), strict=True)
    }


def _waves(block: Sequence[str], waves: int, seed: int) -> list[int]:
    """The waves that a block fills; of a last one that is not full, which ones is drawn too."""
    drawn = sorted(range(1, waves + 1), key=lambda wave: _drawn(seed, f"wave {wave}"))
    return drawn[: len(block)]


def _drawn(seed: int, name: str) -> bytes:
    return sha256(f"{seed}\0{name}".encode()).digest()


def _ordered(partners: Sequence[Candidate]) -> list[str]:
    by_region: defaultdict[str, list[Candidate]] = defaultdict(list)
    for one in sorted(partners, key=lambda one: (one.region, one.size, one.organization)):
        by_region[one.region].append(one)
    return [name for inside in by_region.values() for name in _by_tenure(inside)]


def _by_tenure(inside: Sequence[Candidate]) -> Iterator[str]:
    """By parts of size, each by tenure."""
    for part in _parts(inside, -(-len(inside) // SIZES)):
        yield from (one.organization for one in sorted(part, key=lambda one: (one.tenure, one.organization)))


def balance(partners: Sequence[Candidate], drawn: dict[str, int]) -> tuple[Balance, ...]:
    """How alike the waves are, trait by trait; traits that do not vary are left out."""
    traits = {"size (log)": [log1p(one.size) for one in partners], "tenure": [float(one.tenure) for one in partners]}
    traits["outcome before"] = [one.usual for one in partners]
    regions = sorted({one.region for one in partners})
    traits |= {f"region {name or 'unknown'}": [float(one.region == name) for one in partners] for name in regions[1:]}
    waves = [drawn[one.organization] for one in partners]
    return tuple(Balance(name, _largest(values, waves)) for name, values in traits.items() if pvariance(values) > 0)


def _largest(values: Sequence[float], waves: Sequence[int]) -> float:
    middle, spread = fmean(values), sqrt(pvariance(values))
    inside: defaultdict[int, list[float]] = defaultdict(list)
    for value, wave in zip(values, waves, strict=True):
        inside[wave].append(value)
    return max(abs(fmean(some) - middle) / spread for some in inside.values())


def _parts(items: Sequence[One], size: int) -> Iterator[Sequence[One]]:
    return (items[first : first + size] for first in range(0, len(items), size))
