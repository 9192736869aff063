"""The five kinds of value that tables are made of, and how a value is written in a statement.

A *text* is compared by its bytes, a *day* is a calendar day, a *whole* number fits in 64 bits, a *quantity* is a
decimal with 12 places and at most 26 digits before the point, and a *truth* is true or false.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Literal

from sqlglot import exp

from swingby.errors import SwingbyError

Kind = Literal["text", "day", "whole", "quantity", "truth"]
Value = str | date | int | Decimal | bool | None

HOUSE = "duckdb"
"""The grammar in which statements are written; every backend's text is made from it."""

SQL_TYPES: dict[Kind, str] = {
    "text": "TEXT",
    "day": "DATE",
    "whole": "BIGINT",
    "quantity": "DECIMAL(38, 12)",
    "truth": "BOOLEAN",
}
PLACES = 12
_LAST_PLACE = Decimal(1).scaleb(-PLACES)
_EXACT = Context(prec=38, traps=[Inexact, InvalidOperation])
_WHOLE_LIMIT = 2**63
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a small table: its name and the kind of its values."""

    name: str
    kind: Kind


def name(word: str) -> exp.Identifier:
    """An identifier: lower-case letters, digits and underscores, 63 at most.

    Raises
    ------
    SwingbyError
        ``sql-name`` for any other word, so that data can never become SQL.
    """
    if not _NAME.fullmatch(word):
        raise SwingbyError(
            code="sql-name",
            message=f"{word!r} cannot be the name of a table or column.",
            hint="Use lower-case letters, digits and underscores, beginning with a letter, 63 at most.",
        )
    return exp.to_identifier(word, quoted=True)


def column(word: str, *, of: str | None = None) -> exp.Column:
    """A column, perhaps of a named relation: ``"of"."word"``."""
    return exp.Column(this=name(word), table=name(of) if of else None)


def columns(words: Sequence[str], *, of: str | None = None) -> list[exp.Expr]:
    """Several columns in order."""
    return [column(word, of=of) for word in words]


def bound(word: str, kind: Kind) -> exp.Expr:
    """A value that is given when the statement runs: ``CAST(:word AS type)``."""
    name(word)
    return _cast(exp.Placeholder(this=word), kind)


def literal(value: Value, kind: Kind) -> exp.Expr:
    """A value written into the statement, with its type; ``None`` becomes a NULL of that type.

    Raises
    ------
    SwingbyError
        ``sql-value`` when the value is not of the kind or does not fit its range.
    """
    word = as_word(value, kind)
    return _cast(exp.null() if word is None else exp.Literal.string(word), kind)


def text(value: str | None) -> exp.Expr:
    """A text in a statement."""
    return exp.Literal.string(checked(value, "text")) if value is not None else literal(None, "text")


def day(value: date | None) -> exp.Expr:
    """A calendar day in a statement."""
    return literal(value, "day")


def whole(value: int | None) -> exp.Expr:
    """A whole number in a statement."""
    return literal(value, "whole")


def quantity(value: Decimal | int | None) -> exp.Expr:
    """A decimal of 12 places in a statement."""
    return literal(value, "quantity")


def values(alias: str, shape: Sequence[Column], rows: Sequence[Sequence[Value]]) -> exp.Subquery:
    """A relation of written values, to stand after FROM or JOIN.

    Every cell is written as a text and converted by one cast per column, so that each backend sees the same types,
    also in columns of NULLs and in a relation without rows.
    """
    if not rows:
        return _without_rows(alias, shape)
    cells = [exp.Tuple(expressions=list(_cells(row, shape))) for row in rows]
    names = [name(each.name) for each in shape]
    written = exp.Values(expressions=cells, alias=exp.TableAlias(this=name("written"), columns=names))
    typed = [_named(_cast(column(each.name, of="written"), each.kind), each) for each in shape]
    return exp.select(*typed).from_(written).subquery(name(alias))


def as_word(value: Value, kind: Kind) -> str | None:
    """The text that every backend reads back as this value."""
    known = checked(value, kind)
    if known is None:
        return None
    if isinstance(known, bool):
        return "true" if known else "false"
    return format(known, "f").rstrip("0").rstrip(".") if isinstance(known, Decimal) else str(known)


def checked(value: Value, kind: Kind) -> Value:
    """The value itself; a number given for a quantity becomes a Decimal with 12 places.

    Raises
    ------
    SwingbyError
        ``sql-value`` when the value is not of the kind or does not fit its range.
    """
    if value is None:
        return None
    if kind == "quantity":
        value = _as_quantity(value)
    if not _fits(value, kind):
        raise SwingbyError(
            code="sql-value",
            message=f"{value!r} is not a {kind}.",
            hint=f"A {kind} is {_MEANING[kind]}.",
        )
    return value


_MEANING: dict[Kind, str] = {
    "text": "a text without the character NUL",
    "day": "a calendar day without a time",
    "whole": "a whole number of at most 64 bits",
    "quantity": "a Decimal with at most 26 digits before the point and 12 after it",
    "truth": "True or False",
}


def _fits(value: Value, kind: Kind) -> bool:
    match kind:
        case "text":
            return isinstance(value, str) and "\0" not in value
        case "day":
            return isinstance(value, date) and not isinstance(value, datetime)
        case "whole":
            return isinstance(value, int) and not isinstance(value, bool) and -_WHOLE_LIMIT <= value < _WHOLE_LIMIT
        case "quantity":
            return _is_quantity(value)
        case "truth":
            return isinstance(value, bool)


def _as_quantity(value: Value) -> Value:
    """A number at 12 places when it has no more of them and fits; anything else as it is."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return value
    try:
        return Decimal(value).quantize(_LAST_PLACE, context=_EXACT)
    except (Inexact, InvalidOperation):
        return value


def _is_quantity(value: Value) -> bool:
    return isinstance(value, Decimal) and value.is_finite() and value.as_tuple().exponent == -PLACES


def _cells(row: Sequence[Value], shape: Sequence[Column]) -> Iterator[exp.Expr]:
    for value, each in zip(row, shape, strict=True):
        word = as_word(value, each.kind)
        yield exp.null() if word is None else exp.Literal.string(word)


def _without_rows(alias: str, shape: Sequence[Column]) -> exp.Subquery:
    typed = [_named(literal(None, each.kind), each) for each in shape]
    return exp.select(*typed).where(exp.false()).subquery(name(alias))


def _cast(value: exp.Expr, kind: Kind) -> exp.Expr:
    return exp.cast(value, SQL_TYPES[kind], dialect=HOUSE)


def _named(value: exp.Expr, shape: Column) -> exp.Expr:
    return exp.alias_(value, name(shape.name))
