"""Contracts that are renewed each year: who renews, and what the partners that sold them are worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from swingby.engine import FactSource
from swingby.insight.effects import statements
from swingby.insight.numerics.arrays import Floats, Integers, Truths
from swingby.insight.numerics.lifetimes import Renewing, fit_renewing
from swingby.insight.numerics.likelihood import NoTopError
from swingby.insight.value.forecasting import Expecting, Forecast, Way, month_ends, worth_today
from swingby.insight.value.question import ValueQuestion
from swingby.insight.value.reading import WEEK, read_cost, read_names
from swingby.program import Program

if TYPE_CHECKING:
    import duckdb

YEAR = 365.25
#: Renewals that some contract must have come to; one alone does not tell how unlike customers are.
FEWEST_RENEWALS = 2
SBG = (
    "Who renews: sBG (Fader and Hardie 2007), each customer with a chance of its own to leave at a yearly renewal, fitted to contracts "
    "that began within these days; the amount of a contract is that of a year and stays as it was last."
)
CONTRACTS = """
SELECT r.p, datediff('day', CAST($since AS DATE), min(f.starts_on)) AS begun,
       CASE WHEN count(*) = count(f.ends_on) THEN datediff('day', CAST($since AS DATE), max(f.ends_on)) END AS ended,
       CAST(max_by(coalesce(f.amount, 0) * CASE WHEN f.currency IS NULL OR f.currency = $currency THEN 1 ELSE x.rate END,
                   (f.starts_on, f.fact_id)) AS DOUBLE) AS yearly
FROM (SELECT * FROM fact_subscriptions AS f WHERE {known} AND f.starts_on < $until) AS f
ASOF LEFT JOIN ref_exchange_rates AS x ON x.currency = f.currency AND f.starts_on >= x.valued_on
JOIN evidence_reach AS r ON r.organization = f.organization
GROUP BY r.p, coalesce(f.subscription, f.customer, f.fact_id)
ORDER BY r.p, begun, ended, yearly
"""


@dataclass(frozen=True, slots=True)
class Contracts:
    """Every contract that partners sold.

    Attributes
    ----------
    partner, begun, ended, yearly
        Of each, in days since the first that is looked at; one that is open ends never.
    until
        The last day that is known.
    """

    partner: Integers
    begun: Floats
    ended: Floats
    yearly: Floats
    until: float
    names: tuple[str, ...]
    cost: float

    def running(self, day: float) -> Truths:
        """Which run on a day."""
        return np.asarray((self.begun < day) & (self.ended > day), np.bool_)

    def who(self, day: float) -> Integers:
        """Partners with contracts that run on a day."""
        return np.unique(self.partner[self.running(day)])

    def came(self, since: float) -> tuple[Floats, Floats]:
        """What came from contracts that ran on a day: how many still run today, and money."""
        kept = self.running(since)
        lasted = np.where(kept, np.minimum(self.ended, self.until) - since, 0.0) / YEAR
        still = np.where(kept & (self.ended > self.until), 1.0, 0.0)
        return self._by_partner(still), self._by_partner(np.asarray(self.yearly * lasted, np.float64))

    def repeated(self, today: float, weeks: float) -> Floats:
        """What comes if every contract that runs on a day goes on."""
        return self._by_partner(np.where(self.running(today), self.yearly * weeks * WEEK / YEAR, 0.0))

    def _by_partner(self, values: Floats) -> Floats:
        return np.asarray(np.bincount(self.partner, values, len(self.names)), np.float64)

    def way(self) -> Way:
        """The forecast by who renews."""
        return Way("sBG", SBG, own=True, fit=self._fit)

    def _fit(self, today: float, counts: Integers | None) -> Expecting:
        times = np.ones(len(self.names), np.int64)
        if counts is not None:
            times[:] = 0
            times[self.who(today)] = counts
        model = self._renewing(today, times[self.partner])
        return lambda weeks, discount: self._expect(model, today, weeks, discount)

    def _renewing(self, today: float, times: Integers) -> Renewing:
        """Fitted to contracts that began within the days, since of older ones those are missing that had left."""
        seen = (self.begun >= 0) & (self.begun < today)
        left = seen & (self.ended <= today)
        age = (np.minimum(self.ended, today) - self.begun) / YEAR
        # A contract that ends within a year was left at the renewal after it.
        nth = np.where(left, np.maximum(np.ceil(age - 0.02), 1), np.floor(age)).astype(np.int64)
        most = int(nth[seen].max(initial=0))
        if most < FEWEST_RENEWALS:
            raise NoTopError("no contract came to a second renewal; look at more years")
        gone, stayed = (np.bincount(nth[kept], times[kept], most + 1)[1:] for kept in (left, seen & ~left))
        return fit_renewing(np.asarray(gone), np.asarray(stayed))

    def _expect(self, model: Renewing, today: float, weeks: float, discount: float) -> Forecast:
        kept = self.running(today)
        partner, yearly, age = self.partner[kept], self.yearly[kept], (today - self.begun[kept]) / YEAR
        ends = month_ends(weeks)
        starts = np.concatenate([[0.0], ends[:-1]])
        middles = (starts + ends) / 2 * WEEK / YEAR
        there = model.still_there(np.floor(age + middles[:, None])) / model.still_there(np.floor(age))
        money = worth_today(there * yearly * ((ends - starts) * WEEK / YEAR)[:, None], ends, discount)
        who, place = np.unique(partner, return_inverse=True)
        last = model.still_there(np.floor(age + weeks * WEEK / YEAR)) / model.still_there(np.floor(age))
        still, worth = (np.asarray(np.bincount(place, values, len(who)), np.float64) for values in (last, money))
        return Forecast(who, still, worth, active=np.ones(len(who)))


def read_contracts(facts: FactSource, program: Program, question: ValueQuestion) -> Contracts:
    """Read the contracts of a question that was checked."""
    session = facts.connection.cursor()
    known = facts.latest_position if question.known_at is None else question.known_at
    session.execute(statements.PARTNERS, {"since": question.since, "until": question.until})
    session.execute(statements.REACH[program.header.roll_up])
    found = _contracts(session, program, question, known)
    names, _ = read_names(session)
    ended = np.ma.filled(np.ma.asarray(found["ended"], np.float64), np.inf)
    return Contracts(
        partner=np.asarray(found["p"], np.int64),
        begun=np.asarray(found["begun"], np.float64),
        ended=np.asarray(ended, np.float64),
        yearly=np.nan_to_num(np.ma.filled(np.ma.asarray(found["yearly"], np.float64), 0.0)),
        until=float((question.until - question.since).days),
        names=names,
        cost=read_cost(session, program, question, known),
    )


def _contracts(
    session: duckdb.DuckDBPyConnection, program: Program, question: ValueQuestion, known: int
) -> dict[str, np.ndarray]:
    statement = CONTRACTS.format(known=statements.KNOWN.format(alias="f"))
    bound = {"since": question.since, "until": question.until, "currency": program.header.currency, "known": known}
    return dict(session.execute(statement, bound).fetchnumpy())
