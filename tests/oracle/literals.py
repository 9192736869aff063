"""Scalars of the program language, read from plain YAML strings.

Nothing here knows the product: numbers become fractions, days become dates, lengths become lists of
(count, unit).
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction

Length = list[tuple[int, str]]

NUMBER = re.compile(r"^[-+]?\d+(\.\d+)?%?$")
DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
DAY_OF_YEAR = re.compile(r"^\d{2}-\d{2}$")
UNITS = ("day", "week", "month", "quarter", "half", "year")
MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
ONE_DAY = timedelta(days=1)


def is_number(text: object) -> bool:
    """Tell whether the scalar is a number or a percent."""
    return isinstance(text, str) and bool(NUMBER.match(text))


def number(text: str) -> Fraction:
    """Read ``7.5`` or ``25%`` exactly."""
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


def is_day(text: object) -> bool:
    """Tell whether the scalar is a full day."""
    return isinstance(text, str) and bool(DAY.match(text))


def day(text: str) -> date:
    """Read ``2025-02-01``."""
    return date.fromisoformat(text)


def truth(text: str) -> bool:
    """Read ``true`` or ``false``; nothing else is a truth."""
    return {"true": True, "false": False}[text]


def unit_of(word: str) -> str | None:
    """Give the unit a word names, in singular or plural, or None."""
    singular = {"halves": "half", "halfs": "half"}.get(word, word.removesuffix("s"))
    return singular if singular in UNITS else None


def length(spec: str | list[str]) -> Length:
    """Read ``12 months`` or a list of such lengths, which are added in order."""
    parts = spec if isinstance(spec, list) else [spec]
    return [_one_length(part) for part in parts]


def _one_length(text: str) -> tuple[int, str]:
    count, word = text.split()
    unit = unit_of(word)
    if unit is None:
        raise ValueError(f"not a length: {text}")
    return int(count), unit


def add_months(start: date, months: int) -> date:
    """Move by whole months; a day the month does not have becomes its last day."""
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def add_unit(start: date, count: int, unit: str) -> date:
    """Move by a count of one unit."""
    if unit in MONTHS:
        return add_months(start, count * MONTHS[unit])
    return start + timedelta(days=count * (7 if unit == "week" else 1))


def add(start: date, spec: Length) -> date:
    """Move forward by a length, part by part."""
    for count, unit in spec:
        start = add_unit(start, count, unit)
    return start


def subtract(end: date, spec: Length) -> date:
    """Move back by a length, part by part."""
    for count, unit in spec:
        end = add_unit(end, -count, unit)
    return end
