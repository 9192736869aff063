"""Numbers of facts: one scan per fact kind for all the rules that read it.

Every rule and every day it is needed for is a row of a small table (a *look*): the equality key most rules of the
kind share, the window's bounds, the aggregate. What does not fit the key becomes a CASE on the rule.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from swingby.engine.building import not_computed
from swingby.engine.clock import starts_with_joining
from swingby.engine.graph import FactsNode
from swingby.engine.plan import Draft
from swingby.engine.predicates import Row, condition_sql, literal, quantity
from swingby.engine.sql import Column, predicate, statement
from swingby.engine.steps.columns import by_node, fact_row, reads_rates
from swingby.engine.steps.credited import base_kind, credited, is_linked, with_rates
from swingby.program.blocks import Condition, Constant, Filter, Located
from swingby.program.kinds import FactKind

LOOK = (
    Column("node", "whole"),
    Column("key", "text"),
    Column("aggregate", "text"),
    Column("how", "text"),
    Column("d", "day"),
    Column("s", "day"),
    Column("t", "day"),
    Column("from_joining", "truth"),
)

#: One row per fact; used when a fact can reach a partner in one way only and nothing distinct is counted.
PLAIN = """
SELECT p.node, c.e, p.d, p.aggregate,
       COUNT(*) AS n, COUNT({amount}) AS filled, SUM({amount}) AS total, MIN({amount}) AS low, MAX({amount}) AS high
FROM {facts} AS c
JOIN {looks} AS p ON {key} AND {time}
WHERE {residual}
GROUP BY p.node, c.e, p.d, p.aggregate
"""

#: One row per thing counted (or per fact) first, so that several links or several facts of a thing count once.
DISTINCT = """
SELECT u.node, u.e, u.d, u.aggregate,
       COUNT(*) AS n, COUNT(u.amount) AS filled, SUM(u.amount) AS total, MIN(u.amount) AS low, MAX(u.amount) AS high
FROM (
  SELECT p.node, c.e, p.d, p.aggregate, {thing} AS thing, MAX({amount}) AS amount
  FROM {facts} AS c
  JOIN {looks} AS p ON {key} AND {time}
  WHERE {residual}
  GROUP BY p.node, c.e, p.d, p.aggregate, {thing}
) AS u
WHERE u.thing IS NOT NULL
GROUP BY u.node, u.e, u.d, u.aggregate
"""

#: The day of joining beside each fact, for windows that reach back no further.
WITH_JOINING = """
SELECT f.*, COALESCE(s.joined_on, CAST('0001-01-01' AS DATE)) AS since
FROM {facts} AS f JOIN scope AS s ON s.e = f.e
"""

NUMBERS = """
SELECT g.node, g.e, g.d,
       CASE g.aggregate WHEN 'count' THEN CAST(g.n AS DECIMAL(38, 12))
                        WHEN 'sum' THEN CAST(COALESCE(g.total, 0) AS DECIMAL(38, 12))
                        WHEN 'average' THEN ratio(g.total, g.filled, 12)
                        WHEN 'least' THEN CAST(g.low AS DECIMAL(38, 12))
                        ELSE CAST(g.high AS DECIMAL(38, 12)) END AS value,
       CASE g.aggregate WHEN 'count' THEN CAST(g.n AS DECIMAL(38, 12))
                        WHEN 'least' THEN CAST(g.low AS DECIMAL(38, 12))
                        WHEN 'greatest' THEN CAST(g.high AS DECIMAL(38, 12))
                        ELSE CAST(COALESCE(g.total, 0) AS DECIMAL(38, 12)) END AS num,
       CASE g.aggregate WHEN 'average' THEN CAST(g.filled AS DECIMAL(38, 12))
                        ELSE CAST(1 AS DECIMAL(38, 12)) END AS den,
       CASE WHEN g.aggregate IN ('count', 'sum') OR g.filled > 0 THEN 0 ELSE 1 END AS state
FROM {groups} AS g
"""


@dataclass(frozen=True, slots=True)
class _Rule:
    """A number of facts as the scan sees it: subsets resolved, the shared key taken out of the filter."""

    number: int
    node: FactsNode
    where: tuple[Filter, ...]
    keys: tuple[str | None, ...]
    key_column: str | None


def add_fact_numbers(draft: Draft, numbers: Sequence[int], stratum: int) -> None:
    """Add the scans for some numbers of facts and say where their results stand."""
    by_kind: Mapping[str, list[int]] = defaultdict(list)
    for number in numbers:
        node = draft.graph[number]
        if isinstance(node, FactsNode):
            by_kind[base_kind(draft, node.kind).name].append(number)
    for kind, members in by_kind.items():
        _add_kind(draft, draft.program.kinds[kind], members, f"s{stratum}_{kind}")


def _add_kind(draft: Draft, kind: FactKind, numbers: Sequence[int], name: str) -> None:
    rules = _keyed([(number, *_resolved(draft, number)) for number in numbers], kind)
    families: Mapping[tuple[bool, str | None], list[_Rule]] = defaultdict(list)
    for rule in rules:
        families[(_needs_distinct(rule.node, kind), rule.key_column)].append(rule)
    for index, ((distinct, key), members) in enumerate(sorted(families.items(), key=str)):
        _add_family(draft, kind, members, distinct=distinct, key=key, name=f"{name}_{index}")


def _add_family(
    draft: Draft, kind: FactKind, rules: Sequence[_Rule], *, distinct: bool, key: str | None, name: str
) -> None:
    facts = credited(draft, kind)
    if any(_from_joining(rule.node) for rule in rules):
        facts = statement(WITH_JOINING, facts=facts)
    looks = draft.data(f"{name}_looks", LOOK, _looks(draft, rules))
    parts: dict[str, exp.Expr | str] = {
        "facts": facts,
        "looks": looks,
        "key": exp.EQ(this=exp.column("key", "p"), expression=exp.column(key, "c")) if key else exp.true(),
        "time": _time(kind, rules),
        "residual": by_node(_residuals(draft, kind, rules)),
        "amount": by_node(_amounts(draft, kind, rules)),
    }
    if distinct:
        parts["thing"] = by_node(_things(kind, rules))
    if reads_rates(parts.values()):
        parts["facts"] = with_rates(facts, kind)
    groups = draft.query(f"{name}_groups", DISTINCT if distinct else PLAIN, **parts)
    draft.put((rule.number for rule in rules), draft.query(name, NUMBERS, groups=groups))


# --- rules ----------------------------------------------------------------------------------------------------------


def _resolved(draft: Draft, number: int) -> tuple[FactsNode, tuple[Filter, ...]]:
    """The node, and its own filter with those of the subsets it stands on."""
    node = draft.graph[number]
    if not isinstance(node, FactsNode) or node.credit is not None:
        not_computed("credit in a number", draft.program)
    return node, subset_filters(draft, node.kind, node.where)


def subset_filters(draft: Draft, kind: str, where: Filter | None) -> tuple[Filter, ...]:
    """A filter and those of the subsets that the kind stands on."""
    found = [where] if where else []
    declared = draft.program.facts.get(kind)
    while declared is not None and declared.subset_of:
        if declared.pick:
            not_computed("pick in a subset", declared)
        found += [declared.where] if declared.where else []
        declared = draft.program.facts.get(declared.subset_of)
    return tuple(found)


def _keyed(resolved: Iterable[tuple[int, FactsNode, tuple[Filter, ...]]], kind: FactKind) -> list[_Rule]:
    """Choose the column that most rules compare for equality and take it out of their filters."""
    listed = list(resolved)
    words = {column.name for column in kind.columns if column.type in ("word", "id", "text")}
    counted = Counter(condition.column for _, _, filters in listed for condition in key_conditions(filters, words))
    best = min(counted, key=lambda column: (-counted[column], column)) if counted else None
    return [_rule(number, node, filters, best, words) for number, node, filters in listed]


def _rule(number: int, node: FactsNode, filters: tuple[Filter, ...], best: str | None, words: set[str]) -> _Rule:
    chosen = next((item for item in key_conditions(filters, words) if item.column == best), None)
    if chosen is None:
        return _Rule(number, node, filters, (None,), None)
    rest = tuple(
        Filter(
            conditions=tuple(item for item in part.conditions if item is not chosen),
            alternatives=part.alternatives,
        )
        for part in filters
    )
    keys = tuple(dict.fromkeys(str(value.value) for value in chosen.values if isinstance(value, Constant)))
    return _Rule(number, node, rest, keys, best)


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


def _looks(draft: Draft, rules: Sequence[_Rule]) -> Iterable[tuple[object, ...]]:
    for rule in rules:
        how = _how(rule.node)
        for day in draft.demand.days[rule.number]:
            span = draft.clock.widest_span(rule.node.window, day)
            for key in rule.keys:
                yield (rule.number, key, rule.node.aggregate, how, day, span.start, span.end, _from_joining(rule.node))


def _from_joining(node: FactsNode) -> bool:
    return node.window is not None and starts_with_joining(node.window)


def _how(node: FactsNode) -> str:
    return node.when


def _needs_distinct(node: FactsNode, kind: FactKind) -> bool:
    counts_a_thing = node.aggregate == "count" and node.column != "facts"
    return counts_a_thing or is_linked(kind)


# --- expressions ----------------------------------------------------------------------------------------------------


def _time(kind: FactKind, rules: Sequence[_Rule]) -> exp.Expr:
    joining = any(_from_joining(rule.node) for rule in rules)
    if kind.shape == "event":
        after = [predicate("NOT p.from_joining OR c.happened_on >= c.since")] if joining else []
        return exp.and_(_event_time(linked=is_linked(kind)), *after)
    if joining:
        not_computed("a window of a state that starts with joining", rules[0].node.window or Located())
    hows = sorted({_how(rule.node) for rule in rules})
    tests = [_STATE_TIME[how] if len(hows) == 1 else f"(p.how = '{how}' AND {_STATE_TIME[how]})" for how in hows]
    text = " OR ".join(tests)
    link = " AND c.link_starts_on <= p.d AND (c.link_ends_on IS NULL OR c.link_ends_on > p.d)"
    return exp.maybe_parse(f"({text})" + (link if is_linked(kind) else ""), dialect="duckdb")


_STATE_TIME: Mapping[str, str] = {
    "held": "c.starts_on < p.t AND (c.ends_on IS NULL OR c.ends_on > p.s)",
    "started": "c.starts_on >= p.s AND c.starts_on < p.t",
    "ended": "c.ends_on >= p.s AND c.ends_on < p.t",
}


def _event_time(*, linked: bool) -> exp.Expr:
    text = "c.happened_on >= p.s AND c.happened_on < p.t AND (c.cancelled_on IS NULL OR c.cancelled_on > p.d)"
    if linked:
        text += " AND c.link_starts_on <= c.happened_on AND (c.link_ends_on IS NULL OR c.link_ends_on > c.happened_on)"
    return exp.maybe_parse(text, dialect="duckdb")


def _residuals(draft: Draft, kind: FactKind, rules: Sequence[_Rule]) -> Mapping[int, exp.Expr]:
    row = Row(fact_row(kind, "c", draft.program.header.currency), exp.column("d", "p"))
    return {
        rule.number: exp.and_(*(condition_sql(draft.program, part, row) for part in rule.where), exp.true())
        for rule in rules
    }


def _amounts(draft: Draft, kind: FactKind, rules: Sequence[_Rule]) -> Mapping[int, exp.Expr]:
    return {rule.number: _amount(draft, kind, rule.node) for rule in rules}


def _amount(draft: Draft, kind: FactKind, node: FactsNode) -> exp.Expr:
    if node.aggregate == "count":
        return quantity(exp.null())
    column = fact_row(kind, "c", draft.program.header.currency)(node.column)
    if column is None:
        not_computed(f"the column {node.column}", draft.program)
    return column


def _things(kind: FactKind, rules: Sequence[_Rule]) -> Mapping[int, exp.Expr]:
    found: dict[int, exp.Expr] = {}
    for rule in rules:
        counted = rule.node.column if rule.node.aggregate == "count" and rule.node.column != "facts" else "fact_id"
        column = fact_row(kind, "c", "")(counted)
        found[rule.number] = column if column is not None else literal(counted)
    return found
