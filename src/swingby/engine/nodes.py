"""The kinds of node: what is computed as one thing, and what it reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from swingby.program.blocks import Filter, Length, Moment, PeriodUnit, Rounding, Schedule, Test, Value, Window
from swingby.program.model import Account, Earning, Ladder
from swingby.program.numbers import Aggregate, AssignNumber, Credit, Operation, Pick


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


#: What a value reads beside the row in hand: a track or a ladder by name, or a number; and the node that gives it.
Needs = tuple[tuple[object, Input], ...]


def _inputs(needs: Needs) -> tuple[Input, ...]:
    return tuple(item for _, item in needs)


def _present(*items: Input | None) -> tuple[Input, ...]:
    return tuple(item for item in items if item is not None)


# --- numbers --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FactsNode:
    """A number of facts of one kind; ``split`` names the cells and things that it has one value for each of."""

    kind: str
    aggregate: Aggregate
    column: str
    where: Filter | None
    window: Window | None
    when: Literal["held", "started", "ended"]
    credit: Credit | None
    times: tuple[Value, ...] = ()
    pick: Pick | None = None
    split: tuple[str, ...] = ()
    needs: Needs = ()

    @property
    def inputs(self) -> tuple[Input, ...]:
        """Facts, and what the filter's values read."""
        return _inputs(self.needs)


@dataclass(frozen=True, slots=True)
class AnyoneNode:
    """A number of everybody's facts about the same thing (``credit: any``)."""

    facts: FactsNode

    @property
    def split(self) -> tuple[str, ...]:
        """The thing, and cells."""
        return self.facts.split

    @property
    def inputs(self) -> tuple[Input, ...]:
        """Facts only."""
        return self.facts.inputs


@dataclass(frozen=True, slots=True)
class EntriesNode:
    """The sum in force of what an earning gives for each fact.

    ``needs`` are read on the day on which the entry's values are read, ``closing`` (numbers that are caps) at the
    close of the cap's period, ``today`` on the as-of day.
    """

    earning: Earning
    gate: Input | None
    needs: Needs = ()
    closing: Needs = ()
    today: Needs = ()
    split: tuple[str, ...] = ()
    number: Input | None = None

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The gate, the number of each period, and what values read."""
        return (
            *_present(self.number, self.gate),
            *_inputs(self.needs),
            *_inputs(self.closing),
            *_inputs(self.today),
        )


@dataclass(frozen=True, slots=True)
class EntriesWithinNode:
    """The sum of the lines of an earning that are dated in a window."""

    entries: Input
    window: Window

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The earning."""
        return (self.entries,)


@dataclass(frozen=True, slots=True)
class ScaledNode:
    """What an earning based on a number gives on the day."""

    number: Input
    earning: Earning
    gate: Input | None
    needs: Needs = ()
    split: tuple[str, ...] = ()

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The number, the gate, and what values read."""
        return (*_present(self.number, self.gate), *_inputs(self.needs))


@dataclass(frozen=True, slots=True)
class ConstantNode:
    """A value where a number stands."""

    value: Value
    needs: Needs = ()
    split: tuple[str, ...] = ()

    @property
    def inputs(self) -> tuple[Input, ...]:
        """What the value reads."""
        return _inputs(self.needs)


@dataclass(frozen=True, slots=True)
class ListNode:
    """Numbers put together; ``of_requirements`` for a count of requirements that hold.

    ``weighed`` gives, in the order of the items, weights that depend on more than the day.
    """

    operation: Operation
    items: tuple[Input, ...]
    weights: tuple[Value | None, ...]
    base: Value | None = None
    of_requirements: bool = False
    weighed: tuple[Input | None, ...] = ()

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The items, and weights that are numbers."""
        return (*self.items, *_present(*self.weighed))


@dataclass(frozen=True, slots=True)
class EachPeriodNode:
    """A number or a requirement looked at for one period at a time, then put together.

    Without ``item`` the periods themselves are counted.
    """

    aggregate: Aggregate
    item: Input | None
    of_requirement: bool
    unit: PeriodUnit
    window: Window
    only: Input | None = None

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The item; its days are the periods' last days, so the demand is worked out elsewhere."""
        return _present(self.item, self.only)


@dataclass(frozen=True, slots=True)
class EachThingNode:
    """A number or a requirement looked at for one thing or cell at a time, then put together.

    ``sources`` are the numbers whose facts make a thing (none for cells, which a table lists).
    Without ``item`` the things themselves are counted.
    """

    aggregate: Aggregate
    item: Input | None
    of_requirement: bool
    thing: str
    only: Input | None = None
    sources: tuple[Input, ...] = ()

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The item, what chooses among the things, and what makes them."""
        return tuple(dict.fromkeys((*_present(self.item, self.only), *self.sources)))


@dataclass(frozen=True, slots=True)
class RankNode:
    """A number of the enrolments that share some columns or tracks: a rank among them, or all of them put together.

    ``aggregate`` is ``rank`` for the place (1 for the highest), ``ranked`` for how many have one; any other puts the
    peers' numbers together.
    """

    aggregate: Aggregate | Literal["rank", "ranked"]
    item: Input | None
    of_requirement: bool
    peers: tuple[str, ...]
    only: Input | None = None
    tracks: Needs = ()

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The number, what chooses among the peers, and the tracks they share."""
        return (*_present(self.item, self.only), *_inputs(self.tracks))


@dataclass(frozen=True, slots=True)
class TimeNode:
    """How many whole units fit into a window."""

    unit: PeriodUnit
    window: Window

    @property
    def inputs(self) -> tuple[Input, ...]:
        """Time reads no other node."""
        return ()


@dataclass(frozen=True, slots=True)
class AssignNode:
    """The most seats that people can fill."""

    number: AssignNumber
    split: tuple[str, ...] = ()
    needs: Needs = ()

    @property
    def inputs(self) -> tuple[Input, ...]:
        """Facts, and what the filters' values read."""
        return _inputs(self.needs)


@dataclass(frozen=True, slots=True)
class AccountNode:
    """What an account shows; it reads the lines of the earnings that pay in and take out.

    ``least`` are the minimums of parts, by earning and the part's place.
    """

    account: Account
    show: Literal["balance", "opened", "used", "expired"]
    window: Window | None
    flows: tuple[Input, ...]
    least: Needs = ()

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The earnings, and the minimums of parts."""
        return (*self.flows, *_inputs(self.least))


@dataclass(frozen=True, slots=True)
class FinishedNode:
    """A number after its own caps, rounding and answer to *undefined*."""

    number: Input
    cap: Value | None
    round: Rounding | None
    undefined: Value | None
    floor: Value | None = None
    needs: Needs = ()
    split: tuple[str, ...] = ()

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The unfinished number, and what values read."""
        return (self.number, *_inputs(self.needs))


# --- words ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChosenNode:
    """The outcome of the latest decision on a topic, else a word: a track that the partner chooses."""

    topic: str
    otherwise: str

    @property
    def inputs(self) -> tuple[Input, ...]:
        """Facts only."""
        return ()


@dataclass(frozen=True, slots=True)
class CasesNode:
    """The word of the first requirement that holds, else another: a track that is computed."""

    words: tuple[str, ...]
    cases: tuple[Input, ...]
    otherwise: str

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The requirements."""
        return self.cases


@dataclass(frozen=True, slots=True)
class TierWordNode:
    """The id of the tier held on a ladder."""

    ladder: Input
    tiers: tuple[str, ...]

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The ladder."""
        return (self.ladder,)


# --- requirements ---------------------------------------------------------------------------------------------------


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
        return _present(self.number, self.line_number)


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
class WordIsNode:
    """A word is (or is not) one of some words."""

    word: Input
    words: tuple[str, ...]
    negated: bool

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The word."""
        return (self.word,)


@dataclass(frozen=True, slots=True)
class ColumnNode:
    """A test of columns of the enrolment or its organization."""

    filter: Filter
    needs: Needs = ()

    @property
    def inputs(self) -> tuple[Input, ...]:
        """What the filter's values read."""
        return _inputs(self.needs)


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
    """Requirements together; ``at_least`` None under ``count`` is *all*, ``need`` stands for one that is a number."""

    kind: Literal["all", "any", "none", "count"]
    members: tuple[Input, ...]
    at_least: Value | None = None
    need: Input | None = None

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The members, and how many must hold where that is a number."""
        return (*self.members, *_present(self.need))


@dataclass(frozen=True, slots=True)
class LadderNode:
    """A ladder: per tier (from low to high) what earns it and, per demotion review, what keeps it.

    ``lower`` keeps the tiers below the one that is lost; ``protected`` gives the tier below which a decision does not
    let a partner fall.
    """

    ladder: Ladder
    earned: tuple[Input | None, ...]
    kept: tuple[tuple[Input | None, ...], ...]
    lower: tuple[Input | None, ...] = ()
    protected: Input | None = None

    @property
    def split(self) -> tuple[str, ...]:
        """The cells that each have a tier of their own."""
        return self.ladder.by

    @property
    def inputs(self) -> tuple[Input, ...]:
        """Every requirement that earns or keeps a tier."""
        every = (*self.earned, *(item for row in self.kept for item in row), *self.lower, self.protected)
        return tuple(dict.fromkeys(item for item in every if item is not None))


NumberNode = (
    FactsNode
    | AnyoneNode
    | EntriesNode
    | EntriesWithinNode
    | ScaledNode
    | ConstantNode
    | ListNode
    | EachPeriodNode
    | EachThingNode
    | RankNode
    | TimeNode
    | AssignNode
    | AccountNode
    | FinishedNode
)
WordNode = ChosenNode | CasesNode | TierWordNode
RequirementNode = LeafNode | DecisionNode | WordIsNode | ColumnNode | HeldNode | GroupNode
Node = NumberNode | WordNode | RequirementNode | LadderNode

NUMBERS = (
    FactsNode,
    AnyoneNode,
    EntriesNode,
    EntriesWithinNode,
    ScaledNode,
    ConstantNode,
    ListNode,
    EachPeriodNode,
    EachThingNode,
    RankNode,
    TimeNode,
    AssignNode,
    AccountNode,
    FinishedNode,
)
WORDS = (ChosenNode, CasesNode, TierWordNode)

__all__ = ["NOW", "NUMBERS", "WORDS", "Input", "Moment", "Needs", "Node", "Schedule", "Shift"]
