"""The facts behind a number: found by walking from the number down to the numbers of facts that it reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from swingby.engine.compiling import Plan
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
from swingby.engine.standing import CountedFact
from swingby.errors import SwingbyError

_LINES = """
SELECT r.node, r.fact_id, r.dated, r.thing, r.amount
FROM {rows} AS r JOIN scope AS s ON s.e = r.e
WHERE s.enrolment = :enrolment AND r.d = :day
"""
#: What reads others' numbers or has lines of its own.
_ENDS = (AccountNode, EntriesNode, EntriesWithinNode, LadderNode, RankNode)


def facts_behind(
    plan: Plan, connection: Connection, *, enrolment: str, number: str, day: date
) -> tuple[CountedFact, ...]:
    """The facts that counted for a declared number, in the order of the numbers of facts and of days."""
    item = plan.graph.numbers.get(number.partition("[")[0])
    if item is None:
        raise SwingbyError(
            code="name-unknown",
            message=f"{plan.program.header.id} has no number called {number}.",
            hint=f"It has: {', '.join(sorted(plan.graph.numbers))}.",
        )
    found: list[CountedFact] = []
    for node, name in _numbers_of_facts(plan, item, number):
        rows = plan.fact_lines.get(plan.number_on(node, day))
        if rows is not None:
            listed = connection.rows(statement(_LINES, rows=rows), {"enrolment": enrolment, "day": day})
            wanted = plan.number_on(node, day)
            found += sorted(_read(plan, node, name, [row for row in listed if row[0] == wanted]), key=_place)
    return tuple(found)


def _numbers_of_facts(plan: Plan, item: Input, name: str) -> Iterator[tuple[int, str]]:
    """The numbers of facts that a number reads on its own day, each with the declared number it stands in."""
    seen: set[int] = set()
    open_nodes = [(item, name)]
    while open_nodes:
        current, within = open_nodes.pop(0)
        if current.shift != NOW or current.node in seen:
            continue
        seen.add(current.node)
        node = plan.graph[current.node]
        named = _declared(plan, current) or within
        if isinstance(node, FactsNode):
            yield current.node, named
        elif not isinstance(node, _ENDS):
            open_nodes += [(each, named) for each in node.inputs]


def _declared(plan: Plan, item: Input) -> str | None:
    return next((name for name, each in plan.graph.numbers.items() if each == item), None)


def _read(plan: Plan, node: int, name: str, rows: list[tuple[object, ...]]) -> Iterator[CountedFact]:
    facts = plan.graph[node]
    if not isinstance(facts, FactsNode):
        return
    for _, fact, dated, thing, amount in rows:
        if isinstance(dated, date):
            worth = None if amount is None else Decimal(str(amount))
            yield CountedFact(name, plan.program.base_of(facts.kind), str(fact), dated, str(thing or ""), worth)


def _place(line: CountedFact) -> tuple[date, str]:
    return line.dated, line.fact
