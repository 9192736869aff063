"""Reports that may say twice what is known already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from swingby.web.domain.facts import REPORTS_SOURCE
from swingby.web.models import ActivityReport


@dataclass(frozen=True, slots=True)
class Alike:
    """Something that says much the same as a report: on which day, from where, and whether it counts already."""

    day: date
    source: str
    counts: bool


def alike_reports(reports: Sequence[ActivityReport]) -> Mapping[str, tuple[Alike, ...]]:
    """By report, what the same partner is known for with the same kind within a day, in one statement."""
    if not reports:
        return {}
    found: defaultdict[str, list[Alike]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE, {"keys": [report.pk for report in reports], "source": REPORTS_SOURCE})
        for key, day, source, counts in cursor.fetchall():
            found[key].append(Alike(day, source, counts))
    return {key: tuple(each) for key, each in found.items()}


_ALIKE = """
SELECT r.id, f.happened_on, coalesce(f.source, ''), true
FROM activity_reports AS r JOIN fact_activities AS f
  ON f.owner_org = r.owner_org AND f.organization = r.partner_org AND f.kind = r.kind
 AND f.happened_on BETWEEN r.happened_on - 1 AND r.happened_on + 1
WHERE r.id = ANY (%(keys)s) AND f.reversed_position IS NULL AND f.fact_id <> r.fact_id
UNION ALL
SELECT r.id, o.happened_on, %(source)s, false
FROM activity_reports AS r JOIN activity_reports AS o
  ON o.enrolment = r.enrolment AND o.kind = r.kind AND o.id <> r.id AND o.state = 'submitted'
 AND o.happened_on BETWEEN r.happened_on - 1 AND r.happened_on + 1
WHERE r.id = ANY (%(keys)s)
ORDER BY 1, 2, 3
"""
