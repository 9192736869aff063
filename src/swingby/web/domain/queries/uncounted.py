"""Records of a partner that a number is about and that do not count for it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from psycopg import sql

from swingby.facts.postgres import OWNER_ONLY_KINDS
from swingby.program import Program
from swingby.program.kinds import FACT_KINDS
from swingby.web.domain.queries.reasons import Asked, kinds_of, why_not
from swingby.web.domain.queries.subjects import customer_names, in_words
from swingby.web.models import Enrolment

#: So many of the newest records are looked through, and so many of those found are listed.
MOST_READ = 300
MOST_LISTED = 10
#: What happened longer ago is not looked through.
DAYS = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncounted:
    """A record, what it is about, and why it does not count."""

    kind: str
    key: str
    day: date
    about: str
    why: str


def uncounted(enrolment: Enrolment, program: Program, rules: Collection[str], *, as_of: date) -> tuple[Uncounted, ...]:
    """The newest that these rules are about; one statement for each kind of record, and one for the names of customers."""
    found = [each for kind in kinds_of(program, rules) for each in _of_kind(enrolment, program, kind, rules, as_of)]
    newest = sorted(found, key=lambda each: (each[1], each[2]["fact_id"]), reverse=True)[:MOST_LISTED]
    names = customer_names(enrolment.owner_id, (str(row["customer"]) for _, _, row, _ in newest if row.get("customer")))
    return tuple(
        Uncounted(kind=kind, key=row["fact_id"], day=day, about=in_words(row, names), why=why)
        for kind, day, row, why in newest
    )


def _of_kind(
    enrolment: Enrolment, program: Program, kind: str, rules: Collection[str], as_of: date
) -> Iterator[tuple[str, date, Mapping[str, Any], str]]:
    if kind in OWNER_ONLY_KINDS or kind not in FACT_KINDS:
        return
    for row in _rows(enrolment, kind, rules, as_of):
        carried = {**json.loads(row.get("attributes") or "{}"), **row}
        asked = Asked(kind=kind, row=carried, as_of=as_of, joined_on=enrolment.joined_on)
        if why := " ".join(dict.fromkeys(each.words for each in why_not(program, asked, rules=rules))):
            yield kind, row.get("happened_on") or row["starts_on"], row, why


def _rows(enrolment: Enrolment, kind: str, rules: Collection[str], as_of: date) -> Iterator[dict[str, Any]]:
    """The newest records of a partner that stand in no line of these rules: of the past year, and what holds today."""
    shape = FACT_KINDS[kind]
    held = "(f.ends_on IS NULL OR f.ends_on > %(day)s)" if shape.shape == "state" else "f.happened_on > %(year)s"
    query = sql.SQL(
        "SELECT f.* FROM {table} AS f WHERE f.owner_org = %(owner)s AND f.partner_org = %(partner)s"
        " AND f.reversed_position IS NULL AND {held} AND NOT EXISTS (SELECT FROM scorecard_lines AS l"
        " WHERE l.enrolment = %(enrolment)s AND l.record_kind = %(kind)s AND l.record = f.fact_id AND l.rule = ANY(%(rules)s))"
        " ORDER BY f.{first} DESC, f.fact_id LIMIT %(most)s"
    ).format(table=sql.Identifier(f"fact_{kind}"), held=sql.SQL(held), first=sql.Identifier(shape.day_columns[0]))
    asked: dict[str, Any] = {
        "owner": enrolment.owner_id,
        "partner": enrolment.partner_id,
        "enrolment": enrolment.pk,
        "kind": kind,
    }
    asked |= {"rules": list(rules), "most": MOST_READ, "day": as_of, "year": as_of - timedelta(days=DAYS)}
    with connection.cursor() as cursor:
        cursor.execute(query, asked)
        names = [each.name for each in cursor.description or ()]
        yield from (dict(zip(names, row, strict=True)) for row in cursor.fetchall())
