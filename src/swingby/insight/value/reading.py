"""Reads when each partner won something, for how much, and what the program spent on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from swingby.engine import FactSource
from swingby.insight.effects import statements
from swingby.insight.exposure.reading import fill_won
from swingby.insight.numerics.arrays import Floats, Integers
from swingby.insight.numerics.lifetimes import Buyers
from swingby.insight.value.question import ValueQuestion
from swingby.program import Program
from swingby.values import add_months

WEEK = 7.0
#: Money of one day is one purchase; it is added up before days are counted.
DAYS = """
SELECT p, datediff('day', CAST($since AS DATE), day) AS day, CAST(sum(money) AS DOUBLE) AS money FROM evidence_won
GROUP BY p, day HAVING sum(money) > 0 ORDER BY p, day
"""
NAMES = """
SELECT coalesce(o.name, p.organization), coalesce(p.region, '') FROM evidence_partners AS p
LEFT JOIN ref_organizations AS o ON o.organization = p.organization ORDER BY p.p
"""
COSTS = """
SELECT CAST(coalesce(sum(CAST(f.amount * CASE WHEN f.currency IS NULL OR f.currency = $currency THEN 1 ELSE x.rate END
       AS DECIMAL(30, 6))), 0) AS DOUBLE)
FROM (SELECT * FROM fact_costs AS f WHERE {known} AND f.cancelled_on IS NULL AND f.happened_on >= $since AND f.happened_on < $until) AS f
ASOF LEFT JOIN ref_exchange_rates AS x ON x.currency = f.currency AND f.happened_on >= x.valued_on
"""


@dataclass(frozen=True, slots=True)
class Purchases:
    """Every day on which a partner won something.

    Attributes
    ----------
    partner, day, money
        Of each, ordered by partner and day; days since the first that is looked at.
    names, regions
        Of partners.
    cost
        What the program spent in the last year.
    """

    partner: Integers
    day: Floats
    money: Floats
    names: tuple[str, ...]
    regions: tuple[str, ...]
    cost: float

    def before(self, day: float) -> Purchases:
        """Those before a day."""
        kept = self.day < day
        return Purchases(self.partner[kept], self.day[kept], self.money[kept], self.names, self.regions, self.cost)

    def total_from(self, day: float) -> tuple[Floats, Floats]:
        """How many purchases each partner made from a day on, and for how much."""
        later, size = self.day >= day, len(self.names)
        return (
            np.bincount(self.partner[later], minlength=size).astype(np.float64),
            np.asarray(np.bincount(self.partner[later], self.money[later], size), np.float64),
        )

    def history(self, today: float) -> History:
        """What each of those who bought before a day did until it."""
        past = self.before(today)
        size = len(self.names)
        count = np.bincount(past.partner, minlength=size)
        who = np.flatnonzero(count)
        first, last = np.full(size, np.inf), np.zeros(size)
        np.minimum.at(first, past.partner, past.day)
        np.maximum.at(last, past.partner, past.day)
        is_repeat = past.day > first[past.partner]
        repeats = np.bincount(past.partner[is_repeat], minlength=size).astype(np.float64)
        money = np.bincount(past.partner[is_repeat], past.money[is_repeat], size)
        buyers = Buyers(repeats[who], (last - first)[who] / WEEK, (today - first[who]) / WEEK)
        return History(who, buyers, np.where(repeats > 0, money / np.maximum(repeats, 1), 0.0)[who])


@dataclass(frozen=True, slots=True)
class History:
    """Partners that bought, what they did until a day, and the mean amount of a repeated purchase."""

    who: Integers
    buyers: Buyers
    amounts: Floats


def read_purchases(facts: FactSource, program: Program, question: ValueQuestion) -> Purchases:
    """Read the purchases of a question that was checked."""
    session = facts.connection.cursor()
    known = facts.latest_position if question.known_at is None else question.known_at
    fill_won(
        session,
        program,
        since=question.since,
        until=question.until,
        won=question.won,
        parts=question.parts,
        known=known,
    )
    found = session.execute(DAYS, {"since": question.since}).fetchnumpy()
    named = session.execute(NAMES).fetchall()
    span = {"since": add_months(question.until, -12), "until": question.until, "currency": program.header.currency}
    cost = session.execute(COSTS.format(known=statements.KNOWN.format(alias="f")), span | {"known": known}).fetchone()
    return Purchases(
        partner=np.asarray(found["p"], np.int64),
        day=np.asarray(found["day"], np.float64),
        money=np.asarray(found["money"], np.float64),
        names=tuple(str(name) for name, _ in named),
        regions=tuple(str(region) for _, region in named),
        cost=float(cost[0] or 0) if cost else 0.0,
    )


def days_until(question: ValueQuestion, day: date) -> float:
    """Days from the first that is looked at."""
    return float((day - question.since).days)
