"""What a program declares as a number, and the requirements that hold numbers against lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from swingby.program.blocks import (
    Filter,
    Length,
    Located,
    PeriodUnit,
    Rounding,
    Test,
    Value,
    Window,
)

Aggregate = Literal["count", "sum", "average", "median", "least", "greatest"]
Operation = Literal["sum", "product", "difference", "ratio", "growth", "average", "least", "greatest", "count"]
NumberSection = Literal["measure", "points", "score", "incentive"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit(Located):
    """How facts reach a partner when a rule says so itself."""

    anyone: bool = False
    through: str | None = None
    matching: str | None = None
    at: Literal["fact", "as_of"] | None = None
    several: Literal["all", "earliest", "latest", "split"] | tuple[str, ...] = "all"
    roll_up: Literal["nearest", "own", "tree"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick(Located):
    """Chooses facts before ``where`` does: the first n, the highest by a column, per something."""

    order: Literal["first", "last", "highest", "lowest"]
    count: int
    column: str | None = None
    per: tuple[str, ...] = ()
    among: Filter | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberOptions(Located):
    """What every form of number may add: cells, a cap, rounding and the value of an undefined result."""

    by: tuple[str, ...] = ()
    cap: tuple[Cap, ...] = ()
    round: Rounding | None = None
    undefined: Value | None = None
    undefined_is_none: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap(Located):
    """A limit; ``per`` names columns, periods or ``fact``. Several caps are applied in order."""

    at_most: Value | None = None
    at_least: Value | None = None
    per: tuple[str | PeriodUnit, ...] = ()


PLAIN = NumberOptions()


@dataclass(frozen=True, slots=True, kw_only=True)
class FactNumber(Located):
    """A number of facts. ``column`` is the thing counted, the column put together, or ``facts``."""

    aggregate: Aggregate
    column: str
    of: str
    where: Filter | None = None
    over: Window | None = None
    credit: Credit | None = None
    times: tuple[Value, ...] = ()
    when: Literal["held", "started", "ended"] = "held"
    pick: Pick | None = None
    options: NumberOptions = PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class EachNumber(Located):
    """The same number or requirement seen for one thing, cell, period or enrolment at a time."""

    aggregate: Aggregate
    item: Number | Requirement
    each: str | PeriodUnit
    over: Window | None = None
    peers: tuple[str, ...] = ()
    only: Requirement | None = None
    options: NumberOptions = PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class ListItemNumber(Located):
    """One item of a list; a requirement only under ``count``."""

    item: Number | Requirement
    weight: Value | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListNumber(Located):
    """Numbers put together by an operation."""

    operation: Operation
    items: tuple[ListItemNumber, ...]
    base: Value | None = None
    options: NumberOptions = PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class RankNumber(Located):
    """The place among peers, 1 for the highest; equal values share the better place."""

    number: Number
    peers: tuple[str, ...] = ()
    only: Requirement | None = None
    options: NumberOptions = PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat(Located):
    """A role to be filled ``count`` times inside a group by people with matching facts."""

    role: str
    inside: str
    count: Value
    where: Filter | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignNumber(Located):
    """The most seats that people can fill."""

    person: str
    of: str
    seats: tuple[Seat, ...]
    roles: Value | None = None
    seats_each: Value | None = None
    options: NumberOptions = PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeNumber(Located):
    """How many whole units fit into a window."""

    unit: PeriodUnit
    over: Window
    options: NumberOptions = PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberReference(Located):
    """A declared number, perhaps of another day; ``section`` is where it was declared."""

    section: NumberSection
    name: str
    ago: Length | None = None
    at: date | None = None
    over: Window | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountNumber(Located):
    """What an account shows."""

    account: str
    show: Literal["balance", "opened", "used", "expired"] = "balance"
    over: Window | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueNumber(Located):
    """A value used where a number stands."""

    value: Value


Number = (
    FactNumber
    | EachNumber
    | ListNumber
    | RankNumber
    | AssignNumber
    | TimeNumber
    | NumberReference
    | AccountNumber
    | ValueNumber
)


# --- requirements ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleText(Located):
    """What a rule says about itself; it never changes a result."""

    label: str | None = None
    unit: str | None = None
    source: str | None = None
    note: str | None = None


NO_TEXT = RuleText()


@dataclass(frozen=True, slots=True, kw_only=True)
class Compare(Located):
    """A number against a line. ``line`` None stands for ``all``: the number of things counted."""

    number: Number
    test: Test
    line: Value | None
    ago: Length | None = None
    at: date | None = None
    text: RuleText = NO_TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class RankLine(Located):
    """A rank within the top share or the top count of its peers."""

    number: Number
    top: Value
    is_share: bool
    cut: Literal["down", "up"] = "down"
    text: RuleText = NO_TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class TierHeld(Located):
    """The tier held on a ladder."""

    ladder: str
    test: Test
    tier: str
    ago: Length | None = None
    at: date | None = None
    text: RuleText = NO_TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionMade(Located):
    """The latest decision on a topic, in force on the day (or within ``over``), with one of the outcomes."""

    topic: str
    outcomes: tuple[str, ...] = ("approved",)
    over: Window | None = None
    text: RuleText = NO_TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackIs(Located):
    """The track is one of the words."""

    track: str
    words: tuple[str, ...]
    negated: bool = False
    text: RuleText = NO_TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnTest(Located):
    """A column of the enrolment or its organization under a test."""

    filter: Filter
    text: RuleText = NO_TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementReference(Located):
    """A declared requirement, perhaps of another day."""

    name: str
    ago: Length | None = None
    at: date | None = None
    text: RuleText = NO_TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Located):
    """Requirements together: all, any, none, or at least so many of them (``at_least`` None = all)."""

    kind: Literal["all", "any", "none", "count"]
    items: tuple[Requirement, ...]
    at_least: Value | None = None
    text: RuleText = NO_TEXT


Requirement = Compare | RankLine | TierHeld | DecisionMade | TrackIs | ColumnTest | RequirementReference | Group
