"""The days of facts on which earnings read other nodes, for each partner."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from swingby.engine.nodes import EntriesNode
from swingby.engine.plan import Draft
from swingby.engine.steps.columns import fact_row
from swingby.engine.steps.credited import Crediting, columns_read, credited, route_of
from swingby.engine.steps.entry_batch import entered_kind, source_of

#: Whatever the rule's filter says and whatever was known: more days than are needed do no harm.
DAYS = "SELECT DISTINCT c.e, c.{day} AS day, {read} AS read FROM {facts} AS c"


def add_entry_days(draft: Draft) -> Mapping[int, str]:
    """Add for every earning that reads something on the days of its facts: (e, day, read); gives the relations."""
    found: dict[int, str] = {}
    for number, node in draft.graph.of(EntriesNode):
        if node.number is None and (node.needs or node.gate):
            found[number] = _add(draft, number, node)
    return found


def _add(draft: Draft, number: int, node: EntriesNode) -> str:
    source = source_of(node.earning)
    kind = entered_kind(draft, source)
    column = fact_row(draft.program, kind, "c", links=True)(node.earning.rates_at) if node.earning.rates_at else None
    on = exp.column(kind.day_columns[0], "c")
    read = on if column is None else exp.Coalesce(this=column, expressions=[on])
    what = Crediting(
        kind,
        route_of(draft, kind, source.credit),
        known="row",
        reads=tuple(columns_read([read])),
        days=tuple(draft.setting.fact_days(node.earning, read=False)),
    )
    return draft.query(f"entry_days_{number}", DAYS, day=kind.day_columns[0], read=read, facts=credited(draft, what))
