"""The moments at which ladders are reviewed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from swingby.engine.clock import Clock
from swingby.engine.setting import Cohort
from swingby.program.model import Header, Ladder, Review

ONE_DAY = "day"


@dataclass(frozen=True, slots=True)
class Moment:
    """One review of a ladder: the midnight it belongs to, and the day it looks at."""

    on: date
    looks_at: date
    review: int
    grace: tuple[date, ...] = ()


Reviews = tuple[tuple[Moment, ...], tuple[Moment, ...]]


@dataclass(frozen=True, slots=True)
class ReviewDays:
    """Promotions and demotions, for everybody (under None) or by the day of joining."""

    by_cohort: Mapping[Cohort, Reviews]

    def of_those_who_joined(self, day: date | None) -> Reviews:
        """The moments for partners who joined on a day."""
        found = self.by_cohort.get(None)
        return found if found is not None else self.by_cohort.get(day, ((), ()))

    def after(self, day: date | None) -> ReviewDays:
        """Those after a day; None for all."""
        if day is None:
            return self
        return ReviewDays(
            {cohort: (_after(up, day), _after(down, day)) for cohort, (up, down) in self.by_cohort.items()}
        )

    @classmethod
    def of(cls, ladder: Ladder, clocks: Iterable[tuple[Cohort, Clock]], until: date, *, grace: bool) -> ReviewDays:
        """Work out the moments of a ladder up to and including a day."""
        return cls({cohort: _reviews(ladder, clock, until, grace=grace) for cohort, clock in clocks})


def _after(moments: Iterable[Moment], day: date) -> tuple[Moment, ...]:
    return tuple(moment for moment in moments if moment.on > day)


def _reviews(ladder: Ladder, clock: Clock, until: date, *, grace: bool) -> Reviews:
    start = walk_start(clock)
    ons = _review_days(ladder, clock, start, until)
    promotions = tuple(_moments(clock, ladder.promote, 0, ons[0], grace=False))
    listed = [
        moment
        for index, review in enumerate(ladder.demote)
        for moment in _moments(clock, review, index, ons[1 + index], grace=grace)
    ]
    return promotions, tuple(sorted(listed, key=lambda moment: (moment.on, moment.review)))


def walk_start(clock: Clock) -> date:
    """The first day of a way along a ladder: of the version or, where it is known, of joining."""
    effective = clock.program.header.effective
    return max(effective, clock.joined) if clock.joined else effective


def _review_days(ladder: Ladder, clock: Clock, start: date, until: date) -> list[list[date]]:
    """For the promotion and every demotion its midnights.

    Where a calendar starts with the tier held, these are all that may come: a tier may begin on the first day, or on
    any day from which a review takes effect.
    """
    reviews = (ladder.promote, *ladder.demote)
    found = [
        [] if clock.follows_tier(review.schedule) else clock.review_moments(review.schedule, start, until)
        for review in reviews
    ]
    followers = [index for index, review in enumerate(reviews) if clock.follows_tier(review.schedule)]
    if not followers:
        return found
    begun: set[date] = set()
    waiting = {start, *_effects(clock, reviews, found)}
    while waiting - begun:
        new, begun = waiting - begun, begun | waiting
        for index in followers:
            moments = {on for day in new for on in _of_tier(clock, reviews[index], day, start, until)}
            found[index] = sorted({*found[index], *moments})
        waiting = set(_effects(clock, reviews, found))
    return found


def _of_tier(clock: Clock, review: Review, since: date, start: date, until: date) -> list[date]:
    return [on for on in clock.with_tier_since(since).review_moments(review.schedule, start, until) if on > since]


def _effects(clock: Clock, reviews: Sequence[Review], days: Sequence[Sequence[date]]) -> Iterator[date]:
    for review, ons in zip(reviews, days, strict=True):
        yield from (clock.moment(review.effective, on) if review.effective else on for on in ons)


def _moments(clock: Clock, review: Review, index: int, days: Iterable[date], *, grace: bool) -> Iterator[Moment]:
    for on in days:
        looks_at = clock.look_day(review.schedule, on)
        before = tuple(clock.days_before(looks_at, review.grace)) if review.grace and grace else ()
        yield Moment(on, looks_at, index, before)


def follows_the_day(ladder: Ladder, header: Header) -> bool:
    """True when the tier is simply the highest earned on the day, so that nothing is replayed."""
    reviews = (ladder.promote, *ladder.demote)
    remembers = header.protected_through is not None or any(tier.keeps for tier in ladder.tiers)
    return all(_daily(review) for review in reviews) and len(ladder.demote) == 1 and not remembers


def _daily(review: Review) -> bool:
    schedule = review.schedule
    plain = not (review.effective or review.hold or review.one_step or review.grace or review.keeps)
    unit = schedule.unit
    every_day = schedule.kind == "each" and unit is not None and (unit.unit, unit.count) == (ONE_DAY, 1)
    return plain and every_day and schedule.then is None and schedule.cut_off is None
