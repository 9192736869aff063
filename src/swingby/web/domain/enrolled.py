"""Who is in a program on a day: an enrolment lasts until the day on which it ends, which may be still to come."""

from __future__ import annotations

from datetime import date

from django.db.models import Q


def not_ended(on: date, *, at: str = "") -> Q:
    """That an enrolment has not ended by a day; ``at`` leads to it from another table (``enrolment``)."""
    field = f"{at}__ended_on" if at else "ended_on"
    return Q(**{field: None}) | Q(**{f"{field}__gt": on})
