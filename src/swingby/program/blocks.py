"""The blocks that rules are made of: values, windows, moments, schedules, filters and scales.

Every block is frozen and knows where it was written. Locations never take part in equality, so two programs
that say the same thing are equal wherever they stand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from swingby.program.numbers import Number

DayUnit = Literal["day", "week", "month", "quarter", "half", "year"]
Scalar = Decimal | str | bool | date
Test = Literal["is", "is_not", "at_least", "above", "at_most", "below"]


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """Where something was written: file, and line and column counted from one."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


NOWHERE = Location("<built>", 0, 0)


def _location() -> Location:
    return NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """Anything that was written somewhere."""

    location: Location = field(default_factory=_location, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time: (count, unit) parts that are added in order; months clamp to the month's end."""

    parts: tuple[tuple[int, DayUnit], ...]


@dataclass(frozen=True, slots=True)
class PeriodUnit:
    """``fiscal quarter``, ``2 membership years``: a count of units of one calendar; no calendar is the civil one."""

    unit: DayUnit
    calendar: str | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class DayOfYear:
    """``02-01``: a day that comes every year."""

    month: int
    day: int


# --- values ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant(Located):
    """A plain value: number, word, truth or day; ``as_percent`` says only how it was written."""

    value: Scalar
    as_percent: bool = field(default=False, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated(Located):
    """A value that changes by date; ``steps`` are in order of date, ``initially`` holds before the first."""

    initially: Value | None
    steps: tuple[tuple[date, Value], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ByCase(Located):
    """A value looked up by one key: a column, a track, a ladder, a cell or ``organization.…``.

    Several keys in YAML become nested values with the same ``otherwise``.
    """

    by: str
    cases: tuple[tuple[str, Value], ...]
    otherwise: Value | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfNumber(Located):
    """A value that is any number of the program."""

    number: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Product(Located):
    """The product of values."""

    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableValue(Located):
    """A named table."""

    table: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitValue(Located):
    """What a benefit gives at the tier held."""

    benefit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnValue(Located):
    """Another column of the fact in hand, moved by ``moment``."""

    column: str
    moment: Moment | None = None


Value = Constant | Dated | ByCase | OfNumber | Product | TableValue | BenefitValue | ColumnValue


@dataclass(frozen=True, slots=True, kw_only=True)
class ListItem(Located):
    """One item of a list table, which may hold only from a day until a day (first day it no longer holds)."""

    value: Scalar
    starts_on: date | None = None
    ends_on: date | None = None


# --- time -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MomentStep:
    """One step of a moment: to the start or end of a period (moved by ``shift`` periods), then ``after`` a length."""

    anchor: Literal["start_of", "end_of"] | None = None
    unit: PeriodUnit | None = None
    shift: int = 0
    after: Length | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment(Located):
    """A midnight worked out from another by steps in order."""

    steps: tuple[MomentStep, ...]


WindowKind = Literal["last", "previous", "current", "next", "between", "ever"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window(Located):
    """Half-open span of days relative to the as-of day; see the reference page of windows.

    ``last`` and ``next`` carry a ``length``, ``previous`` and ``current`` a ``unit``, ``between`` a first day
    (or ``joined``) and perhaps a last day (included).
    """

    kind: WindowKind
    length: Length | None = None
    unit: PeriodUnit | None = None
    first: date | Literal["joined"] | None = None
    through: date | None = None
    ago: Length | None = None
    not_before: date | Literal["joined"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule(Located):
    """Repeated moments: each period, fixed days of the year, once after joining, or never."""

    kind: Literal["each", "dates", "once", "never"]
    unit: PeriodUnit | None = None
    days: tuple[DayOfYear, ...] = ()
    once: Moment | None = None
    then: Moment | None = None
    business_day: Literal["next"] | None = None
    cut_off: Length | None = None


# --- filters and scales ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition(Located):
    """One column against one test. ``value`` is a window for ``within``, a truth for ``exists``."""

    column: str
    test: Test | Literal["within", "exists"]
    values: tuple[Value, ...] = ()
    window: Window | None = None
    exists: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter(Located):
    """Conditions that must all hold, and groups of alternatives of which one must hold."""

    conditions: tuple[Condition, ...] = ()
    alternatives: tuple[Filter, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale(Located):
    """How a number becomes points or money: ``rate``, ``full``, ``steps`` or ``bands``, or the ``sum`` of such scales.

    ``value`` is the rate or the full amount; ``per`` the divisor of a rate; ``at`` where the full amount is
    reached; ``steps`` the lower bounds (inclusive) with their values; ``of`` the column x is read from; ``parts`` the
    scales of a sum, each of which has an x of its own.
    """

    kind: Literal["rate", "full", "steps", "bands", "sum"]
    value: Value | None = None
    of: str | None = None
    per: Value | None = None
    whole: bool = False
    at: Value | None = None
    steps: tuple[tuple[Value, Value], ...] = ()
    parts: tuple[Scale, ...] = ()

    @property
    def summands(self) -> tuple[Scale, ...]:
        """The scales that are added up; of any other kind the scale itself."""
        return self.parts or (self,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounding(Located):
    """Round to a multiple of ``to``."""

    to: Decimal
    mode: Literal["half_up", "half_even", "up", "down"] = "half_up"
