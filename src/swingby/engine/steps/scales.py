"""What an earning gives: scales as exact expressions, and the recomputed earnings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from swingby.engine.building import not_computed
from swingby.engine.graph import ScaledNode
from swingby.engine.plan import Draft
from swingby.engine.predicates import Row, house, value_sql
from swingby.engine.sql import Column, statement
from swingby.engine.steps.columns import by_node
from swingby.engine.steps.reading import asks, is_fraction, read_densely
from swingby.program.blocks import Scale, Value
from swingby.program.model import Earning

#: What a partner's own columns are called where rules say ``by: organization.region`` and the like.
SCOPE_COLUMNS: Mapping[str, str] = {
    "organization.country": "country",
    "organization.region": "region",
    "enrolment.joined_on": "joined_on",
}

RECOMPUTED = """
SELECT b.node, b.e, b.d, b.before_gate, b.before_cap,
       CASE WHEN b.cap IS NULL THEN b.before_cap ELSE LEAST(b.before_cap, b.cap) END AS value,
       b.state
FROM (
  SELECT p.node, p.e, p.d, p.before_gate, {cap} AS cap,
         CASE WHEN g.gate IS NOT NULL AND p.result <> 1 THEN CAST(0 AS DECIMAL(38, 12)) ELSE p.before_gate END
           AS before_cap,
         CASE WHEN p.state = 2 OR p.result = 2 THEN 2 ELSE 0 END AS state
  FROM {amounts} AS p
  JOIN scope AS s ON s.e = p.e
  LEFT JOIN {gates} AS g ON g.node = p.node
) AS b
"""

AMOUNTS = """
SELECT p.node, p.e, p.d, p.state, q.result,
       CASE WHEN p.state = 1 THEN CAST(0 AS DECIMAL(38, 12))
            ELSE GREATEST(COALESCE({amount}, 0), 0) END AS before_gate
FROM {read} AS p
JOIN scope AS s ON s.e = p.e
LEFT JOIN {gates} AS g ON g.node = p.node
LEFT JOIN {results} AS q ON q.node = g.gate AND q.e = p.e AND q.d = p.d
"""

FINISHED = """
SELECT p.node, p.e, p.d, p.before_gate, p.before_cap, {rounded} AS value, {rounded} AS num,
       CAST(1 AS DECIMAL(38, 12)) AS den, p.state
FROM {capped} AS p
"""

NO_RESULTS = """
SELECT node, e, d, result FROM (SELECT 0 AS node, 0 AS e, CAST('2000-01-01' AS DATE) AS d, 0 AS result) AS none
WHERE node < 0
"""


def scope_row(alias: str, day: exp.Expr) -> Row:
    """A partner as the row in hand of values and thresholds."""

    def column(name: str) -> exp.Expr | None:
        found = SCOPE_COLUMNS.get(name)
        return exp.column(found, alias) if found else None

    return Row(column, day)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number to be scaled: its value, or numerator and denominator where it keeps them."""

    value: exp.Expr
    num: exp.Expr
    den: exp.Expr
    is_fraction: bool = False


def scale_sql(draft: Draft, scale: Scale, amount: Amount, row: Row) -> exp.Expr:
    """What a scale gives for an amount; divisions come last and only once."""
    writers = {"rate": _rate, "full": _full, "steps": _steps, "bands": _bands}
    return writers[scale.kind](draft, scale, amount, row)


def _rate(draft: Draft, scale: Scale, x: Amount, row: Row) -> exp.Expr:
    rate = _value(draft, scale.value, row)
    if scale.per is None:
        return (
            house("ratio", house("multiply", x.num, rate), x.den) if x.is_fraction else house("multiply", x.value, rate)
        )
    per = _value(draft, scale.per, row)
    divisor = house("multiply", x.den, per) if x.is_fraction else per
    if scale.whole:
        return house("multiply", house("floor_units", x.num, divisor), rate)
    return house("ratio", house("multiply", x.num, rate), divisor)


def _full(draft: Draft, scale: Scale, x: Amount, row: Row) -> exp.Expr:
    full, at = _value(draft, scale.value, row), _value(draft, scale.at, row)
    goal = house("multiply", at, x.den) if x.is_fraction else at
    return statement(
        "CASE WHEN {goal} <= 0 THEN NULL WHEN {num} >= {goal} THEN {full} ELSE ratio(multiply({num}, {full}), {goal}) END",
        num=x.num,
        goal=goal,
        full=full,
    )


def _steps(draft: Draft, scale: Scale, x: Amount, row: Row) -> exp.Expr:
    case = exp.Case()
    for bound, value in reversed(scale.steps):
        line = _value(draft, bound, row)
        reached = (
            exp.GTE(this=house("compare_ratio", x.num, x.den, line), expression=exp.Literal.number(0))
            if x.is_fraction
            else exp.GTE(this=house("comparable", x.value), expression=line)
        )
        case = case.when(reached, _value(draft, value, row))
    return case


def _bands(draft: Draft, scale: Scale, x: Amount, row: Row) -> exp.Expr:
    bounds = [_value(draft, bound, row) for bound, _ in scale.steps]
    parts: list[exp.Expr] = []
    for index, (_, rate) in enumerate(scale.steps):
        upper = house("least_of", x.value, bounds[index + 1]) if index + 1 < len(bounds) else x.value
        inside = statement("GREATEST({upper} - {lower}, 0)", upper=upper, lower=bounds[index])
        parts.append(house("multiply", inside, _value(draft, rate, row)))
    return sum_of(parts)


def sum_of(parts: Sequence[exp.Expr]) -> exp.Expr:
    """Expressions added up."""
    found = parts[0]
    for part in parts[1:]:
        found = exp.Add(this=found, expression=part)
    return exp.paren(found)


def _value(draft: Draft, value: Value | None, row: Row) -> exp.Expr:
    return house("quantity", exp.null()) if value is None else value_sql(draft.program, value, row)


def times_sql(draft: Draft, earning: Earning, amount: exp.Expr, row: Row) -> exp.Expr:
    """An amount multiplied by each of the earning's multipliers."""
    for factor in earning.times:
        amount = house("multiply", amount, value_sql(draft.program, factor, row))
    return amount


def rounded_sql(earning: Earning, amount: exp.Expr) -> exp.Expr:
    """An amount rounded as the earning says."""
    if earning.round is None:
        return amount
    step = exp.Literal.number(format(earning.round.to, "f"))
    return house("round_to", amount, step, exp.Literal.string(earning.round.mode))


# --- recomputed earnings --------------------------------------------------------------------------------------------


def add_recomputed(draft: Draft, numbers: Sequence[int], stratum: int) -> None:
    """Add the earnings that are based on a number."""
    nodes = {number: node for number in numbers if isinstance(node := draft.graph[number], ScaledNode)}
    name = f"s{stratum}_recomputed"
    read = read_densely(draft, name, asks(draft, {number: (node.number,) for number, node in nodes.items()}))
    gates = {number: node.gate.node for number, node in nodes.items() if node.gate}
    gate_table = draft.data(f"{name}_gates", (Column("node", "whole"), Column("gate", "whole")), tuple(gates.items()))
    results = draft.results_of(gates.values(), "node, e, d, result") if gates else statement(NO_RESULTS)
    row = scope_row("s", exp.column("d", "p"))
    amounts = draft.query(
        f"{name}_amounts",
        AMOUNTS,
        read=read,
        gates=gate_table,
        results=results,
        amount=by_node({number: _amount(draft, node, row) for number, node in nodes.items()}),
    )
    caps = by_node({number: _cap(draft, node.earning, row) for number, node in nodes.items()})
    capped = draft.query(f"{name}_capped", RECOMPUTED, amounts=amounts, gates=gate_table, cap=caps)
    rounded = by_node({number: rounded_sql(node.earning, exp.column("value", "p")) for number, node in nodes.items()})
    draft.put(nodes, draft.query(name, FINISHED, capped=capped, rounded=rounded))


def _amount(draft: Draft, node: ScaledNode, row: Row) -> exp.Expr:
    x = Amount(
        exp.column("value", "p"),
        exp.column("num", "p"),
        exp.column("den", "p"),
        is_fraction(draft.graph, node.number.node),
    )
    return times_sql(draft, node.earning, scale_sql(draft, node.earning.scale, x, row), row)


def _cap(draft: Draft, earning: Earning, row: Row) -> exp.Expr:
    if len(earning.cap) > 1 or any(cap.per or cap.at_least for cap in earning.cap):
        not_computed("a cap of this form on a recomputed earning", earning)
    return _value(draft, earning.cap[0].at_most if earning.cap else None, row)
