"""A worker with a job that a careless person wrote: each time it runs it adds a fact, and it takes a while to end."""

from __future__ import annotations

import asyncio
import os
import time
import uuid

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "swingby.web.settings")

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 - models can be imported only now
from procrastinate.contrib.django import app  # noqa: E402

from swingby.web.domain.facts import take_position  # noqa: E402
from swingby.web.jobs import LIVE_QUEUE  # noqa: E402
from swingby.web.jobs.worker import work  # noqa: E402
from swingby.web.tenancy import act_for_owner  # noqa: E402

NAME = "add_bonus"
#: Between the fact and the end of the job: time enough to be killed.
LINGERS = 4.0
_INSERT = (
    "INSERT INTO fact_activities (fact_id, position, source, happened_on, organization, kind, quantity, owner_org,"
    " partner_org) VALUES (%s, %s, 'careless', DATE '2026-03-07', 'tarn', 'plan_reviewed', %s, 'harbor', 'tarn')"
)


@app.task(name=NAME, queue=LIVE_QUEUE, retry=5)
def task_add_bonus(*, owner: str, number: str) -> None:
    """Add a fact under a key of its own each time, which is the mistake."""
    key = uuid.uuid4().hex
    with transaction.atomic(), act_for_owner(owner), connection.cursor() as cursor:
        cursor.execute(_INSERT, [key, take_position(owner, batch=key), number])
    time.sleep(LINGERS)


if __name__ == "__main__":
    asyncio.run(work())
