"""Earnings for each fact: dated entries, their caps, and what is in force on a day.

A cap is filled by the entries in order of date, then fact id. An entry keeps what the running total up to and with
it has above the running total before it, both held within the cap, so that refunds (negative amounts) lower what is
kept only once the total falls below the cap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from swingby.engine.building import not_computed
from swingby.engine.graph import EntriesNode
from swingby.engine.plan import Draft
from swingby.engine.predicates import Row, condition_sql, house, value_sql
from swingby.engine.sql import Column, statement
from swingby.engine.steps.columns import by_node, fact_row
from swingby.engine.steps.credited import Route, base_kind, columns_read, credited, route_of
from swingby.engine.steps.facts import link_holds, subset_filters
from swingby.engine.steps.scales import Amount, rounded_sql, scale_sql, scope_row, times_sql
from swingby.program.blocks import Length, PeriodUnit
from swingby.program.kinds import FactKind
from swingby.program.model import Earning, FactSource
from swingby.program.numbers import Cap

SPAN = (
    Column("node", "whole"),
    Column("d", "day"),
    Column("s", "day"),
    Column("t", "day"),
    Column("since", "day"),
)
LIMIT = (Column("node", "whole"), Column("s", "day"), Column("t", "day"))

EVENTS = """
SELECT p.node, c.e, {day}, c.fact_id, c.happened_on AS dated, MIN(c.cancelled_on) AS cancelled_on, MAX({amount}) AS raw, {extra}
FROM {facts} AS c
JOIN {spans} AS p ON c.happened_on >= p.s AND c.happened_on < p.t AND {link}
WHERE {residual}
GROUP BY p.node, c.e, {day}, c.fact_id, c.happened_on
"""

#: A state's entry is in force while the state and its link hold, from ``since`` on where entries expire.
STATES = """
SELECT p.node, c.e, p.d, c.fact_id, c.starts_on AS dated, CAST(NULL AS DATE) AS cancelled_on, MAX({amount}) AS raw, {extra}
FROM {facts} AS c
JOIN {spans} AS p ON c.starts_on < p.t AND (c.ends_on IS NULL OR c.ends_on > p.s) AND c.starts_on >= p.since
 AND c.starts_on <= p.d AND (c.ends_on IS NULL OR c.ends_on > p.d) AND {link}
WHERE {residual}
GROUP BY p.node, c.e, p.d, c.fact_id, c.starts_on
"""

UNCAPPED = "SELECT b.*, CAST(b.raw AS DECIMAL(38, 12)) AS amount FROM {entries} AS b"

IN_FORCE = """
SELECT b.node, b.e, p.d, b.fact_id, b.dated, b.cancelled_on, b.raw, b.amount
FROM {entries} AS b
JOIN {looks} AS p ON p.node = b.node AND b.dated >= p.s AND b.dated < p.t AND {same_day}
"""

CAPPED = """
SELECT {columns},
       CAST({within} - CASE WHEN r.place = 1 THEN 0 ELSE {before} END AS DECIMAL(38, 12)) AS amount
FROM (
  SELECT p.*, CASE WHEN l.node IS NULL THEN NULL ELSE {high} END AS high,
         CASE WHEN l.node IS NULL THEN NULL ELSE {low} END AS low,
         CAST(SUM(p.amount) OVER (PARTITION BY {alike} ORDER BY p.dated, by_bytes(p.fact_id)
                                  ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS DECIMAL(38, 12)) AS running,
         ROW_NUMBER() OVER (PARTITION BY {alike} ORDER BY p.dated, by_bytes(p.fact_id)) AS place
  FROM {entries} AS p
  JOIN scope AS s ON s.e = p.e
  LEFT JOIN {limits} AS l ON l.node = p.node AND p.dated >= l.s AND p.dated < l.t
) AS r
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


@dataclass(frozen=True, slots=True)
class _Caps:
    """An earning's caps in the order in which they are applied."""

    of_a_fact: tuple[Cap, ...]
    of_alike: tuple[Cap, ...]
    of_all: tuple[Cap, ...]


@dataclass(frozen=True, slots=True)
class _Batch:
    """Earnings for each fact that share a scan, and the relations' common name."""

    draft: Draft
    kind: FactKind
    route: Route
    earnings: Mapping[int, Earning]
    by_day: bool
    name: str

    @property
    def row(self) -> Row:
        """A fact as the row in hand; values are read on its day."""
        return Row(
            fact_row(self.kind, "c", self.draft.program.header.currency), exp.column(self.kind.day_columns[0], "c")
        )


def add_entries(draft: Draft, numbers: Sequence[int], stratum: int) -> None:
    """Add earnings for each fact, one scan per fact kind and route."""
    shared: dict[tuple[str, Route, bool], dict[int, Earning]] = {}
    for number in numbers:
        node = draft.graph[number]
        if isinstance(node, EntriesNode):
            source = _source(node.earning)
            kind = base_kind(draft, source.of)
            key = (kind.name, route_of(draft, kind, source.credit), _fills_by_day(node.earning))
            shared.setdefault(key, {})[number] = node.earning
    for index, ((name, route, by_day), earnings) in enumerate(shared.items()):
        kind = draft.program.kinds[name]
        batch = _Batch(draft, kind, route, earnings, by_day, f"s{stratum}_{name}_{index}_entries")
        _finish(batch, _events(batch) if kind.shape == "event" else _states(batch))


def _source(earning: Earning) -> FactSource:
    if earning.for_each is None or earning.for_each.when != "held":
        not_computed("this source of entries", earning)
    return earning.for_each


def _fills_by_day(earning: Earning) -> bool:
    """True when a window moves with the as-of day and with it the entries that fill a cap."""
    return _source(earning).over is not None and bool(_caps(earning).of_alike)


def _finish(batch: _Batch, in_force: str) -> None:
    draft, earnings, name = batch.draft, batch.earnings, batch.name
    entries = in_force
    for index in range(max(len(_caps(earning).of_all) for earning in earnings.values())):
        caps = {
            number: item[index] for number, earning in earnings.items() if len(item := _caps(earning).of_all) > index
        }
        row = scope_row("s", exp.column("d", "p"))
        high, low = ({number: _bound(draft, cap, side, row) for number, cap in caps.items()} for side in _SIDES)
        limits = draft.data(f"{name}_all{index}_limits", LIMIT, _whole_time(caps))
        step = _Step(f"{name}_all{index}", (*_ENTRY, "d"), ("d",), by_node(high), by_node(low), limits)
        entries = _capped(draft, entries, step)
    amounts = {number: rounded_sql(earning, exp.column("amount", "p")) for number, earning in earnings.items()}
    reverses = {number: _reverses(earning) for number, earning in earnings.items()}
    lines = draft.query(f"{name}_lines", ROUNDED, entries=entries, amount=by_node(amounts), reverses=by_node(reverses))
    draft.put(earnings, draft.query(name, SUMMED, entries=lines))
    draft.entry_lines.update(dict.fromkeys(earnings, lines))


def _reverses(earning: Earning) -> exp.Expr:
    """Whether a cancelled fact takes its entry back: always, never, or when cancelled within some time."""
    if not isinstance(earning.cancelled, Length):
        return exp.true() if earning.cancelled == "reverse" else exp.false()
    limit: exp.Expr = exp.column("dated", "p")
    for count, unit in earning.cancelled.parts:
        function, factor = _UNITS[unit]
        limit = house(function, limit, exp.Literal.number(count * factor))
    return exp.LT(this=exp.column("cancelled_on", "p"), expression=limit)


_UNITS = {"day": ("day_add", 1), "week": ("day_add", 7), "month": ("month_add", 1), "quarter": ("month_add", 3)} | {
    "half": ("month_add", 6),
    "year": ("month_add", 12),
}


def _events(batch: _Batch) -> str:
    draft, earnings, name = batch.draft, batch.earnings, batch.name
    if batch.route.is_split or (batch.route.link and batch.route.day != "fact"):
        not_computed("credit as of the day in an earning for each event", next(iter(earnings.values())))
    looks = [
        (number, day, span.start, span.end, span.start)
        for number, earning in earnings.items()
        for day in draft.demand.days[number]
        for span in (draft.clock.entry_span(earning, day),)
    ]
    spans = [row for number in earnings for row in _filling(batch, number, [row for row in looks if row[0] == number])]
    day = ["d"] if batch.by_day else []
    entries = _scan(
        batch, EVENTS, draft.data(f"{name}_spans", SPAN, spans), day=[exp.column(item, "p") for item in day]
    )
    days = {number: [row for row in spans if row[0] == number] for number in earnings}
    reach = {number: (min(row[2] for row in rows), max(row[3] for row in rows)) for number, rows in days.items()}
    entries = _cap_alike(batch, entries, reach, day)
    same_day = statement("p.d = b.d") if batch.by_day else exp.true()
    table = draft.data(f"{name}_looks", SPAN, looks)
    return draft.query(f"{name}_in_force", IN_FORCE, entries=entries, looks=table, same_day=same_day)


def _filling(batch: _Batch, number: int, looks: Sequence[_Look]) -> Iterable[tuple[int, date | None, date, date, date]]:
    """The days whose entries fill caps, whether they still are in force or not."""
    earning = batch.earnings[number]
    if not batch.by_day:
        return [_widest(batch.draft, earning, looks)]
    clock, over = batch.draft.clock, _source(earning).over
    spans = ((day, clock.span(over, day)) for _, day, *_ in looks)
    return ((number, day, span.start, span.end, span.start) for day, span in spans)


def _widest(draft: Draft, earning: Earning, looks: Sequence[_Look]) -> tuple[int, None, date, date, date]:
    """All days whose entries matter: a cap's period is filled from its beginning."""
    first = min(row[2] for row in looks)
    units = [_unit(cap) for cap in _caps(earning).of_alike]
    start = min([first, *(draft.clock.period(unit, first).start if unit else date.min for unit in units)])
    return looks[0][0], None, start, max(row[3] for row in looks), start


_Look = tuple[int, date, date, date, date]


def _states(batch: _Batch) -> str:
    draft = batch.draft
    if batch.route.is_split:
        not_computed("shares of several links in an earning", next(iter(batch.earnings.values())))
    looks = [
        (number, day, span.start, span.end, draft.clock.first_in_force(earning.expires, day))
        for number, earning in batch.earnings.items()
        for day in draft.demand.days[number]
        for span in (draft.clock.span(_source(earning).over, day),)
    ]
    entries = _scan(batch, STATES, draft.data(f"{batch.name}_looks", SPAN, looks))
    latest = max(day for _, day, *_ in looks)
    return _cap_alike(batch, entries, dict.fromkeys(batch.earnings, (date.min, draft.clock.day_after(latest))), ("d",))


# --- the scan -------------------------------------------------------------------------------------------------------


def _scan(batch: _Batch, text: str, spans: str, **more: Sequence[exp.Expr]) -> str:
    draft, row = batch.draft, batch.row
    parts: dict[str, exp.Expr | str | Sequence[exp.Expr]] = {
        "link": link_holds(batch.kind, batch.route, "p.d"),
        "amount": by_node({number: _amount(draft, earning, row) for number, earning in batch.earnings.items()}),
        "residual": by_node({number: _residual(batch, earning) for number, earning in batch.earnings.items()}),
        "extra": _extra(batch),
    }
    days = sorted({day for number in batch.earnings for day in draft.demand.days[number]})
    parts["facts"] = credited(draft, batch.kind, batch.route, columns_read(parts.values()), days)
    scanned = draft.query(f"{batch.name}_scan", text, spans=spans, **parts, **more)
    return draft.query(f"{batch.name}_uncapped", UNCAPPED, entries=scanned)


def _residual(batch: _Batch, earning: Earning) -> exp.Expr:
    source, row = _source(earning), batch.row
    linked = Row(fact_row(batch.kind, "c", batch.draft.program.header.currency, links=True), row.day)
    filters = subset_filters(batch.draft, source.of, source.where)
    return exp.and_(*(condition_sql(batch.draft.program, part, linked) for part in filters), exp.true())


def _amount(draft: Draft, earning: Earning, row: Row) -> exp.Expr:
    one = statement("CAST(1 AS DECIMAL(38, 12))")
    x = house("quantity", _own(row, earning.scale.of, earning)) if earning.scale.of else one
    amount = scale_sql(draft, earning.scale, Amount(x, x, one), row)
    amount = statement("COALESCE({amount}, 0)", amount=times_sql(draft, earning, amount, row))
    for cap in _caps(earning).of_a_fact:
        amount = _within_fact(draft, cap, amount, row)
    return house("quantity", amount)


def _own(row: Row, name: str, earning: Earning) -> exp.Expr:
    column = row.column(name)
    if column is None:
        not_computed(f"the column {name}", earning)
    return column


def _within_fact(draft: Draft, cap: Cap, amount: exp.Expr, row: Row) -> exp.Expr:
    if cap.at_least is not None:
        amount = house("greatest_of", amount, value_sql(draft.program, cap.at_least, row))
    if cap.at_most is not None:
        amount = house("least_of", amount, value_sql(draft.program, cap.at_most, row))
    return amount


# --- caps -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Step:
    """One cap of each of some earnings: which columns are kept, which entries share it, and its bounds."""

    name: str
    columns: Sequence[str]
    alike: Sequence[str]
    high: exp.Expr
    low: exp.Expr
    limits: str


_ENTRY = ("node", "e", "fact_id", "dated", "cancelled_on", "raw")
_SIDES = ("at_most", "at_least")


def _capped(draft: Draft, entries: str, step: _Step) -> str:
    alike = [exp.column(name, "p") for name in ("node", "e", *step.alike)]
    return draft.query(
        step.name,
        CAPPED,
        entries=entries,
        limits=step.limits,
        columns=[exp.column(name, "r") for name in step.columns],
        alike=[*alike, exp.column("s", "l")],
        high=step.high,
        low=step.low,
        within=_held(statement("r.running")),
        before=_held(statement("r.running - r.amount")),
    )


def _held(total: exp.Expr) -> exp.Expr:
    return house("least_of", house("greatest_of", total, exp.column("low", "r")), exp.column("high", "r"))


def _cap_alike(batch: _Batch, entries: str, spans: Mapping[int, tuple[date, date]], also: Sequence[str]) -> str:
    """Apply the caps per columns and per period, one after the other."""
    draft = batch.draft
    for index in range(_most_alike(batch)):
        caps = {number: item[index] for number, item in _alike(batch).items() if len(item) > index}
        limits = [row for number, cap in caps.items() for row in _limits(draft, number, cap, spans[number])]
        table = draft.data(f"{batch.name}_cap{index}_limits", LIMIT, limits)
        kept = [name for later in range(index + 1, _most_alike(batch)) for name in _slot(batch, later)]
        high, low = (exp.column(f"{side}_{index}", "p") for side in _SIDES)
        keys = [name for name in _slot(batch, index) if name.startswith("key")]
        step = _Step(f"{batch.name}_cap{index}", (*_ENTRY, *also, *kept), (*also, *keys), high, low, table)
        entries = _capped(draft, entries, step)
    return entries


def _alike(batch: _Batch) -> Mapping[int, tuple[Cap, ...]]:
    return {number: _caps(earning).of_alike for number, earning in batch.earnings.items()}


def _most_alike(batch: _Batch) -> int:
    return max(len(caps) for caps in _alike(batch).values())


def _slot(batch: _Batch, index: int) -> list[str]:
    """The columns that the scan adds for the caps in one place of the order: bounds, and what entries share."""
    most = max(len(_columns(caps[index])) for caps in _alike(batch).values() if len(caps) > index)
    return [f"{side}_{index}" for side in _SIDES] + [f"key_{index}_{place}" for place in range(most)]


def _extra(batch: _Batch) -> list[exp.Expr]:
    found = []
    for index in range(_most_alike(batch)):
        caps = {number: item[index] for number, item in _alike(batch).items() if len(item) > index}
        for name in _slot(batch, index):
            written = {number: _slot_sql(batch, cap, name) for number, cap in caps.items()}
            rest = {number: _EMPTY[name.startswith("key")] for number in batch.earnings if number not in caps}
            found.append(exp.alias_(exp.Max(this=by_node(written | rest)), name))
    return found


_EMPTY = {False: statement("CAST(NULL AS DECIMAL(38, 12))"), True: statement("CAST(NULL AS TEXT)")}


def _slot_sql(batch: _Batch, cap: Cap, name: str) -> exp.Expr:
    if not name.startswith("key"):
        return _bound(batch.draft, cap, name.rsplit("_", 1)[0], batch.row)
    columns = _columns(cap)
    place = int(name.rsplit("_", 1)[1])
    if place >= len(columns):
        return _EMPTY[True]
    column = batch.row.column(columns[place])
    if column is None:
        not_computed(f"a cap per {columns[place]}", cap)
    return exp.cast(column, "TEXT")


def _bound(draft: Draft, cap: Cap, side: str, row: Row) -> exp.Expr:
    value = cap.at_most if side == "at_most" else cap.at_least
    return _EMPTY[False] if value is None else house("quantity", value_sql(draft.program, value, row))


def _caps(earning: Earning) -> _Caps:
    """The caps by what they are filled by; refused in an order that is not from one fact to all that is in force."""
    kinds = [0 if "fact" in cap.per else 1 if cap.per else 2 for cap in earning.cap]
    if kinds != sorted(kinds):
        not_computed("caps in this order", earning)
    return _Caps(
        *(tuple(cap for cap, found in zip(earning.cap, kinds, strict=True) if found == kind) for kind in range(3))
    )


def _unit(cap: Cap) -> PeriodUnit | None:
    units = [part for part in cap.per if isinstance(part, PeriodUnit)]
    if len(units) > 1:
        not_computed("a cap per several periods", cap)
    return units[0] if units else None


def _columns(cap: Cap) -> list[str]:
    return [part for part in cap.per if isinstance(part, str)]


def _whole_time(caps: Iterable[int]) -> Iterable[tuple[int, date, date]]:
    """A cap without a period: one limit over all days."""
    return ((number, date(1, 1, 1), date(9999, 12, 31)) for number in caps)


def _limits(draft: Draft, number: int, cap: Cap, span: tuple[date, date]) -> Iterable[tuple[int, date, date]]:
    unit = _unit(cap)
    if unit is None:
        return _whole_time([number])
    return ((number, period.start, period.end) for period in draft.clock.periods(unit, *span))
