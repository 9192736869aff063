"""A tier that a review has given and that does not hold yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from swingby.engine.assessment import Assessment, FactSource, assess
from swingby.engine.clock import Clock
from swingby.engine.days_ahead import AsIfNothingMore
from swingby.engine.moments import walk_start
from swingby.engine.standing import Standing, TierStanding
from swingby.program.model import Ladder, Review
from swingby.values import add_days

#: No outcome waits for longer.
_BACK = 400


@dataclass(frozen=True, slots=True)
class Promotion:
    """A higher tier that a review has given, before it is held.

    Attributes
    ----------
    decided_on, holds_from
        The midnight of the review that gave it, and the day from which on it is held if nothing more happens.
    """

    tier: str
    decided_on: date
    holds_from: date


def decided_promotions(
    run: Assessment, facts: FactSource, enrolment: str, day: date | None = None
) -> Mapping[str, Promotion]:
    """By ladder (and cell) the tiers of one enrolment that reviews up to a day have given and that hold later."""
    standing = run.standing(enrolment, day)
    joined = run.joined_on(enrolment) or run.program.header.effective
    clock = Clock(run.program, joined=joined, holidays=run.plan.setting.holidays)
    waiting = {name: dict(_waiting(clock, tier, standing.as_of)) for name, tier in standing.tiers.items()}
    days = sorted({day for held in waiting.values() for on in held.values() for day in (add_days(on, -1), on)})
    if not days:
        return {}
    ahead = _ahead(run, facts, enrolment, days)
    found = {
        name: _first(run.program.ladders[standing.tiers[name].ladder], name, standing, waiting[name], ahead)
        for name in waiting
    }
    return {name: given for name, given in found.items() if given is not None}


def _waiting(clock: Clock, tier: TierStanding, as_of: date) -> Iterator[tuple[date, date]]:
    """The reviews up to a day whose outcome holds later, each with the day from which on it does."""
    review: Review = clock.program.ladders[tier.ladder].promote
    if review.effective is None or tier.next_tier is None:
        return
    begun = max(add_days(as_of, -_BACK), walk_start(clock))
    for on in clock.with_tier_since(tier.since or begun).review_moments(review.schedule, begun, as_of):
        if (holds_from := clock.moment(review.effective, on)) > as_of:
            yield on, holds_from


def _ahead(run: Assessment, facts: FactSource, enrolment: str, days: list[date]) -> Mapping[date, Standing]:
    """Where the enrolment stands on days to come if nothing more happens."""
    found = assess(run.program, AsIfNothingMore(facts), as_of=days, known_at=run.known_at, enrolments=[enrolment])
    found.close()
    return {each.as_of: each for each in found}


def _first(
    ladder: Ladder, name: str, standing: Standing, waiting: Mapping[date, date], ahead: Mapping[date, Standing]
) -> Promotion | None:
    """The first of the reviews whose day brings a higher tier than the day before it."""
    order = {None: -1} | {tier.id: place for place, tier in enumerate(ladder.tiers)}
    held = standing.tiers[name].tier
    for decided_on, holds_from in sorted(waiting.items()):
        before, then = (
            ahead[day].tiers[name].tier if day in ahead else held for day in (add_days(holds_from, -1), holds_from)
        )
        if then is not None and before == held and order[then] > order[held]:
            return Promotion(then, decided_on, holds_from)
    return None
