"""Who works for a partner and what they hold, as the records say: now, ending soon, and gone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from swingby.web.clock import today
from swingby.web.domain.queries.partner_facts import credential_label
from swingby.web.domain.queries.rows import rows_about
from swingby.web.models import Enrolment

PAGE_PEOPLE = 50
LAPSE_DAYS, LEFT_DAYS = 90, 365
MOST_LAPSES, MOST_LEFT, MOST_LOOSE, MOST_HELD, MOST_HELD_EACH = 100, 50, 50, 1_000, 20


@dataclass(frozen=True, slots=True)
class Job:
    """Somebody's time with the partner; ``ended_on`` is the first day on which it is over."""

    record: str
    person: str
    role: str
    since: date
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class Held:
    """A credential, until when; ``ends_on`` is the first day on which it no longer counts."""

    record: str
    person: str
    label: str
    since: date
    ends_on: date | None


def people_here(enrolment: Enrolment, *, after: str, most: int = PAGE_PEOPLE) -> tuple[tuple[Job, ...], int]:
    """Those who work here today behind a person's key, one row each, a page of them and one more; and how many in all."""
    rows = rows_about(_HERE, enrolment, after=after, most=most + 1)
    total = rows_about(_HOW_MANY, enrolment)[0][0]
    return tuple(Job(*row) for row in rows), int(total)


def held_by(people: Iterable[str], *, enrolment: Enrolment) -> tuple[Held, ...]:
    """What people hold today."""
    keys = sorted(people)
    rows = rows_about(_HELD_BY, enrolment, people=keys, most=max(MOST_HELD, MOST_HELD_EACH * len(keys)))
    return tuple(_held(row) for row in rows)


def lapsing(enrolment: Enrolment) -> tuple[tuple[Held, ...], int]:
    """What ends within three months and was not renewed, of people who work here, the next first; and how many."""
    rows = rows_about(_LAPSING, enrolment, last=today() + timedelta(days=LAPSE_DAYS), most=MOST_LAPSES)
    return tuple(_held(row) for row in rows), int(rows[0][-1]) if rows else 0


def gone(enrolment: Enrolment) -> tuple[tuple[Job, ...], int]:
    """Those who left within a year and work nowhere here today, the last first; and how many."""
    rows = rows_about(_GONE, enrolment, first=today() - timedelta(days=LEFT_DAYS), most=MOST_LEFT)
    return tuple(Job(*row[:5]) for row in rows), int(rows[0][-1]) if rows else 0


def loose(enrolment: Enrolment) -> tuple[tuple[Held, ...], int]:
    """Credentials that hold today, of people who are not known to work here; and how many."""
    rows = rows_about(_LOOSE, enrolment, most=MOST_LOOSE)
    return tuple(_held(row) for row in rows), int(rows[0][-1]) if rows else 0


def _held(row: tuple[Any, ...]) -> Held:
    return Held(row[0], row[1], credential_label(*row[2:6]), row[6], row[7])


_OURS = "e.owner_org = %(owner)s AND e.partner_org = %(partner)s AND e.reversed_position IS NULL"
_NOW = "e.starts_on <= %(today)s AND (e.ends_on IS NULL OR e.ends_on > %(today)s)"
_HERE = f"""
SELECT DISTINCT ON (e.person) e.fact_id, e.person, coalesce(e.role, ''), e.starts_on, e.ends_on FROM fact_employments AS e
WHERE {_OURS} AND {_NOW} AND e.person > %(after)s ORDER BY e.person, e.starts_on, e.fact_id LIMIT %(most)s
"""
_HOW_MANY = f"SELECT count(DISTINCT e.person) FROM fact_employments AS e WHERE {_OURS} AND {_NOW}"
_WORKS_HERE = f"EXISTS (SELECT 1 FROM fact_employments AS e WHERE {_OURS} AND {_NOW} AND e.person = c.person)"
_COLUMNS = "c.fact_id, c.person, c.code, c.role, c.level, c.product, c.starts_on, c.ends_on"
_VALID = """c.owner_org = %(owner)s AND c.partner_org = %(partner)s AND c.reversed_position IS NULL
  AND c.starts_on <= %(today)s AND (c.ends_on IS NULL OR c.ends_on > %(today)s)"""
_HELD_BY = f"""
SELECT {_COLUMNS} FROM fact_credentials AS c WHERE {_VALID} AND c.person = ANY (%(people)s)
ORDER BY c.person, c.starts_on, c.fact_id LIMIT %(most)s
"""
#: Renewed is what the same person holds under the same code for longer.
_LAPSING = f"""
SELECT {_COLUMNS}, count(*) OVER () FROM fact_credentials AS c
WHERE {_VALID} AND c.ends_on <= %(last)s AND {_WORKS_HERE} AND NOT EXISTS (SELECT 1 FROM fact_credentials AS n
  WHERE n.owner_org = c.owner_org AND n.partner_org = c.partner_org AND n.person = c.person AND n.code = c.code
    AND n.reversed_position IS NULL AND (n.ends_on IS NULL OR n.ends_on > c.ends_on))
ORDER BY c.ends_on, c.person, c.fact_id LIMIT %(most)s
"""
_GONE = f"""
SELECT g.*, count(*) OVER () FROM (
  SELECT DISTINCT ON (e.person) e.fact_id, e.person, coalesce(e.role, ''), e.starts_on, e.ends_on FROM fact_employments AS e
  WHERE {_OURS} AND e.ends_on <= %(today)s AND e.ends_on >= %(first)s
    AND NOT EXISTS (SELECT 1 FROM fact_employments AS n WHERE n.owner_org = e.owner_org AND n.partner_org = e.partner_org
      AND n.person = e.person AND n.reversed_position IS NULL AND (n.ends_on IS NULL OR n.ends_on > %(today)s))
  ORDER BY e.person, e.ends_on DESC) AS g
ORDER BY g.ends_on DESC, g.person LIMIT %(most)s
"""
_LOOSE = f"""
SELECT {_COLUMNS}, count(*) OVER () FROM fact_credentials AS c
WHERE {_VALID} AND NOT {_WORKS_HERE} ORDER BY c.starts_on DESC, c.person, c.fact_id LIMIT %(most)s
"""
