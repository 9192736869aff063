"""The reviews of a span of days that both versions are replayed at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from swingby.engine.assessing import Compiled
from swingby.engine.clock import Clock, is_daily
from swingby.engine.moments import Moment, ReviewDays
from swingby.engine.setting import Cohort
from swingby.errors import SwingbyError
from swingby.program.blocks import PeriodUnit, Schedule
from swingby.program.model import Ladder, Review

#: With more days of review than these, the first of each month stands for those since the one before.
MOST_DAYS = 150
_NEVER = Schedule(kind="never")
_MONTHLY = Schedule(kind="each", unit=PeriodUnit("month"))


@dataclass(frozen=True, slots=True, order=True)
class Look:
    """A review to be replayed: the day from which its outcome holds, its midnight, and the day it looks at."""

    holds_from: date
    on: date
    looks_at: date


@dataclass(frozen=True, slots=True)
class Looks:
    """The reviews of a span in order; ``by_month`` where the first of each month stands for them."""

    days: tuple[Look, ...]
    by_month: bool = False


def looks_between(
    sides: Iterable[Compiled], first: date, last: date, *, cohorts: Iterable[date], holidays: frozenset[date]
) -> Looks:
    """The days on which a ladder of either version promotes or demotes somebody between two days.

    A ladder that follows the day has no reviews of its own; it is looked at on the first of each month.

    Raises
    ------
    SwingbyError
        ``no-reviews`` when there are none.
    """
    found: set[Look] = set()
    joined, listed = tuple(cohorts), tuple(sides)
    for side in listed:
        clock = Clock(side.program, holidays=holidays)
        for ladder in side.program.ladders.values():
            found |= set(_of_ladder(ladder, clock, joined, last))
        if any(_follows(review) for ladder in side.program.ladders.values() for review in _reviews(ladder)):
            found |= {Look(day, day, day) for day in clock.moments(_MONTHLY, first, last) if day <= last}
    chosen = tuple(sorted(look for look in _merged(found) if first <= look.on and look.holds_from <= last))
    if len(chosen) > MOST_DAYS:
        months = {*Clock(next(iter(listed)).program).moments(_MONTHLY, first, last), last}
        return Looks(tuple(Look(day, day, day) for day in sorted(months)), by_month=True)
    if not chosen:
        raise _no_reviews(first, last)
    return Looks(chosen)


def _no_reviews(first: date, last: date) -> SwingbyError:
    return SwingbyError(
        code="no-reviews",
        message=f"No ladder is reviewed between {first} and {last}.",
        hint="Choose a longer span: a review counts from the day on which its outcome holds.",
    )


def _merged(looks: Iterable[Look]) -> Iterator[Look]:
    """One look for each day and outcome: where a calendar's review looks at the day before, that counts."""
    earliest: dict[tuple[date, date], Look] = {}
    for look in sorted(looks):
        earliest.setdefault((look.holds_from, look.on), look)
    yield from earliest.values()


def _reviews(ladder: Ladder) -> tuple[Review, ...]:
    return (ladder.promote, *ladder.demote)


def _follows(review: Review) -> bool:
    return is_daily(review.schedule)


def _of_ladder(ladder: Ladder, clock: Clock, cohorts: tuple[date, ...], until: date) -> Iterator[Look]:
    personal = any(clock.is_personal(review.schedule, review.effective) for review in _reviews(ladder))
    who: tuple[Cohort, ...] = cohorts if personal else (None,)
    clocks = {cohort: clock.of_those_who_joined(cohort) for cohort in who}
    days = ReviewDays.of(_without_daily(ladder, clock), clocks.items(), until, grace=False)
    for cohort, (promotions, demotions) in days.by_cohort.items():
        for moment in promotions:
            yield _look(clocks[cohort], ladder.promote, moment)
        for moment in demotions:
            yield _look(clocks[cohort], ladder.demote[moment.review], moment)


def _look(clock: Clock, review: Review, moment: Moment) -> Look:
    own = clock.with_tier_since(moment.on) if clock.joined else clock
    holds_from = own.moment(review.effective, moment.on) if review.effective else moment.on
    return Look(holds_from, moment.on, moment.looks_at)


def _without_daily(ladder: Ladder, clock: Clock) -> Ladder:
    """The ladder without its daily reviews, unless some calendar starts with the tiers that these give."""
    if any(clock.follows_tier(review.schedule) for review in _reviews(ladder)):
        return ladder
    demote = tuple(_seldom(review) for review in ladder.demote)
    return replace(ladder, promote=_seldom(ladder.promote), demote=demote)


def _seldom(review: Review) -> Review:
    return replace(review, schedule=_NEVER) if _follows(review) else review
