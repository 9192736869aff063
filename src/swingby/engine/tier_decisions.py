"""What people decided about a partner's tier: the outcome of a review, or a tier below which it does not fall."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

#: The fact kind of these decisions.
TIER_DECISIONS: Final = "tier_decisions"
#: From its first day the partner holds the tier, and the reviews of its days decide nothing.
SETTLED: Final = "settled"
#: While it is in force the partner holds at least the tier.
AT_LEAST: Final = "at_least"
#: The outcome of a review that leaves a partner without a tier.
WITHOUT: Final = "none"
NO_TIER = -1
Row = Sequence[object]


@dataclass(frozen=True, slots=True)
class TierDecision:
    """One decision: a place on the ladder from a day, perhaps until a day."""

    effect: str
    ordinal: int
    starts_on: date
    ends_on: date | None
    position: int
    fact: str
    cell: str | None = None

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.starts_on <= day and (self.ends_on is None or self.ends_on > day)


class TierDecisions:
    """All decisions about one partner on one ladder, as they are known."""

    def __init__(self, decisions: Iterable[TierDecision] = ()) -> None:
        self._all = tuple(decisions)

    def days(self) -> set[date]:
        """The days on which one begins to count, or ends and leaves the word to another one."""
        ends = {item.ends_on for item in self._all if item.ends_on is not None}
        return {item.starts_on for item in self._all} | ends

    def settled(self, day: date) -> int | None:
        """The tier that people settled for a day: the decision that begins last, of several the one known last."""
        found = [item for item in self._all if item.effect == SETTLED and item.holds(day)]
        latest = max(found, key=lambda item: (item.starts_on, item.position, item.fact), default=None)
        return latest.ordinal if latest else None

    def least(self, day: date) -> int:
        """The highest tier below which a decision does not let the partner fall on a day."""
        return max((i.ordinal for i in self._all if i.effect == AT_LEAST and i.holds(day)), default=NO_TIER)


def read_decisions(rows: Iterable[Row], order: Sequence[str]) -> Iterable[tuple[int, TierDecision]]:
    """Each decision with its partner's number; one that names no tier of the ladder decides nothing."""
    places: Mapping[object, int] = {WITHOUT: NO_TIER, **{tier: place for place, tier in enumerate(order)}}
    for e, cell, effect, tier, starts_on, ends_on, fact, position in rows:
        if tier not in places or not isinstance(e, int) or not isinstance(starts_on, date):
            continue
        ends = ends_on if isinstance(ends_on, date) else None
        known = position if isinstance(position, int) else 0
        where = None if cell is None else str(cell)
        yield e, TierDecision(str(effect), places[tier], starts_on, ends, known, str(fact), where)
