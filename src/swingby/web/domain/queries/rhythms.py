"""The rhythm board: each promise through its periods, ours first, how fast we answer, and whom we nudged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.db import connection, models
from django.db.models import Count, F, Q

from swingby.web.clock import today
from swingby.web.domain.enrolled import not_ended
from swingby.web.domain.queries.portfolio import partners
from swingby.web.models import Nudge, PortfolioRow, RhythmPeriod, RhythmState

QUARTERS = 8


@dataclass(frozen=True, slots=True)
class PeriodCount:
    """How many partners kept a promise, or had it kept, in one period."""

    starts_on: date
    last_day: date
    kept: int
    missed: int
    open: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise through the periods, the oldest first."""

    key: str
    label: str
    side: Literal["vendor", "partner"]
    periods: tuple[PeriodCount, ...]

    @property
    def kept(self) -> int:
        """How often it was kept in periods that are over; of one that runs, only what is kept is known, and would flatter."""
        return sum(period.kept for period in self.over)

    @property
    def asked(self) -> int:
        """How often it was due in periods that are over."""
        return self.kept + sum(period.missed for period in self.over)

    @property
    def over(self) -> tuple[PeriodCount, ...]:
        """The periods that are over."""
        return tuple(period for period in self.periods if period.last_day <= today())


@dataclass(frozen=True, slots=True)
class AnswerTimes:
    """How fast the reports of a quarter were answered."""

    quarter: date
    answered: int
    in_time: int
    due: int
    median_days: float | None
    waiting: int


@dataclass(frozen=True, slots=True)
class NudgeCount:
    """The nudges about one promise: how many, and after how many it was kept in the same period."""

    rhythm: str
    sent: int
    kept_after: int


def book_of(owner: str, *, manager: str | None) -> models.QuerySet[PortfolioRow]:
    """The partners whose promises are shown: the most missed first."""
    rows = partners(owner) if manager is None else partners(owner).filter(enrolment__success_manager=manager)
    missed = F("asked") - F("kept") + F("our_asked") - F("our_kept")
    return rows.annotate(missed=missed).order_by("-missed", "name", "enrolment_id")


def promises(owner: str, *, manager: str | None) -> tuple[Promise, ...]:
    """All promises of the partners shown, ours first, in one statement."""
    states = {state.value: Count("pk", filter=Q(state=state)) for state in RhythmState}
    rows = (
        _periods(owner, manager)
        .values("side", "rhythm", "starts_on", "last_day")
        .annotate(words=models.Max("label"), **states)
        .order_by("-side", "rhythm", "starts_on")
    )
    found: defaultdict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["side"], row["rhythm"]].append(row)
    return tuple(_promise(side, key, listed) for (side, key), listed in found.items())


def _periods(owner: str, manager: str | None) -> models.QuerySet[RhythmPeriod]:
    rows = RhythmPeriod.objects.filter(not_ended(today(), at="enrolment"), owner_id=owner)
    return rows if manager is None else rows.filter(enrolment__success_manager=manager)


def _promise(side: Any, key: str, rows: Sequence[Mapping[str, Any]]) -> Promise:
    counts = ("kept", "missed", "open", "unknown")
    periods = tuple(PeriodCount(row["starts_on"], row["last_day"], *(row[name] for name in counts)) for row in rows)
    return Promise(key, rows[-1]["words"], side, periods)


def periods_by_partner(enrolments: Sequence[str]) -> Mapping[str, Sequence[RhythmPeriod]]:
    """Every period of these partners, the oldest first."""
    found: defaultdict[str, list[RhythmPeriod]] = defaultdict(list)
    for period in RhythmPeriod.objects.filter(enrolment__in=enrolments).order_by("-side", "rhythm", "starts_on"):
        found[period.enrolment_id].append(period)
    return found


@dataclass(frozen=True, slots=True)
class KeptRhythm:
    """How often one partner or we kept one promise in the periods that are over and known, and whether the last time."""

    label: str
    is_ours: bool
    kept: int
    asked: int
    last_kept: bool


def kept_by_rhythm(enrolment: str) -> tuple[KeptRhythm, ...]:
    """Of each promise to or by one partner that was due already; promises of several kinds are never summed."""
    found: defaultdict[tuple[str, str], list[RhythmPeriod]] = defaultdict(list)
    told = RhythmPeriod.objects.filter(
        enrolment=enrolment, state__in=(RhythmState.KEPT, RhythmState.MISSED), last_day__lte=today()
    )
    for period in told.order_by("starts_on"):
        found[period.side, period.rhythm].append(period)
    return tuple(
        KeptRhythm(
            label=periods[-1].label,
            is_ours=side == "vendor",
            kept=sum(period.state == RhythmState.KEPT for period in periods),
            asked=len(periods),
            last_kept=periods[-1].state == RhythmState.KEPT,
        )
        for (side, _rhythm), periods in sorted(found.items())
    )


def newest_nudges(enrolments: Sequence[str]) -> Mapping[tuple[str, str], Nudge]:
    """By partner and promise, the newest nudge."""
    rows = Nudge.objects.filter(enrolment__in=enrolments).order_by("enrolment", "rhythm", "-sent_at")
    return {(row.enrolment_id, row.rhythm): row for row in rows.distinct("enrolment", "rhythm")}


def nudge_counts(owner: str, *, manager: str | None) -> Mapping[str, NudgeCount]:
    """By promise the nudges that were sent, and after how many the promise of that period was kept."""
    rows = Nudge.objects.filter(owner_id=owner)
    rows = rows if manager is None else rows.filter(enrolment__success_manager=manager)
    kept = RhythmPeriod.objects.filter(
        enrolment=models.OuterRef("enrolment"),
        rhythm=models.OuterRef("rhythm"),
        starts_on=models.OuterRef("starts_on"),
        state=RhythmState.KEPT,
    )
    counted = rows.annotate(worked=models.Exists(kept)).values("rhythm").order_by("rhythm")
    counted = counted.annotate(sent=Count("pk"), after=Count("pk", filter=Q(worked=True)))
    return {row["rhythm"]: NudgeCount(row["rhythm"], row["sent"], row["after"]) for row in counted}


def answer_times(owner: str, *, manager: str | None) -> tuple[AnswerTimes, ...]:
    """Quarter by quarter, the oldest first: by the quarter in which a report came."""
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERS, {"owner": owner, "manager": manager, "today": today(), "quarters": QUARTERS})
        return tuple(AnswerTimes(*row) for row in cursor.fetchall())


_ANSWERS = """
SELECT date_trunc('quarter', r.submitted_at)::date AS quarter,
    count(*) FILTER (WHERE r.decided_at IS NOT NULL),
    count(*) FILTER (WHERE r.decided_at IS NOT NULL AND r.decided_at <= r.answer_due),
    count(*) FILTER (WHERE r.answer_due IS NOT NULL AND r.decided_at IS NOT NULL),
    round((percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM r.decided_at - r.submitted_at)) / 86400)::numeric, 1)::float,
    count(*) FILTER (WHERE r.state = 'submitted')
FROM activity_reports AS r JOIN enrolments AS e ON e.id = r.enrolment
WHERE r.owner_org = %(owner)s AND (%(manager)s::text IS NULL OR e.success_manager = %(manager)s) AND r.state <> 'withdrawn'
  AND r.submitted_at >= date_trunc('quarter', %(today)s::date) - make_interval(months => 3 * (%(quarters)s - 1))
GROUP BY 1 ORDER BY 1
"""
