"""Who is in a program on a day: an enrolment lasts until the day on which it ends, which may be still to come."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from swingby.web.models import Enrolment


def not_ended(on: date, *, at: str = "") -> Q:
    """That an enrolment has not ended by a day; ``at`` leads to it from another table (``enrolment``)."""
    field = f"{at}__ended_on" if at else "ended_on"
    return Q(**{field: None}) | Q(**{f"{field}__gt": on})


def of_partners_now(on: date, *, owner: str) -> Q:
    """The same of rows with an ``enrolment`` at one owner, without a look at each of many: by the few that have ended."""
    ended = Enrolment.objects.filter(owner_id=owner, ended_on__lte=on)
    return ~Q(enrolment__in=ended.values("pk"))
