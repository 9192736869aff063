"""Reading plain JSON into frozen dataclasses by their types, with the place of what does not fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from swingby.errors import SwingbyError


class _MisfitError(ValueError):
    """A value that its type does not allow, and where it stands."""


@dataclass(frozen=True, slots=True)
class TypedReader:
    """Reads the parts of one document.

    Parameters
    ----------
    name
        What messages call the document.
    """

    name: str

    def read(self, kind: Any, value: object, place: str) -> Any:
        """A value of this type.

        Raises
        ------
        SwingbyError
            ``decision-unreadable`` with the place.
        """
        try:
            return _read(kind, value, place)
        except _MisfitError as error:
            raise SwingbyError(
                code="decision-unreadable",
                message=f"{self.name} is not a decision that can be read. {error}.",
                hint="Name a file that `swingby decide` wrote.",
            ) from error


def _read(kind: Any, value: Any, place: str) -> Any:
    origin = get_origin(kind)
    if origin is UnionType:
        return _optional(kind, value, place)
    if origin is tuple:
        return tuple(_read(get_args(kind)[0], item, f"{place}[{at}]") for at, item in _items(value, list, place))
    if origin is Mapping:
        inner = get_args(kind)[1]
        return {str(key): _read(inner, item, f"{place}.{key}") for key, item in _items(value, dict, place)}
    if origin is Literal:
        return _checked(value, value in get_args(kind), f"one of {', '.join(get_args(kind))}", place)
    if is_dataclass(kind):
        return _model(kind, value, place)
    return _scalar(kind, value, place)


def _items(value: Any, kind: type, place: str) -> Any:
    _checked(value, isinstance(value, kind), "a list" if kind is list else "a mapping", place)
    return enumerate(value) if kind is list else value.items()


def _optional(kind: Any, value: Any, place: str) -> Any:
    (inner,) = (part for part in get_args(kind) if part is not NoneType)
    return None if value is None else _read(inner, value, place)


def _model(kind: Any, value: Any, place: str) -> Any:
    given = dict(_items(value, dict, place))
    dot = f"{place}." if place else ""
    return kind(**{name: _read(inner, given.get(name), dot + name) for name, inner in _fields(kind)})


@cache
def _fields(kind: Any) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(kind)
    return tuple((item.name, hints[item.name]) for item in fields(kind))


def _scalar(kind: Any, value: Any, place: str) -> Any:
    if kind in (str, int, bool):
        return _checked(value, type(value) is kind, _WORDS[kind], place)
    _checked(value, isinstance(value, str), _WORDS[kind], place)
    try:
        return _FROM_TEXT[kind](value)
    except (ValueError, InvalidOperation) as error:
        raise _MisfitError(f"{place} is not {_WORDS[kind]}") from error


def _checked(value: Any, fits: bool, wanted: str, place: str) -> Any:  # noqa: FBT001 (a truth is what it is about)
    if not fits:
        raise _MisfitError(f"{place} is not {wanted}")
    return value


def _number(text: str) -> Decimal:
    found = Decimal(text)
    if not found.is_finite():
        raise ValueError(text)
    return found


def _time(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found.astimezone(UTC)


_FROM_TEXT: Mapping[type, Any] = {Decimal: _number, date: date.fromisoformat, datetime: _time}
_WORDS: Mapping[type, str] = {
    str: "a text",
    int: "a whole number",
    bool: "true or false",
    Decimal: "a number as text",
    date: "a day",
    datetime: "a time with its offset",
}
