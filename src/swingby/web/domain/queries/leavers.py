"""Whom a firm may ask about: who works there and holds what a vendor certified, by the keys and names that it may read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from swingby.web.models import PARTNER_ROLES, Enrolment, Learner, Membership

MOST_CANDIDATES = 100


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be chosen: the key in facts, the name where the firm knows it, in how many programs they count."""

    key: str
    name: str
    programs: int


def candidates(enrolments: Sequence[Enrolment], *, on: date) -> tuple[Candidate, ...]:
    """Who works there and holds something that a vendor certified, by name; at most so many, those in most programs."""
    rows = _rows(_CANDIDATES, enrolments, on=on, most=MOST_CANDIDATES)
    names = _names({key: places for key, _, places in rows}, enrolments)
    found = (Candidate(key, names.get(key, key), number) for key, number, _ in rows)
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.key)))


def employed_of(enrolments: Sequence[Enrolment], people: Sequence[str], *, on: date) -> Mapping[str, frozenset[str]]:
    """By enrolment which of some people its vendor's facts say to work there on a day or later, in one statement."""
    found: dict[tuple[str, str], set[str]] = {}
    for owner, partner, person in _rows(_EMPLOYED, enrolments, people=list(people), on=on):
        found.setdefault((owner, partner), set()).add(person)
    return {row.pk: frozenset(found.get((row.owner_id, row.partner_id), ())) for row in enrolments}


def _names(places: Mapping[str, Iterable[str]], enrolments: Sequence[Enrolment]) -> Mapping[str, str]:
    """What the firm's own people are called, by the keys that facts about this firm use.

    A vendor writes the keys: one that happens to be somebody's elsewhere gives no name away, and where two people of
    the reader's firms have it, neither is named.
    """
    lineages = {row.partner_id: frozenset(row.partner.lineage) for row in enrolments}
    firms = frozenset().union(*lineages.values())
    posts = Membership.objects.filter(organization__in=firms, role__in=PARTNER_ROLES, person__in=list(places))
    learners = Learner.objects.filter(organization__in=firms, key__in=list(places))
    found: dict[str, dict[str, str]] = {}
    for key, firm, person, name in (
        *posts.values_list("person_id", "organization_id", "person_id", "person__name"),
        *learners.values_list("key", "organization_id", "person_id", "person__name"),
    ):
        if any(firm in lineages[place] for place in places[key]):
            found.setdefault(key, {})[person] = name
    return {key: next(iter(people.values())) for key, people in found.items() if len(people) == 1}


def _rows(statement: str, enrolments: Sequence[Enrolment], **bound: Any) -> list[tuple[Any, ...]]:
    whose = {"owners": [row.owner_id for row in enrolments], "partners": [row.partner_id for row in enrolments]}
    with connection.cursor() as cursor:
        cursor.execute(statement, {**whose, **bound})
        return list(cursor.fetchall())


_CANDIDATES = """
SELECT c.person, count(DISTINCT c.owner_org), array_agg(DISTINCT c.partner_org) FROM fact_credentials AS c
JOIN unnest(%(owners)s::text[], %(partners)s::text[]) AS w(owner, partner) ON w.owner = c.owner_org AND w.partner = c.partner_org
WHERE c.reversed_position IS NULL AND c.starts_on <= %(on)s AND (c.ends_on IS NULL OR c.ends_on > %(on)s)
AND EXISTS (SELECT 1 FROM fact_employments AS e WHERE e.owner_org = c.owner_org AND e.partner_org = c.partner_org
  AND e.person = c.person AND e.reversed_position IS NULL AND (e.ends_on IS NULL OR e.ends_on > %(on)s))
GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %(most)s
"""
_EMPLOYED = """
SELECT DISTINCT e.owner_org, e.partner_org, e.person FROM fact_employments AS e
JOIN unnest(%(owners)s::text[], %(partners)s::text[]) AS w(owner, partner) ON w.owner = e.owner_org AND w.partner = e.partner_org
WHERE e.reversed_position IS NULL AND e.person = ANY (%(people)s::text[]) AND (e.ends_on IS NULL OR e.ends_on > %(on)s)
"""
