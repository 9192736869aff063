"""Entries before caps: one row for each fact (or closed period) that an earning repeats over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from sqlglot import exp

from swingby.engine.keys import joined
from swingby.engine.place import not_computed
from swingby.engine.predicates import Row, condition_sql, house, value_sql
from swingby.engine.setting import Cohort
from swingby.engine.sql import Column, statement
from swingby.engine.steps.beside import with_needs
from swingby.engine.steps.credited import Crediting, columns_read, credited, known_to
from swingby.engine.steps.entry_batch import Batch, cap_columns, caps_of, dated_column, filled_from, source_of
from swingby.engine.steps.facts import PICKED, link_holds
from swingby.engine.steps.members import input_key
from swingby.engine.steps.scales import Amount, ceiling, scale_sql, times_sql
from swingby.engine.steps.stored import pick_group, pick_order
from swingby.program.blocks import Scale
from swingby.program.model import Earning
from swingby.program.numbers import Cap

SPAN = (
    Column("node", "whole"),
    Column("key", "text"),
    Column("d", "day"),
    Column("s", "day"),
    Column("t", "day"),
    Column("first", "day"),
)
KNOWN = (Column("known", "whole"),)
SINCE = (Column("since", "day"),)

EVENTS = """
SELECT p.node, c.e, {keys}, {day}, c.fact_id, c.{fact_day} AS fact_day, {dated} AS dated, MIN(c.cancelled_on) AS cancelled_on,
       MAX({before}) AS before, MAX({raw}) AS raw, MAX({unsure}) AS unsure, {extra}
FROM {facts} AS c
JOIN {spans} AS p ON {time}
WHERE {residual}
GROUP BY p.node, c.e, {key}, {day}, c.fact_id, c.{fact_day}, {dated}
"""
#: The same where each row is an entry as it stands.
EVENTS_ONCE = """
SELECT p.node, c.e, {keys}, {day}, c.fact_id, c.{fact_day} AS fact_day, {dated} AS dated, c.cancelled_on,
       {before} AS before, {raw} AS raw, {unsure} AS unsure, {extra}
FROM {facts} AS c
JOIN {spans} AS p ON {time}
WHERE {residual}
"""
#: What each event gives, where nothing else of its entry is asked for.
AMOUNTS = """
SELECT p.node, c.e, c.{fact_day} AS dated, c.cancelled_on, CAST({raw} AS DECIMAL(38, 12)) AS amount
FROM {facts} AS c
JOIN {spans} AS p ON {time}
WHERE {residual}
"""
EVENT_TIME = "c.happened_on >= p.s AND c.happened_on < p.t"

#: A state's entry is in force while the state and its link hold, from ``first`` on where entries expire.
STATES = EVENTS.replace("MIN(c.cancelled_on)", "MIN(CAST(NULL AS DATE))")
STATE_TIME = """
c.starts_on < p.t AND (c.ends_on IS NULL OR c.ends_on > p.s) AND c.starts_on >= p.first
AND c.starts_on <= p.d AND (c.ends_on IS NULL OR c.ends_on > p.d)
"""

UNCAPPED = "SELECT b.*, CAST(b.raw AS DECIMAL(38, 12)) AS amount FROM {entries} AS b"

#: Facts with the rule that they may give an entry of, and the day that values are read on.
BESIDE = """
SELECT c.*, p.node AS scan_node, p.d AS scan_d, {read} AS read_d, {dated} AS dated_d
FROM {facts} AS c
JOIN {spans} AS p ON {time}
{dates}
WHERE {residual}
"""
DATES = "LEFT JOIN {dates} AS t ON t.node = p.node AND t.day = c.{day}"
DATE = (Column("node", "whole"), Column("day", "day"), Column("dated", "day"))

GATE = (Column("node", "whole"), Column("gate", "whole"))
GATED = """
SELECT f.*, CASE WHEN g.gate IS NULL THEN 1 ELSE COALESCE(q.result, 0) END AS gate_result
FROM {rows} AS f
LEFT JOIN {gates} AS g ON g.node = f.scan_node
LEFT JOIN {results} AS q ON q.node = g.gate AND q.e = f.e AND q.d = f.dated_d AND {same_key}
"""


def entries_of_facts(batch: Batch) -> str:
    """Add the entries of a batch: node, e, (k), (d), fact_id, fact_day, dated, cancelled_on, before, raw, unsure, amount."""
    return batch.draft.query(f"{batch.name}_uncapped", UNCAPPED, entries=_of_facts(batch))


def amounts_of_facts(batch: Batch) -> exp.Expr:
    """What each event of a batch gives, to stand after FROM: node, e, dated, cancelled_on, amount."""
    spans = batch.draft.data(f"{batch.name}_spans", _span_columns(batch), _spans(batch))
    raw = _expressions(batch)["raw"]
    facts, time = _scanned(batch, spans, [raw])
    return statement(
        AMOUNTS, facts=facts, spans=spans, time=time, residual=_residual(batch), fact_day=batch.day_column, raw=raw
    )


def _of_facts(batch: Batch) -> str:
    draft, is_state = batch.draft, batch.facts.shape == "state"
    spans = draft.data(f"{batch.name}_spans", _span_columns(batch), _spans(batch))
    expressions = _expressions(batch)
    facts, time = _scanned(batch, spans, list(expressions.values()))
    parts: dict[str, exp.Expr | str | Sequence[exp.Expr]] = {
        "facts": facts,
        "spans": spans,
        "time": time,
        "residual": exp.true() if batch.shape.is_beside else _residual(batch),
        "day": [exp.column("d", "p")] if batch.shape.by_day or is_state else [],
        "fact_day": batch.day_column,
        "dated": exp.column("dated_d", "c") if batch.shape.is_beside else exp.column(batch.day_column, "c"),
        "keys": [exp.alias_(part, "k") for part in _keys(batch)],
        **expressions,
    }
    if not batch.is_grouped:
        return draft.query(f"{batch.name}_scan", EVENTS_ONCE, **parts)
    return draft.query(f"{batch.name}_scan", STATES if is_state else EVENTS, key=_keys(batch), **parts)


def _scanned(batch: Batch, spans: str, expressions: Sequence[object]) -> tuple[exp.Expr | str, exp.Expr]:
    """The facts that may give an entry, and how they meet the spans of the rules."""
    time = _time(batch)
    picking = _picking(batch)
    reads = [
        time,
        _residual(batch),
        *expressions,
        *picking.values(),
        *_keys(batch),
        _read_day(batch),
        _dated(batch),
    ]
    days = tuple(sorted({day for number in batch.nodes for day in batch.draft.demand.days(number)}))
    what = Crediting(
        kind=batch.facts,
        route=batch.shape.route,
        subset=batch.shape.subset,
        known="row" if batch.shape.knows_by_row else batch.shape.known,
        reads=tuple(columns_read(reads)),
        days=days,
        cancelled=True,
    )
    facts: exp.Expr | str = credited(batch.draft, what)
    if batch.shape.is_personal:
        facts = statement(
            "SELECT f.*, s.since AS joined_since FROM {facts} AS f JOIN scope AS s ON s.e = f.e", facts=facts
        )
    if picking:
        facts = statement(PICKED, facts=facts, looks=spans, time=time, **picking)
        time = statement("p.node = c.pick_node AND " + ("p.d = c.pick_d" if _has_days(batch) else "TRUE"))
        if batch.shape.is_personal:
            time = exp.and_(time, statement("p.since = c.joined_since"))
    if batch.shape.is_beside:
        return _beside(batch, spans, facts, time)
    return facts, time


def _has_days(batch: Batch) -> bool:
    return batch.shape.by_day or batch.facts.shape == "state"


def _time(batch: Batch) -> exp.Expr:
    is_state = batch.facts.shape == "state"
    found = [statement(STATE_TIME if is_state else EVENT_TIME), link_holds(batch.facts, batch.shape.route, "p.d")]
    if batch.shape.key_column:
        column = exp.column(batch.shape.key_column, "c")
        found.append(exp.EQ(this=exp.column("key", "p"), expression=column))
    if batch.shape.knows_by_row:
        found.append(known_to("p", "c", linked=bool(batch.shape.route.link)))
    if batch.shape.is_personal:
        found.append(statement("p.since = c.joined_since"))
    if batch.shape.subset:
        found.append(statement("c.subset_d = p.d"))
    return exp.and_(*found)


def _residual(batch: Batch) -> exp.Expr:
    return batch.draft.by_rule({number: _where(batch, number) for number in batch.written})


def _where(batch: Batch, number: int) -> exp.Expr:
    plain, program = batch.plain_row(number), batch.draft.program
    return exp.and_(*(condition_sql(program, part, plain) for part in batch.filters(number)), exp.true())


def _keys(batch: Batch) -> list[exp.Expr]:
    if not batch.shape.dims:
        return []
    columns = batch.columns()
    missing = exp.cast(exp.null(), "TEXT")
    found = [columns(name) for name in batch.shape.dims]
    return [joined([missing if part is None else exp.cast(part, "TEXT") for part in found])]


def _picking(batch: Batch) -> Mapping[str, exp.Expr | list[exp.Expr]]:
    """How rules pick their facts; those of a batch pick alike."""
    number = next(iter(batch.nodes))
    pick = source_of(batch.earnings[number]).pick
    if pick is None:
        return {}
    row = batch.plain_row(number)
    place = pick_order(batch.facts, pick, row)
    known = exp.not_(exp.Is(this=place.copy(), expression=exp.null()))
    groups = (pick_group(row, part, pick) for part in pick.per)
    return {
        "among": exp.and_(condition_sql(batch.draft.program, pick.among, row), known),
        "per": [*_keys(batch), *groups],
        "order": place,
        "count": exp.Literal.number(pick.count),
    }


# --- what stands beside ---------------------------------------------------------------------------------------------


def _beside(batch: Batch, spans: str, facts: exp.Expr | str, time: exp.Expr) -> tuple[exp.Expr | str, exp.Expr]:
    draft = batch.draft
    dated = {
        number: earning for number, earning in batch.earnings.items() if earning.dated and not dated_column(earning)
    }
    text, parts = BESIDE.replace("{dates}", DATES if dated else ""), {}
    if dated:
        rows = (
            (number, day, draft.clock.dated(earning, day))
            for number, earning in dated.items()
            for day in draft.setting.fact_days(earning, read=False)
        )
        parts = {"dates": draft.data(f"{batch.name}_dates", DATE, rows), "day": batch.day_column}
    rows_beside: exp.Expr | str = statement(
        text,
        facts=facts,
        spans=spans,
        time=time,
        residual=_residual(batch),
        read=_read_day(batch),
        dated=_dated(batch),
        **parts,
    )
    needs = {number: node.needs for number, node in batch.nodes.items() if node.needs}
    rows_beside = with_needs(draft, rows_beside, needs, day=exp.column("read_d", "f"), rule="scan_node")
    rows_beside = gated(batch, rows_beside)
    kept = draft.query(f"{batch.name}_beside", "SELECT * FROM {rows} AS r", rows=rows_beside)
    met = "p.node = c.scan_node" + (" AND p.d = c.scan_d" if _has_days(batch) else "")
    return kept, statement(met + (" AND p.since = c.joined_since" if batch.shape.is_personal else ""))


def _read_day(batch: Batch) -> exp.Expr:
    return batch.draft.by_rule({number: batch.row(number).day for number in batch.written})


def _dated(batch: Batch) -> exp.Expr:
    on = exp.column(batch.day_column, "c")
    found: dict[int, exp.Expr] = {}
    for number in batch.written:
        earning = batch.nodes[number].earning
        column = dated_column(earning)
        if column is not None:
            day = value_sql(batch.draft.program, column, Row(batch.columns(), on))
            found[number] = exp.Coalesce(this=day, expressions=[on.copy()])
        else:
            moved = statement("COALESCE(t.dated, {on})", on=on)
            found[number] = moved if earning.dated else on
    return batch.draft.by_rule(found)


def gated(batch: Batch, rows: exp.Expr | str) -> exp.Expr | str:
    """The rows with the result of their gate on the day for which the entry counts; 1 where there is none."""
    draft = batch.draft
    gates = {number: draft.input_of(number, node.gate) for number, node in batch.nodes.items() if node.gate}
    if not gates:
        return statement("SELECT f.*, 1 AS gate_result FROM {rows} AS f", rows=rows)
    table = draft.data(f"{batch.name}_gates", GATE, tuple(gates.items()))
    keyed = any(draft.graph.dims_of(gate) for gate in gates.values())
    same_key: exp.Expr = exp.true()
    if keyed:
        key = _keys(batch)[0].transform(_from_c_to_f) if batch.shape.dims else exp.Literal.string("")
        same_key = input_key(draft, key, batch.shape.dims, of="q", inputs=gates.values(), rule="g.gate")
    results = draft.results_of(gates.values(), "node, e, d, result", keyed=keyed)
    return statement(GATED, rows=rows, gates=table, results=results, same_key=same_key)


def _from_c_to_f(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.Column) and node.table == "c":
        return exp.column(node.this.copy(), "f")
    return node


# --- amounts --------------------------------------------------------------------------------------------------------


def _expressions(batch: Batch) -> dict[str, exp.Expr | list[exp.Expr]]:
    draft = batch.draft
    amounts = {number: _amount(batch, number) for number in batch.written}
    unsure: exp.Expr = exp.Literal.number(0)
    if batch.shape.is_beside:
        raw = draft.by_rule({number: _within(batch, number, _gate(amount)) for number, amount in amounts.items()})
        unsure = statement("CASE WHEN c.gate_result = 2 THEN 1 ELSE 0 END")
    else:
        raw = draft.by_rule({number: _within(batch, number, amount) for number, amount in amounts.items()})
    return {"before": draft.by_rule(amounts), "raw": raw, "unsure": unsure, "extra": extra_columns(batch)}


def _gate(amount: exp.Expr) -> exp.Expr:
    return statement("CASE WHEN c.gate_result = 1 THEN {amount} ELSE CAST(0 AS DECIMAL(38, 12)) END", amount=amount)


def _amount(batch: Batch, number: int) -> exp.Expr:
    draft, earning, row = batch.draft, batch.nodes[number].earning, batch.row(number)
    amount = scale_sql(draft, earning.scale, lambda part: _x(part, row, earning), row)
    amount = statement("COALESCE({amount}, 0)", amount=times_sql(draft, earning, amount, row))
    return house("quantity", amount)


def _x(scale: Scale, row: Row, earning: Earning) -> Amount:
    """The x of a scale: a column of the fact, or 1 for each fact."""
    one = statement("CAST(1 AS DECIMAL(38, 12))")
    x = house("quantity", _own(row, scale.of, earning)) if scale.of else one
    x = statement("COALESCE({x}, 0)", x=x)
    return Amount(x, x, one)


def _own(row: Row, name: str, earning: Earning) -> exp.Expr:
    column = row.column(name)
    if column is None:
        not_computed(f"the column {name}", earning)
    return column


def _within(batch: Batch, number: int, amount: exp.Expr) -> exp.Expr:
    """An amount within the caps of one fact, a refund within the same ones below 0."""
    program, row = batch.draft.program, batch.row(number)
    for cap in caps_of(batch.nodes[number].earning).of_a_fact:
        if cap.at_least is not None:
            amount = _held(amount, value_sql(program, cap.at_least, row), "greatest_of", "least_of")
        if cap.at_most is not None:
            most = ceiling(cap.at_most, value_sql(program, cap.at_most, row))
            amount = _held(amount, most, "least_of", "greatest_of")
    return house("quantity", amount)


_HELD = """
CASE WHEN {amount} < 0 AND {bound} > 0 THEN {below} ELSE {above} END
"""


def _held(amount: exp.Expr, bound: exp.Expr, above: str, below: str) -> exp.Expr:
    opposite = statement("-({bound})", bound=bound)
    return statement(
        _HELD, amount=amount, bound=bound, above=house(above, amount, bound), below=house(below, amount, opposite)
    )


# --- what caps need -------------------------------------------------------------------------------------------------

EMPTY = {False: statement("CAST(NULL AS DECIMAL(38, 12))"), True: statement("CAST(NULL AS TEXT)")}
SIDES = ("at_most", "at_least")


def alike(batch: Batch) -> Mapping[int, tuple[Cap, ...]]:
    """The caps that alike entries share, by earning."""
    return {number: caps_of(earning).of_alike for number, earning in batch.earnings.items()}


def slot(batch: Batch, index: int) -> list[str]:
    """The columns that the scan adds for the caps in one place of the order: bounds, and what entries share."""
    most = max(len(cap_columns(caps[index])) for caps in alike(batch).values() if len(caps) > index)
    return [f"{side}_{index}" for side in SIDES] + [f"key_{index}_{place}" for place in range(most)]


def most_alike(batch: Batch) -> int:
    """How many such caps an earning of the batch has at most."""
    return max(len(caps) for caps in alike(batch).values())


def extra_columns(batch: Batch) -> list[exp.Expr]:
    """The columns that caps need of the scan: bounds, and what alike entries share."""
    found = []
    for index in range(most_alike(batch)):
        shared = alike(batch)
        caps = {number: shared[number][index] for number in batch.written if len(shared[number]) > index}
        for name in slot(batch, index):
            written = {number: _slot_sql(batch, number, cap, name) for number, cap in caps.items()}
            rest = {number: EMPTY[name.startswith("key")] for number in batch.written if number not in caps}
            value = batch.draft.by_rule(written | rest)
            found.append(exp.alias_(exp.Max(this=value) if batch.is_grouped else value, name))
    return found


def _slot_sql(batch: Batch, number: int, cap: Cap, name: str) -> exp.Expr:
    row = batch.row(number)
    if not name.startswith("key"):
        return bound_sql(batch, number, cap, name.rsplit("_", 1)[0], row)
    columns = cap_columns(cap)
    place = int(name.rsplit("_", 1)[1])
    if place >= len(columns):
        return EMPTY[True]
    column = row.column(columns[place])
    if column is None:
        not_computed(f"a cap per {columns[place]}", cap)
    return exp.cast(column, "TEXT")


def bound_sql(batch: Batch, number: int, cap: Cap, side: str, row: Row) -> exp.Expr:
    """One bound of a cap, where it is not a number that is read at the period's close."""
    value = cap.at_most if side == "at_most" else cap.at_least
    if value is None or is_closing(batch, number, cap, side):
        return EMPTY[False]
    found = house("quantity", value_sql(batch.draft.program, value, row))
    return ceiling(value, found) if side == "at_most" else found


def is_closing(batch: Batch, number: int, cap: Cap, side: str) -> bool:
    """True for a bound that is a number, which is read at the close of the cap's period."""
    from swingby.program.blocks import OfNumber

    value = cap.at_most if side == "at_most" else cap.at_least
    return isinstance(value, OfNumber) and bool(cap.per) and bool(batch.nodes[number].closing)


# --- spans ----------------------------------------------------------------------------------------------------------


def _span_columns(batch: Batch) -> tuple[Column, ...]:
    windows = (Column(f"w{place}_{side}", "day") for place in range(len(batch.shape.windows)) for side in "st")
    return (*SPAN, *windows, *(KNOWN if batch.shape.knows_by_row else ()), *(SINCE if batch.shape.is_personal else ()))


def _spans(batch: Batch) -> Iterator[tuple[object, ...]]:
    for number in batch.nodes:
        known = (batch.draft.known(number),) if batch.shape.knows_by_row else ()
        for cohort in batch.cohorts:
            since = (cohort,) if batch.shape.is_personal else ()
            for row in _rows_of(batch, number, cohort):
                for key in batch.fact_keys(number):
                    yield (number, key, *row, *_bounds(batch, cohort, row[0]), *known, *since)


def _bounds(batch: Batch, cohort: Cohort, day: object) -> Iterator[date]:
    """First day and end of every window that filters hold columns against."""
    for window in batch.shape.windows:
        span = batch.draft.clock_of(cohort).span(window, day if isinstance(day, date) else date.min)
        yield from (span.start, span.end)


def _rows_of(batch: Batch, number: int, cohort: Cohort) -> Iterator[tuple[object, ...]]:
    """The days whose facts matter: per as-of day, or all of them at once."""
    clock, earning = batch.draft.clock_of(cohort), batch.nodes[number].earning
    days = batch.draft.demand.days_of(number, cohort)
    if not days:
        return
    if batch.facts.shape == "state":
        for day in days:
            span = clock.span(source_of(earning).over, day)
            yield (day, span.start, span.end, clock.first_in_force(earning.expires, day))
    elif batch.shape.by_day:
        for day in days:
            span = clock.filling_span(earning, day)
            yield (day, span.start, span.end, span.start)
    else:
        is_whole = batch.shape.has_life or batch.shape.pick
        spans = [clock.filling_span(earning, day) if is_whole else clock.entry_span(earning, day) for day in days]
        first, end = min(span.start for span in spans), max(span.end for span in spans)
        start = filled_from(clock, earning, first)
        yield (None, start, end, start)
