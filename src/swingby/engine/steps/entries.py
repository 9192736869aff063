"""Earnings with dated entries: their caps, what is in force on a day, and their sum.

A cap is filled by the entries in order of date, then fact id. An entry keeps what the running total up to and with
it has above the running total before it, both held within the cap, so that refunds (negative amounts) lower what is
kept only once the total falls below the cap.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from swingby.engine.clock import Clock
from swingby.engine.dates_sql import added
from swingby.engine.nodes import EntriesWithinNode
from swingby.engine.plan import Draft, union_all
from swingby.engine.predicates import house
from swingby.engine.setting import Cohort
from swingby.engine.sql import Column, statement
from swingby.engine.steps.beside import need_source, with_needs
from swingby.engine.steps.entry_batch import Batch, batches, cap_unit, caps_of, filled_from
from swingby.engine.steps.entry_periods import entries_of_periods
from swingby.engine.steps.entry_sources import (
    EMPTY,
    SIDES,
    alike,
    bound_sql,
    entries_of_facts,
    is_closing,
    most_alike,
    slot,
)
from swingby.engine.steps.entry_sums import add_sums
from swingby.engine.steps.members import Members
from swingby.engine.steps.scales import ceiling, rounded_sql, scope_row
from swingby.program.blocks import Length
from swingby.program.model import Earning
from swingby.program.numbers import Cap
from swingby.values import END_OF_TIME

LOOK = (Column("node", "whole"), Column("d", "day"), Column("s", "day"), Column("t", "day"))
LIMIT = (Column("node", "whole"), Column("s", "day"), Column("t", "day"))
#: From which asked day on, and until which, a limit is read at a close.
CLOSE = (Column("from_d", "day"), Column("until_d", "day"), Column("close", "day"))
SINCE = (Column("since", "day"),)
LIFE = (Column("node", "whole"), Column("dated", "day"), Column("paid", "day"), Column("until", "day"))

IN_FORCE = """
SELECT b.node, b.e, p.d, {keys}, b.fact_id, b.dated, b.dated AS paid, b.cancelled_on, b.before, b.raw, b.unsure, b.amount
FROM {entries} AS b
JOIN {looks} AS p ON p.node = b.node AND b.dated >= p.s AND b.dated < p.t AND {same_day} AND {cohort}
"""
#: Entries that are confirmed by a run or count for another day than the fact's.
CONFIRMED = """
SELECT b.node, b.e, p.d, {keys}, b.fact_id, b.dated, l.paid, b.cancelled_on, b.before, b.raw, b.unsure, b.amount
FROM {entries} AS b
JOIN {looks} AS p ON p.node = b.node AND b.fact_day >= p.s AND b.fact_day < p.t AND b.dated <= p.d AND {same_day} AND {cohort}
JOIN {life} AS l ON l.node = b.node AND l.dated = b.dated AND l.paid <= p.d AND l.until > p.d AND {life_cohort}
"""
HELD = """
SELECT b.node, b.e, b.d, {keys}, b.fact_id, b.dated, b.dated AS paid, b.cancelled_on, b.before, b.raw, b.unsure, b.amount
FROM {entries} AS b
"""

#: Entries with the limit that they fall under.
LIMITED = """
SELECT p.*, l.s AS cap_s, {close} AS cap_close
FROM {entries} AS p
JOIN scope AS s ON s.e = p.e
LEFT JOIN {limits} AS l ON l.node = p.node AND p.dated >= l.s AND p.dated < l.t AND {same_day} AND {cohort}
"""

CAPPED = """
SELECT {columns},
       CAST({within} - CASE WHEN r.place = 1 THEN 0 ELSE {before} END AS DECIMAL(38, 12)) AS amount
FROM (
  SELECT p.*, CASE WHEN p.cap_s IS NULL THEN NULL ELSE {high} END AS high,
         CASE WHEN p.cap_s IS NULL THEN NULL ELSE {low} END AS low,
         CAST(SUM(p.amount) OVER (PARTITION BY {alike} ORDER BY p.dated, by_bytes(p.fact_id)
                                  ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS DECIMAL(38, 12)) AS running,
         ROW_NUMBER() OVER (PARTITION BY {alike} ORDER BY p.dated, by_bytes(p.fact_id)) AS place
  FROM {limited} AS p
  JOIN scope AS s ON s.e = p.e
) AS r
"""

ROUNDED = """
SELECT p.node, p.e, p.d, {keys}, p.fact_id, p.dated, p.paid, p.cancelled_on, p.before, p.raw, p.unsure, {amount} AS amount,
       CASE WHEN {reverses} AND p.cancelled_on <= p.d THEN 1 ELSE 0 END AS reversed
FROM {entries} AS p
"""

SUMMED = """
SELECT p.node, p.e, p.d, {keys},
       CAST(SUM(CASE WHEN p.reversed = 1 THEN 0 ELSE p.amount END) AS DECIMAL(38, 12)) AS value,
       CAST(SUM(CASE WHEN p.reversed = 1 THEN 0 ELSE p.amount END) AS DECIMAL(38, 12)) AS num,
       CAST(1 AS DECIMAL(38, 12)) AS den, MAX(CASE WHEN p.unsure = 1 THEN 2 ELSE 0 END) AS state
FROM {entries} AS p
GROUP BY p.node, p.e, p.d, {keys}
"""

#: The lines that are dated in a window; a reversal has a day of its own.
WITHIN = """
SELECT a.node, u.e, a.d, {keys}, CAST(SUM(u.amount) AS DECIMAL(38, 12)) AS value,
       CAST(SUM(u.amount) AS DECIMAL(38, 12)) AS num, CAST(1 AS DECIMAL(38, 12)) AS den, MAX(u.state) AS state
FROM {spans} AS a
JOIN (
  SELECT p.node, p.e, p.d, {inner}, p.dated AS dated, p.amount, CASE WHEN p.unsure = 1 THEN 2 ELSE 0 END AS state FROM {lines} AS p
  UNION ALL
  SELECT p.node, p.e, p.d, {inner}, p.cancelled_on AS dated, 0 - p.amount AS amount, 0 AS state FROM {lines} AS p WHERE p.reversed = 1
) AS u ON u.node = a.input AND u.d = a.d AND u.dated >= a.s AND u.dated < a.t
{cohort}
GROUP BY a.node, u.e, a.d, {keys}
"""
WITHIN_SPAN = (*LOOK, Column("input", "whole"))


def add_entries(draft: Draft, numbers: Sequence[int], stratum: int) -> None:
    """Add earnings with entries, one scan per fact kind and route."""
    for batch in batches(draft, numbers, stratum):
        if batch.shape.is_summed:
            reverses = {number: _reverses(earning, "b") for number, earning in batch.earnings.items()}
            add_sums(batch, draft.by_rule(reverses, "b"))
            continue
        entries = entries_of_periods(batch) if batch.facts_kind is None else entries_of_facts(batch)
        _finish(batch, _in_force(batch, _cap_alike(batch, entries)))


def _finish(batch: Batch, entries: str) -> None:
    draft, earnings, name = batch.draft, batch.earnings, batch.name
    for index in range(max(len(caps_of(earning).of_all) for earning in earnings.values())):
        entries = _cap_all(batch, entries, index)
    amounts = {number: rounded_sql(earnings[number], exp.column("amount", "p")) for number in batch.written}
    reverses = {number: _reverses(earnings[number]) for number in batch.written}
    lines = draft.query(
        f"{name}_lines",
        ROUNDED,
        entries=entries,
        amount=draft.by_rule(amounts),
        reverses=draft.by_rule(reverses),
        keys=batch.keys("p"),
    )
    draft.put(earnings, draft.query(name, SUMMED, entries=lines, keys=batch.keys("p")))
    draft.entry_lines.update(dict.fromkeys(earnings, lines))


def _reverses(earning: Earning, alias: str = "p") -> exp.Expr:
    """Whether a cancelled fact takes its entry back: always, never, or when cancelled within some time."""
    if not isinstance(earning.cancelled, Length):
        return exp.true() if earning.cancelled == "reverse" else exp.false()
    limit = added(exp.column("dated", alias), earning.cancelled)
    return exp.LT(this=exp.column("cancelled_on", alias), expression=limit)


# --- in force -------------------------------------------------------------------------------------------------------


def _in_force(batch: Batch, entries: str) -> str:
    draft, name = batch.draft, batch.name
    if batch.facts_kind is not None and batch.facts_kind.shape == "state":
        return draft.query(f"{name}_in_force", HELD, entries=entries, keys=batch.keys("b"))
    columns = (*LOOK, *(SINCE if batch.shape.is_personal else ()))
    looks = draft.data(f"{name}_looks", columns, _looks(batch))
    parts: dict[str, exp.Expr | str | Sequence[exp.Expr]] = {
        "entries": statement(WITH_JOINING, entries=entries) if batch.shape.is_personal else entries,
        "looks": looks,
        "keys": batch.keys("b"),
        "same_day": statement("p.d = b.d") if batch.shape.by_day else exp.true(),
        "cohort": _of_cohort(batch, "p"),
    }
    if not batch.shape.has_life:
        return draft.query(f"{name}_in_force", IN_FORCE, **parts)
    parts["life"] = draft.data(f"{name}_life", (*LIFE, *(SINCE if batch.shape.is_personal else ())), _lives(batch))
    return draft.query(f"{name}_in_force", CONFIRMED, life_cohort=_of_cohort(batch, "l"), **parts)


def _of_cohort(batch: Batch, row: str) -> exp.Expr:
    """That a row is for those who joined on the partner's day."""
    return statement(f"{row}.since = b.joined_since") if batch.shape.is_personal else exp.true()


WITH_JOINING = "SELECT b.*, s.since AS joined_since FROM {entries} AS b JOIN scope AS s ON s.e = b.e"


def _looks(batch: Batch) -> Iterator[tuple[object, ...]]:
    for number, earning in batch.earnings.items():
        for cohort in batch.cohorts:
            clock = batch.draft.clock_of(cohort)
            for day in batch.draft.demand.days_of(number, cohort):
                span = clock.filling_span(earning, day) if batch.shape.has_life else clock.entry_span(earning, day)
                yield (number, day, span.start, span.end, *((cohort,) if batch.shape.is_personal else ()))


def _lives(batch: Batch) -> Iterator[tuple[object, ...]]:
    """For every day that an entry may count for, from when to when it is in force."""
    for number, earning in batch.earnings.items():
        for cohort in batch.cohorts:
            clock = batch.draft.clock_of(cohort)
            for dated in _dated_days(batch, number, cohort):
                paid = clock.confirmed(earning.awarded, dated) if earning.awarded else dated
                until = clock.expiry(earning, dated) or date.max
                yield (number, dated, paid, until, *((cohort,) if batch.shape.is_personal else ()))


def _dated_days(batch: Batch, number: int, cohort: Cohort) -> list[date]:
    draft, earning = batch.draft, batch.nodes[number].earning
    if batch.facts_kind is None:
        days = draft.demand.days_of(number, cohort)
        clock = draft.clock_of(cohort)
        return sorted({clock.dated(earning, end) for end in clock.period_ends(earning, max(days))}) if days else []
    return sorted(draft.setting.dated_days(earning, draft.clock))


# --- caps -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Step:
    """One cap of each of some earnings: which columns are kept, which entries share it, and its bounds."""

    name: str
    columns: Sequence[str]
    alike: Sequence[str]
    high: exp.Expr
    low: exp.Expr
    limited: exp.Expr | str


_ENTRY = ("node", "e", "fact_id", "dated", "cancelled_on", "before", "raw", "unsure")


def _capped(batch: Batch, step: _Step) -> str:
    key = ["k"] if batch.shape.dims else []
    alike_by = [exp.column(name, "p") for name in ("node", "e", *key, *step.alike, "cap_s")]
    return batch.draft.query(
        step.name,
        CAPPED,
        limited=step.limited,
        columns=[exp.column(name, "r") for name in (*step.columns, *key)],
        alike=alike_by,
        high=step.high,
        low=step.low,
        within=_held(statement("r.running")),
        before=_held(statement("r.running - r.amount")),
    )


def _held(total: exp.Expr) -> exp.Expr:
    return house("least_of", house("greatest_of", total, exp.column("low", "r")), exp.column("high", "r"))


def _cap_all(batch: Batch, entries: str, index: int) -> str:
    """A cap over all entries that are in force, as of the day."""
    draft, name = batch.draft, f"{batch.name}_all{index}"
    caps = {
        number: item[index]
        for number, earning in batch.earnings.items()
        if len(item := caps_of(earning).of_all) > index
    }
    limits = draft.data(f"{name}_limits", LIMIT, _whole_time(caps))
    limited: exp.Expr | str = statement(
        LIMITED, entries=entries, limits=limits, close=exp.column("d", "p"), same_day=exp.true(), cohort=exp.true()
    )
    needs = {number: batch.nodes[number].today for number in caps if batch.nodes[number].today}
    limited = with_needs(draft, limited, needs, day=exp.column("d", "f"), dims=batch.shape.dims)
    row = scope_row("s", exp.column("d", "p"), needs=needs.values())
    high, low = ({number: bound_sql(batch, number, cap, side, row) for number, cap in caps.items()} for side in SIDES)
    rest = {number: EMPTY[False] for number in batch.nodes if number not in caps}
    step = _Step(name, (*_ENTRY, "d", "paid"), ("d",), draft.by_rule(high | rest), draft.by_rule(low | rest), limited)
    return _capped(batch, step)


def _cap_alike(batch: Batch, entries: str) -> str:
    """Apply the caps per columns and per period, one after the other."""
    for index in range(most_alike(batch)):
        entries = _cap_alike_once(batch, entries, index)
    return entries


def _has_day(batch: Batch) -> bool:
    return batch.shape.by_day or (batch.facts_kind is not None and batch.facts_kind.shape == "state")


def _cap_alike_once(batch: Batch, entries: str, index: int) -> str:
    draft = batch.draft
    caps = {number: item[index] for number, item in alike(batch).items() if len(item) > index}
    limited = _limited(batch, entries, caps, f"{batch.name}_cap{index}")
    high, low = (_bound_column(batch, caps, side, index) for side in SIDES)
    also = ["fact_day", *(["d"] if _has_day(batch) else [])]
    kept = [name for later in range(index + 1, most_alike(batch)) for name in slot(batch, later)]
    keys = [name for name in slot(batch, index) if name.startswith("key")]
    by = [*(["d"] if _has_day(batch) else []), *keys]
    step = _Step(f"{batch.name}_cap{index}", (*_ENTRY, *also, *kept), by, high, low, limited)
    del draft
    return _capped(batch, step)


def _bound_column(batch: Batch, caps: Mapping[int, Cap], side: str, index: int) -> exp.Expr:
    """A bound that the scan worked out, or a number that was read at the period's close."""
    found: dict[int, exp.Expr] = {number: exp.column(f"{side}_{index}", "p") for number in batch.nodes}
    for number, cap in caps.items():
        if is_closing(batch, number, cap, side):
            value = cap.at_most if side == "at_most" else cap.at_least
            need = need_source([batch.nodes[number].closing], "p")(getattr(value, "number", None))
            bound = need if need is not None else EMPTY[False]
            found[number] = ceiling(value, bound) if value is not None and side == "at_most" else bound
    return batch.draft.by_rule(found)


def _limited(batch: Batch, entries: str, caps: Mapping[int, Cap], name: str) -> exp.Expr | str:
    draft = batch.draft
    closing = any(batch.nodes[number].closing for number in caps)
    rows = (row for number, cap in caps.items() for row in _limits(batch, number, cap, closing=closing))
    columns = (*LIMIT, *(CLOSE if closing else ()), *(SINCE if batch.shape.is_personal else ()))
    limits = draft.data(f"{name}_limits", columns, rows)
    limited: exp.Expr | str = statement(
        LIMITED,
        entries=entries,
        limits=limits,
        close=exp.column("close", "l") if closing else exp.cast(exp.null(), "DATE"),
        same_day=statement("p.d >= l.from_d AND p.d < l.until_d") if closing else exp.true(),
        cohort=statement("l.since = s.since") if batch.shape.is_personal else exp.true(),
    )
    needs = {number: batch.nodes[number].closing for number in caps if batch.nodes[number].closing}
    return with_needs(draft, limited, needs, day=exp.column("cap_close", "f"), dims=batch.shape.dims)


def _whole_time(caps: Iterable[int]) -> Iterable[tuple[int, date, date]]:
    """A cap without a period: one limit over all days."""
    return ((number, date(1, 1, 1), date(9999, 12, 31)) for number in caps)


def _limits(batch: Batch, number: int, cap: Cap, *, closing: bool) -> Iterator[tuple[object, ...]]:
    for cohort in batch.cohorts:
        days = batch.draft.demand.days_of(number, cohort)
        since = (cohort,) if batch.shape.is_personal else ()
        if not days:
            continue
        for row in _periods(batch, number, cap, cohort, days):
            closes = _closes(batch.draft.clock, row[1], row[2], days) if closing else [()]
            yield from ((*row, *close, *since) for close in closes)


def _closes(clock: Clock, start: date, end: date, days: Sequence[date]) -> Iterator[tuple[date, date, date]]:
    """The closes of a period as of some days: each day while it is open, then its last day for good."""
    last = clock.day_before(end)
    for day in days[bisect_left(days, start) : bisect_left(days, last)]:
        yield day, clock.day_after(day), day
    if days[-1] >= last:
        yield last, END_OF_TIME, last


def _periods(batch: Batch, number: int, cap: Cap, cohort: Cohort, days: Sequence[date]) -> list[tuple[int, date, date]]:
    """The periods of a cap that entries may fill as of some days."""
    unit = cap_unit(cap)
    if unit is None:
        return list(_whole_time([number]))
    clock, earning = batch.draft.clock_of(cohort), batch.nodes[number].earning
    start = date.min
    if batch.facts_kind is not None and batch.facts_kind.shape == "event":
        span_of = clock.filling_span if batch.shape.has_life else clock.entry_span
        start = filled_from(clock, earning, min(span_of(earning, day).start for day in days))
    end = clock.day_after(max(days))
    return [(number, period.start, period.end) for period in clock.periods(unit, start, end)]


# --- lines in a window ----------------------------------------------------------------------------------------------


def add_within(group: Members, stratum: int) -> None:
    """Add the sums of an earning's lines that are dated in a window."""
    draft = group.draft
    for personal in (False, True):
        numbers = [number for number in group.numbers if draft.is_personal(number) == personal]
        if not numbers:
            continue
        name = group.name(f"s{stratum}_within" + ("_own" if personal else ""))
        spans = draft.data(
            f"{name}_spans",
            (*WITHIN_SPAN, *(SINCE if personal else ())),
            _within_spans(draft, numbers, personal=personal),
        )
        inputs = {draft.input_of(number, _within(draft, number).entries) for number in numbers}
        lines = union_all(
            [
                statement("SELECT * FROM {lines}", lines=name)
                for name in sorted({draft.entry_lines[item] for item in inputs})
            ]
        )
        text = WITHIN.replace("{cohort}", "JOIN scope AS w ON w.e = u.e AND w.since = a.since" if personal else "")
        keys = [exp.column("k", "u")] if group.dims else []
        draft.put(numbers, draft.query(name, text, spans=spans, lines=lines, keys=keys, inner=group.keys("p")))


def _within(draft: Draft, number: int) -> EntriesWithinNode:
    node = draft.graph[number]
    if not isinstance(node, EntriesWithinNode):
        raise TypeError(number)
    return node


def _within_spans(draft: Draft, numbers: Sequence[int], *, personal: bool) -> Iterator[tuple[object, ...]]:
    for number in numbers:
        node = _within(draft, number)
        for cohort in draft.setting.cohorts if personal else (None,):
            for day in draft.demand.days_of(number, cohort):
                span = draft.clock_of(cohort).span(node.window, day)
                row = (number, day, span.start, span.end, draft.input_of(number, node.entries))
                yield (*row, cohort) if personal else row
