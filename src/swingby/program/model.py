"""A whole program: its header and the things it declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from swingby.program.blocks import (
    DayOfYear,
    Filter,
    Length,
    ListItem,
    Located,
    Moment,
    PeriodUnit,
    Rounding,
    Scale,
    Schedule,
    Value,
    Window,
)
from swingby.program.kinds import FactKind
from swingby.program.numbers import (
    NO_TEXT,
    Cap,
    Credit,
    Number,
    Pick,
    Requirement,
    RuleText,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header(Located):
    """Who the program is and when it holds; only some of it changes results (see the reference)."""

    id: str
    label: str
    language: int
    version: str
    effective: date
    currency: str
    announced: date | None = None
    shadow_from: date | None = None
    protected_through: date | None = None
    time_zone: str = "UTC"
    roll_up: Literal["nearest", "own", "tree"] = "nearest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar(Located):
    """A year that starts on a day, on joining, or when the tier held began; or listed month starts."""

    name: str
    starts: DayOfYear | Literal["joined", "tier"]
    month_starts: tuple[date, ...] = ()
    text: RuleText = NO_TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Located):
    """Reference data with a name: a list of items or a value."""

    name: str
    items: tuple[ListItem, ...] = ()
    value: Value | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactDeclaration(Located):
    """A kind that the program declares or extends, or a subset of another kind."""

    name: str
    kind: FactKind | None = None
    joint: tuple[tuple[str, tuple[str, ...]], ...] = ()
    subset_of: str | None = None
    where: Filter | None = None
    pick: Pick | None = None
    text: RuleText = NO_TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackCase(Located):
    """One computed track: its word and what it requires."""

    word: str
    requires: Requirement


@dataclass(frozen=True, slots=True, kw_only=True)
class Track(Located):
    """One word per enrolment: the partner's latest choice on a topic, or the first case that holds."""

    name: str
    otherwise: str
    chosen: str | None = None
    cases: tuple[TrackCase, ...] = ()
    text: RuleText = NO_TEXT


#: What a partner can do itself, can push, can only hope for.
Control = Literal["controllable", "influenced", "outcome"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort(Located):
    """What it takes a partner to move a number by one, or to do once what earns."""

    hours: Value | None = None
    money: Value | None = None
    lead_days: Value | None = None
    seats: Value | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredNumber(Located):
    """A measure or a score under its name."""

    name: str
    section: Literal["measure", "score"]
    number: Number
    text: RuleText = NO_TEXT
    control: Control | None = None
    effort: Effort | None = None
    side: Literal["partner", "vendor"] = "partner"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSource(Located):
    """The facts an earning repeats over."""

    of: str
    where: Filter | None = None
    over: Window | None = None
    credit: Credit | None = None
    pick: Pick | None = None
    when: Literal["held", "started", "ended"] = "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitPart(Located):
    """A share of an entry that goes into an account, or elsewhere when it stays below its minimum."""

    share: Value
    into: str
    at_least: Value | None = None
    per: tuple[str | PeriodUnit, ...] = ()
    otherwise: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Earning(Located):
    """What a behaviour earns: points or money, from a number or for each fact."""

    name: str
    section: Literal["points", "incentive"]
    scale: Scale
    based_on: Number | None = None
    for_each: FactSource | None = None
    each: PeriodUnit | None = None
    over: Window | None = None
    times: tuple[Value, ...] = ()
    requires: Requirement | None = None
    cap: tuple[Cap, ...] = ()
    dated: Value | Moment | None = None
    rates_at: str | None = None
    awarded: Schedule | Moment | None = None
    expires: Moment | None = None
    cancelled: Literal["reverse", "keep"] | Length = "reverse"
    into: str | None = None
    out_of: str | None = None
    split: tuple[SplitPart, ...] = ()
    own_currency: bool = False
    round: Rounding | None = None
    by: tuple[str, ...] = ()
    text: RuleText = NO_TEXT
    control: Control | None = None
    effort: Effort | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier(Located):
    """A level: what it requires, and what keeps it if that differs."""

    id: str
    requires: Requirement | None = None
    keeps: Requirement | None = None
    was: str | None = None
    label: str | None = None
    text: RuleText = NO_TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class Review(Located):
    """When tiers are looked at and from when the outcome holds."""

    schedule: Schedule
    effective: Moment | None = None
    hold: Moment | None = None
    one_step: bool = False
    grace: Length | None = None
    keeps: Requirement | None = None


EVERY_DAY = Review(schedule=Schedule(kind="each", unit=PeriodUnit("day")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder(Located):
    """Tiers from low to high and their clocks."""

    name: str
    tiers: tuple[Tier, ...]
    start: str | None = None
    promote: Review = EVERY_DAY
    demote: tuple[Review, ...] = (EVERY_DAY,)
    protect: str | None = None
    by: tuple[str, ...] = ()
    text: RuleText = NO_TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class Account(Located):
    """A ledger of lots."""

    name: str
    unit: str
    opens: Moment | None = None
    expires: Moment | None = None
    text: RuleText = NO_TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit(Located):
    """What a tier grants."""

    name: str
    value: Value
    text: RuleText = NO_TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRequirement(Located):
    """A requirement under a name."""

    name: str
    requirement: Requirement
    text: RuleText = NO_TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class Program(Located):
    """One version of a partner program.

    Attributes
    ----------
    kinds
        Every fact kind the program can read, its own and the extended ones included, by name.
    hash
        Of the normalised text of all files; a decision stores it.
    """

    header: Header
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    facts: Mapping[str, FactDeclaration] = field(default_factory=dict)
    tracks: Mapping[str, Track] = field(default_factory=dict)
    measures: Mapping[str, DeclaredNumber] = field(default_factory=dict)
    points: Mapping[str, Earning] = field(default_factory=dict)
    scores: Mapping[str, DeclaredNumber] = field(default_factory=dict)
    requirements: Mapping[str, NamedRequirement] = field(default_factory=dict)
    ladders: Mapping[str, Ladder] = field(default_factory=dict)
    accounts: Mapping[str, Account] = field(default_factory=dict)
    benefits: Mapping[str, Benefit] = field(default_factory=dict)
    incentives: Mapping[str, Earning] = field(default_factory=dict)
    kinds: Mapping[str, FactKind] = field(default_factory=dict)
    hash: str = ""

    def base_of(self, kind: str) -> str:
        """The name of the kind that a subset is a part of, however deep; of any other kind its own."""
        return self.up_to_base(kind)[-1]

    def up_to_base(self, kind: str) -> tuple[str, ...]:
        """A kind and those that it is a part of, however deep; the last is no part of any."""
        found = [kind]
        while (fact := self.facts.get(found[-1])) and fact.subset_of and fact.subset_of not in found:
            found.append(fact.subset_of)
        return tuple(found)
