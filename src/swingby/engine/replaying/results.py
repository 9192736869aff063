"""What a comparison says: who moves, why, who is near a line, what stops whom, what cannot be replayed, what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Direction = Literal["up", "down", "aside"]
#: ``then``: each review sees what was known by the end of the day that it looks at. ``now``: all see what is known now.
Knowledge = Literal["then", "now"]
Cause = Literal["requirement", "timing", "no tier"]
SideName = Literal["old", "new"]


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison.

    Attributes
    ----------
    effective
        The version's own first day; ``replayed_from`` the day on which its ladders begin in the comparison.
    day
        The day on which the side stands at the last review.
    """

    program: str
    version: str
    effective: date
    replayed_from: date
    day: date


@dataclass(frozen=True, slots=True)
class Reason:
    """A requirement that decides: what it asks for, and how far the partner is from it where it is a number.

    Attributes
    ----------
    tier, path
        The tier that asks for it, and its place in it: ``gold.2``.
    is_missed
        True where it keeps the partner from the tier on the new side; False where it did so on the old.
    test, is_place
        As in `RequirementRow`.
    """

    tier: str
    path: str
    label: str
    is_missed: bool
    value: Decimal | None
    line: Decimal | None
    gap: Decimal | None
    test: str = ""
    is_place: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """A partner who stands elsewhere on a ladder.

    Attributes
    ----------
    old, new
        The tier on each side; None for none.
    direction
        ``aside`` where the two tiers have no common order, as when one takes the place of another.
    reasons
        What the higher of the two tiers asks for and is missed on the side of the lower.
    cause
        ``timing`` where all of it is met on the day looked at, so that a review, a hold or protection decides; ``no tier``
        where the side of the lower tier has no such tier.
    """

    enrolment: str
    ladder: str
    old: str | None
    new: str | None
    direction: Direction
    reasons: tuple[Reason, ...] = ()
    cause: Cause = "requirement"


@dataclass(frozen=True, slots=True)
class TierCount:
    """A tier on both sides: how many hold it, and how many of those who hold it on the old side go where.

    Attributes
    ----------
    tier, label
        The id on the new side, or on the old where only that has it; None for no tier.
    """

    ladder: str
    tier: str | None
    label: str
    old: int
    new: int
    up: int
    down: int
    aside: int


@dataclass(frozen=True, slots=True)
class Review:
    """One review, replayed on both sides.

    Attributes
    ----------
    on
        The midnight of the review; ``looks_at`` the day it looks at, ``holds_from`` the day from which its outcome holds.
    compared
        How many partners are compared, of whom ``moves`` stand elsewhere.
    unknown
        How many partners are not compared, because facts are missing on one of the sides.
    """

    on: date
    looks_at: date
    holds_from: date
    compared: int
    moves: tuple[Move, ...]
    unknown: int
    tiers: tuple[TierCount, ...]

    def count(self, direction: Direction) -> int:
        """How many moves go in a direction."""
        return sum(move.direction == direction for move in self.moves)


@dataclass(frozen=True, slots=True)
class NearLine:
    """A partner whose number is within five per cent of a line that decides for it, in the new version.

    Attributes
    ----------
    is_met
        True just above the line of the tier held, which it would lose; False just below that of the next tier.
    """

    enrolment: str
    ladder: str
    tier: str
    path: str
    label: str
    value: Decimal
    line: Decimal
    is_met: bool


@dataclass(frozen=True, slots=True)
class Stopping:
    """A requirement of a tier, on one side: how many miss it on their way to that tier, and whom it alone stops.

    ``name`` is the number or requirement that it is about, where it has a name.
    """

    side: SideName
    ladder: str
    tier: str
    path: str
    name: str
    label: str
    missed: int
    alone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupCount:
    """The partners of a region or track of the new version at the last review, and how many of them move which way.

    ``by`` is ``region`` or the name of a track; ``group`` is empty where a partner has no region.
    """

    by: str
    group: str
    compared: int
    up: int
    down: int
    aside: int


@dataclass(frozen=True, slots=True)
class Gap:
    """What a source does not cover: the kind of fact, the source, and the days for which it is complete."""

    kind: str
    source: str
    complete_from: date | None
    complete_to: date | None


@dataclass(frozen=True, slots=True)
class NotReplayable:
    """A requirement that has no answer at some reviews, because facts did not exist then.

    Attributes
    ----------
    reviews
        The reviews at which it is unknown for somebody; ``partners`` for how many at most.
    because
        The sources that it reads and that are not complete on every day.
    """

    side: SideName
    ladder: str
    tier: str
    path: str
    label: str
    reviews: tuple[date, ...]
    partners: int
    because: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a benefit costs on both sides, over the partners that are compared and whose cost is known on both.

    Attributes
    ----------
    old, new
        In the program's currency, exact; None where the side does not have the benefit.
    is_yearly
        True for amounts of a year.
    unknown
        How many partners are left out because a number is missing.
    """

    benefit: str
    label: str
    price: str
    old: Decimal | None
    new: Decimal | None
    is_yearly: bool
    unknown: int

    @property
    def change(self) -> Decimal:
        """How much more the new side costs; negative for less."""
        return (self.new or Decimal(0)) - (self.old or Decimal(0))


@dataclass(frozen=True, slots=True)
class Loser:
    """A partner who is worse off at the last review: it holds a lower tier, or its priced benefits are worth less.

    Attributes
    ----------
    lost
        What its priced benefits are worth less, in the program's currency; negative for more, None when unknown or not priced.
    """

    enrolment: str
    moves: tuple[Move, ...]
    lost: Decimal | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides over the same partners, review by review; what stands apart is about the last review.

    Attributes
    ----------
    known
        What reviews see; None where standings are those of two assessments.
    by_month
        True where there are too many days of review, and the first of each month stands for those since the one before.
    only_old, only_new
        Ladders that one side does not have.
    joined, left
        Enrolments that only one of two days has.
    not_compared
        Enrolments without an answer on one of the sides at the last review, because facts are missing.
    """

    old: Side
    new: Side
    currency: str
    known: Knowledge | None
    reviews: tuple[Review, ...]
    near: tuple[NearLine, ...] = ()
    stopping: tuple[Stopping, ...] = ()
    not_replayable: tuple[NotReplayable, ...] = ()
    costs: tuple[Cost, ...] = ()
    worse_off: tuple[Loser, ...] = ()
    groups: tuple[GroupCount, ...] = ()
    only_old: tuple[str, ...] = ()
    only_new: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    not_compared: tuple[str, ...] = ()
    by_month: bool = False

    @property
    def is_of_versions(self) -> bool:
        """Whether two versions are compared, on the same day; else two days."""
        return self.old.day == self.new.day

    @property
    def last(self) -> Review:
        """The last review."""
        return self.reviews[-1]
