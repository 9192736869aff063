"""Whom a run is about, and which organizations count for whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from sqlglot import exp

from swingby.engine.plan import DataStep, QueryStep, Step, union_all
from swingby.engine.sql import Column, day, statement
from swingby.program.model import Header

#: Parent organizations are followed this far; a deeper tree is refused when facts are read.
TREE_DEPTH = 8
#: The relation of the enrolments that a run over chosen ones is about.
CHOSEN = "chosen"

SCOPE = """
SELECT ROW_NUMBER() OVER (ORDER BY by_bytes(n.enrolment)) AS e, n.enrolment, n.organization, n.joined_on, n.ended_on,
       COALESCE(n.joined_on, {effective}) AS since, o.country, o.region, o.parent
FROM ref_enrolments AS n
LEFT JOIN ref_organizations AS o ON o.organization = n.organization AND {same_owner}
WHERE (n.joined_on IS NULL OR n.joined_on <= :last_day) AND (n.ended_on IS NULL OR n.ended_on > :first_day)
  AND {chosen}
"""

OWN_REACH = "SELECT s.organization, s.e FROM scope AS s"

CHILDREN = """
SELECT o.organization, r.e
FROM ref_organizations AS o
JOIN {above} AS r ON r.organization = o.parent
WHERE {open} AND {same_owner}
"""

NOT_ENROLLED = "o.organization NOT IN (SELECT n.organization FROM ref_enrolments AS n WHERE {whose})"


#: The rate of a currency from its day until the next one is known.
RATES = """
SELECT r.currency, r.valued_on AS s, r.rate,
       COALESCE(LEAD(r.valued_on) OVER (PARTITION BY r.currency ORDER BY r.valued_on), CAST('9999-12-31' AS DATE)) AS t
FROM ref_exchange_rates AS r
WHERE {whose}
"""


def bulk_scope(header: Header, *, chosen: Sequence[str] | None) -> Iterator[Step]:
    """The steps for a run over all partners, or over chosen ones.

    Relations: ``scope`` (e, enrolment, organization, joined_on, ended_on, since, country, region, parent) and
    ``reach`` (organization, e): whose facts count for whom. ``since`` is the day of joining or, where it is not
    known, the program's first day.
    """
    if chosen is not None:
        yield DataStep(CHOSEN, (Column("enrolment", "text"),), chosen_rows(chosen))
    inside = "TRUE" if chosen is None else "n.enrolment IN (SELECT w.enrolment FROM chosen AS w)"
    condition = statement(inside)
    effective = day(header.effective)
    yield QueryStep("scope", statement(SCOPE, chosen=condition, same_owner=exp.true(), effective=effective))
    yield QueryStep("rates", statement(RATES, whose=exp.true()))
    yield from reach_steps("reach", header.roll_up, restricted=False)


def chosen_rows(chosen: Sequence[str]) -> tuple[tuple[str], ...]:
    """The rows of the relation `CHOSEN`."""
    return tuple((item,) for item in chosen)


def reach_steps(name: str, roll_up: str, *, restricted: bool) -> Iterator[Step]:
    """The steps for whose facts count for whom by one way of rolling up."""
    if roll_up == "own":
        yield QueryStep(name, statement(OWN_REACH))
        return
    same_owner = statement("o.owner_org = :owner_org" if restricted else "TRUE")
    whose = statement("n.owner_org = :owner_org" if restricted else "TRUE")
    open_ = statement(NOT_ENROLLED, whose=whose) if roll_up == "nearest" else exp.true()
    levels = [f"{name}_{level}" for level in range(TREE_DEPTH)]
    yield QueryStep(levels[0], statement(OWN_REACH))
    for above, level in pairwise(levels):
        yield QueryStep(level, statement(CHILDREN, above=above, open=open_, same_owner=same_owner))
    parts = [statement("SELECT organization, e FROM {level}", level=level) for level in levels]
    yield QueryStep(name, statement("SELECT DISTINCT organization, e FROM {parts} AS u", parts=union_all(parts)))


def bound_scope(header: Header) -> Iterator[Step]:
    """The steps for one partner's page: the enrolment and its organizations are bound values.

    The organizations are worked out before, so that the database finds their facts by index.
    """
    chosen = statement("n.enrolment = :enrolment AND n.owner_org = :owner_org")
    same_owner = statement("o.owner_org = :owner_org")
    yield QueryStep("scope", statement(SCOPE, chosen=chosen, same_owner=same_owner, effective=day(header.effective)))
    yield QueryStep("rates", statement(RATES, whose=statement("r.owner_org = :owner_org")))
    yield QueryStep("reach", statement("SELECT UNNEST(CAST(:organizations AS TEXT[])) AS organization, 1 AS e"))
