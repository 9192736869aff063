"""Boards: parts of a firm or a program ranked by net new, and in which steps a rank became another.

Nobody is shown for whom fewer than ten stand. Where those that are left out are so few that they could be found by
subtracting, the smallest that could be shown is left out with them.
"""

from __future__ import annotations

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


def rank_change(
    key: str, before: Iterable[Part], after: Iterable[Part], *, by: By, minimum: int = MINIMUM_BASE
) -> RankChange | None:
    """Say in which steps a rank became another: the own figures one after the other, then the others, then who is shown.

    Returns
    -------
    The ranks with their causes, those of no effect left out. None for who is not shown in both periods.
    """
    then = {part.key: part for part in _shown(list(before), minimum)}
    now = {part.key: part for part in _shown(list(after), minimum)}
    if key not in then or key not in now:
        return None
    ranks = [_rank(then, key, by)]
    causes = []
    for kind, parts in _steps(key, then, now):
        ranks.append(_rank(parts, key, by))
        causes.append(Cause(kind, ranks[-2] - ranks[-1]))
    return RankChange(ranks[0], ranks[-1], tuple(cause for cause in causes if cause.places))


def _steps(key: str, then: Mapping[str, Part], now: Mapping[str, Part]) -> Iterator[tuple[CauseKind, dict[str, Part]]]:
    """One cause after the other, each with all parts as they are once it and those before it have come."""
    parts, own, new = dict(then), then[key], now[key]
    for kind, names in _OWN:
        own = replace(own, growth=replace(own.growth, **{name: getattr(new.growth, name) for name in names}))
        parts[key] = own
        yield kind, parts
    parts[key] = new
    yield CauseKind.HEADS, parts
    yield CauseKind.OTHERS, {other: now.get(other, part) for other, part in parts.items()}
    yield CauseKind.SHOWN, dict(now)


_OWN: Final[Sequence[tuple[CauseKind, tuple[str, ...]]]] = (
    (CauseKind.EARNED, ("earned",)),
    (CauseKind.LAPSED, ("lapsed",)),
    (CauseKind.MOVED, ("moved_in", "moved_out")),
)


def _score(part: Part, by: By) -> Fraction:
    return Fraction(part.growth.net, part.heads if by == "head" else 1)


def _rank(parts: Mapping[str, Part], key: str, by: By) -> int:
    own = _score(parts[key], by)
    return 1 + sum(_score(part, by) > own for part in parts.values())


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
