"""The rules of the benchmark as plain rows, from which the program and every peer's tables are made.

Windows are written twice on purpose: as Swingby's words, and as days that were worked out by hand. If one of them is
wrong, the results of Swingby and its peers differ and the run fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Literal

AS_OF = date(2026, 7, 31)
#: Facts of later positions are not known yet.
KNOWN_AT = 950
LADDER = "level"
TIERS = ("bronze", "silver", "gold", "platinum")
KINDS = (
    "training_completed plan_reviewed campaign pipeline_reviewed talk opportunity_sourced service_delivered demo "
    "customer_active customer_new reference survey workshop webinar case_study certification support_case referral "
    "renewal upsell"
).split()
STATUSES = ("accepted", "pending", "returned")

Form = Literal["count", "sum", "person", "points"]
Group = Literal["all", "any", "count"]


@dataclass(frozen=True, slots=True)
class Window:
    """A window as Swingby writes it and as days [start, end)."""

    words: str
    start: date
    end: date


E = date(2026, 8, 1)
YEAR = Window("{last: 12 months}", date(2025, 8, 1), E)
QUARTERS = Window("{previous: 4 fiscal quarters}", date(2025, 8, 1), E)
QUARTER = Window("{current: fiscal quarter}", date(2026, 5, 1), E)
HALF = Window("{last: 6 months}", date(2026, 2, 1), E)
DAYS = Window("{last: 90 days}", date(2026, 5, 3), E)
TWO_YEARS = Window("{last: 24 months}", date(2024, 8, 1), E)
BEFORE = Window("{previous: 2 fiscal quarters}", date(2026, 2, 1), E)
WINDOWS = (YEAR, QUARTER, HALF, QUARTERS, DAYS, BEFORE)


@dataclass(frozen=True, slots=True)
class Rule:
    """A number of activities: which it reads, how it adds them up, and the line that is asked for."""

    number: int
    form: Form
    kinds: tuple[str, ...]
    window: Window
    line: int
    least_rating: int | None = None
    quantity: tuple[int, int] | None = None
    status: str | None = None
    earn: int = 0
    cap: int = 0
    per: Literal["month", "fiscal quarter"] = "fiscal quarter"

    @property
    def name(self) -> str:
        """The name in the program."""
        return f"{self.form}_{self.number}"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A requirement on a number (a rule's, or the score's) with its place in the ladder."""

    path: str
    tier: int
    group: int
    number: int
    line: int


@dataclass(frozen=True, slots=True)
class Branch:
    """A group of requirements directly below a tier; ``need`` members must be met."""

    path: str
    tier: int
    group: int
    kind: Group
    need: int


#: The number of the score in `Leaf.number`.
TOTAL = 10_000


class Case:
    """Some number of rules and the ladder that asks for all of them."""

    def __init__(self, count: int) -> None:
        self.rules = tuple(map(_rule, range(count)))
        if len({replace(rule, number=0, line=0) for rule in self.rules}) != count:
            raise ValueError(count)  # whoever notices that two rules are one would win by it

    @cached_property
    def points(self) -> tuple[Rule, ...]:
        """The rules that earn points."""
        return tuple(rule for rule in self.rules if rule.form == "points")

    @cached_property
    def halves(self) -> tuple[tuple[tuple[Rule, ...], int], ...]:
        """The two scores that the total adds up: the points in each, and its cap."""
        middle = len(self.points) // 2
        return (self.points[:middle], 25 * len(self.rules)), (self.points[middle:], 20 * len(self.rules))

    @cached_property
    def total_cap(self) -> int:
        """The cap of the total score."""
        return 40 * len(self.rules)

    def members(self, tier: int) -> Iterator[tuple[Group, int, tuple[Rule, ...]]]:
        """The groups below a tier, in order: kind, how many are needed, and the rules."""
        mine = [rule for rule in self.rules if rule.number % len(TIERS) == tier]
        third = len(mine) // 3
        yield "any", 1, tuple(mine[:third])
        yield "count", 1 + third // 3, tuple(mine[third : 2 * third])
        yield "count", 1 + tier // 2, tuple(mine[2 * third :])

    @cached_property
    def branches(self) -> tuple[Branch, ...]:
        """All groups below the tiers."""
        return tuple(
            Branch(f"{TIERS[tier]}.{place}", tier, place, kind, need)
            for tier in range(len(TIERS))
            for place, (kind, need, _) in enumerate(self.members(tier), start=2)
        )

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """All requirements on numbers; group 1 is the line of the score itself."""
        return tuple(self._leaves())

    def _leaves(self) -> Iterator[Leaf]:
        for tier, name in enumerate(TIERS):
            yield Leaf(f"{name}.1", tier, 1, TOTAL, self.score_line(tier))
            for group, (_, _, rules) in enumerate(self.members(tier), start=2):
                for place, rule in enumerate(rules, start=1):
                    yield Leaf(f"{name}.{group}.{place}", tier, group, rule.number, rule.line)

    def score_line(self, tier: int) -> int:
        """The score that a tier asks for."""
        return (1, 3, 6, 10)[tier] * len(self.rules) // 10


def _rule(number: int) -> Rule:
    kind, other = KINDS[number * 7 % len(KINDS)], KINDS[(number * 7 + 5) % len(KINDS)]
    turn = number // len(KINDS)
    window = WINDOWS[(number + turn) % len(WINDOWS)]
    rating = turn or None
    match number % 10:
        case 0:
            found = Rule(number, "count", (kind,), window, 2, rating)
        case 1:
            found = Rule(number, "sum", (kind,), window, 20 + turn, rating)
        case 2:
            found = Rule(number, "person", (kind,), window, 2, rating)
        case 3:
            found = Rule(number, "count", (kind,), window, 1, 1 + turn)
        case 4:
            found = Rule(number, "points", (kind,), YEAR, 8, rating, earn=4 + turn, cap=20)
        case 5:
            found = Rule(number, "sum", (kind,), QUARTERS, 30, quantity=(2 + turn, 30))
        case 6:
            found = Rule(number, "count", (kind,), DAYS, 1, rating, status=STATUSES[turn % 2])
        case 7:
            found = Rule(number, "points", (kind,), YEAR, 6, 1 + turn, earn=3 + turn, cap=9, per="month")
        case 8:
            found = Rule(number, "person", (kind,), HALF, 2, 1 + turn)
        case _:
            found = Rule(number, "count", (kind, other), TWO_YEARS, 4 + turn, rating)
    return found
