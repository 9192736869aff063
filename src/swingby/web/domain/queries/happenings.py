"""The first sentence of the partner's home page: what happened lately."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection

from swingby.web.clock import today
from swingby.web.models import Enrolment, ReportState


def happened_since(enrolment: Enrolment, *, result: Mapping[str, Any]) -> str:
    """Deals won and activities counted since the period began, and what waits."""
    start = _start_of_period(result)
    won = _deals_won(enrolment, start=start)
    done = _activities(enrolment, start=start)
    waiting = enrolment.reports.filter(state=ReportState.SUBMITTED).count()
    parts = [_counted(won, "deal", "deals") + " won"] if won else []
    parts.append(_counted(done, "activity", "activities") + " counted")
    sentence = f"Since {start:%-d %B}: {', '.join(parts)}."
    if waiting:
        sentence += f" {_counted(waiting, 'report', 'reports')} waiting for checking."
    return sentence


def _start_of_period(result: Mapping[str, Any]) -> date:
    stored = result.get("period_start")
    return date.fromisoformat(stored) if stored else today().replace(month=1, day=1)


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _activities(enrolment: Enrolment, *, start: date) -> int:
    return _count(
        "SELECT count(*) FROM fact_activities WHERE owner_org = %s AND partner_org = %s AND happened_on >= %s"
        " AND happened_on <= %s AND cancelled_on IS NULL AND reversed_position IS NULL",
        [enrolment.owner_id, enrolment.partner_id, start, today()],
    )


def _deals_won(enrolment: Enrolment, *, start: date) -> int:
    return _count(
        "SELECT count(DISTINCT deal) FROM fact_deals WHERE owner_org = %s AND partner_org = %s AND stage = 'won'"
        " AND happened_on >= %s AND happened_on <= %s AND cancelled_on IS NULL AND reversed_position IS NULL",
        [enrolment.owner_id, enrolment.partner_id, start, today()],
    )


def _count(statement: str, values: Sequence[str | date]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.fetchone()[0])
