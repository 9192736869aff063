"""How the columns of a fact are written in SQL, and how rules share one CASE."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from swingby.engine.keys import joined
from swingby.engine.predicates import ColumnSource
from swingby.engine.sql import predicate
from swingby.program import Program
from swingby.program.kinds import REFERENCE_TABLES, FactKind

#: What a filter or a value calls the row that a fact refers to, and its reference table.
REFERENCES: Mapping[str, str] = {
    "organization": "organizations",
    "person": "people",
    "customer": "customers",
    "product": "products",
    "office": "offices",
}
LINKS: Mapping[str, str] = {"employment": "employments", "association": "associations", "deal_party": "deal_parties"}
#: Between the two parts of ``customer.market`` in a column's name.
DOT = "__"


def fact_row(
    program: Program, kind: FactKind, alias: str, *, links: bool = False, own_currency: bool = False
) -> ColumnSource:
    """The columns of a fact of some kind under a table alias; amounts in the program's currency.

    An amount of another currency without a rate on or before the fact's day is NULL and counts nowhere; the row
    was noted when it was read. Columns of other tables (``customer.market``) are called ``customer__market``; those of
    the link that led to the partner (``association.kind``) are for filters only (``links``). A fact that is a link
    itself has them as its own: ``employment.office`` of an employment is its ``office``.
    """
    types = {column.name: column.type for column in kind.all_columns}
    currency = program.header.currency
    declared = program.facts.get(kind.name)
    joint = dict(declared.joint) if declared else {}
    base = program.base_of(kind.name)

    def column(name: str) -> exp.Expr | None:
        head, _, inner = name.rpartition(".")
        if LINKS.get(head) == base:
            return column(inner)
        if name in joint:
            return joined([exp.cast(exp.column(part, alias), "TEXT") for part in joint[name]])
        if "." in name:
            return (
                exp.column(name.replace(".", DOT), alias, quoted=True)
                if _is_elsewhere(kind, name, links=links)
                else None
            )
        if name not in types:
            return None
        found = exp.column(name, alias)
        is_money = types[name] == "amount" and "currency" in types and not own_currency
        return converted(found, alias, currency) if is_money else found

    return column


def _is_elsewhere(kind: FactKind, name: str, *, links: bool) -> bool:
    """True for a column of the fact's link, of what it refers to, or of the enrolment."""
    head, column = name.split(".", 1)
    if head in LINKS:
        return links
    if head == "enrolment":
        return column in ("joined_on", "ended_on")
    known = {item.name for item in REFERENCE_TABLES[REFERENCES[head]]} if head in REFERENCES else set()
    if column in known and is_office_of_link(kind, head):
        return links
    return column in known and (head == "organization" or kind.column(head) is not None)


def is_office_of_link(kind: FactKind, head: str) -> bool:
    """True where a person's fact is read at the office of the employment that led to the partner."""
    return head == "office" and kind.owner == "person" and kind.column(head) is None


def converted(amount: exp.Expr, alias: str, currency: str) -> exp.Expr:
    """An amount at the rate of its day (the column ``rate`` of `credited`)."""
    return predicate(
        "CASE WHEN {own} IS NULL OR {own} = {home} THEN quantity({amount}) ELSE multiply({amount}, {rate}) END",
        own=exp.column("currency", alias),
        home=exp.Literal.string(currency),
        amount=amount,
        rate=exp.column("rate", alias),
    )
