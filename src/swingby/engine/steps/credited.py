"""How facts reach partners: one relation per fact kind and route, with a row for every fact and partner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlglot import exp

from swingby.engine.building import not_computed
from swingby.engine.plan import Draft
from swingby.engine.scope import reach_steps
from swingby.engine.sql import Column as DataColumn
from swingby.engine.sql import statement
from swingby.program.kinds import FACT_KINDS, OWNER_COLUMN, OWNER_LINK, Column, FactKind
from swingby.program.numbers import Credit

OWN = """
SELECT f.*, c.e
FROM {facts} AS f
JOIN {reach} AS c ON c.organization = f.organization
WHERE f.position <= :known_at AND (f.reversed_position IS NULL OR f.reversed_position > :known_at) AND {within}
"""

LINKED = """
SELECT f.*, c.e, l.starts_on AS link_starts_on, l.ends_on AS link_ends_on, {columns}
FROM {facts} AS f
JOIN {links} AS l ON l.{matching} = f.{wanted}
JOIN {reach} AS c ON c.organization = l.organization
WHERE f.position <= :known_at AND (f.reversed_position IS NULL OR f.reversed_position > :known_at)
  AND l.position <= :known_at AND (l.reversed_position IS NULL OR l.reversed_position > :known_at) AND {within}
"""

#: Where one of several links takes the fact, or all share it: the links that hold on the day, in order of precedence.
CHOSEN = """
SELECT x.*, c.e
FROM (
  SELECT f.*, l.organization AS link_organization, l.starts_on AS link_starts_on, l.ends_on AS link_ends_on,
         l.share AS link_share, COUNT(*) OVER (PARTITION BY f.fact_id, f.link_day) AS link_count,
         COUNT(l.share) OVER (PARTITION BY f.fact_id, f.link_day) AS link_shares,
         RANK() OVER (PARTITION BY f.fact_id, f.link_day ORDER BY {precedence}) AS link_place, {columns}
  FROM {facts} AS f
  JOIN {links} AS l ON l.{matching} = f.{wanted} AND l.starts_on <= f.link_day
   AND (l.ends_on IS NULL OR l.ends_on > f.link_day)
  WHERE f.position <= :known_at AND (f.reversed_position IS NULL OR f.reversed_position > :known_at)
    AND l.position <= :known_at AND (l.reversed_position IS NULL OR l.reversed_position > :known_at) AND {among}
) AS x
JOIN {reach} AS c ON c.organization = x.link_organization
WHERE x.link_place = 1 AND {within}
"""

ON_ITS_DAY = "SELECT f.*, f.{day} AS link_day FROM {facts} AS f"
ON_EACH_DAY = "SELECT f.*, y.d AS link_day FROM {facts} AS f CROSS JOIN {days} AS y"

RATED = """
SELECT f.*, x.rate
FROM {facts} AS f
LEFT JOIN rates AS x ON x.currency = f.currency AND f.{day} >= x.s AND f.{day} < x.t
"""

REFERRED = """
SELECT f.*, {columns}
FROM {facts} AS f
JOIN scope AS s ON s.e = f.e
LEFT JOIN {table} AS x ON x.{key} = {value} AND {same_owner}
"""

OF_ENROLMENT = "SELECT f.*, {columns} FROM {facts} AS f JOIN scope AS s ON s.e = f.e"

STORED = "SELECT f.*, {columns} FROM {table} AS f"

#: What a filter or a value calls the row that a fact refers to, and its reference table.
REFERENCES: Mapping[str, str] = {
    "organization": "organizations",
    "person": "people",
    "customer": "customers",
    "product": "products",
}
LINKS: Mapping[str, str] = {"employment": "employments", "association": "associations", "deal_party": "deal_parties"}
#: Between the two parts of ``customer.market`` in a column's name.
DOT = "__"


@dataclass(frozen=True, slots=True, order=True)
class Route:
    """How facts of one kind reach partners.

    ``link`` is the kind of the links they go through ("" for facts of an organization), ``day`` on which a link
    must hold, ``several`` which of several links take the fact.
    """

    reach: str
    link: str = ""
    matching: str = ""
    wanted: str = ""
    day: Literal["fact", "as_of"] = "as_of"
    several: tuple[str, ...] = ("all",)

    @property
    def is_split(self) -> bool:
        """True when several links share the fact."""
        return self.several == ("split",)


def route_of(draft: Draft, kind: FactKind, credit: Credit | None) -> Route:
    """The route that a rule's credit gives to facts of a kind."""
    if credit is not None and credit.anyone:
        not_computed("credit: any", credit)
    reach = _reach(draft, credit)
    owner = OWNER_COLUMN[kind.owner]
    link = (credit.through if credit else None) or OWNER_LINK.get(kind.owner, "")
    if not link:
        return Route(reach)
    if base_kind(draft, link).name != link:
        not_computed("credit through a subset", credit or draft.program)
    at = credit.at if credit else None
    several = credit.several if credit else "all"
    matching = (credit.matching if credit else None) or owner
    return Route(
        reach=reach,
        link=link,
        matching=matching,
        wanted=matching if kind.column(matching) else owner,
        day=at or ("fact" if kind.shape == "event" else "as_of"),
        several=(several,) if isinstance(several, str) else several,
    )


def _reach(draft: Draft, credit: Credit | None) -> str:
    """The relation that says whose facts count for whom; made when the first rule needs it."""
    mode = credit.roll_up if credit else None
    if mode is None or mode == draft.program.header.roll_up:
        return "reach"
    name = f"reach_{mode}"
    if all(step.name != name for step in draft.steps):
        draft.steps.extend(reach_steps(name, mode, restricted=draft.setting.restricted))
    return name


def base_kind(draft: Draft, name: str) -> FactKind:
    """The kind whose table holds the facts; a subset stands in the table of its base."""
    declared = draft.program.facts.get(name)
    if declared is not None and declared.subset_of:
        return base_kind(draft, declared.subset_of)
    return draft.program.kinds[name]


def credited(
    draft: Draft, kind: FactKind, route: Route, reads: Sequence[str] = (), days: Iterable[date] = ()
) -> exp.Expr:
    """The credited facts of a kind, to stand after FROM; not kept, so that only the columns in use are read.

    Columns: those of the fact, ``e`` (the partner's number in this run), for linked kinds ``link_starts_on`` and
    ``link_ends_on``, and what ``reads`` names of other tables (``customer__market``) or the rate (``rate``).
    ``days`` are the as-of days, for a choice among links that depends on them.
    """
    facts = _at_partners(draft, kind, route, [name for name in reads if name.split(DOT)[0] in LINKS], days)
    for head in dict.fromkeys(name.split(DOT)[0] for name in reads if DOT in name):
        if head not in LINKS:
            facts = _referred(draft, kind, facts, head, [name for name in reads if name.startswith(head + DOT)])
    return statement(RATED, facts=facts, day=kind.day_columns[0]) if "rate" in reads else facts


def _at_partners(
    draft: Draft, kind: FactKind, route: Route, link_columns: Sequence[str], days: Iterable[date]
) -> exp.Expr:
    facts = _stored(draft, kind)
    if not route.link:
        return statement(OWN, facts=facts, reach=route.reach, within=_within(draft, route, ("f",)))
    links = draft.program.kinds[route.link]
    parts: dict[str, exp.Expr | str | Sequence[exp.Expr]] = {
        "facts": facts,
        "links": f"fact_{route.link}",
        "matching": route.matching,
        "wanted": route.wanted,
        "reach": route.reach,
        "columns": [_link_column(links, name) for name in link_columns],
    }
    if route.several == ("all",):
        return statement(LINKED, within=_within(draft, route, ("f", "l")), **parts)
    if route.is_split and link_columns:
        not_computed("a filter on links that share a fact", draft.program)
    precedence, among = _precedence(route)
    within = _within(draft, route, ("x",))
    parts["facts"] = _on_days(draft, kind, route, facts, days)
    return statement(CHOSEN, precedence=precedence, among=among, within=within, **parts)


def _on_days(draft: Draft, kind: FactKind, route: Route, facts: exp.Expr | str, days: Iterable[date]) -> exp.Expr:
    """The facts with the day on which their links are looked at."""
    if route.day == "fact":
        return statement(ON_ITS_DAY, facts=facts, day=kind.day_columns[0])
    name = draft.data(f"link_days_{len(draft.steps)}", (DataColumn("d", "day"),), ((day,) for day in days))
    return statement(ON_EACH_DAY, facts=facts, days=name)


def _precedence(route: Route) -> tuple[Sequence[exp.Expr], exp.Expr]:
    """In which order several links come, and which are among them at all."""
    if route.is_split:
        return [statement("f.link_day")], exp.true()
    if route.several == ("earliest",):
        return [statement("l.starts_on"), statement("by_bytes(l.fact_id)")], exp.true()
    if route.several == ("latest",):
        return [
            statement("days_between(l.starts_on, CAST('9999-12-31' AS DATE))"),
            statement("by_bytes(l.fact_id)"),
        ], exp.true()
    case = exp.Case()
    for place, word in enumerate(route.several):
        case = case.when(exp.column("kind", "l").eq(word), exp.Literal.number(place))
    return [case], exp.column("kind", "l").isin(*route.several)


def _link_column(links: FactKind, name: str) -> exp.Expr:
    """A column of the link, empty where the link is of another kind."""
    head, column = name.split(DOT)
    found = LINKS[head] == links.name and links.column(column) is not None
    value = exp.column(column, "l") if found else exp.cast(exp.null(), "TEXT")
    return exp.alias_(value, name, quoted=True)


def _referred(draft: Draft, kind: FactKind, facts: exp.Expr, head: str, names: Sequence[str]) -> exp.Expr:
    table = "s" if head == "enrolment" else "x"
    columns = [exp.alias_(exp.column(name.split(DOT)[1], table), name, quoted=True) for name in names]
    if head == "enrolment":
        return statement(OF_ENROLMENT, facts=facts, columns=columns)
    value = exp.column(head, "f") if kind.column(head) else statement("s.organization")
    if head == "organization" and kind.column(head):
        value = statement("COALESCE(f.organization, s.organization)")
    same_owner = statement("x.owner_org = :owner_org" if draft.setting.restricted else "TRUE")
    return statement(
        REFERRED,
        facts=facts,
        columns=columns,
        table=f"ref_{REFERENCES[head]}",
        key=head,
        value=value,
        same_owner=same_owner,
    )


def columns_read(parts: Iterable[object]) -> list[str]:
    """What expressions read beside the fact's own columns: the rate of its day and columns of other tables."""
    names = {column.name for part in _expressions(parts) for column in part.find_all(exp.Column)}
    return sorted(name for name in names if name == "rate" or DOT in name)


def _expressions(parts: Iterable[object]) -> Iterable[exp.Expr]:
    for part in parts:
        if isinstance(part, exp.Expr):
            yield part
        elif isinstance(part, list | tuple):
            yield from _expressions(part)


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


def _within(draft: Draft, route: Route, rows: Sequence[str]) -> exp.Expr:
    """For one partner's page the organizations are bound, so that an index finds their rows.

    The tables of the application hold the facts of several programs' owners, so the owner is bound too. A rule's
    own way of rolling up may reach further than the bound organizations, and is then left to its own relation.
    """
    if not draft.setting.restricted:
        return exp.true()
    owners = [statement("{each}.owner_org = :owner_org", each=each) for each in rows]
    if route.reach != "reach":
        return exp.and_(*owners)
    place = exp.column("link_organization", "x") if rows == ("x",) else exp.column("organization", rows[-1])
    return exp.and_(statement("{place} = ANY(:organizations)", place=place), *owners)
