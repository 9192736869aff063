"""Forms that a browser sends twice, as by a double click: the second is what the first one made."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from swingby.web.clock import now
from swingby.web.models import Enrolment
from swingby.web.visibility import Actor

#: The same by the same person within this time is one form that was sent twice.
SENT_TWICE: Final = timedelta(minutes=10)


def wait_for_first(form: str, enrolment: Enrolment, actor: Actor) -> datetime:
    """Until the transaction of a form of the same person about the same partner has ended; since when the same is the same."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{form}:{enrolment.pk}:{actor.person}"]
        )
    return now() - SENT_TWICE
