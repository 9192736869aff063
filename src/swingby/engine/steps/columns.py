"""How the columns of a fact are written in SQL, and how rules share one CASE."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sqlglot import exp

from swingby.engine.predicates import ColumnSource
from swingby.engine.sql import predicate
from swingby.engine.steps.credited import DOT, LINKS, REFERENCES
from swingby.program.kinds import REFERENCE_TABLES, FactKind


def fact_row(kind: FactKind, alias: str, currency: str, *, links: bool = False) -> ColumnSource:
    """The columns of a fact of some kind under a table alias; amounts in the program's currency.

    An amount of another currency without a rate on or before the fact's day is NULL and counts nowhere; the row
    was noted when it was read. Columns of other tables (``customer.market``) are called ``customer__market``; those of
    the link that led to the partner (``association.kind``) are for filters only (``links``).
    """
    types = {column.name: column.type for column in kind.all_columns}

    def column(name: str) -> exp.Expr | None:
        if "." in name:
            return (
                exp.column(name.replace(".", DOT), alias, quoted=True)
                if _is_elsewhere(kind, name, links=links)
                else None
            )
        if name not in types:
            return None
        found = exp.column(name, alias)
        return converted(found, alias, currency) if types[name] == "amount" and "currency" in types else found

    return column


def _is_elsewhere(kind: FactKind, name: str, *, links: bool) -> bool:
    """True for a column of the fact's link, of what it refers to, or of the enrolment."""
    head, column = name.split(".", 1)
    if head in LINKS:
        return links
    if head == "enrolment":
        return column in ("joined_on", "ended_on")
    known = {item.name for item in REFERENCE_TABLES[REFERENCES[head]]} if head in REFERENCES else set()
    return column in known and (head == "organization" or kind.column(head) is not None)


def converted(amount: exp.Expr, alias: str, currency: str) -> exp.Expr:
    """An amount at the rate of its day (the column ``rate`` of `credited`)."""
    return predicate(
        "CASE WHEN {own} IS NULL OR {own} = {home} THEN quantity({amount}) ELSE multiply({amount}, {rate}) END",
        own=exp.column("currency", alias),
        home=exp.Literal.string(currency),
        amount=amount,
        rate=exp.column("rate", alias),
    )


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
