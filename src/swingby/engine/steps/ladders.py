"""Ladders: the tier that follows the day in SQL; tiers with clocks as an array step over review moments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlglot import exp

from swingby.engine.demand import follows_the_day
from swingby.engine.graph import Input, LadderNode
from swingby.engine.plan import ArrayStep, Draft
from swingby.engine.sql import Column, statement
from swingby.engine.walk import HELD, Walk, walk_rows

TIER = (
    Column("node", "whole"),
    Column("d", "day"),
    Column("ordinal", "whole"),
    Column("member", "whole"),
    Column("member_d", "day"),
)
LADDER_DAY = (Column("node", "whole"), Column("d", "day"), Column("base", "whole"))
KEPT = (
    Column("review", "whole"),
    Column("d", "day"),
    Column("ordinal", "whole"),
    Column("member", "whole"),
    Column("member_d", "day"),
)

#: The highest tier that is met, and the highest that is met or unknown; -1 where no tier is.
EARNED = """
SELECT b.node, s.e, b.d, GREATEST(COALESCE(h.met, -1), b.base) AS ordinal,
       GREATEST(COALESCE(h.possible, -1), b.base) AS possible
FROM {days} AS b
CROSS JOIN scope AS s
LEFT JOIN (
  SELECT t.node, q.e, t.d, MAX(CASE WHEN q.result = 1 THEN t.ordinal ELSE -1 END) AS met,
         MAX(CASE WHEN q.result <> 0 THEN t.ordinal ELSE -1 END) AS possible
  FROM {tiers} AS t
  JOIN {results} AS q ON q.node = t.member AND q.d = t.member_d
  GROUP BY t.node, q.e, t.d
) AS h ON h.node = b.node AND h.e = s.e AND h.d = b.d
"""

KEEPING = """
SELECT k.review, k.d, k.ordinal, q.e
FROM {kept} AS k
JOIN {results} AS q ON q.node = k.member AND q.d = k.member_d
WHERE q.result <> 0
GROUP BY k.review, k.d, k.ordinal, q.e
"""

NO_TIERS = """
SELECT node, e, d, result FROM (SELECT 0 AS node, 0 AS e, CAST('2000-01-01' AS DATE) AS d, 0 AS result) AS none
WHERE node < 0
"""


def add_ladder(draft: Draft, number: int, stratum: int) -> None:
    """Add one ladder. Its relation: node, e, d, ordinal, possible, earned, since, hold."""
    node = draft.graph[number]
    if not isinstance(node, LadderNode):
        return
    name = f"s{stratum}_ladder_{number}"
    earned = _add_earned(draft, number, node, name)
    if not draft.setting.replay or follows_the_day(node.ladder, draft.program.header):
        text = (
            "SELECT node, e, d, ordinal, possible, ordinal AS earned, CAST(NULL AS DATE) AS since, "
            "CAST(NULL AS DATE) AS hold, 0 AS undecided FROM {earned}"
        )
        draft.put([number], draft.query(name, text, earned=earned))
        return
    _add_walk(draft, number, node, earned, name)


def _add_earned(draft: Draft, number: int, node: LadderNode, name: str) -> str:
    looks = sorted(
        {*draft.demand.days[number], *(moment.looks_at for moment in draft.demand.promotions.get(number, ()))}
    )
    base = max((index for index, item in enumerate(node.earned) if item is None), default=-1)
    days = draft.data(f"{name}_days", LADDER_DAY, ((number, day, base) for day in looks))
    asked = [(index, item) for index, item in enumerate(node.earned) if item is not None]
    rows = (
        (number, day, index, item.node, draft.clock.shifted(day, item.shift)) for day in looks for index, item in asked
    )
    tiers = draft.data(f"{name}_tiers", TIER, rows)
    results = _results(draft, [item for _, item in asked])
    return draft.query(f"{name}_earned", EARNED, days=days, tiers=tiers, results=results)


def _results(draft: Draft, inputs: Iterable[Input]) -> exp.Expr:
    numbers = {item.node for item in inputs}
    return draft.results_of(numbers, "node, e, d, result") if numbers else statement(NO_TIERS)


def _add_walk(draft: Draft, number: int, node: LadderNode, earned: str, name: str) -> None:
    kept = draft.data(f"{name}_kept", KEPT, _kept_rows(draft, number, node))
    inputs = [item for row in node.kept for item in row if item is not None]
    keeping = draft.query(f"{name}_keeping", KEEPING, kept=kept, results=_results(draft, inputs))
    walk = Walk(
        number=number,
        ladder=node.ladder,
        clock=draft.clock,
        header=draft.program.header,
        promotions=draft.demand.promotions[number],
        demotions=draft.demand.demotions[number],
        always_kept=tuple(tuple(item is None for item in row) for row in node.kept),
        days=tuple(draft.demand.days[number]),
        grace=draft.setting.grace,
    )
    reads: Mapping[str, exp.Expr] = {
        "scope": statement("SELECT e, joined_on FROM scope"),
        "earned": statement("SELECT e, d, ordinal, possible FROM {earned}", earned=earned),
        "kept": statement("SELECT review, d, ordinal, e FROM {keeping}", keeping=keeping),
    }

    def compute(tables: Mapping[str, Sequence[tuple[object, ...]]]) -> Iterable[tuple[object, ...]]:
        return walk_rows(walk, tables)

    draft.steps.append(ArrayStep(name, HELD, reads, compute))
    draft.put([number], name)


def _kept_rows(draft: Draft, number: int, node: LadderNode) -> Iterable[tuple[object, ...]]:
    for moment in draft.demand.demotions[number]:
        for ordinal, item in enumerate(node.kept[moment.review]):
            if item is not None:
                for look in (moment.looks_at, *moment.grace):
                    yield (moment.review, moment.on, ordinal, item.node, draft.clock.shifted(look, item.shift))
