"""What the rules of the week read, for all partners of a book at once: a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from swingby.web.clock import today
from swingby.web.domain.queries.portfolio import partners
from swingby.web.domain.week.rules import AHEAD_DAYS, BUSY_BEFORE, PERIOD_ENDS_DAYS, QUIET_DAYS, Known
from swingby.web.models import PortfolioRow, RhythmPeriod, RhythmState

Rows = Mapping[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Book:
    """The partners somebody looks after, with what the rules read of those that may be worth a word.

    Attributes
    ----------
    query
        All of them, to be narrowed.
    rows, known
        Of those that may be worth a word.
    ours_late, theirs_late
        Promises of the period before that were missed.
    """

    query: QuerySet[PortfolioRow]
    rows: Mapping[str, PortfolioRow]
    known: tuple[Known, ...]
    ours_late: int
    theirs_late: int


def read_book(owner: str, *, manager: str | None) -> Book:
    """Everything the rules read of the partners of a success manager, or of all."""
    book = partners(owner)
    if manager is not None:
        book = book.filter(enrolment__success_manager=manager)
    found = {name: rows_about(book, statement, owner=owner) for name, statement in _STATEMENTS.items()}
    promises = _promises(book)
    named = {partner for rows in found.values() for partner in rows}
    worth_a_word = Q(partner__in=named) | Q(pk__in=promises) | Q(at_risk__gt=0, loses_on__isnull=False) | _quiet()
    listed = {row.enrolment_id: row for row in book.filter(worth_a_word)}
    known = tuple(_known(row, found, promises.get(row.enrolment_id, [])) for row in listed.values())
    late = sum(
        each.waiting_reports + each.waiting_deals for each in known if each.answer_due and each.answer_due < today()
    )
    return Book(
        book,
        listed,
        known,
        ours_late=late + sum(len(each.ours_missed) for each in known),
        theirs_late=sum(len(each.missed) for each in known),
    )


def _quiet() -> Q:
    return Q(last_activity__lte=today() - timedelta(days=QUIET_DAYS), busy_before__gte=BUSY_BEFORE)


def rows_about(book: QuerySet[PortfolioRow], statement: str, *, owner: str) -> Rows:
    """What a statement says of the partners of a book, by its first column."""
    with connection.cursor() as cursor:
        cursor.execute(*about_book(book, statement, {"owner": owner, "most": 0}))
        return {row[0]: row[1:] for row in cursor.fetchall()}


def about_book(book: QuerySet[PortfolioRow], statement: str, values: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """A statement with the rows of a book (``{book}``: enrolment, partner_org, tier and its move), whatever their number."""
    text, asked = (
        book.order_by().values("enrolment", "partner", "tier", "tier_before", "tier_moved_on").query.sql_with_params()
    )
    names = {f"book_{place}": value for place, value in enumerate(asked)}
    inner = text % tuple(f"%({name})s" for name in names)
    mine = f"WITH mine (enrolment, partner_org, tier, tier_before, tier_moved_on) AS ({inner})"
    ahead = today() + timedelta(days=AHEAD_DAYS)
    return f"{mine} {statement}", {**names, **values, "today": today(), "ahead": ahead}


def _promises(book: QuerySet[PortfolioRow]) -> Mapping[str, list[RhythmPeriod]]:
    """Of every promise the newest period that is over, if it was missed; and those that run and end soon."""
    day, found = today(), defaultdict[str, list[RhythmPeriod]](list)
    periods = RhythmPeriod.objects.filter(enrolment__in=book.values("pk"), last_day__gte=day - timedelta(days=200))
    over = periods.filter(last_day__lte=day).order_by("enrolment", "rhythm", "side", "-starts_on")
    newest = over.distinct("enrolment", "rhythm", "side").values("pk")
    missed = Q(pk__in=newest, state=RhythmState.MISSED)
    soon = Q(side="partner", state=RhythmState.OPEN, last_day__lte=day + timedelta(days=PERIOD_ENDS_DAYS))
    for period in periods.filter(missed | soon).order_by("enrolment", "rhythm", "-starts_on"):
        found[period.enrolment_id].append(period)
    return found


def _known(row: PortfolioRow, found: Mapping[str, Rows], periods: Sequence[RhythmPeriod]) -> Known:
    of = row.partner_id
    lapsing, lapses_on, certified = found["credentials"].get(of, (0, None, 0))
    waiting, due, deals = found["reports"].get(of, (0, None, 0))
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
        last_activity=row.last_activity,
        busy_before=row.busy_before,
        waiting_reports=waiting,
        waiting_deals=deals,
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
    return [period for period in periods if period.side == side and period.state == RhythmState.MISSED]


_WHOSE = "{0}owner_org = %(owner)s AND {0}partner_org IN (SELECT partner_org FROM mine)"
_HOLDS = "{0}reversed_position IS NULL AND {0}starts_on <= %(today)s AND ({0}ends_on IS NULL OR {0}ends_on > %(today)s)"
_STATEMENTS: Mapping[str, str] = {
    # A person whose last certificate ends, not one who has another.
    "credentials": f"""
        SELECT partner_org, count(*), min(until), (SELECT count(DISTINCT w.person) FROM fact_credentials AS w
            WHERE w.owner_org = %(owner)s AND w.partner_org = ending.partner_org AND {_HOLDS.format("w.")})
        FROM (SELECT c.partner_org, c.person, max(c.ends_on) AS until FROM fact_credentials AS c
              WHERE {_WHOSE.format("c.")} AND {_HOLDS.format("c.")} AND c.ends_on <= %(ahead)s GROUP BY 1, 2) AS ending
        WHERE NOT EXISTS (SELECT 1 FROM fact_credentials AS o WHERE o.owner_org = %(owner)s
              AND o.partner_org = ending.partner_org AND o.person = ending.person AND {_HOLDS.format("o.")}
              AND (o.ends_on IS NULL OR o.ends_on > %(ahead)s))
        GROUP BY 1""",
    "reports": f"""
        SELECT partner_org, sum(reports), min(answer_due), sum(deals) FROM (
            SELECT owner_org, partner_org, answer_due, 1 AS reports, 0 AS deals FROM activity_reports
            WHERE state = 'submitted' AND answer_due IS NOT NULL
            UNION ALL SELECT owner_org, partner_org, answer_due, 0, 1 FROM deal_registrations
            WHERE state = 'waiting') AS waiting WHERE {_WHOSE.format("")} GROUP BY 1""",
    "renewals": f"""
        SELECT partner_org, count(DISTINCT coalesce(customer, fact_id)), min(ends_on), sum(amount) FROM fact_subscriptions
        WHERE {_WHOSE.format("")} AND {_HOLDS.format("")} AND ends_on <= %(ahead)s GROUP BY 1""",
}
