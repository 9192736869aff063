"""Where a rule is read, and the refusal of what cannot be computed there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NoReturn

from swingby.errors import SwingbyError
from swingby.program.blocks import Located, Location

#: What to do where nothing better is known.
OTHERWISE = "Declare it as a measure of its own and read that, or as a column that the source of the facts fills."


class NotComputedError(SwingbyError):
    """What is in the language but not in the engine; ``place`` is where it was written, ``what`` what it is."""

    place: Location
    what: str


def not_computed(what: str, where: Located, hint: str = OTHERWISE) -> NoReturn:
    """Refuse what is in the language but not in the engine, saying where it was written and what to write instead."""
    message = f"{where.location}: {what} cannot be computed by this version."
    error = NotComputedError(code="not-computed", message=message, hint=hint)
    error.place, error.what = where.location, what
    raise error


@dataclass(frozen=True, slots=True)
class Place:
    """Where a rule is read: for one of which things at a time, and in which cells."""

    things: tuple[str, ...] = ()
    cells: frozenset[str] = frozenset()

    def inside(self, thing: str) -> Place:
        """The same place for one thing at a time."""
        return replace(self, things=(*self.things, thing))

    def within(self, *cells: str) -> Place:
        """The same place in one cell of some columns."""
        return replace(self, cells=self.cells | set(cells))


NOWHERE = Place()
