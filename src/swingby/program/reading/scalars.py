"""Shapes of single values: texts, words, names, columns, counts, days and choices."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Final, TypeVar

from swingby.program.reading import literals
from swingby.program.reading.nodes import ListNode, Node, ScalarNode
from swingby.program.reading.reader import Reader, did_you_mean, shorten
from swingby.program.reading.shapes import ListOf, Literal, Shape

T = TypeVar("T")
W = TypeVar("W", bound=str)

_NAME = re.compile(literals.NAME_PATTERN)
_COLUMN = re.compile(literals.COLUMN_PATTERN)
MAX_LINE: Final = 500


def scalar_text(node: Node, reader: Reader, expected: str) -> str | None:
    """The text of a scalar, or an issue."""
    if isinstance(node, ScalarNode) and not node.is_nothing:
        return node.text
    reader.shape(node, expected)
    return None


def from_text(
    name: str, parse: Callable[[str], T | None], literal: Literal, *, hint: str = "", code: str = "shape"
) -> Shape[T]:
    """A shape that is one text understood by ``parse``."""
    shape: Shape[T] = Shape(name)

    def read(node: Node, reader: Reader) -> T | None:
        text = scalar_text(node, reader, name)
        found = None if text is None else parse(text)
        if text is not None and found is None:
            reader.error(node, code, f'"{shorten(text)}" is not {name}.', hint)
        return found

    shape.bind(read, literal)
    return shape


def _matching(pattern: re.Pattern[str]) -> Callable[[str], str | None]:
    return lambda text: text if pattern.fullmatch(text) else None


def _whole(text: str) -> int | None:
    value = literals.number(text)
    if value is None or value != value.to_integral_value() or text.endswith("%") or abs(value) > 10**9:
        return None
    return int(value)


def _count(text: str) -> int | None:
    value = _whole(text)
    return value if value is not None and value > 0 else None


TEXT: Final = from_text("a text", lambda text: text, Literal("text", ("string", "number")))
WORD: Final = from_text(
    "a word", lambda text: text if len(text) <= MAX_LINE else None, Literal("word", ("string", "number", "boolean"))
)
NAME: Final = from_text(
    "a name",
    _matching(_NAME),
    Literal("name", pattern=f"^{literals.NAME_PATTERN}$"),
    hint="Names are lower case letters, digits and underscores, and start with a letter.",
    code="name-shape",
)
COLUMN: Final = from_text(
    "a column",
    _matching(_COLUMN),
    Literal("column", pattern=f"^{literals.COLUMN_PATTERN}$"),
    hint="Columns are written in lower case, those of linked tables as organization.country.",
    code="name-shape",
)
INTEGER: Final = from_text("a whole number", _whole, Literal("whole number", ("integer",)))
COUNT: Final = from_text("a whole number from 1", _count, Literal("count", ("integer",)))
NUMBER: Final[Shape[Decimal]] = from_text(
    "a number",
    literals.number,
    Literal("number", ("number", "string")),
    hint="Write 1000, 7.5 or 25%, without separators or exponents.",
    code="number-shape",
)
DAY: Final[Shape[date]] = from_text(
    "a day",
    literals.day,
    Literal("day", pattern=f"^{literals.DAY_PATTERN}$"),
    hint="Write a day of the calendar as 2025-02-01 (1900 to 2199).",
    code="day-shape",
)
DAY_OF_YEAR: Final = from_text(
    "a day of the year",
    literals.day_of_year,
    Literal("day of the year", pattern=f"^{literals.DAY_OF_YEAR_PATTERN}$"),
    hint="Write month and day as 02-01; 02-29 is not in every year.",
    code="day-shape",
)
TRUTH: Final = from_text(
    "true or false",
    literals.truth,
    Literal("truth", ("boolean",)),
    hint="Only true and false are truths.",
)


def choice(name: str, words: tuple[W, ...]) -> Shape[W]:
    """A shape that is one of the words."""
    shape: Shape[W] = Shape(name)

    def read(node: Node, reader: Reader) -> W | None:
        text = scalar_text(node, reader, name)
        found = next((word for word in words if word == text), None)
        if text is not None and found is None:
            hint = did_you_mean(text, words) or f"Write one of {', '.join(words)}."
            reader.error(node, "word-unknown", f'"{shorten(text)}" is not {name}.', hint)
        return found

    shape.bind(read, Literal(name, words=words))
    return shape


def list_of(item: Shape[T], name: str) -> Shape[tuple[T, ...]]:
    """A shape that is a list; items that cannot be read are left out after their issue."""
    shape: Shape[tuple[T, ...]] = Shape(name)

    def read(node: Node, reader: Reader) -> tuple[T, ...] | None:
        if not isinstance(node, ListNode):
            reader.shape(node, name)
            return None
        return read_items(node, reader, item)

    shape.bind(read, ListOf(item))
    return shape


def one_or_more(item: Shape[T], name: str) -> Shape[tuple[T, ...]]:
    """A shape that is one item or a list of items."""
    shape: Shape[tuple[T, ...]] = Shape(name)

    def read(node: Node, reader: Reader) -> tuple[T, ...] | None:
        if isinstance(node, ListNode):
            return read_items(node, reader, item)
        found = item.read(node, reader)
        return None if found is None else (found,)

    shape.bind(read, item, ListOf(item))
    return shape


def read_items(node: ListNode, reader: Reader, item: Shape[T]) -> tuple[T, ...]:
    """Read every item of a list; an empty list is an issue."""
    if not node.items:
        reader.shape(node, f"at least one item ({item.name})", "Add an item or leave the key out.")
    found = (item.read(each, reader) for each in node.items)
    return tuple(each for each in found if each is not None)


COLUMNS: Final = one_or_more(COLUMN, "a column or a list of columns")
WORDS: Final = one_or_more(WORD, "a word or a list of words")
