"""Requirement rows: numbers against lines, statuses, and groups of requirements.

Every relation here has the columns node, e, d, value, line, gap, state, result; a result is 1 (met), 0 (unmet)
or 2 (unknown).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from sqlglot import exp

from swingby.engine.building import not_computed
from swingby.engine.graph import (
    DecisionNode,
    EachPeriodNode,
    GroupNode,
    HeldNode,
    LeafNode,
    ListNode,
    TrackNode,
)
from swingby.engine.plan import Draft
from swingby.engine.predicates import fixed_value, static_value, value_sql
from swingby.engine.sql import Column, statement
from swingby.engine.steps.columns import by_node
from swingby.engine.steps.credited import credited, route_of
from swingby.engine.steps.reading import asks, grows, is_fraction, read_densely
from swingby.engine.steps.scales import scope_row
from swingby.program.blocks import Value

ROW = "node, e, d, value, line, gap, state, result"
MET, UNMET, UNKNOWN = 1, 0, 2

LINE = (
    Column("node", "whole"),
    Column("d", "day"),
    Column("test", "text"),
    Column("line", "quantity"),
    Column("exact", "truth"),
    Column("grows", "truth"),
)

LEAVES = """
SELECT h.node, h.e, h.d, CASE WHEN h.state = 1 THEN NULL ELSE h.value END AS value, h.line,
       CASE WHEN h.state <> 0 THEN NULL
            WHEN h.test IN ('at_least', 'above') THEN GREATEST(h.line - h.value, 0)
            WHEN h.test IN ('at_most', 'below') THEN GREATEST(h.value - h.line, 0) END AS gap,
       h.state,
       CASE WHEN h.line IS NULL OR h.state = 1 THEN 0
            WHEN h.state = 2 THEN CASE WHEN h.holds AND h.grows AND h.test IN ('at_least', 'above') THEN 1 ELSE 2 END
            WHEN h.holds THEN 1 ELSE 0 END AS result
FROM (
  SELECT g.*, CASE g.test WHEN 'at_least' THEN g.side >= 0 WHEN 'above' THEN g.side > 0
                          WHEN 'at_most' THEN g.side <= 0 WHEN 'below' THEN g.side < 0
                          WHEN 'is' THEN g.side = 0 ELSE g.side <> 0 END AS holds
  FROM (
    SELECT l.node, l.e, l.d, l.value, l.line, l.state, l.test, l.grows, {side} AS side
    FROM (
      SELECT r.node, r.e, r.d, r.value, r.num, r.den, t.test, t.grows, t.exact,
             CASE WHEN r.state = 0 AND o.state IS NOT NULL THEN o.state ELSE r.state END AS state,
             COALESCE(t.line, comparable(o.value), {line}) AS line
      FROM {read} AS r
      JOIN {lines} AS t ON t.node = r.node AND t.d = r.d
      JOIN scope AS s ON s.e = r.e
      LEFT JOIN {read} AS o ON o.node = r.node AND o.e = r.e AND o.d = r.d AND o.place = 2
      WHERE r.place = 1
    ) AS l
  ) AS g
) AS h
"""

SIMPLE_SIDE = "SIGN(comparable(l.value) - l.line)"
EXACT_SIDE = f"CASE WHEN l.exact THEN compare_ratio(l.num, l.den, l.line) ELSE {SIMPLE_SIDE} END"

MEMBER = (
    Column("node", "whole"),
    Column("d", "day"),
    Column("kind", "text"),
    Column("need", "whole"),
    Column("member", "whole"),
    Column("member_d", "day"),
)

GROUPS = """
SELECT g.node, g.e, g.d,
       CASE WHEN g.n = 1 THEN g.value ELSE CAST(g.met AS DECIMAL(38, 12)) END AS value,
       CASE WHEN g.n = 1 THEN g.line ELSE CAST(g.need AS DECIMAL(38, 12)) END AS line,
       CASE WHEN g.n = 1 THEN g.gap END AS gap, g.state,
       CASE g.kind WHEN 'all' THEN CASE WHEN g.unmet > 0 THEN 0 WHEN g.unknown > 0 THEN 2 ELSE 1 END
                   WHEN 'any' THEN CASE WHEN g.met > 0 THEN 1 WHEN g.unknown > 0 THEN 2 ELSE 0 END
                   WHEN 'none' THEN CASE WHEN g.met > 0 THEN 0 WHEN g.unknown > 0 THEN 2 ELSE 1 END
                   ELSE CASE WHEN g.met >= g.need THEN 1 WHEN g.met + g.unknown < g.need THEN 0 ELSE 2 END
       END AS result
FROM (
  SELECT m.node, q.e, m.d, m.kind, m.need,
         SUM(CASE WHEN q.result = 1 THEN 1 ELSE 0 END) AS met,
         SUM(CASE WHEN q.result = 0 THEN 1 ELSE 0 END) AS unmet,
         SUM(CASE WHEN q.result = 2 THEN 1 ELSE 0 END) AS unknown,
         COUNT(*) AS n, MAX(q.value) AS value, MAX(q.line) AS line, MAX(q.gap) AS gap, MAX(q.state) AS state
  FROM {members} AS m
  JOIN {results} AS q ON q.node = m.member AND q.d = m.member_d
  GROUP BY m.node, q.e, m.d, m.kind, m.need
) AS g
"""

TOPIC = (
    Column("node", "whole"),
    Column("topic", "text"),
    Column("d", "day"),
    Column("s", "day"),
    Column("t", "day"),
    Column("windowed", "truth"),
    Column("incomplete", "truth"),
)

#: The latest decision on each topic: in force on the day, or made inside the window.
DECISIONS = """
SELECT t.node, s.e, t.d, CAST(NULL AS DECIMAL(38, 12)) AS value, CAST(NULL AS DECIMAL(38, 12)) AS line,
       CAST(NULL AS DECIMAL(38, 12)) AS gap, 0 AS state,
       CASE WHEN {holds} THEN 1 WHEN t.incomplete THEN 2 ELSE 0 END AS result
FROM {topics} AS t
CROSS JOIN scope AS s
LEFT JOIN (
  SELECT x.node, x.e, x.d, x.outcome
  FROM (
    SELECT k.node, c.e, k.d, c.outcome,
           ROW_NUMBER() OVER (PARTITION BY k.node, c.e, k.d
                              ORDER BY c.starts_on DESC, by_bytes(c.fact_id) DESC) AS place
    FROM {facts} AS c
    JOIN {topics} AS k ON k.topic = c.topic
     AND c.starts_on < k.t
     AND CASE WHEN k.windowed THEN c.starts_on >= k.s ELSE (c.ends_on IS NULL OR c.ends_on > k.s) END
  ) AS x
  WHERE x.place = 1
) AS o ON o.node = t.node AND o.e = s.e AND o.d = t.d
"""

HELD = """
SELECT t.node, h.e, t.d, CAST(h.ordinal AS DECIMAL(38, 12)) AS value, CAST(t.need AS DECIMAL(38, 12)) AS line,
       CAST(NULL AS DECIMAL(38, 12)) AS gap, 0 AS state,
       CASE WHEN CASE t.kind WHEN 'at_least' THEN h.ordinal >= t.need WHEN 'above' THEN h.ordinal > t.need
                             WHEN 'at_most' THEN h.ordinal <= t.need WHEN 'below' THEN h.ordinal < t.need
                             WHEN 'is' THEN h.ordinal = t.need ELSE h.ordinal <> t.need END
            THEN 1 ELSE 0 END AS result
FROM {members} AS t
JOIN {ladders} AS h ON h.node = t.member AND h.d = t.member_d
"""


def add_leaves(draft: Draft, numbers: Sequence[int], stratum: int) -> None:
    """Add numbers against lines."""
    nodes = {number: node for number in numbers if isinstance(node := draft.graph[number], LeafNode)}
    name = f"s{stratum}_leaves"
    read = read_densely(draft, name, asks(draft, {number: node.inputs for number, node in nodes.items()}))
    lines = draft.data(
        f"{name}_lines", LINE, (row for number, node in nodes.items() for row in _lines(draft, number, node))
    )
    row = scope_row("s", exp.column("d", "r"))
    moving = {number: node.line for number, node in nodes.items() if _moves(draft, node)}
    line = _by_rule({number: value_sql(draft.program, value, row) for number, value in moving.items() if value})
    exact = any(is_fraction(draft.graph, node.number.node) for node in nodes.values())
    side = statement(EXACT_SIDE if exact else SIMPLE_SIDE)
    draft.put(nodes, draft.query(name, LEAVES, read=read, lines=lines, line=line, side=side))


def _by_rule(lines: Mapping[int, exp.Expr]) -> exp.Expr:
    case = exp.Case()
    for number, line in lines.items():
        case = case.when(statement("r.node = {node}", node=exp.Literal.number(number)), line)
    return case if lines else statement("CAST(NULL AS DECIMAL(38, 12))")


def _lines(draft: Draft, number: int, node: LeafNode) -> Iterable[tuple[object, ...]]:
    exact = is_fraction(draft.graph, node.number.node)
    for day in draft.demand.days[number]:
        yield (number, day, node.test, _static_line(draft, node, day), exact, grows(draft, node.number, day))


def _static_line(draft: Draft, node: LeafNode, day: date) -> Decimal | None:
    if node.line_number is not None:
        return None
    if node.line is None:
        return _all_of(draft, node, day)
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


def _all_of(draft: Draft, node: LeafNode, day: date) -> Decimal:
    """``at_least: all``: the number of things that were counted."""
    counted = draft.graph[node.number.node]
    if isinstance(counted, EachPeriodNode):
        return Decimal(
            len(draft.clock.looks(counted.unit, counted.window, draft.clock.shifted(day, node.number.shift)))
        )
    if isinstance(counted, ListNode):
        return Decimal(len(counted.items))
    not_computed("at_least: all of this number", draft.program)


def add_groups(draft: Draft, numbers: Sequence[int], stratum: int) -> None:
    """Add groups of requirements."""
    name = f"s{stratum}_groups"
    members = draft.data(f"{name}_members", MEMBER, (row for number in numbers for row in _members(draft, number)))
    inputs = {item.node for number in numbers for item in draft.graph[number].inputs}
    results = draft.results_of(inputs, ROW)
    draft.put(numbers, draft.query(name, GROUPS, members=members, results=results))


def _members(draft: Draft, number: int) -> Iterable[tuple[object, ...]]:
    node = draft.graph[number]
    if isinstance(node, GroupNode):
        for day in draft.demand.days[number]:
            need = _need(draft, node, node.at_least, day)
            for item in node.members:
                yield (number, day, node.kind, need, item.node, draft.clock.shifted(day, item.shift))


def _need(draft: Draft, node: GroupNode, at_least: Value | None, day: date) -> int:
    if at_least is None:
        return 1 if node.kind == "any" else len(node.members)
    found = fixed_value(draft.program, at_least, day)
    return len(node.members) if found is None else int(found)


# --- statuses -------------------------------------------------------------------------------------------------------


def add_decisions(draft: Draft, numbers: Sequence[int], stratum: int) -> None:
    """Add requirements on the latest decision on a topic."""
    nodes = {number: node for number in numbers if isinstance(node := draft.graph[number], DecisionNode)}
    rows = ((number, node.topic, node.window) for number, node in nodes.items())
    holds = {
        number: statement("COALESCE({inside}, FALSE)", inside=exp.column("outcome", "o").isin(*node.outcomes))
        for number, node in nodes.items()
    }
    _add_topics(draft, f"s{stratum}_decisions", rows, holds)


def add_tracks(draft: Draft, numbers: Sequence[int], stratum: int) -> None:
    """Add requirements on a track that the partner chose."""
    nodes = {number: node for number in numbers if isinstance(node := draft.graph[number], TrackNode)}
    rows = ((number, node.track.chosen or "", None) for number, node in nodes.items())
    holds: dict[int, exp.Expr] = {}
    for number, node in nodes.items():
        word = statement("COALESCE(o.outcome, {otherwise})", otherwise=exp.Literal.string(node.track.otherwise))
        inside = word.isin(*node.words)
        holds[number] = exp.not_(inside) if node.negated else inside
    _add_topics(draft, f"s{stratum}_tracks", rows, holds)


def _add_topics(
    draft: Draft, name: str, topics: Iterable[tuple[int, str, object]], holds: Mapping[int, exp.Expr]
) -> None:
    rows = [
        (
            number,
            topic,
            day,
            span.start,
            span.end,
            window is not None,
            draft.setting.incomplete("decisions", span.start, span.end),
        )
        for number, topic, window in topics
        for day in draft.demand.days[number]
        for span in (draft.clock.span(window, day),)  # type: ignore[arg-type]
    ]
    table = draft.data(f"{name}_topics", TOPIC, rows)
    kind = draft.program.kinds["decisions"]
    facts = credited(draft, kind, route_of(draft, kind, None))
    case = _by_topic(holds)
    draft.put(holds, draft.query(name, DECISIONS, topics=table, facts=facts, holds=case))


def _by_topic(holds: Mapping[int, exp.Expr]) -> exp.Expr:
    found = by_node(holds)
    for column in found.find_all(exp.Column):
        if column.table == "p":
            column.set("table", exp.to_identifier("t"))
    return found


def add_held(draft: Draft, numbers: Sequence[int], stratum: int) -> None:
    """Add requirements on the tier held on a ladder."""
    nodes = {number: node for number in numbers if isinstance(node := draft.graph[number], HeldNode)}
    name = f"s{stratum}_held"
    rows = (
        (number, day, node.test, node.ordinal, node.ladder.node, draft.clock.shifted(day, node.ladder.shift))
        for number, node in nodes.items()
        for day in draft.demand.days[number]
    )
    members = draft.data(f"{name}_members", MEMBER, rows)
    ladders = draft.results_of({node.ladder.node for node in nodes.values()}, "node, e, d, ordinal")
    draft.put(nodes, draft.query(name, HELD, members=members, ladders=ladders))
