"""How the columns of a fact are written in SQL, and how rules share one CASE."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlglot import exp

from swingby.engine.predicates import ColumnSource
from swingby.engine.sql import predicate
from swingby.program.kinds import FactKind


def fact_row(kind: FactKind, alias: str, currency: str) -> ColumnSource:
    """The columns of a fact of some kind under a table alias; amounts in the program's currency.

    An amount of another currency without a rate on or before the fact's day is NULL and counts nowhere; the row
    was noted when it was read.
    """
    types = {column.name: column.type for column in kind.all_columns}

    def column(name: str) -> exp.Expr | None:
        if name not in types:
            return None
        found = exp.column(name, alias)
        return converted(found, alias, currency) if types[name] == "amount" and "currency" in types else found

    return column


def converted(amount: exp.Expr, alias: str, currency: str) -> exp.Expr:
    """An amount at the rate of its day (the column ``rate`` of `with_rates`)."""
    return predicate(
        "CASE WHEN {own} IS NULL OR {own} = {home} THEN quantity({amount}) ELSE multiply({amount}, {rate}) END",
        own=exp.column("currency", alias),
        home=exp.Literal.string(currency),
        amount=amount,
        rate=exp.column("rate", alias),
    )


def reads_rates(parts: Iterable[exp.Expr | str]) -> bool:
    """True when some expression needs the rate of the fact's day."""
    expressions = (part for part in parts if isinstance(part, exp.Expr))
    return any(column.name == "rate" for part in expressions for column in part.find_all(exp.Column))


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
