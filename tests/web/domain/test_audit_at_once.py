from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.db import connection, transaction

from swingby.web.domain.audit import record_act
from swingby.web.models import AuditEntry, Side
from swingby.web.tenancy import act_for_owner
from tests.web.acting import the_enrolment

WRITERS = 3


class _UndoneError(Exception):
    """Takes the acts back, because other tests share the world."""


@pytest.mark.django_db
def test_two_writers_of_one_chain_wait_for_each_other() -> None:
    with ThreadPoolExecutor(WRITERS) as pool, act_for_owner("harbor"):
        first = _written("first")
        apart = [pool.submit(_write_apart) for _ in range(WRITERS)]
        # Waiting for the lock: who only waits for the unique number has read the last one too early.
        assert _waiting_for("advisory") == WRITERS
        transaction.set_rollback(True)

    assert [future.result(timeout=10) for future in apart] == [first.number] * WRITERS


def _waiting_for(event: str) -> int:
    """How many sessions wait for it, as soon as all wait for something."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT locktype FROM pg_locks WHERE NOT granted")
            events = [row[0] for row in cursor.fetchall()]
        if len(events) == WRITERS:
            return events.count(event)
        time.sleep(0.05)
    raise AssertionError(f"Not all of them wait: {events}")


def _write_apart() -> int:
    number = 0
    try:
        with suppress(_UndoneError), act_for_owner("harbor"):
            number = _written("apart").number
            raise _UndoneError
    finally:
        connection.close()
    return number


def _written(subject: str) -> AuditEntry:
    return record_act(the_enrolment(), side=Side.VENDOR, actor="manager", action="test.act", subject=subject)
