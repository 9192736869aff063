"""Whom a run is about, and which organizations count for whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlglot import exp

from swingby.engine.plan import DataStep, QueryStep, Step, union_all
from swingby.engine.sql import Column, statement

#: Parent organizations are followed this far; a deeper tree is refused when facts are read.
TREE_DEPTH = 8

SCOPE = """
SELECT ROW_NUMBER() OVER (ORDER BY by_bytes(n.enrolment)) AS e, n.enrolment, n.organization, n.joined_on, n.ended_on,
       o.country, o.region
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
WHERE {open}
"""

NOT_ENROLLED = "o.organization NOT IN (SELECT n.organization FROM ref_enrolments AS n)"


#: The rate of a currency from its day until the next one is known.
RATES = """
SELECT r.currency, r.valued_on AS s, r.rate,
       COALESCE(LEAD(r.valued_on) OVER (PARTITION BY r.currency ORDER BY r.valued_on), CAST('9999-12-31' AS DATE)) AS t
FROM ref_exchange_rates AS r
WHERE {whose}
"""


def bulk_scope(roll_up: str, *, chosen: Sequence[str] | None) -> Iterator[Step]:
    """The steps for a run over all partners, or over chosen ones.

    Relations: ``scope`` (e, enrolment, organization, joined_on, ended_on, country, region) and ``reach``
    (organization, e): whose facts count for whom.
    """
    if chosen is not None:
        yield DataStep("chosen", (Column("enrolment", "text"),), tuple((item,) for item in chosen))
    inside = "TRUE" if chosen is None else "n.enrolment IN (SELECT w.enrolment FROM chosen AS w)"
    condition = statement(inside)
    yield QueryStep("scope", statement(SCOPE, chosen=condition, same_owner=exp.true()))
    yield QueryStep("rates", statement(RATES, whose=exp.true()))
    if roll_up == "own":
        yield QueryStep("reach", statement(OWN_REACH))
        return
    open_ = statement(NOT_ENROLLED if roll_up == "nearest" else "TRUE")
    yield QueryStep("reach_0", statement(OWN_REACH))
    for level in range(1, TREE_DEPTH):
        yield QueryStep(f"reach_{level}", statement(CHILDREN, above=f"reach_{level - 1}", open=open_))
    parts = [statement("SELECT organization, e FROM {level}", level=f"reach_{level}") for level in range(TREE_DEPTH)]
    yield QueryStep("reach", statement("SELECT DISTINCT organization, e FROM {parts} AS u", parts=union_all(parts)))


def bound_scope() -> Iterator[Step]:
    """The steps for one partner's page: the enrolment and its organizations are bound values.

    The organizations are worked out before, so that the database finds their facts by index.
    """
    chosen = statement("n.enrolment = :enrolment AND n.owner_org = :owner_org")
    same_owner = statement("o.owner_org = :owner_org")
    yield QueryStep("scope", statement(SCOPE, chosen=chosen, same_owner=same_owner))
    yield QueryStep("rates", statement(RATES, whose=statement("r.owner_org = :owner_org")))
    yield QueryStep("reach", statement("SELECT UNNEST(CAST(:organizations AS TEXT[])) AS organization, 1 AS e"))
