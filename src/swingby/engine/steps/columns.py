"""How the columns of a fact are written in SQL, and how rules share one CASE."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sqlglot import exp

from swingby.engine.predicates import ColumnSource
from swingby.program.kinds import FactKind


def fact_row(kind: FactKind, alias: str) -> ColumnSource:
    """The columns of a fact of some kind under a table alias."""
    names = {column.name for column in kind.all_columns}

    def column(name: str) -> exp.Expr | None:
        return exp.column(name, alias) if name in names else None

    return column


def by_node(expressions: Mapping[int, exp.Expr]) -> exp.Expr:
    """One expression for all rules: itself when they agree, else a CASE on the rule (``p.node``)."""
    rules: Mapping[exp.Expr, list[int]] = defaultdict(list)
    for number, expression in expressions.items():
        rules[expression].append(number)
    if len(rules) == 1:
        return next(iter(rules))
    case = exp.Case()
    for expression, numbers in rules.items():
        case = case.when(exp.column("node", "p").isin(*numbers), expression)
    return case
