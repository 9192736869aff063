"""Requirement rows: numbers against lines, statuses, and groups of requirements.

Every relation here has the columns node, e, d, value, line, gap, state, result; a result is 1 (met), 0 (unmet)
or 2 (unknown).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlglot import exp

from swingby.engine.building import not_computed
from swingby.engine.coverage import grows
from swingby.engine.nodes import (
    ChosenNode,
    ColumnNode,
    DecisionNode,
    GroupNode,
    HeldNode,
    LeafNode,
    WordIsNode,
)
from swingby.engine.personal import filter_windows
from swingby.engine.plan import Draft
from swingby.engine.predicates import condition_sql, fixed_value, static_value, value_sql
from swingby.engine.setting import Cohort
from swingby.engine.sql import Column, predicate, statement
from swingby.engine.steps.beside import with_needs
from swingby.engine.steps.credited import Crediting, credited, known_to, route_of
from swingby.engine.steps.members import Members
from swingby.engine.steps.reading import asks, is_fraction, read_densely
from swingby.engine.steps.scales import scope_row
from swingby.program.blocks import Value, Window

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
)

LEAVES = """
SELECT h.node, h.e, h.d, {keys}, CASE WHEN h.state = 1 THEN NULL ELSE h.value END AS value, h.line,
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
    SELECT l.node, l.e, l.d, {inner}, l.value, l.line, l.state, l.test, l.grows, {side} AS side
    FROM (
      SELECT r.node, r.e, r.d, {read_keys}, r.value, r.num, r.den, t.test, t.grows, t.exact,
             CASE WHEN o.state = 1 THEN 1 WHEN r.state = 0 AND o.state IS NOT NULL THEN o.state ELSE r.state END AS state,
             COALESCE(t.line, comparable(o.value), {line}) AS line
      FROM {read} AS r
      JOIN {lines} AS t ON t.node = r.node AND t.d = r.d
      JOIN scope AS s ON s.e = r.e
      LEFT JOIN {read} AS o ON o.node = r.node AND o.e = r.e AND o.d = r.d AND o.place = 2 AND {same_key}
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
SELECT g.node, g.e, g.d, {keys},
       CASE WHEN g.n = 1 THEN g.value ELSE CAST(g.met AS DECIMAL(38, 12)) END AS value,
       CASE WHEN g.n = 1 THEN g.line ELSE CAST(g.need AS DECIMAL(38, 12)) END AS line,
       CASE WHEN g.n = 1 THEN g.gap END AS gap, g.state,
       CASE g.kind WHEN 'all' THEN CASE WHEN g.unmet > 0 THEN 0 WHEN g.unknown > 0 THEN 2 ELSE 1 END
                   WHEN 'any' THEN CASE WHEN g.met > 0 THEN 1 WHEN g.unknown > 0 THEN 2 ELSE 0 END
                   WHEN 'none' THEN CASE WHEN g.met > 0 THEN 0 WHEN g.unknown > 0 THEN 2 ELSE 1 END
                   ELSE CASE WHEN g.met >= g.need THEN 1 WHEN g.met + g.unknown < g.need THEN 0 ELSE 2 END
       END AS result
FROM (
  SELECT a.node, q.e, a.d, {inner}, a.kind, a.need,
         SUM(CASE WHEN q.result = 1 THEN 1 ELSE 0 END) AS met,
         SUM(CASE WHEN q.result = 0 THEN 1 ELSE 0 END) AS unmet,
         SUM(CASE WHEN q.result = 2 THEN 1 ELSE 0 END) AS unknown,
         COUNT(*) AS n, MAX(q.value) AS value, MAX(q.line) AS line, MAX(q.gap) AS gap, MAX(q.state) AS state
  FROM {members} AS a
  JOIN {results} AS q ON q.node = a.member AND q.d = a.member_d
  GROUP BY a.node, q.e, a.d, {inner}, a.kind, a.need
) AS g
"""
#: The same where partners differ, or results stand under keys; a group without members holds.
GROUPS_EACH = GROUPS.replace("q.e, a.d", "s.e, a.d").replace(
    "  JOIN {results} AS q ON q.node = a.member AND q.d = a.member_d",
    "  CROSS JOIN scope AS s\n  LEFT JOIN {results} AS q ON q.node = a.member AND q.e = s.e AND q.d = a.member_d AND {same_key}",
)

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
LATEST = """
SELECT x.node, x.e, x.d, x.outcome
FROM (
  SELECT k.node, c.e, k.d, c.outcome,
         ROW_NUMBER() OVER (PARTITION BY k.node, c.e, k.d
                            ORDER BY c.starts_on DESC, by_bytes(c.fact_id) DESC) AS place
  FROM {facts} AS c
  JOIN {topics} AS k ON k.topic = c.topic AND c.starts_on < k.t AND {known}
   AND CASE WHEN k.windowed THEN c.starts_on >= k.s ELSE (c.ends_on IS NULL OR c.ends_on > k.s) END AND {cohort}
) AS x
WHERE x.place = 1
"""

DECISIONS = """
SELECT a.node, s.e, a.d, CAST(NULL AS DECIMAL(38, 12)) AS value, CAST(NULL AS DECIMAL(38, 12)) AS line,
       CAST(NULL AS DECIMAL(38, 12)) AS gap, 0 AS state,
       CASE WHEN {holds} THEN 1 WHEN a.incomplete THEN 2 ELSE 0 END AS result
FROM {topics} AS a
CROSS JOIN scope AS s
LEFT JOIN {latest} AS o ON o.node = a.node AND o.e = s.e AND o.d = a.d
WHERE {cohort}
"""

CHOSEN = """
SELECT a.node, s.e, a.d, COALESCE(o.outcome, {otherwise}) AS word
FROM {topics} AS a
CROSS JOIN scope AS s
LEFT JOIN {latest} AS o ON o.node = a.node AND o.e = s.e AND o.d = a.d
"""

WORD_IS = """
SELECT a.node, q.e, a.d, CAST(NULL AS DECIMAL(38, 12)) AS value, CAST(NULL AS DECIMAL(38, 12)) AS line,
       CAST(NULL AS DECIMAL(38, 12)) AS gap, 0 AS state, CASE WHEN {holds} THEN 1 ELSE 0 END AS result
FROM {members} AS a
JOIN {words} AS q ON q.node = a.member AND q.d = a.member_d
"""

COLUMNS = """
SELECT p.node, p.e, p.d, CAST(NULL AS DECIMAL(38, 12)) AS value, CAST(NULL AS DECIMAL(38, 12)) AS line,
       CAST(NULL AS DECIMAL(38, 12)) AS gap, 0 AS state, CASE WHEN {holds} THEN 1 ELSE 0 END AS result
FROM {rows} AS p
JOIN scope AS s ON s.e = p.e
"""

HELD = """
SELECT t.node, h.e, t.d, {keys}, CAST(h.ordinal AS DECIMAL(38, 12)) AS value, CAST(t.need AS DECIMAL(38, 12)) AS line,
       CAST(NULL AS DECIMAL(38, 12)) AS gap, 0 AS state,
       CASE WHEN CASE t.kind WHEN 'at_least' THEN h.ordinal >= t.need WHEN 'above' THEN h.ordinal > t.need
                             WHEN 'at_most' THEN h.ordinal <= t.need WHEN 'below' THEN h.ordinal < t.need
                             WHEN 'is' THEN h.ordinal = t.need ELSE h.ordinal <> t.need END
            THEN 1 ELSE 0 END AS result
FROM {members} AS t
JOIN {ladders} AS h ON h.node = t.member AND h.d = t.member_d
"""


def add_leaves(group: Members, stratum: int) -> None:
    """Add numbers against lines."""
    draft = group.draft
    nodes = {number: node for number in group.numbers if isinstance(node := draft.graph[number], LeafNode)}
    name = group.name(f"s{stratum}_leaves")
    read = read_densely(group, name, asks(draft, {number: node.inputs for number, node in nodes.items()}))
    lines = draft.data(
        f"{name}_lines", LINE, (row for number, node in nodes.items() for row in _lines(draft, number, node))
    )
    row = scope_row("s", exp.column("d", "r"))
    moving = {number: node.line for number, node in nodes.items() if _moves(draft, node)}
    written = {number: value_sql(draft.program, value, row) for number, value in moving.items() if value}
    nothing = statement("CAST(NULL AS DECIMAL(38, 12))")
    line = draft.by_rule(dict.fromkeys(nodes, nothing) | written, "r") if written else nothing
    exact = any(is_fraction(draft, node.number.node) for node in nodes.values())
    draft.put(
        nodes,
        draft.query(
            name,
            LEAVES,
            read=read,
            lines=lines,
            line=line,
            side=statement(EXACT_SIDE if exact else SIMPLE_SIDE),
            same_key=group.same_key("o", "r"),
            keys=group.keys("h"),
            inner=group.keys("l"),
            read_keys=group.keys("r"),
        ),
    )


def _lines(draft: Draft, number: int, node: LeafNode) -> Iterable[tuple[object, ...]]:
    exact = is_fraction(draft, node.number.node)
    for day in draft.demand.days(number):
        yield (number, day, node.test, _static_line(draft, node, day), exact, grows(draft, node.number, day))


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
    needy = tuple(number for number in group.numbers if _group(group.draft, number).need)
    plain = tuple(number for number in group.numbers if number not in needy)
    if plain:
        _add_groups(replace(group, numbers=plain), group.name(f"s{stratum}_groups"))
    if needy:
        _add_needy(replace(group, numbers=needy), group.name(f"s{stratum}_needy_groups"))


def _group(draft: Draft, number: int) -> GroupNode:
    node = draft.graph[number]
    if not isinstance(node, GroupNode):
        raise TypeError(number)
    return node


#: The same where how many must hold is a number; the column ``need`` names it.
GROUPS_NEEDY = (
    GROUPS_EACH.replace("{inner}, a.kind, a.need,", "{inner}, a.kind, n.value AS need,")
    .replace("{inner}, a.kind, a.need\n", "{inner}, a.kind, n.value\n")
    .replace(
        "  LEFT JOIN {results} AS q",
        "  JOIN {needs} AS n ON n.node = a.need AND n.e = s.e AND n.d = a.d\n  LEFT JOIN {results} AS q",
    )
)


def _add_needy(group: Members, name: str) -> None:
    draft = group.draft
    if group.dims:
        not_computed("a count by cell that must reach another number", draft.program)
    needs = {number: draft.input_of(number, item) for number in group.numbers if (item := _group(draft, number).need)}
    rows = [
        (number, day, kind, needs[number], member, on)
        for number in group.numbers
        for _, day, kind, _, member, on in _members(draft, number)
    ]
    members = draft.data(f"{name}_members", MEMBER, rows)
    results = draft.results_of({int(row[4]) for row in rows if row[4] is not None}, ROW)  # type: ignore[call-overload]
    found = draft.query(
        name,
        group.text(GROUPS_NEEDY),
        members=members,
        results=results,
        needs=draft.results_of(needs.values(), "node, e, d, value"),
        same_key=exp.true(),
        keys=[],
        inner=[],
        **group.who(),
    )
    draft.put(group.numbers, found)


def _add_groups(group: Members, name: str) -> None:
    draft = group.draft
    rows = [row for number in group.numbers for row in _members(draft, number)]
    members = draft.data(f"{name}_members", MEMBER, rows)
    inputs = sorted({int(row[4]) for row in rows if row[4] is not None})  # type: ignore[call-overload]
    keyed = any(draft.graph.dims_of(number) for number in inputs)
    results = draft.results_of(inputs, ROW, keyed=keyed) if inputs else statement(NO_ROWS)
    if group.is_shared and not keyed and all(row[4] is not None for row in rows):
        draft.put(group.numbers, draft.query(name, GROUPS, members=members, results=results, keys=[], inner=[]))
        return
    parts = {"same_key": group.input_key("q", "s", inputs, "a.member") if keyed else exp.true(), **group.who()}
    draft.put(
        group.numbers,
        draft.query(
            name,
            group.text(GROUPS_EACH),
            members=members,
            results=results,
            keys=group.keys("g"),
            inner=group.keys("s"),
            **parts,
        ),
    )


def _members(draft: Draft, number: int) -> Iterable[tuple[object, ...]]:
    node = draft.graph[number]
    if not isinstance(node, GroupNode):
        return
    for day in draft.demand.days(number):
        need = _need(draft, node, node.at_least, day)
        for item in node.members:
            yield (number, day, node.kind, need, draft.input_of(number, item), draft.clock.shifted(day, item.shift))
        if not node.members:
            yield (number, day, node.kind, need, None, None)


def _need(draft: Draft, node: GroupNode, at_least: Value | None, day: date) -> int:
    if at_least is None:
        return 1 if node.kind == "any" else len(node.members)
    found = fixed_value(draft.program, at_least, day)
    return len(node.members) if found is None else int(found)


# --- statuses -------------------------------------------------------------------------------------------------------


def add_decisions(group: Members, stratum: int) -> None:
    """Add requirements on the latest decision on a topic."""
    draft = group.draft
    nodes = {number: node for number in group.numbers if isinstance(node := draft.graph[number], DecisionNode)}
    for personal in (False, True):
        members = {number: node for number, node in nodes.items() if draft.is_personal(number) == personal}
        if members:
            name = group.name(f"s{stratum}_decisions" + ("_own" if personal else ""))
            _add_decisions(group, members, name)


def _add_decisions(group: Members, nodes: Mapping[int, DecisionNode], name: str) -> None:
    draft = group.draft
    topics, latest = _latest(draft, name, {number: (node.topic, node.window) for number, node in nodes.items()})
    holds = {
        number: statement("COALESCE({inside}, FALSE)", inside=exp.column("outcome", "o").isin(*node.outcomes))
        for number, node in nodes.items()
    }
    personal = draft.is_personal(next(iter(nodes)))
    decided = draft.query(
        name,
        group.text(DECISIONS) if not personal else group.text(DECISIONS).replace("WHERE {cohort}", OF_COHORT),
        topics=topics,
        latest=latest,
        holds=draft.by_rule(holds, "a"),
        **({} if personal else {"cohort": exp.true()}),
        **group.who(),
    )
    draft.put(nodes, decided)


OF_COHORT = "JOIN scope AS w ON w.e = s.e AND w.since = a.since"


def add_chosen(group: Members, stratum: int) -> None:
    """Add tracks that partners choose."""
    draft = group.draft
    nodes = {number: node for number in group.numbers if isinstance(node := draft.graph[number], ChosenNode)}
    name = group.name(f"s{stratum}_chosen")
    topics, latest = _latest(draft, name, {number: (node.topic, None) for number, node in nodes.items()})
    otherwise = draft.by_rule({number: exp.Literal.string(node.otherwise) for number, node in nodes.items()}, "a")
    words = draft.query(name, group.text(CHOSEN), topics=topics, latest=latest, otherwise=otherwise, **group.who())
    draft.put(nodes, words)


def _latest(draft: Draft, name: str, topics: Mapping[int, tuple[str, Window | None]]) -> tuple[str, exp.Expr]:
    """The table of topics, and the latest decision on each for every partner."""
    personal = draft.is_personal(next(iter(topics)))
    lensed = len({draft.known(number) for number in topics}) > 1 or draft.known(next(iter(topics))) is not None
    cohorts: Sequence[Cohort] = draft.setting.cohorts if personal else (None,)
    rows = [
        row + ((draft.known(number),) if lensed else ()) + ((cohort,) if personal else ())
        for number, (topic, window) in topics.items()
        for cohort in cohorts
        for row in _topic_rows(draft, number, topic, window, cohort)
    ]
    extra = (*((Column("known", "whole"),) if lensed else ()), *((Column("since", "day"),) if personal else ()))
    table = draft.data(f"{name}_topics", (*TOPIC, *extra), rows)
    kind = draft.program.kinds["decisions"]
    facts = credited(draft, Crediting(kind, route_of(draft, kind, None), known="row" if lensed else None))
    cohort_sql: exp.Expr = exp.true()
    if personal:
        facts = statement("SELECT f.*, s.since FROM {facts} AS f JOIN scope AS s ON s.e = f.e", facts=facts)
        cohort_sql = predicate("c.since = k.since")
    known = known_to("k", "c", linked=False) if lensed else exp.true()
    return table, statement(LATEST, facts=facts, topics=table, known=known, cohort=cohort_sql)


def _topic_rows(
    draft: Draft, number: int, topic: str, window: Window | None, cohort: Cohort
) -> Iterable[tuple[object, ...]]:
    clock = draft.clock_of(cohort)
    for day in draft.demand.days_of(number, cohort):
        span = clock.span(window, day)
        incomplete = draft.setting.incomplete("decisions", span.start, span.end)
        yield (number, topic, day, span.start, span.end, window is not None, incomplete)


def add_word_tests(group: Members, stratum: int) -> None:
    """Add requirements on a word: the track is one of some."""
    draft = group.draft
    nodes = {number: node for number in group.numbers if isinstance(node := draft.graph[number], WordIsNode)}
    rows = [
        (number, day, "", 0, draft.input_of(number, node.word), draft.clock.shifted(day, node.word.shift))
        for number, node in nodes.items()
        for day in draft.demand.days(number)
    ]
    name = group.name(f"s{stratum}_words")
    if group.dims:
        not_computed("a track for each thing", draft.program)
    members = draft.data(f"{name}_members", MEMBER, rows)
    words = draft.results_of({draft.input_of(number, node.word) for number, node in nodes.items()}, "node, e, d, word")
    holds = {number: _is_word(node) for number, node in nodes.items()}
    draft.put(nodes, draft.query(name, WORD_IS, members=members, words=words, holds=draft.by_rule(holds, "a")))


def _is_word(node: WordIsNode) -> exp.Expr:
    inside = exp.column("word", "q").isin(*node.words)
    return exp.not_(inside) if node.negated else inside


def add_columns(group: Members, stratum: int) -> None:
    """Add requirements on columns of the enrolment or its organization."""
    draft = group.draft
    nodes = {number: node for number in group.numbers if isinstance(node := draft.graph[number], ColumnNode)}
    name = group.name(f"s{stratum}_columns")
    rows = (row for number, node in nodes.items() for row in _column_days(draft, number, node))
    most = max(len(_windows(node)) for node in nodes.values())
    sides = tuple(Column(f"w{place}_{side}", "day") for place in range(most) for side in "st")
    days = draft.data(f"{name}_days", (Column("node", "whole"), Column("d", "day"), *sides), rows)
    columns = [exp.column(side.name, "a") for side in sides]
    asked = statement(group.text(ASKED_COLUMNS), asks=days, columns=columns, **group.who())
    needs = {number: node.needs for number, node in nodes.items() if node.needs}
    beside = with_needs(draft, asked, needs, day=exp.column("d", "f"))
    holds = {number: _column_holds(draft, node) for number, node in nodes.items()}
    draft.put(nodes, draft.query(name, COLUMNS, rows=beside, holds=draft.by_rule(holds)))


ASKED_COLUMNS = "SELECT a.node, s.e, a.d, {columns} FROM {asks} AS a CROSS JOIN scope AS s"


def _windows(node: ColumnNode) -> list[Window]:
    return list(dict.fromkeys(filter_windows(node.filter)))


def _column_days(draft: Draft, number: int, node: ColumnNode) -> Iterable[tuple[object, ...]]:
    if draft.is_personal(number):
        not_computed("a window that starts with joining in this requirement", node.filter)
    for day in draft.demand.days(number):
        spans = [draft.clock.span(window, day) for window in _windows(node)]
        yield (number, day, *(side for span in spans for side in (span.start, span.end)))


def _column_holds(draft: Draft, node: ColumnNode) -> exp.Expr:
    windows = _windows(node)

    def window(wanted: Window) -> tuple[exp.Expr, exp.Expr] | None:
        place = windows.index(wanted)
        return exp.column(f"w{place}_s", "p"), exp.column(f"w{place}_t", "p")

    row = scope_row("s", exp.column("d", "p"), needs=[node.needs])
    return condition_sql(draft.program, node.filter, replace(row, window=window))


def add_held(group: Members, stratum: int) -> None:
    """Add requirements on the tier held on a ladder."""
    draft = group.draft
    nodes = {number: node for number in group.numbers if isinstance(node := draft.graph[number], HeldNode)}
    name = group.name(f"s{stratum}_held")
    rows = (
        (
            number,
            day,
            node.test,
            node.ordinal,
            draft.input_of(number, node.ladder),
            draft.clock.shifted(day, node.ladder.shift),
        )
        for number, node in nodes.items()
        for day in draft.demand.days(number)
    )
    members = draft.data(f"{name}_members", MEMBER, rows)
    inputs = {draft.input_of(number, node.ladder) for number, node in nodes.items()}
    ladders = draft.results_of(inputs, "node, e, d, ordinal", keyed=bool(group.dims))
    draft.put(nodes, draft.query(name, HELD, members=members, ladders=ladders, keys=group.keys("h")))
