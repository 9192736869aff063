"""Reads what partners cost by month: money, incentives and hours; and what stays of what they won."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from swingby.engine import FactSource
from swingby.insight.effects import statements
from swingby.insight.effects.reading import months_between
from swingby.insight.numerics.arrays import Floats
from swingby.insight.returns.question import ReturnQuestion
from swingby.program import Program
from swingby.values import add_months

if TYPE_CHECKING:
    import duckdb

#: What was spent on partners by month. A row without an amount, or in a currency without a rate, has no money.
MONEY = """
CREATE OR REPLACE TEMP TABLE evidence_spent AS
SELECT r.p, CAST(datediff('month', $first, f.happened_on) AS INTEGER) AS month,
       CAST(f.amount * CASE WHEN f.currency IS NULL OR f.currency = $currency THEN 1 ELSE x.rate END AS DECIMAL(30, 6)) AS spent
FROM (
  SELECT * FROM fact_{kind} AS f
  WHERE {known} AND f.cancelled_on IS NULL AND f.happened_on >= $first AND f.happened_on < $until
    AND list_contains($words, f."{column}")
) AS f
JOIN evidence_reach AS r ON r.organization = f.organization
ASOF LEFT JOIN ref_exchange_rates AS x ON x.currency = f.currency AND f.happened_on >= x.valued_on
"""
HOURS = """
CREATE OR REPLACE TEMP TABLE evidence_spent AS
SELECT r.p, CAST(datediff('month', $first, f.happened_on) AS INTEGER) AS month, CAST(f.quantity AS DECIMAL(30, 6)) AS spent
FROM fact_{kind} AS f JOIN evidence_reach AS r ON r.organization = f.organization
WHERE {known} AND f.cancelled_on IS NULL AND f.happened_on >= $first AND f.happened_on < $until
  AND list_contains($words, f."{column}")
"""
SPENT = "SELECT p, month, CAST(sum(spent) AS DOUBLE) AS spent FROM evidence_spent WHERE spent IS NOT NULL GROUP BY ALL"
UNKNOWN = "SELECT count(*) FILTER (spent IS NULL), count(*) FROM evidence_spent"

#: What stays of won deals, by partner: the lines of a deal that say both. A currency without a rate is left out.
MARGINS = """
WITH won AS (
  SELECT DISTINCT d.deal FROM fact_deals AS d
  WHERE {deal_known} AND d.cancelled_on IS NULL AND d.stage = $won AND d.happened_on >= $first AND d.happened_on < $until
), lines AS (
  SELECT f.deal, f.happened_on AS day, f.amount, f.margin, f.currency
  FROM fact_deal_lines AS f JOIN won ON won.deal = f.deal
  WHERE {line_known} AND f.cancelled_on IS NULL AND f.amount IS NOT NULL AND f.margin IS NOT NULL
), converted AS (
  SELECT f.deal, sum(f.amount * coalesce(x.rate, 1)) AS amount, sum(f.margin * coalesce(x.rate, 1)) AS margin
  FROM lines AS f ASOF LEFT JOIN ref_exchange_rates AS x ON x.currency = f.currency AND f.day >= x.valued_on
  WHERE f.currency IS NULL OR f.currency = $currency OR x.rate IS NOT NULL
  GROUP BY f.deal
), of AS (
  SELECT DISTINCT r.p, l.deal FROM fact_deal_parties AS l JOIN evidence_reach AS r ON r.organization = l.organization
  WHERE {known} AND {part}
)
SELECT of.p, CAST(sum(CAST(c.margin AS DECIMAL(30, 6))) AS DOUBLE) AS margin,
       CAST(sum(CAST(c.amount AS DECIMAL(30, 6))) AS DOUBLE) AS amount
FROM converted AS c JOIN of ON of.deal = c.deal GROUP BY of.p
"""


@dataclass(frozen=True, slots=True)
class Spent:
    """What partners cost, partners by months; the first month lies ``lead`` months before the window.

    Attributes
    ----------
    money
        By kind of fact: ``costs`` and ``claims``.
    hours
        Hours that were recorded.
    margin, sold
        What stayed of won deals and what they came to, by partner, where their lines say it.
    unknown
        What is wrong with rows that have no amount; empty if every row has one.
    """

    money: dict[str, Floats]
    hours: Floats
    margin: Floats
    sold: Floats
    unknown: tuple[str, ...]


def read_spent(facts: FactSource, program: Program, question: ReturnQuestion, *, lead: int) -> Spent:
    """Read what partners cost, from ``lead`` months before the window on."""
    effect = question.effect
    session = facts.connection.cursor()
    known = facts.latest_position if effect.known_at is None else effect.known_at
    session.execute(statements.PARTNERS, {"since": effect.since, "until": effect.until})
    session.execute(statements.REACH[program.header.roll_up])
    first = first_day(question, lead)
    shape = (_partners(session), months_between(first, effect.until))
    span: dict[str, object] = {"first": first, "until": effect.until, "known": known}
    bound = span | {"currency": program.header.currency}
    spent, unknown = {}, []
    for kind, (column, words) in question.asked_of.items():
        text, asked = (HOURS, span) if kind == "activities" else (MONEY, bound)
        statement = text.format(kind=kind, column=column, known=statements.KNOWN.format(alias="f"))
        session.execute(statement, asked | {"words": list(words)})
        spent[kind] = _added(session, shape)
        unknown += list(_unknown(session, kind, words))
    hours = spent.pop("activities", np.zeros(shape))
    margin, sold = _margins(session, question, bound, shape[0])
    return Spent(spent, hours, margin, sold, tuple(unknown))


def first_day(question: ReturnQuestion, lead: int) -> date:
    """The first day from which costs are read."""
    return add_months(question.effect.since, -lead)


def _partners(session: duckdb.DuckDBPyConnection) -> int:
    found = session.execute("SELECT count(*) FROM evidence_partners").fetchone()
    return int(found[0]) if found else 0


def _added(session: duckdb.DuckDBPyConnection, shape: tuple[int, int]) -> Floats:
    found = session.execute(SPENT).fetchnumpy()
    total, kept = np.zeros(shape), found["month"] < shape[1]
    total[found["p"][kept], found["month"][kept]] = np.asarray(found["spent"][kept], np.float64)
    return total


def _unknown(session: duckdb.DuckDBPyConnection, kind: str, words: tuple[str, ...]) -> Iterator[str]:
    found = session.execute(UNKNOWN).fetchone()
    without, rows = found or (0, 0)
    named = " or ".join(words)
    if not rows:
        yield f"Nothing of {kind} with {named} reaches a partner in these days."
    elif without:
        what = "hours" if kind == "activities" else "amount in a currency with a rate"
        yield f"{without:,} of {rows:,} rows of {kind} with {named} have no {what}."


def _margins(
    session: duckdb.DuckDBPyConnection, question: ReturnQuestion, bound: dict[str, object], partners: int
) -> tuple[Floats, Floats]:
    margin, sold = np.zeros(partners), np.zeros(partners)
    if question.margin is not None:
        return margin, sold
    statement = MARGINS.format(
        deal_known=statements.KNOWN.format(alias="d"),
        line_known=statements.KNOWN.format(alias="f"),
        known=statements.KNOWN.format(alias="l"),
        part=statements.PART,
    )
    asked = bound | {"first": question.effect.since, "won": question.effect.won}
    found = session.execute(statement, asked | statements.parts_bound(question.effect.parts)).fetchnumpy()
    margin[found["p"]], sold[found["p"]] = found["margin"], found["amount"]
    return margin, sold
