"""What is coming: credentials that cease to count, reminders that are due, and what rests on whom.

Everything is worked out from what is known today; a renewal that becomes known tomorrow takes an ending off the list.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from swingby.enablement.coverage import Lives
from swingby.enablement.life import Life, State
from swingby.enablement.moving import holds_one
from swingby.values import END_OF_TIME, Period, add_days, period_until

#: How many days before a credential ceases to count its holder is reminded.
REMINDED_BEFORE: Final = (90, 60, 30, 7)
Members = Mapping[str, Sequence[Period]]


@dataclass(frozen=True, slots=True, order=True)
class Ending:
    """A credential that will cease to count.

    Attributes
    ----------
    day
        The first day on which it does not count.
    becomes
        What it is from then on; in grace a renewal still goes on from the expiry.
    """

    day: date
    person: str
    code: str
    becomes: State


@dataclass(frozen=True, slots=True)
class Reminder:
    """A word to a holder, and how many days before the end it fell due."""

    ending: Ending
    before: int


@dataclass(frozen=True, slots=True)
class Requirement:
    """How many people must have one of some certifications, and what rests on it, such as a tier of a program."""

    source: str
    codes: tuple[str, ...]
    people: int


@dataclass(frozen=True, slots=True)
class Fall:
    """The first day on which fewer people hold what is required, how many do, and because of whom."""

    requirement: Requirement
    day: date
    held: int
    lapsing: tuple[str, ...]
    leaving: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resting:
    """An ending, and what is not met from that day on and would be if it were renewed or another took its place."""

    ending: Ending
    on: tuple[str, ...]


def endings(lives: Lives, members: Members, today: date, until: date) -> tuple[Ending, ...]:
    """List what counts today for a cohort and ceases to count before a day, the next first.

    What a person takes along in leaving has not ended: it is left out.
    """
    found = (
        ending
        for person, periods in members.items()
        for code, life in lives.get(person, {}).items()
        if (ending := _ending(person, code, life, today)) and _is_here(periods, today, ending.day)
    )
    return tuple(sorted(one for one in found if one.day < until))


def due_reminders(
    found: Iterable[Ending], today: date, reminded: date, before: Sequence[int] = REMINDED_BEFORE
) -> tuple[Reminder, ...]:
    """List the reminders that fell due after the day of the last run, up to today.

    After runs that were left out everybody gets one word for each credential, the most urgent.

    Parameters
    ----------
    found
        From `endings`.
    reminded
        The day of the last run; what was due by then was sent.
    """
    due = ((one, [days for days in before if reminded < add_days(one.day, -days) <= today]) for one in found)
    return tuple(Reminder(one, min(days)) for one, days in due if days)


def falls(
    requirements: Iterable[Requirement], lives: Lives, members: Members, today: date, until: date
) -> tuple[Fall, ...]:
    """Find what is met today and will not be before a day, if nobody does anything; the next first.

    Parameters
    ----------
    members
        The days on which people count for the cohort, with the ends that are known.
    """
    found = (_fall(one, lives, members, Period(today, max(today, until))) for one in requirements)
    return tuple(sorted((one for one in found if one), key=lambda one: (one.day, one.requirement.source)))


def resting(
    found: Iterable[Ending], requirements: Iterable[Requirement], lives: Lives, members: Members
) -> tuple[Resting, ...]:
    """Say of each ending what rests on it.

    Parameters
    ----------
    found
        From `endings`.
    requirements
        Of those with one source each is named once.
    """
    asked = tuple(requirements)
    return tuple(
        Resting(one, tuple(dict.fromkeys(need.source for need in asked if _rests(one, need, lives, members))))
        for one in found
    )


def without(members: Members, people: Container[str], today: date) -> dict[str, list[Period]]:
    """The same cohort if some people left after today: what would rest on them falls tomorrow."""
    tomorrow = add_days(today, 1)
    return {
        person: [period_until(one.start, min(one.end, tomorrow)) for one in periods if one.start <= today]
        if person in people
        else list(periods)
        for person, periods in members.items()
    }


def _ending(person: str, code: str, life: Life, today: date) -> Ending | None:
    end = next((period.end for period in life.counted if today in period), END_OF_TIME)
    return None if end == END_OF_TIME else Ending(end, person, code, life.holding_on(end))


def _rests(ending: Ending, requirement: Requirement, lives: Lives, members: Members) -> bool:
    """Whether the person is counted with it the day before, no longer after, and too few are left."""
    if ending.code not in requirement.codes:
        return False
    now = _holders(lives, requirement.codes, members, ending.day)
    before = _holders(lives, requirement.codes, members, add_days(ending.day, -1))
    return ending.person in before - now and len(now) < requirement.people


def _is_here(periods: Iterable[Period], today: date, day: date) -> bool:
    return any(today in period and day <= period.end for period in periods)


def _fall(requirement: Requirement, lives: Lives, members: Members, span: Period) -> Fall | None:
    asked = {
        person: {code: life for code, life in lives.get(person, {}).items() if code in requirement.codes}
        for person in members
    }
    before = _holders(asked, requirement.codes, members, span.start)
    if len(before) < requirement.people:
        return None
    for day in sorted({day for day in _turning_days(asked, members) if span.start < day < span.end}):
        now = _holders(asked, requirement.codes, members, day)
        if len(now) < requirement.people:
            gone = _holders(asked, requirement.codes, members, add_days(day, -1)) - now
            leaving = {person for person in gone if not any(day in period for period in members[person])}
            return Fall(requirement, day, len(now), tuple(sorted(gone - leaving)), tuple(sorted(leaving)))
    return None


def _turning_days(asked: Lives, members: Members) -> Iterator[date]:
    for person, by_code in asked.items():
        if by_code:
            yield from (period.end for life in by_code.values() for period in life.counted)
            yield from (period.end for period in members[person])


def _holders(asked: Lives, codes: Container[str], members: Members, day: date) -> set[str]:
    return {person for person in members if holds_one(asked.get(person, {}), codes, members[person], day)}
