"""The worker as a process: it does what was enqueued, once, and stops when told."""

from __future__ import annotations

import time
from collections.abc import Iterator

import psycopg
import pytest

from swingby.web.jobs import LIVE_QUEUE, LONG_QUEUE, MAIL_QUEUE, STANDINGS_QUEUE, UPLOAD_QUEUE
from swingby.web.server import Database
from tests.web.site import own_database, process

pytestmark = pytest.mark.slow

ENROLMENT, OTHER = "harbor-program-tarn", "harbor-program-sedge"


@pytest.fixture(scope="module")
def own() -> Iterator[Database]:
    with own_database() as database:
        yield database


def test_a_job_brings_a_standing_up_to_date_and_a_second_one_finds_it_done(own: Database) -> None:
    with psycopg.connect(own.url("app"), autocommit=True) as app, psycopg.connect(own.url("backup")) as backup:
        position = _take_position(app)
        with process(own, "-m", "swingby.web.jobs.worker") as worker:
            _enqueue(app, position)
            _wait_until_done(backup)
            _enqueue(app, position)
            _wait_until_done(backup)
            assert _standings(backup, position) == 1
            start = time.monotonic()
            worker.terminate()
            worker.wait(timeout=10)
            assert time.monotonic() - start < 4


def test_jobs_that_wait_for_each_other_follow_without_a_pause(own: Database) -> None:
    with psycopg.connect(own.url("app"), autocommit=True) as app, psycopg.connect(own.url("backup")) as backup:
        position = _take_position(app)
        for _ in range(8):
            _enqueue(app, position)
        with process(own, "-m", "swingby.web.jobs.worker"):
            start = _wait_for_standing(backup, position)
            _wait_until_done(backup)
            assert time.monotonic() - start < 5


def test_the_job_of_a_worker_that_died_is_taken_back(own: Database) -> None:
    with psycopg.connect(own.url("app"), autocommit=True) as app, psycopg.connect(own.url("backup")) as backup:
        position = _take_position(app)
        _enqueue(app, position)
        app.execute(
            "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '11 seconds')"
            " RETURNING id) UPDATE procrastinate_jobs SET status = 'doing', worker_id = dead.id FROM dead"
            " WHERE task_name = 'assess_enrolment'"
        )
        with process(own, "-m", "swingby.web.jobs.worker"):
            _wait_until_done(backup)

        assert _standings(backup, position) == 1


@pytest.mark.parametrize(
    ("long", "soon"),
    [(LIVE_QUEUE, STANDINGS_QUEUE), *((LONG_QUEUE, queue) for queue in (LIVE_QUEUE, UPLOAD_QUEUE, MAIL_QUEUE))],
)
def test_nothing_that_takes_long_keeps_waiting_what_is_soon_done(own: Database, long: str, soon: str) -> None:
    with psycopg.connect(own.url("app"), autocommit=True) as app, psycopg.connect(own.url("backup")) as backup:
        position = _take_position(app)
        with psycopg.connect(own.url("app")) as holding:
            holding.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"standing:{OTHER}"])
            _enqueue(app, position, enrolment=OTHER, queue=long)
            with process(own, "-m", "swingby.web.jobs.worker"):
                _wait_for_lock(backup)
                _enqueue(app, position, queue=soon)
                _wait_for_standing(backup, position)
                assert _waiting(backup) == [OTHER]
                holding.rollback()
                _wait_until_done(backup)


def _wait_for_lock(backup: psycopg.Connection) -> None:
    """Until the other job waits for its turn: before, it could still take along what comes."""
    until = time.monotonic() + 20
    query = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    while backup.execute(query).fetchone() is None:
        assert time.monotonic() < until
        backup.rollback()
        time.sleep(0.05)
    backup.rollback()


def _waiting(backup: psycopg.Connection) -> list[str]:
    query = (
        "SELECT args ->> 'enrolment' FROM procrastinate_jobs WHERE task_name = 'assess_enrolment' AND status = 'doing'"
    )
    found = [row[0] for row in backup.execute(query).fetchall()]
    backup.rollback()
    return [key for key in found if key != ENROLMENT]


def _wait_for_standing(backup: psycopg.Connection, position: int) -> float:
    until = time.monotonic() + 20
    while _standings(backup, position) == 0:
        assert time.monotonic() < until
        backup.rollback()
        time.sleep(0.05)
    return time.monotonic()


def _take_position(app: psycopg.Connection) -> int:
    with app.transaction():
        app.execute("SELECT set_config('swingby.owner_orgs', '{harbor}', true)")
        row = app.execute(
            "INSERT INTO ref_positions (owner_org, position) SELECT 'harbor', max(position) + 1 FROM ref_positions"
            " WHERE owner_org = 'harbor' RETURNING position"
        ).fetchone()
    assert row is not None
    return int(row[0])


def _enqueue(
    app: psycopg.Connection, position: int, *, enrolment: str = ENROLMENT, queue: str = STANDINGS_QUEUE
) -> None:
    app.execute(
        "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(%s, 'assess_enrolment', 0, NULL, NULL,"
        " jsonb_build_object('owner', 'harbor', 'enrolment', %s::text, 'position', %s::bigint), NULL)"
        "::procrastinate_job_to_defer_v1])",
        [queue, enrolment, position],
    )


def _wait_until_done(backup: psycopg.Connection) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        row = backup.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'assess_enrolment'").fetchone()
        backup.rollback()
        if row == (0,):
            return
        time.sleep(0.05)
    raise AssertionError("The worker did not finish the job within 20 seconds.")


def _standings(backup: psycopg.Connection, position: int) -> int:
    row = backup.execute(
        "SELECT count(*) FROM standings WHERE enrolment = %s AND position = %s", [ENROLMENT, position]
    ).fetchone()
    assert row is not None
    return int(row[0])
