"""Numbers as sentences say them."""

from __future__ import annotations


def percent(share: float, *, signed: bool = False) -> str:
    """A share in per cent, with a decimal where it is small.

    >>> percent(0.176), percent(-0.0234, signed=True), percent(0.052, signed=True)
    ('18 %', '−2.3 %', '+5.2 %')
    """
    return f"{_number(share * 100, signed=signed)} %"


def points(share: float, *, signed: bool = False) -> str:
    """A difference of shares in percentage points.

    >>> points(0.213, signed=True)
    '+21 points'
    """
    return f"{_number(share * 100, signed=signed)} points"


def times(factor: float) -> str:
    """How many times as large.

    >>> times(2.31)
    '2.3 times'
    """
    return f"{factor:.1f} times"


def money(amount: float, currency: str) -> str:
    """An amount to three digits.

    >>> money(1234567, "USD"), money(-48.2, "EUR")
    ('USD 1.23 million', '−EUR 48')
    """
    size, sign = abs(amount), "−" if amount < 0 else ""
    for line, word in ((1e9, " billion"), (1e6, " million")):
        if size >= line:
            return f"{sign}{currency} {size / line:.3g}{word}"
    return f"{sign}{currency} {size:,.0f}"


def counted(number: int, one: str, several: str) -> str:
    """A number with its word.

    >>> counted(1, "partner", "partners"), counted(1200, "partner", "partners")
    ('1 partner', '1,200 partners')
    """
    return f"{number:,} {one if number == 1 else several}"


def _number(value: float, *, signed: bool) -> str:
    text = f"{abs(value):.1f}" if abs(value) < 9.95 else f"{abs(value):.0f}"  # noqa: PLR2004 (10.0 has three digits)
    sign = "−" if value < 0 and float(text) else "+" if signed and float(text) else ""
    return sign + text
