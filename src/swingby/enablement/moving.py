"""People who move: where everybody counts on every day, what they bring and take, and how long a firm is spared.

A credential belongs to the person. It counts where the person is, from the day on; nowhere while nobody has claimed it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise, zip_longest

from swingby.enablement.coverage import Lives
from swingby.enablement.growth import Holder, merged
from swingby.enablement.life import Life
from swingby.values import BEGINNING, END_OF_TIME, Length, Period, add_length, period_until


@dataclass(frozen=True, slots=True, kw_only=True)
class Employment:
    """One person at one office of one firm, as somebody reported it.

    Attributes
    ----------
    ended
        The first day on which the person is gone; None while nobody said so.
    claimed_on
        The day on which the firm said that the person's credentials are to count for it.
    """

    person: str
    firm: str
    office: str | None
    started: date
    ended: date | None = None
    claimed_on: date | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """One person at one office, as it is counted: no two stays of a person overlap.

    Attributes
    ----------
    period
        The days at the office.
    counted
        Those of them on which the person's credentials count for the firm.
    """

    person: str
    firm: str
    office: str | None
    role: str | None
    period: Period
    counted: Period

    @property
    def unclaimed(self) -> Period:
        """The days at the office before the claim."""
        return period_until(self.period.start, self.period.end if self.counted.empty else self.counted.start)


@dataclass(frozen=True, slots=True)
class Sparing:
    """Days on which a firm is spared the loss of a credential whose holder left. It counts elsewhere by then."""

    firm: str
    person: str
    code: str
    period: Period


@dataclass(frozen=True, slots=True)
class Heads:
    """How many count for a firm on a day with one of some certifications, and how many that left it is spared."""

    held: int
    spared: int


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody who came, left, or went from one office to another on a day.

    Attributes
    ----------
    left, joined
        The offices; None is outside of the firm, and "" an office that nobody named.
    taken, brought
        The codes of what was held there on the day before, and of what is held here from the day on. Nothing is lost
        or gained by the move itself: the two differ only in what began or ended on the same day.
    """

    day: date
    person: str
    left: str | None
    joined: str | None
    taken: tuple[str, ...]
    brought: tuple[str, ...]


def stays(employments: Iterable[Employment], *, claim_needed: bool = False) -> tuple[Stay, ...]:
    """Work out where everybody is counted on every day.

    Who starts somewhere has left where they were, also when nobody reported the end; a later end there brings nobody
    back. A claim stays good when a person goes to another office of the firm.

    Parameters
    ----------
    employments
        What was reported, in any order.
    claim_needed
        Whether credentials count for a firm only from the day on which it claims the person.

    Examples
    --------
    >>> [str(stay.period) for stay in stays([
    ...     Employment(person="Ola", firm="Alder", office="Chicago", started=date(2024, 1, 8)),
    ...     Employment(person="Ola", firm="Birch", office="Leeds", started=date(2025, 11, 3))])]
    ['[2024-01-08, 2025-11-03)', '[2025-11-03, 9999-12-31)']
    """
    found = sorted((one for one in employments if one.started < _end(one)), key=_order)
    people = groupby(found, key=lambda one: one.person)
    return tuple(stay for _, ones in people for stay in _persons_stays(list(ones), claim_needed=claim_needed))


def members_of(
    stays: Iterable[Stay], firm: str, offices: Container[str | None] | None = None
) -> dict[str, list[Period]]:
    """For each person the days on which credentials count for a firm, or for some of its offices."""
    found = defaultdict[str, list[Period]](list)
    for stay in stays:
        if stay.firm == firm and (offices is None or stay.office in offices) and not stay.counted.empty:
            found[stay.person].append(stay.counted)
    return {person: merged(periods) for person, periods in found.items()}


def sparings(lives: Lives, stays: Sequence[Stay], grace: Length) -> tuple[Sparing, ...]:
    """Work out how long firms are spared the loss of people who left.

    A sparing ends early when the credential would have ceased to count anyway, and when the person comes back.
    """
    firms = {firm: members_of(stays, firm) for firm in sorted({stay.firm for stay in stays})}
    return tuple(
        Sparing(firm, person, code, period)
        for person, by_code in lives.items()
        for code, life in by_code.items()
        for firm, people in firms.items()
        for period in _spared(life, people.get(person, ()), grace)
    )


def heads(
    lives: Lives,
    codes: Container[str],
    members: Mapping[str, Sequence[Period]],
    spared: Iterable[Sparing],
    day: date,
) -> Heads:
    """Count those who hold one of some certifications for a firm on a day, each person once.

    Parameters
    ----------
    members
        The days on which people count, from `members_of`.
    spared
        The firm's own sparings. A person who counts is not spared beside.
    """
    held = {person for person in lives if holds_one(lives[person], codes, members.get(person, ()), day)}
    left = {one.person for one in spared if one.code in codes and day in one.period}
    return Heads(len(held), len(left - held))


def holds_one(by_code: Mapping[str, Life], codes: Container[str], periods: Iterable[Period], day: date) -> bool:
    """Whether somebody belongs to a cohort on a day and has one of some certifications, as the vendor counts."""
    return any(day in period for period in periods) and any(
        life.counts_on(day) for code, life in by_code.items() if code in codes
    )


def moves(holders: Iterable[Holder], stays: Iterable[Stay], period: Period) -> tuple[Move, ...]:
    """Give account of the moves of a period: who came and went, with which credentials; in order of day and person.

    Of a firm's own stays what is brought from outside and taken outside is what `growth` calls moved in and moved out.
    """
    held = defaultdict[str, list[Holder]](list)
    for holder in holders:
        held[holder.person].append(holder)
    people = groupby(sorted(stays, key=lambda stay: (stay.person, stay.period)), key=lambda stay: stay.person)
    found = (move for person, own in people for move in _persons_moves(person, list(own), held[person]))
    return tuple(sorted((one for one in found if one.day in period), key=lambda one: (one.day, one.person)))


def _end(one: Employment) -> date:
    return END_OF_TIME if one.ended is None else one.ended


def _order(one: Employment) -> tuple[str, date, bool, date, str, str, str, date]:
    """Of two that start on one day the one that is claimed or lasts longer is counted."""
    return (
        one.person,
        one.started,
        one.claimed_on is not None,
        _end(one),
        one.firm,
        one.office or "",
        one.role or "",
        one.claimed_on or BEGINNING,
    )


def _persons_stays(ones: Sequence[Employment], *, claim_needed: bool) -> Iterator[Stay]:
    before: Stay | None = None
    starts = [*(one.started for one in ones[1:]), END_OF_TIME]
    for one, next_start in zip(ones, starts, strict=True):
        period = Period(one.started, min(_end(one), next_start))
        if not period.empty:
            claimed = _claimed(one, before) if claim_needed else one.started
            before = Stay(one.person, one.firm, one.office, one.role, period, _from(period, claimed))
            yield before


def _claimed(one: Employment, before: Stay | None) -> date | None:
    stayed = before and before.firm == one.firm and before.period.end == one.started
    if before and stayed and not before.counted.empty:
        return one.started
    return one.claimed_on


def _from(period: Period, day: date | None) -> Period:
    start = period.end if day is None else max(period.start, day)
    return period_until(start, period.end)


def _spared(life: Life, periods: Sequence[Period], grace: Length) -> Iterator[Period]:
    for period, again in zip_longest(periods, periods[1:]):
        left, back = period.end, again.start if again else END_OF_TIME
        held = next((counted for counted in life.counted if left in counted), None)
        if held and held.start < left < END_OF_TIME:
            spared = period_until(left, min(add_length(left, grace), back, held.end))
            if not spared.empty:
                yield spared


def _persons_moves(person: str, own: Sequence[Stay], held: Sequence[Holder]) -> Iterator[Move]:
    for before, after in pairwise([None, *own, None]):
        if before and after and before.period.end == after.period.start:
            if before.office != after.office:
                yield _move(person, before, after, held)
        else:
            if before and before.period.end < END_OF_TIME:
                yield _move(person, before, None, held)
            if after and after.period.start > BEGINNING:
                yield _move(person, None, after, held)


def _move(person: str, before: Stay | None, after: Stay | None, held: Sequence[Holder]) -> Move:
    day = before.period.end if before else after.period.start if after else BEGINNING
    return Move(
        day,
        person,
        None if before is None else before.office or "",
        None if after is None else after.office or "",
        _codes(one for one in held if before and one.period.start < day <= one.period.end),
        _codes(one for one in held if after and one.period.start <= day < one.period.end),
    )


def _codes(held: Iterable[Holder]) -> tuple[str, ...]:
    return tuple(sorted({one.code for one in held}))
