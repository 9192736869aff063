"""Earnings for each fact: dated entries, their caps, and what is in force on a day.

A cap is filled by the entries in order of date, then fact id. What has been let in after n entries is the running
sum less the most by which it ever passed the cap, so that one running sum and one running maximum give what each
entry keeps, refunds (negative amounts) included.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlglot import exp

from swingby.engine.building import not_computed
from swingby.engine.graph import EntriesNode
from swingby.engine.plan import Draft
from swingby.engine.predicates import Row, condition_sql, house, value_sql
from swingby.engine.sql import Column, predicate, statement
from swingby.engine.steps.columns import by_node, fact_row, reads_rates
from swingby.engine.steps.credited import base_kind, credited, is_linked, with_rates
from swingby.engine.steps.facts import subset_filters
from swingby.engine.steps.scales import Amount, rounded_sql, scale_sql, scope_row, times_sql
from swingby.program.blocks import PeriodUnit
from swingby.program.kinds import FactKind
from swingby.program.model import Earning, FactSource
from swingby.program.numbers import Cap

SPAN = (Column("node", "whole"), Column("d", "day"), Column("s", "day"), Column("t", "day"))
LIMIT = (Column("node", "whole"), Column("s", "day"), Column("t", "day"), Column("closing", "day"))

EVENTS = """
SELECT p.node, c.e, c.fact_id, c.happened_on AS dated, MIN(c.cancelled_on) AS cancelled_on, MAX({amount}) AS raw
FROM {facts} AS c
JOIN {spans} AS p ON c.happened_on >= p.s AND c.happened_on < p.t AND {link}
WHERE {residual}
GROUP BY p.node, c.e, c.fact_id, c.happened_on
"""

STATES = """
SELECT p.node, c.e, p.d, c.fact_id, c.starts_on AS dated, CAST(NULL AS DATE) AS cancelled_on, MAX({amount}) AS raw
FROM {facts} AS c
JOIN {spans} AS p ON c.starts_on < p.t AND (c.ends_on IS NULL OR c.ends_on > p.s) AND {link}
WHERE {residual}
GROUP BY p.node, c.e, p.d, c.fact_id, c.starts_on
"""

UNCAPPED = "SELECT b.*, CAST(b.raw AS DECIMAL(38, 12)) AS amount FROM {entries} AS b"

IN_FORCE = """
SELECT b.node, b.e, p.d, b.fact_id, b.dated, b.cancelled_on, b.raw, b.amount
FROM {entries} AS b
JOIN {looks} AS p ON p.node = b.node AND b.dated >= p.s AND b.dated < p.t
"""

RUNNING = """
SELECT p.*, CASE WHEN l.node IS NULL THEN quantity(NULL) ELSE {cap} END AS cap, l.s AS period,
       SUM(p.amount) OVER (
         PARTITION BY p.node, p.e, {also} l.s ORDER BY p.dated, by_bytes(p.fact_id)
         ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running
FROM {entries} AS p
JOIN scope AS s ON s.e = p.e
LEFT JOIN {limits} AS l ON l.node = p.node AND p.dated >= l.s AND p.dated < l.t
"""

PASSED = """
SELECT r.*, CASE WHEN r.cap IS NULL THEN 0 ELSE GREATEST(MAX(r.running - r.cap) OVER (
         PARTITION BY r.node, r.e, {also} r.period ORDER BY r.dated, by_bytes(r.fact_id)
         ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), 0) END AS passed
FROM {running} AS r
"""

CAPPED = """
SELECT {kept},
       CAST(r.amount - r.passed + COALESCE(LAG(r.passed) OVER (
         PARTITION BY r.node, r.e, {also} r.period ORDER BY r.dated, by_bytes(r.fact_id)), 0) AS DECIMAL(38, 12)) AS amount
FROM {passed} AS r
"""

ROUNDED = """
SELECT p.node, p.e, p.d, p.fact_id, p.dated, p.cancelled_on, p.raw, {amount} AS amount,
       CASE WHEN {reverses} AND p.cancelled_on <= p.d THEN 1 ELSE 0 END AS reversed
FROM {entries} AS p
"""

SUMMED = """
SELECT p.node, p.e, p.d,
       CAST(SUM(CASE WHEN p.reversed = 1 THEN 0 ELSE p.amount END) AS DECIMAL(38, 12)) AS value,
       CAST(SUM(CASE WHEN p.reversed = 1 THEN 0 ELSE p.amount END) AS DECIMAL(38, 12)) AS num,
       CAST(1 AS DECIMAL(38, 12)) AS den, 0 AS state
FROM {entries} AS p
GROUP BY p.node, p.e, p.d
"""


def add_entries(draft: Draft, numbers: Sequence[int], stratum: int) -> None:
    """Add earnings for each fact, one scan per fact kind."""
    kinds: dict[str, dict[int, Earning]] = {}
    for number in numbers:
        node = draft.graph[number]
        if isinstance(node, EntriesNode):
            kind = base_kind(draft, _source(node.earning).of)
            kinds.setdefault(kind.name, {})[number] = node.earning
    for name, earnings in kinds.items():
        kind = draft.program.kinds[name]
        prefix = f"s{stratum}_{name}_entries"
        in_force = (_events if kind.shape == "event" else _states)(draft, kind, earnings, prefix)
        _finish(draft, earnings, in_force, prefix)


def _source(earning: Earning) -> FactSource:
    if earning.for_each is None or earning.for_each.credit is not None:
        not_computed("this source of entries", earning)
    return earning.for_each


def _finish(draft: Draft, earnings: Mapping[int, Earning], in_force: str, name: str) -> None:
    bare = {number: cap for number, earning in earnings.items() if (cap := _bare_cap(earning))}
    capped = _cap_entries(draft, in_force, bare, _whole_time(bare), f"{name}_bare", also="d") if bare else in_force
    amounts = {number: rounded_sql(earning, exp.column("amount", "p")) for number, earning in earnings.items()}
    reverses = {
        number: exp.true() if earning.cancelled == "reverse" else exp.false() for number, earning in earnings.items()
    }
    lines = draft.query(f"{name}_lines", ROUNDED, entries=capped, amount=by_node(amounts), reverses=by_node(reverses))
    draft.put(earnings, draft.query(name, SUMMED, entries=lines))
    draft.entry_lines.update(dict.fromkeys(earnings, lines))


def _events(draft: Draft, kind: FactKind, earnings: Mapping[int, Earning], name: str) -> str:
    looks = [
        (number, day, *_bounds(draft, earning, day))
        for number, earning in earnings.items()
        for day in draft.demand.days[number]
    ]
    spans = [
        (
            number,
            None,
            _reach_back(draft, earnings[number], [row for row in looks if row[0] == number]),
            _latest(looks, number),
        )
        for number in earnings
    ]
    scanned = _scan(draft, kind, earnings, EVENTS, spans=draft.data(f"{name}_spans", SPAN, spans), name=name)
    entries = draft.query(f"{name}_all", UNCAPPED, entries=scanned)
    for index in range(max(len(_period_caps(earning)) for earning in earnings.values())):
        caps = {
            number: found[index][0] for number, item in earnings.items() if len(found := _period_caps(item)) > index
        }
        limits = [row for number in caps for row in _limits(draft, number, earnings[number], index, spans)]
        entries = _cap_entries(draft, entries, caps, limits, f"{name}_cap{index}", also=None)
    return draft.query(f"{name}_in_force", IN_FORCE, entries=entries, looks=draft.data(f"{name}_looks", SPAN, looks))


def _states(draft: Draft, kind: FactKind, earnings: Mapping[int, Earning], name: str) -> str:
    for earning in earnings.values():
        if _period_caps(earning) or earning.expires:
            not_computed("a cap per period or an expiry on a state", earning)
    looks = [
        (number, day, span.start, span.end)
        for number, earning in earnings.items()
        for day in draft.demand.days[number]
        for span in (draft.clock.span(_source(earning).over, day),)
    ]
    scanned = _scan(draft, kind, earnings, STATES, spans=draft.data(f"{name}_looks", SPAN, looks), name=name)
    return draft.query(f"{name}_in_force", UNCAPPED, entries=scanned)


def _scan(draft: Draft, kind: FactKind, earnings: Mapping[int, Earning], text: str, *, spans: str, name: str) -> str:
    day = "happened_on" if kind.shape == "event" else "starts_on"
    row = Row(fact_row(kind, "c", draft.program.header.currency), exp.column(day, "c"))
    amounts = {number: _amount(draft, earning, row) for number, earning in earnings.items()}
    residuals = {number: _residual(draft, earning, row) for number, earning in earnings.items()}
    parts: dict[str, exp.Expr | str] = {"link": _link(kind), "amount": by_node(amounts), "residual": by_node(residuals)}
    facts = credited(draft, kind)
    parts["facts"] = with_rates(facts, kind) if reads_rates(parts.values()) else facts
    return draft.query(f"{name}_scan", text, spans=spans, **parts)


def _residual(draft: Draft, earning: Earning, row: Row) -> exp.Expr:
    source = _source(earning)
    filters = subset_filters(draft, source.of, source.where)
    return exp.and_(*(condition_sql(draft.program, part, row) for part in filters), exp.true())


def _link(kind: FactKind) -> exp.Expr:
    if not is_linked(kind):
        return exp.true()
    day = "c.happened_on" if kind.shape == "event" else "p.d"
    return predicate(f"c.link_starts_on <= {day} AND (c.link_ends_on IS NULL OR c.link_ends_on > {day})")


def _amount(draft: Draft, earning: Earning, row: Row) -> exp.Expr:
    one = statement("CAST(1 AS DECIMAL(38, 12))")
    column = row.column(earning.scale.of) if earning.scale.of else None
    x = house("quantity", column) if column is not None else one
    amount = scale_sql(draft, earning.scale, Amount(x, x, one), row)
    amount = times_sql(draft, earning, amount, row)
    for cap in earning.cap:
        if cap.per == ("fact",):
            amount = _within_fact(draft, cap, amount, row)
    return house("quantity", statement("COALESCE({amount}, 0)", amount=amount))


def _within_fact(draft: Draft, cap: Cap, amount: exp.Expr, row: Row) -> exp.Expr:
    if cap.at_most is not None:
        amount = house("least_of", amount, value_sql(draft.program, cap.at_most, row))
    if cap.at_least is not None:
        amount = house("greatest_of", amount, value_sql(draft.program, cap.at_least, row))
    return amount


# --- caps -----------------------------------------------------------------------------------------------------------


def _cap_entries(
    draft: Draft,
    entries: str,
    caps: Mapping[int, Cap],
    limits: Iterable[tuple[object, ...]],
    name: str,
    *,
    also: str | None,
) -> str:
    """Three small steps: running sum, the most it passed the cap, what each entry keeps.

    A cap per period is read on the period's last day, one without a period on the as-of day (``also``).
    """
    extra = {alias: f"{alias}.{also}, " if also else "" for alias in ("r", "p")}
    row = scope_row("s", exp.column(also, "p") if also else exp.column("closing", "l"))
    values = {number: value_sql(draft.program, cap.at_most, row) for number, cap in caps.items() if cap.at_most}
    table = draft.data(f"{name}_limits", LIMIT, limits)
    text = RUNNING.replace("{also} ", extra["p"])
    running = draft.query(f"{name}_running", text, entries=entries, limits=table, cap=by_node(values))
    passed = draft.query(f"{name}_passed", PASSED.replace("{also} ", extra["r"]), running=running)
    columns = "r.node, r.e, r.d, r.fact_id, r.dated, r.cancelled_on, r.raw"
    kept = columns if also else columns.replace("r.d, ", "")
    return draft.query(name, CAPPED.replace("{also} ", extra["r"]).replace("{kept}", kept), passed=passed)


def _period_caps(earning: Earning) -> tuple[tuple[Cap, PeriodUnit], ...]:
    found = []
    for cap in earning.cap:
        units = [part for part in cap.per if isinstance(part, PeriodUnit)]
        if cap.per and cap.per != ("fact",):
            if len(units) != 1 or len(cap.per) != 1 or cap.at_least is not None or cap.at_most is None:
                not_computed("a cap per columns", cap)
            found.append((cap, units[0]))
    return tuple(found)


def _bare_cap(earning: Earning) -> Cap | None:
    bare = [cap for cap in earning.cap if not cap.per]
    if len(bare) > 1 or any(cap.at_least is not None for cap in bare):
        not_computed("several caps over what is in force", earning)
    return bare[0] if bare else None


def _whole_time(caps: Iterable[int]) -> Iterable[tuple[object, ...]]:
    """A cap without a period: one limit over all days."""
    return ((number, date(1, 1, 1), date(9999, 12, 31), None) for number in caps)


def _limits(
    draft: Draft, number: int, earning: Earning, index: int, spans: Sequence[tuple[object, ...]]
) -> Iterable[tuple[object, ...]]:
    _, unit = _period_caps(earning)[index]
    first, last = next((span[2], span[3]) for span in spans if span[0] == number)
    if isinstance(first, date) and isinstance(last, date):
        for period in draft.clock.periods(unit, first, last):
            yield (number, period.start, period.end, draft.clock.day_before(period.end))


def _bounds(draft: Draft, earning: Earning, day: date) -> tuple[date, date]:
    span = draft.clock.entry_span(earning, day)
    return span.start, span.end


def _reach_back(draft: Draft, earning: Earning, looks: Sequence[tuple[object, ...]]) -> date:
    """The first day whose entries matter: a cap's period is filled from its beginning."""
    first = min(row[2] for row in looks if isinstance(row[2], date))
    starts = [draft.clock.period(unit, first).start for _, unit in _period_caps(earning)]
    return min([first, *starts])


def _latest(looks: Sequence[tuple[object, ...]], number: int) -> date:
    return max(row[3] for row in looks if row[0] == number and isinstance(row[3], date))
