"""What a plan is made for, and what had to be asked of the facts before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from swingby.program.blocks import ColumnValue
from swingby.program.model import Earning

if TYPE_CHECKING:
    from swingby.engine.clock import Clock

#: Partners by the day they joined; None for everybody.
Cohort = date | None


@dataclass(frozen=True, slots=True)
class Lens:
    """A way of looking.

    Attributes
    ----------
    known
        The ledger position up to which facts are known; None for the asked one.
    until
        Reviews after this day have not decided yet; None where no review can change what held before it.
    """

    known: int | None = None
    until: date | None = None


def known_as_asked(_: date) -> int | None:
    """Every review looks with what is known at the asked position."""
    return None


@dataclass(frozen=True, slots=True)
class Begun:
    """A tier held at the end of a day, as a place on its ladder (-1 for none), since when, and until when it is kept."""

    day: date
    ordinal: int
    since: date
    hold: date | None


@dataclass(frozen=True, slots=True)
class Setting:
    """What a plan is made for.

    Attributes
    ----------
    asked
        The as-of days, in order.
    restricted
        True when facts are narrowed to the bound organizations (one partner's page); False for a run over all.
    incomplete
        Says whether a fact kind is outside its sources' coverage somewhere in a span of days.
    chosen
        The enrolments a run over chosen partners is about; None for all.
    grace
        False to leave the days of grace out of a first pass; the walk then names who needs them.
    replay
        True to walk every ladder with clocks from the beginning; False where the caller knows the tier held.
    cohorts
        The days on which partners joined, where rules depend on them.
    everybody
        True where rules compare partners, so that a run over chosen ones is computed for all.
    holidays
        The days that are no business days.
    known_by
        The position that was known by the end of a day, where less was known than is asked for; else None.
    in_bulk
        True where nobody asks for lines of entries, and the results of very many partners are kept for a while.
    entry_days
        The days of facts for each earning that reads something on them: of the fact, and on which values are read.
    questions
        The nodes that are asked on an asked day, where that is not all of them.
    as_then
        True where an asked day is looked at with what was known by its end.
    begun
        By ladder and key of the cell, where everybody of the run stands already: reviews up to that day are over.
    tier_decisions
        True where people decided about tiers: walks then read what they decided.
    decided_until
        The last day whose reviews have decided; None for all.
    keeps_facts
        True to keep, for every number of facts, which of them counted on the asked days.
    """

    asked: tuple[date, ...]
    restricted: bool
    incomplete: Callable[[str, date, date], bool]
    chosen: tuple[str, ...] | None = None
    replay: bool = True
    grace: bool = True
    cohorts: tuple[date, ...] = ()
    everybody: bool = False
    holidays: frozenset[date] = frozenset()
    known_by: Callable[[date], int | None] = known_as_asked
    in_bulk: bool = False
    entry_days: Mapping[str, tuple[tuple[date, ...], tuple[date, ...]]] = field(default_factory=dict)
    questions: Mapping[date, frozenset[int]] = field(default_factory=dict)
    as_then: bool = False
    begun: Mapping[str, Mapping[str, Begun]] = field(default_factory=dict)
    tier_decisions: bool = False
    decided_until: date | None = None
    keeps_facts: bool = False

    def fact_days(self, earning: Earning, *, read: bool) -> tuple[date, ...]:
        """The days of an earning's facts, or those on which their values are read."""
        return self.entry_days.get(earning.name, ((), ()))[int(read)]

    def reviewed_until(self, ladder: str) -> date | None:
        """The day up to which the reviews of a ladder are over for everybody; None where none are."""
        return max((begun.day for begun in self.begun.get(ladder, {}).values()), default=None)

    def dated_days(self, earning: Earning, clock: Clock) -> frozenset[date]:
        """The days that an earning's entries may count for."""
        days = self.entry_days.get(earning.name, ((), ()))
        if isinstance(earning.dated, ColumnValue):
            return frozenset(days[0])
        return frozenset(clock.dated(earning, day) for day in days[0])
