"""Numbers short enough to read, the same everywhere, and never so that what is not reached looks reached.

Two decimals, of a number below a tenth two digits, and no zeros that say nothing. A gap is rounded up. A value beside its line is
rounded to the nearest unless that would put it on the line or across; then away from it. A line stands as the program says it.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext

_DECIMALS = 2
_MOST_DECIMALS = 12
#: So many decimals of a line are what somebody wrote; more come from a division.
_WRITTEN_DECIMALS = 4
#: Enough digits for every number that is stored.
_DIGITS = 60


def short(value: Decimal) -> Decimal:
    """The nearest short number."""
    return _rounded(value, ROUND_HALF_UP)


def short_gap(gap: Decimal) -> Decimal:
    """What is missing or too much, rounded up: a gap never looks smaller than it is."""
    return _rounded(gap, ROUND_CEILING)


def short_beside(value: Decimal, line: Decimal) -> tuple[Decimal, Decimal]:
    """A value and its line, which stand to each other as they do unrounded."""
    near, asked = short(value), _short_line(line, ROUND_HALF_UP)
    if near.compare(asked) == value.compare(line):
        return near, asked
    if value < line:
        return _rounded(value, ROUND_FLOOR), _short_line(line, ROUND_CEILING)
    return _rounded(value, ROUND_CEILING), _short_line(line, ROUND_FLOOR)


def short_line(line: Decimal) -> Decimal:
    """What is asked, by itself."""
    return _short_line(line, ROUND_HALF_UP)


def _short_line(line: Decimal, rounding: str) -> Decimal:
    exponent = line.normalize().as_tuple().exponent
    is_written = isinstance(exponent, int) and -exponent <= _WRITTEN_DECIMALS
    return line if is_written else _rounded(line, rounding)


def _rounded(value: Decimal, rounding: str) -> Decimal:
    places = min(max(_DECIMALS, 1 - value.adjusted()), _MOST_DECIMALS) if value else _DECIMALS
    with localcontext(prec=_DIGITS):
        return value.quantize(Decimal(1).scaleb(-places), rounding=rounding)
