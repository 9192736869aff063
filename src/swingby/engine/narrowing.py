"""What makes a plan about a few partners quick on PostgreSQL: bound values in place of relations, and keys in place of joins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from sqlglot import exp

from swingby.engine.compiling import Plan
from swingby.engine.plan import DataStep, QueryStep, Step
from swingby.engine.scope import SCOPE
from swingby.engine.sql import day, statement

#: Whose facts count for whom, from two lists side by side.
REACH_OF_MANY = """
SELECT r.organization, s.e
FROM (SELECT UNNEST(CAST(:organizations AS TEXT[])) AS organization, UNNEST(CAST(:reaching AS TEXT[])) AS enrolment) AS r
JOIN scope AS s ON s.enrolment = r.enrolment
"""
#: What the bound organizations are linked to: an index finds the facts of a list, and no join has to be planned.
LINKED_TO = """
{wanted} = ANY(ARRAY(
    SELECT k.{matching} FROM {links} AS k WHERE k.organization = ANY(:organizations) AND k.owner_org = :owner_org
))
"""
#: The organizations of the scope alone; without a nested loop the join would read those of everybody.
OF_THE_SCOPE = "o.organization = ANY(ARRAY(SELECT n.organization FROM ref_enrolments AS n WHERE {whose}))"


def for_many(plan: Plan) -> Plan:
    """The same plan with several enrolments, and the organizations of each, as bound values."""
    scope = statement(
        SCOPE,
        chosen=statement("n.enrolment = ANY(:enrolments) AND n.owner_org = :owner_org"),
        same_owner=statement("o.owner_org = :owner_org"),
        effective=day(plan.program.header.effective),
    )
    bound = {"scope": scope, "reach": statement(REACH_OF_MANY)}
    steps = (QueryStep(step.name, bound[step.name]) if step.name in bound else step for step in plan.steps)
    return replace(plan, steps=tuple(steps))


def by_keys(step: Step, written: Mapping[str, DataStep]) -> Step:
    """A step that looks up by keys what it would otherwise find by joining: an index knows no better way.

    Facts that are reached through links are found by the keys of these links, facts that rules ask for by the words
    that the rules name, and organizations by those of the scope.

    Parameters
    ----------
    written
        The relations of the plan whose rows are part of the statement, by name.
    """
    if not isinstance(step, QueryStep):
        return step
    query = step.query.copy()
    for facts in list(query.find_all(exp.Select)):
        for condition in (*map(_linked_to, _links(facts)), *_named(facts, written)):
            facts.where(condition, copy=False)
    if step.name == "scope":
        _keep_to_scope(query)
    return QueryStep(step.name, query)


def _keep_to_scope(scope: exp.Expr) -> None:
    for join in scope.args.get("joins") or ():
        if isinstance(join.this, exp.Table) and join.this.alias == "o":
            join.on(statement(OF_THE_SCOPE, whose=scope.args["where"].this.copy()), copy=False)


def _named(facts: exp.Select, written: Mapping[str, DataStep]) -> Iterator[exp.Expr]:
    """That a column of the facts has one of the values with which the query around them joins it."""
    around = facts.parent
    reading = around.parent.parent if isinstance(around, exp.Subquery) and isinstance(around.parent, exp.From) else None
    if not (_is_whole(facts) and isinstance(around, exp.Subquery) and isinstance(reading, exp.Select)):
        return
    for join in reading.args.get("joins") or ():
        if not join.side and isinstance(join.this, exp.Table) and join.this.name in written:
            yield from _values_of(join, written[join.this.name], facts=around.alias)


def _is_whole(facts: exp.Select) -> bool:
    """Whether it is a table of facts with all its columns, joined with whom they count for."""
    source = facts.args.get("from_")
    is_table = isinstance(source, exp.From) and isinstance(source.this, exp.Table) and source.this.alias == "f"
    first = facts.expressions[0] if facts.expressions else None
    return is_table and isinstance(first, exp.Column) and isinstance(first.this, exp.Star) and first.table == "f"


def _values_of(join: exp.Join, step: DataStep, *, facts: str) -> Iterator[exp.Expr]:
    names = [column.name for column in step.columns]
    for equation in _parts(join.args.get("on")):
        if not isinstance(equation, exp.EQ):
            continue
        sides = {side.table: side for side in (equation.left, equation.right) if isinstance(side, exp.Column)}
        if set(sides) == {facts, join.this.alias} and sides[join.this.alias].name in names:
            place = names.index(sides[join.this.alias].name)
            found = sorted({str(row[place]) for row in step.rows if row[place] is not None})
            if step.columns[place].kind == "text" and found:
                yield exp.column(sides[facts].name, table="f", quoted=True).isin(*found)


def _parts(condition: exp.Expr | None) -> Iterator[exp.Expr]:
    """What all has to hold."""
    if isinstance(condition, exp.Paren):
        yield from _parts(condition.this)
    elif isinstance(condition, exp.And):
        yield from _parts(condition.left)
        yield from _parts(condition.right)
    elif condition is not None:
        yield condition


def _links(facts: exp.Select) -> Iterator[exp.Join]:
    """The joins of facts with the links that lead to the bound organizations, not to those of another way of rolling up."""
    if _alias(facts.args.get("from_")) != "f" or not _is_bound(facts):
        return
    for join in facts.args.get("joins") or ():
        if isinstance(join.this, exp.Table) and join.this.alias == "l" and join.this.name.startswith("fact_"):
            yield join


def _is_bound(facts: exp.Select) -> bool:
    """Whether it, or the query around it that takes one of several links, ends at the bound organizations."""
    around = facts.parent.parent if isinstance(facts.parent, exp.Subquery) else None
    chosen = isinstance(around, exp.From) and around.this.alias == "x"
    reading = around.parent if chosen and around else facts
    joins = reading.args.get("joins") or () if isinstance(reading, exp.Select) else ()
    return any(isinstance(join.this, exp.Table) and join.this.name == "reach" for join in joins)


def _alias(source: exp.Expr | None) -> str:
    return source.this.alias if isinstance(source, exp.From) else ""


def _linked_to(link: exp.Join) -> exp.Expr:
    """By the first equation between a column of the link and one of the fact."""
    for equation in link.args["on"].find_all(exp.EQ):
        sides = {side.table: side for side in (equation.left, equation.right) if isinstance(side, exp.Column)}
        if set(sides) == {"l", "f"}:
            wanted, matching = sides["f"].copy(), sides["l"].name
            return statement(LINKED_TO, wanted=wanted, matching=matching, links=link.this.name)
    raise ValueError(f"no equation joins {link.sql()}")
