"""Entries that stand for closed periods: what an earning based on a number gives for each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlglot import exp

from swingby.engine.nodes import Input
from swingby.engine.place import not_computed
from swingby.engine.predicates import house, value_sql
from swingby.engine.sql import Column, statement
from swingby.engine.steps.beside import with_needs
from swingby.engine.steps.entry_batch import Batch, caps_of
from swingby.engine.steps.entry_sources import SINCE, UNCAPPED, extra_columns, gated
from swingby.engine.steps.members import Members
from swingby.engine.steps.reading import Ask, is_fraction, read_densely
from swingby.engine.steps.scales import Amount, ceiling, scale_sql, times_sql

PERIODS = """
SELECT p.node, p.e, {day}, p.fact_id, p.d AS fact_day, p.dated_d AS dated, CAST(NULL AS DATE) AS cancelled_on,
       {before} AS before, CASE WHEN p.gate_result = 1 THEN {before} ELSE 0 END AS raw,
       CASE WHEN p.gate_result = 2 OR p.state = 2 THEN 1 ELSE 0 END AS unsure, {extra}
FROM {rows} AS p
JOIN scope AS s ON s.e = p.e
{days}
WHERE p.d >= s.since
"""
PERIOD = (Column("node", "whole"), Column("d", "day"), Column("fact_id", "text"), Column("dated", "day"))
OF_PERIODS = """
SELECT r.*, t.fact_id, t.dated AS dated_d, r.node AS scan_node
FROM {read} AS r
JOIN {periods} AS t ON t.node = r.node AND t.d = r.d
{cohort}
"""
AS_OF = (Column("node", "whole"), Column("d", "day"))


def entries_of_periods(batch: Batch) -> str:
    """Add the entries of a batch that stand for closed periods, as those of facts."""
    draft = batch.draft
    if batch.shape.dims:
        not_computed("an entry for each period and cell", next(iter(batch.earnings.values())))
    ends = [row for number in batch.nodes for row in _period_ends(batch, number)]
    columns = (*PERIOD, *(SINCE if batch.shape.is_personal else ()))
    periods = draft.data(f"{batch.name}_ends", columns, ends)
    group = Members(draft, tuple(batch.nodes), (), is_shared=True)
    asked = [Ask(int(row[0]), row[1], 1, item) for row in ends for item in (batch.nodes[int(row[0])].number,) if item]  # type: ignore[call-overload, arg-type]
    read = read_densely(group, batch.name, dict.fromkeys(asked))
    cohort = "JOIN scope AS w ON w.e = r.e AND w.since = t.since" if batch.shape.is_personal else ""
    rows: exp.Expr | str = statement(OF_PERIODS.replace("{cohort}", cohort), read=read, periods=periods)
    needs = {number: node.needs for number, node in batch.nodes.items() if node.needs}
    rows = gated(batch, with_needs(draft, rows, needs, day=exp.column("d", "f"), rule="scan_node"))
    before = draft.by_rule({number: _period_amount(batch, number) for number in batch.nodes})
    days = "JOIN {asof} AS o ON o.node = p.node AND o.d >= p.dated_d" if batch.shape.by_day else ""
    more: dict[str, exp.Expr | str | Sequence[exp.Expr]] = {"day": [exp.column("d", "o")] if batch.shape.by_day else []}
    if batch.shape.by_day:
        more["asof"] = draft.data(
            f"{batch.name}_asof", AS_OF, ((number, day) for number in batch.nodes for day in draft.demand.days(number))
        )
    scanned = draft.query(
        f"{batch.name}_scan",
        PERIODS.replace("{days}", days),
        rows=rows,
        before=before,
        extra=extra_columns(batch),
        **more,
    )
    return draft.query(f"{batch.name}_uncapped", UNCAPPED, entries=scanned)


def _period_ends(batch: Batch, number: int) -> Iterator[tuple[object, ...]]:
    earning = batch.earnings[number]
    for cohort in batch.cohorts:
        days = batch.draft.demand.days_of(number, cohort)
        clock = batch.draft.clock_of(cohort)
        for end in clock.period_ends(earning, max(days)) if days else ():
            row = (number, end, end.isoformat(), clock.dated(earning, end))
            yield (*row, cohort) if batch.shape.is_personal else row


def _period_amount(batch: Batch, number: int) -> exp.Expr:
    draft, node, row = batch.draft, batch.nodes[number], batch.row(number)
    number_read: Input | None = node.number
    fraction = number_read is not None and is_fraction(draft, number_read.node)
    value, num = (statement(f"COALESCE(p.{name}, 0)") for name in ("value", "num"))
    x = Amount(house("quantity", value), house("quantity", num), exp.column("den", "p"), fraction)
    amount = times_sql(draft, node.earning, scale_sql(draft, node.earning.scale, x, row), row)
    # Nothing is earned on an undefined number, also where a scale gives something from 0 on.
    given = statement("CASE WHEN p.state = 1 THEN 0 ELSE COALESCE({amount}, 0) END", amount=amount)
    found = house("greatest_of", given, statement("CAST(0 AS DECIMAL(38, 12))"))
    for cap in caps_of(node.earning).of_a_fact:
        for side, function in (("at_least", "greatest_of"), ("at_most", "least_of")):
            value_ = cap.at_least if side == "at_least" else cap.at_most
            if value_ is not None:
                bound = value_sql(draft.program, value_, row)
                found = house(function, found, ceiling(value_, bound) if side == "at_most" else bound)
    return house("quantity", found)
