"""Values as they travel: amounts and counts as decimal strings, texts without characters that cannot be kept."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

DECIMAL_PATTERN = r"^-?\d{1,16}(\.\d{1,8})?$"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOST_DIGITS = 24
_MOST_PLACES = 8


def decimal_text(value: Decimal) -> str:
    """A number without needless zeros and without an exponent."""
    return f"{value.normalize():f}"


def _read_decimal(value: Any) -> Any:
    if isinstance(value, Decimal) or value is None:
        return value
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise PydanticCustomError("number", 'Write this number as text, such as "1200.50"')
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise PydanticCustomError("number", 'This is no number; write it such as "1200.50"') from error
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int):
        raise PydanticCustomError("number", "This is no finite number")
    if -exponent > _MOST_PLACES or number.adjusted() >= _MOST_DIGITS - _MOST_PLACES:
        raise PydanticCustomError("number", "A number has up to 16 digits before the point and 8 behind it")
    return number


def _read_day(value: Any) -> Any:
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise PydanticCustomError("date-shape", 'Write a day such as "2026-03-31"')
    return value


def _without_nul(value: str) -> str:
    if "\0" in value:
        raise PydanticCustomError("character", "This holds a character that cannot be kept")
    return value


#: A decimal number: text on its way out, text or a whole number on its way in.
Number = Annotated[
    Decimal,
    BeforeValidator(_read_decimal),
    PlainSerializer(decimal_text, return_type=str),
    WithJsonSchema({"type": "string", "pattern": DECIMAL_PATTERN}, mode="serialization"),
    WithJsonSchema(
        {"type": ["string", "number"], "pattern": DECIMAL_PATTERN, "examples": ["1200.50"]}, mode="validation"
    ),
]
#: A day as text; a number is no day, whatever it may count from.
Day = Annotated[
    date, BeforeValidator(_read_day), WithJsonSchema({"type": "string", "format": "date"}, mode="validation")
]
Text = Annotated[str, AfterValidator(_without_nul)]
Key = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_without_nul)]
