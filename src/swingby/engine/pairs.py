"""Who needs which node when, where that is not everybody on the same days.

Two kinds of relation are written. *Pairs* (node, e, d) say for whom a node is needed on which days: partners who joined
on some day, or those who have a fact on it. *Wanted* (node, e, d, k) adds for which cells and things. Pairs come before
everything else; what is wanted for things needs the facts that make them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from swingby.engine.coverage import things_read
from swingby.engine.demand import reads, reads_of_facts
from swingby.engine.graph import Dims
from swingby.engine.keys import joined, narrowed, parts_of
from swingby.engine.nodes import (
    EachThingNode,
    EntriesNode,
    FactsNode,
    Input,
    LadderNode,
)
from swingby.engine.place import not_computed
from swingby.engine.plan import Draft, union_all
from swingby.engine.sql import Column, statement

Row = tuple[object, ...]

DIRECT = (Column("node", "whole"), Column("d", "day"))
OF_COHORT = (*DIRECT, Column("since", "day"))
EDGE = (Column("from_node", "whole"), Column("from_d", "day"), Column("node", "whole"), Column("d", "day"))

_ALL = "SELECT a.node, s.e, a.d FROM {rows} AS a CROSS JOIN scope AS s"
_COHORT = "SELECT a.node, s.e, a.d FROM {rows} AS a JOIN scope AS s ON s.since = a.since"
_CHAIN = "SELECT m.node, w.e, m.d FROM {rows} AS m JOIN {above} AS w ON w.node = m.from_node AND w.d = m.from_d"
_CHAIN_OF_COHORT = f"{_CHAIN} JOIN scope AS s ON s.e = w.e AND s.since = m.since"
_DISTINCT = "SELECT DISTINCT u.node, u.e, u.d FROM {parts} AS u"


def add_pairs(draft: Draft, entry_days: Mapping[int, str]) -> None:
    """Add the pairs of every node that not everybody needs on all of its days.

    ``entry_days`` are by numbered earning the days of its facts: (e, day, read).
    """
    depths = draft.graph.depths()
    some = [
        number
        for node in range(draft.demand.size)
        for number in draft.demand.numbered(node)
        if not draft.demand.is_shared(number)
    ]
    edges = _fact_edges(draft, some)
    entries = _entry_edges(draft, set(some))
    by_depth: defaultdict[int, list[int]] = defaultdict(list)
    for number in some:
        by_depth[depths[number % draft.demand.size]].append(number)
    for depth in sorted(by_depth, reverse=True):
        _add_depth(draft, depth, by_depth[depth], _Ways(edges, entries, entry_days))


@dataclass(frozen=True, slots=True)
class _Ways:
    """How days of facts lead to nodes: through readers, from earnings, and the days of these earnings' facts."""

    edges: Mapping[int, Sequence[Row]]
    entries: Mapping[int, Sequence[tuple[int, bool, Row]]]
    entry_days: Mapping[int, str]


def _add_depth(draft: Draft, depth: int, numbers: Sequence[int], ways: _Ways) -> None:
    name = f"pairs_{depth}"
    parts = list(_direct(draft, numbers, name))
    chained = [row for number in numbers for row in ways.edges.get(number, ())]
    for rows, text, columns, end in (
        ([row[:4] for row in chained if row[4] is None], _CHAIN, EDGE, "chain"),
        (
            [row for row in chained if row[4] is not None],
            _CHAIN_OF_COHORT,
            (*EDGE, Column("since", "day")),
            "own_chain",
        ),
    ):
        if rows:
            above = sorted({draft.pairs[int(row[0])] for row in rows})  # type: ignore[call-overload]
            relation = union_all([statement("SELECT node, e, d FROM {name}", name=each) for each in above])
            parts.append(statement(text, rows=draft.data(f"{name}_{end}", columns, rows), above=relation))
    parts += _of_entries(draft, numbers, ways, name)
    if not parts:
        return
    found = draft.query(name, _DISTINCT, parts=union_all(parts))
    draft.pairs.update(dict.fromkeys(numbers, found))


def _direct(draft: Draft, numbers: Sequence[int], name: str) -> Iterator[exp.Expr]:
    everybody = [
        (number, day) for number in numbers for who, days in draft.demand.cohorts(number) if who is None for day in days
    ]
    cohorts = [
        (number, day, who) for number in numbers for who, days in draft.demand.cohorts(number) if who for day in days
    ]
    if everybody:
        yield statement(_ALL, rows=draft.data(f"{name}_all", DIRECT, everybody))
    if cohorts:
        yield statement(_COHORT, rows=draft.data(f"{name}_cohorts", OF_COHORT, cohorts))


def _of_entries(draft: Draft, numbers: Sequence[int], ways: _Ways, name: str) -> Iterator[exp.Expr]:
    by_source: defaultdict[tuple[int, bool], list[Row]] = defaultdict(list)
    for number in numbers:
        for source, is_read, row in ways.entries.get(number, ()):
            by_source[source, is_read].append(row)
    for (source, is_read), rows in by_source.items():
        table = draft.data(f"{name}_facts_{source}_{int(is_read)}", EDGE, rows)
        column = "read" if is_read else "day"
        text = f"SELECT m.node, w.e, m.d FROM {{rows}} AS m JOIN {{days}} AS w ON w.{column} = m.from_d"
        yield statement(text, rows=table, days=ways.entry_days[source])


def _fact_edges(draft: Draft, some: Sequence[int]) -> Mapping[int, Sequence[Row]]:
    """By numbered node from whom its days of facts come: (reader, its day, node, day, day of joining or None)."""
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for reader in some:
        for who, days in draft.demand.on_facts.get(reader, {}).items():
            personal = draft.is_personal(reader) and who is None
            for cohort in draft.setting.cohorts if personal else (who,):
                for day, number, on in _read_on(draft, reader, cohort, sorted(days)):
                    found[number].append((reader, day, number, on, cohort))
    return found


def _read_on(draft: Draft, reader: int, cohort: date | None, days: Sequence[date]) -> Iterator[tuple[date, int, date]]:
    node, clock = draft.graph[reader], draft.clock_of(cohort)
    for day in days:
        for item, look in reads(node, clock, [day], draft.setting):
            yield day, draft.input_of(reader, item), clock.shifted(look, item.shift)


def _entry_edges(draft: Draft, some: set[int]) -> Mapping[int, Sequence[tuple[int, bool, Row]]]:
    """By numbered node the earnings that read it on the days of their facts: (earning, by read day, edge)."""
    found: defaultdict[int, list[tuple[int, bool, Row]]] = defaultdict(list)
    for base, node in draft.graph.of(EntriesNode):
        if node.number is not None:
            continue
        gates = {node.gate} if node.gate else set()
        for earning in draft.demand.numbered(base):
            for item, led_by, day in reads_of_facts(node, draft.clock, draft.setting):
                number = draft.input_of(earning, item)
                if number in some:
                    edge = (earning, led_by, number, draft.clock.shifted(day, item.shift))
                    found[number].append((base, item not in gates, edge))
    return found


# --- cells and things -----------------------------------------------------------------------------------------------

LIST_ITEM = (Column("item", "text"), Column("s", "day"), Column("t", "day"))
SOURCE = (Column("node", "whole"), Column("d", "day"), Column("source", "whole"), Column("source_d", "day"))

_CELLS = """
SELECT w.node, w.e, w.d, w.k, {inner} AS inner_k
FROM {readers} AS w
JOIN {items} AS i ON w.d >= i.s AND w.d < i.t
"""
_THINGS = """
SELECT DISTINCT w.node, w.e, w.d, w.k, {inner} AS inner_k
FROM {readers} AS w
JOIN {sources} AS m ON m.node = w.node AND m.d = w.d
JOIN {facts} AS f ON f.node = m.source AND f.e = w.e AND f.d = m.source_d AND f.k IS NOT NULL AND {same}
"""
_WANTED = "SELECT DISTINCT u.node, u.e, u.d, u.k FROM {parts} AS u"
_READ = """
SELECT m.node, w.e, m.d, {k} AS k
FROM {rows} AS m
JOIN {readers} AS w ON w.node = m.from_node AND w.d = m.from_d
"""


def add_wanted(draft: Draft) -> None:
    """Add for which cells and things nodes are wanted, and the things of every number of each."""
    graph = draft.graph
    for node in range(draft.demand.size - 1, -1, -1):
        found = graph[node]
        if graph.dims[node] and not isinstance(found, FactsNode):
            _add_wanted(draft, node)
        if isinstance(found, EachThingNode) and (
            not graph.dims[node] or draft.demand.numbered(node)[0] in draft.wanted
        ):
            _add_things(draft, node, found)


def _add_wanted(draft: Draft, node: int) -> None:
    numbers = draft.demand.numbered(node)
    parts = list(_roots(draft, node, numbers))
    for reader, edges in _edges_into(draft, node).items():
        if not draft.graph.dims[reader] or draft.demand.numbered(reader)[0] in draft.wanted:
            parts.append(_read_by(draft, node, reader, edges))
    if parts:
        name = draft.query(f"wanted_{node}", _WANTED, parts=union_all(parts))
        draft.wanted.update(dict.fromkeys(numbers, name))


def _roots(draft: Draft, node: int, numbers: Sequence[int]) -> Iterator[exp.Expr]:
    """Named numbers and ladders by cells are wanted of everybody in all cells."""
    graph, dims = draft.graph, draft.graph.dims[node]
    named = {item.node for item in (*graph.numbers.values(), *graph.tracks.values())} | set(graph.ladders.values())
    cells = {name for name, table in draft.program.tables.items() if table.items}
    if node not in named or set(dims) - cells:
        return
    rows = [(number, day) for number in numbers for day in draft.demand.days(number)]
    found = statement(
        "SELECT r.node, r.e, r.d, '' AS k FROM {rows} AS r",
        rows=statement(_ALL, rows=draft.data(f"wanted_{node}_roots", DIRECT, rows)),
    )
    for place, cell in enumerate(dims):
        key = exp.column("item", "i") if place == 0 else joined([exp.column("k", "w"), exp.column("item", "i")])
        text = "SELECT w.node, w.e, w.d, {key} AS k FROM {rows} AS w JOIN {items} AS i ON w.d >= i.s AND w.d < i.t"
        found = statement(text, key=key, rows=found, items=_items(draft, cell))
    yield found


def _items(draft: Draft, cell: str) -> str:
    """The cells of a column, with the days on which they are listed."""
    name = f"cells_{draft.dim_number(cell)}"
    if all(step.name != name for step in draft.steps):
        rows = [
            (str(item.value), item.starts_on or date.min, item.ends_on or date.max)
            for item in draft.program.tables[cell].items
        ]
        draft.data(name, LIST_ITEM, rows)
    return name


def _edges_into(draft: Draft, node: int) -> Mapping[int, Sequence[Row]]:
    """By reader (a node of the graph) the days on which it reads a node, under every lens."""
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for reader in range(node + 1, draft.demand.size):
        target = draft.graph[reader]
        if all(item.node != node for item in target.inputs):
            continue
        if isinstance(target, LadderNode) and reader in draft.demand.reviews:
            found[reader] += _edges_of_walk(draft, reader, node)
            continue
        for number in draft.demand.numbered(reader):
            for day in draft.demand.days(number):
                for item, look in _reads(draft, number, day):
                    if item.node == node:
                        edge = (number, day, draft.input_of(number, item), draft.clock.shifted(look, item.shift))
                        found[reader].append(edge)
    return {reader: list(dict.fromkeys(edges)) for reader, edges in found.items() if edges}


def _reads(draft: Draft, number: int, day: date) -> Iterator[tuple[Input, date]]:
    """What a node reads as of a day, whoever joined when: more than is needed does no harm."""
    node = draft.graph[number]
    cohorts: Iterable[date | None] = draft.setting.cohorts if draft.is_personal(number) else (None,)
    for cohort in cohorts:
        yield from reads(node, draft.clock_of(cohort), [day], draft.setting)


def _edges_of_walk(draft: Draft, reader: int, node: int) -> list[Row]:
    """A walked ladder reads requirements under the lenses of its reviews; it stands for all of them on its first day."""
    first = draft.demand.numbered(reader)[0]
    anchor = draft.demand.days(first)[0]
    return [(first, anchor, number, day) for number in draft.demand.numbered(node) for day in draft.demand.days(number)]


def _read_by(draft: Draft, node: int, reader: int, edges: Sequence[Row]) -> exp.Expr:
    graph, dims = draft.graph, draft.graph.dims[node]
    target = graph[reader]
    rows = draft.data(f"wanted_{node}_by_{reader}", EDGE, edges)
    if isinstance(target, EachThingNode):
        inner = tuple(sorted({*graph.dims[reader], target.thing}))
        readers: exp.Expr | str = draft.things[draft.demand.numbered(reader)[0]]
        key = narrowed(exp.column("inner_k", "w"), inner, dims)
    else:
        readers = _readers(draft, reader)
        key = narrowed(exp.column("k", "w"), graph.dims[reader], dims)
    return statement(_READ, rows=rows, readers=readers, k=key)


#: The readers of what nobody needs.
_NOBODY = """
SELECT CAST(NULL AS INTEGER) AS node, s.e, CAST(NULL AS DATE) AS d, '' AS k FROM scope AS s WHERE s.e < 0
"""


def _readers(draft: Draft, node: int) -> exp.Expr:
    """For whom a node is needed, when, and for which cells and things."""
    numbers = draft.demand.numbered(node)
    if draft.graph.dims[node]:
        return draft.results_of_wanted(numbers)
    parts = []
    shared = [number for number in numbers if draft.demand.is_shared(number)]
    rows = [(number, day) for number in shared for day in draft.demand.days(number)]
    if rows:
        name = f"readers_{node}"
        if all(step.name != name for step in draft.steps):
            draft.data(name, DIRECT, rows)
        parts.append(statement("SELECT r.node, r.e, r.d, '' AS k FROM {rows} AS r", rows=statement(_ALL, rows=name)))
    own = [number for number in numbers if number in draft.pairs]
    for name in sorted({draft.pairs[number] for number in own}):
        # The relation holds others of the same depth, whose things are those of others.
        mine = exp.column("node", "p").isin(*own)
        parts.append(statement("SELECT p.node, p.e, p.d, '' AS k FROM {name} AS p WHERE {mine}", name=name, mine=mine))
    return union_all(parts or [statement(_NOBODY)])


def _add_things(draft: Draft, node: int, found: EachThingNode) -> None:
    dims = draft.graph.dims[node]
    inner = tuple(sorted({*dims, found.thing}))
    readers = _readers(draft, node)
    if not found.sources:
        parts = {**parts_of(exp.column("k", "w"), dims), found.thing: exp.column("item", "i")}
        key = joined([parts[name] for name in inner])
        name = draft.query(f"things_{node}", _CELLS, readers=readers, items=_items(draft, found.thing), inner=key)
    else:
        sources = list(_source_parts(draft, node, found, readers, inner))
        if not sources:
            hint = f"Count in it something that the partner itself has of each {found.thing}, with facts that have that column."
            not_computed(f"each: {found.thing}, where no facts say which there are", draft.program, hint)
        text = "SELECT DISTINCT u.node, u.e, u.d, u.k, u.inner_k FROM {parts} AS u"
        name = draft.query(f"things_{node}", text, parts=union_all(sources))
    draft.things.update(dict.fromkeys(draft.demand.numbered(node), name))


def _source_parts(draft: Draft, node: int, found: EachThingNode, readers: exp.Expr, inner: Dims) -> Iterator[exp.Expr]:
    by_source: defaultdict[int, set[Row]] = defaultdict(set)
    for number in draft.demand.numbered(node):
        for day in draft.demand.days(number):
            for source in found.sources:
                for facts, look in things_read(draft, number, source, day, found.thing):
                    by_source[facts % draft.demand.size].add((number, day, facts, look))
    for facts, rows in sorted(by_source.items()):
        of = draft.graph.dims[facts]
        if draft.graph.depths()[facts]:
            not_computed("things of facts whose filter reads a number", draft.program)
        table = draft.data(f"things_{node}_of_{facts}", SOURCE, sorted(rows, key=str))
        relation = draft.results_of(draft.demand.numbered(facts), "node, e, d", keyed=True)
        yield statement(
            _THINGS,
            readers=readers,
            sources=table,
            facts=relation,
            inner=_merged(draft.graph.dims[node], of, found.thing, inner),
            same=_same(draft.graph.dims[node], of),
        )


def _merged(outer: Dims, of: Dims, thing: str, inner: Dims) -> exp.Expr:
    parts = {**parts_of(exp.column("k", "w"), outer), thing: parts_of(exp.column("k", "f"), of)[thing]}
    return joined([parts[name] for name in inner])


def _same(outer: Dims, of: Dims) -> exp.Expr:
    """That facts belong to the cell or thing which is looked at already."""
    reader, facts = parts_of(exp.column("k", "w"), outer), parts_of(exp.column("k", "f"), of)
    return exp.and_(*(exp.EQ(this=reader[name], expression=facts[name]) for name in outer if name in facts), exp.true())
