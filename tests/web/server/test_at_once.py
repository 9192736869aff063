"""Two people who decide at the same moment: exactly one does, the other one reads by whom. Real requests and connections."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import sql

from tests.web.server.asking import System, Visitor, lines_that_wait
from tests.web.server.host import Host, running_host

pytestmark = [pytest.mark.slow, pytest.mark.kill]
PATIENCE = 30.0
PEOPLE = ("manager", "second-manager")


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with running_host() as running:
        yield running


@contextmanager
def held(host: Host, table: str, key: str) -> Iterator[None]:
    """Hold a row until both wait for it, so that they decide at the same moment."""
    with psycopg.connect(host.database.url("app")) as connection:
        connection.execute("SELECT set_config('swingby.owner_orgs', '{harbor}', true)")
        found = connection.execute(
            sql.SQL("SELECT id FROM {} WHERE id = %s FOR UPDATE").format(sql.Identifier(table)), [key]
        )
        assert found.fetchall() == [(key,)]
        yield
        wait_until_two_wait(host)


def wait_until_two_wait(host: Host) -> None:
    until = time.monotonic() + PATIENCE
    while host.rows("SELECT count(*) FROM pg_locks WHERE NOT granted") != [(2,)]:
        assert time.monotonic() < until
        time.sleep(0.05)


def at_once(host: Host, table: str, key: str, act: Callable[[str], str]) -> list[str]:
    with ThreadPoolExecutor(len(PEOPLE)) as pool:
        with held(host, table, key):
            asked = [pool.submit(act, person) for person in PEOPLE]
        return sorted(each.result(timeout=PATIENCE) for each in asked)


def told(host: Host, path: str, body: dict[str, str]) -> Callable[[str], str]:
    """Post as somebody: done, or what the refusal says."""

    def act(person: str) -> str:
        try:
            System(host, person).post(path, body)
        except AssertionError as error:
            return f"refused: {error}"
        return f"done by {person}"

    return act


def test_two_accept_one_report(host: Host) -> None:
    said = {"kind": "plan_reviewed", "happened_on": "2026-03-06", "quantity": "1"}
    key = System(host, "partner-admin").post("/api/v1/partners/harbor-program-tarn/reports", said)["id"]
    done, refused = at_once(host, "activity_reports", key, told(host, f"/api/v1/reports/{key}/accept", {}))

    winner = done.removeprefix("done by ").capitalize()
    assert ": 409 " in refused
    assert f"{winner} was faster with this report: accepted." in refused
    assert host.rows("SELECT count(*) FROM fact_activities WHERE quantity = 1") == [(1,)]


def test_two_register_one_customer(host: Host) -> None:
    """Both looked whether the customer is registered before either was, and both were told that it is theirs."""
    said = {"customer": "Doubled Clinics", "words": "They ask for a quote."}
    act = told(host, "/api/v1/partners/harbor-program-tarn/registrations", said)
    with ThreadPoolExecutor(2) as pool:
        with psycopg.connect(host.database.url("app")) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('registrations:harbor-program-tarn', 0))")
            asked = [pool.submit(act, "partner-admin") for _ in range(2)]
            wait_until_two_wait(host)
        refused, done = sorted((each.result(timeout=PATIENCE) for each in asked), reverse=True)

    assert done == "done by partner-admin"
    assert ": 422 " in refused
    assert "Doubled Clinics is registered by you already" in refused
    assert host.rows("SELECT count(*) FROM deal_registrations WHERE customer = 'Doubled Clinics'") == [(1,)]


def test_two_answer_one_dispute(host: Host) -> None:
    key = "harbor-program-tarn-dispute"
    body = {"answer": "decline", "words": "It is right."}
    done, refused = at_once(host, "disputes", key, told(host, f"/api/v1/disputes/{key}/answer", body))

    winner = done.removeprefix("done by ").capitalize()
    assert f"not open any more: {winner} was faster, and it is declined." in refused
    assert host.rows("SELECT answered_by FROM disputes WHERE id = %s", key) == [(winner.lower(),)]


def test_two_decide_one_line(host: Host) -> None:
    line, review, _ = map(str, lines_that_wait(host)[0])
    page = f"/console/harbor/reviews/{review}/lines/{line}/"
    visitors = {person: Visitor(host, person) for person in PEOPLE}
    for visitor in visitors.values():
        visitor.sign_in()

    def act(person: str) -> str:
        led = visitors[person].press(page, page, act="approve", words="As the review says.")
        text = led[1] if led else ""
        faster = re.search(r"This line has moved on: [^.]*\.", text)
        return faster[0] if faster else f"Approved by {person}" if "Approved." in text else text

    done, refused = at_once(host, "review_lines", line, act)
    winner = done.removeprefix("Approved by ").capitalize()
    assert refused == f"This line has moved on: {winner} was faster, and it is approved."
    assert host.rows("SELECT act, person FROM review_acts WHERE line = %s", line) == [("approve", winner.lower())]
