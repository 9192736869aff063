"""Reports that may say twice what is known already, and where accepted activities come from."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from time import perf_counter

from django.core.cache import cache
from django.db import connection

from swingby.web.domain.facts import REPORTS_SOURCE
from swingby.web.models import ActivityReport
from swingby.web.tenancy import current_scope


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


@dataclass(frozen=True, slots=True)
class SourceMix:
    """Accepted activities of a year: how many partners reported, and how many systems told."""

    reported: int
    from_systems: int

    @property
    def reported_percent(self) -> int:
        """The share of reported ones in per cent, rounded half up."""
        whole = self.reported + self.from_systems
        return (200 * self.reported + whole) // (2 * whole) if whole else 0


#: A mix that took longer than this to count is shown for so many seconds: it reads every activity of a year.
SLOW_SECONDS, SHOWN_SECONDS = 0.05, 600


def source_mix(owner: str, *, until: date) -> SourceMix:
    """Where a year's activities of an owner's partners come from; of very many, as counted within the last minutes."""
    asked = json.dumps([owner, until.isoformat(), current_scope().settings()], sort_keys=True)
    name = f"source-mix:{hashlib.sha256(asked.encode()).hexdigest()}"
    kept: SourceMix | None = cache.get(name)
    if kept is not None:
        return kept
    began = perf_counter()
    found = _counted_mix(owner, until)
    if perf_counter() - began > SLOW_SECONDS:
        cache.set(name, found, SHOWN_SECONDS)
    return found


def _counted_mix(owner: str, until: date) -> SourceMix:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE source = %s), count(*) FILTER (WHERE source IS DISTINCT FROM %s)"
            " FROM fact_activities WHERE owner_org = %s AND happened_on > %s AND happened_on <= %s"
            " AND reversed_position IS NULL AND cancelled_on IS NULL",
            [REPORTS_SOURCE, REPORTS_SOURCE, owner, until - timedelta(days=365), until],
        )
        return SourceMix(*cursor.fetchone())


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
