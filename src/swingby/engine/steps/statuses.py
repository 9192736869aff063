"""Requirement rows of statuses: decisions, tracks, columns of the enrolment, and tiers held; and tracks that are chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlglot import exp

from swingby.engine.nodes import (
    ChosenNode,
    ColumnNode,
    DecisionNode,
    HeldNode,
    WordIsNode,
)
from swingby.engine.personal import filter_windows
from swingby.engine.place import not_computed
from swingby.engine.plan import Draft
from swingby.engine.predicates import condition_sql
from swingby.engine.setting import Cohort
from swingby.engine.sql import Column, predicate, statement
from swingby.engine.steps.beside import with_needs
from swingby.engine.steps.credited import Crediting, credited, known_to, route_of
from swingby.engine.steps.members import Members
from swingby.engine.steps.scales import scope_row
from swingby.program.blocks import Window

TOPIC = (
    Column("node", "whole"),
    Column("topic", "text"),
    Column("d", "day"),
    Column("s", "day"),
    Column("t", "day"),
    Column("windowed", "truth"),
    Column("incomplete", "truth"),
)
MEMBER = (
    Column("node", "whole"),
    Column("d", "day"),
    Column("kind", "text"),
    Column("need", "whole"),
    Column("member", "whole"),
    Column("member_d", "day"),
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
