"""Where accepted activities come from."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, timedelta
from time import perf_counter

from django.core.cache import cache
from django.db import connection

from swingby.web.domain.facts import REPORTS_SOURCE
from swingby.web.models import NightlyRun
from swingby.web.tenancy import current_scope


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


#: A mix that takes longer than this to count reads very many activities: it is counted each night, and shown for so many
#: seconds where no night has counted it.
SLOW_SECONDS, SHOWN_SECONDS = 0.05, 600
#: A count is of last night, or of the night before while tonight's run is under way.
NIGHT_DAYS = 2


def mix_of_many(owner: str, *, until: date) -> SourceMix | None:
    """What a night counts for the pages of the day; None where there are so few that pages count them."""
    began = perf_counter()
    found = _counted_mix(owner, until)
    return found if perf_counter() - began > SLOW_SECONDS else None


def source_mix(owner: str, *, until: date) -> SourceMix:
    """Where a year's activities of an owner's partners come from; of very many, as counted last night."""
    scope = current_scope()
    if owner not in scope.limited_owners and (counted := _of_last_night(owner, until)):
        return counted
    asked = json.dumps([owner, until.isoformat(), scope.settings()], sort_keys=True)
    name = f"source-mix:{hashlib.sha256(asked.encode()).hexdigest()}"
    kept: SourceMix | None = cache.get(name)
    if kept is not None:
        return kept
    began = perf_counter()
    found = _counted_mix(owner, until)
    if perf_counter() - began > SLOW_SECONDS:
        cache.set(name, found, SHOWN_SECONDS)
    return found


def _of_last_night(owner: str, until: date) -> SourceMix | None:
    nights = NightlyRun.objects.filter(owner_id=owner, day__lte=until, day__gt=until - timedelta(days=NIGHT_DAYS))
    night = nights.order_by("-day").first()
    if night is None or night.reported is None or night.from_systems is None:
        return None
    return SourceMix(night.reported, night.from_systems)


def _counted_mix(owner: str, until: date) -> SourceMix:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE source = %s), count(*) FILTER (WHERE source IS DISTINCT FROM %s)"
            " FROM fact_activities WHERE owner_org = %s AND happened_on > %s AND happened_on <= %s"
            " AND reversed_position IS NULL AND cancelled_on IS NULL",
            [REPORTS_SOURCE, REPORTS_SOURCE, owner, until - timedelta(days=365), until],
        )
        return SourceMix(*cursor.fetchone())
