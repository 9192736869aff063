"""The first sentence of the partner's home page: what happened lately."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import connection

from swingby.web.clock import today
from swingby.web.domain.queries.partner_facts import new_customers
from swingby.web.models import Enrolment, ReportState


def happened_since(enrolment: Enrolment, *, result: Mapping[str, Any]) -> str:
    """Deals won and what they were worth, activities counted since the period began, and what waits."""
    start = _start_of_period(result)
    waiting = enrolment.reports.filter(state=ReportState.SUBMITTED).count()
    won = _won_words(enrolment, start=start)
    done = _counted(_activities(enrolment, start=start), "activity", "activities")
    began = new_customers(enrolment, since=start)
    customers = f"{_counted(began, 'customer', 'customers')} became active; " if began else ""
    sentence = f"Since {start:%-d %B}: {won}{customers}{done} counted."
    if waiting:
        sentence += f" {_counted(waiting, 'report', 'reports')} waiting for checking."
    return sentence


def _start_of_period(result: Mapping[str, Any]) -> date:
    stored = result.get("period_start")
    return date.fromisoformat(stored) if stored else today().replace(month=1, day=1)


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _won_words(enrolment: Enrolment, *, start: date) -> str:
    rows = _rows(
        "SELECT coalesce(currency, ''), count(DISTINCT deal), coalesce(sum(amount), 0) FROM fact_deals"
        f" WHERE {_COUNTING} AND stage = 'won' GROUP BY 1 ORDER BY 3 DESC",
        enrolment,
        start,
    )
    number = sum(int(row[1]) for row in rows)
    amounts = " and ".join(f"{currency} {amount:,.0f}" for currency, _, amount in rows if currency)
    worth = f", {amounts}" if amounts else ""
    return f"{_counted(number, 'deal', 'deals')} won{worth}; " if number else ""


def _activities(enrolment: Enrolment, *, start: date) -> int:
    rows = _rows(f"SELECT count(*) FROM fact_activities WHERE {_COUNTING}", enrolment, start)
    return int(rows[0][0])


_COUNTING = (
    "owner_org = %s AND partner_org = %s AND happened_on >= %s AND happened_on <= %s AND cancelled_on IS NULL"
    " AND reversed_position IS NULL"
)


def _rows(statement: str, enrolment: Enrolment, start: date) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [enrolment.owner_id, enrolment.partner_id, start, today()])
        return list(cursor.fetchall())
