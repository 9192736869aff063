"""The declarative side of the language: keys, constructs and the shapes of what stands under a key.

A ``Key`` says its name, the shape of its value, what it means and what holds when it is left out. A
``Construct`` is a set of keys that may stand together. Reading, hints, the JSON Schema and the reference pages
all come from these tables.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from swingby.program.reading.nodes import Node
    from swingby.program.reading.reader import Reader

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Literal:
    """A scalar of one kind: ``kind`` is a JSON type name or several, ``pattern`` limits texts."""

    name: str
    kinds: tuple[str, ...] = ("string",)
    pattern: str | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list whose items have one shape."""

    item: Shape[Any]


@dataclass(frozen=True, slots=True)
class MapOf:
    """A mapping with free keys (of a pattern) whose values have one shape."""

    value: Shape[Any]
    pattern: str | None = None


class Shape(Generic[T]):
    """What may stand under a key: a name for people, a reader, and the forms it accepts.

    Shapes refer to each other in circles (a value may be a number, a number may hold values), so the reader is
    bound where it is written, once.
    """

    __slots__ = ("_reader", "doc", "forms", "name")

    def __init__(self, name: str, doc: str = "") -> None:
        self.name = name
        self.doc = doc
        self.forms: tuple[Form, ...] = ()
        self._reader: Callable[[Node, Reader], T | None] | None = None

    def bind(self, reader: Callable[[Node, Reader], T | None], *forms: Form) -> None:
        """Say how the shape is read and which forms it accepts."""
        self._reader = reader
        self.forms = forms

    def read(self, node: Node, reader: Reader) -> T | None:
        """Read a node; None means that an issue was noted."""
        if self._reader is None:
            message = f"the shape {self.name} is not bound"
            raise NotImplementedError(message)
        return self._reader(node, reader) if reader.visit(node) else None


@dataclass(frozen=True, slots=True)
class Retiring:
    """A key that will be refused from a day on, and what to write instead."""

    from_date: date
    instead: str


@dataclass(frozen=True, slots=True)
class Key(Generic[T]):
    """One key of a construct.

    ``default`` says in words what holds when the key is left out.
    """

    name: str
    shape: Shape[T]
    doc: str
    required: bool = False
    default: str = ""
    retiring: Retiring | None = None


@dataclass(frozen=True, slots=True)
class Construct:
    """Keys that may stand together in one mapping.

    Of ``one_of`` exactly one must stand there; ``free`` says what else may: names of one pattern, all of one shape.
    """

    name: str
    doc: str
    keys: tuple[Key[Any], ...]
    one_of: tuple[str, ...] = ()
    free: MapOf | None = None

    def key(self, name: str) -> Key[Any] | None:
        """The key of that name, or None."""
        return next((key for key in self.keys if key.name == name), None)


@dataclass(frozen=True, slots=True)
class Joined:
    """The keys of one of several constructs and those of another in one mapping."""

    constructs: tuple[Construct, ...]
    extra: Construct


Form = Literal | ListOf | MapOf | Construct | Joined | Shape[Any]
