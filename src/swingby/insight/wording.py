"""Numbers as sentences say them."""

from __future__ import annotations

#: What the usual parts of a partner in a deal are.
PARTS = {"seller": "sold it", "source": "brought it", "deliverer": "delivered it"}
#: Smaller chances are not told apart.
LEAST_CHANCE = 0.001


def percent(share: float, *, signed: bool = False) -> str:
    """A share in per cent, with a decimal where it is small.

    >>> percent(0.176), percent(-0.0234, signed=True), percent(0.052, signed=True)
    ('18 %', '−2.3 %', '+5.2 %')
    """
    return f"{_number(share * 100, signed=signed)} %"


def luck(chance: float) -> str:
    """How often luck alone does something.

    >>> luck(0.052), luck(0.00001)
    ('5.2 %', 'less than 0.1 %')
    """
    return percent(chance) if chance >= LEAST_CHANCE else f"less than {percent(LEAST_CHANCE)}"


def points(share: float, *, signed: bool = False) -> str:
    """A difference of shares in percentage points.

    >>> points(0.213, signed=True)
    '+21 points'
    """
    return f"{_number(share * 100, signed=signed)} points"


def times(factor: float) -> str:
    """How many times as large.

    >>> times(2.31), times(0.736)
    ('2.3 times', '0.74 times')
    """
    return f"{factor:.1f} times" if factor >= 1 else f"{factor:.2f} times"


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


def said_of_parts(parts: tuple[str, ...], there: set[str]) -> tuple[str, ...]:
    """For whom a deal counts in which several partners have a part; nothing where there is one part only.

    >>> said_of_parts((), {"seller", "source"})
    ('A deal counts for every partner with a part in it (seller, source).',)
    >>> said_of_parts(("seller", "broker"), set())
    ('A deal counts for the partner that sold it or has the part broker.',)
    """
    if parts:
        return (
            f"A deal counts for the partner that {' or '.join(PARTS.get(part, f'has the part {part}') for part in parts)}.",
        )
    if len(there) > 1:
        return (f"A deal counts for every partner with a part in it ({', '.join(sorted(there))}).",)
    return ()


def _number(value: float, *, signed: bool) -> str:
    text = f"{abs(value):.1f}" if abs(value) < 9.95 else f"{abs(value):.0f}"  # noqa: PLR2004 (10.0 has three digits)
    sign = "−" if value < 0 and float(text) else "+" if signed and float(text) else ""
    return sign + text
