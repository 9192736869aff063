"""Boards: parts of a firm or a program ranked by net new, and in which steps a rank became another.

Nobody is shown for whom fewer than ten stand. Where those that are left out are so few that they could be found by
subtracting, the smallest that could be shown is left out with them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from fractions import Fraction
from hashlib import sha256
from typing import Final, Literal

from swingby.enablement.growth import Growth

#: As many people as stand for a line at least.
MINIMUM_BASE: Final = 10
_CENTS: Final = Decimal("0.01")
By = Literal["net", "head"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a board ranks: a team, an office, a region, a partner, those who joined in one year.

    Attributes
    ----------
    within
        What it is a part of, so that parts of the same can be subtracted from it.
    heads
        How many people it has on the last day of the period.
    """

    key: str
    within: str = ""
    heads: int
    growth: Growth

    @property
    def per_head(self) -> Decimal:
        """Net new for each person, to the hundredth; nothing where there is nobody."""
        if not self.heads:
            return Decimal(0)
        return (Decimal(self.growth.net) / self.heads).quantize(_CENTS, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A part with its rank. Those of one rank are tied; the next rank counts all of them."""

    rank: int
    is_tied: bool
    part: Part


@dataclass(frozen=True, slots=True)
class Board:
    """Those who are shown, best first, and how many are not."""

    lines: tuple[BoardLine, ...]
    hidden: int = 0


class CauseKind(StrEnum):
    """Why a rank is another one than in the period before."""

    EARNED = "earned"
    LAPSED = "lapsed"
    MOVED = "moved"
    HEADS = "heads"
    OTHERS = "others"
    SHOWN = "shown"


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause, and by how many places it went up; down is below zero."""

    kind: CauseKind
    places: int


@dataclass(frozen=True, slots=True)
class RankChange:
    """Two ranks of a part and what led from one to the other. The places of all causes add up to the difference."""

    before: int
    after: int
    causes: tuple[Cause, ...]


def board_of(parts: Iterable[Part], *, by: By, draw: str, minimum: int = MINIMUM_BASE) -> Board:
    """Rank parts by net new, whole or per head.

    Parameters
    ----------
    draw
        What the order among equals is drawn from, such as the period: it says nothing of them, and another draw gives
        another order.
    minimum
        How many people a part must have.
    """
    given = list(parts)
    shown = _shown(given, minimum)
    return Board(_ranked(shown, by, draw), len(given) - len(shown))


def board_of_people(parts: Iterable[Part], *, draw: str, minimum: int = MINIMUM_BASE) -> Board:
    """Rank single people, each a part with one head; of fewer than the minimum nobody is shown."""
    given = list(parts)
    if len(given) < minimum:
        return Board((), len(given))
    return Board(_ranked(given, "net", draw))


def rank_changes(
    before: Iterable[Part], after: Iterable[Part], *, by: By, minimum: int = MINIMUM_BASE
) -> dict[str, RankChange]:
    """Say in which steps ranks became others: the own figures one after the other, then the others, then who is shown.

    Returns
    -------
    By key, the ranks with their causes, those of no effect left out; of those that are shown in both periods.
    """
    then = {part.key: part for part in _shown(list(before), minimum)}
    now = {part.key: part for part in _shown(list(after), minimum)}
    fields = [_Field(parts, by) for parts in (then, {key: now.get(key, part) for key, part in then.items()}, now)]
    return {key: _change(key, then[key], now[key], fields) for key in then if key in now}


class _Field:
    """All that are ranked, in the order of what they reached, so that a rank is found without looking at each."""

    def __init__(self, parts: Mapping[str, Part], by: By) -> None:
        self.by = by
        self.scores = {key: _score(part, by) for key, part in parts.items()}
        self.ordered = sorted(self.scores.values())

    def rank(self, key: str, part: Part) -> int:
        """The rank of a part as if it had reached this instead."""
        score = _score(part, self.by)
        better = len(self.ordered) - bisect_right(self.ordered, score)
        return 1 + better - (self.scores[key] > score)


def _change(key: str, then: Part, now: Part, fields: Sequence[_Field]) -> RankChange:
    first, mixed, last = fields
    ranks, causes = [first.rank(key, then)], []
    steps = [*((kind, first.rank(key, part)) for kind, part in _own_steps(then, now))]
    steps += [(CauseKind.OTHERS, mixed.rank(key, now)), (CauseKind.SHOWN, last.rank(key, now))]
    for kind, rank in steps:
        causes.append(Cause(kind, ranks[-1] - rank))
        ranks.append(rank)
    return RankChange(ranks[0], ranks[-1], tuple(cause for cause in causes if cause.places))


def _own_steps(then: Part, now: Part) -> Iterator[tuple[CauseKind, Part]]:
    """One own figure after the other becomes what it is now."""
    own = then
    for kind, names in _OWN:
        own = replace(own, growth=replace(own.growth, **{name: getattr(now.growth, name) for name in names}))
        yield kind, own
    yield CauseKind.HEADS, now


_OWN: Final[Sequence[tuple[CauseKind, tuple[str, ...]]]] = (
    (CauseKind.EARNED, ("earned",)),
    (CauseKind.LAPSED, ("lapsed",)),
    (CauseKind.MOVED, ("moved_in", "moved_out")),
)


def _score(part: Part, by: By) -> Fraction:
    return Fraction(part.growth.net, part.heads if by == "head" else 1)


def _ranked(parts: Sequence[Part], by: By, draw: str) -> tuple[BoardLine, ...]:
    equals = defaultdict[Fraction, list[Part]](list)
    for part in parts:
        equals[_score(part, by)].append(part)
    lines: list[BoardLine] = []
    for score in sorted(equals, reverse=True):
        tied, rank = equals[score], len(lines) + 1
        drawn = sorted(tied, key=lambda part: sha256(f"{draw}\0{part.key}".encode()).digest())
        lines += (BoardLine(rank, len(tied) > 1, part) for part in drawn)
    return tuple(lines)


def _shown(parts: Sequence[Part], minimum: int) -> list[Part]:
    together = defaultdict[str, list[Part]](list)
    for part in parts:
        together[part.within].append(part)
    return [part for group in together.values() for part in _shown_together(group, minimum)]


def _shown_together(parts: Sequence[Part], minimum: int) -> list[Part]:
    """Those of one whole that may be shown: what is left out must not be what is left over."""
    largest = sorted(parts, key=lambda part: (-part.heads, part.key))
    shown = [part for part in largest if part.heads >= minimum]
    hidden = largest[len(shown) :]
    while shown and _is_left_over(hidden, minimum):
        hidden.append(shown.pop())
    return shown


def _is_left_over(hidden: Sequence[Part], minimum: int) -> bool:
    nobody = Growth(0, 0, 0, 0, 0, 0)
    return sum(part.heads for part in hidden) < minimum and any(part.heads or part.growth != nobody for part in hidden)
