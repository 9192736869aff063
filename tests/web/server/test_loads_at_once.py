"""Two loads of one list at the same moment in two processes: no row twice, none lost, and each says what it did itself."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import psycopg
import pytest

from tests.web.server.asking import PROGRAM, System
from tests.web.server.findings import wait_for_jobs
from tests.web.server.host import Host, running_host
from tests.web.site import environment

pytestmark = [pytest.mark.slow, pytest.mark.kill]
PATIENCE = 120.0
TOLD = ("new", "changed", "same", "wrong", "repeated", "withdrawn", "waiting", "vanished")


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with running_host() as running:
        yield running


def activities(source: str, *, partner: str, days: Sequence[int]) -> tuple[str, str]:
    """A file of plan reviews of one partner, and how it is read; no two tests have a partner in common."""
    columns = ("fact_id", "organization", "kind", "happened_on")
    lines = [f"{source}-{day},{partner},plan_reviewed,2026-03-{day:02}" for day in days]
    said = {"read": "*", "as": "activities", "source": source, "columns": {name: name for name in columns}}
    return "\n".join([",".join(columns), *lines, ""]), json.dumps({"files": [said]})


def partners(*, days: Sequence[int]) -> tuple[str, str]:
    """A list of organizations, and how it is read."""
    columns = ("organization", "name", "country")
    lines = [f"new-{day},New Example {day},SE" for day in days]
    said = {"read": "*", "as": "organizations", "columns": {name: name for name in columns}}
    return "\n".join([",".join(columns), *lines, ""]), json.dumps({"files": [said]})


def sent(host: Host, file: tuple[str, str], *, dry_run: bool) -> str:
    """Send a file; its key."""
    border, (text, mapping) = uuid.uuid4().hex, file
    parts = {'name="mapping"': mapping, 'name="dry_run"': str(dry_run).lower(), 'name="file"; filename="a.csv"': text}
    body = "".join(
        f"--{border}\r\nContent-Disposition: form-data; {name}\r\n\r\n{value}\r\n" for name, value in parts.items()
    )
    media_type = f"multipart/form-data; boundary={border}"
    answer = System(host, "operations").post(
        f"{PROGRAM}/loads", f"{body}--{border}--\r\n".encode(), media_type=media_type
    )
    return str(answer["id"])


def become(host: Host, act: str, *keys: str) -> None:
    """Processes do the same act at the same moment: all are ready to write before one may."""
    asked = ("-m", "tests.web.server.handle")
    settings = {**environment(host.database, "app"), **host.settings}
    with held_back(host, act, waiting=len(keys)):
        running = [subprocess.Popen([sys.executable, *asked, key, act], env=settings) for key in keys]
    assert [each.wait(timeout=PATIENCE) for each in running] == [0] * len(keys)


#: Act -> what its writing waits for first.
_FIRST = {
    "check": "LOCK TABLE upload_tables IN SHARE MODE",
    "load": "SELECT pg_advisory_xact_lock(hashtextextended('swingby position of ' || 'harbor', 0))",
}


@contextmanager
def held_back(host: Host, act: str, *, waiting: int) -> Iterator[None]:
    """Nobody writes until so many wait for it."""
    with psycopg.connect(host.database.url("app")) as connection:
        connection.execute(_FIRST[act])
        yield
        until = time.monotonic() + PATIENCE
        while host.rows("SELECT count(*) FROM pg_locks WHERE NOT granted") != [(waiting,)]:
            assert time.monotonic() < until
            time.sleep(0.05)


def said_of(host: Host, key: str) -> tuple[Any, ...]:
    """What a batch says of itself: state, positions, partners that moved, rows by what became of them."""
    state, problem, positions, moves = host.rows(
        "SELECT state, problem, positions, moves FROM uploads WHERE id = %s", key
    )[0]
    assert problem == ""
    tables = host.rows(f"SELECT rows, {', '.join(TOLD)} FROM upload_tables WHERE upload = %s", key)
    counts = [{name: n for name, n in zip(("rows", *TOLD), row, strict=True) if n} for row in tables]
    return state, len(positions), [move["direction"] for move in moves], counts  # type: ignore[arg-type,attr-defined]


def standing(host: Host, source: str) -> list[tuple[object, ...]]:
    return host.rows(
        "SELECT fact_id FROM fact_activities WHERE source = %s AND reversed_position IS NULL ORDER BY 1", source
    )


def is_whole(host: Host) -> bool:
    return host.rows("SELECT count(*) = max(position) FROM ref_positions WHERE owner_org = 'harbor'") == [(True,)]


@contextmanager
def checked(host: Host, *files: tuple[str, str]) -> Iterator[list[str]]:
    """Files that were checked, while no worker runs any more."""
    keys = [sent(host, file, dry_run=True) for file in files]
    wait_for_jobs(host)
    host.kill("worker")
    yield keys
    host.start("worker")
    wait_for_jobs(host)
    assert is_whole(host)


def ask_to_load(host: Host, *keys: str) -> None:
    for key in keys:
        System(host, "operations").post(f"/api/v1/loads/{key}/load", {})


def test_two_processes_load_one_list_of_facts(host: Host) -> None:
    file = activities("twice", partner="fall-9", days=range(1, 21))
    with checked(host, file, file) as keys:
        assert [said_of(host, key) for key in keys] == [("checked", 0, ["up"], [{"rows": 20, "new": 20}])] * 2
        ask_to_load(host, *keys)
        become(host, "load", *keys)

        assert sorted((said_of(host, key) for key in keys), key=lambda said: said[1]) == [
            ("loaded", 0, [], [{"rows": 20, "same": 20}]),
            ("loaded", 1, ["up"], [{"rows": 20, "new": 20}]),
        ]
        assert len(standing(host, "twice")) == 20


def test_two_processes_load_lists_of_facts_that_share_rows(host: Host) -> None:
    files = (
        activities("shared", partner="fall-10", days=range(1, 11)),
        activities("shared", partner="fall-10", days=range(6, 16)),
    )
    with checked(host, *files) as keys:
        ask_to_load(host, *keys)
        become(host, "load", *keys)

        assert sorted(said_of(host, key)[3][0].get("new", 0) for key in keys) == [5, 10]
        assert len(standing(host, "shared")) == 15


def test_two_processes_load_one_list_of_partners(host: Host) -> None:
    file = partners(days=range(1, 6))
    with checked(host, file, file) as keys:
        ask_to_load(host, *keys)
        become(host, "load", *keys)

        assert sorted((said_of(host, key) for key in keys), key=lambda said: said[1]) == [
            ("loaded", 0, [], [{"rows": 5, "same": 5}]),
            ("loaded", 1, [], [{"rows": 5, "new": 5}]),
        ]
        known = host.rows(
            "SELECT count(*), count(DISTINCT organization) FROM ref_organizations WHERE starts_with(name, 'New')"
        )
        assert known == [(5, 5)]
        assert host.rows("SELECT count(*) FROM organizations WHERE starts_with(id, 'new-')") == [(5,)]


def test_one_load_that_two_processes_take_is_done_once(host: Host) -> None:
    """A worker that was silent for a while is taken for dead: its job goes to another one, and then it goes on."""
    with checked(host, activities("silent", partner="fall-11", days=range(1, 6))) as keys:
        ask_to_load(host, *keys)
        become(host, "load", *keys * 2)

        assert said_of(host, keys[0])[1:] == (1, ["up"], [{"rows": 5, "new": 5}])
        assert len(standing(host, "silent")) == 5


def test_one_check_that_two_processes_take_tells_every_row_once(host: Host) -> None:
    with checked(host, activities("checked", partner="fall-12", days=range(1, 6))) as keys:
        set_state(host, keys[0], "checking")
        become(host, "check", *keys * 2)

        assert said_of(host, keys[0]) == ("checked", 0, ["up"], [{"rows": 5, "new": 5}])


def set_state(host: Host, key: str, state: str) -> None:
    with psycopg.connect(host.database.url("app")) as connection:
        connection.execute("SELECT set_config('swingby.owner_orgs', '{harbor}', true)")
        assert connection.execute("UPDATE uploads SET state = %s WHERE id = %s", [state, key]).rowcount == 1


def test_a_snapshot_that_takes_much_away_by_now_is_stopped(host: Host) -> None:
    """When it was checked the ten that it does not name were not there."""
    text, mapping = activities("whole", partner="fall-13", days=range(1, 6))
    snapshot = text, mapping.replace('"source"', '"mode": "snapshot", "source"')
    with checked(host, snapshot, activities("whole", partner="fall-13", days=range(1, 16))) as keys:
        ask_to_load(host, keys[1], keys[0])
    state, stopped, problem = host.rows("SELECT state, stopped, problem FROM uploads WHERE id = %s", keys[0])[0]
    assert (state, len(standing(host, "whole"))) == ("checked", 15)
    assert str(problem).startswith(str(stopped))
    assert str(stopped).startswith("The delivery would reverse 67 % of activities")


def test_two_workers_take_files_that_came_at_the_same_moment(host: Host) -> None:
    """As it is when an old worker is still there while the new one has begun."""
    file = activities("workers", partner="fall-14", days=range(1, 21))
    child = ("-m", "swingby.web.server.child", "module", "swingby.web.jobs.worker")
    settings = {**environment(host.database, "app"), **host.settings}
    with ExitStack() as stack:
        second = subprocess.Popen([sys.executable, *child], env=settings, stderr=subprocess.DEVNULL)
        stack.callback(second.wait)
        stack.callback(second.kill)
        keys = [sent(host, file, dry_run=False) for _ in range(4)]
        wait_for_jobs(host)
    found = sorted(said_of(host, key)[1:] for key in keys)
    assert [each[0] for each in found] == [0, 0, 0, 1]
    assert [each[2] for each in found] == [[{"rows": 20, "same": 20}]] * 3 + [[{"rows": 20, "new": 20}]]
    assert len(standing(host, "workers")) == 20
    assert is_whole(host)
