"""The rules that a scan of facts is for, and when each of them looks at which days."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from swingby.engine.coverage import base_kind
from swingby.engine.graph import Dims
from swingby.engine.nodes import AnyoneNode, FactsNode
from swingby.engine.personal import filter_windows
from swingby.engine.plan import Draft, union_all
from swingby.engine.setting import Cohort
from swingby.engine.sql import Column, statement
from swingby.engine.steps.beside import with_needs
from swingby.engine.steps.credited import ANYONE, Route, route_of
from swingby.engine.steps.stored import picking_subset
from swingby.program.blocks import Condition, Constant, Filter
from swingby.program.blocks import Window as ProgramWindow
from swingby.program.kinds import FactKind

LOOK = (
    Column("node", "whole"),
    Column("key", "text"),
    Column("aggregate", "text"),
    Column("how", "text"),
    Column("d", "day"),
    Column("s", "day"),
    Column("t", "day"),
)
KNOWN = (Column("known", "whole"),)
SINCE = (Column("since", "day"),)

#: Looks of each partner who needs them.
_PERSONAL = "SELECT l.*, s.e FROM {looks} AS l JOIN scope AS s ON s.since = l.since"
_SPARSE = "SELECT l.*, q.e FROM {looks} AS l JOIN {pairs} AS q ON q.node = l.node AND q.d = l.d"
_BOTH = f"{_SPARSE} JOIN scope AS s ON s.e = q.e AND s.since = l.since"
_EVERYBODY = "SELECT l.*, s.e FROM {looks} AS l CROSS JOIN scope AS s"


@dataclass(frozen=True, slots=True)
class Window:
    """A window inside a filter, and the place of its columns in the table of looks."""

    place: int
    window: ProgramWindow


@dataclass(frozen=True, slots=True)
class Rule:
    """A number of facts as the scan sees it: subsets resolved, the shared key taken out of the filter.

    Attributes
    ----------
    by_partner
        True where looks are joined to partners before the scan.
    knows_by_row
        True where some rules of the scan know less than is asked for.
    """

    number: int
    node: FactsNode
    where: tuple[Filter, ...]
    keys: tuple[str | None, ...]
    key_column: str | None
    route: Route
    dims: Dims
    subset: str = ""
    is_personal: bool = False
    by_partner: bool = False
    knows_by_row: bool = False
    known: int | None = None

    @property
    def is_median(self) -> bool:
        """True for the middle of the facts' values."""
        return self.node.aggregate == "median"

    @property
    def is_distinct(self) -> bool:
        """True when things, or facts that come by several ways, must be found once first."""
        counts_a_thing = self.node.aggregate == "count" and self.node.column != "facts"
        return self.is_median or counts_a_thing or bool(self.route.link)

    @property
    def aggregate(self) -> str:
        """How the amounts are put together; facts with weights are counted by adding the weights up."""
        weighted = self.node.aggregate == "count" and self.node.column == "facts" and self.node.times
        return "sum" if weighted else self.node.aggregate

    @property
    def windows(self) -> tuple[Window, ...]:
        """The windows that its filters hold columns against."""
        pick = self.node.pick
        filters = [*self.where, *([pick.among] if pick and pick.among else [])]
        found = dict.fromkeys(window for part in filters for window in filter_windows(part))
        return tuple(Window(place, window) for place, window in enumerate(found))

    @property
    def family(self) -> tuple[object, ...]:
        """What rules share that are computed by one scan."""
        shape = (self.is_median, self.is_distinct, self.key_column or "", self.route, self.node.pick)
        return (
            *shape,
            self.dims,
            self.subset,
            self.is_personal,
            self.by_partner,
            self.knows_by_row,
            self.known,
            len(self.windows),
        )


def rules_of(draft: Draft, numbers: Sequence[int]) -> Mapping[str, list[list[Rule]]]:
    """The rules by the kind whose table they read, in families that share a scan."""
    by_kind: defaultdict[str, list[int]] = defaultdict(list)
    for number in numbers:
        by_kind[base_kind(draft, facts_of(draft, number).kind).name].append(number)
    return {name: _families(draft, draft.program.kinds[name], listed) for name, listed in by_kind.items()}


def facts_of(draft: Draft, number: int) -> FactsNode:
    """The number of facts that a node is."""
    node = draft.graph[number]
    if isinstance(node, AnyoneNode):
        return node.facts
    if not isinstance(node, FactsNode):
        raise TypeError(number)
    return node


def _families(draft: Draft, kind: FactKind, numbers: Sequence[int]) -> list[list[Rule]]:
    rules = [_placed(draft, kind, rule) for rule in _keyed(draft, kind, numbers)]
    lensed = {rule.family for rule in rules if rule.known is not None}
    if lensed:
        rules = [_knowing(rule) for rule in rules]
    families: dict[tuple[object, ...], list[Rule]] = {}
    for rule in rules:
        families.setdefault(rule.family, []).append(rule)
    return list(families.values())


def _knowing(rule: Rule) -> Rule:
    """Rules that know different things share a scan, unless what is known decides which link or fact is chosen."""
    decides = rule.route.several != ("all",) or rule.subset or not rule.route.reach
    return rule if decides else replace(rule, knows_by_row=True, known=None)


def _placed(draft: Draft, kind: FactKind, rule: Rule) -> Rule:
    number, node = rule.number, rule.node
    anyone = isinstance(draft.graph[number], AnyoneNode)
    personal = draft.is_personal(number)
    return replace(
        rule,
        route=ANYONE if anyone else route_of(draft, kind, node.credit),
        subset=picking_subset(draft, node.kind),
        is_personal=personal,
        by_partner=not anyone and (personal or bool(node.needs) or not draft.demand.is_shared(number)),
        known=draft.known(number),
    )


def subset_filters(draft: Draft, kind: str, where: Filter | None) -> tuple[Filter, ...]:
    """A filter and those of the subsets that the kind stands on."""
    found = [where] if where else []
    declared = draft.program.facts.get(kind)
    while declared is not None and declared.subset_of:
        found += [declared.where] if declared.where else []
        declared = draft.program.facts.get(declared.subset_of)
    return tuple(found)


def _keyed(draft: Draft, kind: FactKind, numbers: Sequence[int]) -> list[Rule]:
    """Choose the column that most rules compare for equality and take it out of their filters."""
    listed = [
        (number, node, subset_filters(draft, node.kind, node.where))
        for number in numbers
        for node in (facts_of(draft, number),)
    ]
    words = {column.name for column in kind.columns if column.type in ("word", "id", "text")}
    counted = Counter(condition.column for _, _, filters in listed for condition in key_conditions(filters, words))
    best = min(counted, key=lambda column: (-counted[column], column)) if counted else None
    return [_rule(draft, number, node, filters, best=best, words=words) for number, node, filters in listed]


def _rule(
    draft: Draft, number: int, node: FactsNode, filters: tuple[Filter, ...], *, best: str | None, words: set[str]
) -> Rule:
    dims = draft.graph.dims_of(number)
    chosen = next((item for item in key_conditions(filters, words) if item.column == best), None)
    if chosen is None or node.pick is not None:
        return Rule(number, node, filters, (None,), None, ANYONE, dims)
    rest = tuple(
        Filter(
            conditions=tuple(item for item in part.conditions if item is not chosen),
            alternatives=part.alternatives,
        )
        for part in filters
    )
    return Rule(number, node, rest, key_words(chosen), best, ANYONE, dims)


def key_words(condition: Condition) -> tuple[str, ...]:
    """The words that a condition compares its column with."""
    return tuple(dict.fromkeys(str(value.value) for value in condition.values if isinstance(value, Constant)))


def key_conditions(filters: Iterable[Filter], words: set[str]) -> list[Condition]:
    """Conditions that say a word column is one of some plain words."""
    return [
        condition
        for part in filters
        for condition in part.conditions
        if condition.test == "is"
        and condition.column in words
        and all(isinstance(value, Constant) and isinstance(value.value, str) for value in condition.values)
    ]


# --- the table ------------------------------------------------------------------------------------------------------


def add_looks(draft: Draft, rules: Sequence[Rule], name: str) -> str:
    """Add the table of looks and, where partners differ, the looks of each partner; gives the relation's name."""
    first = rules[0]
    windows = tuple(Column(f"w{index}_{side}", "day") for index in range(len(first.windows)) for side in "st")
    columns = (*LOOK, *(KNOWN if first.knows_by_row else ()), *windows, *(SINCE if first.is_personal else ()))
    table = draft.data(name, columns, (row for rule in rules for row in _looks(draft, rule)))
    return (
        table
        if not first.by_partner
        else draft.query(f"{name}_each", "SELECT * FROM {rows} AS r", rows=_each(draft, rules, table))
    )


def _each(draft: Draft, rules: Sequence[Rule], looks: str) -> exp.Expr | str:
    shared = [draft.demand.is_shared(rule.number) for rule in rules]
    parts = []
    if any(shared):
        parts.append(_of_shared(draft, rules, looks, everything=all(shared)))
    if not all(shared):
        names = sorted({draft.pairs[rule.number] for rule in rules if rule.number in draft.pairs})
        pairs = union_all([statement("SELECT node, e, d FROM {name}", name=pair) for pair in names])
        parts.append(statement(_BOTH if rules[0].is_personal else _SPARSE, looks=looks, pairs=pairs))
    needs = {rule.number: rule.node.needs for rule in rules if rule.node.needs}
    return with_needs(draft, union_all(parts), needs, day=exp.column("d", "f"))


def _of_shared(draft: Draft, rules: Sequence[Rule], looks: str, *, everything: bool) -> exp.Expr:
    found = statement(_PERSONAL if rules[0].is_personal else _EVERYBODY, looks=looks)
    if everything:
        return found
    numbers = [rule.number for rule in rules if draft.demand.is_shared(rule.number)]
    return statement(
        "SELECT u.* FROM {found} AS u WHERE {inside}", found=found, inside=exp.column("node", "u").isin(*numbers)
    )


def _looks(draft: Draft, rule: Rule) -> Iterator[tuple[object, ...]]:
    cohorts: Sequence[Cohort] = draft.setting.cohorts if rule.is_personal else (None,)
    known = (draft.known(rule.number),) if rule.knows_by_row else ()
    for cohort in cohorts:
        clock = draft.clock_of(cohort)
        for day in draft.demand.days_of(rule.number, cohort):
            span = clock.span(rule.node.window, day)
            inside = [clock.span(item.window, day) for item in rule.windows]
            bounds = [side for found in inside for side in (found.start, found.end)]
            since = (cohort,) if rule.is_personal else ()
            for key in rule.keys:
                yield (
                    rule.number,
                    key,
                    rule.aggregate,
                    rule.node.when,
                    day,
                    span.start,
                    span.end,
                    *known,
                    *bounds,
                    *since,
                )
