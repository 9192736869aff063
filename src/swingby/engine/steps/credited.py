"""How facts reach partners: one relation per fact kind and route, with a row for every fact and partner."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlglot import exp

from swingby.engine.coverage import base_kind
from swingby.engine.place import not_computed
from swingby.engine.plan import Draft
from swingby.engine.scope import reach_steps
from swingby.engine.sql import Column as DataColumn
from swingby.engine.sql import bound, predicate, statement, whole
from swingby.engine.steps.columns import DOT, LINKS, REFERENCES, is_office_of_link
from swingby.engine.steps.stored import RATED, chosen_before, known_sql, stored_facts
from swingby.engine.steps.turned import money_day
from swingby.program.kinds import OWNER_COLUMN, OWNER_LINK, FactKind, word_of
from swingby.program.numbers import Credit

OWN = """
SELECT f.*, c.e
FROM {facts} AS f
JOIN {reach} AS c ON c.organization = f.organization
WHERE {known} AND {within}
"""

LINKED = """
SELECT f.*, c.e, l.starts_on AS link_starts_on, l.ends_on AS link_ends_on, {columns}
FROM {facts} AS f
JOIN {links} AS l ON l.{matching} = f.{wanted}
JOIN {reach} AS c ON c.organization = l.organization
WHERE {known} AND {within}
"""

#: Where one of several links takes the fact, or all share it: the links that hold on the day, in order of precedence.
CHOSEN = """
SELECT x.*, c.e
FROM (
  SELECT f.*, l.organization AS link_organization, l.starts_on AS link_starts_on, l.ends_on AS link_ends_on,
         {share} AS link_share, COUNT(*) OVER (PARTITION BY f.fact_id, f.link_day) AS link_count,
         COUNT({share}) OVER (PARTITION BY f.fact_id, f.link_day) AS link_shares,
         RANK() OVER (PARTITION BY f.fact_id, f.link_day ORDER BY {precedence}) AS link_place, {columns}
  FROM {facts} AS f
  JOIN {links} AS l ON l.{matching} = f.{wanted} AND l.starts_on <= f.link_day
   AND (l.ends_on IS NULL OR l.ends_on > f.link_day)
  WHERE {known} AND {among}
) AS x
JOIN {reach} AS c ON c.organization = x.link_organization
WHERE x.link_place = 1 AND {within}
"""

#: Everybody's facts, whoever they reach.
ANYONES = "SELECT f.* FROM {facts} AS f WHERE {known} AND {within}"

ON_ITS_DAY = "SELECT f.*, f.{day} AS link_day FROM {facts} AS f"
ON_EACH_DAY = "SELECT f.*, y.d AS link_day FROM {facts} AS f CROSS JOIN {days} AS y"

REFERRED = """
SELECT f.*, {columns}
FROM {facts} AS f
JOIN scope AS s ON s.e = f.e
LEFT JOIN {table} AS x ON x.{key} = {value} AND {same_owner}
"""
#: Everybody's facts have no partner whose organization could stand in for theirs.
REFERRED_BY_ANYONE = """
SELECT f.*, {columns}
FROM {facts} AS f
LEFT JOIN {table} AS x ON x.{key} = {value} AND {same_owner}
"""

#: The office of the employment that led to the partner, as a column of a fact.
OFFICE_OF_LINK = f"employment{DOT}office"
OF_ENROLMENT = "SELECT f.*, {columns} FROM {facts} AS f JOIN scope AS s ON s.e = f.e"


@dataclass(frozen=True, slots=True, order=True)
class Route:
    """How facts of one kind reach partners.

    ``link`` is the kind of the links they go through ("" for facts of an organization), ``day`` on which a link
    must hold, ``several`` which of several links take the fact, and ``word`` the column of the link that it names.
    """

    reach: str
    link: str = ""
    matching: str = ""
    wanted: str = ""
    day: Literal["fact", "as_of"] = "as_of"
    several: tuple[str, ...] = ("all",)
    word: str = "kind"

    @property
    def is_split(self) -> bool:
        """True when several links share the fact."""
        return self.several == ("split",)


def route_of(draft: Draft, kind: FactKind, credit: Credit | None) -> Route:
    """The route that a rule's credit gives to facts of a kind."""
    reach = _reach(draft, credit)
    owner = OWNER_COLUMN[kind.owner]
    link = (credit.through if credit else None) or OWNER_LINK.get(kind.owner, "")
    if not link or is_own_link(kind, credit):
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
        word=word_of(draft.program.kinds[link]) or "kind",
    )


def is_own_link(kind: FactKind, credit: Credit | None) -> bool:
    """True for links credited through their own kind: each leads to its organization, and to no other."""
    return credit is not None and credit.through == kind.name and credit.matching is None


def _reach(draft: Draft, credit: Credit | None) -> str:
    """The relation that says whose facts count for whom; made when the first rule needs it."""
    mode = credit.roll_up if credit else None
    if mode is None or mode == draft.program.header.roll_up:
        return "reach"
    name = f"reach_{mode}"
    if all(step.name != name for step in draft.steps):
        draft.steps.extend(reach_steps(name, mode, restricted=draft.setting.restricted))
    return name


#: The route of everybody's facts, whoever they reach.
ANYONE = Route("")


@dataclass(frozen=True, slots=True)
class Crediting:
    """Which facts are credited, and how.

    Attributes
    ----------
    subset
        The subset that picks over all partners before, or "".
    known
        A position; None for the asked one; ``row`` where each rule says itself what is known (see `known_to`).
    reads
        What is read of other tables (``customer__market``) or the rate (``rate``).
    days
        The as-of days, for a choice among links or facts that depends on them.
    cancelled
        True to let a subset pick facts that were cancelled.
    """

    kind: FactKind
    route: Route
    subset: str = ""
    known: int | Literal["row"] | None = None
    reads: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    cancelled: bool = False


def known_to(rule: str, fact: str, *, linked: bool) -> exp.Expr:
    """That a credited fact, and the link that led to it, are known to a rule that says what is known to it."""
    known = predicate("COALESCE({known}, :known_at)", known=exp.column("known", rule))
    found = [known_sql(fact, known)]
    if linked:
        text = "{at} <= {known} AND ({gone} IS NULL OR {gone} > {known})"
        link = {"at": exp.column("link_position", fact), "gone": exp.column("link_reversed_position", fact)}
        found.append(predicate(text, known=known, **link))
    return exp.and_(*found)


#: From so many days on, rows that are in the order of partners are gathered faster by more than the ordering costs.
MANY_DAYS = 8
ORDERED = "SELECT f.* FROM {facts} AS f ORDER BY f.e"


def credited(draft: Draft, what: Crediting) -> exp.Expr:
    """The credited facts of a kind, to stand after FROM; not kept, so that only the columns in use are read.

    Columns: those of the fact, ``e`` (the partner's number in this run), for linked kinds ``link_starts_on`` and
    ``link_ends_on``, and what is read of other tables.
    """
    kind, reads = what.kind, what.reads
    of_links = [name for name in reads if name.split(DOT)[0] in LINKS]
    if any(is_office_of_link(kind, name.split(DOT)[0]) for name in reads):
        of_links = sorted({*of_links, OFFICE_OF_LINK})
    facts = _at_partners(draft, what, of_links)
    for head in dict.fromkeys(name.split(DOT)[0] for name in reads if DOT in name):
        if head not in LINKS:
            names = [name for name in reads if name.startswith(head + DOT)]
            facts = _referred(draft, what, facts, head, names)
    is_rated = "rate" not in reads or what.subset
    found = facts if is_rated else statement(RATED, facts=facts, day=money_day(kind))
    return statement(ORDERED, facts=found) if is_in_order(draft, what) else found


def is_in_order(draft: Draft, what: Crediting) -> bool:
    """Whether the facts come partner by partner: in runs over everybody as of many days."""
    return draft.setting.in_bulk and bool(what.route.reach) and len(what.days) >= MANY_DAYS


def _known(what: Crediting, alias: str) -> exp.Expr:
    if what.known == "row":
        return exp.true()
    return known_sql(alias, whole(what.known) if isinstance(what.known, int) else bound("known_at", "whole"))


def _at_partners(draft: Draft, what: Crediting, link_columns: Sequence[str]) -> exp.Expr:
    kind, route = what.kind, what.route
    if what.subset:
        facts: exp.Expr | str = chosen_before(
            draft, kind, what.subset, known=_known(what, "f"), days=what.days, cancelled=what.cancelled
        )
    else:
        facts = stored_facts(draft, kind)
    if not route.link and link_columns and is_office_of_link(kind, "office"):
        not_computed("office.… of facts that reach nobody through employments", draft.program)
    if not route.reach:
        return statement(ANYONES, facts=facts, known=_known(what, "f"), within=_within(draft, route, ("f",)))
    if not route.link:
        within = _within(draft, route, ("f",))
        return statement(OWN, facts=facts, reach=route.reach, known=_known(what, "f"), within=within)
    links = draft.program.kinds[route.link]
    columns = [_link_column(links, name) for name in link_columns]
    if what.known == "row":
        columns += [
            statement("l.position AS link_position"),
            statement("l.reversed_position AS link_reversed_position"),
        ]
    parts: dict[str, exp.Expr | str | Sequence[exp.Expr]] = {
        "facts": facts,
        "links": f"fact_{route.link}",
        "matching": route.matching,
        "wanted": route.wanted,
        "reach": route.reach,
        "known": exp.and_(_known(what, "f"), _known(what, "l")),
        "columns": columns,
    }
    if route.several == ("all",):
        return statement(LINKED, within=_within(draft, route, ("f", "l")), **parts)
    precedence, among = _precedence(route)
    within = _within(draft, route, ("x",))
    parts["facts"] = _on_days(draft, kind, route, facts, what.days)
    found = links.column("share")
    share = (
        exp.column("share", "l") if found and found.type == "percent" else statement("CAST(NULL AS DECIMAL(38, 12))")
    )
    return statement(CHOSEN, precedence=precedence, among=among, within=within, share=share, **parts)


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
        case = case.when(exp.column(route.word, "l").eq(word), exp.Literal.number(place))
    return [case], exp.column(route.word, "l").isin(*route.several)


def _link_column(links: FactKind, name: str) -> exp.Expr:
    """A column of the link, empty where the link is of another kind."""
    head, column = name.split(DOT)
    found = LINKS[head] == links.name and links.column(column) is not None
    value = exp.column(column, "l") if found else exp.cast(exp.null(), "TEXT")
    return exp.alias_(value, name, quoted=True)


def _referred(draft: Draft, what: Crediting, facts: exp.Expr, head: str, names: Sequence[str]) -> exp.Expr:
    table = "s" if head == "enrolment" else "x"
    columns = [exp.alias_(exp.column(name.split(DOT)[1], table), name, quoted=True) for name in names]
    if head == "enrolment":
        return statement(OF_ENROLMENT, facts=facts, columns=columns)
    return statement(
        REFERRED if what.route.reach else REFERRED_BY_ANYONE,
        facts=facts,
        columns=columns,
        table=f"ref_{REFERENCES[head]}",
        key=head,
        value=_reference(what, head),
        same_owner=statement("x.owner_org = :owner_org" if draft.setting.restricted else "TRUE"),
    )


def _reference(what: Crediting, head: str) -> exp.Expr:
    """The key by which a fact refers to a row of another table."""
    if is_office_of_link(what.kind, head):
        return exp.column(OFFICE_OF_LINK, "f", quoted=True)
    if what.kind.column(head) is None:
        return statement("s.organization")
    if head == "organization" and what.route.reach:
        return statement("COALESCE(f.organization, s.organization)")
    return exp.column(head, "f")


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
