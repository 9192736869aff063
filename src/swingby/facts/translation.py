"""How a customer's own way of writing becomes plain text: numbers, days and words, each as one expression of SQL.

What cannot be translated stays as it is, or becomes something that is surely no number, so that the checks find it; the
text as it was written is kept beside it and shown.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBER: Final = re.compile(r"1(?P<thousands>[ ,.'\u2019]?)234(?P<point>[.,])56")
_TOKENS: Final = re.compile(r"YYYY|YY|MON|MM|M|DD|D|[^A-Za-z]")
_TIME: Final = r"(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)? ?([AaPp])?\.?(?:[Mm]\.?)?)?"
#: Day 1 of a spreadsheet is 1900-01-01; it believes in a 29 February 1900, so counting is right from March 1900 on.
_SERIAL_START: Final = "DATE '1899-12-30'"
SERIAL: Final = "serial"


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How numbers are written: what parts thousands (may be nothing), the decimal point, units to leave away."""

    thousands: str = ""
    point: str = "."
    units: tuple[str, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether nothing needs to be translated."""
        return self == NumberFormat()


def number_format(example: str, units: tuple[str, ...] = ()) -> NumberFormat | None:
    """Read a format from how 1234.56 is written in it; None when that is not clear.

    >>> number_format("1.234,56")
    NumberFormat(thousands='.', point=',', units=())
    """
    found = _NUMBER.fullmatch(example)
    if found is None or found["thousands"] == found["point"]:
        return None
    return NumberFormat(found["thousands"], found["point"], units)


def date_pattern(pattern: str) -> str | None:
    """The regular expression of a pattern such as DD.MM.YYYY, or None when it names no day.

    Its groups are named by their order in `date_tokens`.
    """
    tokens = date_tokens(pattern)
    days = [token for token in tokens if token[0] in "YMD"]
    if "".join(tokens) != pattern or sorted(token[0] for token in days) != ["D", "M", "Y"]:
        return None
    apart = len(days) < len(tokens)
    return "".join(_token(token, apart=apart) for token in tokens)


def date_tokens(pattern: str) -> list[str]:
    """The parts of a date pattern."""
    return _TOKENS.findall(pattern)


def clash(patterns: Collection[str]) -> tuple[str, str] | None:
    """Two patterns that read one text as different days: 03/04/2025 is in March or in April."""
    seen: dict[str, str] = {}
    for pattern in patterns:
        shape = re.sub(r"MON|MM?|DD?", lambda found: "MON" if found[0] == "MON" else "N", pattern)
        if seen.setdefault(shape, pattern) != pattern and _order(seen[shape]) != _order(pattern):
            return seen[shape], pattern
    return None


def number_text(text: str, how: NumberFormat) -> str:
    """A number written plainly: ``(1.234,56)`` and ``1.234,56-`` are negative."""
    thousands, point = re.escape(how.thousands), re.escape(how.point)
    grouped = rf"\d{{1,3}}(?:{thousands}\d{{3}})+|\d+" if how.thousands else r"\d+"
    core = rf"(?:{grouped})(?:{point}\d*)?|{point}\d+"
    whole = rf"[-+]? ?(?:{core}) ?%?|(?:{core}) ?-|\((?:{core}) ?%?\)"
    clean = _without_units(_plain_signs(text), how.units)
    sign = f"CASE WHEN {clean} LIKE '(%' OR {clean} LIKE '%-%' THEN '-' ELSE '' END"
    bare = f"regexp_replace({clean}, '[-+() ]', '', 'g')"
    digits = f"replace(replace({bare}, {_quoted(how.thousands)}, ''), {_quoted(how.point)}, '.')"
    if not how.thousands:
        digits = f"replace({bare}, {_quoted(how.point)}, '.')"
    return f"CASE WHEN regexp_full_match({clean}, {_quoted(whole)}) THEN {sign} || {digits} ELSE '?' || {text} END"


def day_text(text: str, patterns: Collection[str], zone: str | None) -> str:
    """A day or a time written plainly; a time without an offset is one of the zone of its source."""
    branches = [branch for pattern in patterns for branch in (*_plain_branch(text, pattern), _branch(text, pattern))]
    plain = f"CASE {' '.join(branches)} ELSE {text} END" if branches else text
    if zone is None:
        return plain
    local = r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?"
    moved = f"CAST(TRY_CAST({plain} AS TIMESTAMP) AT TIME ZONE '{zone}' AS VARCHAR)"
    return f"CASE WHEN regexp_full_match({plain}, '{local}') THEN coalesce({moved}, {plain}) ELSE {plain} END"


def word_text(text: str, values: Mapping[str, str | None], otherwise: str) -> str:
    """A word translated by a list; capitals do not matter. ``otherwise`` is an expression."""
    pairs = " ".join(f"WHEN {_quoted(old.lower())} THEN {_literal(new)}" for old, new in values.items())
    return f"CASE lower({text}) {pairs} ELSE {otherwise} END"


def _plain_branch(text: str, pattern: str) -> list[str]:
    """A day without a time in which every part has all its digits, as nearly all have: cut out, which is fast."""
    if pattern == SERIAL or "MON" in pattern or "YYYY" not in pattern:
        return []
    digits, place, part = "", 1, {}
    for token in date_tokens(pattern):
        wide = {"M": 2, "D": 2, "Y": 4}.get(token[0], 1)
        digits += rf"\d{{{wide}}}" if token[0] in "YMD" else re.escape(token)
        part[token[0]] = f"substr({text}, {place}, {wide})"
        place += wide
    found = f"{part['Y']} || '-' || {part['M']} || '-' || {part['D']}"
    return [f"WHEN strlen({text}) = {place - 1} AND regexp_full_match({text}, {_quoted(digits)}) THEN {found}"]


def _branch(text: str, pattern: str) -> str:
    if pattern == SERIAL:
        return _serial(text)
    expression = (date_pattern(pattern) or "") + _TIME
    place = {token[0]: number for number, token in enumerate(_days_of(pattern), start=1)}
    part = {name: f"regexp_extract({text}, {_quoted(expression)}, {number})" for name, number in place.items()}
    year = part["Y"] if "YYYY" in pattern else f"CASE WHEN {part['Y']} >= '70' THEN '19' ELSE '20' END || {part['Y']}"
    named = f"CAST(list_position({list(MONTHS)}, lower(left({part['M']}, 3))) AS VARCHAR)"
    month = named if "MON" in pattern else part["M"]
    day = f"{year} || '-' || lpad({month}, 2, '0') || '-' || lpad({part['D']}, 2, '0')"
    return f"WHEN regexp_full_match({text}, {_quoted(expression)}) THEN {day} || {_time(text, expression)}"


def _time(text: str, expression: str) -> str:
    hour, minute, second, half = (f"regexp_extract({text}, {_quoted(expression)}, {place})" for place in range(4, 8))
    number = f"CAST({hour} AS INTEGER)"
    late = f"CASE WHEN lower({half}) = 'p' AND {number} < 12 THEN {number} + 12"
    early = f"WHEN lower({half}) = 'a' AND {number} = 12 THEN 0 ELSE {number} END"
    clock = f"lpad(CAST({late} {early} AS VARCHAR), 2, '0') || ':' || {minute}"
    return f"CASE WHEN {hour} = '' THEN '' ELSE 'T' || {clock} || ':' || coalesce(nullif({second}, ''), '00') END"


def _serial(text: str) -> str:
    number = f"CAST({text} AS DECIMAL(18, 8))"
    day = f"{_SERIAL_START} + CAST(floor({number}) AS INTEGER)"
    seconds = f"CAST(round(({number} - floor({number})) * 86400) AS BIGINT)"
    moment = f"strftime(CAST({day} AS TIMESTAMP) + to_seconds({seconds}), '%Y-%m-%dT%H:%M:%S')"
    return (
        f"WHEN regexp_full_match({text}, '\\d{{5}}') THEN CAST({day} AS VARCHAR)"
        f" WHEN regexp_full_match({text}, '\\d{{5}}\\.\\d{{1,20}}') THEN {moment}"
    )


def _days_of(pattern: str) -> list[str]:
    return [token for token in date_tokens(pattern) if token[0] in "YMD"]


def _order(pattern: str) -> str:
    return "".join(token[0] for token in _days_of(pattern))


def _token(part: str, *, apart: bool) -> str:
    """One part as a regular expression; between separators a day or a month may have one digit."""
    if part == "MON":
        return f"((?i:{'|'.join(MONTHS)})[A-Za-z]*\\.?)"
    if part[0] not in "YMD":
        return re.escape(part)
    if part[0] == "Y":
        return rf"(\d{{{len(part)}}})"
    return r"(\d{1,2})" if apart else r"(\d{2})"


def _plain_signs(text: str) -> str:
    """Unusual spaces and the typographic minus as plain ones."""
    return f"translate({text}, '\u00a0\u202f\u2009\u2212', '   -')"


def _without_units(text: str, units: tuple[str, ...]) -> str:
    if not units:
        return text
    either = "|".join(re.escape(unit) for unit in sorted(units, key=len, reverse=True))
    pattern = _quoted(rf"^([-(]?)(?:{either}) ?| ?(?:{either})(\)?)$")
    return f"trim(regexp_replace({text}, {pattern}, '\\1\\2', 'g'))"


def _literal(text: str | None) -> str:
    return "NULL" if text is None else _quoted(text)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
