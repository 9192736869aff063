"""Words about a partner: a track that is computed, and the tier held."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from swingby.engine.nodes import CasesNode, TierWordNode
from swingby.engine.place import not_computed
from swingby.engine.plan import Draft
from swingby.engine.sql import Column
from swingby.engine.steps.members import Members

CASE = (
    Column("node", "whole"),
    Column("d", "day"),
    Column("place", "whole"),
    Column("input", "whole"),
    Column("input_d", "day"),
)
CASE_WORD = (Column("node", "whole"), Column("place", "whole"), Column("word", "text"))

#: The word of the first case that holds.
CASES = """
SELECT m.node, m.e, m.d, COALESCE(w.word, {otherwise}) AS word
FROM (
  SELECT a.node, s.e, a.d, MIN(CASE WHEN q.result = 1 THEN a.place END) AS place
  FROM {cases} AS a
  CROSS JOIN scope AS s
  JOIN {results} AS q ON q.node = a.input AND q.e = s.e AND q.d = a.input_d
  GROUP BY a.node, s.e, a.d
) AS m
LEFT JOIN {words} AS w ON w.node = m.node AND w.place = m.place
"""

TIER_WORDS = """
SELECT a.node, h.e, a.d, {keys}, w.word
FROM {cases} AS a
JOIN {ladders} AS h ON h.node = a.input AND h.d = a.input_d
LEFT JOIN {words} AS w ON w.node = a.node AND w.place = h.ordinal
"""


def add_cases(group: Members, stratum: int) -> None:
    """Add tracks that are computed from cases."""
    draft, name = group.draft, group.name(f"s{stratum}_cases")
    if group.dims:
        not_computed("a track for each thing", draft.program)
    nodes = {number: node for number in group.numbers if isinstance(node := draft.graph[number], CasesNode)}
    rows = [row for number, node in nodes.items() for row in _case_rows(draft, number, node)]
    cases = draft.data(f"{name}_asks", CASE, rows)
    words = draft.data(f"{name}_words", CASE_WORD, _words(nodes))
    results = draft.results_of({int(row[3]) for row in rows}, "node, e, d, result")  # type: ignore[call-overload]
    otherwise = draft.by_rule({number: exp.Literal.string(node.otherwise) for number, node in nodes.items()}, "m")
    draft.put(
        nodes,
        draft.query(
            name, group.text(CASES), cases=cases, words=words, results=results, otherwise=otherwise, **group.who()
        ),
    )


def _case_rows(draft: Draft, number: int, node: CasesNode) -> Iterator[tuple[object, ...]]:
    for day in draft.demand.days(number):
        for place, item in enumerate(node.cases):
            yield (number, day, place, draft.input_of(number, item), draft.clock.shifted(day, item.shift))


def _words(nodes: dict[int, CasesNode]) -> Iterator[tuple[object, ...]]:
    for number, node in nodes.items():
        yield from ((number, place, word) for place, word in enumerate(node.words))


def add_tier_words(group: Members, stratum: int) -> None:
    """Add the tier held as a word."""
    draft, name = group.draft, group.name(f"s{stratum}_tier_words")
    nodes = {number: node for number in group.numbers if isinstance(node := draft.graph[number], TierWordNode)}
    rows = [
        (number, day, 0, draft.input_of(number, node.ladder), day)
        for number, node in nodes.items()
        for day in draft.demand.days(number)
    ]
    cases = draft.data(f"{name}_asks", CASE, rows)
    tiers = ((number, place, tier) for number, node in nodes.items() for place, tier in enumerate(node.tiers))
    words = draft.data(f"{name}_words", CASE_WORD, tiers)
    ladders = draft.results_of({row[3] for row in rows}, "node, e, d, ordinal", keyed=bool(group.dims))
    draft.put(nodes, draft.query(name, TIER_WORDS, cases=cases, words=words, ladders=ladders, keys=group.keys("h")))
