"""Reads when each partner won something, for how much, and what the program spent on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from swingby.engine import FactSource
from swingby.insight.effects import statements
from swingby.insight.exposure.reading import fill_won
from swingby.insight.numerics.arrays import Floats, Integers
from swingby.insight.numerics.lifetimes import Buyers
from swingby.insight.value.question import Manner, ValueQuestion
from swingby.program import Program
from swingby.values import add_months

if TYPE_CHECKING:
    import duckdb

WEEK = 7.0
MONTH = 365.25 / 12 / WEEK
#: Weeks from one opportunity to the next, where there is one in each month, quarter or year.
ROUNDS: dict[Manner, float] = {"monthly": MONTH, "quarterly": 3 * MONTH, "yearly": 12 * MONTH}
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
    round
        Weeks from one opportunity to the next; None where any day is one.
    """

    partner: Integers
    day: Floats
    money: Floats
    names: tuple[str, ...]
    regions: tuple[str, ...]
    cost: float
    round: float | None = None

    def within(self, first: float, last: float) -> Purchases:
        """Those from a day on and before another."""
        kept = (self.day >= first) & (self.day < last)
        return replace(self, partner=self.partner[kept], day=self.day[kept], money=self.money[kept])

    def came(self, since: float) -> tuple[Floats, Floats]:
        """How many purchases each partner made from a day on, and for how much."""
        later, size = self.within(since, np.inf), len(self.names)
        rounds = later if self.round is None else later.by_round(since, self.round)
        return (
            np.bincount(rounds.partner, minlength=size).astype(np.float64),
            np.asarray(np.bincount(later.partner, later.money, size), np.float64),
        )

    def repeated(self, today: float, weeks: float) -> Floats:
        """For how much each partner bought in so many weeks before a day: what comes if they repeat themselves."""
        last = self.within(today - weeks * WEEK, today)
        return np.asarray(np.bincount(last.partner, last.money, len(self.names)), np.float64)

    def by_round(self, edge: float, weeks: float) -> Purchases:
        """One purchase for each round of so many weeks, counted back from a day; its day is the round's number, the last is -1."""
        nth = np.floor((self.day - edge) / (weeks * WEEK)).astype(np.int64)
        pairs, place = np.unique(np.stack([self.partner, nth]), axis=1, return_inverse=True)
        money = np.asarray(np.bincount(place.ravel(), self.money, pairs.shape[1]), np.float64)
        return replace(self, partner=pairs[0], day=pairs[1].astype(np.float64), money=money)

    def history(self, today: float) -> History:
        """What each of those who bought before a day did until it."""
        past = self.within(-np.inf, today)
        if self.round is None:
            return _history(past, today, WEEK, 1.0)
        return _history(past.by_round(today, self.round), -1.0, 1.0, self.round)


def _history(past: Purchases, today: float, scale: float, unit: float) -> History:
    size = len(past.names)
    who = np.flatnonzero(np.bincount(past.partner, minlength=size))
    first, last = np.full(size, np.inf), np.full(size, -np.inf)
    np.minimum.at(first, past.partner, past.day)
    np.maximum.at(last, past.partner, past.day)
    is_repeat = past.day > first[past.partner]
    repeats = np.bincount(past.partner[is_repeat], minlength=size).astype(np.float64)
    money = np.bincount(past.partner[is_repeat], past.money[is_repeat], size)
    buyers = Buyers(repeats[who], (last[who] - first[who]) / scale, (today - first[who]) / scale)
    return History(who, buyers, np.where(repeats > 0, money / np.maximum(repeats, 1), 0.0)[who], unit)


@dataclass(frozen=True, slots=True)
class History:
    """Partners that bought, what they did until a day, and the mean amount of a repeated purchase.

    Attributes
    ----------
    unit
        In so many weeks their time is counted.
    """

    who: Integers
    buyers: Buyers
    amounts: Floats
    unit: float


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
    names, regions = read_names(session)
    return Purchases(
        partner=np.asarray(found["p"], np.int64),
        day=np.asarray(found["day"], np.float64),
        money=np.asarray(found["money"], np.float64),
        names=names,
        regions=regions,
        cost=read_cost(session, program, question, known),
        round=ROUNDS.get(question.manner),
    )


def read_names(session: duckdb.DuckDBPyConnection) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names and regions of the partners of ``evidence_partners``."""
    named = session.execute(NAMES).fetchall()
    return tuple(str(name) for name, _ in named), tuple(str(region) for _, region in named)


def read_cost(session: duckdb.DuckDBPyConnection, program: Program, question: ValueQuestion, known: int) -> float:
    """What the program spent in the last year."""
    span = {"since": add_months(question.until, -12), "until": question.until, "currency": program.header.currency}
    cost = session.execute(COSTS.format(known=statements.KNOWN.format(alias="f")), span | {"known": known}).fetchone()
    return float(cost[0] or 0) if cost else 0.0


def days_until(question: ValueQuestion, day: date) -> float:
    """Days from the first that is looked at."""
    return float((day - question.since).days)
