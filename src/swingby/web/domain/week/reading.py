"""What the rules of the week read, for all partners of a book at once: a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone

from swingby.web.clock import today
from swingby.web.domain.queries.portfolio import partners
from swingby.web.domain.week.rules import AHEAD_DAYS, QUIET_DAYS, Known
from swingby.web.models import PortfolioRow, RhythmPeriod, RhythmState

Rows = Mapping[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Book:
    """The partners somebody looks after, with what the rules read of each."""

    rows: Mapping[str, PortfolioRow]
    known: tuple[Known, ...]
    #: Promises of the period before that were missed: ours, theirs.
    ours_late: int
    theirs_late: int


def read_book(owner: str, *, manager: str | None) -> Book:
    """Everything the rules read of the partners of a success manager, or of all."""
    rows = partners(owner).select_related("enrolment__success_manager")
    if manager is not None:
        rows = rows.filter(enrolment__success_manager=manager)
    listed = {row.enrolment_id: row for row in rows}
    asked = {"owner": owner, "partners": [row.partner_id for row in listed.values()], "today": today()}
    found = {name: _by_partner(statement, asked) for name, statement in _STATEMENTS.items()}
    promises = _promises(list(listed))
    known = tuple(_known(row, found, promises.get(row.enrolment_id, [])) for row in listed.values())
    late = sum(each.waiting_reports for each in known if each.answer_due and each.answer_due < today())
    return Book(
        listed,
        known,
        ours_late=late + sum(len(each.ours_missed) for each in known),
        theirs_late=sum(len(each.missed) for each in known),
    )


def _by_partner(statement: str, asked: Mapping[str, Any]) -> Rows:
    values = {**asked, "ahead": asked["today"] + timedelta(days=AHEAD_DAYS), "quiet": QUIET_DAYS}
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return {row[0]: row[1:] for row in cursor.fetchall()}


def _promises(enrolments: Sequence[str]) -> Mapping[str, list[RhythmPeriod]]:
    """The period that runs and the one before it, of every promise."""
    found: defaultdict[str, list[RhythmPeriod]] = defaultdict(list)
    newest = RhythmPeriod.objects.filter(enrolment__in=enrolments, last_day__gte=today() - timedelta(days=200))
    for period in newest.order_by("enrolment", "rhythm", "-starts_on"):
        found[period.enrolment_id].append(period)
    return found


def _known(row: PortfolioRow, found: Mapping[str, Rows], periods: Sequence[RhythmPeriod]) -> Known:
    of = row.partner_id
    lapsing, lapses_on, certified = found["credentials"].get(of, (0, None, 0))
    last, before = found["activities"].get(of, (None, 0))
    waiting, due = found["reports"].get(of, (0, None))
    renewals, renewal_on, amount = found["renewals"].get(of, (0, None, None))
    theirs, ours = _missed(periods, side="partner"), _missed(periods, side="vendor")
    opened = [each for each in periods if each.side == "partner" and each.state == RhythmState.OPEN]
    return Known(
        enrolment=row.enrolment_id,
        name=row.name,
        today=today(),
        tier=row.tier,
        worth=row.worth,
        loses_on=row.loses_on,
        will_miss=tuple(_said(gate) for gate in row.outlook),
        lapsing_people=lapsing,
        lapses_on=lapses_on,
        certified_people=certified,
        missed=tuple(each.label for each in theirs),
        missed_on=max((each.last_day for each in theirs), default=None),
        open_promises=tuple(each.label for each in opened),
        open_until=min((each.last_day for each in opened), default=None),
        last_activity=last,
        busy_before=before,
        waiting_reports=waiting,
        answer_due=timezone.localdate(due) if due else None,
        ours_missed=tuple(each.label for each in ours),
        ours_missed_on=max((each.last_day for each in ours), default=None),
        renewals=renewals,
        renewal_on=renewal_on,
        renewal_amount=amount.quantize(Decimal(1)) if amount else None,
        last_touch=row.last_touch,
    )


def _said(gate: Mapping[str, Any]) -> str:
    return f"{gate['label']}: {gate['words']}" if gate.get("words") else str(gate["label"])


def _missed(periods: Iterable[RhythmPeriod], *, side: str) -> list[RhythmPeriod]:
    """Of each promise the newest period that is over, if it was missed; the periods come newest first."""
    newest: dict[str, RhythmPeriod] = {}
    for period in periods:
        if period.side == side and period.last_day <= today():
            newest.setdefault(period.rhythm, period)
    return [period for period in newest.values() if period.state == RhythmState.MISSED]


_WHOSE = "owner_org = %(owner)s AND partner_org = ANY (%(partners)s)"
_HOLDS = (
    f"{_WHOSE} AND reversed_position IS NULL AND starts_on <= %(today)s AND (ends_on IS NULL OR ends_on > %(today)s)"
)
_STATEMENTS: Mapping[str, str] = {
    # A person whose last certificate ends, not one who has another.
    "credentials": f"""
        SELECT partner_org, count(*) FILTER (WHERE until <= %(ahead)s), min(until) FILTER (WHERE until <= %(ahead)s), count(*)
        FROM (SELECT partner_org, person, max(coalesce(ends_on, 'infinity'::date)) AS until FROM fact_credentials
              WHERE {_HOLDS} GROUP BY 1, 2) AS people GROUP BY 1""",
    "activities": f"""
        SELECT partner_org, max(happened_on), count(*) FILTER (WHERE happened_on >= last - 365) FROM (
            SELECT partner_org, happened_on, max(happened_on) OVER (PARTITION BY partner_org) AS last FROM fact_activities
            WHERE {_WHOSE} AND reversed_position IS NULL AND cancelled_on IS NULL AND happened_on <= %(today)s
              AND happened_on >= %(today)s::date - 730) AS done GROUP BY 1""",
    "reports": f"""
        SELECT partner_org, count(*), min(answer_due) FROM activity_reports
        WHERE {_WHOSE} AND state = 'submitted' AND answer_due IS NOT NULL GROUP BY 1""",
    "renewals": f"""
        SELECT partner_org, count(DISTINCT coalesce(customer, fact_id)), min(ends_on), sum(amount) FROM fact_subscriptions
        WHERE {_HOLDS} AND ends_on <= %(ahead)s GROUP BY 1""",
}
