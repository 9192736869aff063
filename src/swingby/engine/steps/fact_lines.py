"""Which facts counted for each number of facts on the asked days: the same scan, without adding up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

from swingby.engine.plan import Draft
from swingby.engine.sql import literal, statement
from swingby.engine.steps.looks import Rule
from swingby.program.kinds import FactKind

#: A fact that came by several links stands once; what they share is added up. One without the thing counted is not there.
LINES = """
SELECT p.node, c.e, p.d, {key_text} AS k, c.fact_id, c.{dated} AS dated, {thing} AS thing, {amount} AS amount
FROM {facts} AS c
JOIN {looks} AS p ON {key} AND {time}
WHERE {residual} AND {asked} AND {has_thing}
GROUP BY p.node, c.e, p.d, {groups}, c.fact_id, c.{dated}, {things}
"""


def keep_facts(
    draft: Draft,
    kind: FactKind,
    rules: Sequence[Rule],
    name: str,
    parts: Mapping[str, exp.Expr | str | Sequence[exp.Expr]],
) -> None:
    """Add the relation of the facts behind a family of rules: node, e, d, k, fact_id, dated, thing, amount."""
    first = rules[0]
    things = (
        [exp.cast(parts["thing"], "TEXT")] if _counts_things(rules) and isinstance(parts["thing"], exp.Expr) else []
    )
    days = [literal(day, "day") for day in draft.setting.asked]
    total = "SUM({x})" if first.route.is_split else "MAX({x})"
    shared = {hole: parts[hole] for hole in ("facts", "looks", "key", "time", "residual", "groups")}
    groups = parts["groups"]
    draft.query(
        name,
        LINES,
        **shared,
        key_text=groups[0] if isinstance(groups, list) and groups else exp.Literal.string(""),
        dated=kind.day_columns[0],
        thing=things[0] if things else exp.Literal.string(""),
        things=things,
        amount=statement(total, x=parts["amount"]),
        has_thing=statement("{thing} IS NOT NULL", thing=things[0]) if things else exp.true(),
        asked=exp.column("d", "p").isin(*days),
    )
    draft.fact_lines.update(dict.fromkeys((rule.number for rule in rules), name))


def _counts_things(rules: Sequence[Rule]) -> bool:
    return any(rule.node.aggregate == "count" and rule.node.column != "facts" for rule in rules)
