"""Facts that need no judgement: each value is written in the one way in which it is kept.

Most systems send days as 2026-03-20 and numbers as digits. Such a row is read here, without the checks of files, which
cost a database of their own; every other row goes through them. What is accepted here those checks would read to the
same values, without an issue: a test compares the two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from swingby.facts import TableContract
from swingby.program.kinds import Column, ColumnType

Value = str | date | Decimal | bool
#: Visible letters of ASCII, without a blank at either end; nothing begun like a formula, no mail address.
_TEXT: Final = re.compile(r"[!-<>?A-~](?:[ -?A-~]*[!-?A-~])?")
_NUMBER: Final = re.compile(r"[0-9]{1,16}(?:\.[0-9]{1,8})?")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FIRST_DAY, _LAST_DAY = date(1950, 1, 1), date(2100, 12, 31)
_PLACES: Final = Decimal("1E-8")
_TRUTHS: Final[Mapping[object, bool]] = {"true": True, "false": False}
#: Days of which the second is never before the first.
_IN_ORDER: Final = (("starts_on", "ends_on"), ("happened_on", "cancelled_on"))
#: What is held to more than its own row: decisions to the tiers of a ladder, what resellers sold to who they are.
_JUDGED: Final = frozenset({"decisions", "point_of_sale"})


def plain_values(
    given: Mapping[str, object], contract: TableContract, *, currency: str
) -> dict[str, Value | None] | None:
    """The values of a row by column; None where anything about it needs the checks of files.

    Parameters
    ----------
    currency
        The program's: amounts in another one need a rate.
    """
    if contract.name in _JUDGED:
        return None
    values: dict[str, Value | None] = {}
    for column in contract.columns:
        value = given.get(column.name)
        values[column.name] = read = None if value is None else _READ[column.type](value, column)
        if (read is None) is not (value is None):
            return None
    is_whole = all(values[name] is not None for name in contract.required)
    return values if is_whole and _is_in_order(values) and _needs_no_rate(values, contract, currency) else None


def _is_in_order(values: Mapping[str, Value | None]) -> bool:
    pairs = [(values.get(first), values.get(second)) for first, second in _IN_ORDER]
    return all(a is None or b is None or (isinstance(a, date) and isinstance(b, date) and a <= b) for a, b in pairs)


def _needs_no_rate(values: Mapping[str, Value | None], contract: TableContract, currency: str) -> bool:
    if values.get("currency") in (None, currency):
        return True
    return all(values[column.name] is None for column in contract.columns if column.type == "amount")


def _text(value: object, _column: Column) -> str | None:
    return value if isinstance(value, str) and _TEXT.fullmatch(value) else None


def _number(value: object, column: Column) -> Decimal | None:
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal) or not _NUMBER.fullmatch(text):
        return None
    number, least, most = Decimal(text).quantize(_PLACES), column.at_least, column.at_most
    is_inside = (least is None or number >= least) and (most is None or number <= most)
    return number if is_inside else None


def _day(value: object, _column: Column) -> date | None:
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return None
    return value if type(value) is date and _FIRST_DAY <= value <= _LAST_DAY else None


def _truth(value: object, _column: Column) -> bool | None:
    return value if isinstance(value, bool) else _TRUTHS.get(value) if isinstance(value, str) else None


_READ: Final[Mapping[ColumnType, Callable[[object, Column], Value | None]]] = {
    "id": _text,
    "word": _text,
    "text": _text,
    "number": _number,
    "amount": _number,
    "percent": _number,
    "date": _day,
    "truth": _truth,
}
