"""Beneath the rows of the week: what changed since Monday, whose review comes, which customers renew. A book at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

from django.db import connection
from django.db.models import Case, Count, IntegerField, Q, QuerySet, When

from swingby.web.clock import today
from swingby.web.deal_policies import party_of
from swingby.web.domain.portfolio.rows import monday
from swingby.web.domain.week.reading import about_book
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


def changes_since_monday(owner: str, book: QuerySet[PortfolioRow]) -> tuple[tuple[BookChange, ...], int]:
    """The newest changes of a book, and how many there are."""
    found = _rows(_CHANGES, owner, book)
    return tuple(BookChange(*row[:-1]) for row in found), int(found[0][-1]) if found else 0


def renewals(owner: str, book: QuerySet[PortfolioRow]) -> tuple[tuple[Renewal, ...], int]:
    """The subscriptions that end soonest, and how many there are."""
    found = _rows(_RENEWALS, owner, book)
    return tuple(Renewal(*row[:-1]) for row in found), int(found[0][-1]) if found else 0


def how_many(book: QuerySet[PortfolioRow]) -> tuple[int, int]:
    """How many partners a book has, and how many of them have a review within REVIEW_DAYS."""
    counted = book.aggregate(partners=Count("pk"), reviews=Count("pk", filter=_has_review()))
    return counted["partners"], counted["reviews"]


def reviews_ahead(book: QuerySet[PortfolioRow]) -> Sequence[PortfolioRow]:
    """Whose tier will change at a review within REVIEW_DAYS as things are."""
    falling = Q(at_risk__gt=0, loses_on__lte=today() + timedelta(days=REVIEW_DAYS))
    moving = book.filter(_has_review(), falling | (Q(gaps=0) & ~Q(next_tier=""))).annotate(
        stays=Case(When(falling, then=0), default=1, output_field=IntegerField())
    )
    return list(moving.order_by("stays", "next_review", "name")[:MOST_LINES])


def _has_review() -> Q:
    return Q(next_review__lte=today() + timedelta(days=REVIEW_DAYS))


def falls(row: PortfolioRow) -> bool:
    """Whether the tier will be lost at a review within REVIEW_DAYS if nothing happens."""
    until = today() + timedelta(days=REVIEW_DAYS)
    return bool(row.at_risk and row.loses_on and row.loses_on <= until)


def _rows(statement: str, owner: str, book: QuerySet[PortfolioRow]) -> list[tuple[Any, ...]]:
    values: dict[str, Any] = {"owner": owner, "monday": monday(today()), "most": MOST_LINES}
    with connection.cursor() as cursor:
        cursor.execute(*about_book(book, statement, values))
        return list(cursor.fetchall())


#: The deals won by each partner, and those of others in which it has a part.
_WON = """d.stage = 'won' AND d.happened_on BETWEEN %(monday)s AND %(today)s AND d.reversed_position IS NULL
      AND d.cancelled_on IS NULL"""
_CHANGES = f"""
, won AS (SELECT m.enrolment, d.fact_id, d.deal, d.happened_on, d.amount, d.currency FROM mine AS m
    JOIN fact_deals AS d ON d.owner_org = %(owner)s AND d.partner_org = m.partner_org WHERE {_WON}
  UNION SELECT m.enrolment, d.fact_id, d.deal, d.happened_on, d.amount, d.currency FROM mine AS m
    JOIN fact_deal_parties AS l ON l.owner_org = %(owner)s AND l.partner_org = m.partner_org
    JOIN fact_deals AS d ON d.owner_org = %(owner)s AND d.deal = l.deal WHERE {_WON} AND {party_of("d", "m.partner_org")})
SELECT enrolment, sort, day, number, before, amount, count(*) OVER () FROM (
SELECT m.enrolment, 'tier' AS sort, m.tier_moved_on AS day, 1::bigint AS number, m.tier_before AS before, '' AS amount FROM mine AS m
    WHERE m.tier_moved_on >= %(monday)s AND m.tier_before <> m.tier
UNION ALL SELECT w.enrolment, 'won', max(w.happened_on), count(DISTINCT w.deal), '',
    coalesce(min(w.currency) || ' ', '') || to_char(round(sum(w.amount)), 'FM999,999,999,999,990')
    FROM won AS w GROUP BY w.enrolment, coalesce(w.currency, '')
UNION ALL SELECT r.enrolment, 'reports', max(r.submitted_at)::date, count(*), '', '' FROM activity_reports AS r
    JOIN mine AS m ON m.enrolment = r.enrolment
    WHERE r.owner_org = %(owner)s AND r.submitted_at >= %(monday)s GROUP BY 1
) AS changed ORDER BY (sort <> 'tier'), day DESC, enrolment, sort LIMIT %(most)s
"""
_RENEWALS = """
SELECT s.partner_org, coalesce(c.name, s.customer, ''), coalesce(s.product, ''), s.ends_on, s.amount, coalesce(s.currency, ''),
    count(*) OVER () FROM fact_subscriptions AS s
LEFT JOIN ref_customers AS c ON c.owner_org = s.owner_org AND c.customer = s.customer
WHERE s.owner_org = %(owner)s AND s.partner_org IN (SELECT partner_org FROM mine) AND s.reversed_position IS NULL
  AND s.starts_on <= %(today)s AND s.ends_on > %(today)s AND s.ends_on <= %(ahead)s
ORDER BY s.ends_on, s.amount DESC NULLS LAST, s.fact_id LIMIT %(most)s
"""
