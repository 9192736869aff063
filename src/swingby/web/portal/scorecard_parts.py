"""The scorecard as values: requirements by tier, numbers, the lines of one number, one record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from swingby.web.design.parts import Gate, Place, Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementRow:
    """A requirement, or the heading of a group whose parts follow; ``depth`` says how far it stands in."""

    gate: Gate
    is_group: bool = False
    depth: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TierCard:
    """What one tier asks, and how much of it is met."""

    name: str
    place: Place
    is_next: bool
    rows: tuple[RequirementRow, ...]
    met: int
    asked: int
    source: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it is shown unfolded: the tier that is held and the one above."""
        return self.is_next or self.place == "current"


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderCard:
    """The tiers of one ladder, the next one first, then downwards, then what lies further up."""

    name: str
    held: str
    tiers: tuple[TierCard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRow:
    """A number of the program with its value."""

    name: str
    url: str
    value: Decimal | None
    unit: str = ""
    is_incomplete: bool = False
    is_theirs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberGroup:
    """Numbers of one sort under their heading."""

    heading: str
    rows: tuple[NumberRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorecardPage:
    """``is_behind`` while something newer is worked out; ``as_of`` is ``None`` before anything was."""

    partner: str
    program: str
    vendor: str
    as_of: date | None = None
    version: str = ""
    is_behind: bool = False
    ladders: tuple[LadderCard, ...] = ()
    groups: tuple[NumberGroup, ...] = ()
    back_url: str = ""
    cases_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedBy:
    """A tier that asks for a number: how much, and whether that is met."""

    tier: str
    gate: Gate


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line behind a number."""

    day: date
    what: str
    rule: str
    note: str
    amount: Decimal | None
    unit: str
    record: str
    record_url: str = ""
    case: str = ""
    case_tone: Tone = "pending"
    case_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UncountedLine:
    """A record that a number is about and that does not count for it, and why."""

    day: date
    what: str
    why: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberPage:
    """One number: what asks for it, the lines that count or those that count no longer, a page at a time.

    ``uncounted`` are the newest records that it is about and that do not count.
    """

    name: str
    partner: str
    vendor: str
    heading: str
    value: Decimal | None
    unit: str
    as_of: date
    version: str
    is_behind: bool
    is_incomplete: bool
    is_theirs: bool
    source: str
    note: str
    asked_by: tuple[AskedBy, ...]
    parts: tuple[NumberRow, ...]
    lines: tuple[Line, ...]
    shows_left_out: bool
    counting: int
    left_out: int
    counting_url: str
    left_out_url: str
    older_url: str
    newest_url: str
    card_url: str
    missing_url: str = ""
    uncounted: tuple[UncountedLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """One thing that a record says."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyNot:
    """Why a record does not count for a number, or for any where that has no label."""

    label: str
    words: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage:
    """One record: where it came from, when, what it says, what it counts for, and why not for others."""

    key: str
    partner: str
    vendor: str
    kind: str
    source: str
    arrived: datetime
    position: int
    is_removed: bool
    details: tuple[Detail, ...]
    counts_for: tuple[NumberRow, ...]
    counted_for: tuple[NumberRow, ...]
    card_url: str
    why_not: tuple[WhyNot, ...] = ()
    dispute_url: str = ""
