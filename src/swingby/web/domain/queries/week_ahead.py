"""Beneath the rows of the week: what changed since Monday, whose review comes, which customers renew. A book at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

from django.db import connection

from swingby.web.clock import today
from swingby.web.domain.week.rules import AHEAD_DAYS
from swingby.web.models import PortfolioRow

REVIEW_DAYS = 30
MOST_LINES = 12


@dataclass(frozen=True, slots=True)
class BookChange:
    """Something of this week: a tier that changed, deals won, reports that came."""

    enrolment: str
    sort: Literal["tier", "won", "reports"]
    day: date
    count: int
    before: str
    amount: str


@dataclass(frozen=True, slots=True)
class Renewal:
    """A subscription of a partner's customer that ends soon."""

    partner: str
    customer: str
    product: str
    day: date
    amount: Decimal | None
    currency: str


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def changes_since_monday(owner: str, rows: Mapping[str, PortfolioRow]) -> tuple[tuple[BookChange, ...], int]:
    """The newest changes of a book, and how many there are."""
    found = _rows(_CHANGES, owner, rows.values())
    return tuple(BookChange(*row[:-1]) for row in found), int(found[0][-1]) if found else 0


def renewals(owner: str, rows: Mapping[str, PortfolioRow]) -> tuple[tuple[Renewal, ...], int]:
    """The subscriptions that end soonest, and how many there are."""
    found = _rows(_RENEWALS, owner, rows.values())
    return tuple(Renewal(*row[:-1]) for row in found), int(found[0][-1]) if found else 0


def reviews_ahead(rows: Mapping[str, PortfolioRow]) -> tuple[Sequence[PortfolioRow], int]:
    """Whose tier will change at a review within REVIEW_DAYS as things are, and how many have one."""
    until = today() + timedelta(days=REVIEW_DAYS)
    due = [row for row in rows.values() if row.next_review and row.next_review <= until]
    moving = [row for row in due if falls(row) or rises(row)]
    return sorted(moving, key=lambda row: (not falls(row), row.next_review or until, row.name))[:MOST_LINES], len(due)


def falls(row: PortfolioRow) -> bool:
    """Whether the tier will be lost at a review within REVIEW_DAYS if nothing happens."""
    until = today() + timedelta(days=REVIEW_DAYS)
    return bool(row.at_risk and row.loses_on and row.loses_on <= until)


def rises(row: PortfolioRow) -> bool:
    """Whether everything is met for the next tier."""
    return bool(row.next_tier and not row.gaps)


def _rows(statement: str, owner: str, rows: Any) -> list[tuple[Any, ...]]:
    values: dict[str, Any] = {
        "owner": owner,
        "partners": [row.partner_id for row in rows],
        "enrolments": [row.enrolment_id for row in rows],
        "monday": monday(today()),
        "today": today(),
        "ahead": today() + timedelta(days=AHEAD_DAYS),
        "most": MOST_LINES,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


_CHANGES = """
WITH mine AS (SELECT enrolment, partner_org, tier FROM portfolio_rows WHERE owner_org = %(owner)s AND enrolment = ANY (%(enrolments)s)),
before AS (SELECT DISTINCT ON (s.enrolment) s.enrolment, coalesce(s.result -> 'tier' ->> 'label', '') AS tier FROM standings AS s
    WHERE s.enrolment = ANY (%(enrolments)s) AND s.as_of < %(monday)s ORDER BY s.enrolment, s.as_of DESC, s.position DESC, s.id DESC),
since AS (SELECT enrolment, min(as_of) AS day FROM standings WHERE enrolment = ANY (%(enrolments)s) AND as_of >= %(monday)s GROUP BY 1)
SELECT enrolment, sort, day, number, before, amount, count(*) OVER () FROM (
SELECT m.enrolment, 'tier' AS sort, s.day, 1::bigint AS number, b.tier AS before, '' AS amount FROM mine AS m
    JOIN before AS b ON b.enrolment = m.enrolment JOIN since AS s ON s.enrolment = m.enrolment WHERE b.tier <> m.tier
UNION ALL SELECT m.enrolment, 'won', max(d.happened_on), count(DISTINCT d.deal), '',
    coalesce(min(d.currency) || ' ', '') || to_char(round(sum(d.amount)), 'FM999,999,999,999,990') FROM mine AS m
    JOIN fact_deals AS d ON d.owner_org = %(owner)s AND d.partner_org = m.partner_org
    WHERE d.stage = 'won' AND d.happened_on BETWEEN %(monday)s AND %(today)s AND d.reversed_position IS NULL
      AND d.cancelled_on IS NULL GROUP BY m.enrolment, coalesce(d.currency, '')
UNION ALL SELECT r.enrolment, 'reports', max(r.submitted_at)::date, count(*), '', '' FROM activity_reports AS r
    WHERE r.owner_org = %(owner)s AND r.enrolment = ANY (%(enrolments)s) AND r.submitted_at >= %(monday)s GROUP BY 1
) AS changed ORDER BY (sort <> 'tier'), day DESC, enrolment, sort LIMIT %(most)s
"""
_RENEWALS = """
SELECT s.partner_org, coalesce(c.name, s.customer, ''), coalesce(s.product, ''), s.ends_on, s.amount, coalesce(s.currency, ''),
    count(*) OVER () FROM fact_subscriptions AS s
LEFT JOIN ref_customers AS c ON c.owner_org = s.owner_org AND c.customer = s.customer
WHERE s.owner_org = %(owner)s AND s.partner_org = ANY (%(partners)s) AND s.reversed_position IS NULL
  AND s.starts_on <= %(today)s AND s.ends_on > %(today)s AND s.ends_on <= %(ahead)s
ORDER BY s.ends_on, s.amount DESC NULLS LAST, s.fact_id LIMIT %(most)s
"""
