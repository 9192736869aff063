"""What an assessment says about one partner on one day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from swingby.engine.lots import Lot

State = Literal["known", "undefined", "incomplete"]
Result = Literal["met", "unmet", "unknown"]


@dataclass(frozen=True, slots=True)
class NumberResult:
    """The value of a number; None when it is undefined. An incomplete one shows what is known so far."""

    value: Decimal | None
    state: State


@dataclass(frozen=True, slots=True)
class RequirementRow:
    """One requirement of a tier, or one of its parts.

    Attributes
    ----------
    path
        Where it stands: ``gold``, ``gold.1``, ``gold.2.1``; counted from one in the order of the program.
    kind
        ``number``, ``status`` or the kind of group: ``all``, ``any``, ``none``, ``count``.
    name
        The number, topic, track, ladder or requirement it is about; empty for groups.
    label
        The rule in words; of a group without words of its own, what its parts ask for: ``one of: … or …``.
    value, line, gap
        For numbers; the gap is the distance still missing, 0 when met, None when there is no answer.
    heading
        Of a group without words of its own, what stands above its parts where they follow line by line: ``One of``.
    test
        How a number is held against its line; of ``at_most`` and ``below`` the gap is what is too much.
    is_place
        Value, line and gap are places of a ranking, the first of which is 1.
    """

    path: str
    kind: str
    name: str
    label: str
    result: Result
    value: Decimal | None
    line: Decimal | None
    gap: Decimal | None
    test: str = ""
    heading: str = ""
    is_place: bool = False


@dataclass(frozen=True, slots=True)
class TierStanding:
    """Where a partner stands on one ladder.

    Attributes
    ----------
    tier
        The tier held, None for none; ``earned`` the highest whose requirement is met on the day.
    next_tier
        The one above the tier held, None at the top.
    since, hold_until
        For ladders with clocks: since when the tier is held, and until when it cannot be lost.
    is_incomplete
        What is earned could not be decided, because facts are missing: it may be a higher tier. Nobody moves down for that.
    rows
        Of every tier, from low to high, its requirement rows.
    """

    ladder: str
    tier: str | None
    earned: str | None
    next_tier: str | None
    since: date | None
    hold_until: date | None
    is_incomplete: bool
    rows: Mapping[str, tuple[RequirementRow, ...]]


@dataclass(frozen=True, slots=True)
class AccountStanding:
    """What an account shows at the end of a day, in its unit: the balance is what opened less what was used and expired."""

    balance: Decimal
    opened: Decimal
    used: Decimal
    expired: Decimal
    lots: tuple[Lot, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """The result for one enrolment on one day.

    Attributes
    ----------
    tiers, numbers
        By name; where a rule has one result for each cell, by ``name[cell]``.
    tracks
        By name the word that holds for the partner.
    accounts
        By name the balance, and what opened, was used and expired since the beginning.
    """

    enrolment: str
    as_of: date
    tiers: Mapping[str, TierStanding]
    numbers: Mapping[str, NumberResult]
    requirements: Mapping[str, Result]
    tracks: Mapping[str, str] = field(default_factory=dict)
    accounts: Mapping[str, AccountStanding] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of a points history; the lines of a score add up to it exactly.

    Attributes
    ----------
    earning
        The rule that gave the points, or the score itself for the line of its own cap.
    kind
        ``entry``, ``recomputed``, ``cap``, ``gate``, ``reversal``, ``rounding`` or ``score cap``.
    fact
        The fact behind an entry.
    """

    earning: str
    label: str
    kind: str
    dated: date
    amount: Decimal
    fact: str | None = None
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class CountedFact:
    """A fact that counted for a number of facts.

    Attributes
    ----------
    number
        The declared number that it counted for, or the one that was asked about where that has no name of its own.
    kind, fact
        Of which kind it is, and its id.
    dated
        The day of an event, the first day of a state.
    thing
        What was counted, where that is not the fact itself: the person, the customer, the deal.
    amount
        Its amount in the unit of the number, None where facts or things are only counted.
    """

    number: str
    kind: str
    fact: str
    dated: date
    thing: str
    amount: Decimal | None
