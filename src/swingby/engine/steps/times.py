"""Numbers of time: how many whole units fit into a window. They need no facts, only the day and that of joining."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from swingby.engine.clock import Clock
from swingby.engine.nodes import TimeNode
from swingby.engine.plan import Draft
from swingby.engine.sql import Column
from swingby.engine.steps.members import Members
from swingby.values import BEGINNING, Period, whole_units

SPAN = (Column("node", "whole"), Column("d", "day"), Column("value", "quantity"))
SINCE = (Column("since", "day"),)

TIMES = """
SELECT a.node, s.e, a.d, a.value, a.value AS num, CAST(1 AS DECIMAL(38, 12)) AS den, 0 AS state
FROM {spans} AS a
CROSS JOIN scope AS s
"""
OF_COHORT = "JOIN scope AS w ON w.e = s.e AND w.since = a.since"


def add_times(group: Members, stratum: int) -> None:
    """Add numbers of time."""
    draft = group.draft
    for personal in (False, True):
        numbers = [number for number in group.numbers if draft.is_personal(number) == personal]
        if numbers:
            name = group.name(f"s{stratum}_times" + ("_own" if personal else ""))
            spans = draft.data(name + "_spans", (*SPAN, *(SINCE if personal else ())), _rows(draft, numbers))
            text = group.text(TIMES) + (OF_COHORT if personal else "")
            draft.put(numbers, draft.query(name, text, spans=spans, **group.who()))


def _rows(draft: Draft, numbers: list[int]) -> Iterator[tuple[object, ...]]:
    for number in numbers:
        if not draft.is_personal(number):
            yield from ((number, day, _units(draft, number, draft.clock, day)) for day in draft.demand.days(number))
            continue
        for cohort in draft.setting.cohorts:
            clock = draft.clock_of(cohort)
            for day in draft.demand.days_of(number, cohort):
                yield (number, day, _units(draft, number, clock, day), cohort)


def _units(draft: Draft, number: int, clock: Clock, day: date) -> int:
    node = draft.graph[number]
    if not isinstance(node, TimeNode):
        raise TypeError(number)
    span = clock.span(node.window, day)
    if span.start <= BEGINNING and clock.joined is not None:
        span = Period(min(clock.joined, span.end), span.end)
    return whole_units(span, node.unit.unit, node.unit.count)
