"""How a step reads numbers of earlier steps: densely, so that no facts still gives an answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from swingby.engine.coverage import is_gap_personal, reads_outside_coverage
from swingby.engine.graph import Graph
from swingby.engine.nodes import (
    AccountNode,
    AnyoneNode,
    AssignNode,
    EachPeriodNode,
    EachThingNode,
    EntriesNode,
    EntriesWithinNode,
    FactsNode,
    Input,
    ListNode,
    RankNode,
)
from swingby.engine.plan import Draft, Row
from swingby.engine.sql import Column, predicate, statement
from swingby.engine.steps.members import EVERYBODY, Members

#: A number's own columns in every relation of numbers.
NUMBER = "node, e, d, value, num, den, state"
KNOWN, UNDEFINED, INCOMPLETE = 0, 1, 2

ASK = (
    Column("node", "whole"),
    Column("d", "day"),
    Column("place", "whole"),
    Column("input", "whole"),
    Column("input_d", "day"),
    Column("fallback", "quantity"),
    Column("incomplete", "truth"),
)


@dataclass(frozen=True, slots=True)
class Ask:
    """One node asks for one input as of one day; ``look`` is the day it looks at if that is not the asking day."""

    node: int
    day: date
    place: int
    number: Input
    look: date | None = None


def asks(draft: Draft, inputs: Mapping[int, Sequence[Input]]) -> Iterator[Ask]:
    """Every (node, day, input) of some nodes with the inputs that they read, in order."""
    for number, items in inputs.items():
        for day in draft.demand.days(number):
            for place, item in enumerate(items, start=1):
                yield Ask(number, day, place, item)


def ask_row(draft: Draft, ask: Ask) -> Row:
    """The row of an ask, with what the input is worth where it has no row of its own."""
    day = draft.clock.shifted(ask.look or ask.day, ask.number.shift)
    number = draft.input_of(ask.node, ask.number)
    fallback = 0 if is_zero_without_facts(draft.graph, number) else None
    incomplete = not is_gap_personal(draft, number, day) and reads_outside_coverage(draft, number, day)
    return (ask.node, ask.day, ask.place, number, day, fallback, incomplete)


def is_fraction(draft: Draft, number: int) -> bool:
    """True when the number keeps numerator and denominator, so that it can be compared exactly."""
    node = draft.graph[number]
    if isinstance(node, FactsNode | EachPeriodNode | EachThingNode | RankNode):
        return node.aggregate in ("average", "median")
    if isinstance(node, AnyoneNode):
        return node.facts.aggregate in ("average", "median")
    return isinstance(node, ListNode) and node.operation in ("ratio", "growth", "average")


def is_zero_without_facts(graph: Graph, number: int) -> bool:
    """Counts and sums of nothing are 0; the least or the average of nothing is undefined."""
    node = graph[number]
    if isinstance(node, AnyoneNode):
        return node.facts.aggregate in ("count", "sum")
    if isinstance(node, FactsNode | EachThingNode | EachPeriodNode | RankNode):
        return node.aggregate in ("count", "sum", "ranked")
    return isinstance(node, EntriesNode | EntriesWithinNode | AssignNode | AccountNode)


#: Numbers of some inputs for everybody who asks; ``gaps`` are days on which a personal window is not covered.
DENSE = """
SELECT a.node, s.e, a.d, a.place, {keys},
       COALESCE(v.value, a.fallback) AS value,
       COALESCE(v.num, a.fallback) AS num,
       COALESCE(v.den, 1) AS den,
       CASE WHEN {incomplete} THEN 2
            WHEN v.state IS NOT NULL THEN v.state
            WHEN a.fallback IS NULL THEN 1
            ELSE 0 END AS state, {beside}
FROM {asks} AS a
CROSS JOIN scope AS s
LEFT JOIN {numbers} AS v ON v.node = a.input AND v.e = s.e AND v.d = a.input_d AND {same_key}
"""

GAP = (Column("node", "whole"), Column("d", "day"), Column("since", "day"))
GAPS = """
LEFT JOIN scope AS j ON j.e = s.e
LEFT JOIN {gaps} AS g ON g.node = a.input AND g.d = a.input_d AND g.since = j.since
"""


def read_densely(group: Members, name: str, rows: Iterable[Ask]) -> str:
    """Add the steps that give every asked number of every partner; gives the relation's name.

    Columns: node, e, d, place, value, num, den, state and, with cells or things, k.
    """
    return group.draft.query(f"{name}_read", "SELECT * FROM {rows} AS r", rows=dense_rows(group, name, rows))


@dataclass(frozen=True, slots=True)
class Beside:
    """A small table with a row for each asking node and day, and the columns that are read of it."""

    table: str
    columns: Sequence[str]


#: DuckDB reads a table of fewer than 122,880 rows with one thread, and all that follows; what an aggregate gives, with all.
_BY_ALL_THREADS = "CROSS JOIN (SELECT DISTINCT e FROM scope) AS s"


ASKS_BESIDE = "SELECT a.*, {columns} FROM {asks} AS a JOIN {table} AS b ON b.node = a.node AND b.d = a.d"


def dense_rows(group: Members, name: str, rows: Iterable[Ask], *, beside: Beside | None = None) -> exp.Expr:
    """The same to stand after FROM; not kept, for a step that reads it once.

    The columns of ``beside`` are added: it is joined to what is asked, before that is told apart by partners, of whom
    there are very many then.
    """
    draft = group.draft
    listed = [ask_row(draft, ask) for ask in rows]
    asked: exp.Expr | str = draft.data(f"{name}_asks", ASK, listed)
    if beside:
        columns = [exp.column(column, "b") for column in beside.columns]
        asked = statement(ASKS_BESIDE, columns=columns, asks=asked, table=beside.table)
    inputs = sorted({int(row[3]) for row in listed})  # type: ignore[call-overload]
    keyed = any(draft.graph.dims_of(number) for number in inputs)
    text, parts = with_gaps(draft, name, {(int(row[3]), row[4]) for row in listed})  # type: ignore[call-overload, misc]
    same_key = group.input_key("v", "s", inputs, "a.input") if keyed else exp.true()
    dense = DENSE.replace(EVERYBODY, _BY_ALL_THREADS) if beside and group.is_shared else DENSE
    return statement(
        group.text(dense + text),
        asks=asked,
        beside=[exp.column(column, "a") for column in beside.columns] if beside else [],
        keys=group.keys("s"),
        numbers=draft.results_of(inputs, NUMBER, keyed=keyed),
        same_key=same_key,
        **parts,
        **group.who(),
    )


def with_gaps(draft: Draft, name: str, looks: set[tuple[int, date]]) -> tuple[str, Mapping[str, exp.Expr | str]]:
    """What a dense reading adds where windows that start with joining reach outside coverage."""
    gaps = sorted(set(personal_gaps(draft, looks)))
    if not gaps:
        return "", {"incomplete": statement("a.incomplete")}
    return GAPS, {
        "incomplete": predicate("a.incomplete OR g.node IS NOT NULL"),
        "gaps": draft.data(f"{name}_gaps", GAP, gaps),
    }


def personal_gaps(draft: Draft, looks: Iterable[tuple[int, date]]) -> Iterator[tuple[int, date, date]]:
    """Personal nodes that reach outside coverage, by day and the day of joining."""
    for number, day in looks:
        if is_gap_personal(draft, number, day):
            for cohort in draft.setting.cohorts:
                if reads_outside_coverage(draft, number, day, cohort):
                    yield number, day, cohort
