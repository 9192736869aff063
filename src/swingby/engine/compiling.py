"""From a graph and the asked days to a plan of steps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from swingby.engine.building import build_graph
from swingby.engine.clock import Clock
from swingby.engine.coverage import is_gap_personal, reads_outside_coverage
from swingby.engine.demand import Demand, demand_days
from swingby.engine.graph import Graph
from swingby.engine.nodes import (
    AccountNode,
    AnyoneNode,
    AssignNode,
    CasesNode,
    ChosenNode,
    ColumnNode,
    ConstantNode,
    DecisionNode,
    EachPeriodNode,
    EachThingNode,
    EntriesNode,
    EntriesWithinNode,
    FactsNode,
    FinishedNode,
    GroupNode,
    HeldNode,
    LadderNode,
    LeafNode,
    ListNode,
    RankNode,
    ScaledNode,
    TierWordNode,
    TimeNode,
    WordIsNode,
)
from swingby.engine.pairs import add_pairs, add_wanted
from swingby.engine.plan import Draft, Step
from swingby.engine.scope import bound_scope, bulk_scope
from swingby.engine.setting import Setting
from swingby.engine.steps.accounts import add_accounts
from swingby.engine.steps.assigned import add_assigned
from swingby.engine.steps.each import add_periods, add_things
from swingby.engine.steps.entries import add_entries, add_within
from swingby.engine.steps.entry_days import add_entry_days
from swingby.engine.steps.facts import add_fact_numbers
from swingby.engine.steps.ladders import add_ladder
from swingby.engine.steps.lists import add_constants, add_finished, add_lists
from swingby.engine.steps.members import Members, members
from swingby.engine.steps.peers import add_peers
from swingby.engine.steps.requirements import add_groups, add_leaves
from swingby.engine.steps.scales import add_recomputed
from swingby.engine.steps.statuses import add_chosen, add_columns, add_decisions, add_held, add_word_tests
from swingby.engine.steps.times import add_times
from swingby.engine.steps.words import add_cases, add_tier_words
from swingby.program import Program

#: What is added for all nodes of a kind at once.
_TOGETHER: Mapping[tuple[type, ...], Callable[[Draft, Sequence[int], int], None]] = {
    (FactsNode, AnyoneNode): add_fact_numbers,
    (EntriesNode,): add_entries,
}
#: What is added for nodes of a kind that are split by the same cells and things, and wanted alike.
_IN_GROUPS: Mapping[type, Callable[[Members, int], None]] = {
    EntriesWithinNode: add_within,
    ScaledNode: add_recomputed,
    ConstantNode: add_constants,
    TimeNode: add_times,
    AssignNode: add_assigned,
    AccountNode: add_accounts,
    ListNode: add_lists,
    EachPeriodNode: add_periods,
    EachThingNode: add_things,
    RankNode: add_peers,
    FinishedNode: add_finished,
    ChosenNode: add_chosen,
    CasesNode: add_cases,
    TierWordNode: add_tier_words,
    LeafNode: add_leaves,
    DecisionNode: add_decisions,
    WordIsNode: add_word_tests,
    ColumnNode: add_columns,
    HeldNode: add_held,
    GroupNode: add_groups,
}


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps in order, and in which relation each node's result stands.

    ``shown`` has, for relations that are kept without a part of their columns, the statement with all of them.
    ``incomplete`` holds the numbers of facts that reach outside their sources' coverage, with the asked day and, where
    their window starts with joining, the day of joining.
    """

    program: Program
    graph: Graph
    setting: Setting
    steps: tuple[Step, ...]
    places: Mapping[int, str]
    entry_lines: Mapping[int, str]
    fact_lines: Mapping[int, str]
    lots: Mapping[int, str]
    shown: Mapping[str, exp.Expr]
    incomplete: frozenset[tuple[int, date, date | None]]
    demand: Demand

    def places_of(self, *kinds: type) -> Sequence[str]:
        """The relations that hold the results of nodes of some kinds on the asked days."""
        return sorted(
            {
                place
                for number, place in self.places.items()
                if isinstance(self.graph[number], kinds) and self.is_asked(number)
            }
        )

    def is_asked(self, number: int) -> bool:
        """True for a number under which results of asked days stand."""
        return number // self.demand.size in set(self.demand.asked_lens.values())

    def is_keyed(self, place: str) -> bool:
        """True when the rows of a relation have the key of a cell or thing."""
        return any(self.graph.dims_of(number) for number, name in self.places.items() if name == place)

    def has_things(self, place: str) -> bool:
        """True when a relation holds results of single things, which nobody asks for by name."""
        cells = {name for name, table in self.program.tables.items() if table.items}
        return any(set(self.graph.dims_of(number)) - cells for number, name in self.places.items() if name == place)

    def is_of_day(self, number: int, day: date) -> bool:
        """True for a number under which the results of an asked day stand."""
        return self.demand.asked_lens.get(day) == number // self.demand.size

    def number_on(self, node: int, day: date) -> int:
        """The number under which a node's result of an asked day stands."""
        return node + self.demand.asked_lens[day] * self.demand.size


REQUIREMENTS = (LeafNode, DecisionNode, WordIsNode, ColumnNode, HeldNode, GroupNode)


def make_plan(program: Program, setting: Setting, graph: Graph | None = None) -> Plan:
    """The plan that answers a program's standings on the asked days.

    Raises
    ------
    SwingbyError
        ``not-computed``, with the place, for what this version loads but cannot compute.
    """
    graph = graph or build_graph(program)
    clock = Clock(program, holidays=setting.holidays)
    demand = demand_days(graph, clock, setting)
    draft = Draft(program, graph, clock, demand, setting)
    scope = bound_scope(program.header) if setting.restricted else bulk_scope(program.header, chosen=setting.chosen)
    draft.steps.extend(scope)
    add_pairs(draft, add_entry_days(draft))
    for stratum, nodes in enumerate(_strata(graph)):
        _add_stratum(draft, stratum, nodes)
        if stratum == 0:
            add_wanted(draft)
    return Plan(
        program,
        graph,
        setting,
        tuple(draft.steps),
        draft.places,
        draft.entry_lines,
        draft.fact_lines,
        draft.lots,
        draft.shown,
        _incomplete(draft),
        demand,
    )


def _incomplete(draft: Draft) -> frozenset[tuple[int, date, date | None]]:
    found: set[tuple[int, date, date | None]] = set()
    for node in range(draft.demand.size):
        for day in draft.setting.asked:
            cohorts: Sequence[date | None] = draft.setting.cohorts if is_gap_personal(draft, node, day) else (None,)
            found |= {(node, day, cohort) for cohort in cohorts if reads_outside_coverage(draft, node, day, cohort)}
    return frozenset(found)


def _strata(graph: Graph) -> list[list[int]]:
    strata: defaultdict[int, list[int]] = defaultdict(list)
    for number, depth in enumerate(graph.depths()):
        strata[depth].append(number)
    return [strata[depth] for depth in range(max(strata, default=-1) + 1)]


def _add_stratum(draft: Draft, stratum: int, nodes: Sequence[int]) -> None:
    for kinds, add in _TOGETHER.items():
        numbers = [
            number for node in nodes if isinstance(draft.graph[node], kinds) for number in draft.demand.numbered(node)
        ]
        if numbers:
            add(draft, numbers, stratum)
    for kind, add_group in _IN_GROUPS.items():
        numbers = [
            number for node in nodes if isinstance(draft.graph[node], kind) for number in draft.demand.numbered(node)
        ]
        for group in members(draft, numbers):
            add_group(group, stratum)
    for node in nodes:
        if isinstance(draft.graph[node], LadderNode):
            add_ladder(draft, node, stratum)
