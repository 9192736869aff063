"""English for what rules say: lists, plurals, numbers, days and lengths."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from swingby.program.blocks import DayOfYear, DayUnit, Length, PeriodUnit

# A comma between words; one between digits sets thousands apart.
_COMMA: Final = re.compile(r",(?!\d)")
_SMALL: Final = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_UNITS: Final[dict[DayUnit, str]] = {
    "day": "day",
    "week": "week",
    "month": "month",
    "quarter": "quarter",
    "half": "half-year",
    "year": "year",
}


def joined(parts: Iterable[str], last: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``; parts that hold commas themselves are set apart by semicolons."""
    found = list(parts)
    comma = "; " if len(found) > 2 and any(_COMMA.search(part) for part in found) else ", "  # noqa: PLR2004 (as below)
    if len(found) < 2:  # noqa: PLR2004 (one part needs no word between)
        return "".join(found)
    before = comma.strip() if comma == "; " else ""
    return f"{comma.join(found[:-1])}{before} {last} {found[-1]}"


def sentence(text: str) -> str:
    """A capital at the front and a full stop at the end, unless the text ends in a mark of its own."""
    closed = text if text.endswith((".", ":", "!", "?")) else f"{text}."
    return capital(closed)


def capital(text: str) -> str:
    """The text with a capital at the front."""
    return text[:1].upper() + text[1:]


def counted(count: int, one: str, many: str | None = None) -> str:
    """``1 month``, ``2 months``."""
    return f"{count:,} {one if count == 1 else many or plural(one)}"


def plural(word: str) -> str:
    """The plural of a word or of the last word of a phrase; words that have none stay as they are."""
    if word in _PLURALS:
        return _PLURALS[word]
    if word.endswith(("s", "x", "ch", "sh")):
        return f"{word}es"
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}s"


def singular(word: str) -> str:
    """One of what a plural names; what is no plural becomes a record of it."""
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return f"{word} record"


_PLURALS: Final = {"person": "people", "status": "statuses"}


def spelled(count: int) -> str:
    """Small counts in letters, as people read periods aloud: the last four quarters."""
    return _SMALL[count] if 0 < count < len(_SMALL) else f"{count:,}"


def number(value: Decimal, *, as_percent: bool = False) -> str:
    """``1,000``, ``7.5``, ``25 %``, all digits kept."""
    shown = value * 100 if as_percent else value
    plain = f"{shown:,f}"
    trimmed = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return f"{trimmed} %" if as_percent else trimmed


def day(found: date) -> str:
    """``1 February 2025``."""
    return f"{found.day} {_MONTHS[found.month - 1]} {found.year}"


def day_of_year(found: DayOfYear) -> str:
    """``1 February``."""
    return f"{found.day} {_MONTHS[found.month - 1]}"


def days_of_year(found: Sequence[DayOfYear]) -> str:
    """``1 February and 1 August``."""
    return joined(day_of_year(each) for each in found)


def length(found: Length) -> str:
    """``12 months``, ``1 month and 15 days``."""
    return joined(counted(count, _UNITS[unit]) for count, unit in found.parts)


def period(found: PeriodUnit) -> str:
    """``fiscal quarter``, or ``period of two membership years``."""
    if found.count == 1:
        return unit(found)
    return f"period of {spelled(found.count)} {units(found)}"


def unit(found: PeriodUnit) -> str:
    """One unit of a period: ``fiscal quarter``; the civil calendar is named only where it could be missed."""
    word = _UNITS[found.unit]
    return f"{words(found.calendar)} {word}" if found.calendar else word


def units(found: PeriodUnit) -> str:
    """The units of a period: ``fiscal quarters``."""
    return plural(unit(found))


def words(name: str) -> str:
    """A name as people write it."""
    return name.replace("_", " ").replace(".", " ")


def quoted(text: str) -> str:
    """A word of the data or a name, set apart from the sentence around it."""
    return f"“{text}”"


def data_word(text: str) -> str:
    """A word as it stands in facts; one with a blank of its own keeps its looks."""
    return f'"{text}"' if " " in text else quoted(words(text))
