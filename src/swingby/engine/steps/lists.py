"""Numbers put together: of a list, of each period, and a number's own cap, rounding and answer to *undefined*."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from sqlglot import exp

from swingby.engine.building import not_computed
from swingby.engine.graph import ConstantNode, EachPeriodNode, FinishedNode, Input, ListNode
from swingby.engine.plan import Draft
from swingby.engine.predicates import fixed_value, house, value_sql
from swingby.engine.sql import Column, statement
from swingby.engine.steps.columns import by_node
from swingby.engine.steps.reading import Ask, asks, read_densely
from swingby.engine.steps.scales import scope_row

TERM = (
    Column("node", "whole"),
    Column("place", "whole"),
    Column("operation", "text"),
    Column("factor", "quantity"),
    Column("leaves_out", "truth"),
)

#: Sums, differences, averages, least and greatest of a list or of each period. What is undefined is left out of an
#: average and of anything *of each*; in any other list it makes the whole undefined.
FOLDED = """
SELECT f.node, f.e, f.d,
       CASE f.operation WHEN 'average' THEN ratio(f.total, f.weight) WHEN 'least' THEN f.low
                        WHEN 'greatest' THEN f.high ELSE COALESCE(f.total, 0) END AS value,
       CASE f.operation WHEN 'least' THEN f.low WHEN 'greatest' THEN f.high ELSE COALESCE(f.total, 0) END AS num,
       CASE f.operation WHEN 'average' THEN f.weight ELSE CAST(1 AS DECIMAL(38, 12)) END AS den,
       CASE WHEN f.worst = 2 THEN 2
            WHEN f.operation = 'average' THEN CASE WHEN f.weight > 0 THEN 0 ELSE 1 END
            WHEN f.leaves_out THEN CASE WHEN f.operation = 'sum' OR f.weight > 0 THEN 0 ELSE 1 END
            ELSE f.worst END AS state
FROM (
  SELECT r.node, r.e, r.d, t.operation, t.leaves_out,
         CAST(SUM(CASE WHEN r.state = 1 THEN NULL ELSE multiply(r.value, t.factor) END) AS DECIMAL(38, 12)) AS total,
         CAST(SUM(CASE WHEN r.state = 1 THEN 0 ELSE t.factor END) AS DECIMAL(38, 12)) AS weight,
         MIN(r.value) AS low, MAX(r.value) AS high, MAX(r.state) AS worst
  FROM {read} AS r
  JOIN {terms} AS t ON t.node = r.node AND t.place = r.place
  GROUP BY r.node, r.e, r.d, t.operation, t.leaves_out
) AS f
"""

#: The middle one, or the mean of the middle two; what is undefined is left out.
MEDIAN = """
SELECT m.node, m.e, m.d, ratio(SUM(m.value), COUNT(*)) AS value, SUM(m.value) AS num,
       CAST(COUNT(*) AS DECIMAL(38, 12)) AS den, MAX(m.worst) AS state
FROM (
  SELECT r.node, r.e, r.d, r.value, MAX(r.state) OVER (PARTITION BY r.node, r.e, r.d) AS worst,
         ROW_NUMBER() OVER (PARTITION BY r.node, r.e, r.d ORDER BY r.value, r.place) AS nth,
         COUNT(*) OVER (PARTITION BY r.node, r.e, r.d) AS n
  FROM {read} AS r
  WHERE r.state <> 1
) AS m
WHERE 2 * m.nth BETWEEN m.n AND m.n + 2
GROUP BY m.node, m.e, m.d
"""

#: Products, ratios and growth of two numbers.
PAIRED = """
SELECT p.node, p.e, p.d,
       CASE p.operation WHEN 'product' THEN multiply(p.a, p.b)
                        WHEN 'ratio' THEN ratio(p.a, p.b) ELSE ratio(p.a - p.b, p.b) END AS value,
       CASE p.operation WHEN 'product' THEN multiply(p.a, p.b)
                        WHEN 'ratio' THEN p.a * p.turn ELSE (p.a - p.b) END AS num,
       CASE p.operation WHEN 'product' THEN CAST(1 AS DECIMAL(38, 12)) ELSE p.b * p.turn END AS den,
       CASE WHEN p.worst > 0 THEN p.worst
            WHEN p.operation = 'ratio' AND (p.b = 0 OR p.b < p.base) THEN 1
            WHEN p.operation = 'growth' AND (p.b <= 0 OR p.b < p.base) THEN 1
            ELSE 0 END AS state
FROM (
  SELECT r.node, r.e, r.d, t.operation, MAX(CASE WHEN t.place = 1 THEN t.factor END) AS base,
         MAX(CASE WHEN r.place = 1 THEN r.value END) AS a, MAX(CASE WHEN r.place = 2 THEN r.value END) AS b,
         MAX(CASE WHEN r.place = 2 AND r.value < 0 THEN -1 WHEN r.place = 2 THEN 1 END) AS turn,
         MAX(r.state) AS worst
  FROM {read} AS r
  JOIN {terms} AS t ON t.node = r.node AND t.place = r.place
  GROUP BY r.node, r.e, r.d, t.operation
) AS p
"""

COUNTED = """
SELECT g.node, q.e, g.d,
       CAST(SUM(CASE WHEN q.result = 1 THEN 1 ELSE 0 END) AS DECIMAL(38, 12)) AS value,
       CAST(SUM(CASE WHEN q.result = 1 THEN 1 ELSE 0 END) AS DECIMAL(38, 12)) AS num,
       CAST(1 AS DECIMAL(38, 12)) AS den,
       MAX(CASE WHEN q.result = 2 THEN 2 ELSE 0 END) AS state
FROM {asks} AS g
JOIN {results} AS q ON q.node = g.input AND q.d = g.input_d
GROUP BY g.node, q.e, g.d
"""

FINISHED = """
SELECT p.node, p.e, p.d, p.given AS before_cap, {value} AS value, {value} AS num, CAST(1 AS DECIMAL(38, 12)) AS den,
       p.state
FROM (
  SELECT p.node, p.e, p.d,
         CASE WHEN p.state = 1 THEN {undefined} ELSE p.value END AS given,
         CASE WHEN p.state = 1 AND {undefined} IS NOT NULL THEN 0 ELSE p.state END AS state
  FROM {read} AS p
  JOIN scope AS s ON s.e = p.e
) AS p
JOIN scope AS s ON s.e = p.e
"""

CONSTANTS = """
SELECT p.node, s.e, p.d, {value} AS value, {value} AS num, CAST(1 AS DECIMAL(38, 12)) AS den,
       CASE WHEN {value} IS NULL THEN 1 ELSE 0 END AS state
FROM {days} AS p
CROSS JOIN scope AS s
"""

#: The places of a product, a ratio or a growth.
PAIR = (1, 2)

REQUIREMENT_ASK = (
    Column("node", "whole"),
    Column("d", "day"),
    Column("input", "whole"),
    Column("input_d", "day"),
)


def add_lists(draft: Draft, numbers: Sequence[int], stratum: int) -> None:
    """Add numbers of a list."""
    nodes = {number: node for number in numbers if isinstance(node := draft.graph[number], ListNode)}
    counted = [number for number, node in nodes.items() if node.of_requirements]
    paired = [number for number, node in nodes.items() if node.operation in ("product", "ratio", "growth")]
    folded = [number for number in nodes if number not in counted and number not in paired]
    if counted:
        rows = (
            (number, day, item.node, draft.clock.shifted(day, item.shift))
            for number in counted
            for day in draft.demand.days[number]
            for item in nodes[number].items
        )
        _add_counted(draft, counted, rows, f"s{stratum}_list_counts")
    if paired:
        _add_terms(draft, paired, PAIRED, f"s{stratum}_pairs")
    if folded:
        _add_terms(draft, folded, FOLDED, f"s{stratum}_lists")


def _add_terms(draft: Draft, numbers: Sequence[int], text: str, name: str) -> None:
    inputs: dict[int, Sequence[Input]] = {number: draft.graph[number].inputs for number in numbers}
    read = read_densely(draft, name, asks(draft, inputs))
    terms = draft.data(f"{name}_terms", TERM, (row for number in numbers for row in _terms(draft, number)))
    draft.put(numbers, draft.query(name, text, read=read, terms=terms))


def _terms(draft: Draft, number: int) -> Iterable[tuple[object, ...]]:
    node = draft.graph[number]
    if not isinstance(node, ListNode):
        return
    paired = node.operation in ("product", "ratio", "growth")
    if paired and len(node.items) != len(PAIR):
        not_computed(f"a {node.operation} of {len(node.items)} numbers", draft.program)
    for place, weight in enumerate(node.weights, start=1):
        factor = _base(draft, node) if paired else _factor(draft, node, place, weight)
        yield (number, place, node.operation, factor, False)


def _factor(draft: Draft, node: ListNode, place: int, weight: object) -> Decimal:
    if node.operation == "difference" and place > 1:
        return Decimal(-1)
    if weight is None:
        return Decimal(1)
    day = max(draft.setting.asked)
    found = fixed_value(draft.program, weight, day)  # type: ignore[arg-type]
    return Decimal(0) if found is None else found


def _base(draft: Draft, node: ListNode) -> Decimal | None:
    return None if node.base is None else fixed_value(draft.program, node.base, max(draft.setting.asked))


# --- of each period -------------------------------------------------------------------------------------------------


def add_periods(draft: Draft, numbers: Sequence[int], stratum: int) -> None:
    """Add numbers of each period."""
    nodes = {number: node for number in numbers if isinstance(node := draft.graph[number], EachPeriodNode)}
    counted = [number for number, node in nodes.items() if node.of_requirement]
    medians = [number for number, node in nodes.items() if node.aggregate == "median" and not node.of_requirement]
    folded = [number for number in nodes if number not in counted and number not in medians]
    if medians:
        name = f"s{stratum}_medians"
        read = read_densely(draft, name, _period_asks(draft, medians))
        draft.put(medians, draft.query(name, MEDIAN, read=read))
    if counted:
        rows = (
            (ask.node, ask.day, ask.number.node, draft.clock.shifted(look, ask.number.shift))
            for ask, look in _looks(draft, counted)
        )
        _add_counted(draft, counted, rows, f"s{stratum}_period_counts")
    if folded:
        _add_folded_periods(draft, folded, f"s{stratum}_periods")


def _looks(draft: Draft, numbers: Sequence[int]) -> Iterable[tuple[Ask, date]]:
    for number in numbers:
        node = draft.graph[number]
        if isinstance(node, EachPeriodNode):
            for day in draft.demand.days[number]:
                for place, look in enumerate(draft.clock.looks(node.unit, node.window, day), start=1):
                    yield Ask(number, day, place, node.item), look


def _add_counted(draft: Draft, numbers: Sequence[int], rows: Iterable[tuple[object, ...]], name: str) -> None:
    asked = draft.data(f"{name}_asks", REQUIREMENT_ASK, rows)
    inputs = {item.node for number in numbers for item in draft.graph[number].inputs}
    results = draft.results_of(inputs, "node, e, d, result")
    draft.put(numbers, draft.query(name, COUNTED, asks=asked, results=results))


def _period_asks(draft: Draft, numbers: Sequence[int]) -> Iterable[Ask]:
    return (Ask(ask.node, ask.day, ask.place, ask.number, look) for ask, look in _looks(draft, numbers))


def _add_folded_periods(draft: Draft, numbers: Sequence[int], name: str) -> None:
    read = read_densely(draft, name, _period_asks(draft, numbers))
    terms = draft.data(f"{name}_terms", TERM, _period_terms(draft, numbers))
    draft.put(numbers, draft.query(name, FOLDED, read=read, terms=terms))


def _period_terms(draft: Draft, numbers: Sequence[int]) -> Iterable[tuple[object, ...]]:
    most = max((ask.place for ask, _ in _looks(draft, numbers)), default=0)
    for number in numbers:
        node = draft.graph[number]
        if isinstance(node, EachPeriodNode):
            for place in range(1, most + 1):
                yield (number, place, node.aggregate, Decimal(1), True)


# --- constants, caps and rounding -----------------------------------------------------------------------------------


def add_constants(draft: Draft, numbers: Sequence[int], stratum: int) -> None:
    """Add values that stand where a number stands."""
    nodes = {number: node for number in numbers if isinstance(node := draft.graph[number], ConstantNode)}
    name = f"s{stratum}_constants"
    days = draft.data(
        f"{name}_days",
        (Column("node", "whole"), Column("d", "day")),
        ((number, day) for number in nodes for day in draft.demand.days[number]),
    )
    row = scope_row("s", exp.column("d", "p"))
    value = by_node(
        {number: house("quantity", value_sql(draft.program, node.value, row)) for number, node in nodes.items()}
    )
    draft.put(nodes, draft.query(name, CONSTANTS, days=days, value=value))


def add_finished(draft: Draft, numbers: Sequence[int], stratum: int) -> None:
    """Add numbers after their own cap, rounding and answer to *undefined*."""
    nodes = {number: node for number in numbers if isinstance(node := draft.graph[number], FinishedNode)}
    name = f"s{stratum}_finished"
    read = read_densely(draft, name, asks(draft, {number: (node.number,) for number, node in nodes.items()}))
    row = scope_row("s", exp.column("d", "p"))
    undefined = by_node(
        {
            number: house("quantity", value_sql(draft.program, node.undefined, row)) if node.undefined else _nothing()
            for number, node in nodes.items()
        }
    )
    value = by_node({number: _finished(draft, node) for number, node in nodes.items()})
    draft.put(nodes, draft.query(name, FINISHED, read=read, undefined=undefined, value=value))


def _nothing() -> exp.Expr:
    return statement("CAST(NULL AS DECIMAL(38, 12))")


def _finished(draft: Draft, node: FinishedNode) -> exp.Expr:
    row = scope_row("s", exp.column("d", "p"))
    value: exp.Expr = exp.column("given", "p")
    if node.cap is not None:
        cap = value_sql(draft.program, node.cap, row)
        value = statement("CASE WHEN {cap} < {value} THEN {cap} ELSE {value} END", cap=cap, value=value)
    if node.round is not None:
        step = exp.Literal.number(format(node.round.to, "f"))
        value = house("round_to", value, step, exp.Literal.string(node.round.mode))
    return value
