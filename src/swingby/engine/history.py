"""The points history: the line items behind a score, which add up to it exactly.

Every line is a difference of columns that the plan kept, so nothing is computed a second time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlglot import exp

from swingby.engine.clock import Clock
from swingby.engine.compiling import Plan
from swingby.engine.graph import NOW, EntriesNode, FinishedNode, Input, ListNode, ScaledNode
from swingby.engine.plan import union_all
from swingby.engine.sql import statement
from swingby.engine.standing import HistoryLine
from swingby.errors import SwingbyError
from swingby.program.model import Earning

_ENTRIES = """
SELECT s.enrolment, 'entry' AS family, r.node, r.fact_id, r.dated, r.cancelled_on, CAST(r.raw AS DECIMAL(38, 12)) AS first,
       r.amount AS second, CAST(r.reversed AS DECIMAL(38, 12)) AS third
FROM {rows} AS r JOIN scope AS s ON s.e = r.e WHERE {whose} AND r.d = :day
"""
_RECOMPUTED = """
SELECT s.enrolment, 'recomputed' AS family, r.node, CAST(NULL AS TEXT) AS fact_id, r.d AS dated, CAST(NULL AS DATE) AS cancelled_on,
       r.before_gate AS first, r.before_cap AS second, r.value AS third
FROM {rows} AS r JOIN scope AS s ON s.e = r.e WHERE {whose} AND r.d = :day
"""
_FINISHED = """
SELECT s.enrolment, 'finished' AS family, r.node, CAST(NULL AS TEXT) AS fact_id, r.d AS dated, CAST(NULL AS DATE) AS cancelled_on,
       r.before_cap AS first, r.value AS second, CAST(0 AS DECIMAL(38, 12)) AS third
FROM {rows} AS r JOIN scope AS s ON s.e = r.e WHERE {whose} AND r.d = :day
"""
_NUMBERS = """
SELECT s.enrolment, 'number' AS family, r.node, CAST(NULL AS TEXT) AS fact_id, r.d AS dated, CAST(NULL AS DATE) AS cancelled_on,
       r.value AS first, r.value AS second, r.value AS third
FROM {rows} AS r JOIN scope AS s ON s.e = r.e WHERE {whose} AND r.d = :day
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """One row that the plan kept: an entry, or the three columns of a number."""

    family: str
    fact: str | None
    dated: date
    cancelled_on: date | None
    first: Decimal
    second: Decimal
    third: Decimal


def history_query(plan: Plan, *, everybody: bool = False) -> exp.Expr:
    """One query for the kept rows on one day (``:day``), of one enrolment (``:enrolment``) or of all."""
    whose = statement("TRUE") if everybody else statement("s.enrolment = :enrolment")
    texts = {EntriesNode: _ENTRIES, ScaledNode: _RECOMPUTED, FinishedNode: _FINISHED}
    parts = []
    for kind, text in texts.items():
        numbers = [number for number, _ in plan.graph.of(kind)]
        places = plan.entry_lines if kind is EntriesNode else plan.places
        parts += [statement(text, rows=name, whose=whose) for name in sorted({places[number] for number in numbers})]
    parts += [statement(_NUMBERS, rows=name, whose=whose) for name in plan.places_of(numbers=True)]
    return union_all(parts).unnest()


def kept_rows(rows: Iterable[Sequence[object]]) -> Mapping[int, list[Kept]]:
    """The fetched rows by node, entries in order of day and fact."""
    found: defaultdict[int, list[Kept]] = defaultdict(list)
    for _, family, node, fact, dated, cancelled, first, second, third in rows:
        if not isinstance(dated, date) or not isinstance(node, int):
            continue
        amounts = [item if isinstance(item, Decimal) else Decimal(str(item or 0)) for item in (first, second, third)]
        day = cancelled if isinstance(cancelled, date) else None
        found[node].append(Kept(str(family), None if fact is None else str(fact), dated, day, *amounts))
    for listed in found.values():
        listed.sort(key=lambda kept: (kept.dated, kept.fact or ""))
    return found


@dataclass(frozen=True, slots=True)
class History:
    """Writes the lines of one number out of what the plan kept."""

    plan: Plan
    clock: Clock
    kept: Mapping[int, Sequence[Kept]]
    day: date

    def lines(self, name: str) -> tuple[HistoryLine, ...]:
        """The lines of a score or of points, in order of day; they add up to it exactly.

        Raises
        ------
        SwingbyError
            ``name-unknown`` when the program has no such number.
        """
        number = self.plan.graph.numbers.get(name)
        if number is None:
            raise SwingbyError(
                code="name-unknown",
                message=f"{self.plan.program.header.id} has no number called {name}.",
                hint=f"It has: {', '.join(sorted(self.plan.graph.numbers))}.",
            )
        found = (line for line in self._of(number, name) if line.amount)
        return tuple(sorted(found, key=lambda line: (line.dated, line.earning, line.fact or "", line.kind)))

    def _of(self, item: Input, name: str) -> Iterator[HistoryLine]:
        node = self.plan.graph[item.node]
        if item.shift != NOW:
            yield self._whole(item.node, name)
        elif isinstance(node, EntriesNode):
            yield from self._entries(item.node, node.earning)
        elif isinstance(node, ScaledNode):
            yield from self._recomputed(item.node, node.earning)
        elif isinstance(node, FinishedNode):
            yield from self._of(node.number, name)
            yield from self._own_cap(item.node, name)
        elif isinstance(node, ListNode) and node.operation == "sum" and not any(node.weights):
            for part in node.items:
                yield from self._of(part, self._name(part.node, name))
        else:
            yield self._whole(item.node, name)

    def _entries(self, number: int, earning: Earning) -> Iterator[HistoryLine]:
        for kept in self._kept(number, "entry"):
            expires = self.clock.expiry(earning, kept.dated)
            yield self._line(earning.name, "entry", kept.dated, kept.first, fact=kept.fact, expires=expires)
            yield self._line(earning.name, "cap", kept.dated, kept.second - kept.first, fact=kept.fact)
            if kept.third:
                yield self._line(earning.name, "reversal", kept.cancelled_on or self.day, -kept.second, fact=kept.fact)

    def _recomputed(self, number: int, earning: Earning) -> Iterator[HistoryLine]:
        for kept in self._kept(number, "recomputed"):
            yield self._line(earning.name, "recomputed", kept.dated, kept.first)
            yield self._line(earning.name, "gate", kept.dated, kept.second - kept.first)
            yield self._line(earning.name, "cap", kept.dated, kept.third - kept.second)

    def _own_cap(self, number: int, name: str) -> Iterator[HistoryLine]:
        for kept in self._kept(number, "finished"):
            yield self._line(name, "score cap", kept.dated, kept.second - kept.first)

    def _whole(self, number: int, name: str) -> HistoryLine:
        amount = next((kept.first for kept in self._kept(number, "number")), Decimal(0))
        return self._line(name, "recomputed", self.day, amount)

    def _kept(self, number: int, family: str) -> Iterator[Kept]:
        return (kept for kept in self.kept.get(number, ()) if kept.family == family)

    def _line(
        self,
        name: str,
        kind: str,
        dated: date,
        amount: Decimal,
        *,
        fact: str | None = None,
        expires: date | None = None,
    ) -> HistoryLine:
        return HistoryLine(name, self._label(name), kind, dated, amount, fact, expires)

    def _label(self, name: str) -> str:
        program = self.plan.program
        earning = program.points.get(name) or program.incentives.get(name)
        declared = program.measures.get(name) or program.scores.get(name)
        text = earning.text if earning else declared.text if declared else None
        return (text.label if text else None) or name.replace("_", " ")

    def _name(self, node: int, otherwise: str) -> str:
        names = (name for name, item in self.plan.graph.numbers.items() if item == Input(node))
        return next(names, otherwise)
