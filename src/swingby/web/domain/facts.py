"""Facts that the application itself writes."""

from __future__ import annotations

from django.db import connection

from swingby.facts.ledger import next_position
from swingby.web.models import ActivityReport

REPORTS_SOURCE = "activity reports"


def record_activity(report: ActivityReport) -> int:
    """Write the fact of an accepted report; returns the ledger position it stands at."""
    position = take_position(report.owner_id, batch=report.fact_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO fact_activities (fact_id, position, source, happened_on, organization, kind, status,"
            " owner_org, partner_org, batch) VALUES (%s, %s, %s, %s, %s, %s, 'accepted', %s, %s, %s)",
            [
                report.fact_id,
                position,
                REPORTS_SOURCE,
                report.happened_on,
                report.partner_id,
                report.kind,
                report.owner_id,
                report.partner_id,
                report.fact_id,
            ],
        )
    return position


def take_position(owner: str, *, batch: str) -> int:
    """The owner's next ledger position; nobody else gets one until this transaction ends."""
    connection.ensure_connection()
    return next_position(connection.connection, owner=owner, batch=batch)
