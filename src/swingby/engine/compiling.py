"""From a graph and the asked days to a plan of steps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from swingby.engine.building import build_graph
from swingby.engine.clock import Clock
from swingby.engine.demand import demand_days
from swingby.engine.graph import (
    ConstantNode,
    DecisionNode,
    EachPeriodNode,
    EntriesNode,
    FactsNode,
    FinishedNode,
    Graph,
    GroupNode,
    HeldNode,
    LadderNode,
    LeafNode,
    ListNode,
    ScaledNode,
    TrackNode,
)
from swingby.engine.plan import Draft, Setting, Step
from swingby.engine.scope import bound_scope, bulk_scope
from swingby.engine.steps.entries import add_entries
from swingby.engine.steps.facts import add_fact_numbers
from swingby.engine.steps.ladders import add_ladder
from swingby.engine.steps.lists import add_constants, add_finished, add_lists, add_periods
from swingby.engine.steps.reading import reads_outside_coverage
from swingby.engine.steps.requirements import add_decisions, add_groups, add_held, add_leaves, add_tracks
from swingby.engine.steps.scales import add_recomputed
from swingby.program import Program

_ADDERS: Mapping[type, Callable[[Draft, Sequence[int], int], None]] = {
    FactsNode: add_fact_numbers,
    EntriesNode: add_entries,
    ScaledNode: add_recomputed,
    ConstantNode: add_constants,
    ListNode: add_lists,
    EachPeriodNode: add_periods,
    FinishedNode: add_finished,
    LeafNode: add_leaves,
    DecisionNode: add_decisions,
    TrackNode: add_tracks,
    HeldNode: add_held,
    GroupNode: add_groups,
}

NUMBERS = (FactsNode, EntriesNode, ScaledNode, ConstantNode, ListNode, EachPeriodNode, FinishedNode)


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps in order, and in which relation each node's result stands.

    ``incomplete`` holds the numbers of facts that reach outside their sources' coverage, with the asked day.
    """

    program: Program
    graph: Graph
    setting: Setting
    steps: tuple[Step, ...]
    places: Mapping[int, str]
    entry_lines: Mapping[int, str]
    incomplete: frozenset[tuple[int, date]]

    def places_of(self, *, numbers: bool) -> Sequence[str]:
        """The relations that hold numbers, or those that hold requirement rows."""
        return sorted(
            {
                place
                for node, place in self.places.items()
                if not isinstance(self.graph[node], LadderNode) and isinstance(self.graph[node], NUMBERS) == numbers
            }
        )


def make_plan(program: Program, setting: Setting, graph: Graph | None = None) -> Plan:
    """The plan that answers a program's standings on the asked days.

    Raises
    ------
    SwingbyError
        ``not-computed``, with the place, for what this version loads but cannot compute.
    """
    graph = graph or build_graph(program)
    clock = Clock(program)
    replay_from = program.header.effective if setting.replay else None
    demand = demand_days(graph, clock, setting.asked, replay_from, grace=setting.grace)
    draft = Draft(program, graph, clock, demand, setting)
    scope = bound_scope() if setting.restricted else bulk_scope(program.header.roll_up, chosen=setting.chosen)
    draft.steps.extend(scope)
    for stratum, numbers in enumerate(_strata(graph)):
        _add_stratum(draft, stratum, numbers)
    incomplete = frozenset(
        (number, day)
        for number, node in enumerate(graph.nodes)
        if isinstance(node, FactsNode | EntriesNode)
        for day in setting.asked
        if reads_outside_coverage(draft, number, day)
    )
    return Plan(program, graph, setting, tuple(draft.steps), draft.places, draft.entry_lines, incomplete)


def _strata(graph: Graph) -> list[list[int]]:
    strata: defaultdict[int, list[int]] = defaultdict(list)
    for number, depth in enumerate(graph.depths()):
        strata[depth].append(number)
    return [strata[depth] for depth in sorted(strata)]


def _add_stratum(draft: Draft, stratum: int, numbers: Sequence[int]) -> None:
    for kind, add in _ADDERS.items():
        members = [number for number in numbers if isinstance(draft.graph[number], kind)]
        if members:
            add(draft, members, stratum)
    for number in numbers:
        if isinstance(draft.graph[number], LadderNode):
            add_ladder(draft, number, stratum)
