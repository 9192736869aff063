"""Numbers put together in a list, values as numbers, and a number's own cap, rounding and answer to *undefined*."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from sqlglot import exp

from swingby.engine.nodes import ConstantNode, FinishedNode, ListNode
from swingby.engine.plan import Draft
from swingby.engine.predicates import Row, fixed_value, house, value_sql
from swingby.engine.sql import Column, statement
from swingby.engine.steps.beside import with_needs
from swingby.engine.steps.members import Members
from swingby.engine.steps.reading import Ask, asks, dense_rows, read_densely
from swingby.engine.steps.scales import scope_row
from swingby.program.blocks import Constant, Value

TERM = (
    Column("node", "whole"),
    Column("place", "whole"),
    Column("operation", "text"),
    Column("factor", "quantity"),
    Column("leaves_out", "truth"),
)
TERM_OF_DAY = (*TERM, Column("d", "day"))

#: Sums, differences, averages, least and greatest of a list or of each period or thing. What is undefined is left out
#: of an average and of anything *of each*; in any other list it makes the whole undefined.
FOLDED = """
SELECT f.node, f.e, f.d, {keys},
       CASE f.operation WHEN 'average' THEN ratio(f.total, f.weight) WHEN 'least' THEN f.low
                        WHEN 'greatest' THEN f.high ELSE COALESCE(f.total, 0) END AS value,
       CASE f.operation WHEN 'least' THEN f.low WHEN 'greatest' THEN f.high ELSE COALESCE(f.total, 0) END AS num,
       CASE f.operation WHEN 'average' THEN f.weight ELSE CAST(1 AS DECIMAL(38, 12)) END AS den,
       CASE WHEN f.operation = 'average' AND f.used = 0 THEN 1
            WHEN f.worst = 2 AND f.undefined = 0 THEN 2
            WHEN f.operation = 'average' THEN CASE WHEN f.worst = 2 THEN 2 WHEN f.weight = 0 THEN 1 ELSE 0 END
            WHEN f.leaves_out THEN CASE WHEN f.worst = 2 THEN 2
                                        WHEN f.operation = 'sum' OR f.used > 0 THEN 0 ELSE 1 END
            WHEN f.undefined > 0 THEN 1
            ELSE 0 END AS state
FROM (
  SELECT r.node, r.e, r.d, {inner}, t.operation, t.leaves_out,
         CAST(SUM(CASE WHEN r.state = 1 THEN NULL ELSE multiply(r.value, t.factor) END) AS DECIMAL(38, 12)) AS total,
         CAST(SUM(CASE WHEN r.state = 1 THEN 0 ELSE t.factor END) AS DECIMAL(38, 12)) AS weight,
         MIN(CASE WHEN r.state <> 1 THEN r.value END) AS low, MAX(CASE WHEN r.state <> 1 THEN r.value END) AS high,
         MAX(CASE WHEN t.operation = 'average' AND t.factor = 0 THEN 0 ELSE r.state END) AS worst,
         SUM(CASE WHEN r.state = 1 THEN 1 ELSE 0 END) AS undefined,
         SUM(CASE WHEN r.state <> 1 AND t.factor <> 0 THEN 1 ELSE 0 END) AS used
  FROM {read} AS r
  JOIN {terms} AS t ON t.node = r.node AND t.place = r.place AND {same_day}
  GROUP BY r.node, r.e, r.d, {inner}, t.operation, t.leaves_out
) AS f
"""

#: The same where every item counts once.
EVEN = FOLDED.replace("multiply(r.value, t.factor)", "r.value").replace("t.factor", "1")

#: Sums of items that count once.
SUMS = """
SELECT f.node, f.e, f.d, {keys}, COALESCE(f.total, 0) AS value, COALESCE(f.total, 0) AS num,
       CAST(1 AS DECIMAL(38, 12)) AS den, CASE WHEN f.undefined > 0 THEN 1 ELSE f.worst END AS state
FROM (
  SELECT r.node, r.e, r.d, {inner}, CAST(SUM(CASE WHEN r.state <> 1 THEN r.value END) AS DECIMAL(38, 12)) AS total,
         COUNT(CASE WHEN r.state = 1 THEN 1 END) AS undefined, MAX(r.state) AS worst
  FROM {read} AS r
  GROUP BY r.node, r.e, r.d, {inner}
) AS f
"""

#: Items beside their weights, where these are numbers.
WEIGHED = """
SELECT r.*, CASE WHEN w.node IS NULL THEN NULL WHEN w.state = 0 THEN w.value ELSE 0 END AS weight
FROM {read} AS r
LEFT JOIN {read} AS w ON w.node = r.node AND w.e = r.e AND w.d = r.d AND w.place = r.place + {far} AND {same_key}
"""
FAR = 1000

#: The middle one, or the mean of the middle two; what is undefined is left out.
MEDIAN = """
SELECT m.node, m.e, m.d, {keys}, ratio(SUM(m.value), COUNT(*)) AS value, SUM(m.value) AS num,
       CAST(COUNT(*) AS DECIMAL(38, 12)) AS den, MAX(m.worst) AS state
FROM (
  SELECT r.node, r.e, r.d, {inner}, r.value, MAX(r.state) OVER (PARTITION BY r.node, r.e, r.d, {inner}) AS worst,
         ROW_NUMBER() OVER (PARTITION BY r.node, r.e, r.d, {inner} ORDER BY r.value, r.place) AS nth,
         COUNT(*) OVER (PARTITION BY r.node, r.e, r.d, {inner}) AS n
  FROM {read} AS r
  WHERE r.state <> 1
) AS m
WHERE 2 * m.nth BETWEEN m.n AND m.n + 2
GROUP BY m.node, m.e, m.d, {keys}
"""

#: Ratios and growth of two numbers; ``turn`` makes the denominator positive.
PAIRED = """
SELECT p.node, p.e, p.d, {keys},
       CASE p.operation WHEN 'ratio' THEN ratio(p.a, p.b) ELSE ratio(p.a - p.b, p.b) END AS value,
       CASE p.operation WHEN 'ratio' THEN p.a * p.turn ELSE (p.a - p.b) END AS num,
       p.b * p.turn AS den,
       CASE WHEN p.undefined > 0 THEN 1
            WHEN p.b_state = 0 AND p.operation = 'ratio' AND (p.b = 0 OR p.b < p.base) THEN 1
            WHEN p.b_state = 0 AND p.operation = 'growth' AND (p.b <= 0 OR p.b < p.base) THEN 1
            WHEN p.worst > 0 THEN 2
            ELSE 0 END AS state
FROM (
  SELECT r.node, r.e, r.d, {inner}, t.operation, MAX(CASE WHEN t.place = 1 THEN t.factor END) AS base,
         MAX(CASE WHEN r.place = 1 THEN r.value END) AS a, MAX(CASE WHEN r.place = 2 THEN r.value END) AS b,
         MAX(CASE WHEN r.place = 2 AND r.value < 0 THEN -1 WHEN r.place = 2 THEN 1 END) AS turn,
         MAX(CASE WHEN r.place = 2 THEN r.state END) AS b_state,
         SUM(CASE WHEN r.state = 1 THEN 1 ELSE 0 END) AS undefined, MAX(r.state) AS worst
  FROM {read} AS r
  JOIN {terms} AS t ON t.node = r.node AND t.place = r.place AND {same_day}
  GROUP BY r.node, r.e, r.d, {inner}, t.operation
) AS p
"""

#: A product of as many numbers as there are, each in its own column.
MULTIPLIED = """
SELECT p.node, p.e, p.d, {keys}, {product} AS value, {product} AS num, CAST(1 AS DECIMAL(38, 12)) AS den,
       CASE WHEN p.undefined > 0 THEN 1 ELSE p.worst END AS state
FROM (
  SELECT r.node, r.e, r.d, {inner}, {factors}, MAX(r.state) AS worst,
         SUM(CASE WHEN r.state = 1 THEN 1 ELSE 0 END) AS undefined
  FROM {read} AS r
  GROUP BY r.node, r.e, r.d, {inner}
) AS p
"""

COUNTED = """
SELECT a.node, q.e, a.d, {keys},
       CAST(SUM(CASE WHEN q.result = 1 THEN 1 ELSE 0 END) AS DECIMAL(38, 12)) AS value,
       CAST(SUM(CASE WHEN q.result = 1 THEN 1 ELSE 0 END) AS DECIMAL(38, 12)) AS num,
       CAST(1 AS DECIMAL(38, 12)) AS den,
       MAX(CASE WHEN q.result = 2 THEN 2 ELSE 0 END) AS state
FROM {asks} AS a
JOIN {results} AS q ON q.node = a.input AND q.d = a.input_d
GROUP BY a.node, q.e, a.d, {keys}
"""

#: The same where partners differ, or results stand under keys.
COUNTED_EACH = """
SELECT a.node, s.e, a.d, {keys},
       CAST(SUM(CASE WHEN q.result = 1 THEN 1 ELSE 0 END) AS DECIMAL(38, 12)) AS value,
       CAST(SUM(CASE WHEN q.result = 1 THEN 1 ELSE 0 END) AS DECIMAL(38, 12)) AS num,
       CAST(1 AS DECIMAL(38, 12)) AS den,
       MAX(CASE WHEN q.result = 2 THEN 2 ELSE 0 END) AS state
FROM {asks} AS a
CROSS JOIN scope AS s
JOIN {results} AS q ON q.node = a.input AND q.e = s.e AND q.d = a.input_d AND {same_key}
GROUP BY a.node, s.e, a.d, {keys}
"""

FINISHED = """
SELECT p.node, p.e, p.d, {keys}, p.given AS before_cap, {value} AS value, {value} AS num,
       CAST(1 AS DECIMAL(38, 12)) AS den, p.finished_state AS state
FROM (
  SELECT p.*,
         CASE WHEN p.state = 1 THEN {undefined} ELSE p.value END AS given,
         CASE WHEN p.state = 1 AND {undefined} IS NOT NULL THEN 0 ELSE p.state END AS finished_state
  FROM {read} AS p
  JOIN scope AS s ON s.e = p.e
) AS p
JOIN scope AS s ON s.e = p.e
"""

CONSTANTS = """
SELECT p.node, p.e, p.d, {keys}, {value} AS value, {value} AS num, CAST(1 AS DECIMAL(38, 12)) AS den,
       CASE WHEN {value} IS NULL THEN 1 ELSE 0 END AS state
FROM {rows} AS p
JOIN scope AS s ON s.e = p.e
"""
ASKED = "SELECT a.node, s.e, a.d, {keys} FROM {asks} AS a CROSS JOIN scope AS s"

REQUIREMENT_ASK = (
    Column("node", "whole"),
    Column("d", "day"),
    Column("input", "whole"),
    Column("input_d", "day"),
)


NODE_DAY = (Column("node", "whole"), Column("d", "day"))
_PAIRS = ("ratio", "growth")


def add_lists(group: Members, stratum: int) -> None:
    """Add numbers of a list."""
    draft = group.draft
    nodes = {number: node for number in group.numbers if isinstance(node := draft.graph[number], ListNode)}
    counted = [number for number, node in nodes.items() if node.of_requirements]
    paired = [number for number, node in nodes.items() if node.operation in _PAIRS]
    multiplied = [number for number, node in nodes.items() if node.operation == "product"]
    folded = [number for number in nodes if number not in {*counted, *paired, *multiplied}]
    if counted:
        rows = [
            (number, day, draft.input_of(number, item), draft.clock.shifted(day, item.shift))
            for number in counted
            for day in draft.demand.days(number)
            for item in nodes[number].items
        ]
        name = group.name(f"s{stratum}_list_counts")
        asked = draft.data(f"{name}_asks", REQUIREMENT_ASK, rows)
        add_counted(group, counted, asked, sorted({row[2] for row in rows}), name)
    if multiplied:
        _add_products(group, multiplied, group.name(f"s{stratum}_products"))
    if paired:
        _add_terms(group, paired, PAIRED, group.name(f"s{stratum}_pairs"))
    even = [number for number in folded if _is_even(nodes[number])]
    summed = [number for number in even if nodes[number].operation == "sum"]
    uneven = [number for number in folded if number not in even]
    even = [number for number in even if number not in summed]
    if summed:
        _add_sums(group, summed, group.name(f"s{stratum}_sums"))
    if even:
        _add_terms(group, even, EVEN, group.name(f"s{stratum}_lists"))
    if uneven:
        _add_terms(group, uneven, FOLDED, group.name(f"s{stratum}_weighed_lists"))


def _is_even(node: ListNode) -> bool:
    """True when every item counts once."""
    return node.operation != "difference" and not any((*node.weights, *node.weighed))


def _listed(group: Members, number: int) -> ListNode:
    node = group.draft.graph[number]
    if not isinstance(node, ListNode):
        raise TypeError(number)
    return node


def _add_products(group: Members, numbers: Sequence[int], name: str) -> None:
    draft = group.draft
    items = {number: _listed(group, number).items for number in numbers}
    read = dense_rows(group, name, asks(draft, items))
    most = max(len(listed) for listed in items.values())
    factors = [
        exp.alias_(
            statement("MAX(CASE WHEN r.place = {place} THEN r.value END)", place=exp.Literal.number(place)), f"x{place}"
        )
        for place in range(1, most + 1)
    ]
    product = draft.by_rule({number: _product(len(listed)) for number, listed in items.items()})
    keys, inner = group.keys("p"), group.keys("r")
    draft.put(
        numbers,
        draft.query(name, MULTIPLIED, read=read, factors=factors, product=product, keys=keys, inner=inner),
    )


def _product(count: int) -> exp.Expr:
    found: exp.Expr = exp.column("x1", "p")
    for place in range(2, count + 1):
        found = house("multiply", found, exp.column(f"x{place}", "p"))
    return found


def _add_sums(group: Members, numbers: Sequence[int], name: str) -> None:
    read = dense_rows(group, name, _asked(group, numbers))
    group.draft.put(numbers, group.draft.query(name, SUMS, read=read, keys=group.keys("f"), inner=group.keys("r")))


def _add_terms(group: Members, numbers: Sequence[int], text: str, name: str) -> None:
    draft = group.draft
    asked = list(_asked(group, numbers))
    if not any(_listed(group, number).weighed for number in numbers):
        read = dense_rows(group, name, asked)
    else:
        kept = read_densely(group, name, asked)
        read = statement(WEIGHED, read=kept, far=exp.Literal.number(FAR), same_key=group.same_key("w", "r"))
        text = text.replace("t.factor", "COALESCE(r.weight, t.factor)")
    by_day = any(_moves(_listed(group, number)) for number in numbers)
    rows = (row for number in numbers for row in _terms(draft, number, by_day=by_day))
    terms = draft.data(f"{name}_terms", TERM_OF_DAY if by_day else TERM, rows)
    same_day = statement("t.d = r.d") if by_day else exp.true()
    outer = group.keys("p" if text is PAIRED else "f")
    draft.put(
        numbers,
        draft.query(name, text, read=read, terms=terms, same_day=same_day, keys=outer, inner=group.keys("r")),
    )


def _asked(group: Members, numbers: Sequence[int]) -> Iterable[Ask]:
    """The items of lists and, far behind them, weights that are numbers."""
    yield from asks(group.draft, {number: _listed(group, number).items for number in numbers})
    for number in numbers:
        for place, weight in enumerate(_listed(group, number).weighed, start=FAR + 1):
            for day in group.draft.demand.days(number) if weight else ():
                if weight is not None:
                    yield Ask(number, day, place, weight)


def _moves(node: ListNode) -> bool:
    """True when weights or the base are not the same on all days."""
    values = [value for value in (node.base, *node.weights) if value is not None]
    return any(not isinstance(value, Constant) for value in values)


def _terms(draft: Draft, number: int, *, by_day: bool) -> Iterable[tuple[object, ...]]:
    node = draft.graph[number]
    if not isinstance(node, ListNode):
        return
    for day in draft.demand.days(number) if by_day else [max(draft.setting.asked)]:
        for place, weight in enumerate(node.weights, start=1):
            factor = _base(draft, node, day) if node.operation in _PAIRS else _factor(draft, node, place, weight, day)
            row = (number, place, node.operation, factor, False)
            yield (*row, day) if by_day else row


def _factor(draft: Draft, node: ListNode, place: int, weight: Value | None, day: date) -> Decimal:
    if node.operation == "difference" and place > 1:
        return Decimal(-1)
    if weight is None:
        return Decimal(1)
    found = fixed_value(draft.program, weight, day)
    return Decimal(0) if found is None else found


def _base(draft: Draft, node: ListNode, day: date) -> Decimal | None:
    return None if node.base is None else fixed_value(draft.program, node.base, day)


def add_counted(
    group: Members, numbers: Sequence[int], asked: str | exp.Expr, inputs: Sequence[int], name: str
) -> None:
    """Add numbers that count requirements which hold; asked are node, d, the requirement ``input`` and its day."""
    draft = group.draft
    keyed = any(draft.graph.dims_of(number) for number in inputs)
    results = draft.results_of(inputs, "node, e, d, result", keyed=keyed)
    if group.is_shared and not keyed:
        draft.put(numbers, draft.query(name, COUNTED, asks=asked, results=results, keys=[]))
        return
    same_key = group.input_key("q", "s", inputs, "a.input") if keyed else exp.true()
    draft.put(
        numbers,
        draft.query(
            name,
            group.text(COUNTED_EACH),
            asks=asked,
            results=results,
            same_key=same_key,
            keys=group.keys("s"),
            **group.who(),
        ),
    )


# --- constants, caps and rounding -----------------------------------------------------------------------------------


def node_days(draft: Draft, numbers: Iterable[int]) -> Iterable[tuple[object, ...]]:
    """Some nodes with the days on which they are needed."""
    return ((number, day) for number in numbers for day in draft.demand.days(number))


def add_constants(group: Members, stratum: int) -> None:
    """Add values that stand where a number stands."""
    draft = group.draft
    nodes = {number: node for number in group.numbers if isinstance(node := draft.graph[number], ConstantNode)}
    name = group.name(f"s{stratum}_constants")
    days = draft.data(f"{name}_days", NODE_DAY, node_days(draft, nodes))
    asked = statement(group.text(ASKED), asks=days, keys=group.keys("s"), **group.who())
    needs = {number: node.needs for number, node in nodes.items() if node.needs}
    rows = with_needs(draft, asked, needs, day=exp.column("d", "f"), dims=group.dims)
    cells = group.cells("p")
    values = {}
    for number, node in nodes.items():
        # the same name may mean another tier in another version, so that each value has its own needs
        row = scope_row("s", exp.column("d", "p"), needs=[node.needs], cells=cells)
        values[number] = house("quantity", value_sql(draft.program, node.value, row))
    draft.put(nodes, draft.query(name, CONSTANTS, rows=rows, value=draft.by_rule(values), keys=group.keys("p")))


def add_finished(group: Members, stratum: int) -> None:
    """Add numbers after their own cap, rounding and answer to *undefined*."""
    draft = group.draft
    nodes = {number: node for number in group.numbers if isinstance(node := draft.graph[number], FinishedNode)}
    name = group.name(f"s{stratum}_finished")
    read = dense_rows(group, name, asks(draft, {number: (node.number,) for number, node in nodes.items()}))
    needs = {number: node.needs for number, node in nodes.items() if node.needs}
    beside = with_needs(draft, read, needs, day=exp.column("d", "f"), dims=group.dims)
    row = scope_row("s", exp.column("d", "p"), needs=needs.values(), cells=group.cells("p"))
    undefined = draft.by_rule({number: _undefined(draft, node, row) for number, node in nodes.items()})
    value = draft.by_rule({number: _finished(draft, node, row) for number, node in nodes.items()})
    draft.put(nodes, draft.query(name, FINISHED, read=beside, undefined=undefined, value=value, keys=group.keys("p")))


def _undefined(draft: Draft, node: FinishedNode, row: Row) -> exp.Expr:
    if node.undefined is None:
        return statement("CAST(NULL AS DECIMAL(38, 12))")
    return house("quantity", value_sql(draft.program, node.undefined, row))


def _finished(draft: Draft, node: FinishedNode, row: Row) -> exp.Expr:
    value: exp.Expr = exp.column("given", "p")
    if node.floor is not None:
        low = value_sql(draft.program, node.floor, row)
        value = statement("CASE WHEN {low} > {value} THEN {low} ELSE {value} END", low=low, value=value)
    if node.cap is not None:
        cap = value_sql(draft.program, node.cap, row)
        value = statement("CASE WHEN {cap} < {value} THEN {cap} ELSE {value} END", cap=cap, value=value)
    if node.round is not None:
        step = exp.Literal.number(format(node.round.to, "f"))
        value = house("round_to", value, step, exp.Literal.string(node.round.mode))
    return value
