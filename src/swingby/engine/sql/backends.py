"""What the backends have, as small tables: how each one divides exactly, and how it spells what differs.

The texts are SQL of the backend with places for operands. Each text binds tightly (it is a call, a cast, a CASE or
stands in parentheses), and so do the operands, so that texts can be put together without looking inside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Literal

Dialect = Literal["duckdb", "postgres", "spark"]
DIALECTS: tuple[Dialect, ...] = ("duckdb", "postgres", "spark")

# Left to itself, SQLGlot makes a dialect known before it is complete: a second thread that asks for it meanwhile gets
# the SQL of no backend at all. Python lets nobody past an import that is under way.
for each in DIALECTS:
    import_module(f"sqlglot.dialects.{each}")


@dataclass(frozen=True, slots=True)
class Backend:
    """How one backend computes exactly.

    Parameters
    ----------
    exact, divisor
        An operand as the number that `quotient` and `remainder` take, both scaled alike; a divisor of 0 gives NULL.
    quotient, small_quotient, remainder
        Division towards zero, the same for a quotient below 10^12, and what it leaves (with the sign of ``a``).
    digits
        How many decimal places one step of a long division can produce, or None when numbers are unbounded.
    functions
        The house functions that are one text.
    """

    dialect: Dialect
    exact: str
    divisor: str
    quotient: str
    small_quotient: str
    remainder: str
    digits: int | None
    functions: Mapping[str, str]


QUANTITY = "CAST({x} AS DECIMAL(38, 12))"

_SAME_EVERYWHERE = {
    "quantity": QUANTITY,
    "whole": "CAST({x} AS BIGINT)",
    "comparable": f"CAST(CAST({QUANTITY} AS DECIMAL(38, 9)) AS DECIMAL(38, 12))",
}
_SUBTRACTED_DAYS = {
    "days_between": "CAST(CAST({end} AS DATE) - CAST({start} AS DATE) AS BIGINT)",
    "day_add": "(CAST({day} AS DATE) + CAST({n} AS INT))",
}
# HUGEINT, because decimal / decimal is DOUBLE; the way over a text is the one that scales all 38 digits
_SCALED = f"CAST(REPLACE(CAST({QUANTITY} AS TEXT), '.', '') AS HUGEINT)"

_DUCKDB = Backend(
    dialect="duckdb",
    exact=_SCALED,
    divisor=_SCALED,  # whole numbers divided by 0 are NULL there
    quotient="({a} // {b})",
    small_quotient="({a} // {b})",
    remainder="({a} % {b})",
    digits=6,
    functions=_SAME_EVERYWHERE
    | _SUBTRACTED_DAYS
    | {
        "by_bytes": "{t}",
        "one_of": "LIST_CONTAINS(CAST({set} AS TEXT[]), {x})",
        "month_add": "CAST(CAST({day} AS DATE) + TO_MONTHS(CAST({n} AS INT)) AS DATE)",
    },
)
_POSTGRES = Backend(
    dialect="postgres",
    exact=QUANTITY,
    divisor=f"NULLIF({QUANTITY}, 0)",
    quotient="DIV({a}, {b})",
    small_quotient="DIV({a}, {b})",
    remainder="({a} % {b})",
    digits=None,
    functions=_SAME_EVERYWHERE
    | _SUBTRACTED_DAYS
    | {
        "by_bytes": '({t} COLLATE "C")',
        "one_of": "({x} = ANY(CAST({set} AS TEXT[])))",
        "month_add": "CAST(CAST({day} AS DATE) + MAKE_INTERVAL(months => CAST({n} AS INT)) AS DATE)",
    },
)
_SPARK = Backend(
    dialect="spark",
    exact=QUANTITY,
    divisor=f"NULLIF({QUANTITY}, 0)",
    # exact because nothing is left over; a bare division rounds at 18 places, and DIV gives a BIGINT
    quotient="CAST(({a} - {a} % {b}) / {b} AS DECIMAL(38, 0))",
    small_quotient="({a} DIV {b})",
    remainder="({a} % {b})",
    digits=6,
    functions=_SAME_EVERYWHERE
    | {
        "by_bytes": "{t}",
        "one_of": "ARRAY_CONTAINS(CAST({set} AS ARRAY<STRING>), {x})",
        "day_add": "DATE_ADD(CAST({day} AS DATE), CAST({n} AS INT))",
        "month_add": "ADD_MONTHS(CAST({day} AS DATE), CAST({n} AS INT))",
        "days_between": "CAST(DATEDIFF(CAST({end} AS DATE), CAST({start} AS DATE)) AS BIGINT)",
    },
)
BACKENDS: dict[Dialect, Backend] = {"duckdb": _DUCKDB, "postgres": _POSTGRES, "spark": _SPARK}
