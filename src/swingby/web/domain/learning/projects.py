"""Where a firm's people work and on which projects they are, as its own records say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection


@dataclass(frozen=True, slots=True)
class Place:
    """An office with its country and region; empty where the records do not say."""

    office: str
    country: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class Projects:
    """Who is on a project on a day, and until when; ``None`` where the records name no end.

    ``are_kept`` is False for a firm that keeps no such records: then nothing is known of anybody.
    """

    until: Mapping[str, date | None]
    are_kept: bool


def office_words(office: str) -> str:
    """An office as a page calls it."""
    return office.replace("_", " ").replace("-", " ").title()


def places_of(firm: str) -> dict[str, Place]:
    """The offices that the firm's records describe."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT office, country, region FROM ref_offices WHERE owner_org = %s", [firm])
        return {office: Place(office, country or "", region or "") for office, country, region in cursor.fetchall()}


def projects_on(firm: str, day: date) -> Projects:
    """Who is on a project on a day; of several the one that ends last counts."""
    with connection.cursor() as cursor:
        cursor.execute(_ON_PROJECTS, {"firm": firm, "day": day})
        found: dict[str, date | None] = {}
        for person, end in cursor.fetchall():
            known = person in found
            found[person] = (
                None if end is None or (known and found[person] is None) else max(end, found.get(person) or end)
            )
        cursor.execute("SELECT EXISTS (SELECT 1 FROM fact_assignments WHERE owner_org = %s)", [firm])
        (are_kept,) = cursor.fetchone()
    return Projects(found, bool(are_kept))


_ON_PROJECTS = """
SELECT person, ends_on FROM fact_assignments
WHERE owner_org = %(firm)s AND reversed_position IS NULL
AND starts_on <= %(day)s AND (ends_on IS NULL OR ends_on > %(day)s)
"""
