"""What somebody who sells reads: the deals of a year, of others' too where the partner has a part, and the customers with what runs out next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from swingby.web.clock import today
from swingby.web.deal_policies import party_of
from swingby.web.domain.queries.partner_facts import ABOUT_DEALS, DEAL_DAYS, ENDED_STAGES
from swingby.web.domain.queries.rows import rows_about
from swingby.web.models import Enrolment, PointsHistory

MOST_CUSTOMERS = 15
#: A subscription that begins so many days after another one ends renews it.
LATE_DAYS = 7


@dataclass(frozen=True, slots=True)
class Deal:
    """A deal as its newest news says it; what that leaves out, as was said last.

    ``state`` is ``open``, ``won`` or ``lost``, ``since`` the day from which it is in its stage, ``heard_on`` that of the newest
    news. ``roles`` are those held today, of a deal that is over those held at its end; ``facts`` are all records of the deal.
    """

    deal: str
    customer: str
    state: str
    stage: str
    since: date
    heard_on: date
    amount: Decimal | None
    currency: str
    products: tuple[str, ...]
    roles: tuple[str, ...]
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer, how the partner stands to it, and the subscription that ends next and was not renewed."""

    customer: str
    kinds: tuple[str, ...]
    product: str
    ends_on: date | None
    amount: Decimal | None
    currency: str


def deals_by_state(enrolment: Enrolment, *, customer: str) -> Mapping[str, int]:
    """How many deals there are in each state, of customers whose name holds the words."""
    rows = rows_about(f"{_NAMED} SELECT state, count(*) FROM named GROUP BY state", enrolment, **_span(customer))
    return {str(state): int(count) for state, count in rows}


def deals_of(enrolment: Enrolment, *, customer: str, state: str, start: int, most: int) -> tuple[Deal, ...]:
    """Deals of a state, or of all, the newest news first."""
    rows = rows_about(f"{_NAMED}{_DEALS}", enrolment, **_span(customer), state=state, start=start, most=most)
    return tuple(Deal(*row[:8], *(tuple(each or ()) for each in row[8:])) for row in rows)


def customers_of(enrolment: Enrolment, *, customer: str) -> tuple[tuple[Customer, ...], int]:
    """The customers of today, those first where something runs out next; and how many."""
    rows = rows_about(_CUSTOMERS, enrolment, customer=customer, most=MOST_CUSTOMERS, late=LATE_DAYS)
    return tuple(Customer(row[0], tuple(row[1] or ()), *row[2:6]) for row in rows), int(rows[0][6]) if rows else 0


def points_by_fact(enrolment: Enrolment, facts: Iterable[str]) -> Mapping[str, Decimal]:
    """The points that stand in the kept history for each record, with what was taken away again."""
    wanted, found = set(facts), defaultdict[str, Decimal](Decimal)
    history = PointsHistory.objects.filter(pk=enrolment.pk).first() if wanted else None
    for line in history.lines if history else ():
        if line["fact"] in wanted:
            found[line["fact"]] += Decimal(line["points"])
    return found


def _span(customer: str) -> dict[str, Any]:
    return {"customer": customer, "ended": list(ENDED_STAGES), "first": today() - timedelta(days=DEAL_DAYS)}


_NAMED = f"""
WITH news AS (SELECT f.* FROM {ABOUT_DEALS} AS f WHERE happened_on <= %(today)s
    AND (cancelled_on IS NULL OR cancelled_on > %(today)s) AND reversed_position IS NULL),
newest AS (SELECT DISTINCT ON (deal) deal, stage, happened_on FROM news
    ORDER BY deal, happened_on DESC, position DESC, fact_id DESC),
buyer AS (SELECT DISTINCT ON (deal) deal, customer FROM news WHERE customer <> ''
    ORDER BY deal, happened_on DESC, position DESC, fact_id DESC),
named AS (SELECT n.*, coalesce(NULLIF(c.name, ''), b.customer, '') AS customer,
      CASE WHEN n.stage = 'won' THEN 'won' WHEN n.stage = ANY (%(ended)s) THEN 'lost' ELSE 'open' END AS state
    FROM newest AS n LEFT JOIN buyer AS b ON b.deal = n.deal
    LEFT JOIN ref_customers AS c ON c.owner_org = %(owner)s AND c.customer = b.customer
    WHERE n.happened_on >= %(first)s AND strpos(lower(coalesce(NULLIF(c.name, ''), b.customer, '')), lower(%(customer)s::text)) > 0)
"""
#: What holds of a fact that speaks of the deal today.
_OF_DEAL = "f.owner_org = %(owner)s AND f.partner_org = %(partner)s AND f.deal = s.deal AND f.reversed_position IS NULL"
_OF_SHARED = f"f.owner_org = %(owner)s AND f.deal = s.deal AND f.reversed_position IS NULL AND (f.partner_org = %(partner)s OR {party_of('f', '%(partner)s')})"
_DEALS = f"""
SELECT s.deal, s.customer, s.state, s.stage,
  (SELECT min(n.happened_on) FROM news AS n WHERE n.deal = s.deal AND n.stage = s.stage AND n.happened_on >= coalesce(
    (SELECT max(o.happened_on) FROM news AS o WHERE o.deal = s.deal AND o.stage <> s.stage), n.happened_on)),
  s.happened_on, a.amount, coalesce(a.currency, ''),
  (SELECT array_agg(DISTINCT f.product ORDER BY f.product) FROM fact_deal_lines AS f
    WHERE {_OF_SHARED} AND f.happened_on <= %(today)s AND (f.cancelled_on IS NULL OR f.cancelled_on > %(today)s)),
  (SELECT array_agg(DISTINCT f.role ORDER BY f.role) FROM fact_deal_parties AS f
    WHERE {_OF_DEAL} AND f.starts_on <= %(today)s AND f.role IS NOT NULL
      AND (f.ends_on IS NULL OR f.ends_on > CASE s.state WHEN 'open' THEN %(today)s ELSE s.happened_on END)),
  (SELECT array_agg(u.fact_id) FROM (SELECT f.fact_id FROM fact_deals AS f WHERE {_OF_SHARED}
    UNION ALL SELECT f.fact_id FROM fact_deal_lines AS f WHERE {_OF_SHARED}
    UNION ALL SELECT f.fact_id FROM fact_deal_parties AS f WHERE {_OF_DEAL}) AS u)
FROM (SELECT * FROM named WHERE %(state)s::text IN ('', state)
  ORDER BY happened_on DESC, deal LIMIT %(most)s OFFSET %(start)s) AS s
LEFT JOIN LATERAL (SELECT amount, currency FROM news AS n WHERE n.deal = s.deal AND amount IS NOT NULL
    ORDER BY happened_on DESC, position DESC, fact_id DESC LIMIT 1) AS a ON true
ORDER BY s.happened_on DESC, s.deal
"""
_HOLDS = """f.owner_org = %(owner)s AND f.partner_org = %(partner)s AND f.customer <> '' AND f.reversed_position IS NULL
  AND f.starts_on <= %(today)s AND (f.ends_on IS NULL OR f.ends_on > %(today)s)"""
#: A day so far ahead stands for none.
_ENDS = "CASE WHEN f.ends_on < DATE '2900-01-01' THEN f.ends_on END"
_CUSTOMERS = f"""
WITH ties AS (SELECT f.customer, array_agg(DISTINCT f.kind ORDER BY f.kind) FILTER (WHERE f.kind IS NOT NULL) AS kinds
    FROM fact_associations AS f WHERE {_HOLDS} GROUP BY f.customer),
ending AS (SELECT DISTINCT ON (f.customer) f.customer, f.product, {_ENDS} AS ends_on, f.amount, f.currency
    FROM fact_subscriptions AS f
    WHERE {_HOLDS} AND NOT EXISTS (SELECT 1 FROM fact_subscriptions AS n WHERE n.owner_org = f.owner_org
      AND n.partner_org = f.partner_org AND n.customer = f.customer AND n.product IS NOT DISTINCT FROM f.product
      AND n.reversed_position IS NULL AND n.starts_on <= f.ends_on + %(late)s::integer AND (n.ends_on IS NULL OR n.ends_on > f.ends_on))
    ORDER BY f.customer, {_ENDS} NULLS LAST, f.fact_id)
SELECT coalesce(NULLIF(c.name, ''), customer), t.kinds, coalesce(e.product, ''), e.ends_on, e.amount, coalesce(e.currency, ''),
  count(*) OVER ()
FROM ties AS t FULL JOIN ending AS e USING (customer)
LEFT JOIN (SELECT customer, name FROM ref_customers WHERE owner_org = %(owner)s) AS c USING (customer)
WHERE strpos(lower(coalesce(NULLIF(c.name, ''), customer)), lower(%(customer)s::text)) > 0
ORDER BY e.ends_on NULLS LAST, 1 LIMIT %(most)s
"""
