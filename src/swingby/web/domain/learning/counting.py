"""Whether a firm is counted in portions, and the word that something of it is due to be counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from zlib import crc32

from django.db import connection

from swingby.web.jobs import COVERAGE_SECONDS, enqueue_coverage
from swingby.web.models import CoveragePortion, Enrolment, PartnerCoverage

#: Facts of other kinds say nothing of who holds what.
COUNTED_KINDS: Final = frozenset({"credentials", "employments"})
#: A firm with more records of people and credentials than these is counted in portions, not at each request.
MOST_AT_ONCE: Final = 4_000


def is_large(firm: str) -> bool:
    """Whether reading all records of a firm takes longer than a page may."""
    with connection.cursor() as cursor:
        cursor.execute(_RECORDS, {"firm": firm, "most": MOST_AT_ONCE})
        (credentials, employments) = cursor.fetchone()
    return bool(credentials + employments > MOST_AT_ONCE)


def portion_of(person: str, portions: int) -> int:
    """In which of so many portions somebody is counted: always the same."""
    return crc32(person.encode()) % portions


def count_again(owner: str) -> None:
    """Facts or a catalogue came, or tiers ask otherwise: what was counted of a large firm, or of partners, is behind."""
    if is_large(owner) or Enrolment.objects.filter(owner_id=owner).exists():
        enqueue_coverage(owner=owner, after_seconds=COVERAGE_SECONDS)


def word_told(firm: str, learner: str) -> None:
    """Somebody told something of their learning: the portion that they are in is due."""
    portions = CoveragePortion.objects.filter(organization_id=firm)
    number = portions.count()
    if number and is_large(firm):
        portions.filter(number=portion_of(learner, number)).update(is_due=True)
        enqueue_coverage(owner=firm)


def standings_changed(owner: str, partners: Sequence[str]) -> None:
    """The tiers of some partners may ask something else of their people.

    Rows that are due already are locked as well: they may be counted at this moment, by the standings of before.
    """
    rows = PartnerCoverage.objects.filter(owner_id=owner, partner__in=partners).order_by("pk")
    due = dict(rows.select_for_update().values_list("pk", "is_due")) if partners else {}
    if not all(due.values()):
        PartnerCoverage.objects.filter(pk__in=due, is_due=False).update(is_due=True)
        enqueue_coverage(owner=owner, after_seconds=COVERAGE_SECONDS)


_RECORDS = """
SELECT (SELECT count(*) FROM (SELECT 1 FROM fact_credentials WHERE owner_org = %(firm)s AND partner_org = %(firm)s
                              AND reversed_position IS NULL LIMIT %(most)s + 1) AS listed),
       (SELECT count(*) FROM (SELECT 1 FROM fact_employments WHERE owner_org = %(firm)s AND partner_org = %(firm)s
                              AND reversed_position IS NULL LIMIT %(most)s + 1) AS listed)
"""
