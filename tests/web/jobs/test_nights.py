"""Nights in the worker's own process, killed in the midst: all is compared and begun in the end, and nothing twice."""

from __future__ import annotations

import random
import time

import psycopg
import pytest

from swingby.web.server import Database
from tests.web.site import own_database, process, run

pytestmark = [pytest.mark.slow, pytest.mark.kill]
SEED = 20_260_331
KILLS = 2
#: What the migration does for owners that were there before it.
BEGIN = """
import importlib, django
django.setup()
from django.db import connection
migration = importlib.import_module("swingby.web.migrations.0091_nightly_policies")
with connection.schema_editor() as editor:
    migration.begin_nights(None, editor)
"""
FACT = """
WITH taken AS (INSERT INTO ref_positions (owner_org, position) SELECT 'harbor', max(position) + 1 FROM ref_positions
               WHERE owner_org = 'harbor' RETURNING position)
INSERT INTO fact_activities (fact_id, position, source, happened_on, organization, kind, status, owner_org, partner_org)
SELECT 'never-assessed', position, 'tests', DATE '2026-03-02', 'tarn', 'plan_reviewed', 'accepted', 'harbor', 'tarn'
FROM taken
"""


def test_a_night_survives_the_death_of_its_worker() -> None:
    print(f"seed {SEED}")  # noqa: T201 - shown when the test fails
    dice = random.Random(SEED)
    with own_database() as database, psycopg.connect(database.url("backup"), autocommit=True) as backup:
        _lose_a_fact(database)
        before = _count(backup, "SELECT count(*) FROM standings")
        run(database, "owner", "-c", BEGIN)
        run(database, "owner", "-c", BEGIN)
        asked = backup.execute(
            "SELECT args ->> 'owner' FROM procrastinate_jobs WHERE task_name = 'run_night' ORDER BY 1"
        )
        assert asked.fetchall() == [("harbor",), ("quay",)]
        for _ in range(KILLS):
            with process(database, "-m", "swingby.web.jobs.worker") as worker:
                time.sleep(1 + 4 * dice.random())
                worker.kill()
        with process(database, "-m", "swingby.web.jobs.worker"):
            _wait(backup, "SELECT count(*) = 2 FROM nightly_runs WHERE day = '2026-03-31' AND finished_at IS NOT NULL")
            _wait(
                backup, "SELECT count(*) = 0 FROM procrastinate_jobs WHERE scheduled_at IS NULL AND status <> 'failed'"
            )
        assert _count(backup, "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'") == 0
        assert _count(backup, "SELECT count(*) FROM nightly_runs WHERE day = '2026-03-31' AND failures <> '[]'") == 0
        # The lost fact is an alarm, once, however often the night was tried. Others of the small world hold examples.
        rows = backup.execute(
            "SELECT enrolment FROM disagreements WHERE settled_on IS NULL AND known_at > stored_position"
        )
        alarms = [row[0] for row in rows.fetchall()]
        assert alarms.count("harbor-program-tarn") == 1
        assert len(alarms) == len(set(alarms))
        assert _count(backup, "SELECT count(*) FROM standings") == before
        tomorrow = backup.execute(
            "SELECT args ->> 'owner' FROM procrastinate_jobs WHERE task_name = 'run_night' ORDER BY 1"
        )
        assert tomorrow.fetchall() == [("harbor",), ("quay",)]


def _lose_a_fact(database: Database) -> None:
    with psycopg.connect(database.url("app")) as app:
        app.execute("SELECT set_config('swingby.owner_orgs', '{harbor}', true)")
        app.execute(FACT)


def _count(backup: psycopg.Connection, query: str) -> int:
    row = backup.execute(query).fetchone()
    assert row is not None
    return int(row[0])


def _wait(backup: psycopg.Connection, query: str) -> None:
    until = time.monotonic() + 90
    while not _count(backup, query):
        assert time.monotonic() < until, backup.execute(
            "SELECT task_name, status, args FROM procrastinate_jobs"
        ).fetchall()
        time.sleep(0.1)
