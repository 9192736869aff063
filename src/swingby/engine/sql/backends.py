"""What the backends have, as small tables: how each one divides exactly, and how it spells what differs.

The texts are in the grammar of the backend, with holes as in statements.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sqlglot import exp

from swingby.engine.sql.statements import Part, fragment

Dialect = Literal["duckdb", "postgres", "spark"]
DIALECTS: tuple[Dialect, ...] = ("duckdb", "postgres", "spark")


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
    """

    dialect: Dialect
    exact: str
    divisor: str
    quotient: str
    small_quotient: str
    remainder: str
    digits: int | None
    functions: Mapping[str, str]

    def write(self, text: str, **parts: Part) -> exp.Expr:
        """An expression of this backend from its text, with holes as in statements."""
        return fragment(text, dialect=self.dialect, **parts)


SAME_EVERYWHERE: dict[str, str] = {
    "quantity": "CAST({x} AS DECIMAL(38, 12))",
    "whole": "CAST({x} AS BIGINT)",
    "comparable": "CAST(CAST(CAST({x} AS DECIMAL(38, 12)) AS DECIMAL(38, 9)) AS DECIMAL(38, 12))",
}
_SUBTRACTED_DAYS = {
    "days_between": "CAST(CAST({end} AS DATE) - CAST({start} AS DATE) AS BIGINT)",
    "day_add": "CAST({day} AS DATE) + CAST({n} AS INT)",
}

# HUGEINT, because decimal / decimal is DOUBLE; the way over a text is the one that scales all 38 digits
_SCALED = "CAST(REPLACE(CAST(CAST({x} AS DECIMAL(38, 12)) AS TEXT), '.', '') AS HUGEINT)"
_PLAIN = "CAST({x} AS DECIMAL(38, 12))"

_DUCKDB = Backend(
    dialect="duckdb",
    exact=_SCALED,
    divisor=_SCALED,  # whole numbers divided by 0 are NULL there
    quotient="{a} // {b}",
    small_quotient="{a} // {b}",
    remainder="{a} % {b}",
    digits=6,
    functions=SAME_EVERYWHERE
    | _SUBTRACTED_DAYS
    | {
        "by_bytes": "{t}",
        "one_of": "LIST_CONTAINS(CAST({set} AS TEXT[]), {x})",
        "month_add": "CAST(CAST({day} AS DATE) + TO_MONTHS(CAST({n} AS INT)) AS DATE)",
    },
)
_POSTGRES = Backend(
    dialect="postgres",
    exact=_PLAIN,
    divisor=f"NULLIF({_PLAIN}, 0)",
    quotient="DIV({a}, {b})",
    small_quotient="DIV({a}, {b})",
    remainder="{a} % {b}",
    digits=None,
    functions=SAME_EVERYWHERE
    | _SUBTRACTED_DAYS
    | {
        "by_bytes": '{t} COLLATE "C"',
        "one_of": "{x} = ANY(CAST({set} AS TEXT[]))",
        "month_add": "CAST(CAST({day} AS DATE) + MAKE_INTERVAL(months => CAST({n} AS INT)) AS DATE)",
    },
)
_SPARK = Backend(
    dialect="spark",
    exact=_PLAIN,
    divisor=f"NULLIF({_PLAIN}, 0)",
    # exact because nothing is left over; a bare division rounds at 18 places, and DIV gives a BIGINT
    quotient="CAST(({a} - {a} % {b}) / {b} AS DECIMAL(38, 0))",
    small_quotient="{a} DIV {b}",
    remainder="{a} % {b}",
    digits=6,
    functions=SAME_EVERYWHERE
    | {
        "by_bytes": "{t}",
        "one_of": "ARRAY_CONTAINS(CAST({set} AS ARRAY<STRING>), {x})",
        "day_add": "DATE_ADD(CAST({day} AS DATE), CAST({n} AS INT))",
        "month_add": "ADD_MONTHS(CAST({day} AS DATE), CAST({n} AS INT))",
        "days_between": "CAST(DATEDIFF(CAST({end} AS DATE), CAST({start} AS DATE)) AS BIGINT)",
    },
)
BACKENDS: dict[Dialect, Backend] = {"duckdb": _DUCKDB, "postgres": _POSTGRES, "spark": _SPARK}
