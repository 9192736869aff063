"""What an earning gives: scales as exact expressions, and the recomputed earnings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlglot import exp

from swingby.engine.nodes import Needs, ScaledNode
from swingby.engine.place import not_computed
from swingby.engine.plan import Draft
from swingby.engine.predicates import Row, house, quantity, value_sql
from swingby.engine.sql import Column, statement
from swingby.engine.steps.beside import need_source, with_needs
from swingby.engine.steps.members import Members
from swingby.engine.steps.reading import asks, is_fraction, read_densely
from swingby.program.blocks import Constant, Scale, Value
from swingby.program.model import Earning
from swingby.program.numbers import Cap

#: What a partner's own columns are called where rules say ``by: organization.region`` and the like.
SCOPE_COLUMNS: Mapping[str, str] = {
    "organization.country": "country",
    "organization.region": "region",
    "organization.parent": "parent",
    "organization.organization": "organization",
    "enrolment.joined_on": "joined_on",
    "enrolment.ended_on": "ended_on",
    "enrolment.organization": "organization",
    "enrolment.enrolment": "enrolment",
}

RECOMPUTED = """
SELECT b.node, b.e, b.d, {keys}, b.before_gate, b.before_cap, {capped} AS value, b.state
FROM (
  SELECT p.node, p.e, p.d, {inner}, p.before_gate,
         CASE WHEN g.gate IS NOT NULL AND p.result <> 1 THEN CAST(0 AS DECIMAL(38, 12)) ELSE p.before_gate END
           AS before_cap,
         CASE WHEN p.state = 1 OR p.result = 0 THEN 0 WHEN p.state = 2 OR p.result = 2 THEN 2 ELSE 0 END AS state,
         {bounds}
  FROM {amounts} AS p
  JOIN scope AS s ON s.e = p.e
  LEFT JOIN {gates} AS g ON g.node = p.node
) AS b
"""

AMOUNTS = """
SELECT p.*, q.result,
       CASE WHEN p.state = 1 THEN CAST(0 AS DECIMAL(38, 12))
            ELSE GREATEST(COALESCE({amount}, 0), 0) END AS before_gate
FROM {read} AS p
JOIN scope AS s ON s.e = p.e
LEFT JOIN {gates} AS g ON g.node = p.node
LEFT JOIN {results} AS q ON q.node = g.gate AND q.e = p.e AND q.d = p.d AND {same_key}
"""

FINISHED = """
SELECT p.node, p.e, p.d, {keys}, p.before_gate, p.before_cap, {rounded} AS value, {rounded} AS num,
       CAST(1 AS DECIMAL(38, 12)) AS den, p.state
FROM {capped} AS p
"""

NO_RESULTS = """
SELECT node, e, d, k, result
FROM (SELECT 0 AS node, 0 AS e, CAST('2000-01-01' AS DATE) AS d, '' AS k, 0 AS result) AS none
WHERE node < 0
"""


def scope_row(
    alias: str,
    day: exp.Expr,
    *,
    needs: Iterable[Needs] = (),
    beside: str = "p",
    cells: Mapping[str, exp.Expr] | None = None,
) -> Row:
    """A partner as the row in hand of values and thresholds; ``beside`` is the alias that holds what values need."""

    def column(name: str) -> exp.Expr | None:
        found = SCOPE_COLUMNS.get(name)
        return exp.column(found, alias) if found else None

    return Row(column, day, need_source(needs, beside), cells or {})


@dataclass(frozen=True, slots=True)
class Amount:
    """A number to be scaled: its value, or numerator and denominator where it keeps them."""

    value: exp.Expr
    num: exp.Expr
    den: exp.Expr
    is_fraction: bool = False


def scale_sql(draft: Draft, scale: Scale, amount: Amount | Callable[[Scale], Amount], row: Row) -> exp.Expr:
    """What a scale gives for an amount, or for one of its own for each part; divisions come last and only once.

    A part of a sum without a value gives nothing, and takes nothing away from the others.
    """
    if scale.parts:
        parts = [scale_sql(draft, part, amount, row) for part in scale.parts]
        return sum_of([statement("COALESCE({part}, 0)", part=part) for part in parts])
    if callable(amount):
        return _of_column(draft, scale, amount(scale), row)
    return _written(draft, scale, amount, row)


def _written(draft: Draft, scale: Scale, x: Amount, row: Row) -> exp.Expr:
    writers = {"rate": _rate, "full": _full, "steps": _steps, "bands": _bands}
    return writers[scale.kind](draft, scale, x, row)


def _of_column(draft: Draft, scale: Scale, x: Amount, row: Row) -> exp.Expr:
    """What a scale gives for a column of a fact: a refund takes away what the same amount has brought."""
    if scale.of is None or not mirrors(scale):
        return _written(draft, scale, x, row)
    size = statement("ABS({x})", x=x.value)
    amount = _written(draft, scale, Amount(size, size, x.den), row)
    return statement("CASE WHEN {x} < 0 THEN -({amount}) ELSE {amount} END", x=x.value, amount=amount)


def mirrors(scale: Scale) -> bool:
    """True where less than nothing is not the same as nothing less: a rate of parts is, lines below 0 say what it is."""
    if scale.kind == "rate":
        return scale.whole
    bounds = [bound.value if isinstance(bound, Constant) else None for bound, _ in scale.steps]
    return not any(isinstance(bound, Decimal) and bound < 0 for bound in bounds)


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
        case.when(reached.copy(), _value(draft, value, row).copy(), copy=False)
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


def add_recomputed(group: Members, stratum: int) -> None:
    """Add the earnings that are based on a number."""
    draft = group.draft
    nodes = {number: node for number in group.numbers if isinstance(node := draft.graph[number], ScaledNode)}
    name = group.name(f"s{stratum}_recomputed")
    read = read_densely(group, name, asks(draft, {number: (node.number,) for number, node in nodes.items()}))
    needs = {number: node.needs for number, node in nodes.items() if node.needs}
    beside = with_needs(draft, read, needs, day=exp.column("d", "f"), dims=group.dims)
    gates = {number: draft.input_of(number, node.gate) for number, node in nodes.items() if node.gate}
    gate_table = draft.data(f"{name}_gates", (Column("node", "whole"), Column("gate", "whole")), tuple(gates.items()))
    keyed = any(draft.graph.dims_of(gate) for gate in gates.values())
    results = draft.results_of(gates.values(), "node, e, d, result", keyed=keyed) if gates else statement(NO_RESULTS)
    row = scope_row("s", exp.column("d", "p"), needs=needs.values(), cells=group.cells("p"))
    amounts = draft.query(
        f"{name}_amounts",
        AMOUNTS,
        read=beside,
        gates=gate_table,
        results=results,
        same_key=group.input_key("q", "p", gates.values(), "g.gate") if keyed else exp.true(),
        amount=draft.by_rule({number: _amount(draft, node, row) for number, node in nodes.items()}),
    )
    bounds, capped = _capping(draft, nodes, row)
    keys, inner = group.keys("b"), group.keys("p")
    limited = draft.query(
        f"{name}_capped",
        RECOMPUTED,
        amounts=amounts,
        gates=gate_table,
        keys=keys,
        inner=inner,
        bounds=bounds,
        capped=capped,
    )
    rounded = draft.by_rule(
        {number: rounded_sql(node.earning, exp.column("value", "p")) for number, node in nodes.items()}
    )
    draft.put(nodes, draft.query(name, FINISHED, capped=limited, rounded=rounded, keys=group.keys("p")))


def _amount(draft: Draft, node: ScaledNode, row: Row) -> exp.Expr:
    x = Amount(
        exp.column("value", "p"),
        exp.column("num", "p"),
        exp.column("den", "p"),
        is_fraction(draft, node.number.node),
    )
    return times_sql(draft, node.earning, scale_sql(draft, node.earning.scale, x, row), row)


def _capping(draft: Draft, nodes: Mapping[int, ScaledNode], row: Row) -> tuple[list[exp.Expr], exp.Expr]:
    """The bounds of the caps as columns, and the amount held within them, one cap after the other."""
    most = max(len(node.earning.cap) for node in nodes.values())
    bounds: list[exp.Expr] = []
    capped: exp.Expr = exp.column("before_cap", "b")
    for place in range(most):
        caps = {number: node.earning.cap[place] for number, node in nodes.items() if len(node.earning.cap) > place}
        for side in ("at_least", "at_most"):
            written = {number: _bound(draft, cap, side, row) for number, cap in caps.items()}
            if any(written.values()):
                missing = {number: quantity(exp.null()) for number in nodes}
                filled = missing | {number: item for number, item in written.items() if item}
                bounds.append(exp.alias_(draft.by_rule(filled), f"{side}_{place}"))
                function = "greatest_of" if side == "at_least" else "least_of"
                capped = house(function, capped, exp.column(f"{side}_{place}", "b"))
    return bounds, capped


def _bound(draft: Draft, cap: Cap, side: str, row: Row) -> exp.Expr | None:
    if cap.per:
        not_computed("a cap per something on a recomputed earning", cap)
    value = cap.at_least if side == "at_least" else cap.at_most
    if value is None:
        return None
    found = house("quantity", value_sql(draft.program, value, row))
    return found if side == "at_least" else ceiling(value, found)


def ceiling(value: Value, bound: exp.Expr) -> exp.Expr:
    """The most that an earning may give: a limit below 0 leaves nothing, and one without a value does not bind."""
    if isinstance(value, Constant) and isinstance(value.value, Decimal) and value.value >= 0:
        return bound
    return statement("CASE WHEN {bound} < 0 THEN CAST(0 AS DECIMAL(38, 12)) ELSE {bound} END", bound=bound)
