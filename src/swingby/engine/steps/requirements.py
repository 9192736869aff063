"""Requirement rows: numbers against lines, statuses, and groups of requirements.

Every relation here has the columns node, e, d, value, line, gap, state, result; a result is 1 (met), 0 (unmet)
or 2 (unknown).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlglot import exp

from swingby.engine.coverage import is_complete
from swingby.engine.nodes import (
    GroupNode,
    LeafNode,
)
from swingby.engine.place import not_computed
from swingby.engine.plan import Draft
from swingby.engine.predicates import fixed_value, static_value, value_sql
from swingby.engine.rising import grows, is_never_below_zero
from swingby.engine.sql import Column, statement
from swingby.engine.steps.members import Members
from swingby.engine.steps.narrow import Line, add_narrow
from swingby.engine.steps.reading import asks, dense_rows, is_fraction, read_densely
from swingby.engine.steps.scales import scope_row

RESULT = "node, e, d, result"
ROW = "node, e, d, value, line, gap, state, result"
MET, UNMET, UNKNOWN = 1, 0, 2
NO_ROWS = """
SELECT node, e, d, value, line, gap, state, result
FROM (SELECT 0 AS node, 0 AS e, CAST('2000-01-01' AS DATE) AS d, CAST(0 AS DECIMAL(38, 12)) AS value,
             CAST(0 AS DECIMAL(38, 12)) AS line, CAST(0 AS DECIMAL(38, 12)) AS gap, 0 AS state, 0 AS result) AS none
WHERE node < 0
"""

LINE = (
    Column("node", "whole"),
    Column("d", "day"),
    Column("test", "text"),
    Column("line", "quantity"),
    Column("exact", "truth"),
    Column("grows", "truth"),
    Column("above_zero", "truth"),
)

LEAVES = """
SELECT h.node, h.e, h.d, {keys}, CASE WHEN h.state = 1 THEN NULL ELSE h.value END AS value, h.line,
       CASE WHEN h.state <> 0 THEN NULL
            WHEN h.test IN ('at_least', 'above') THEN GREATEST(h.line - h.value, 0)
            WHEN h.test IN ('at_most', 'below') THEN GREATEST(h.value - h.line, 0) END AS gap, h.state,
       CASE WHEN h.line IS NULL OR h.state = 1 THEN 0
            WHEN h.state = 2 THEN CASE WHEN h.holds AND h.grows AND h.test IN ('at_least', 'above') THEN 1 ELSE 2 END
            WHEN h.holds THEN 1 ELSE 0 END AS result
FROM (
  SELECT g.*, CASE g.test WHEN 'at_least' THEN g.side >= 0 WHEN 'above' THEN g.side > 0
                          WHEN 'at_most' THEN g.side <= 0 WHEN 'below' THEN g.side < 0
                          WHEN 'is' THEN g.side = 0 ELSE g.side <> 0 END AS holds
  FROM (
    SELECT l.node, l.e, l.d, {inner}, l.value, l.line, l.state, l.test, l.grows, {side} AS side
    FROM {lined} AS l
  ) AS g
) AS h
"""

#: Numbers beside a line that depends on the day only.
FIXED = """
SELECT r.node, r.e, r.d, {keys}, r.value, r.num, r.den, t.test, t.grows, t.exact, r.state, t.line
FROM {read} AS r
JOIN {lines} AS t ON t.node = r.node AND t.d = r.d
"""
#: Numbers beside a line that is another number, or depends on the partner.
MOVING = """
SELECT m.node, m.e, m.d, {keys}, m.value, m.num, m.den, m.test,
       m.grows OR (m.above_zero AND (m.line < 0 OR (m.line = 0 AND m.test = 'at_least'))) AS grows,
       m.exact, m.state, m.line
FROM (
SELECT r.node, r.e, r.d, {inner}, r.value, r.num, r.den, t.test, t.grows, t.exact, t.above_zero,
       CASE WHEN o.state = 1 THEN 1 WHEN r.state = 0 AND o.state IS NOT NULL THEN o.state ELSE r.state END AS state,
       COALESCE(t.line, comparable(o.value), {line}) AS line
FROM {read} AS r
JOIN {lines} AS t ON t.node = r.node AND t.d = r.d
JOIN scope AS s ON s.e = r.e
LEFT JOIN {read} AS o ON o.node = r.node AND o.e = r.e AND o.d = r.d AND o.place = 2 AND {same_key}
WHERE r.place = 1
) AS m
"""

#: Rounding matters only next to the line, and costs more than the rest of the comparison.
SIMPLE_SIDE = """
CASE WHEN l.value - l.line >= CAST('0.000000001' AS DECIMAL(38, 12)) THEN 1
     WHEN l.line - l.value >= CAST('0.000000001' AS DECIMAL(38, 12)) THEN -1
     ELSE SIGN(comparable(l.value) - l.line) END
"""
EXACT_SIDE = f"CASE WHEN l.exact THEN compare_ratio(l.num, l.den, l.line) ELSE {SIMPLE_SIDE} END"

#: A group on a day has a place, under which its members are counted.
GROUP = (
    Column("place", "whole"),
    Column("node", "whole"),
    Column("d", "day"),
    Column("kind", "text"),
    Column("need", "whole"),
)
PART = (*GROUP[:3], Column("member", "whole"), Column("member_d", "day"))

GROUPS = """
SELECT k.node, g.e, k.d, {keys}, {columns},
       CASE k.kind WHEN 'all' THEN CASE WHEN g.n > g.met + g.unknown THEN 0 WHEN g.unknown > 0 THEN 2 ELSE 1 END
                   WHEN 'any' THEN CASE WHEN g.met > 0 THEN 1 WHEN g.unknown > 0 THEN 2 ELSE 0 END
                   WHEN 'none' THEN CASE WHEN g.met > 0 THEN 0 WHEN g.unknown > 0 THEN 2 ELSE 1 END
                   ELSE CASE WHEN g.met >= {need} THEN 1 WHEN g.met + g.unknown < {need} THEN 0 ELSE 2 END
       END AS result
FROM (
  SELECT a.place, q.e, {inner}, COUNT(q.result) AS n, COUNT(CASE WHEN q.result = 1 THEN 1 END) AS met,
         COUNT(CASE WHEN q.result = 2 THEN 1 END) AS unknown, {alone}
  FROM {members} AS a
  JOIN {results} AS q ON q.node = a.member AND q.d = a.member_d
  GROUP BY a.place, q.e, {inner}
) AS g
JOIN {groups} AS k ON k.place = g.place
"""
#: The same where partners differ, or results stand under keys; a group without members holds.
GROUPS_EACH = GROUPS.replace("a.place, q.e", "a.place, s.e").replace(
    "  JOIN {results} AS q ON q.node = a.member AND q.d = a.member_d",
    "  CROSS JOIN scope AS s\n  LEFT JOIN {results} AS q ON q.node = a.member AND q.e = s.e AND q.d = a.member_d AND {same_key}",
)
#: The same where how many must hold is a number; the column ``need`` names it.
GROUPS_NEEDY = GROUPS_EACH + "JOIN {needs} AS n ON n.node = k.need AND n.e = g.e AND n.d = k.d\n"

#: A group of several shows how many are met; one of a single requirement shows what that one shows.
SEVERAL = (
    "CAST(g.met AS DECIMAL(38, 12)) AS value",
    "CAST({need} AS DECIMAL(38, 12)) AS line",
    "CAST(NULL AS DECIMAL(38, 12)) AS gap",
    "0 AS state",
)
SHOWN = ("value", "line", "gap", "state")
#: Very many groups of several are kept with what these are worked out from.
COUNTED = ("CAST(g.met AS INTEGER) AS met", "CAST({need} AS INTEGER) AS need")
WIDE = """
SELECT h.node, h.e, h.d, {keys}, CAST(h.met AS DECIMAL(38, 12)) AS value, CAST(h.need AS DECIMAL(38, 12)) AS line,
       CAST(NULL AS DECIMAL(38, 12)) AS gap, 0 AS state, h.result
FROM {groups} AS h
"""


def add_leaves(group: Members, stratum: int) -> None:
    """Add numbers against lines."""
    draft = group.draft
    nodes = {number: node for number in group.numbers if isinstance(node := draft.graph[number], LeafNode)}
    moving = {number: node for number, node in nodes.items() if node.line_number or _moves(draft, node)}
    fixed = {number: node for number, node in nodes.items() if number not in moving}
    if fixed:
        add_fixed = _add_narrow if draft.setting.in_bulk else _add_fixed
        add_fixed(group, fixed, group.name(f"s{stratum}_leaves"))
    if moving:
        name = group.name(f"s{stratum}_moving_leaves")
        _add_leaves(group, moving, name, _moving(group, moving, name))


def _add_fixed(group: Members, nodes: Mapping[int, LeafNode], name: str) -> None:
    _add_leaves(group, nodes, name, _fixed(group, nodes, name))


def _add_leaves(group: Members, nodes: Mapping[int, LeafNode], name: str, lined: exp.Expr) -> None:
    draft = group.draft
    exact = any(is_fraction(draft, node.number.node) for node in nodes.values())
    side = statement(EXACT_SIDE if exact else SIMPLE_SIDE)
    keys, inner = group.keys("h"), group.keys("l")
    draft.put(nodes, draft.query(name, LEAVES, side=side, lined=lined, keys=keys, inner=inner))


def _add_narrow(group: Members, nodes: Mapping[int, LeafNode], name: str) -> None:
    draft = group.draft
    lines = [Line(*row[:-1]) for number, node in nodes.items() for row in _lines(draft, number, node)]
    add_narrow(group, name, asks(draft, {number: node.inputs for number, node in nodes.items()}), lines)
    draft.put(nodes, name)


def _fixed(group: Members, nodes: Mapping[int, LeafNode], name: str) -> exp.Expr:
    draft = group.draft
    read = dense_rows(group, name, asks(draft, {number: node.inputs for number, node in nodes.items()}))
    return statement(FIXED, read=read, lines=_lines_of(draft, nodes, name), keys=group.keys("r"))


def _moving(group: Members, nodes: Mapping[int, LeafNode], name: str) -> exp.Expr:
    draft = group.draft
    read = read_densely(group, name, asks(draft, {number: node.inputs for number, node in nodes.items()}))
    row = scope_row("s", exp.column("d", "r"))
    moved = {number: node.line for number, node in nodes.items() if _moves(draft, node)}
    written = {number: value_sql(draft.program, value, row) for number, value in moved.items() if value}
    nothing = statement("CAST(NULL AS DECIMAL(38, 12))")
    line = draft.by_rule(dict.fromkeys(nodes, nothing) | written, "r") if written else nothing
    lines, same_key = _lines_of(draft, nodes, name), group.same_key("o", "r")
    keys, inner = group.keys("m"), group.keys("r")
    return statement(MOVING, read=read, lines=lines, line=line, same_key=same_key, keys=keys, inner=inner)


def _lines_of(draft: Draft, nodes: Mapping[int, LeafNode], name: str) -> str:
    return draft.data(
        f"{name}_lines", LINE, (row for number, node in nodes.items() for row in _lines(draft, number, node))
    )


def _lines(
    draft: Draft, number: int, node: LeafNode
) -> Iterable[tuple[int, date, str, Decimal | None, bool, bool, bool]]:
    exact = is_fraction(draft, node.number.node)
    above_zero = is_never_below_zero(draft, node.number)
    for day in draft.demand.days(number):
        line = _static_line(draft, node, day)
        is_sure = node.line_number is None or is_complete(draft, node.line_number, day)
        reached = above_zero and line is not None and (line < 0 or (line == 0 and node.test == "at_least"))
        rises = is_sure and (reached or grows(draft, node.number, day))
        yield (number, day, node.test, line, exact, rises, is_sure and above_zero)


def _static_line(draft: Draft, node: LeafNode, day: date) -> Decimal | None:
    if node.line_number is not None or node.line is None:
        return None
    try:
        return static_value(draft.program, node.line, day)
    except LookupError:
        return None


def _moves(draft: Draft, node: LeafNode) -> bool:
    """True when the line depends on more than the day."""
    if node.line is None:
        return False
    try:
        static_value(draft.program, node.line, draft.setting.asked[0])
    except LookupError:
        return True
    return False


def add_groups(group: Members, stratum: int) -> None:
    """Add groups of requirements; how many must hold may be a number of its own."""
    found = {number: _group(group.draft, number) for number in group.numbers}
    needy = tuple(number for number, node in found.items() if node.need)
    several = tuple(number for number, node in found.items() if number not in needy and len(node.members) > 1)
    alone = tuple(number for number in found if number not in {*needy, *several})
    for numbers, base in ((several, "groups"), (alone, "lone_groups")):
        if numbers:
            _add_groups(replace(group, numbers=numbers), group.name(f"s{stratum}_{base}"), is_alone=numbers is alone)
    if needy:
        _add_needy(replace(group, numbers=needy), group.name(f"s{stratum}_needy_groups"))


def _group(draft: Draft, number: int) -> GroupNode:
    node = draft.graph[number]
    if not isinstance(node, GroupNode):
        raise TypeError(number)
    return node


def _add_needy(group: Members, name: str) -> None:
    draft = group.draft
    if group.dims:
        not_computed("a count by cell that must reach another number", draft.program)
    needs = {number: draft.input_of(number, item) for number in group.numbers if (item := _group(draft, number).need)}
    rows = [(place, number, day, node.kind, needs[number]) for place, number, node, day in _days(group)]
    members, inputs = _members_of(group, name)
    found = draft.query(
        name,
        group.text(GROUPS_NEEDY),
        members=members,
        groups=draft.data(f"{name}_kinds", GROUP, rows),
        results=draft.results_of(inputs, RESULT),
        needs=draft.results_of(needs.values(), "node, e, d, value"),
        same_key=exp.true(),
        keys=[],
        inner=[],
        **_columns(statement("n.value"), SEVERAL),
        **group.who(),
    )
    draft.put(group.numbers, found)


def _add_groups(group: Members, name: str, *, is_alone: bool) -> None:
    draft = group.draft
    rows = [(place, number, day, node.kind, _need(draft, node, day)) for place, number, node, day in _days(group)]
    members, inputs = _members_of(group, name)
    keyed = any(draft.graph.dims_of(number) for number in inputs)
    parts: dict[str, exp.Expr | str | Sequence[exp.Expr]] = {
        "members": members,
        "groups": draft.data(f"{name}_kinds", GROUP, rows),
        "results": draft.results_of(inputs, ROW if is_alone else RESULT, keyed=keyed) if inputs else statement(NO_ROWS),
        **_columns(statement("k.need"), None if is_alone else COUNTED if draft.setting.in_bulk else SEVERAL),
    }
    if draft.setting.in_bulk and not is_alone:
        draft.shown[name] = statement(WIDE, groups=name, keys=group.keys("h"))
    if group.is_shared and not keyed and all(_group(draft, number).members for number in group.numbers):
        draft.put(group.numbers, draft.query(name, GROUPS, keys=[], inner=[], **parts))
        return
    same_key = group.input_key("q", "s", inputs, "a.member") if keyed else exp.true()
    keys = {"keys": group.keys("g"), "inner": group.keys("s")}
    draft.put(
        group.numbers, draft.query(name, group.text(GROUPS_EACH), same_key=same_key, **keys, **parts, **group.who())
    )


def _columns(need: exp.Expr, several: Sequence[str] | None) -> dict[str, exp.Expr | list[exp.Expr]]:
    """What groups show beside their result, several members or (without texts) one; and what of a member that takes."""
    if several:
        columns = [statement(text, need=need) if "{need}" in text else statement(text) for text in several]
        return {"need": need, "columns": columns, "alone": []}
    alone = [exp.alias_(exp.Max(this=exp.column(name, "q")), name) for name in SHOWN]
    return {"need": need, "columns": [exp.column(name, "g") for name in SHOWN], "alone": alone}


def _days(group: Members) -> Iterator[tuple[int, int, GroupNode, date]]:
    days = ((number, day) for number in group.numbers for day in group.draft.demand.days(number))
    return ((place, number, _group(group.draft, number), day) for place, (number, day) in enumerate(days))


def _members_of(group: Members, name: str) -> tuple[str, list[int]]:
    """Add the table of who is a member, and the members; a group without one has an empty row."""
    draft = group.draft
    rows: list[tuple[int, int, date, int | None, date | None]] = []
    for place, number, node, day in _days(group):
        rows += [
            (place, number, day, draft.input_of(number, item), draft.clock.shifted(day, item.shift))
            for item in node.members
        ] or [(place, number, day, None, None)]
    table = draft.data(f"{name}_members", PART, rows)
    return table, sorted({row[3] for row in rows if row[3] is not None})


def _need(draft: Draft, node: GroupNode, day: date) -> int:
    if node.at_least is None:
        return 1 if node.kind == "any" else len(node.members)
    found = fixed_value(draft.program, node.at_least, day)
    return len(node.members) if found is None else int(found)
