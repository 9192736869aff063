"""What stands behind the numbers of one partner: lines of points, and the facts that were counted.

The facts of a number are found by walking from it down to the numbers of facts that it reads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from swingby.engine.clock import Clock
from swingby.engine.compiling import Plan
from swingby.engine.history import History, Kept, history_query, kept_rows
from swingby.engine.keys import BETWEEN
from swingby.engine.nodes import (
    NOW,
    AccountNode,
    EntriesNode,
    EntriesWithinNode,
    FactsNode,
    Input,
    LadderNode,
    RankNode,
)
from swingby.engine.sql import Connection, statement
from swingby.engine.standing import CountedFact, HistoryLine
from swingby.errors import SwingbyError

_LINES = """
SELECT r.node, r.d, r.k, r.fact_id, r.dated, r.thing, r.amount
FROM {rows} AS r JOIN scope AS s ON s.e = r.e WHERE s.enrolment = :enrolment
"""
#: What reads others' numbers or has lines of its own.
_ENDS = (AccountNode, EntriesNode, EntriesWithinNode, LadderNode, RankNode)


@dataclass(frozen=True, slots=True)
class _Counted:
    key: str
    fact: str
    dated: date
    thing: str
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class LineItems:
    """The lines and facts behind one partner's numbers on the days of a run, fetched once."""

    plan: Plan
    counted: Mapping[tuple[int, date], Sequence[_Counted]]
    kept: Mapping[date, Mapping[int, Sequence[Kept]]]

    def history(self, number: str, day: date) -> tuple[HistoryLine, ...]:
        """The line items behind a score or points; they add up to it exactly."""
        return History(self.plan, Clock(self.plan.program), self.kept[day], day).lines(number)

    def facts(self, number: str, day: date) -> tuple[CountedFact, ...]:
        """The facts that a number was made of, by the number of facts that each counted for, in order of day.

        Numbers put together from others give the facts of all of them. Those that compare partners, pay into accounts
        or seat people give none; what gives points for each fact has a history.

        Raises
        ------
        SwingbyError
            ``name-unknown`` when the program has no such number.
        """
        bare, *cells = number.replace("]", "").split("[")
        item = self.plan.graph.numbers.get(bare)
        if item is None:
            raise SwingbyError(
                code="name-unknown",
                message=f"{self.plan.program.header.id} has no number called {number}.",
                hint=f"It has: {', '.join(sorted(self.plan.graph.numbers))}.",
            )
        return tuple(
            line for node, name in self._numbers_of_facts(item, number) for line in self._of(node, name, cells, day)
        )

    def _numbers_of_facts(self, item: Input, name: str) -> Iterator[tuple[int, str]]:
        """The numbers of facts that a number reads on its own day, each with the declared number it stands in."""
        seen: set[int] = set()
        waiting = [(item, name)]
        while waiting:
            current, within = waiting.pop(0)
            if current.shift != NOW or current.node in seen:
                continue
            seen.add(current.node)
            node = self.plan.graph[current.node]
            named = within if current == item else self._declared(current) or within
            if isinstance(node, FactsNode):
                yield current.node, named
            elif not isinstance(node, _ENDS):
                waiting += [(each, named) for each in node.inputs]

    def _declared(self, item: Input) -> str | None:
        return next((name for name, each in self.plan.graph.numbers.items() if each == item), None)

    def _of(self, node: int, name: str, cells: Sequence[str], day: date) -> Iterator[CountedFact]:
        facts, key = self.plan.graph[node], BETWEEN.join(cells)
        if not isinstance(facts, FactsNode):
            return
        kind, is_cell = self.plan.program.base_of(facts.kind), len(self.plan.graph.dims_of(node)) == len(cells)
        for line in self.counted.get((self.plan.number_on(node, day), day), ()):
            if line.key == key or not (cells and is_cell):
                yield CountedFact(name, kind, line.fact, line.dated, line.thing, line.amount)


def line_items(plan: Plan, connection: Connection, *, enrolment: str) -> LineItems:
    """Fetch everything behind the numbers of one partner."""
    counted: defaultdict[tuple[int, date], list[_Counted]] = defaultdict(list)
    for name in sorted(set(plan.fact_lines.values())):
        for row in connection.rows(statement(_LINES, rows=name), {"enrolment": enrolment}):
            _sort_in(counted, row)
    for listed in counted.values():
        listed.sort(key=lambda line: (line.dated, line.fact))
    query, kept = history_query(plan), {}
    for day in plan.setting.asked:
        kept[day] = kept_rows(connection.rows(query, {"enrolment": enrolment, "day": day}))
    return LineItems(plan, counted, kept)


def _sort_in(counted: defaultdict[tuple[int, date], list[_Counted]], row: Sequence[object]) -> None:
    node, day, key, fact, dated, thing, amount = row
    if isinstance(node, int) and isinstance(day, date) and isinstance(dated, date):
        what = "" if thing is None or thing == fact else str(thing)
        worth = None if amount is None else Decimal(str(amount))
        counted[node, day].append(_Counted(str(key or ""), str(fact), dated, what, worth))
