"""From text to values: one expression per column type, and what a text that fails should have been.

Days are written ``2025-01-31``. A time with its offset is an instant and becomes the day of the program's time zone;
a time without one is read as that zone's own time. This is the only place where instants become days.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from zoneinfo import available_timezones

from swingby.errors import SwingbyError
from swingby.program.kinds import ColumnType

QUANTITY = "DECIMAL(24, 8)"

#: So many characters always fit into ten digits before the point.
_SHORT = 10

_NUMBER = r"[+-]?(\d+(\.\d*)?|\.\d+)"
_DAY = r"\d{4}-\d{2}-\d{2}"
_TIME = r"[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?"
_OFFSET = r"(Z|[+-]\d{2}(:?\d{2})?)"

DUCKDB_TYPES: Mapping[ColumnType, str] = {
    "word": "VARCHAR",
    "text": "VARCHAR",
    "id": "VARCHAR",
    "number": QUANTITY,
    "percent": QUANTITY,
    "amount": QUANTITY,
    "date": "DATE",
    "truth": "BOOLEAN",
}

#: Column type -> code, reason and hint when a text is not a value of it.
SHAPES: Mapping[ColumnType, tuple[str, str, str]] = {
    "number": ("number-shape", "It is not a plain number.", "Write 1234.5, without separators, units or exponent."),
    "percent": ("number-shape", "It is not a number or a percentage.", "Write 25% or 0.25."),
    "amount": ("number-shape", "It is not a plain number.", "Write 1234.5; the currency has its own column."),
    "date": ("date-shape", "It is not a day.", "Write 2025-01-31, or a time with its offset: 2025-01-31T23:30:00Z."),
    "truth": ("truth-shape", "It is neither true nor false.", "Write true or false."),
}


@cache
def checked_zone(zone: str) -> str:
    """Return the name of a time zone, safe to write into a statement.

    Raises
    ------
    SwingbyError
        ``time-zone-unknown``.
    """
    if zone not in available_timezones():
        raise SwingbyError(
            code="time-zone-unknown",
            message=f'There is no time zone "{zone}".',
            hint="Write a name such as Europe/Berlin or UTC under time_zone.",
        )
    return zone


def value_of(kind: ColumnType, text: str, zone: str) -> str:
    """The expression that turns a text into a value, null when it is none."""
    if kind in ("number", "amount"):
        return f"CASE WHEN {is_number(text)} THEN {_quantity(text)} END"
    if kind == "percent":
        return _percent(text)
    if kind == "truth":
        return f"CASE lower({text}) {_TRUTHS} END"
    return day_of(text, zone) if kind == "date" else text


def day_of(text: str, zone: str) -> str:
    """The day a text means in a time zone: a day, a local time or an instant."""
    instant = f"CAST({_instant(text)} AT TIME ZONE '{zone}' AS DATE)"
    return (
        f"CASE WHEN length({text}) = 10 THEN CASE WHEN {text} LIKE '____-__-__' THEN TRY_CAST({text} AS DATE) END"
        f" WHEN {_matches(text, _DAY + _TIME)} THEN TRY_CAST(left({text}, 10) AS DATE)"
        f" WHEN {_matches(text, _DAY + _TIME + _OFFSET)} THEN {instant} END"
    )


def instant_of(text: str, zone: str) -> str:
    """The instant a text means: a time with its offset, a local time, or the midnight that ends a day."""
    return (
        f"CASE WHEN length({text}) = 10 THEN"
        f" CASE WHEN {_matches(text, _DAY)} THEN {end_of_day(f'TRY_CAST({text} AS DATE)', zone)} END"
        f" WHEN {_matches(text, _DAY + _TIME)} THEN TRY_CAST({text} AS TIMESTAMP) AT TIME ZONE '{zone}'"
        f" WHEN {_matches(text, _DAY + _TIME + _OFFSET)} THEN {_instant(text)} END"
    )


def end_of_day(day: str, zone: str) -> str:
    """The midnight that ends a day in a time zone."""
    return f"(CAST({day} + 1 AS TIMESTAMP) AT TIME ZONE '{zone}')"


def is_number(text: str) -> str:
    """Whether a text is a plain number."""
    return _matches(text, _NUMBER)


def is_day(text: str) -> str:
    """Whether a text is written like a day or a time, possible or not."""
    return f"({_matches(text, f'{_DAY}({_TIME}({_OFFSET})?)?')})"


def has_too_many_places(text: str, places: int = 8) -> str:
    """Whether digits are lost when a number is kept at so many decimal places."""
    pattern = rf"\.\d{{{places}}}\d*[1-9]"
    return f"(length({text}) > {places} AND regexp_matches({text}, '{pattern}'))"


def _instant(text: str) -> str:
    """An instant; DuckDB reads an offset only behind seconds."""
    seconds = rf"regexp_replace({text}, '^(.{{16}})(Z|[+-])', '\1:00\2')"
    return f"TRY_CAST(CASE WHEN {text}[17] = ':' THEN {text} ELSE {seconds} END AS TIMESTAMPTZ)"


def _quantity(text: str) -> str:
    """A quantity; short texts, nearly all of them, are read as the narrower decimal, which is 20 times faster."""
    narrow = f"CAST(TRY_CAST({text} AS DECIMAL(18, 8)) AS {QUANTITY})"
    return f"CASE WHEN length({text}) <= {_SHORT} THEN {narrow} ELSE TRY_CAST({text} AS {QUANTITY}) END"


def _percent(text: str) -> str:
    number = f"rtrim({text}, '% ')"
    exact = f"CAST(TRY_CAST({number} AS DECIMAL(22, 6)) * 0.01 AS {QUANTITY})"
    return (
        f"CASE WHEN {_matches(text, _NUMBER)} THEN {_quantity(text)}"
        f" WHEN {_matches(text, _NUMBER + ' ?%')} THEN {exact} END"
    )


def _matches(text: str, pattern: str) -> str:
    return f"regexp_full_match({text}, '{pattern}')"


_TRUTHS = (
    "WHEN 'true' THEN true WHEN 'yes' THEN true WHEN '1' THEN true"
    " WHEN 'false' THEN false WHEN 'no' THEN false WHEN '0' THEN false"
)
