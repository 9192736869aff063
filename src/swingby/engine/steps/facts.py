"""Numbers of facts: one scan per fact kind for all the rules that read it.

Every rule and every day it is needed for is a row of a small table (a *look*): the equality key most rules of the
kind share, the window's bounds, the aggregate. What does not fit the key becomes a CASE on the rule.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from swingby.engine.building import not_computed
from swingby.engine.clock import starts_with_joining
from swingby.engine.graph import FactsNode
from swingby.engine.plan import Draft
from swingby.engine.predicates import Row, condition_sql, house, quantity, value_sql
from swingby.engine.sql import Column, predicate, statement
from swingby.engine.steps.columns import by_node, fact_row
from swingby.engine.steps.credited import Route, base_kind, columns_read, credited, route_of
from swingby.program.blocks import Condition, Constant, Filter, Located
from swingby.program.kinds import FactKind
from swingby.program.numbers import Pick

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

#: The facts that a rule picks, per rule and day; a fact that came by several links is picked once.
PICKED = """
SELECT u.*
FROM (
  SELECT c.*, p.node AS pick_node, p.d AS pick_d,
         DENSE_RANK() OVER (PARTITION BY p.node, c.e, p.d, {per} ORDER BY {order}, by_bytes(c.fact_id)) AS pick_place
  FROM {facts} AS c
  JOIN {looks} AS p ON {time}
  WHERE {among}
) AS u
WHERE u.pick_place <= {count}
"""

#: One row per thing counted (or per fact) first, so that several links or several facts of a thing count once.
ONCE = """
SELECT p.node, c.e, p.d, p.aggregate, {thing} AS thing, MAX({amount}) AS amount
FROM {facts} AS c
JOIN {looks} AS p ON {key} AND {time}
WHERE {residual}
GROUP BY p.node, c.e, p.d, p.aggregate, {thing}
"""

DISTINCT = """
SELECT u.node, u.e, u.d, u.aggregate,
       COUNT(*) AS n, COUNT(u.amount) AS filled, SUM(u.amount) AS total, MIN(u.amount) AS low, MAX(u.amount) AS high
FROM {once} AS u
WHERE u.thing IS NOT NULL
GROUP BY u.node, u.e, u.d, u.aggregate
"""

#: The middle one, or the mean of the middle two.
MEDIANS = """
SELECT m.node, m.e, m.d, ratio(SUM(m.amount), COUNT(*)) AS value, CAST(SUM(m.amount) AS DECIMAL(38, 12)) AS num,
       CAST(COUNT(*) AS DECIMAL(38, 12)) AS den, 0 AS state
FROM (
  SELECT u.node, u.e, u.d, u.amount, COUNT(*) OVER (PARTITION BY u.node, u.e, u.d) AS n,
         ROW_NUMBER() OVER (PARTITION BY u.node, u.e, u.d ORDER BY u.amount, by_bytes(u.thing)) AS nth
  FROM {once} AS u
  WHERE u.amount IS NOT NULL
) AS m
WHERE 2 * m.nth BETWEEN m.n AND m.n + 2
GROUP BY m.node, m.e, m.d
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
    route: Route


_UNROUTED = Route("reach")


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
    rules = _keyed(draft, [(number, *_resolved(draft, number)) for number in numbers], kind)
    families: Mapping[tuple[object, ...], list[_Rule]] = defaultdict(list)
    for rule in rules:
        key = rule.key_column or ""
        families[(_is_median(rule), _needs_distinct(rule), key, rule.route, rule.node.pick)].append(rule)
    for index, members in enumerate(families.values()):
        _add_family(draft, kind, members, f"{name}_{index}")


def _add_family(draft: Draft, kind: FactKind, rules: Sequence[_Rule], name: str) -> None:
    first = rules[0]
    key, distinct = first.key_column, _is_median(first) or _needs_distinct(first)
    looks = draft.data(f"{name}_looks", LOOK, _looks(draft, rules))
    parts: dict[str, exp.Expr | str] = {
        "looks": looks,
        "key": exp.EQ(this=exp.column("key", "p"), expression=exp.column(key, "c")) if key else exp.true(),
        "time": _time(kind, rules),
        "residual": by_node(_residuals(draft, kind, rules)),
        "amount": by_node(_amounts(draft, kind, rules)),
    }
    if distinct:
        parts["thing"] = by_node(_things(kind, rules))
    days = sorted({day for rule in rules for day in draft.demand.days[rule.number]})
    picking = _picking(draft, kind, first) if first.node.pick else {}
    facts = credited(draft, kind, first.route, columns_read([*parts.values(), *picking.values()]), days)
    joining = any(_from_joining(rule.node) for rule in rules)
    parts["facts"] = statement(WITH_JOINING, facts=facts) if joining else facts
    if picking:
        parts["facts"] = statement(PICKED, facts=parts["facts"], looks=looks, time=parts["time"], **picking)
        parts["time"] = predicate("p.node = c.pick_node AND p.d = c.pick_d")
    numbers = [rule.number for rule in rules]
    if not distinct:
        draft.put(numbers, draft.query(name, NUMBERS, groups=draft.query(f"{name}_groups", PLAIN, **parts)))
        return
    text = ONCE.replace("MAX({amount})", "SUM({amount})") if first.route.is_split else ONCE
    once = draft.query(f"{name}_once", text, **parts)
    if _is_median(first):
        draft.put(numbers, draft.query(name, MEDIANS, once=once))
        return
    draft.put(numbers, draft.query(name, NUMBERS, groups=draft.query(f"{name}_groups", DISTINCT, once=once)))


# --- rules ----------------------------------------------------------------------------------------------------------


def _resolved(draft: Draft, number: int) -> tuple[FactsNode, tuple[Filter, ...]]:
    """The node, and its own filter with those of the subsets it stands on."""
    node = draft.graph[number]
    if not isinstance(node, FactsNode):
        raise TypeError(number)
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


def _keyed(draft: Draft, resolved: Iterable[tuple[int, FactsNode, tuple[Filter, ...]]], kind: FactKind) -> list[_Rule]:
    """Choose the column that most rules compare for equality and take it out of their filters."""
    listed = list(resolved)
    words = {column.name for column in kind.columns if column.type in ("word", "id", "text")}
    counted = Counter(condition.column for _, _, filters in listed for condition in key_conditions(filters, words))
    best = min(counted, key=lambda column: (-counted[column], column)) if counted else None
    return [
        replace(_rule(number, node, filters, best, words), route=route_of(draft, kind, node.credit))
        for number, node, filters in listed
    ]


def _rule(number: int, node: FactsNode, filters: tuple[Filter, ...], best: str | None, words: set[str]) -> _Rule:
    chosen = next((item for item in key_conditions(filters, words) if item.column == best), None)
    if chosen is None or node.pick is not None:
        return _Rule(number, node, filters, (None,), None, _UNROUTED)
    rest = tuple(
        Filter(
            conditions=tuple(item for item in part.conditions if item is not chosen),
            alternatives=part.alternatives,
        )
        for part in filters
    )
    keys = tuple(dict.fromkeys(str(value.value) for value in chosen.values if isinstance(value, Constant)))
    return _Rule(number, node, rest, keys, best, _UNROUTED)


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
                yield (
                    rule.number,
                    key,
                    _aggregate(rule.node),
                    how,
                    day,
                    span.start,
                    span.end,
                    _from_joining(rule.node),
                )


def _aggregate(node: FactsNode) -> str:
    """How the amounts are put together; facts with weights are counted by adding the weights up."""
    weighted = node.aggregate == "count" and node.column == "facts" and node.times
    return "sum" if weighted else node.aggregate


def _from_joining(node: FactsNode) -> bool:
    return node.window is not None and starts_with_joining(node.window)


def _how(node: FactsNode) -> str:
    return node.when


def _is_median(rule: _Rule) -> bool:
    return rule.node.aggregate == "median"


def _needs_distinct(rule: _Rule) -> bool:
    counts_a_thing = rule.node.aggregate == "count" and rule.node.column != "facts"
    return counts_a_thing or bool(rule.route.link)


# --- expressions ----------------------------------------------------------------------------------------------------


def _time(kind: FactKind, rules: Sequence[_Rule]) -> exp.Expr:
    joining = any(_from_joining(rule.node) for rule in rules)
    if kind.shape == "event":
        after = [predicate("NOT p.from_joining OR c.happened_on >= c.since")] if joining else []
        return exp.and_(statement(EVENT_TIME), link_holds(kind, rules[0].route, "p.d"), *after)
    if joining:
        not_computed("a window of a state that starts with joining", rules[0].node.window or Located())
    hows = sorted({_how(rule.node) for rule in rules})
    tests = [_STATE_TIME[how] if len(hows) == 1 else f"(p.how = '{how}' AND {_STATE_TIME[how]})" for how in hows]
    text = " OR ".join(tests)
    return exp.and_(predicate(f"({text})"), link_holds(kind, rules[0].route, "p.d"))


_STATE_TIME: Mapping[str, str] = {
    "held": "c.starts_on < p.t AND (c.ends_on IS NULL OR c.ends_on > p.s)",
    "started": "c.starts_on >= p.s AND c.starts_on < p.t",
    "ended": "c.ends_on >= p.s AND c.ends_on < p.t",
}


EVENT_TIME = "c.happened_on >= p.s AND c.happened_on < p.t AND (c.cancelled_on IS NULL OR c.cancelled_on > p.d)"


def link_holds(kind: FactKind, route: Route, as_of: str) -> exp.Expr:
    """Whether the link through which a fact reached the partner holds on its day, or on the as-of day."""
    if not route.link:
        return exp.true()
    if route.several != ("all",):
        return exp.true() if route.day == "fact" else predicate(f"c.link_day = {as_of}")
    day = f"c.{kind.day_columns[0]}" if route.day == "fact" else as_of
    return predicate(f"c.link_starts_on <= {day} AND (c.link_ends_on IS NULL OR c.link_ends_on > {day})")


def _residuals(draft: Draft, kind: FactKind, rules: Sequence[_Rule]) -> Mapping[int, exp.Expr]:
    row = Row(fact_row(kind, "c", draft.program.header.currency, links=True), exp.column("d", "p"))
    return {
        rule.number: exp.and_(*(condition_sql(draft.program, part, row) for part in rule.where), exp.true())
        for rule in rules
    }


def _amounts(draft: Draft, kind: FactKind, rules: Sequence[_Rule]) -> Mapping[int, exp.Expr]:
    return {rule.number: _shared(rule, _amount(draft, kind, rule.node)) for rule in rules}


SHARED = """
CASE WHEN c.link_count = c.link_shares THEN multiply({amount}, c.link_share) ELSE ratio({amount}, c.link_count) END
"""


def _shared(rule: _Rule, amount: exp.Expr) -> exp.Expr:
    """An amount, or this link's part of it; only sums can be shared."""
    if not rule.route.is_split or rule.node.aggregate == "count":
        return amount
    if rule.node.aggregate != "sum":
        not_computed("several: split for anything but sums", rule.node.credit or Located())
    return predicate(SHARED, amount=amount)


def _amount(draft: Draft, kind: FactKind, node: FactsNode) -> exp.Expr:
    if node.aggregate == "count" and _aggregate(node) == "count":
        return quantity(exp.null())
    row = Row(fact_row(kind, "c", draft.program.header.currency), exp.column("d", "p"))
    column = statement("CAST(1 AS DECIMAL(38, 12))") if node.aggregate == "count" else row.column(node.column)
    if column is None:
        not_computed(f"the column {node.column}", draft.program)
    for factor in node.times:
        weight = statement("COALESCE({weight}, 0)", weight=value_sql(draft.program, factor, row))
        column = house("multiply", column, weight)
    return column


def _picking(draft: Draft, kind: FactKind, rule: _Rule) -> Mapping[str, exp.Expr | list[exp.Expr]]:
    """How a rule picks its facts: among which, per what, in which order, how many."""
    pick = rule.node.pick
    if pick is None:
        return {}
    row = Row(fact_row(kind, "c", draft.program.header.currency, links=True), exp.column("d", "p"))
    place = _place(kind, pick, row)
    if pick.order in ("last", "highest"):
        place = statement("0 - {place}", place=place)
    known = exp.not_(exp.Is(this=place.copy(), expression=exp.null()))
    return {
        "among": exp.and_(condition_sql(draft.program, pick.among, row), known),
        "per": [_per(row, name, pick) for name in pick.per],
        "order": place,
        "count": exp.Literal.number(pick.count),
    }


def _place(kind: FactKind, pick: Pick, row: Row) -> exp.Expr:
    """What facts are ordered by, as a number: a column, or the day."""
    name = pick.column or kind.day_columns[0]
    column = row.column(name)
    known = kind.column(name)
    if column is None or known is None or known.type not in ("date", "number", "percent", "amount"):
        not_computed(f"pick by the column {name}", pick)
    if known.type != "date":
        return quantity(column)
    return statement("days_between(CAST('1900-01-01' AS DATE), {day})", day=column)


def _per(row: Row, name: str, pick: Pick) -> exp.Expr:
    column = row.column(name)
    if column is None:
        not_computed(f"pick per {name}", pick)
    return column


def _things(kind: FactKind, rules: Sequence[_Rule]) -> Mapping[int, exp.Expr]:
    found: dict[int, exp.Expr] = {}
    for rule in rules:
        counted = rule.node.column if rule.node.aggregate == "count" and rule.node.column != "facts" else "fact_id"
        column = fact_row(kind, "c", "")(counted)
        if column is None:
            not_computed(f"a count of {counted}", rule.node.where or rule.node.window or Located())
        found[rule.number] = column
    return found
