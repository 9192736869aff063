"""Reviews in which partners wait for a decision: how many, how many of one book, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, Q

from swingby.engine import next_demotion
from swingby.web.clock import today
from swingby.web.domain.enrolled import not_ended
from swingby.web.domain.programs import loaded, versions_in_force
from swingby.web.domain.queries.review_lines import OPEN_LINES
from swingby.web.models import ReviewLine

#: So many open reviews are named; older ones are found on the page of reviews.
MOST_REVIEWS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenReview:
    """One review with lines that nobody decided.

    Attributes
    ----------
    waiting, mine
        How many lines wait, and how many of them are about partners of one book.
    mend_by
        The first last day of a notice that was given.
    next_on
        The next day on which the program's tiers can be lost; what is open then is overtaken. None where it has no such day.
    """

    key: str
    ladder: str
    on: date
    waiting: int
    mine: int
    mend_by: date | None
    next_on: date | None


def open_reviews(owner: str, *, manager: str) -> tuple[OpenReview, ...]:
    """The reviews of an owner that are open, the oldest first, with what waits of the book of a success manager."""
    rows = ReviewLine.objects.filter(not_ended(today(), at="enrolment"), owner_id=owner, state__in=OPEN_LINES)
    found = list(
        rows.values("review_id", "review__ladder_label", "review__on", "review__program_id")
        .annotate(
            waiting=Count("pk"),
            mine=Count("pk", filter=Q(enrolment__success_manager=manager)),
            mend_by=Min("mend_until"),
        )
        .order_by("review__on", "review_id")[:MOST_REVIEWS]
    )
    nexts = _next_days({row["review__program_id"] for row in found})
    return tuple(
        OpenReview(
            key=row["review_id"],
            ladder=row["review__ladder_label"],
            on=row["review__on"],
            waiting=row["waiting"],
            mine=row["mine"],
            mend_by=row["mend_by"],
            next_on=nexts.get(row["review__program_id"]),
        )
        for row in found
    )


def _next_days(programs: set[str]) -> dict[str, date | None]:
    versions = versions_in_force(programs, on=today()) if programs else {}
    return {program: next_demotion(loaded(version), after=today()) for program, version in versions.items()}
