"""What values read beside the row in hand: tracks, the tier held, other numbers, and the cell looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from typing import TYPE_CHECKING, Any

from swingby.engine.nodes import Input, ListNode, Needs
from swingby.program.blocks import BenefitValue, ByCase, Length, Location, OfNumber, TableValue, Window

if TYPE_CHECKING:
    from swingby.engine.building import Builder
from swingby.engine.place import Place


@dataclass(frozen=True, slots=True)
class Found:
    """The nodes that values read, by what they are called in the value, and the cells they look up."""

    needs: Needs = ()
    cells: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.needs or self.cells)


@dataclass(slots=True)
class _Search:
    builder: Builder
    place: Place
    needs: dict[object, Input] = field(default_factory=dict)
    cells: set[str] = field(default_factory=set)

    def look(self, part: Any) -> None:
        """Note what a part reads, and look into its parts."""
        if isinstance(part, OfNumber):
            self.needs[part.number] = self._dense(self.builder.number(part.number, self.place))
        elif isinstance(part, BenefitValue):
            self.look(self.builder.program.benefits[part.benefit].value)
        elif isinstance(part, TableValue):
            self.look(self.builder.program.tables[part.table].value)
        else:
            if isinstance(part, ByCase):
                self._by(part.by)
            for child in _children(part):
                self.look(child)

    def _dense(self, number: Input) -> Input:
        """A number with a row for everybody who asks, and of the asking day."""
        return self.builder.graph.add(ListNode("sum", (number,), (None,)))

    def _by(self, name: str) -> None:
        program = self.builder.program
        if name in self.place.cells:
            self.cells.add(name)
        elif name in program.tracks:
            self.needs["track", name] = self.builder.track_word(name)
        elif name in program.ladders:
            self.needs["ladder", name] = self.builder.tier_word(name)


def read_values(builder: Builder, place: Place, values: object) -> Found:
    """Look through values, and through anything that holds values."""
    search = _Search(builder, place)
    search.look(values)
    return Found(tuple(search.needs.items()), tuple(sorted(search.cells)))


def _children(part: Any) -> Iterator[Any]:
    if isinstance(part, list | tuple):
        yield from part
    elif is_dataclass(part) and not isinstance(part, Location | Window | Length | type):
        yield from (getattr(part, item.name) for item in fields(part))
