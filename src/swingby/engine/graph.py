"""The nodes that a program becomes before it becomes SQL.

Nodes are numbered so that what a node reads always has a smaller number than the node itself. Equal nodes are
one node: a number that ten rules read is computed once. The kinds of node stand in `swingby.engine.nodes`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from swingby.engine.nodes import (
    NOW,
    AnyoneNode,
    EachThingNode,
    Input,
    Node,
    RankNode,
    Shift,
)

__all__ = ["NOW", "Graph", "Input", "Shift"]

T = TypeVar("T")
Dims = tuple[str, ...]


@dataclass(slots=True)
class Graph:
    """Nodes by number, and the numbers of what the program gave a name.

    Attributes
    ----------
    dims
        For every node what its results are split by (cells and things), in order of name.
    named
        What the program gave a name, where nothing says which cell or thing is meant.
    """

    nodes: list[Node] = field(default_factory=list)
    dims: list[Dims] = field(default_factory=list)
    known: dict[Node, int] = field(default_factory=dict)
    numbers: dict[str, Input] = field(default_factory=dict)
    requirements: dict[str, Input] = field(default_factory=dict)
    ladders: dict[str, int] = field(default_factory=dict)
    tracks: dict[str, Input] = field(default_factory=dict)
    accounts: dict[tuple[str, str], Input] = field(default_factory=dict)

    def add(self, node: Node) -> Input:
        """Number a node, or find the number of an equal one."""
        found = self.known.get(node)
        if found is None:
            found = self.known[node] = len(self.nodes)
            self.nodes.append(node)
            self.dims.append(self._dims(node))
        return Input(found)

    def _dims(self, node: Node) -> Dims:
        if isinstance(node, RankNode):
            return ()
        found = {name for item in node.inputs for name in self.dims[item.node]} | set(getattr(node, "split", ()))
        return tuple(sorted(found - {node.thing} if isinstance(node, EachThingNode) else found))

    def __getitem__(self, number: int) -> Node:
        return self.nodes[number % len(self.nodes)]

    def dims_of(self, number: int) -> Dims:
        """What the results of a node are split by."""
        return self.dims[number % len(self.nodes)]

    def of(self, kind: type[T]) -> Iterator[tuple[int, T]]:
        """Nodes of one type with their numbers, in order."""
        for number, node in enumerate(self.nodes):
            if isinstance(node, kind):
                yield number, node

    def depths(self) -> list[int]:
        """For every node how many strata must come before it."""
        depths: list[int] = []
        for node in self.nodes:
            least = 1 if isinstance(node, AnyoneNode | EachThingNode) else 0
            depths.append(max([least, *(1 + depths[item.node] for item in node.inputs)]))
        return depths
