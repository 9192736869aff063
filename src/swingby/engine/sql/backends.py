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
    exact
        An operand as the number that `quotient` and `remainder` take; all operands of one division are scaled alike.
    quotient, remainder
        Division towards zero, and what it leaves (with the sign of ``a``).
    digits
        How many decimal places one step of a long division can produce, or None when numbers are unbounded.
    """

    dialect: Dialect
    exact: str
    quotient: str
    remainder: str
    digits: int | None
    functions: Mapping[str, str]

    def write(self, text: str, **parts: Part) -> exp.Expr:
        return fragment(text, dialect=self.dialect, **parts)

    def divided(self, a: exp.Expr, b: exp.Expr) -> exp.Expr:
        return self.write(self.quotient, a=a, b=b)

    def left(self, a: exp.Expr, b: exp.Expr) -> exp.Expr:
        return self.write(self.remainder, a=a, b=b)


SAME_EVERYWHERE: dict[str, str] = {
    "quantity": "CAST({x} AS DECIMAL(38, 12))",
    "whole": "CAST({x} AS BIGINT)",
    "comparable": "CAST(CAST(CAST({x} AS DECIMAL(38, 12)) AS DECIMAL(38, 9)) AS DECIMAL(38, 12))",
}
_SUBTRACTED_DAYS = {
    "days_between": "CAST(CAST({end} AS DATE) - CAST({start} AS DATE) AS BIGINT)",
    "day_add": "CAST({day} AS DATE) + CAST({n} AS INT)",
}

_DUCKDB = Backend(
    dialect="duckdb",
    # HUGEINT, because decimal / decimal is DOUBLE; the text is the one step that scales all 38 digits
    exact="CAST(REPLACE(CAST(CAST({x} AS DECIMAL(38, 12)) AS TEXT), '.', '') AS HUGEINT)",
    quotient="{a} // {b}",
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
    exact="CAST({x} AS DECIMAL(38, 12))",
    quotient="DIV({a}, {b})",
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
    exact="CAST({x} AS DECIMAL(38, 12))",
    # exact because nothing is left over; DIV would give a BIGINT, and a bare division rounds at 18 places
    quotient="CAST(({a} - {a} % {b}) / {b} AS DECIMAL(38, 0))",
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
