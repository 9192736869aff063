"""Numbers of each: the same number or requirement for one period, thing or cell at a time, then put together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from sqlglot import exp

from swingby.engine.coverage import is_gap_personal, reads_outside_coverage
from swingby.engine.graph import Dims
from swingby.engine.nodes import EachPeriodNode, EachThingNode, Input
from swingby.engine.plan import Draft
from swingby.engine.sql import Column, statement
from swingby.engine.steps.lists import EVEN, MEDIAN, TERM, add_counted
from swingby.engine.steps.members import Members, input_key
from swingby.engine.steps.period_looks import period_looks
from swingby.engine.steps.reading import is_zero_without_facts, with_gaps

Each = EachPeriodNode | EachThingNode

LOOK = (
    Column("node", "whole"),
    Column("d", "day"),
    Column("input", "whole"),
    Column("input_d", "day"),
    Column("only", "whole"),
    Column("only_d", "day"),
    Column("fallback", "quantity"),
    Column("incomplete", "truth"),
)
SINCE = (Column("since", "day"),)

#: One row per period, thing or cell that is chosen, with what the item is there; one of which it is not known whether
#: it is chosen spoils all.
READ = """
SELECT a.node, s.e, a.d, {keys}, 1 AS place, COALESCE(v.value, a.fallback) AS value,
       CASE WHEN {incomplete} OR {unsure} THEN 2 WHEN v.state IS NOT NULL THEN v.state
            WHEN a.fallback IS NULL THEN 1 ELSE 0 END AS state
FROM {looks} AS a
CROSS JOIN scope AS s
LEFT JOIN {items} AS v ON v.node = a.input AND v.e = s.e AND v.d = a.input_d AND {same_key}
"""
ONLY = """
LEFT JOIN {onlys} AS o ON o.node = a.only AND o.e = s.e AND o.d = a.only_d AND {only_key}
"""
ONLY_CHOSEN = "WHERE a.only IS NULL OR o.result <> 0"
OF_COHORT = "JOIN scope AS w ON w.e = s.e AND w.since = a.since\n"
OF_THINGS = "JOIN {things} AS s ON s.node = a.node AND s.d = a.d"

#: Requirements as numbers: 1 where they hold.
AS_NUMBERS = """
SELECT q.node, q.e, q.d, {keys}, CAST(CASE WHEN q.result = 1 THEN 1 ELSE 0 END AS DECIMAL(38, 12)) AS value,
       CASE WHEN q.result = 2 THEN 2 ELSE 0 END AS state
FROM {results} AS q
"""
NO_ITEMS = """
SELECT node, e, d, k, value, state
FROM (SELECT 0 AS node, 0 AS e, CAST('2000-01-01' AS DATE) AS d, '' AS k, CAST(0 AS DECIMAL(38, 12)) AS value,
             0 AS state) AS none
WHERE node < 0
"""


def add_periods(group: Members, stratum: int) -> None:
    """Add numbers of each period."""
    draft = group.draft
    plain = [number for number in group.numbers if _is_plain_count(draft, number)]
    personal = [number for number in group.numbers if draft.is_personal(number)]
    rest = [number for number in group.numbers if number not in {*plain, *personal}]
    if plain:
        name = group.name(f"s{stratum}_period_counts")
        looks, inputs = period_looks(draft, plain, name)
        add_counted(group, plain, looks, inputs, name)
    for numbers, name in ((rest, "periods"), (personal, "own_periods")):
        if numbers:
            _add_each(group, numbers, group.name(f"s{stratum}_{name}"))


def _is_plain_count(draft: Draft, number: int) -> bool:
    node = draft.graph[number]
    plain = isinstance(node, EachPeriodNode) and node.of_requirement and node.item is not None and node.only is None
    return plain and not draft.is_personal(number)


def add_things(group: Members, stratum: int) -> None:
    """Add numbers of each thing or cell; whether there are cells or things, and which, is one relation for each."""
    by_dims: dict[Dims, list[int]] = {}
    for number in group.numbers:
        node = group.draft.graph[number]
        if isinstance(node, EachThingNode):
            by_dims.setdefault(inner_dims(group.draft, number), []).append(number)
    for place, (dims, numbers) in enumerate(sorted(by_dims.items())):
        _add_each(group, numbers, group.name(f"s{stratum}_things{place}"), inner=dims)


def inner_dims(draft: Draft, number: int) -> Dims:
    """What the items of a number of each are split by: what it is split by itself, and the thing."""
    node = draft.graph[number]
    if not isinstance(node, EachThingNode):
        raise TypeError(number)
    return tuple(sorted({*draft.graph.dims_of(number), node.thing}))


def _add_each(group: Members, numbers: Sequence[int], name: str, *, inner: Dims | None = None) -> None:
    read = _read(group, numbers, name, inner)
    medians = [number for number in numbers if _each(group.draft, number).aggregate == "median"]
    folded = [number for number in numbers if number not in medians]
    if medians:
        chosen = statement(
            "SELECT r.* FROM {read} AS r WHERE {inside}", read=read, inside=exp.column("node", "r").isin(*medians)
        )
        found = group.draft.query(f"{name}_medians", MEDIAN, read=chosen, keys=group.keys("m"), inner=group.keys("r"))
        group.draft.put(medians, found)
    if folded:
        terms = group.draft.data(f"{name}_terms", TERM, (_term(group.draft, number) for number in folded))
        keys, within = group.keys("f"), group.keys("r")
        query = group.draft.query(name, EVEN, read=read, terms=terms, same_day=exp.true(), keys=keys, inner=within)
        group.draft.put(folded, query)


def _each(draft: Draft, number: int) -> Each:
    node = draft.graph[number]
    if not isinstance(node, EachPeriodNode | EachThingNode):
        raise TypeError(number)
    return node


def _term(draft: Draft, number: int) -> tuple[object, ...]:
    aggregate = _each(draft, number).aggregate
    return (number, 1, "sum" if aggregate == "count" else aggregate, Decimal(1), True)


# --- reading items --------------------------------------------------------------------------------------------------


def _read(group: Members, numbers: Sequence[int], name: str, inner: Dims | None) -> str:
    draft = group.draft
    is_personal = inner is None and draft.is_personal(numbers[0])
    rows = [row for number in numbers for row in _looks(draft, number)]
    looks = draft.data(f"{name}_looks", (*LOOK, *(SINCE if is_personal else ())), rows)
    items = sorted({int(row[2]) for row in rows if row[2] is not None})  # type: ignore[call-overload]
    onlys = sorted({int(row[4]) for row in rows if row[4] is not None})  # type: ignore[call-overload]
    dims, key = (inner, exp.column("inner_k", "s")) if inner else (group.dims, exp.column("k", "s"))
    text, who = _who(group, numbers, inner)
    gaps, parts = with_gaps(draft, name, {(int(row[2]), row[3]) for row in rows if row[2] is not None})  # type: ignore[call-overload, misc]
    more: dict[str, exp.Expr | str | Sequence[exp.Expr]] = {**parts, **who, "unsure": exp.false()}
    text += (OF_COHORT if is_personal else "") + gaps
    if onlys:
        text += ONLY + ONLY_CHOSEN
        more["unsure"] = statement("COALESCE(o.result, 0) = 2")
        more["onlys"] = draft.results_of(onlys, "node, e, d, result", keyed=True)
        more["only_key"] = input_key(draft, key, dims, of="o", inputs=onlys, rule="a.only") if dims else exp.true()
    same_key = input_key(draft, key, dims, of="v", inputs=items, rule="a.input") if dims and items else exp.true()
    return draft.query(
        f"{name}_read",
        text,
        looks=looks,
        items=as_numbers(draft, items),
        same_key=same_key,
        keys=group.keys("s"),
        **more,
    )


def _who(group: Members, numbers: Sequence[int], inner: Dims | None) -> tuple[str, Mapping[str, exp.Expr]]:
    if inner is None:
        return group.text(READ), group.who()
    text = READ.replace("CROSS JOIN scope AS s", OF_THINGS)
    names = sorted({group.draft.things[number] for number in numbers})
    parts = " UNION ALL ".join(f"SELECT * FROM {name}" for name in names)
    return text, {"things": statement(parts) if len(names) == 1 else statement(f"({parts})")}


def as_numbers(draft: Draft, items: Sequence[int]) -> exp.Expr:
    """The items' results as numbers: node, e, d, k, value, state."""
    numbers = [item for item in items if _is_number(draft, item)]
    requirements = [item for item in items if item not in numbers]
    parts = []
    if numbers:
        parts.append(draft.results_of(numbers, "node, e, d, value, state", keyed=True))
    if requirements:
        results = draft.results_of(requirements, "node, e, d, result", keyed=True)
        parts.append(statement(AS_NUMBERS, results=results, keys=[exp.column("k", "q")]))
    if not parts:
        return statement(NO_ITEMS)
    if len(parts) == 1:
        return parts[0]
    texts = (
        "SELECT node, e, d, value, state, k FROM {a} AS a UNION ALL SELECT node, e, d, value, state, k FROM {b} AS b"
    )
    return statement(texts, a=parts[0], b=parts[1])


def _is_number(draft: Draft, number: int) -> bool:
    from swingby.engine.nodes import NUMBERS

    return isinstance(draft.graph[number], NUMBERS)


def _looks(draft: Draft, number: int) -> Iterator[tuple[object, ...]]:
    if isinstance(draft.graph[number], EachPeriodNode):
        yield from _looks_of_periods(draft, number)
        return
    looked = _Looked(draft, number)
    for day in draft.demand.days(number):
        yield (number, day, *looked[day])


def _looks_of_periods(draft: Draft, number: int) -> Iterable[tuple[object, ...]]:
    node = draft.graph[number]
    if not isinstance(node, EachPeriodNode):
        return
    looked = _Looked(draft, number)
    if not draft.is_personal(number):
        for day in draft.demand.days(number):
            for look in draft.clock.looks(node.unit, node.window, day):
                yield (number, day, *looked[look])
        return
    for cohort in draft.setting.cohorts:
        clock = draft.clock_of(cohort)
        for day in draft.demand.days_of(number, cohort):
            for look in clock.looks(node.unit, node.window, day):
                yield (number, day, *looked[look], cohort)


class _Looked(dict[date, tuple[object, ...]]):
    """What is read of an item on a day that is looked at; the windows of many days look at the same ones."""

    def __init__(self, draft: Draft, number: int) -> None:
        super().__init__()
        self._draft, self._number, self._node = draft, number, _each(draft, number)

    def __missing__(self, look: date) -> tuple[object, ...]:
        item, item_day = _shifted(self._draft, self._number, self._node.item, look)
        only, only_day = _shifted(self._draft, self._number, self._node.only, look)
        self[look] = (item, item_day, only, only_day, *without(self._draft, item, item_day))
        return self[look]


def _shifted(draft: Draft, number: int, item: Input | None, look: date) -> tuple[int | None, date | None]:
    if item is None:
        return None, None
    return draft.input_of(number, item), draft.clock.shifted(look, item.shift)


def without(draft: Draft, item: int | None, day: date | None) -> tuple[int | None, bool]:
    """What an item is worth where it has no row, and whether it reaches outside coverage."""
    if item is None or day is None:
        return 1, False
    if not _is_number(draft, item):
        return 0, False
    incomplete = not is_gap_personal(draft, item, day) and reads_outside_coverage(draft, item, day)
    return 0 if is_zero_without_facts(draft.graph, item) else None, incomplete
