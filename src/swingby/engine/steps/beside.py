"""What values read beside a row: tracks, the tier held and other numbers, joined to the row by partner and day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from sqlglot import exp

from swingby.engine.keys import narrowed
from swingby.engine.nodes import WORDS, Input, Needs
from swingby.engine.plan import Draft
from swingby.engine.sql import statement

#: One thing that values read, beside the rows of a relation.
NEED = """
SELECT f.*, {value} AS {name}
FROM {rows} AS f
LEFT JOIN {results} AS x ON x.node = {node} AND x.e = f.e AND x.d = {day} AND {key}
"""
NUMBER_VALUE = "CASE WHEN x.state = 0 THEN x.value END"


def need_name(item: Input) -> str:
    """What the column is called that holds a need."""
    return f"need_{item.node}"


def need_source(needs: Iterable[Needs], alias: str) -> Callable[[object], exp.Expr | None]:
    """How the needs of some rules are written under a table alias."""
    known = {key: item for listed in needs for key, item in listed}

    def find(key: object) -> exp.Expr | None:
        return exp.column(need_name(known[key]), alias) if key in known else None

    return find


def with_needs(
    draft: Draft,
    rows: exp.Expr | str,
    needs: Mapping[int, Needs],
    *,
    day: exp.Expr,
    rule: str = "node",
    dims: tuple[str, ...] = (),
) -> exp.Expr | str:
    """The rows of a relation (with e and the rule) and beside them what the rules' values read on a day (of ``f``)."""
    found = rows
    for item, numbers in _by_input(needs).items():
        inputs = [draft.input_of(number, item) for number in numbers]
        is_word = isinstance(draft.graph[item.node], WORDS)
        inner = draft.graph.dims_of(item.node)
        key = exp.EQ(this=exp.column("k", "x"), expression=narrowed(exp.column("k", "f"), dims, inner))
        found = statement(
            NEED,
            rows=found,
            value=exp.column("word", "x") if is_word else statement(NUMBER_VALUE),
            name=need_name(item),
            results=draft.results_of(inputs, "node, e, d, word" if is_word else "node, e, d, value, state", keyed=True),
            node=_lensed(draft, item, rule),
            day=day,
            key=key if inner else exp.true(),
        )
    return found


def _by_input(needs: Mapping[int, Needs]) -> Mapping[Input, Sequence[int]]:
    found: dict[Input, list[int]] = {}
    for number, listed in needs.items():
        for _, item in listed:
            found.setdefault(item, []).append(number)
    return found


def _lensed(draft: Draft, item: Input, rule: str) -> exp.Expr:
    """The number of a need, under the lens of the row's rule."""
    node = exp.Literal.number(item.node)
    if len(draft.demand.lenses) == 1:
        return node
    text = "{node} + f.{rule} - f.{rule} % {size}"
    return statement(text, node=node, rule=rule, size=exp.Literal.number(draft.demand.size))
