"""The tree that YAML text becomes: mappings, lists and scalars that know where they stand.

Scalars keep their text; what a text means is decided by the rule that reads it, never by YAML.
"""

from __future__ import annotations

from dataclasses import dataclass

from swingby.program.blocks import Location


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """A text, ``quoted`` if it was written in quotes or as a block, and the key it stands under."""

    location: Location
    text: str
    quoted: bool = False
    key: str = ""

    @property
    def is_nothing(self) -> bool:
        """Whether nothing was written: empty, ``~`` or ``null``."""
        return not self.quoted and self.text in ("", "~", "null")


@dataclass(frozen=True, slots=True)
class ListNode:
    """A list of nodes."""

    location: Location
    items: tuple[Node, ...]
    key: str = ""


@dataclass(frozen=True, slots=True)
class MapNode:
    """A mapping in the order in which it was written."""

    location: Location
    entries: tuple[tuple[ScalarNode, Node], ...]
    key: str = ""

    def get(self, name: str) -> Node | None:
        """The node under a key, or None."""
        return next((value for key, value in self.entries if key.text == name), None)

    def without(self, *names: str) -> MapNode:
        """The same mapping without some keys."""
        return MapNode(self.location, tuple(entry for entry in self.entries if entry[0].text not in names), self.key)

    @property
    def names(self) -> tuple[str, ...]:
        """The keys in order."""
        return tuple(key.text for key, _ in self.entries)


Node = ScalarNode | ListNode | MapNode
