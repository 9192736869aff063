"""Reads what each partner won in each month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from swingby.engine import FactSource
from swingby.insight.exposure.reading import fill_won
from swingby.insight.forecast.question import ForecastQuestion, months_between
from swingby.insight.numerics.arrays import Floats
from swingby.program import Program
from swingby.values import add_months

MONTHS = """
SELECT p, datediff('month', CAST($since AS DATE), day) AS month, CAST(sum(money) AS DOUBLE) AS money, count(*) AS deals
FROM evidence_won GROUP BY p, month ORDER BY p, month
"""
NAMES = """
SELECT coalesce(o.name, p.organization) FROM evidence_partners AS p
LEFT JOIN ref_organizations AS o ON o.organization = p.organization ORDER BY p.p
"""


@dataclass(frozen=True, slots=True)
class Months:
    """What partners won, from the first month in which any did.

    Attributes
    ----------
    first
        The first day of the first month.
    money
        Partners by months; refunds beyond sales count as nothing.
    deals
        How many won deals there are.
    names
        Of partners.
    """

    first: date
    money: Floats
    deals: int
    names: tuple[str, ...]

    @property
    def number(self) -> int:
        """How many months there are."""
        return int(self.money.shape[1])


def read_months(facts: FactSource, program: Program, question: ForecastQuestion) -> Months:
    """Read the months of a question that was checked."""
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
    found = session.execute(MONTHS, {"since": question.since}).fetchnumpy()
    names = tuple(str(name) for (name,) in session.execute(NAMES).fetchall())
    total = months_between(question.since, question.until)
    begins = int(found["month"].min()) if len(found["month"]) else total
    money = np.zeros((len(names), total))
    money[found["p"], found["month"]] = np.maximum(found["money"], 0)
    first = add_months(question.since, begins)
    return Months(first, money[:, begins:], int(found["deals"].sum()), names)
