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
            "INSERT INTO fact_activities (fact_id, position, source, happened_on, organization, kind, quantity,"
            " status, owner_org, partner_org, batch) VALUES (%s, %s, %s, %s, %s, %s, %s, 'accepted', %s, %s, %s)",
            [
                report.fact_id,
                position,
                REPORTS_SOURCE,
                report.happened_on,
                report.partner_id,
                report.kind,
                report.accepted_quantity,
                report.owner_id,
                report.partner_id,
                report.fact_id,
            ],
        )
    return position


def take_back_activity(report: ActivityReport) -> int:
    """Reverse the fact of a report; what was decided with it before stays. Returns the position of the reversal."""
    position = take_position(report.owner_id, batch=f"{report.fact_id} taken back")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE fact_activities SET reversed_position = %s WHERE owner_org = %s AND fact_id = %s"
            " AND reversed_position IS NULL",
            [position, report.owner_id, report.fact_id],
        )
    return position


def take_position(owner: str, *, batch: str | None) -> int:
    """The owner's next ledger position; nobody else gets one until this transaction ends."""
    connection.ensure_connection()
    return next_position(connection.connection, owner=owner, batch=batch)
