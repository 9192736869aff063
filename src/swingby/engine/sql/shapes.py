"""Median and average as statements, because no backend's own function is exact.

Both give one row per key with ``num``, ``den`` and ``value`` = num / den rounded at 12 places, so that a comparison
with a line can use `compare_ratio` on the first two. NULLs are left out. A key without numbers has no row; without
keys there is always one row, whose value is NULL when there is no number.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from swingby.engine.sql.statements import statement
from swingby.engine.sql.values import columns

# step 1 numbers the values of a key from the least; step 2 takes the middle one or two: place p of n is in the
# middle when n <= 2p <= n + 2
_MEDIAN = """
WITH placed AS (
  SELECT {keys}, v.{value} AS placed_value,
         ROW_NUMBER() OVER (PARTITION BY {keys} ORDER BY v.{value}) AS place,
         COUNT(*) OVER (PARTITION BY {keys}) AS places
  FROM {relation} AS v
  WHERE v.{value} IS NOT NULL
)
SELECT {kept}, quantity(SUM(p.placed_value)) AS num, quantity(COUNT(*)) AS den,
       ratio(SUM(p.placed_value), COUNT(*)) AS value
FROM placed AS p
WHERE 2 * p.place BETWEEN p.places AND p.places + 2
GROUP BY {kept}
"""

# step 1 adds and counts; step 2 divides once
_AVERAGE = """
WITH added AS (
  SELECT {keys}, quantity(SUM(v.{value})) AS num, quantity(COUNT(v.{value})) AS den
  FROM {relation} AS v
  WHERE v.{value} IS NOT NULL
  GROUP BY {keys}
)
SELECT {kept}, p.num, p.den, ratio(p.num, p.den) AS value
FROM added AS p
"""


def median(relation: str | exp.Expr, *, keys: Sequence[str], value: str) -> exp.Expr:
    """The middle value of each key, or the mean of the middle two.

    Parameters
    ----------
    relation
        A name or a query.
    keys, value
        Columns of the relation; the value is a quantity or a whole number.
    """
    return _filled(_MEDIAN, relation, keys=keys, value=value)


def average(relation: str | exp.Expr, *, keys: Sequence[str], value: str) -> exp.Expr:
    """The sum of each key's values divided by their count; parameters as for `median`."""
    return _filled(_AVERAGE, relation, keys=keys, value=value)


def _filled(text: str, relation: str | exp.Expr, *, keys: Sequence[str], value: str) -> exp.Expr:
    inner, outer = columns(keys, of="v"), columns(keys, of="p")
    return statement(text, relation=relation, keys=inner, kept=outer, value=value)
