"""Kills of web, worker and database while everybody works: what was acknowledged is there, once, and adds up."""

from __future__ import annotations

import json
import random
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable

import pytest

from tests.web.server.asking import (
    PATIENCE,
    Acknowledged,
    decide,
    dispute,
    everybody,
    register,
    report,
    run_nights,
    send_facts,
    send_file,
)
from tests.web.server.findings import findings, wait_for_jobs
from tests.web.server.host import Host, kill_often, running_host

pytestmark = [pytest.mark.slow, pytest.mark.kill]
ACTS = (send_facts, send_file, report, register, dispute, decide, run_nights)
AWAY_SECONDS = 20


@pytest.mark.parametrize("times", [12, pytest.param(488, marks=pytest.mark.long)])
def test_nothing_is_lost_whoever_is_killed(times: int) -> None:
    """A seed for each run; all is asked again with the same key until it is answered."""
    seed = random.SystemRandom().randrange(1_000_000)
    with running_host() as host:
        with everybody(host, ACTS) as done:
            killed = kill_often(host, times=times, dice=random.Random(seed))
        wait_for_jobs(host)
        sys.stdout.write(f"seed {seed}; killed {killed}; acknowledged {done.counts()}\n")
        assert findings(host, done) == []
    assert all(done.counts()[name] for name in ("facts", "files", "accepted", "answered", "decided"))


@pytest.mark.parametrize("times", [6, pytest.param(60, marks=pytest.mark.long)])
def test_no_registration_of_a_deal_is_lost_or_half_done(times: int) -> None:
    """Three register at once, by a form and by another system, and whoever approves them is cut off as well."""
    seed = random.SystemRandom().randrange(1_000_000)
    with running_host() as host:
        with everybody(host, (register, register, register)) as done:
            killed = kill_often(host, times=times, dice=random.Random(seed))
        wait_for_jobs(host)
        sys.stdout.write(f"seed {seed}; killed {killed}; acknowledged {done.counts()}\n")
        assert findings(host, done) == []
    assert done.approved


def test_a_job_that_may_not_run_twice_is_caught() -> None:
    """The same checks find a job that adds a fact each time it runs, when its worker is killed once."""
    with running_host(WORKER="tests.web.server.planted") as host:
        host.defer("add_bonus", owner="harbor", number="777")
        wait_for(lambda: host.rows("SELECT count(*) FROM fact_activities WHERE source = 'careless'") == [(1,)])
        host.kill("worker")
        host.start("worker")
        wait_for_jobs(host)
        found = findings(host, Acknowledged())

    assert [words for words in found if words.startswith("activity 777 counts more than once")] != []


def test_a_database_that_is_away_and_back() -> None:
    """For twenty seconds pages say so plainly; nothing that was acknowledged is lost, and jobs go on."""
    with running_host() as host:
        with everybody(host, ACTS) as done:
            time.sleep(3)
            host.kill("database")
            page, answer = refused(host, "/"), refused(host, "/api/v1/programs")
            time.sleep(AWAY_SECONDS)
            host.start("database")
            host.bring_back()
            host.wait_for_answer()
            time.sleep(3)
        host.bring_back()
        wait_for_jobs(host)
        assert findings(host, done) == []
    assert done.facts
    assert (page[0], "The database is away." in page[1]) == (503, True)
    assert (answer[0], json.loads(answer[1])["code"]) == (503, "away")


def refused(host: Host, path: str) -> tuple[int, str]:
    """What stands on a page that cannot be shown."""
    try:
        with urllib.request.urlopen(host.address + path, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def wait_for(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.05)
