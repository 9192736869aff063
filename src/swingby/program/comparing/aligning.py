"""Which items of two lists belong together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any

Pair = tuple[Any | None, Any | None]
Signature = Callable[[Any], Hashable]


def aligned(old: Sequence[Any], new: Sequence[Any], signatures: Sequence[Signature]) -> list[Pair]:
    """Pairs of items that say the same or are about the same thing; what is left over has no partner.

    The first signature that two items share makes them a pair; of several the first belongs to the first. The
    order of items does not matter, and the same pairs come out when the sides are exchanged.
    """
    pairs: list[Pair] = []
    left, right = list(old), list(new)
    for signature in signatures:
        found, left, right = _matched(left, right, signature)
        pairs += found
    return [*pairs, *((item, None) for item in left), *((None, item) for item in right)]


def _matched(old: list[Any], new: list[Any], signature: Signature) -> tuple[list[Pair], list[Any], list[Any]]:
    waiting: dict[Hashable, list[Any]] = defaultdict(list)
    for item in new:
        waiting[signature(item)].append(item)
    pairs, left, taken = [], [], set()
    for item in old:
        others = waiting[signature(item)]
        if others:
            other = others.pop(0)
            taken.add(id(other))
            pairs.append((item, other))
        else:
            left.append(item)
    return pairs, left, [item for item in new if id(item) not in taken]


def in_order(old: Sequence[Any], new: Sequence[Any]) -> Iterator[Pair]:
    """Pairs of items of lists whose order has a meaning."""
    if len(old) == len(new):
        yield from zip(old, new, strict=True)
        return
    start = _alike(old, new)
    end = _alike(old[start:][::-1], new[start:][::-1])
    left, right = old[start : len(old) - end], new[start : len(new) - end]
    paired = min(len(left), len(right))
    yield from zip(left[:paired], right[:paired], strict=True)
    yield from ((item, None) for item in left[paired:])
    yield from ((None, item) for item in right[paired:])


def _alike(old: Sequence[Any], new: Sequence[Any]) -> int:
    """How many items at the front are equal."""
    return next((place for place, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
