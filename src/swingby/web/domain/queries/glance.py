"""What whoever answers for the program asks first: tiers then and now, who is near a line, and what waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, models
from django.db.models import Count, F, Min, Q

from swingby.web.clock import now, today
from swingby.web.domain.enrolled import not_ended
from swingby.web.domain.queries.portfolio import partners
from swingby.web.models import (
    ActivityReport,
    Appeal,
    AppealState,
    DealRegistration,
    Dispute,
    DisputeState,
    LineState,
    PortfolioRow,
    RegistrationState,
    ReportState,
    ReviewLine,
    Upload,
    UploadState,
)

#: A tier with its place on the ladder.
Rung = tuple[int, str]
UNKNOWN = "?"
NAMED = 5
#: What came is compared with what came in the time of this length before.
SPAN = timedelta(days=30)
#: Files in which somebody has to do something before they count.
STUCK_LOADS = (UploadState.DESCRIBED, UploadState.CHECKED, UploadState.FAILED)


@dataclass(frozen=True, slots=True)
class HeldOn:
    """How many held each tier on a day, and of how many nobody knows, once for each program; ``partners`` counts once."""

    day: date
    tiers: Counter[Rung] = field(default_factory=Counter)
    unknown: int = 0
    partners: int = 0

    @property
    def places(self) -> int:
        """How many places in programs there were: a partner in two programs has two."""
        return self.tiers.total() + self.unknown


@dataclass(frozen=True, slots=True)
class Moves:
    """What became of partners between two days; ``unknown`` were there on both, with a tier unknown on one."""

    up: int = 0
    down: int = 0
    joined: int = 0
    left: int = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """Work of one kind that waits: how much, since when, and how much of it is past the day that was promised.

    Attributes
    ----------
    came, before
        How much came in the last SPAN, answered or not, and in the one before.
    """

    count: int
    oldest: datetime | None
    late: int | None = None
    came: int = 0
    before: int = 0


@dataclass(frozen=True, slots=True)
class NearLine:
    """Partners on one side of a line: how many, the first few, and of how many nobody knows."""

    count: int
    rows: tuple[PortfolioRow, ...]
    unknown: int


def held_tiers(owner: str, *, days: Sequence[date]) -> tuple[tuple[HeldOn, ...], Moves]:
    """Who held which tier on each of these days, by the newest standing kept until then, in two statements.

    Parameters
    ----------
    days
        In order; the moves are those between the last two.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HELD, {"owner": owner, "days": list(days)})
        rows = [(tuple(map(_state, held)), count) for held, count in cursor.fetchall()]
        cursor.execute(_PARTNERS, {"owner": owner, "days": list(days)})
        partners = dict(cursor.fetchall())
    counted = tuple(
        replace(_held_on(day, ((held[index], count) for held, count in rows)), partners=partners.get(day, 0))
        for index, day in enumerate(days)
    )
    return counted, _moves((held[-2], held[-1], count) for held, count in rows)


def _state(text: str | None) -> Rung | str | None:
    if text is None or text == UNKNOWN:
        return text
    rank, _, label = text.partition(":")
    return int(rank), label


def _held_on(day: date, states: Iterable[tuple[Rung | str | None, int]]) -> HeldOn:
    tiers: Counter[Rung] = Counter()
    unknown = 0
    for state, count in states:
        if isinstance(state, tuple):
            tiers[state] += count
        elif state == UNKNOWN:
            unknown += count
    return HeldOn(day, tiers, unknown)


def _moves(pairs: Iterable[tuple[Rung | str | None, Rung | str | None, int]]) -> Moves:
    counts: Counter[str] = Counter()
    for before, after, count in pairs:
        counts[_move(before, after)] += count
    return Moves(**{name: counts[name] for name in ("up", "down", "joined", "left", "unknown")})


def _move(before: Rung | str | None, after: Rung | str | None) -> str:
    if before is None or after is None:
        return "none" if before == after else "joined" if before is None else "left"
    if not isinstance(before, tuple) or not isinstance(after, tuple):
        return "unknown"
    return "none" if before[0] == after[0] else "up" if after[0] > before[0] else "down"


#: By enrolment the tier of each day; nothing where it was in no program then. Labels are read once for each tier.
_HELD = """
WITH held AS (
    SELECT e.id, e.program, d.day, s.id AS standing, s.tier,
        e.joined_on <= d.day AND (e.ended_on IS NULL OR e.ended_on > d.day) AS is_in
    FROM enrolments AS e CROSS JOIN unnest(%(days)s::date[]) AS d (day)
    LEFT JOIN LATERAL (
        SELECT id, tier FROM standings WHERE enrolment = e.id AND as_of <= d.day
        ORDER BY as_of DESC, position DESC, id DESC LIMIT 1) AS s ON true
    WHERE e.owner_org = %(owner)s
), rungs AS (SELECT program, tier, max(standing) AS standing FROM held WHERE standing IS NOT NULL GROUP BY 1, 2
), named AS (
    SELECT r.program, r.tier,
        coalesce(s.result -> 'tier' ->> 'rank', '-1') || ':' || coalesce(s.result -> 'tier' ->> 'label', '') AS rung
    FROM rungs AS r JOIN standings AS s ON s.id = r.standing
), lines AS (
    SELECT h.id, array_agg(CASE WHEN h.is_in THEN coalesce(n.rung, '?') END ORDER BY h.day) AS states
    FROM held AS h LEFT JOIN named AS n ON n.program = h.program AND n.tier = h.tier GROUP BY 1
)
SELECT states, count(*) FROM lines GROUP BY 1 ORDER BY 1
"""


_PARTNERS = """
SELECT d.day, count(DISTINCT e.partner_org) FROM enrolments AS e JOIN unnest(%(days)s::date[]) AS d (day)
    ON e.joined_on <= d.day AND (e.ended_on IS NULL OR e.ended_on > d.day)
WHERE e.owner_org = %(owner)s GROUP BY 1
"""


def at_risk(owner: str) -> NearLine:
    """Who loses its tier at its next review if nothing happens: the soonest first."""
    return _near(owner, Q(at_risk__gt=0), known=Q(outlook_on__isnull=False), order=("loses_on", "name"))


def one_gap(owner: str) -> NearLine:
    """Who misses one requirement of the next tier: the highest tier first."""
    return _near(owner, Q(gaps=1), known=Q(as_of__isnull=False), order=("-tier_rank", "name"))


def _near(owner: str, wanted: Q, *, known: Q, order: tuple[str, ...]) -> NearLine:
    rows = partners(owner)
    found = Count("partner", filter=wanted, distinct=True)
    counts = rows.aggregate(found=found, unknown=Count("partner", filter=~known & ~wanted, distinct=True))
    by = [F(each).asc(nulls_last=True) if each == "loses_on" else each for each in order]
    return NearLine(counts["found"], tuple(rows.filter(wanted).order_by(*by)[:NAMED]), counts["unknown"])


def waiting_reports(owner: str) -> Waiting:
    """Reports that nobody answered."""
    rows = ActivityReport.objects.filter(owner_id=owner)
    return _waiting(rows, Q(state=ReportState.SUBMITTED), "submitted_at", due=Q(answer_due__lt=now()))


def waiting_registrations(owner: str) -> Waiting:
    """Registered deals that nobody answered."""
    rows = DealRegistration.objects.filter(owner_id=owner)
    return _waiting(rows, Q(state=RegistrationState.WAITING), "registered_at", due=Q(answer_due__lt=now()))


def waiting_lines(owner: str) -> Waiting:
    """Lines of reviews that nobody decided; what took effect at once never waited."""
    rows = ReviewLine.objects.filter(owner_id=owner).exclude(state__in=(LineState.AT_ONCE, LineState.UNDECIDED))
    return _waiting(rows, Q(state=LineState.WAITS), "review__opened_at")


def waiting_appeals(owner: str) -> Waiting:
    """Appeals that nobody answered."""
    rows = Appeal.objects.filter(owner_id=owner)
    return _waiting(rows, Q(state=AppealState.FILED), "filed_at", at="line__enrolment")


def waiting_disputes(owner: str) -> Waiting:
    """Disputes that nobody answered."""
    rows = Dispute.objects.filter(owner_id=owner)
    return _waiting(rows, Q(state=DisputeState.OPEN), "opened_at", due=Q(answer_due__lt=now()))


def stuck_loads(owner: str) -> Waiting:
    """Files that were sent and are not loaded: somebody has to look at them."""
    return _waiting(Upload.objects.filter(owner_id=owner), Q(state__in=STUCK_LOADS), "uploaded_at", at="")


def _waiting(
    rows: models.QuerySet[Any], waits: Q, since: str, *, due: Q | None = None, at: str = "enrolment"
) -> Waiting:
    """Without what is about partners who left: nobody waits for it. ``at`` leads to the partner, where one is named."""
    rows = rows.filter(not_ended(today(), at=at)) if at else rows
    first, middle = now() - 2 * SPAN, now() - SPAN
    came, before = Q(**{f"{since}__gte": middle}), Q(**{f"{since}__gte": first, f"{since}__lt": middle})
    late = {} if due is None else {"late": Count("pk", filter=waits & due)}
    found = rows.filter(waits | Q(**{f"{since}__gte": first})).aggregate(
        count=Count("pk", filter=waits),
        oldest=Min(since, filter=waits),
        came=Count("pk", filter=came),
        before=Count("pk", filter=before),
        **late,
    )
    return Waiting(found["count"], found["oldest"], found.get("late"), found["came"], found["before"])
