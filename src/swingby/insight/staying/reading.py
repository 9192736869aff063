"""Reads who came and went: spells of partners or of their customers, in days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from swingby.engine import FactSource
from swingby.insight.effects import statements
from swingby.insight.effects.reading import act_statement, where_words
from swingby.insight.numerics.arrays import Floats
from swingby.insight.numerics.survival import Spells
from swingby.insight.staying.question import StayingQuestion
from swingby.program import Program
from swingby.program.kinds import FactKind

if TYPE_CHECKING:
    import duckdb

#: Partners as `effects.statements.PARTNERS` numbers them, with the first day of their agreements.
PARTNER_SPELLS = """
SELECT CAST(p.p AS VARCHAR) AS key, p.organization AS partner, p.joined_on AS begun, p.ended_on AS ended, p.region, o.country,
       a.first AS agreed
FROM evidence_partners AS p
LEFT JOIN ref_organizations AS o ON o.organization = p.organization
LEFT JOIN (SELECT f.organization, min(f.starts_on) AS first FROM fact_agreements AS f WHERE {known} GROUP BY f.organization) AS a
  ON a.organization = p.organization
ORDER BY p.p
"""

#: A customer leaves when the last of its subscriptions ends; it is the partner's that sold the first.
CUSTOMER_SPELLS = """
SELECT s.customer AS key, s.partner, s.begun, s.ended, o.region, o.country, a.first AS agreed
FROM (
  SELECT f.customer, min_by(f.organization, (f.starts_on, f.fact_id)) AS partner, min(f.starts_on) AS begun,
         CASE WHEN count(*) = count(f.ends_on) THEN max(f.ends_on) END AS ended
  FROM fact_subscriptions AS f WHERE {known} AND f.customer IS NOT NULL AND f.starts_on < $until GROUP BY f.customer
) AS s
LEFT JOIN ref_organizations AS o ON o.organization = s.partner
LEFT JOIN (SELECT f.organization, min(f.starts_on) AS first FROM fact_agreements AS f WHERE {known} GROUP BY f.organization) AS a
  ON a.organization = s.partner
ORDER BY s.customer
"""

#: The first day of an act that is the customer's own.
CUSTOMER_ACT = """
SELECT f.customer, min(f.{day}) FROM fact_{kind} AS f WHERE {known} AND {holds} AND {where} GROUP BY f.customer
"""


@dataclass(frozen=True, slots=True)
class Stays:
    """Who is looked at, for how long.

    Attributes
    ----------
    spells
        In days since joining, or since the first subscription.
    acted
        The day of the act since then; infinite without it.
    groups, partners
        What curves are told apart by, and whose partner or customer each is.
    undated, gone_before
        How many are left out: without a first day, or gone before the days that are looked at.
    """

    spells: Spells
    acted: Floats
    groups: tuple[str, ...]
    partners: tuple[str, ...]
    undated: int
    gone_before: int


def read_stays(facts: FactSource, program: Program, question: StayingQuestion) -> Stays:
    """Read the spells of a question that was checked."""
    session = facts.connection.cursor()
    known = facts.latest_position if question.known_at is None else question.known_at
    rows = _rows(session, program, question, known)
    dated = [row for row in rows if row[2] is not None]
    looked_at = [row for row in dated if _ends(row, question) > max(row[2], question.since)]
    begun = [row[2] for row in looked_at]
    ended = [_ends(row, question) for row in looked_at]
    acts = _acts(session, program, question, known)
    return Stays(
        spells=Spells(
            entered=_days([max(day, question.since) for day in begun], begun),
            ended=_days(ended, begun),
            left=np.array([row[3] is not None and row[3] < question.until for row in looked_at], bool),
        ),
        acted=_acted([acts.get(row[0]) for row in looked_at], begun),
        groups=tuple(_group(row, question) for row in looked_at),
        partners=tuple(str(row[1]) for row in looked_at),
        undated=len(rows) - len(dated),
        gone_before=len(dated) - len(looked_at),
    )


def _rows(session: duckdb.DuckDBPyConnection, program: Program, question: StayingQuestion, known: int) -> list[Any]:
    held = statements.KNOWN.format(alias="f")
    if question.of == "customers":
        bound = {"known": known, "until": question.until}
        return session.execute(CUSTOMER_SPELLS.format(known=held), bound).fetchall()
    session.execute(statements.PARTNERS, {"since": question.since, "until": question.until})
    session.execute(statements.REACH[program.header.roll_up])
    return session.execute(PARTNER_SPELLS.format(known=held), {"known": known}).fetchall()


def _ends(row: Any, question: StayingQuestion) -> date:
    """The day on which somebody left, or until which it is known that it did not."""
    ended: date | None = row[3]
    return question.until if ended is None else min(ended, question.until)


def _days(days: list[date], begun: list[date]) -> Floats:
    return np.array([(day - first).days for day, first in zip(days, begun, strict=True)], np.float64)


def _acted(days: list[date | None], begun: list[date]) -> Floats:
    return np.array(
        [np.inf if day is None else (day - first).days for day, first in zip(days, begun, strict=True)], np.float64
    )


def _acts(
    session: duckdb.DuckDBPyConnection, program: Program, question: StayingQuestion, known: int
) -> dict[str, date]:
    if question.act is None:
        return {}
    kind = program.kinds[question.act.kind]
    if question.of == "customers":
        statement, bound = _customer_act(kind, question)
    else:
        statement, bound = act_statement(kind, question.act)
    return {str(key): day for key, day in session.execute(statement, bound | {"known": known}).fetchall()}


def _customer_act(kind: FactKind, question: StayingQuestion) -> tuple[str, dict[str, Any]]:
    where, bound = where_words(question.act.where if question.act else {})
    return CUSTOMER_ACT.format(
        kind=kind.name,
        day=kind.day_columns[0],
        where=where,
        holds=statements.HOLDS[kind.shape],
        known=statements.KNOWN.format(alias="f"),
    ), bound


def _group(row: Any, question: StayingQuestion) -> str:
    *_, region, country, agreed = row
    if question.by == "agreement":
        return (
            "with an agreement"
            if agreed is not None and agreed <= max(row[2], question.since)
            else "without an agreement"
        )
    if question.by is None:
        return ""
    return str({"region": region, "country": country}[question.by] or "unknown")
