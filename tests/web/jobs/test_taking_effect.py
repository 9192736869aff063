"""A version takes effect while workers are busy, one of them killed, one with its clock before midnight."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import psycopg
import pytest
from psycopg.types.json import Jsonb

from swingby.web.server import Database
from tests.web.site import environment, own_database

pytestmark = pytest.mark.slow

FIRST_DAY, DAY_BEFORE = "2026-08-01", "2026-07-31"
ENROLMENTS = ("harbor-program-sedge", "harbor-program-sedge-north", "harbor-program-tarn")
ROUNDS = 8
PATIENCE = 60


@contextmanager
def worker(database: Database, *, today: str) -> Iterator[subprocess.Popen[bytes]]:
    started = subprocess.Popen(
        [sys.executable, "-m", "swingby.web.jobs.worker"],
        env={**environment(database, "app"), "SWINGBY_TODAY": today},
    )
    try:
        yield started
    finally:
        started.kill()
        started.wait(timeout=10)


@pytest.fixture(scope="module")
def own() -> Iterator[Database]:
    with own_database() as database:
        yield database


def test_everybody_ends_with_the_new_version_whoever_was_busy_when_it_took_effect(own: Database) -> None:
    key = subprocess.run(
        [sys.executable, "-m", "tests.web.jobs.announce"],
        env=environment(own, "app"), check=True, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip
    with psycopg.connect(own.url("app"), autocommit=True) as app, psycopg.connect(own.url("backup")) as backup:
        _enqueue_assessments(app)
        with worker(own, today=DAY_BEFORE) as late, worker(own, today=FIRST_DAY):
            _wait(backup, "SELECT count(*) > 0 FROM standings WHERE as_of >= '2026-07-31'")
            late.kill()
            _enqueue(app, "make_effective", owner="harbor", proposed=key)
            _enqueue_assessments(app)
            _wait(
                backup,
                "SELECT count(*) = 0 FROM procrastinate_jobs WHERE args ? 'enrolment' OR task_name = 'compare_version'",
            )

        assert _newest(backup) == [(name, date(2026, 8, 1), "2") for name in ENROLMENTS]
        assert backup.execute("SELECT state FROM proposed_versions WHERE id = %s", [key]).fetchone() == ("effective",)
        acts = backup.execute("SELECT act FROM version_acts WHERE proposed = %s ORDER BY id", [key]).fetchall()
        assert acts == [("draft",), ("ask",), ("approve",), ("announce",), ("take effect",)]


def _newest(backup: psycopg.Connection) -> list[tuple[object, ...]]:
    """The standing of each enrolment that counts: its day, and the version it was computed by."""
    backup.rollback()
    return backup.execute(
        "SELECT DISTINCT ON (s.enrolment) s.enrolment, s.as_of, v.version FROM standings s"
        " JOIN program_versions v ON v.id = s.program_version WHERE s.owner_org = 'harbor'"
        " ORDER BY s.enrolment, s.as_of DESC, s.position DESC, s.id DESC"
    ).fetchall()


def _enqueue_assessments(app: psycopg.Connection) -> None:
    for _ in range(ROUNDS):
        with app.transaction():
            app.execute("SELECT set_config('swingby.owner_orgs', '{harbor}', true)")
            row = app.execute(
                "INSERT INTO ref_positions (owner_org, position) SELECT 'harbor', max(position) + 1 FROM ref_positions"
                " WHERE owner_org = 'harbor' RETURNING position"
            ).fetchone()
            assert row is not None
            for enrolment in ENROLMENTS:
                _enqueue(app, "assess_enrolment", owner="harbor", enrolment=enrolment, position=row[0])


def _enqueue(app: psycopg.Connection, task: str, **keys: object) -> None:
    app.execute(
        "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('live', %s, 0, NULL, NULL, %s::jsonb, NULL)"
        "::procrastinate_job_to_defer_v1])",
        [task, Jsonb(keys)],
    )


def _wait(backup: psycopg.Connection, question: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        backup.rollback()
        if backup.execute(question).fetchone() == (True,):
            return
        time.sleep(0.1)
    rows = backup.execute("SELECT task_name, status, args, scheduled_at FROM procrastinate_jobs").fetchall()
    raise AssertionError(f"Not within {PATIENCE} seconds: {question}\n{rows}")
