"""Reads what was won in a year, also what was taken back later, and who was certified and stayed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from swingby.engine import FactSource
from swingby.insight.effects import statements
from swingby.insight.gaming.question import GamingQuestion
from swingby.insight.numerics.arrays import Floats, Integers
from swingby.program import Program

#: Won deals of the year, also those taken back since: cancelled, reversed with nothing in their place, or lost
#: after all. A deal that was corrected keeps its last row.
WON = """
CREATE OR REPLACE TEMP TABLE evidence_gross AS
WITH rows AS (
  SELECT d.deal, d.happened_on AS day, d.amount, d.currency, d.cancelled_on, d.position, d.fact_id,
         d.reversed_position IS NULL OR d.reversed_position > $known AS live, d.reversed_position
  FROM fact_deals AS d
  WHERE d.position <= $known AND d.stage = $won AND d.happened_on >= $since AND d.happened_on < $until
), once AS (
  SELECT deal, max_by({'day': day, 'amount': amount, 'currency': currency}, (live, position, fact_id)) AS row,
         bool_or(live AND cancelled_on IS NULL) AS kept, max(cancelled_on) AS cancelled_on,
         max(reversed_position) AS reversed_position
  FROM rows GROUP BY deal
), lost AS (
  SELECT deal, max(happened_on) AS lost_on FROM fact_deals
  WHERE position <= $known AND (reversed_position IS NULL OR reversed_position > $known) AND stage = $lost AND cancelled_on IS NULL
  GROUP BY deal
), ends AS (
  SELECT o.deal, o.row.day AS day, o.row.amount AS amount, o.row.currency AS currency,
         CASE WHEN NOT o.kept THEN coalesce(o.cancelled_on, CAST(x.recorded_at AS DATE)) WHEN l.lost_on >= o.row.day THEN l.lost_on END AS back_on
  FROM once AS o LEFT JOIN ref_positions AS x ON x.position = o.reversed_position LEFT JOIN lost AS l ON l.deal = o.deal
)
SELECT e.deal, e.day, e.back_on,
       CAST(e.amount * CASE WHEN e.currency IS NULL OR e.currency = $currency THEN 1 ELSE r.rate END AS DOUBLE) AS amount
FROM ends AS e ASOF LEFT JOIN ref_exchange_rates AS r ON r.currency = e.currency AND e.day >= r.valued_on
"""
DEALS = """
SELECT c.p, c.day >= $late AS late, coalesce(c.back_on <= c.day + $within, false) AS back, c.money FROM (
  SELECT r.p, e.deal, any_value(e.day) AS day, any_value(e.back_on) AS back_on,
         CAST(any_value(e.amount) * max(CAST(coalesce(l.share, 1) AS DOUBLE)) AS DOUBLE) AS money
  FROM evidence_gross AS e
  JOIN fact_deal_parties AS l ON l.deal = e.deal AND e.day >= l.starts_on AND (l.ends_on IS NULL OR e.day < l.ends_on)
  JOIN evidence_reach AS r ON r.organization = l.organization
  WHERE {known} AND {part} GROUP BY r.p, e.deal
) AS c ORDER BY c.p, c.deal
"""
CERTIFIED = """
SELECT r.p, f.person, f.starts_on >= $crammed AS late, bool_or(coalesce(e.ends_on <= f.starts_on + $within, false)) AS gone
FROM fact_credentials AS f
JOIN fact_employments AS e ON e.person = f.person AND f.starts_on >= e.starts_on AND (e.ends_on IS NULL OR f.starts_on < e.ends_on)
JOIN evidence_reach AS r ON r.organization = e.organization
WHERE {known} AND {employed} AND f.starts_on >= $since AND f.starts_on < $until GROUP BY r.p, f.person, late ORDER BY ALL
"""
NAMES = """
SELECT coalesce(o.name, p.organization) FROM evidence_partners AS p
LEFT JOIN ref_organizations AS o ON o.organization = p.organization ORDER BY p.p
"""


@dataclass(frozen=True, slots=True)
class Late:
    """What each partner did in the last days and in all, and how much of it did not last.

    Attributes
    ----------
    late, number
        In the last days, and in the year.
    late_gone, gone
        Of these, what was taken back, or who left, within the days that are asked about.
    """

    late: Integers
    number: Integers
    late_gone: Integers
    gone: Integers


@dataclass(frozen=True, slots=True)
class Year:
    """A year of partners.

    Attributes
    ----------
    money, kept
        What each won in the year, and without what was taken back soon.
    deals, people
        Won deals, and people that were certified.
    last_known
        The last day on which anything was recorded; None where nothing says.
    """

    names: tuple[str, ...]
    money: Floats
    kept: Floats
    deals: Late
    people: Late
    last_known: date | None


def read_year(facts: FactSource, program: Program, question: GamingQuestion) -> Year:
    """Read the year of a question that was checked."""
    session = facts.connection.cursor()
    known = facts.latest_position if question.known_at is None else question.known_at
    span = {"since": question.since, "until": question.until}
    session.execute(statements.PARTNERS, span)
    session.execute(statements.REACH[program.header.roll_up])
    bound = span | {"known": known, "won": question.won, "lost": question.lost, "currency": program.header.currency}
    session.execute(WON, bound)
    names = tuple(str(name) for (name,) in session.execute(NAMES).fetchall())
    deals = session.execute(
        DEALS.format(known=statements.KNOWN.format(alias="l"), part=statements.PART),
        {"late": question.last(question.late), "within": question.within, "known": known}
        | statements.parts_bound(question.parts),
    ).fetchnumpy()
    people = session.execute(
        CERTIFIED.format(known=statements.KNOWN.format(alias="f"), employed=statements.KNOWN.format(alias="e")),
        span | {"crammed": question.last(question.crammed), "within": question.within, "known": known},
    ).fetchnumpy()
    recorded = session.execute(
        "SELECT CAST(max(recorded_at) AS DATE) FROM ref_positions WHERE position <= $known", {"known": known}
    ).fetchone()
    partner, money, back = np.asarray(deals["p"], np.int64), np.asarray(deals["money"], np.float64), deals["back"]
    return Year(
        names=names,
        money=np.asarray(np.bincount(partner, money, len(names)), np.float64),
        kept=np.asarray(np.bincount(partner[~back], money[~back], len(names)), np.float64),
        deals=_late(partner, deals["late"], back, len(names)),
        people=_late(np.asarray(people["p"], np.int64), people["late"], people["gone"], len(names)),
        last_known=recorded[0] if recorded else None,
    )


def _late(partner: Integers, late: np.ndarray, gone: np.ndarray, size: int) -> Late:
    late, gone = late.astype(bool), gone.astype(bool)
    return Late(
        *(
            np.asarray(np.bincount(partner[kept], minlength=size), np.int64)
            for kept in (late, np.ones(len(partner), bool), late & gone, gone)
        )
    )
