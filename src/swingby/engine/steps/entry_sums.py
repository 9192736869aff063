"""Earnings with dated entries of which only the sum in force is asked for.

What alike entries keep under a cap adds up to the least of their sum and the cap, whatever the order. Those before the
first day in force fill the cap too; what they keep is taken off again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from sqlglot import exp

from swingby.engine.predicates import static_value
from swingby.engine.sql import Column, statement
from swingby.engine.steps.entry_batch import Batch, cap_unit, caps_of
from swingby.engine.steps.entry_sources import amounts_of_facts
from swingby.program.model import Earning

PERIOD = (
    Column("place", "whole"),
    Column("node", "whole"),
    Column("d", "day"),
    Column("s", "day"),
    Column("t", "day"),
    Column("first", "day"),
    Column("high", "quantity"),
)

SUMS = """
SELECT h.node, h.e, h.d, CAST(SUM(h.kept) AS DECIMAL(38, 12)) AS value, CAST(SUM(h.kept) AS DECIMAL(38, 12)) AS num,
       CAST(1 AS DECIMAL(38, 12)) AS den, 0 AS state
FROM (
  SELECT p.node, g.e, p.d,
         least_of(g.total, p.high) - CASE WHEN g.expired IS NULL THEN 0 ELSE least_of(g.expired, p.high) END AS kept
  FROM (
    SELECT q.place, b.e, SUM({amount}) AS total, SUM(CASE WHEN b.dated < q.first THEN {amount} END) AS expired,
           COUNT(CASE WHEN b.dated >= q.first THEN 1 END) AS n
    FROM {amounts} AS b
    JOIN {periods} AS q ON q.node = b.node AND b.dated >= q.s AND b.dated < q.t
    GROUP BY q.place, b.e
  ) AS g
  JOIN {periods} AS p ON p.place = g.place
  WHERE g.n > 0
) AS h
GROUP BY h.node, h.e, h.d
"""


def add_sums(batch: Batch, reverses: exp.Expr) -> None:
    """Add the sums of a batch; ``reverses`` says of an entry ``b`` whether its cancellation takes it back."""
    draft, name = batch.draft, batch.name
    amounts = amounts_of_facts(batch)
    periods = draft.data(f"{name}_periods", PERIOD, ((place, *row) for place, row in enumerate(_periods(batch))))
    amount = statement("b.amount")
    if reverses != exp.false():
        amount = statement("CASE WHEN {reverses} AND b.cancelled_on <= q.d THEN 0 ELSE b.amount END", reverses=reverses)
    draft.put(batch.earnings, draft.query(name, SUMS, amounts=amounts, periods=periods, amount=amount))


def _periods(batch: Batch) -> Iterator[tuple[object, ...]]:
    for number, earning in batch.earnings.items():
        for day in batch.draft.demand.days_of(number, None):
            span = batch.draft.clock.entry_span(earning, day)
            for start, end, high in _parts(batch, earning, span.start, span.end):
                yield (number, day, start, min(end, span.end), span.start, high)


def _parts(batch: Batch, earning: Earning, start: date, end: date) -> Iterator[tuple[date, date, Decimal | None]]:
    """The days in force by periods of the cap; those before the first period have none."""
    caps = caps_of(earning).of_alike
    unit = cap_unit(caps[0]) if caps else None
    periods = batch.draft.clock.periods(unit, start, end) if unit else []
    first = periods[0].start if periods else end
    if start < first:
        yield (start, first, None)
    for cap in caps:
        written = static_value(batch.draft.program, cap.at_most, start) if cap.at_most else None
        high = None if written is None else max(written, Decimal(0))
        yield from ((period.start, period.end, high) for period in periods)
