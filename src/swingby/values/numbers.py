"""Exact numbers: the same arithmetic in Python that the house functions do in SQL.

A *quantity* is a decimal with 12 places and at most 26 digits before the point. Every function takes decimals or
whole numbers, computes exactly, rounds once and gives a quantity; a result that does not fit is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, Inexact, InvalidOperation
from typing import Literal

from swingby.errors import SwingbyError

Mode = Literal["half_up", "half_even", "up", "down"]
Number = Decimal | int

PLACES = 12
_DIGITS = 38
_ONE = 10**PLACES
_UNIT = Decimal(1).scaleb(-PLACES)
_LIMIT = 10**_DIGITS
_WIDE = Context(prec=_DIGITS, rounding=ROUND_HALF_UP, traps=[InvalidOperation])
_EXACT = Context(prec=_DIGITS, traps=[Inexact, InvalidOperation])


def quantity(number: Number) -> Decimal:
    """The number at 12 places, rounded half away from zero.

    Raises
    ------
    SwingbyError
        ``number-too-large`` beyond 26 digits before the point.
    """
    try:
        return Decimal(number).quantize(_UNIT, context=_WIDE)
    except InvalidOperation:
        raise too_large() from None


def ratio(n: Number | None, d: Number | None, *, places: int = PLACES, mode: Mode = "half_up") -> Decimal | None:
    """``n / d``, rounded once at ``places`` (0 to 12); None when ``d`` is 0 or either is None."""
    if n is None or d is None or not d:
        return None
    return _from_units(_divided(_units(n) * 10**places, _units(d), mode) * 10 ** (PLACES - places))


def multiply(a: Number | None, b: Number | None) -> Decimal | None:
    """``a * b``, rounded half away from zero at 12 places."""
    if a is None or b is None:
        return None
    return _from_units(_divided(_units(a) * _units(b), _ONE, "half_up"))


def round_to(x: Number | None, step: Number | None, *, mode: Mode = "half_up") -> Decimal | None:
    """The multiple of ``step`` next to ``x``; None when ``step`` is 0 or either is None."""
    if x is None or step is None or not step:
        return None
    return _from_units(_divided(_units(x), _units(step), mode) * _units(step))


def floor_units(x: Number | None, per: Number | None) -> Decimal | None:
    """How many whole ``per`` fit into ``x``, rounded down also below zero; None when ``per`` is 0."""
    if x is None or per is None or not per:
        return None
    return _from_units(_units(x) // _units(per) * _ONE)


def compare_ratio(n: Number | None, d: Number | None, line: Number | None) -> int | None:
    """-1, 0 or 1 as ``n / d`` lies below, at or above the line, by multiplying across; None when ``d`` is 0."""
    if n is None or d is None or line is None or not d:
        return None
    left, right = _units(n) * _ONE, _units(line) * _units(d)
    return _sign(left - right) * _sign(_units(d))


def comparable(x: Number) -> Decimal:
    """The number rounded half away from zero at 9 places, as every number but a ratio is compared with a line."""
    return _from_units(_divided(_units(x), 1000, "half_up") * 1000)


def median(numbers: Sequence[Number]) -> Decimal | None:
    """The middle number, or the mean of the middle two; None of nothing."""
    if not numbers:
        return None
    ordered = sorted(numbers)
    middle = ordered[(len(ordered) - 1) // 2 : len(ordered) // 2 + 1]
    return ratio(sum(middle), len(middle))


def average(numbers: Sequence[Number]) -> Decimal | None:
    """The sum divided by the count; None of nothing."""
    return ratio(total(numbers), len(numbers))


def total(numbers: Sequence[Number]) -> Decimal:
    """The sum, which is 0 of nothing."""
    return _from_units(sum(_units(number) for number in numbers))


def too_large() -> SwingbyError:
    """The error for a number that does not fit."""
    return SwingbyError(
        code="number-too-large",
        message="A number is too large: it has more than 26 digits before the point, or a factor or divisor too many.",
        hint="Record amounts in a larger unit, such as thousands.",
    )


def _units(number: Number) -> int:
    """The number as a count of its last place."""
    return int(quantity(number).scaleb(PLACES, context=_EXACT))


def _from_units(units: int) -> Decimal:
    if abs(units) >= _LIMIT:
        raise too_large()
    return Decimal(units).scaleb(-PLACES, context=_EXACT)


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def _divided(a: int, b: int, mode: Mode) -> int:
    """``a / b`` as a whole number in the given mode."""
    away, left = divmod(abs(a), abs(b))
    if left and _MODES[mode](away, left, abs(b)):
        away += 1
    return away * _sign(a) * _sign(b)


_MODES: dict[Mode, Callable[[int, int, int], bool]] = {
    "half_up": lambda _quotient, left, divisor: 2 * left >= divisor,
    "half_even": lambda quotient, left, divisor: 2 * left > divisor - quotient % 2,
    "up": lambda _quotient, _left, _divisor: True,
    "down": lambda _quotient, _left, _divisor: False,
}
"""Whether what is left over moves the quotient one further from zero."""
