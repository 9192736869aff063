"""Rows of a statement about one partner."""

from __future__ import annotations

from typing import Any

from django.db import connection

from swingby.web.clock import today
from swingby.web.models import Enrolment


def rows_about(statement: str, enrolment: Enrolment, **named: Any) -> list[tuple[Any, ...]]:
    """The rows of a statement that names the ``owner``, the ``partner`` and ``today``, and perhaps more."""
    whose: dict[str, Any] = {"owner": enrolment.owner_id, "partner": enrolment.partner_id, "today": today()}
    with connection.cursor() as cursor:
        cursor.execute(statement, {**whose, **named})
        return list(cursor.fetchall())
