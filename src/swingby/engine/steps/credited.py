"""How facts reach partners: one relation per fact kind, with a row for every fact and partner."""

from __future__ import annotations

from sqlglot import exp

from swingby.engine.plan import Draft
from swingby.engine.sql import statement
from swingby.program.kinds import FACT_KINDS, OWNER_COLUMN, OWNER_LINK, Column, FactKind

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


RATED = """
SELECT f.*, x.rate
FROM {facts} AS f
LEFT JOIN rates AS x ON x.currency = f.currency AND f.{day} >= x.s AND f.{day} < x.t
"""

STORED = "SELECT f.*, {columns} FROM {table} AS f"


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
    facts = _stored(draft, kind)
    if not is_linked(kind):
        return statement(OWN, facts=facts, within=_within(draft, "f"))
    owner = OWNER_COLUMN[kind.owner]
    links = f"fact_{OWNER_LINK[kind.owner]}"
    return statement(LINKED, facts=facts, links=links, owner=owner, within=_within(draft, "l"))


def with_rates(facts: exp.Expr, kind: FactKind) -> exp.Expr:
    """Credited facts with the exchange rate of their day, for amounts of another currency."""
    return statement(RATED, facts=facts, day=kind.day_columns[0])


def _stored(draft: Draft, kind: FactKind) -> exp.Expr | str:
    """The table of a kind; in the application's database, columns that a program added are read out of JSON."""
    table = f"fact_{kind.name}"
    standard = FACT_KINDS.get(kind.name)
    kept = {column.name for column in standard.columns} if standard else {OWNER_COLUMN[kind.owner]}
    added = [column for column in kind.columns if column.name not in kept]
    if not draft.setting.restricted or not added:
        return table
    columns = [exp.alias_(_added(column), column.name, quoted=True) for column in added]
    return statement(STORED, columns=columns, table=table)


def _added(column: Column) -> exp.Expr:
    read = exp.Anonymous(
        this="jsonb_extract_path_text", expressions=[exp.column("attributes", "f"), exp.Literal.string(column.name)]
    )
    return exp.cast(read, _ADDED_TYPES[column.type])


_ADDED_TYPES = {"date": "DATE", "truth": "BOOLEAN", "number": "DECIMAL(24, 8)", "percent": "DECIMAL(24, 8)"} | {
    "amount": "DECIMAL(24, 8)",
    "word": "TEXT",
    "text": "TEXT",
    "id": "TEXT",
}


def _within(draft: Draft, row: str) -> exp.Expr:
    """For one partner's page the organizations are bound, so that an index finds their rows.

    The tables of the application hold the facts of several programs' owners, so the owner is bound too.
    """
    if not draft.setting.restricted:
        return exp.true()
    owners = [statement("{each}.owner_org = :owner_org", each=each) for each in dict.fromkeys(("f", row))]
    return exp.and_(statement("{row}.organization = ANY(:organizations)", row=row), *owners)
