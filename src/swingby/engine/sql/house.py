"""House functions: what the backends compute differently, computed alike.

Inside a statement they are written as functions, and lowering replaces each by an exact expression of the backend.
Every operand is first a quantity (a decimal with 12 places), every number that comes out is a quantity, and a result
that does not fit is an error, never another number. ::

    ratio(n, d [, places [, mode]])   n / d, exact, rounded once at 12 or fewer places; NULL when d is 0
    multiply(a, b)                    a * b, exact, rounded half away from zero at 12 places
    round_to(x, step [, mode])        the multiple of step next to x
    floor_units(x, per)               how many whole units of per fit in x, rounded down also below zero
    compare_ratio(n, d, line)         -1, 0 or 1 as n / d is below, at or above the line, without dividing
    comparable(x)                     x rounded half away from zero at 9 places, as numbers are compared with lines
    least_of(a, b, ...), greatest_of  the least / greatest of those which are not NULL
    quantity(x), whole(x)             x as a quantity / a 64-bit whole number
    one_of(x, :names)                 whether a text is among those of a bound list (also written x = ANY(:names))
    by_bytes(t)                       a text to be ordered, grouped to its least or compared with < by its bytes
    day_add(day, n), month_add(day, n), days_between(start, end)

The modes are half_up (half away from zero), half_even, up (away from zero) and down (towards zero).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlglot import exp

from swingby.engine.sql.backends import QUANTITY, Backend
from swingby.engine.sql.division import MODES, Division
from swingby.engine.sql.values import PLACES
from swingby.errors import SwingbyError

Operand = exp.Expr
Written = Callable[[Operand], str]
"""Writes an operand as a text of the backend that binds tightly."""


def write_function(call: exp.Anonymous, on: Backend, *, written: Written) -> str:
    """The call of a house function as a text of the backend that binds tightly.

    Raises
    ------
    SwingbyError
        ``sql-function`` when it is called wrongly.
    """
    write, counts = FUNCTIONS[call.name.lower()]
    operands = list(call.expressions)
    if len(operands) not in counts:
        raise _called_wrongly(f"{call.name} takes {counts.start} to {counts.stop - 1} operands, not {len(operands)}.")
    return write(on, operands, written)


def _ratio(on: Backend, operands: Sequence[Operand], written: Written) -> str:
    n, d, *rest = operands
    places = _places(rest[0]) if rest else PLACES
    units = Division(on, written(n), written(d)).units(places=places, mode=_mode(rest[1:]))
    unit = f"0.{'1'.zfill(places)}" if places else "1"
    return f"CAST(CAST({units} AS DECIMAL(38, 0)) * {unit} AS DECIMAL(38, 12))"


def _round_to(on: Backend, operands: Sequence[Operand], written: Written) -> str:
    x, step, *rest = operands
    units = Division(on, written(x), written(step)).units(places=0, mode=_mode(rest))
    return f"CAST(CAST({units} AS DECIMAL(38, 0)) * {_quantity(written(step))} AS DECIMAL(38, 12))"


def _floor_units(on: Backend, operands: Sequence[Operand], written: Written) -> str:
    x, per = map(written, operands)
    return _quantity(Division(on, x, per).floor())


def _multiply(_: Backend, operands: Sequence[Operand], written: Written) -> str:
    whole, rest = _product(*(_quantity(written(each)) for each in operands))
    return f"CAST({whole} + CAST({rest} AS DECIMAL(38, 12)) AS DECIMAL(38, 12))"


def _compare_ratio(_: Backend, operands: Sequence[Operand], written: Written) -> str:
    n, d, line = (_quantity(written(each)) for each in operands)
    whole, rest = _product(line, d)
    above = f"{n} - {whole} > {rest}"
    return (
        f"CASE WHEN {d} = 0 THEN NULL WHEN {n} - {whole} = {rest} THEN 0 "
        f"WHEN ({above}) = ({d} > 0) THEN 1 WHEN ({above}) <> ({d} > 0) THEN -1 END"
    )


def _product(a: str, b: str) -> tuple[str, str]:
    """Two numbers that add up to a * b.

    The whole part of a times b keeps 12 places; its rest times b has 24 of them and less than b before the point.
    Both have the sign of the product, so that rounding the second one rounds the product.
    """
    return f"CAST({a} - {a} % 1 AS DECIMAL(38, 0)) * {b}", f"{a} % 1 * {b}"


def _quantity(x: str) -> str:
    return QUANTITY.format(x=x)


def _chosen(function: str) -> Callable[[Backend, Sequence[Operand], Written], str]:
    """The least or greatest: all three leave NULLs out, but Spark wants two operands."""

    def write(_: Backend, operands: Sequence[Operand], written: Written) -> str:
        texts = [written(each) for each in operands]
        return f"{function}({', '.join(texts)})" if len(texts) > 1 else texts[0]

    return write


def _from_table(word: str, *places: str) -> Callable[[Backend, Sequence[Operand], Written], str]:
    def write(on: Backend, operands: Sequence[Operand], written: Written) -> str:
        return on.functions[word].format(**dict(zip(places, map(written, operands), strict=True)))

    return write


FUNCTIONS: dict[str, tuple[Callable[[Backend, Sequence[Operand], Written], str], range]] = {
    "ratio": (_ratio, range(2, 5)),
    "multiply": (_multiply, range(2, 3)),
    "round_to": (_round_to, range(2, 4)),
    "floor_units": (_floor_units, range(2, 3)),
    "compare_ratio": (_compare_ratio, range(3, 4)),
    "comparable": (_from_table("comparable", "x"), range(1, 2)),
    "least_of": (_chosen("LEAST"), range(1, 100)),
    "greatest_of": (_chosen("GREATEST"), range(1, 100)),
    "quantity": (_from_table("quantity", "x"), range(1, 2)),
    "whole": (_from_table("whole", "x"), range(1, 2)),
    "one_of": (_from_table("one_of", "x", "set"), range(2, 3)),
    "by_bytes": (_from_table("by_bytes", "t"), range(1, 2)),
    "day_add": (_from_table("day_add", "day", "n"), range(2, 3)),
    "month_add": (_from_table("month_add", "day", "n"), range(2, 3)),
    "days_between": (_from_table("days_between", "start", "end"), range(2, 3)),
}
"""Each function's writer, and how many operands it takes."""


def _places(written: Operand) -> int:
    if not (isinstance(written, exp.Literal) and written.is_int and int(written.name) <= PLACES):
        raise _called_wrongly(f"The places of a ratio are a written whole number from 0 to {PLACES}.")
    return int(written.name)


def _mode(rest: Sequence[Operand]) -> str:
    if not rest:
        return "half_up"
    if not (isinstance(rest[0], exp.Literal) and rest[0].name in MODES):
        raise _called_wrongly(f"The mode of rounding is one of {', '.join(MODES)}, written as a text.")
    return rest[0].name


def _called_wrongly(message: str) -> SwingbyError:
    return SwingbyError(
        code="sql-function", message=message, hint="The house functions are listed in swingby.engine.sql.house."
    )
