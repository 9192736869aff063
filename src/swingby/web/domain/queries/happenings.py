"""The first sentence of the partner's home page: what happened lately."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from swingby.web.clock import today
from swingby.web.domain.queries.partner_facts import ABOUT_DEALS, new_customers
from swingby.web.domain.queries.rows import rows_about
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
    rows = rows_about(_WON, enrolment, start=start)
    number = sum(int(row[1]) for row in rows)
    amounts = " and ".join(f"{currency} {amount:,.0f}" for currency, _, amount in rows if currency)
    worth = f", {amounts}" if amounts else ""
    return f"{_counted(number, 'deal', 'deals')} won{worth}; " if number else ""


def _activities(enrolment: Enrolment, *, start: date) -> int:
    return int(rows_about(_DONE, enrolment, start=start)[0][0])


_COUNTING = "happened_on BETWEEN %(start)s AND %(today)s AND cancelled_on IS NULL AND reversed_position IS NULL"
#: A deal counts once, in the currency and with the amount of its newest word that it is won.
_WON = f"""
SELECT currency, count(*), coalesce(sum(amount), 0) FROM (SELECT DISTINCT ON (deal) coalesce(currency, '') AS currency, amount
    FROM {ABOUT_DEALS} AS f WHERE {_COUNTING} AND stage = 'won' ORDER BY deal, happened_on DESC, position DESC, fact_id DESC) AS won
GROUP BY 1 ORDER BY 3 DESC
"""
_DONE = (
    f"SELECT count(*) FROM fact_activities WHERE owner_org = %(owner)s AND partner_org = %(partner)s AND {_COUNTING}"
)
