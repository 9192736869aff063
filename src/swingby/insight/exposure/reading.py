"""Reads what each partner won, by year, with the top of its organization's tree and the end of its agreement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from swingby.engine import FactSource
from swingby.insight.effects import statements
from swingby.insight.effects.reading import slices_of
from swingby.insight.numerics.arrays import Floats, Integers
from swingby.program import Program
from swingby.values import add_months

if TYPE_CHECKING:
    import duckdb

WON = """
INSERT INTO evidence_won
SELECT c.p, c.day, CAST(c.amount * c.share AS DECIMAL(30, 6)) AS money
FROM (
  SELECT r.p, e.deal, any_value(e.day) AS day, any_value(e.amount) AS amount,
         max(CAST(coalesce(l.share, 1) AS DOUBLE)) AS share
  FROM evidence_ended AS e
  JOIN fact_deal_parties AS l ON l.deal = e.deal AND e.day >= l.starts_on AND (l.ends_on IS NULL OR e.day < l.ends_on)
  JOIN evidence_reach AS r ON r.organization = l.organization
  WHERE e.won AND {known} AND {part} AND hash(l.deal) % CAST($slices AS UBIGINT) = CAST($slice AS UBIGINT) GROUP BY r.p, e.deal
) AS c
"""

#: The top of each organization's tree; reading facts has cut every circle.
TOPS = """
WITH RECURSIVE above AS (
  SELECT organization, organization AS top, parent FROM ref_organizations
  UNION ALL
  SELECT a.organization, o.organization, o.parent FROM above AS a JOIN ref_organizations AS o ON o.organization = a.parent
)
SELECT p.p, p.organization, coalesce(a.top, p.organization) AS top, coalesce(o.name, a.top, p.organization) AS name,
       coalesce(own.name, p.organization) AS own_name
FROM evidence_partners AS p
LEFT JOIN above AS a ON a.organization = p.organization AND a.parent IS NULL
LEFT JOIN ref_organizations AS o ON o.organization = a.top
LEFT JOIN ref_organizations AS own ON own.organization = p.organization
ORDER BY p.p
"""

#: The day on which the last agreement ends of an organization that has one; open agreements have no such day.
AGREEMENTS = """
SELECT f.organization, CASE WHEN count(*) = count(f.ends_on) THEN max(f.ends_on) END AS ends_on
FROM fact_agreements AS f WHERE {known} AND f.starts_on < $until GROUP BY f.organization
"""


@dataclass(frozen=True, slots=True)
class Sales:
    """What partners won in years that end on the same day.

    Attributes
    ----------
    names, groups
        Of partners, and the number of the top organization that each belongs to.
    group_names, agreement_ends
        Of groups; the day on which a group's last agreement ends, if all of them do.
    years
        Partners by years, the last year last.
    enrolled
        How many partners are enrolled on the last day.
    """

    names: tuple[str, ...]
    groups: Integers
    group_names: tuple[str, ...]
    agreement_ends: tuple[date | None, ...]
    years: Floats
    enrolled: int


def read_sales(
    facts: FactSource,
    program: Program,
    *,
    until: date,
    years: int,
    won: str,
    parts: tuple[str, ...] = (),
    known_at: int | None,
) -> Sales:
    """Read the sales of so many years that end before a day.

    Parameters
    ----------
    facts, program
        As for `swingby.engine.assess`.
    until
        The first day that no longer counts.
    years
        How many years.
    won
        The stage of deals that were won.
    parts
        The parts in a deal that count; every part with none.
    known_at
        The position up to which facts are looked at; None all.
    """
    session = facts.connection.cursor()
    known = facts.latest_position if known_at is None else known_at
    since = add_months(until, -12 * years)
    fill_won(session, program, since=since, until=until, won=won, parts=parts, known=known)
    partners = session.execute(TOPS).fetchall()
    tops = {top: place for place, top in enumerate(dict.fromkeys(row[2] for row in partners))}
    agreements = session.execute(
        AGREEMENTS.format(known=statements.KNOWN.format(alias="f")), {"known": known, "until": until}
    ).fetchall()
    return Sales(
        names=tuple(str(row[4]) for row in partners),
        groups=np.array([tops[row[2]] for row in partners], np.int64),
        group_names=tuple({row[2]: str(row[3]) for row in partners}.values()),
        agreement_ends=_ends(partners, tops, dict(agreements)),
        years=_years(session, len(partners), until, years),
        enrolled=_enrolled(session, until),
    )


def fill_won(
    session: duckdb.DuckDBPyConnection,
    program: Program,
    *,
    since: date,
    until: date,
    won: str,
    parts: tuple[str, ...],
    known: int,
) -> None:
    """Fill ``evidence_won`` with what each partner of ``evidence_partners`` won on which day, by its share of each deal."""
    session.execute(statements.PARTNERS, {"since": since, "until": until})
    session.execute(statements.REACH[program.header.roll_up])
    session.execute("CREATE OR REPLACE TEMP TABLE evidence_won (p INTEGER, day DATE, money DECIMAL(30, 6))")
    bound = {"since": since, "until": until, "won": won, "lost": won, "currency": program.header.currency}
    ended = statements.ENDED.format(known=statements.KNOWN.format(alias="d"))
    won_by = WON.format(known=statements.KNOWN.format(alias="l"), part=statements.PART)
    slices = slices_of(session)
    for nth in range(slices):
        common = {"known": known, "slices": slices, "slice": nth}
        session.execute(ended, bound | common)
        session.execute(won_by, common | statements.parts_bound(parts))


def _ends(partners: list[Any], tops: dict[str, int], agreements: dict[str, date | None]) -> tuple[date | None, ...]:
    """The day on which nothing binds a group any more; None while something is open, or nothing was ever agreed."""
    days: list[list[date | None]] = [[] for _ in tops]
    for _, organization, top, *_ in partners:
        found = [agreements[one] for one in {organization, top} if one in agreements]
        days[tops[top]] += found
    ends: list[date | None] = []
    for listed in days:
        known = [day for day in listed if day is not None]
        ends.append(max(known) if known and len(known) == len(listed) else None)
    return tuple(ends)


def _years(session: Any, partners: int, until: date, years: int) -> Floats:
    result = np.zeros((partners, years))
    for nth in range(years):
        span = {"since": add_months(until, -12 * (years - nth)), "until": add_months(until, -12 * (years - nth - 1))}
        rows = session.execute(
            "SELECT p, CAST(sum(money) AS DOUBLE) FROM evidence_won WHERE day >= $since AND day < $until GROUP BY p",
            span,
        ).fetchall()
        for partner, money in rows:
            result[partner, nth] = money or 0
    return result


def _enrolled(session: Any, until: date) -> int:
    found = session.execute(
        "SELECT count(*) FROM evidence_partners WHERE ended_on IS NULL OR ended_on >= $until", {"until": until}
    ).fetchone()
    return int(found[0]) if found else 0
