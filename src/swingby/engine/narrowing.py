"""What makes a plan about a few partners quick on PostgreSQL: bound values in place of relations, and keys in place of joins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sqlglot import exp

from swingby.engine.compiling import Plan
from swingby.engine.plan import QueryStep, Step
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


def by_keys(step: Step) -> Step:
    """A step whose facts that are reached through links are looked up by the keys of these links."""
    if not isinstance(step, QueryStep):
        return step
    query = step.query.copy()
    for facts in list(query.find_all(exp.Select)):
        for link in _links(facts):
            facts.where(_linked_to(link), copy=False)
    return QueryStep(step.name, query)


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
