"""The points history: the line items behind a score, which add up to it exactly.

Every line is a difference of columns that the plan kept, so nothing is computed a second time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sqlglot import exp

from swingby.engine.clock import Clock
from swingby.engine.compiling import Plan
from swingby.engine.keys import BETWEEN
from swingby.engine.nodes import NOW, NUMBERS, EntriesNode, FinishedNode, Input, ListNode, ScaledNode
from swingby.engine.plan import union_all
from swingby.engine.sql import statement
from swingby.engine.standing import HistoryLine
from swingby.errors import SwingbyError
from swingby.program.model import Earning

_ENTRIES = """
SELECT s.enrolment, 'entry' AS family, r.node, {key} AS k, r.fact_id, r.dated, r.cancelled_on, quantity(r.before) AS before,
       quantity(r.raw) AS first, r.amount AS second, quantity(r.reversed) AS third
FROM {rows} AS r JOIN scope AS s ON s.e = r.e WHERE {whose} AND r.d = :day
"""
_RECOMPUTED = """
SELECT s.enrolment, 'recomputed' AS family, r.node, {key} AS k, CAST(NULL AS TEXT) AS fact_id, r.d AS dated,
       CAST(NULL AS DATE) AS cancelled_on, r.before_gate AS before, r.before_gate AS first, r.before_cap AS second, r.value AS third
FROM {rows} AS r JOIN scope AS s ON s.e = r.e WHERE {whose} AND r.d = :day
"""
_FINISHED = """
SELECT s.enrolment, 'finished' AS family, r.node, {key} AS k, CAST(NULL AS TEXT) AS fact_id, r.d AS dated,
       CAST(NULL AS DATE) AS cancelled_on, r.before_cap AS before, r.before_cap AS first, r.value AS second, quantity(0) AS third
FROM {rows} AS r JOIN scope AS s ON s.e = r.e WHERE {whose} AND r.d = :day
"""
_NUMBERS = """
SELECT s.enrolment, 'number' AS family, r.node, {key} AS k, CAST(NULL AS TEXT) AS fact_id, r.d AS dated,
       CAST(NULL AS DATE) AS cancelled_on, r.value AS before, r.value AS first, r.value AS second, r.value AS third
FROM {rows} AS r JOIN scope AS s ON s.e = r.e WHERE {whose} AND r.d = :day
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """One row that the plan kept: an entry, or the three columns of a number.

    For an entry these are what it was worth before its gate, before caps, after them, and whether it was taken back.
    """

    family: str
    key: str
    fact: str | None
    dated: date
    cancelled_on: date | None
    before: Decimal
    first: Decimal
    second: Decimal
    third: Decimal


def history_query(plan: Plan, *, everybody: bool = False) -> exp.Expr:
    """One query for the kept rows on one day (``:day``), of one enrolment (``:enrolment``) or of all."""
    whose = statement("TRUE") if everybody else statement("s.enrolment = :enrolment")
    lines = sorted({name for number, name in plan.entry_lines.items() if plan.is_asked(number)})
    parts = [_kept(plan, _ENTRIES, name, whose) for name in lines]
    for kind, text in ((ScaledNode, _RECOMPUTED), (FinishedNode, _FINISHED)):
        parts += [_kept(plan, text, name, whose) for name in plan.places_of(kind)]
    places = [name for name in plan.places_of(*NUMBERS) if not plan.has_things(name)]
    parts += [_kept(plan, _NUMBERS, name, whose) for name in places]
    return union_all(parts).unnest()


def _kept(plan: Plan, text: str, name: str, whose: exp.Expr) -> exp.Expr:
    keyed = plan.is_keyed(name) or any(
        plan.graph.dims_of(number) for number, lines in plan.entry_lines.items() if lines == name
    )
    return statement(text, rows=name, whose=whose, key=exp.column("k", "r") if keyed else exp.Literal.string(""))


def kept_rows(rows: Iterable[Sequence[object]]) -> Mapping[int, list[Kept]]:
    """The fetched rows by numbered node, entries in order of day and fact."""
    found: defaultdict[int, list[Kept]] = defaultdict(list)
    for _, family, node, key, fact, dated, cancelled, *written in rows:
        if not isinstance(dated, date) or not isinstance(node, int):
            continue
        amounts = [item if isinstance(item, Decimal) else Decimal(str(item or 0)) for item in written]
        day = cancelled if isinstance(cancelled, date) else None
        found[node].append(Kept(str(family), str(key), None if fact is None else str(fact), dated, day, *amounts))
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
    cells: tuple[str, ...] = ()

    def lines(self, name: str) -> tuple[HistoryLine, ...]:
        """The lines of a score or of points, in order of day; they add up to it exactly.

        A number that has a value for each cell is asked for as ``name[cell]``.

        Raises
        ------
        SwingbyError
            ``name-unknown`` when the program has no such number.
        """
        bare, *cells = name.replace("]", "").split("[")
        number = self.plan.graph.numbers.get(bare)
        if number is None:
            raise SwingbyError(
                code="name-unknown",
                message=f"{self.plan.program.header.id} has no number called {name}.",
                hint=f"It has: {', '.join(sorted(self.plan.graph.numbers))}.",
            )
        asked = replace(self, cells=tuple(cells))
        found = (line for line in asked.of(number, bare) if line.amount)
        return tuple(sorted(found, key=lambda line: (line.dated, line.earning, line.fact or "", line.kind)))

    def of(self, item: Input, name: str) -> Iterator[HistoryLine]:
        """The lines of a node, with zeros among them, in the order of the program."""
        node = self.plan.graph[item.node]
        if item.shift != NOW:
            yield self._whole(item.node, name)
        elif isinstance(node, EntriesNode):
            yield from self._entries(item.node, node.earning)
        elif isinstance(node, ScaledNode):
            yield from self._recomputed(item.node, node.earning)
        elif isinstance(node, FinishedNode):
            yield from self.of(node.number, name)
            yield from self._own_cap(item.node, name)
        elif isinstance(node, ListNode) and node.operation == "sum" and not any(node.weights):
            for part in node.items:
                yield from self.of(part, self._name(part.node, name))
        else:
            yield self._whole(item.node, name)

    def _entries(self, number: int, earning: Earning) -> Iterator[HistoryLine]:
        for kept in self._kept(number, "entry"):
            expires = self.clock.expiry(earning, kept.dated) if not self._is_personal(earning) else None
            gated = earning.requires is not None and not kept.first
            taken = "gate" if gated else "cap"
            yield self._line(earning.name, "entry", kept.dated, kept.before, fact=kept.fact, expires=expires)
            yield self._line(earning.name, taken, kept.dated, kept.first - kept.before, fact=kept.fact)
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

    def _kept(self, node: int, family: str) -> Iterator[Kept]:
        number = self.plan.number_on(node, self.day)
        key = BETWEEN.join(self.cells[: len(self.plan.graph.dims[node])])
        return (kept for kept in self.kept.get(number, ()) if kept.family == family and kept.key == key)

    def _is_personal(self, earning: Earning) -> bool:
        return earning.expires is not None and self.clock.is_personal(earning.expires)

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
