"""What came in, in money or credits, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """What came in and what became of it; ``lapsing`` is what is left and lapses soon. None is not known."""

    earned: Decimal | None = None
    used: Decimal | None = None
    expired: Decimal | None = None
    lapsing: Decimal | None = None
    left: Decimal | None = None


def summed(parts: Iterable[Amounts]) -> Amounts:
    """The sum of several, of one unit."""
    found = list(parts)
    return Amounts(
        earned=_sum(part.earned for part in found),
        used=_sum(part.used for part in found),
        expired=_sum(part.expired for part in found),
        lapsing=_sum(part.lapsing for part in found),
        left=_sum(part.left for part in found),
    )


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    """A sum is known when every part of it is."""
    total = Decimal(0)
    for value in values:
        if value is None:
            return None
        total += value
    return total
