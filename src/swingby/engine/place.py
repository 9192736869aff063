"""Where a rule is read, and the refusal of what cannot be computed there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NoReturn

from swingby.errors import SwingbyError
from swingby.program.blocks import Located


def not_computed(what: str, where: Located) -> NoReturn:
    """Refuse what is in the language but not yet in the engine, saying where it was written."""
    raise SwingbyError(
        code="not-computed",
        message=f"{where.location}: {what} cannot be computed by this version yet.",
        hint="Write the rule in another way, or wait for the version that computes it.",
    )


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
