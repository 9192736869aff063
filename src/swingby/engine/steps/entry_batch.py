"""Earnings for each fact or period that are computed together, and what their values are read from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from sqlglot import exp

from swingby.engine.clock import Clock
from swingby.engine.coverage import base_kind
from swingby.engine.graph import Dims
from swingby.engine.nodes import AccountNode, EntriesNode, EntriesWithinNode
from swingby.engine.personal import filter_windows
from swingby.engine.place import not_computed
from swingby.engine.plan import Draft
from swingby.engine.predicates import Row
from swingby.engine.setting import Cohort
from swingby.engine.steps.beside import need_source
from swingby.engine.steps.columns import fact_row
from swingby.engine.steps.credited import ANYONE, Route, route_of
from swingby.engine.steps.looks import key_conditions, key_words, subset_filters
from swingby.engine.steps.scales import scope_row
from swingby.engine.steps.stored import picking_subset
from swingby.engine.steps.turned import turned
from swingby.program.blocks import ColumnValue, Condition, Constant, Filter, PeriodUnit, Window
from swingby.program.kinds import FactKind
from swingby.program.model import Earning, FactSource
from swingby.program.numbers import Cap, Pick


@dataclass(frozen=True, slots=True)
class Caps:
    """An earning's caps in the order in which they are applied: of one fact, of alike entries, of all in force."""

    of_a_fact: tuple[Cap, ...]
    of_alike: tuple[Cap, ...]
    of_all: tuple[Cap, ...]


def caps_of(earning: Earning) -> Caps:
    """The caps by what they are filled by; refused in an order that is not from one fact to all that is in force."""
    kinds = [0 if "fact" in cap.per else 1 if cap.per else 2 for cap in earning.cap]
    if kinds != sorted(kinds):
        not_computed("caps in this order", earning)
    return Caps(
        *(tuple(cap for cap, found in zip(earning.cap, kinds, strict=True) if found == kind) for kind in range(3))
    )


def cap_unit(cap: Cap) -> PeriodUnit | None:
    """The period that a cap is for."""
    units = [part for part in cap.per if isinstance(part, PeriodUnit)]
    if len(units) > 1:
        not_computed("a cap per several periods", cap)
    return units[0] if units else None


def cap_columns(cap: Cap) -> list[str]:
    """The columns that entries share under a cap."""
    return [part for part in cap.per if isinstance(part, str)]


def filled_from(clock: Clock, earning: Earning, first: date) -> date:
    """The first day whose entries matter to those from a day on: they fill the period of a cap, and before it of others.

    The last cap's period begins earliest in what it reads of the cap before it, and so on.
    """
    for cap in reversed(caps_of(earning).of_alike):
        unit = cap_unit(cap)
        if unit is None:
            return date.min
        first = clock.period(unit, first).start if first > date.min else first
    return first


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What earnings have in common that share a scan.

    Attributes
    ----------
    by_day
        True where the entries, or what fills caps, are others on every as-of day.
    is_beside
        True where amounts or gates read other nodes, or the entry counts for another day than the fact's.
    has_life
        True where entries are confirmed by a run, or count for another day.
    is_summed
        True where the sum of the entries is found without their lines.
    key_column
        The column that the filters of all of them compare with plain words, and spans are joined to facts by.
    """

    dims: Dims
    is_personal: bool
    has_life: bool
    kind: str = ""
    when: Literal["held", "started", "ended"] = "held"
    route: Route = ANYONE
    subset: str = ""
    pick: Pick | None = None
    by_day: bool = False
    is_beside: bool = False
    knows_by_row: bool = False
    known: int | None = None
    windows: tuple[Window, ...] = ()
    key_column: str | None = None
    is_summed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Earnings that share a scan; without a kind of fact their entries stand for closed periods."""

    draft: Draft
    facts_kind: FactKind | None
    nodes: Mapping[int, EntriesNode]
    shape: Shape
    name: str

    @property
    def earnings(self) -> Mapping[int, Earning]:
        """The earnings by number."""
        return {number: node.earning for number, node in self.nodes.items()}

    @property
    def written(self) -> Sequence[int]:
        """One number of each node: what is written for it is the same under every lens."""
        return list({number % self.draft.demand.size: number for number in self.nodes}.values())

    @property
    def facts(self) -> FactKind:
        """The kind of fact that entries stand for."""
        if self.facts_kind is None:
            raise TypeError(self.name)
        return self.facts_kind

    @property
    def is_grouped(self) -> bool:
        """True where a fact may meet a partner and a rule more than once; never for events of an organization."""
        shape, kind = self.shape, self.facts_kind
        return kind is not None and bool(kind.shape == "state" or shape.route.link or shape.pick or shape.is_beside)

    @property
    def day_column(self) -> str:
        """The column with the fact's day."""
        return self.facts.day_columns[0]

    @property
    def cohorts(self) -> Sequence[Cohort]:
        """Whom spans are worked out for, one after the other."""
        return self.draft.setting.cohorts if self.shape.is_personal else (None,)

    def keys(self, alias: str) -> list[exp.Expr]:
        """The key of the entries' rows: nothing, or the column ``k``."""
        return [exp.column("k", alias)] if self.shape.dims else []

    def days(self, alias: str) -> list[exp.Expr]:
        """The as-of day of the entries' rows, where they differ by it."""
        return [exp.column("d", alias)] if self.shape.by_day else []

    def row(self, number: int) -> Row:
        """A fact (or partner, for periods) as the row in hand; values are read on its day, or where ``rates_at`` says."""
        earning = self.nodes[number].earning
        needs = [self.nodes[number].needs]
        if self.facts_kind is None:
            return scope_row("s", exp.column("d", "p"), needs=needs)
        columns = self.columns(own_currency=earning.own_currency)
        day = columns(earning.rates_at) if earning.rates_at else None
        on = exp.column(self.day_column, "c")
        read = on if day is None else exp.Coalesce(this=day, expressions=[on])
        return Row(columns, read, need_source(needs, "c"))

    def plain_row(self, number: int) -> Row:
        """A fact as the row in hand of a filter, which may hold columns against windows of the as-of day."""

        def window(wanted: Window) -> tuple[exp.Expr, exp.Expr] | None:
            if wanted not in self.shape.windows:
                return None
            place = self.shape.windows.index(wanted)
            return exp.column(f"w{place}_s", "p"), exp.column(f"w{place}_t", "p")

        return Row(self.columns(), self.row(number).day, window=window)

    def filters(self, number: int) -> list[Filter]:
        """Which facts an earning is for; without the condition that its keys stand for."""
        source, key = source_of(self.nodes[number].earning), self._key_condition(number)
        return [
            replace(part, conditions=tuple(item for item in part.conditions if item is not key))
            for part in subset_filters(self.draft, source.of, source.where)
        ]

    def fact_keys(self, number: int) -> tuple[str | None, ...]:
        """The words of the key column that an earning's facts may have."""
        key = self._key_condition(number)
        return (None,) if key is None else key_words(key)

    def _key_condition(self, number: int) -> Condition | None:
        if self.shape.key_column is None:
            return None
        return _key_conditions(self.draft, self.shape, self.nodes[number])[self.shape.key_column]

    def columns(self, *, own_currency: bool = False) -> Callable[[str], exp.Expr | None]:
        """The columns of a fact in hand."""
        return fact_row(self.draft.program, self.facts, "c", links=True, own_currency=own_currency)


def batches(draft: Draft, numbers: Sequence[int], stratum: int) -> Iterator[Batch]:
    """The earnings in batches that share a scan."""
    shared: dict[Shape, dict[int, EntriesNode]] = {}
    lensed = any(draft.known(number) is not None for number in numbers)
    lined = _with_lines(draft)
    for number in numbers:
        node = draft.graph[number]
        if isinstance(node, EntriesNode):
            shape = _shape(draft, number, node, lensed=lensed)
            is_summed = number % draft.demand.size not in lined and _is_summed(draft, shape, node.earning)
            shared.setdefault(replace(shape, is_summed=is_summed), {})[number] = node
    keyed = (batch for shape, nodes in shared.items() for batch in _by_key(draft, shape, nodes))
    for index, (shape, nodes) in enumerate(keyed):
        found = turned(draft.program.kinds[shape.kind], shape.when) if shape.kind else None
        name = f"s{stratum}_{shape.kind or 'periods'}_{index}_entries"
        yield Batch(draft=draft, facts_kind=found, nodes=nodes, name=name, shape=shape)


def _with_lines(draft: Draft) -> set[int]:
    """The earnings whose lines are read, as nodes."""
    if not draft.setting.in_bulk:
        return {node for node, _ in draft.graph.of(EntriesNode)}
    kinds = (EntriesWithinNode, AccountNode)
    return {item.node for node in draft.graph.nodes if isinstance(node, kinds) for item in node.inputs}


def _is_summed(draft: Draft, shape: Shape, earning: Earning) -> bool:
    """True where the lines that a cap leaves are not needed for their sum: that is the least of a sum and a constant.

    What is taken back is what its line kept, which under a cap depends on the lines before it.
    """
    caps = caps_of(earning)
    moves = shape.by_day or shape.is_beside or shape.has_life or shape.is_personal
    if not shape.kind or moves or shape.route.link or shape.pick or shape.dims or caps.of_all or earning.round:
        return False
    if draft.program.kinds[shape.kind].shape != "event" or len(caps.of_alike) > 1:
        return False
    return all(_is_plain(cap) and earning.cancelled == "keep" for cap in caps.of_alike)


def _is_plain(cap: Cap) -> bool:
    is_constant = isinstance(cap.at_most, Constant) and isinstance(cap.at_most.value, Decimal)
    return is_constant and cap.at_least is None and not cap_columns(cap)


def _by_key(
    draft: Draft, shape: Shape, nodes: Mapping[int, EntriesNode]
) -> Iterator[tuple[Shape, Mapping[int, EntriesNode]]]:
    """Earnings that compare the column which most of them compare with plain words, and the rest."""
    found = {number: _key_conditions(draft, shape, node) for number, node in nodes.items()}
    counted = Counter(name for conditions in found.values() for name in conditions)
    best = min(counted, key=lambda name: (-counted[name], name)) if counted else None
    with_key = {number: node for number, node in nodes.items() if best in found[number]}
    rest = {number: node for number, node in nodes.items() if number not in with_key}
    if with_key:
        yield replace(shape, key_column=best), with_key
    if rest:
        yield shape, rest


def _key_conditions(draft: Draft, shape: Shape, node: EntriesNode) -> Mapping[str, Condition]:
    """By column the first condition that a key can stand for; what is picked out of all facts has none."""
    if not shape.kind or shape.pick or shape.subset:
        return {}
    source = source_of(node.earning)
    words = {column.name for column in draft.program.kinds[shape.kind].columns if column.type in ("word", "id", "text")}
    conditions = key_conditions(subset_filters(draft, source.of, source.where), words)
    return {item.column: item for item in reversed(conditions)}


def _shape(draft: Draft, number: int, node: EntriesNode, *, lensed: bool) -> Shape:
    plain = Shape(
        dims=draft.graph.dims_of(number),
        is_personal=draft.is_personal(number),
        has_life=node.earning.awarded is not None or node.earning.dated is not None,
    )
    if node.number is not None:
        return replace(plain, by_day=bool(node.closing), is_beside=True)
    source = source_of(node.earning)
    kind = entered_kind(draft, source)
    route, subset = route_of(draft, kind, source.credit), picking_subset(draft, source.of)
    by_row = lensed and not subset and route.several == ("all",)
    return replace(
        plain,
        kind=kind.name,
        when=source.when,
        route=route,
        subset=subset,
        pick=source.pick,
        by_day=_is_by_day(node, kind, route, subset),
        is_beside=bool(node.needs or node.gate or node.earning.dated),
        knows_by_row=by_row,
        known=None if by_row else draft.known(number),
        windows=tuple(dict.fromkeys(window for part in _filters(draft, source) for window in filter_windows(part))),
    )


def _filters(draft: Draft, source: FactSource) -> list[Filter]:
    among = [source.pick.among] if source.pick and source.pick.among else []
    return [*subset_filters(draft, source.of, source.where), *among]


def _is_by_day(node: EntriesNode, kind: FactKind, route: Route, subset: str) -> bool:
    """True when a window, a choice or a cap moves with the as-of day and with it the entries that fill a cap."""
    source = source_of(node.earning)
    moves = source.over is not None and bool(caps_of(node.earning).of_alike)
    looks = any(filter_windows(source.where)) or bool(source.pick and any(filter_windows(source.pick.among)))
    picks = source.pick is not None and (source.over is not None or source.pick.order != "first" or source.pick.column)
    linked = bool(route.link) and route.day != "fact"
    return kind.shape == "event" and bool(moves or picks or looks or linked or subset or node.closing)


def source_of(earning: Earning) -> FactSource:
    """The facts that an earning repeats over."""
    if earning.for_each is None:
        raise TypeError(earning.name)
    return earning.for_each


def entered_kind(draft: Draft, source: FactSource) -> FactKind:
    """The kind of fact that entries stand for: what started or ended is an event of its own."""
    return turned(base_kind(draft, source.of), source.when)


def dated_column(earning: Earning) -> ColumnValue | None:
    """The column that says for which day an entry counts, where one does."""
    return earning.dated if isinstance(earning.dated, ColumnValue) else None


def last_day(draft: Draft, numbers: Sequence[int]) -> date:
    """The latest day on which some earnings are needed."""
    return max(day for number in numbers for day in draft.demand.days(number))
