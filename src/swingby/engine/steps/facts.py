"""Numbers of facts: one scan per fact kind for all the rules that read it.

Every rule and every day it is needed for is a row of a small table (a *look*): the equality key most rules of the
kind share, the window's bounds, the aggregate. What does not fit the key becomes a CASE on the rule. Where not
everybody needs a rule on the same days, or a window depends on the partner, looks are first joined to partners.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

from swingby.engine.keys import joined
from swingby.engine.place import not_computed
from swingby.engine.plan import Draft
from swingby.engine.predicates import Row, condition_sql, house, quantity, value_sql
from swingby.engine.sql import predicate, statement
from swingby.engine.steps.beside import need_source
from swingby.engine.steps.columns import fact_row
from swingby.engine.steps.credited import Crediting, Route, columns_read, credited, is_in_order, known_to
from swingby.engine.steps.fact_lines import keep_facts
from swingby.engine.steps.looks import Rule, add_looks, rules_of
from swingby.engine.steps.stored import pick_group, pick_order
from swingby.program.blocks import Located
from swingby.program.blocks import Window as ProgramWindow
from swingby.program.kinds import FactKind

Part = exp.Expr | str | Sequence[exp.Expr]

#: One row per fact; used when a fact can reach a partner in one way only and nothing distinct is counted.
PLAIN = """
SELECT p.node, c.e, p.d, {keys}, {totals}
FROM {facts} AS c
JOIN {looks} AS p ON {key} AND {time}
WHERE {residual}
GROUP BY p.node, c.e, p.d, {groups}
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

#: The facts that a rule's filter lets pass, for rules that look from many days: one fact passes once, not once for each day.
PASSED = """
SELECT c.*, p.node AS rule, p.key AS rule_key
FROM {facts} AS c
JOIN (SELECT DISTINCT l.node, l.key FROM {looks} AS l) AS p ON {key}
WHERE {residual}
"""
SAME_RULE = "p.node = c.rule AND p.key IS NOT DISTINCT FROM c.rule_key"

#: One row per thing counted (or per fact) first, so that several links or several facts of a thing count once.
ONCE = """
SELECT p.node, c.e, p.d, {keys}, {thing} AS thing, {amounts}
FROM {facts} AS c
JOIN {looks} AS p ON {key} AND {time}
WHERE {residual}
GROUP BY p.node, c.e, p.d, {groups}, {thing}
"""

DISTINCT = """
SELECT u.node, u.e, u.d, {keys}, {totals}
FROM {once} AS u
GROUP BY u.node, u.e, u.d, {keys}
"""

#: The middle one, or the mean of the middle two.
MEDIANS = """
SELECT m.node, m.e, m.d, {keys}, ratio(SUM(m.amount), COUNT(*)) AS value,
       CAST(SUM(m.amount) AS DECIMAL(38, 12)) AS num, CAST(COUNT(*) AS DECIMAL(38, 12)) AS den, 0 AS state
FROM (
  SELECT u.node, u.e, u.d, {inner}, u.amount, COUNT(*) OVER (PARTITION BY u.node, u.e, u.d, {inner}) AS n,
         ROW_NUMBER() OVER (PARTITION BY u.node, u.e, u.d, {inner} ORDER BY u.amount, by_bytes(u.thing)) AS nth
  FROM {once} AS u
  WHERE u.amount IS NOT NULL
) AS m
WHERE 2 * m.nth BETWEEN m.n AND m.n + 2
GROUP BY m.node, m.e, m.d, {keys}
"""

#: Where they are for each thing, one whose facts have no value has no median, and is a thing all the same.
MEDIANS_EACH = """
SELECT t.node, t.e, t.d, t.k, m.value, m.num, m.den, COALESCE(m.state, 1) AS state
FROM (SELECT DISTINCT u.node, u.e, u.d, u.k FROM {once} AS u) AS t
LEFT JOIN {medians} AS m ON m.node = t.node AND m.e = t.e AND m.d = t.d AND m.k = t.k
"""

NUMBERS = """
SELECT g.node, g.e, g.d, {keys}, {value} AS value, {num} AS num, {den} AS den, {state} AS state
FROM {groups} AS g
"""

#: What a family may need of its facts; only what its rules read is computed.
TOTALS = {
    "n": "COUNT({of})",
    "filled": "COUNT({of})",
    "total": "SUM({of})",
    "low": "MIN({of})",
    "high": "MAX({of})",
}
#: By aggregate what a number is, its numerator, denominator and state.
READ = {
    "count": ("CAST(g.n AS DECIMAL(38, 12))", "CAST(g.n AS DECIMAL(38, 12))", "1", "0"),
    "sum": ("CAST(COALESCE(g.total, 0) AS DECIMAL(38, 12))", "CAST(COALESCE(g.total, 0) AS DECIMAL(38, 12))", "1", "0"),
    "average": (
        "ratio(g.total, g.filled, 12)",
        "CAST(COALESCE(g.total, 0) AS DECIMAL(38, 12))",
        "g.filled",
        "CASE WHEN g.filled > 0 THEN 0 ELSE 1 END",
    ),
    "least": (
        "CAST(g.low AS DECIMAL(38, 12))",
        "CAST(g.low AS DECIMAL(38, 12))",
        "1",
        "CASE WHEN g.low IS NULL THEN 1 ELSE 0 END",
    ),
    "greatest": (
        "CAST(g.high AS DECIMAL(38, 12))",
        "CAST(g.high AS DECIMAL(38, 12))",
        "1",
        "CASE WHEN g.high IS NULL THEN 1 ELSE 0 END",
    ),
}

#: Everybody's facts about a thing, beside everyone who asks about it.
OF_ANYONE = """
SELECT w.node, w.e, w.d, w.k, n.value, n.num, n.den, n.state
FROM {wanted} AS w
JOIN {numbers} AS n ON n.node = w.node AND n.d = w.d AND n.k = w.k
"""


def add_fact_numbers(draft: Draft, numbers: Sequence[int], stratum: int) -> None:
    """Add the scans for some numbers of facts and say where their results stand."""
    for kind, families in rules_of(draft, numbers).items():
        for index, rules in enumerate(families):
            _add_family(draft, draft.program.kinds[kind], rules, f"s{stratum}_{kind}_{index}")


def _add_family(draft: Draft, kind: FactKind, rules: Sequence[Rule], name: str) -> None:
    first = rules[0]
    looks = add_looks(draft, rules, f"{name}_looks")
    key = (
        exp.EQ(this=exp.column("key", "p"), expression=exp.column(first.key_column, "c")) if first.key_column else None
    )
    parts: dict[str, Part] = {
        "looks": looks,
        "key": key or exp.true(),
        "time": _time(kind, rules),
        "residual": draft.by_rule({rule.number: _residual(draft, kind, rule) for rule in rules}),
        "amount": _amounts(draft, kind, rules),
        "groups": [_key(draft, kind, rules)] if first.dims else [],
    }
    if first.is_distinct:
        parts["thing"] = draft.by_rule({rule.number: _thing(draft, kind, rule) for rule in rules})
    picking = _picking(draft, kind, first) if first.node.pick else {}
    days = tuple(sorted({day for rule in rules for day in draft.demand.days(rule.number)}))
    what = Crediting(
        kind=kind,
        route=first.route,
        subset=first.subset,
        known="row" if first.knows_by_row else first.known,
        reads=tuple(columns_read([*parts.values(), *picking.values()])),
        days=days,
    )
    parts["facts"] = credited(draft, what)
    if not first.route.reach:
        parts["facts"] = statement("SELECT f.*, 0 AS e FROM {facts} AS f", facts=parts["facts"])
    parts["keys"] = [exp.alias_(part, "k") for part in parts["groups"]]
    if picking:
        parts["facts"] = statement(PICKED, facts=parts["facts"], looks=looks, time=parts["time"], **picking)
        same = "p.node = c.pick_node AND p.d = c.pick_d" + (" AND p.e = c.e" if first.by_partner else "")
        parts["time"] = predicate(same)
    elif not first.by_partner and is_in_order(draft, what) and _passes_on_every_day(parts["residual"]):
        passed = statement(PASSED, **{hole: parts[hole] for hole in ("facts", "looks", "key", "residual")})
        parts |= {"facts": passed, "key": statement(SAME_RULE), "residual": exp.true()}
    _put(draft, rules, name, parts)
    if draft.setting.keeps_facts and first.route.reach:
        keep_facts(draft, kind, rules, f"{name}_lines", parts)


def _passes_on_every_day(residual: Part) -> bool:
    """True when what a filter says depends on the rule, and on nothing else of a look."""
    read = residual.find_all(exp.Column) if isinstance(residual, exp.Expr) else ()
    return all(column.name == "node" for column in read if column.table == "p")


def _put(draft: Draft, rules: Sequence[Rule], name: str, parts: Mapping[str, Part]) -> None:
    first, numbers = rules[0], [rule.number for rule in rules]
    found = _numbers(draft, rules, name, parts)
    if not first.route.reach:
        wanted = draft.results_of_wanted(numbers)
        found = draft.query(f"{name}_anyone", OF_ANYONE, wanted=wanted, numbers=found)
    draft.put(numbers, found)


def _numbers(draft: Draft, rules: Sequence[Rule], name: str, parts: Mapping[str, Part]) -> str:
    first = rules[0]

    def keys(alias: str) -> list[exp.Expr]:
        return [exp.column("k", alias)] if first.dims else []

    amount, rest = parts["amount"], {hole: part for hole, part in parts.items() if hole != "amount"}
    if not first.is_distinct:
        groups = draft.query(f"{name}_groups", PLAIN, totals=_totals(rules, exp.Star(), amount), **rest)
        return draft.query(name, NUMBERS, groups=groups, keys=keys("g"), **_read(draft, rules))
    once = draft.query(f"{name}_once", ONCE, amounts=_amounts_of_things(rules, amount), **rest)
    if first.is_median:
        medians = statement(MEDIANS, once=once, keys=keys("m"), inner=keys("u"))
        if first.dims:
            return draft.query(name, MEDIANS_EACH, once=once, medians=medians)
        return draft.query(name, "SELECT * FROM {medians} AS m", medians=medians)
    totals = _totals(rules, exp.column("thing", "u"), exp.column("amount", "u"))
    groups = draft.query(f"{name}_groups", DISTINCT, once=once, keys=keys("u"), totals=totals)
    return draft.query(name, NUMBERS, groups=groups, keys=keys("g"), **_read(draft, rules))


def _read(draft: Draft, rules: Sequence[Rule]) -> dict[str, exp.Expr]:
    columns = ("value", "num", "den", "state")
    found = {
        column: {rule.number: statement(READ[rule.aggregate][place]) for rule in rules}
        for place, column in enumerate(columns)
    }
    read = {column: draft.by_rule(texts, "g") for column, texts in found.items()}
    return read | {"den": exp.cast(read["den"], "DECIMAL(38, 12)")}


def _amounts_of_things(rules: Sequence[Rule], amount: Part) -> list[exp.Expr]:
    """The amount of each thing, unless things are only counted; what several links share is added up."""
    if all(rule.aggregate == "count" for rule in rules):
        return []
    return [exp.alias_(statement("SUM({x})" if rules[0].route.is_split else "MAX({x})", x=amount), "amount")]


def _totals(rules: Sequence[Rule], thing: exp.Expr, amount: Part) -> list[exp.Expr]:
    """The totals that some rule reads."""
    read = " ".join(text for rule in rules for text in READ[rule.aggregate])
    return [
        exp.alias_(statement(text, of=thing if name == "n" else amount), name)
        for name, text in TOTALS.items()
        if f"g.{name}" in read
    ]


# --- expressions ----------------------------------------------------------------------------------------------------


def _row(draft: Draft, kind: FactKind, rule: Rule) -> Row:
    """A fact as the row in hand of a rule; values are read on the as-of day."""

    def window(wanted: ProgramWindow) -> tuple[exp.Expr, exp.Expr] | None:
        place = next((item.place for item in rule.windows if item.window == wanted), None)
        return None if place is None else (exp.column(f"w{place}_s", "p"), exp.column(f"w{place}_t", "p"))

    return Row(
        column=fact_row(draft.program, kind, "c", links=True),
        day=exp.column("d", "p"),
        need=need_source([rule.node.needs], "p"),
        window=window,
    )


def _time(kind: FactKind, rules: Sequence[Rule]) -> exp.Expr:
    first = rules[0]
    found = [_window_time(kind, rules), link_holds(kind, first.route, "p.d")]
    if first.by_partner:
        found.append(predicate("p.e = c.e"))
    if first.knows_by_row:
        found.append(known_to("p", "c", linked=bool(first.route.link)))
    if first.subset:
        found.append(predicate("c.subset_d = p.d"))
    return exp.and_(*found)


def _window_time(kind: FactKind, rules: Sequence[Rule]) -> exp.Expr:
    if kind.shape == "event":
        return predicate(EVENT_TIME)
    hows = sorted({rule.node.when for rule in rules})
    tests = [_STATE_TIME[how] if len(hows) == 1 else f"(p.how = '{how}' AND {_STATE_TIME[how]})" for how in hows]
    return predicate(f"({' OR '.join(tests)})")


_STATE_TIME: Mapping[str, str] = {
    "held": "c.starts_on < p.t AND (c.ends_on IS NULL OR c.ends_on > p.s) AND p.s < p.t",
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


def _residual(draft: Draft, kind: FactKind, rule: Rule) -> exp.Expr:
    row = _row(draft, kind, rule)
    return exp.and_(*(condition_sql(draft.program, part, row) for part in rule.where), exp.true())


def _key(draft: Draft, kind: FactKind, rules: Sequence[Rule]) -> exp.Expr:
    """The key of a fact: the cells and things that it belongs to, as one text; NULL where it has none."""
    column = fact_row(draft.program, kind, "c", links=True)
    parts = [column(name) for name in rules[0].dims]
    missing = exp.cast(exp.null(), "TEXT")
    return joined([missing if part is None else exp.cast(part, "TEXT") for part in parts])


SHARED = """
CASE WHEN c.link_count = c.link_shares THEN multiply({amount}, c.link_share) ELSE ratio({amount}, c.link_count) END
"""


def _shared(rule: Rule, amount: exp.Expr) -> exp.Expr:
    """An amount, or this link's part of it; only sums can be shared."""
    if not rule.route.is_split or rule.node.aggregate == "count":
        return amount
    if rule.node.aggregate != "sum":
        not_computed("several: split for anything but sums", rule.node.credit or Located())
    return predicate(SHARED, amount=amount)


def _amounts(draft: Draft, kind: FactKind, rules: Sequence[Rule]) -> exp.Expr:
    """The amount by rule; those that only count read none, so that a plain column need not be told apart for them."""
    amounts = {rule.number: _shared(rule, _amount(draft, kind, rule)) for rule in rules}
    counting = {rule.number for rule in rules if rule.aggregate == "count"}
    read = {number: amount for number, amount in amounts.items() if number not in counting}
    is_plain = not any(rule.node.times or rule.route.is_split for rule in rules)
    return draft.by_rule(read if read and is_plain else amounts)


def _amount(draft: Draft, kind: FactKind, rule: Rule) -> exp.Expr:
    node, row = rule.node, _row(draft, kind, rule)
    if node.aggregate == "count" and rule.aggregate == "count":
        return quantity(exp.null())
    column = statement("CAST(1 AS DECIMAL(38, 12))") if node.aggregate == "count" else row.column(node.column)
    if column is None:
        not_computed(f"the column {node.column}", draft.program)
    for factor in node.times:
        weight = statement("COALESCE({weight}, 0)", weight=value_sql(draft.program, factor, row))
        column = house("multiply", column, weight)
    return column


def _picking(draft: Draft, kind: FactKind, rule: Rule) -> Mapping[str, exp.Expr | list[exp.Expr]]:
    """How a rule picks its facts: among which, per what, in which order, how many."""
    pick = rule.node.pick
    if pick is None:
        return {}
    row = _row(draft, kind, rule)
    place = pick_order(kind, pick, row)
    known = exp.not_(exp.Is(this=place.copy(), expression=exp.null()))
    split = [_key(draft, kind, [rule])] if rule.dims else []
    return {
        "among": exp.and_(condition_sql(draft.program, pick.among, row), known),
        "per": [*split, *(pick_group(row, part, pick) for part in pick.per)],
        "order": place,
        "count": exp.Literal.number(pick.count),
    }


def _thing(draft: Draft, kind: FactKind, rule: Rule) -> exp.Expr:
    counted = rule.node.column if rule.node.aggregate == "count" and rule.node.column != "facts" else "fact_id"
    column = fact_row(draft.program, kind, "c")(counted)
    if column is None:
        not_computed(f"a count of {counted}", rule.node.where or rule.node.window or Located())
    return column
