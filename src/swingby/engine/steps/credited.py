"""How facts reach partners: one relation per fact kind, with a row for every fact and partner."""

from __future__ import annotations

from sqlglot import exp

from swingby.engine.plan import Draft
from swingby.engine.sql import statement
from swingby.program.kinds import OWNER_COLUMN, OWNER_LINK, FactKind

OWN = """
SELECT f.*, c.e
FROM {facts} AS f
JOIN reach AS c ON c.organization = f.organization
WHERE f.position <= :known_at AND (f.reversed_position IS NULL OR f.reversed_position > :known_at) AND {within}
"""

LINKED = """
SELECT f.*, c.e, l.starts_on AS link_starts_on, l.ends_on AS link_ends_on
FROM {facts} AS f
JOIN {links} AS l ON l.{owner} = f.{owner}
JOIN reach AS c ON c.organization = l.organization
WHERE f.position <= :known_at AND (f.reversed_position IS NULL OR f.reversed_position > :known_at)
  AND l.position <= :known_at AND (l.reversed_position IS NULL OR l.reversed_position > :known_at) AND {within}
"""


def base_kind(draft: Draft, name: str) -> FactKind:
    """The kind whose table holds the facts; a subset stands in the table of its base."""
    declared = draft.program.facts.get(name)
    if declared is not None and declared.subset_of:
        return base_kind(draft, declared.subset_of)
    return draft.program.kinds[name]


def is_linked(kind: FactKind) -> bool:
    """True when facts of the kind reach a partner through a link, perhaps through several."""
    return kind.owner in OWNER_LINK


def credited(draft: Draft, kind: FactKind) -> exp.Expr:
    """The credited facts of a kind, to stand after FROM; not kept, so that only the columns in use are read.

    Columns: those of the fact, ``e`` (the partner's number in this run) and, for linked kinds,
    ``link_starts_on`` and ``link_ends_on``.
    """
    facts = f"fact_{kind.name}"
    if not is_linked(kind):
        return statement(OWN, facts=facts, within=_within(draft, "f"))
    owner = OWNER_COLUMN[kind.owner]
    links = f"fact_{OWNER_LINK[kind.owner]}"
    return statement(LINKED, facts=facts, links=links, owner=owner, within=_within(draft, "l"))


def _within(draft: Draft, row: str) -> exp.Expr:
    """For one partner's page the organizations are bound, so that an index finds their rows.

    The tables of the application hold the facts of several programs' owners, so the owner is bound too.
    """
    if not draft.setting.restricted:
        return exp.true()
    owners = [statement("{each}.owner_org = :owner_org", each=each) for each in dict.fromkeys(("f", row))]
    return exp.and_(statement("{row}.organization = ANY(:organizations)", row=row), *owners)
