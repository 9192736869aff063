"""What a path says: what to do, by when, what it unlocks, and what does not lie in the partner's hands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from swingby.engine.standing import RequirementRow

Least = Literal["hours", "money", "days"]
Outlook = Literal["held", "path", "conditional", "none"]


@dataclass(frozen=True, slots=True)
class Total:
    """Effort: hours of work, money in the program's currency, and training seats."""

    hours: Decimal = Decimal(0)
    money: Decimal = Decimal(0)
    seats: Decimal = Decimal(0)

    def __add__(self, other: Total) -> Total:
        return Total(self.hours + other.hours, self.money + other.money, self.seats + other.seats)

    def times(self, count: int) -> Total:
        """The same effort so many times."""
        return Total(self.hours * count, self.money * count, self.seats * count)


@dataclass(frozen=True, slots=True)
class Gain:
    """A score that a step raises: by how much, up to what, and the line that counts."""

    name: str
    label: str
    points: Decimal
    value: Decimal
    line: Decimal


@dataclass(frozen=True, slots=True)
class PathStep:
    """One thing to do.

    Attributes
    ----------
    rule, section, label
        The measure or earning that it moves, where that was declared, and what it is called.
    word
        Which of several kinds of act, where the rule lists some: ``talk``.
    count
        How often.
    people
        Whose, where it is a person's: those who work for the partner and do not yet count, by id.
    start_on, ready_on
        The day to begin so that it shows in time, and the day from which it counts.
    effort
        Of all of them together.
    is_costed
        False where the program says no effort: the true cost is not known.
    unlocks
        The requirements that are met from this step on, by their path: ``gold.1``.
    gains
        The scores of unmet requirements that it raises.
    """

    rule: str
    section: Literal["measure", "points", "incentive"]
    label: str
    word: str
    count: int
    people: tuple[str, ...]
    start_on: date
    ready_on: date
    effort: Total
    is_costed: bool
    unlocks: tuple[str, ...] = ()
    gains: tuple[Gain, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """An outcome on which the path depends: a requirement that the partner can push or hope for, but not do.

    ``is_met`` tells those that hold if nothing gets worse from those that do not hold yet.
    """

    path: str
    name: str
    label: str
    control: Literal["influenced", "outcome", "not said"]
    value: Decimal | None
    line: Decimal | None
    gap: Decimal | None
    is_met: bool
    test: str = ""
    is_place: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """What stands in the way and is decided elsewhere, comes with time, or cannot be planned; ``reason`` says which."""

    path: str
    label: str
    kind: Literal["decision", "tier", "time", "status", "cannot be planned"]
    reason: str


@dataclass(frozen=True, slots=True)
class Risk:
    """What counts today and will not at the review, unless it is renewed or done again.

    ``fact`` is the state that ends, ``person`` whose it is; ``amount`` what a number loses.
    """

    name: str
    label: str
    amount: Decimal
    ends_on: date | None
    fact: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class Path:
    """The least effort that reaches a tier, by acts that the partner controls.

    Attributes
    ----------
    outlook
        ``held`` when the tier is held already; ``path`` when the steps are enough; ``conditional`` when they are enough
        if what stands under ``depends_on`` and ``blocked_by`` comes too; ``none`` when no review in time can give it.
    ready_by
        The day on which the last step counts.
    review_on, effective_on
        The review that gives the tier, and the day from which it is held.
    verified
        The engine was run on the facts with the steps added, and agrees.
    is_least
        False where it is not shown that nothing costs less: the steps are enough, and there may be less.
    rows
        The requirements of the tier as the engine finds them at the review, with the steps done.
    earliest
        Where no review up to the asked day can give the tier, the first later one that can.
    """

    partner: str
    ladder: str
    tier: str
    held: str | None
    as_of: date
    by: date
    least: Least
    outlook: Outlook
    steps: tuple[PathStep, ...] = ()
    effort: Total = Total()
    ready_by: date | None = None
    review_on: date | None = None
    effective_on: date | None = None
    verified: bool = False
    is_least: bool = True
    rows: tuple[RequirementRow, ...] = ()
    depends_on: tuple[Condition, ...] = ()
    blocked_by: tuple[Block, ...] = ()
    at_risk: tuple[Risk, ...] = ()
    earliest: date | None = None
