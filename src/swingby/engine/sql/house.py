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

from collections.abc import Callable

from sqlglot import exp

from swingby.engine.sql.backends import SAME_EVERYWHERE, Backend
from swingby.engine.sql.division import MODES, Division
from swingby.engine.sql.values import PLACES
from swingby.errors import SwingbyError


def _ratio(
    on: Backend, n: exp.Expr, d: exp.Expr, places: exp.Expr | None = None, mode: exp.Expr | None = None
) -> exp.Expr:
    at = _places(places)
    units = Division(on, n, d).units(places=at, mode=_mode(mode))
    unit = f"0.{'1'.zfill(at)}" if at else "1"
    return on.write(f"CAST(CAST({{units}} AS DECIMAL(38, 0)) * {unit} AS DECIMAL(38, 12))", units=units)


def _round_to(on: Backend, x: exp.Expr, step: exp.Expr, mode: exp.Expr | None = None) -> exp.Expr:
    units = Division(on, x, step).units(places=0, mode=_mode(mode))
    text = "CAST(CAST({units} AS DECIMAL(38, 0)) * CAST({step} AS DECIMAL(38, 12)) AS DECIMAL(38, 12))"
    return on.write(text, units=units, step=step)


def _floor_units(on: Backend, x: exp.Expr, per: exp.Expr) -> exp.Expr:
    return on.write("CAST({units} AS DECIMAL(38, 12))", units=Division(on, x, per).floor())


# a = whole + rest: whole * b keeps 12 places, rest * b has 24 of them and less than b before the point, and both
# have the sign of the product, so that rounding the second one rounds the product
_WHOLE_TIMES = "CAST({a} - {a} % 1 AS DECIMAL(38, 0)) * {b}"
_REST_TIMES = "{a} % 1 * {b}"


def _multiply(on: Backend, a: exp.Expr, b: exp.Expr) -> exp.Expr:
    text = f"CAST({_WHOLE_TIMES} + CAST({_REST_TIMES} AS DECIMAL(38, 12)) AS DECIMAL(38, 12))"
    return on.write(text, a=_as_quantity(on, a), b=_as_quantity(on, b))


def _compare_ratio(on: Backend, n: exp.Expr, d: exp.Expr, line: exp.Expr) -> exp.Expr:
    over = f"{{n}} - {_WHOLE_TIMES}"
    text = (
        f"CASE WHEN {{b}} = 0 THEN NULL WHEN {over} = {_REST_TIMES} THEN 0 "
        f"WHEN ({over} > {_REST_TIMES}) = ({{b}} > 0) THEN 1 "
        f"WHEN ({over} > {_REST_TIMES}) <> ({{b}} > 0) THEN -1 END"
    )
    return on.write(text, n=_as_quantity(on, n), a=_as_quantity(on, line), b=_as_quantity(on, d))


def _as_quantity(on: Backend, x: exp.Expr) -> exp.Expr:
    return on.write(SAME_EVERYWHERE["quantity"], x=x)


def _least_of(_on: Backend, *items: exp.Expr) -> exp.Expr:
    return items[0] if len(items) == 1 else exp.Least(this=items[0], expressions=list(items[1:]), ignore_nulls=True)


def _greatest_of(_on: Backend, *items: exp.Expr) -> exp.Expr:
    return items[0] if len(items) == 1 else exp.Greatest(this=items[0], expressions=list(items[1:]), ignore_nulls=True)


def _from_table(word: str, *holes: str) -> Callable[..., exp.Expr]:
    def build(on: Backend, *operands: exp.Expr) -> exp.Expr:
        return on.write(on.functions[word], **dict(zip(holes, operands, strict=True)))

    return build


FUNCTIONS: dict[str, tuple[Callable[..., exp.Expr], range]] = {
    "ratio": (_ratio, range(2, 5)),
    "multiply": (_multiply, range(2, 3)),
    "round_to": (_round_to, range(2, 4)),
    "floor_units": (_floor_units, range(2, 3)),
    "compare_ratio": (_compare_ratio, range(3, 4)),
    "comparable": (_from_table("comparable", "x"), range(1, 2)),
    "least_of": (_least_of, range(1, 100)),
    "greatest_of": (_greatest_of, range(1, 100)),
    "quantity": (_from_table("quantity", "x"), range(1, 2)),
    "whole": (_from_table("whole", "x"), range(1, 2)),
    "one_of": (_from_table("one_of", "x", "set"), range(2, 3)),
    "by_bytes": (_from_table("by_bytes", "t"), range(1, 2)),
    "day_add": (_from_table("day_add", "day", "n"), range(2, 3)),
    "month_add": (_from_table("month_add", "day", "n"), range(2, 3)),
    "days_between": (_from_table("days_between", "start", "end"), range(2, 3)),
}


def write_function(call: exp.Anonymous, on: Backend) -> exp.Expr:
    """The call of a house function as an expression of the backend.

    Raises
    ------
    SwingbyError
        ``sql-function`` when it is called wrongly.
    """
    build, counts = FUNCTIONS[call.name.lower()]
    operands = list(call.expressions)
    if len(operands) not in counts:
        raise _called_wrongly(f"{call.name} takes {counts.start} to {counts.stop - 1} operands, not {len(operands)}.")
    lowered = build(on, *operands)
    return exp.Paren(this=lowered) if isinstance(lowered, exp.Binary) else lowered


def _places(written: exp.Expr | None) -> int:
    if written is None:
        return PLACES
    if not (isinstance(written, exp.Literal) and written.is_int and int(written.name) <= PLACES):
        raise _called_wrongly(f"The places of a ratio are a written whole number from 0 to {PLACES}.")
    return int(written.name)


def _mode(written: exp.Expr | None) -> str:
    if written is None:
        return "half_up"
    if not (isinstance(written, exp.Literal) and written.name in MODES):
        raise _called_wrongly(f"The mode of rounding is one of {', '.join(MODES)}, written as a text.")
    return written.name


def _called_wrongly(message: str) -> SwingbyError:
    return SwingbyError(code="sql-function", message=message, hint="See the list of house functions in the docs.")
