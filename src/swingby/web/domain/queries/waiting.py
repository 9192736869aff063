"""How much waits at a vendor's desks, for the numbers beside their names: on every page, so in one statement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.db import connection

from swingby.web.domain.queries.review_lines import OPEN_LINES
from swingby.web.models import AppealState, DisputeState, RegistrationState, ReportState
from swingby.web.tenancy import current_scope


class Waiting(NamedTuple):
    """Reports to check, disputes, appeals and registrations to answer, lines to decide, standings that do not agree."""

    reports: int = 0
    disputes: int = 0
    lines: int = 0
    appeals: int = 0
    disagreements: int = 0
    registrations: int = 0


def waiting_at(owner: str) -> Waiting:
    """What waits at an owner, of the partners whom the open scope sees; nothing where it sees none of the owner."""
    scope = current_scope()
    if owner not in scope.owner_orgs:
        return Waiting()
    region = sorted(scope.region_partners) if owner in scope.limited_owners else None
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, {"owner": owner, "region": region, **_STATES})
        return Waiting(*cursor.fetchone())


_STATES: Mapping[str, Any] = {
    "submitted": ReportState.SUBMITTED,
    "disputed": DisputeState.OPEN,
    "open": list(OPEN_LINES),
    "filed": AppealState.FILED,
    "registered": RegistrationState.WAITING,
}
_WHOSE = (
    "owner_org = %(owner)s"
    " AND (%(region)s::text[] IS NULL OR partner_org = owner_org OR partner_org = ANY (%(region)s::text[]))"
)
_WAITING = f"""
SELECT (SELECT count(*) FROM activity_reports WHERE state = %(submitted)s AND {_WHOSE}),
       (SELECT count(*) FROM disputes WHERE state = %(disputed)s AND {_WHOSE}),
       (SELECT count(*) FROM review_lines WHERE state = ANY (%(open)s) AND {_WHOSE}),
       (SELECT count(*) FROM appeals WHERE state = %(filed)s AND {_WHOSE}),
       (SELECT count(*) FROM disagreements WHERE settled_on IS NULL AND {_WHOSE}),
       (SELECT count(*) FROM deal_registrations WHERE state = %(registered)s AND {_WHOSE})
"""
