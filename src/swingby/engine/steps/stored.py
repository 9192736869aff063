"""Facts as they are stored, and what subsets and rules pick of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlglot import exp

from swingby.engine.place import not_computed
from swingby.engine.plan import Draft
from swingby.engine.predicates import Row, condition_sql, quantity
from swingby.engine.sql import Column as DataColumn
from swingby.engine.sql import predicate, statement
from swingby.engine.steps.columns import fact_row
from swingby.engine.steps.turned import money_day, turned_facts, untouched
from swingby.program.kinds import FACT_KINDS, OWNER_COLUMN, Column, FactKind
from swingby.program.numbers import Pick

STORED = "SELECT f.*, {columns} FROM {table} AS f"

RATED = """
SELECT f.*, x.rate
FROM {facts} AS f
LEFT JOIN rates AS x ON x.currency = f.currency AND f.{day} >= x.s AND f.{day} < x.t
"""

#: Facts that a subset picks over all partners, before they are credited, as of each day.
SUBSET = """
SELECT u.*
FROM (
  SELECT f.*, y.d AS subset_d,
         ROW_NUMBER() OVER (PARTITION BY y.d, {per} ORDER BY {order}, by_bytes(f.fact_id)) AS subset_place
  FROM {facts} AS f
  JOIN {days} AS y ON {time}
  WHERE {known} AND {among}
) AS u
WHERE u.subset_place <= {count}
"""

PAST = "f.happened_on <= y.d"
NOT_CANCELLED = f"{PAST} AND (f.cancelled_on IS NULL OR f.cancelled_on > y.d)"


def known_sql(alias: str, known: exp.Expr) -> exp.Expr:
    """That a row is known at a position and not yet taken back."""
    return statement(
        "{position} <= {known} AND ({gone} IS NULL OR {gone} > {known})",
        position=exp.column("position", alias),
        gone=exp.column("reversed_position", alias),
        known=known,
    )


def stored_facts(draft: Draft, kind: FactKind) -> exp.Expr | str:
    """The table of a kind; in the application's database, columns that a program added are read out of JSON."""
    return turned_facts(kind, _stored(draft, untouched(kind)))


def _stored(draft: Draft, kind: FactKind) -> exp.Expr | str:
    table = f"fact_{kind.name}"
    standard = FACT_KINDS.get(kind.name)
    kept = {column.name for column in standard.columns} if standard else {OWNER_COLUMN[kind.owner]}
    added = [column for column in kind.columns if column.name not in kept]
    if not draft.setting.restricted or not added:
        return table
    columns = [exp.alias_(_added(column), column.name, quoted=True) for column in added]
    return statement(STORED, columns=columns, table=table)


def _added(column: Column) -> exp.Expr:
    read = exp.Anonymous(
        this="jsonb_extract_path_text", expressions=[exp.column("attributes", "f"), exp.Literal.string(column.name)]
    )
    return exp.cast(read, _ADDED_TYPES[column.type])


_ADDED_TYPES = {"date": "DATE", "truth": "BOOLEAN", "number": "DECIMAL(24, 8)", "percent": "DECIMAL(24, 8)"} | {
    "amount": "DECIMAL(24, 8)",
    "word": "TEXT",
    "text": "TEXT",
    "id": "TEXT",
}


def chosen_before(
    draft: Draft, kind: FactKind, subset: str, *, known: exp.Expr, days: Sequence[date], cancelled: bool
) -> exp.Expr:
    """The facts that a subset picks over all partners, as of each day; with their rates."""
    declared = draft.program.facts[subset]
    if draft.setting.restricted:
        not_computed("a subset that picks over all partners, for one partner alone", declared)
    if declared.pick is None or declared.subset_of is None:
        raise TypeError(subset)
    if picking_subset(draft, declared.subset_of):
        not_computed("a subset that picks out of another that picks", declared)
    row = Row(fact_row(draft.program, kind, "f"), exp.column("d", "y"))
    order = pick_order(kind, declared.pick, row)
    has_order = exp.not_(exp.Is(this=order.copy(), expression=exp.null()))
    table = draft.data(f"subset_days_{len(draft.steps)}", (DataColumn("d", "day"),), ((day,) for day in days))
    return statement(
        SUBSET,
        facts=_rated(kind, stored_facts(draft, kind)),
        days=table,
        time=predicate(PAST if cancelled else NOT_CANCELLED),
        known=known,
        among=exp.and_(condition_sql(draft.program, declared.pick.among, row), has_order),
        per=[pick_group(row, part, declared.pick) for part in declared.pick.per],
        order=order,
        count=exp.Literal.number(declared.pick.count),
    )


def _rated(kind: FactKind, facts: exp.Expr | str) -> exp.Expr | str:
    return statement(RATED, facts=facts, day=money_day(kind)) if kind.column("currency") else facts


def picking_subset(draft: Draft, name: str) -> str:
    """The subset that picks over all partners before facts of a kind are credited, or ""."""
    declared = draft.program.facts.get(name)
    while declared is not None and declared.subset_of:
        if declared.pick:
            return declared.name
        declared = draft.program.facts.get(declared.subset_of)
    return ""


# --- picking --------------------------------------------------------------------------------------------------------


def pick_order(kind: FactKind, pick: Pick, row: Row) -> exp.Expr:
    """What facts are ordered by, the first one least: a column, or the day."""
    name = pick.column or kind.day_columns[0]
    column, known = row.column(name), kind.column(name)
    if column is None or known is None or known.type not in ("date", "number", "percent", "amount"):
        not_computed(f"pick by the column {name}", pick)
    if known.type != "date":
        place = quantity(column)
    else:
        place = statement("days_between(CAST('1900-01-01' AS DATE), {day})", day=column)
    return statement("0 - {place}", place=place) if pick.order in ("last", "highest") else place


def pick_group(row: Row, part: str, pick: Pick) -> exp.Expr:
    """The column that facts share which are picked among each other."""
    column = row.column(part)
    if column is None:
        not_computed(f"pick per {part}", pick)
    return column
