"""The nodes that a program becomes before it becomes SQL.

Nodes are numbered so that what a node reads always has a smaller number than the node itself. Equal nodes are
one node: a number that ten rules read is computed once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeVar

from swingby.program.blocks import Filter, Length, PeriodUnit, Rounding, Test, Value, Window
from swingby.program.model import Earning, Ladder, Track
from swingby.program.numbers import Aggregate, Credit, Operation, Pick


@dataclass(frozen=True, slots=True)
class Shift:
    """Which day is looked at, seen from the asking day: the same, some time ago, or one fixed day."""

    ago: Length | None = None
    at: date | None = None


NOW = Shift()


@dataclass(frozen=True, slots=True)
class Input:
    """What a node reads: another node, perhaps as of another day."""

    node: int
    shift: Shift = NOW


@dataclass(frozen=True, slots=True)
class FactsNode:
    """A number of facts of one kind."""

    kind: str
    aggregate: Aggregate
    column: str
    where: Filter | None
    window: Window | None
    when: Literal["held", "started", "ended"]
    credit: Credit | None
    times: tuple[Value, ...] = ()
    pick: Pick | None = None

    @property
    def inputs(self) -> tuple[Input, ...]:
        """Facts read no other node."""
        return ()


@dataclass(frozen=True, slots=True)
class EntriesNode:
    """The sum in force of what an earning gives for each fact; ``caps`` are caps that are numbers."""

    earning: Earning
    gate: Input | None

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The gate, if there is one."""
        return (self.gate,) if self.gate else ()


@dataclass(frozen=True, slots=True)
class ScaledNode:
    """What an earning based on a number gives on the day."""

    number: Input
    earning: Earning
    gate: Input | None

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The number and the gate."""
        return (self.number, self.gate) if self.gate else (self.number,)


@dataclass(frozen=True, slots=True)
class ConstantNode:
    """A value that needs no facts."""

    value: Value

    @property
    def inputs(self) -> tuple[Input, ...]:
        """Values read no other node."""
        return ()


@dataclass(frozen=True, slots=True)
class ListNode:
    """Numbers put together; ``of_requirements`` for a count of requirements that hold."""

    operation: Operation
    items: tuple[Input, ...]
    weights: tuple[Value | None, ...]
    base: Value | None = None
    of_requirements: bool = False

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The items."""
        return self.items


@dataclass(frozen=True, slots=True)
class EachPeriodNode:
    """A number or a requirement looked at for one period at a time, then put together."""

    aggregate: Aggregate
    item: Input
    of_requirement: bool
    unit: PeriodUnit
    window: Window

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The item; its days are the periods' last days, so the demand is worked out elsewhere."""
        return (self.item,)


@dataclass(frozen=True, slots=True)
class FinishedNode:
    """A number after its own cap, rounding and answer to *undefined*."""

    number: Input
    cap: Value | None
    round: Rounding | None
    undefined: Value | None

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The unfinished number."""
        return (self.number,)


@dataclass(frozen=True, slots=True)
class LeafNode:
    """A number against a line; ``line`` None is *all*: as many as were counted."""

    number: Input
    test: Test
    line: Value | None
    line_number: Input | None = None

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The number, and the line where that is a number too."""
        return (self.number, self.line_number) if self.line_number else (self.number,)


@dataclass(frozen=True, slots=True)
class DecisionNode:
    """The latest decision on a topic has one of the outcomes."""

    topic: str
    outcomes: tuple[str, ...]
    window: Window | None

    @property
    def inputs(self) -> tuple[Input, ...]:
        """Facts only."""
        return ()


@dataclass(frozen=True, slots=True)
class TrackNode:
    """The track is (or is not) one of the words."""

    track: Track
    words: tuple[str, ...]
    negated: bool

    @property
    def inputs(self) -> tuple[Input, ...]:
        """Facts only."""
        return ()


@dataclass(frozen=True, slots=True)
class HeldNode:
    """The tier held on a ladder against a tier."""

    ladder: Input
    test: Test
    ordinal: int

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The ladder."""
        return (self.ladder,)


@dataclass(frozen=True, slots=True)
class GroupNode:
    """Requirements together; ``at_least`` None under ``count`` is *all*."""

    kind: Literal["all", "any", "none", "count"]
    members: tuple[Input, ...]
    at_least: Value | None = None

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The members."""
        return self.members


@dataclass(frozen=True, slots=True)
class LadderNode:
    """A ladder: per tier (from low to high) what earns it and, per demotion review, what keeps it."""

    ladder: Ladder
    earned: tuple[Input | None, ...]
    kept: tuple[tuple[Input | None, ...], ...]

    @property
    def inputs(self) -> tuple[Input, ...]:
        """Every requirement that earns or keeps a tier."""
        both = (*self.earned, *(item for row in self.kept for item in row))
        return tuple(dict.fromkeys(item for item in both if item is not None))


NumberNode = FactsNode | EntriesNode | ScaledNode | ConstantNode | ListNode | EachPeriodNode | FinishedNode
RequirementNode = LeafNode | DecisionNode | TrackNode | HeldNode | GroupNode
Node = NumberNode | RequirementNode | LadderNode


T = TypeVar("T")


@dataclass(slots=True)
class Graph:
    """Nodes by number, and the numbers of what the program gave a name."""

    nodes: list[Node] = field(default_factory=list)
    known: dict[Node, int] = field(default_factory=dict)
    numbers: dict[str, Input] = field(default_factory=dict)
    requirements: dict[str, Input] = field(default_factory=dict)
    ladders: dict[str, int] = field(default_factory=dict)

    def add(self, node: Node) -> Input:
        """Number a node, or find the number of an equal one."""
        found = self.known.get(node)
        if found is None:
            found = self.known[node] = len(self.nodes)
            self.nodes.append(node)
        return Input(found)

    def __getitem__(self, number: int) -> Node:
        return self.nodes[number]

    def of(self, kind: type[T]) -> Iterator[tuple[int, T]]:
        """Nodes of one type with their numbers, in order."""
        for number, node in enumerate(self.nodes):
            if isinstance(node, kind):
                yield number, node

    def depths(self) -> list[int]:
        """For every node how many strata must come before it."""
        depths: list[int] = []
        for node in self.nodes:
            depths.append(1 + max((depths[item.node] for item in node.inputs), default=-1))
        return depths
