"""When a tier is looked at next: the reviews that come after a standing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from swingby.engine.clock import Clock
from swingby.engine.moments import walk_start
from swingby.engine.standing import Standing, TierStanding
from swingby.program import Program
from swingby.program.model import Review
from swingby.values import add_days

#: How many days ahead a review is looked for: soon, then up to some years.
_STRETCHES = (70, 800, 4000)


@dataclass(frozen=True, slots=True)
class NextReviews:
    """The midnights that can next raise and next lower a tier, on which a review looks at the day before.

    Attributes
    ----------
    promotion
        None where no tier stands above, or where nobody is promoted any more.
    demotion
        The first on which the tier can be lost, after a hold and the program's protected days; None where no tier is
        held, or one that asks for nothing, or where it is kept for good.
    """

    promotion: date | None
    demotion: date | None


def next_reviews(
    program: Program, standing: Standing, *, joined_on: date | None, holidays: frozenset[date] = frozenset()
) -> Mapping[str, NextReviews]:
    """The reviews after the day of a standing, by ladder (and cell) as in its tiers.

    Anniversaries of joining, and of the tier that is held, are worked out for this partner. A daily review is that of
    the day after. What blocks a promotion after a demotion is not part of a standing and left aside.

    Parameters
    ----------
    joined_on
        When the partner joined; the program's first day where that is not known.
    holidays
        The days that are no business days.
    """
    clock = Clock(program, joined=joined_on or program.header.effective, holidays=holidays)
    return {name: _of_tier(clock, tier, standing.as_of) for name, tier in standing.tiers.items()}


def _of_tier(clock: Clock, tier: TierStanding, as_of: date) -> NextReviews:
    ladder = clock.program.ladders[tier.ladder]
    own = clock.with_tier_since(tier.since or walk_start(clock))
    promotion = _first(own, [ladder.promote], as_of) if tier.next_tier else None
    free = max(as_of, add_days(tier.hold_until, -1)) if tier.hold_until else as_of
    held = next((each for each in ladder.tiers if each.id == tier.tier), None)
    losing = [review for review in ladder.demote if held and (review.keeps or held.keeps or held.requires)]
    return NextReviews(promotion, _first(own, losing, free, lowers=True))


def _first(clock: Clock, reviews: Iterable[Review], after: date, *, lowers: bool = False) -> date | None:
    found = (_next(clock, review, after, lowers=lowers) for review in reviews)
    return min((day for day in found if day is not None), default=None)


def _next(clock: Clock, review: Review, after: date, *, lowers: bool) -> date | None:
    """The first midnight of a review after a day; of one that lowers, the first that takes effect on a free day."""
    begun = max(after, walk_start(clock))
    for days in _STRETCHES:
        for on in clock.review_moments(review.schedule, begun, add_days(begun, days)):
            if on > after and not (lowers and _is_protected(clock, review, on)):
                return on
    return None


def _is_protected(clock: Clock, review: Review, on: date) -> bool:
    through = clock.program.header.protected_through
    return through is not None and (clock.moment(review.effective, on) if review.effective else on) <= through
