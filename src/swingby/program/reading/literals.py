"""What a plain text means: numbers, days, lengths and periods, by one table of patterns.

Every function takes a text and gives the value, or None when the text is not of that kind.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Final, get_args

from swingby.program.blocks import DayOfYear, DayUnit, PeriodUnit, Scalar

UNITS: Final[tuple[DayUnit, ...]] = get_args(DayUnit)

NUMBER_PATTERN: Final = r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,12})?%?"
DAY_PATTERN: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
DAY_OF_YEAR_PATTERN: Final = r"[0-9]{2}-[0-9]{2}"
NAME_PATTERN: Final = r"[a-z][a-z0-9_]*"
COLUMN_PATTERN: Final = r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*"
LENGTH_PATTERN: Final = r"[0-9]+ (day|week|month|quarter|half|year)s?"
PERIOD_PATTERN: Final = r"([0-9]+ )?([a-z][a-z0-9_]* )?(day|week|month|quarter|half|year)s?"

_NUMBER: Final = re.compile(NUMBER_PATTERN)
_DAY: Final = re.compile(DAY_PATTERN)
_DAY_OF_YEAR: Final = re.compile(DAY_OF_YEAR_PATTERN)
_PERIOD: Final = re.compile(r"(?:([0-9]+) )?(?:([a-z][a-z0-9_]*) )?([a-z]+)")
_PERCENT: Final = Decimal(100)
_MOST_DIGITS: Final = 6
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2199
# The most units of each kind that stay inside the years that a day may have.
_MOST: Final[dict[DayUnit, int]] = {
    "day": 36_525,
    "week": 5_200,
    "month": 1_200,
    "quarter": 400,
    "half": 200,
    "year": 100,
}


def number(text: str) -> Decimal | None:
    """``250000``, ``7.5`` or ``25%`` as an exact number."""
    if not _NUMBER.fullmatch(text):
        return None
    if text.endswith("%"):
        return Decimal(text[:-1]) / _PERCENT
    return Decimal(text)


def is_day_shaped(text: str) -> bool:
    """Whether the text looks like a day, whether or not the calendar has it."""
    return bool(_DAY.fullmatch(text))


def day(text: str) -> date | None:
    """``2025-02-01`` as a day between 1900 and 2199."""
    if not _DAY.fullmatch(text) or not text.isascii():
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if _FIRST_YEAR <= found.year <= _LAST_YEAR else None


def day_of_year(text: str) -> DayOfYear | None:
    """``02-01`` as a day that every year has."""
    if not _DAY_OF_YEAR.fullmatch(text) or day(f"2001-{text}") is None:
        return None
    return DayOfYear(int(text[:2]), int(text[3:]))


def truth(text: str) -> bool | None:
    """``true`` or ``false``; nothing else is a truth."""
    return {"true": True, "false": False}.get(text)


def unit(word: str) -> DayUnit | None:
    """A unit in the singular or plural (``halves`` too)."""
    singular = "half" if word == "halves" else word.removesuffix("s")
    return next((known for known in UNITS if known == singular), None)


def period(text: str) -> PeriodUnit | None:
    """``month``, ``fiscal quarter`` or ``2 membership years``."""
    found = _PERIOD.fullmatch(text)
    if not found:
        return None
    known = unit(found[3])
    count = _count(found[1])
    if known is None or not 1 <= count <= _MOST[known]:
        return None
    return PeriodUnit(known, found[2], count)


def length_part(text: str) -> tuple[int, DayUnit] | None:
    """``12 months`` as a count and a unit."""
    found = period(text)
    if found is None or found.calendar is not None or not text[0].isdigit():
        return None
    return found.count, found.unit


def _count(digits: str | None) -> int:
    if digits is None:
        return 1
    return int(digits) if len(digits) <= _MOST_DIGITS and not digits.startswith("0") else 0


def scalar(text: str, *, quoted: bool) -> Scalar:
    """What a text is when any literal may stand: a number, a day, a truth, or else a word."""
    if quoted:
        return text
    for reader in (number, day, truth):
        found = reader(text)
        if found is not None:
            return found
    return text
