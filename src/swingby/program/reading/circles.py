"""The shapes that refer to each other in circles; each is bound in the file that reads it."""

from __future__ import annotations

from typing import Final

from swingby.program.blocks import Filter, Value
from swingby.program.numbers import Number, Requirement
from swingby.program.reading.shapes import Shape

VALUE: Final[Shape[Value]] = Shape("a value", "anything that the program sets")
QUANTITY: Final[Shape[Value]] = Shape("a numeric value", "a value that comes out as a number")
QUANTITIES: Final[Shape[tuple[Value, ...]]] = Shape("a list of numeric values")
FILTER: Final[Shape[Filter]] = Shape("a filter", "which facts")
NUMBER: Final[Shape[Number]] = Shape("a number", "any of the six forms of number, or a reference to one")
REQUIREMENT: Final[Shape[Requirement]] = Shape("a requirement", "a number or a status against a line")
ROWS: Final[Shape[tuple[Requirement, ...]]] = Shape("a list of requirements")
