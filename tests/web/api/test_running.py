"""The API of a running application: requests at the same time, and everything that its description allows."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg
import pytest

from swingby.web.server import Database
from tests.permissions.presenting import token_of
from tests.web.site import own_database, web_server

pytestmark = pytest.mark.slow
AT_ONCE, SEED, EXAMPLES = 8, 1, 4
HERE = Path(__file__).parent
DONE = {"organization": "tarn", "kind": "plan_reviewed", "happened_on": "2026-03-20"}
FACTS = "/programs/harbor-program/facts"


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    with own_database() as database:
        yield database


@pytest.fixture(scope="module")
def address(database: Database) -> Iterator[str]:
    with patch.dict(os.environ, {"SWINGBY_API_PER_MINUTE": "1000000"}), web_server(database) as address:
        yield f"{address}/api/v1"


def post(address: str, body: Any, **headers: str) -> tuple[int, dict[str, Any]]:
    said = {"Authorization": f"Bearer {token_of('manager')}", "Content-Type": "application/json", **headers}
    request = urllib.request.Request(address, json.dumps(body).encode(), said)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.status, json.loads(answer.read())


def at_once(address: str, body: Any, **headers: str) -> list[tuple[int, dict[str, Any]]]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda _: post(address, body, **headers), range(AT_ONCE)))


def rows(database: Database, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(database.url("backup")) as connection:
        return connection.execute(query.encode()).fetchall()


def test_a_fact_that_comes_many_times_at_once_is_written_once(database: Database, address: str) -> None:
    body = {"kind": "activities", "source": "at once", "id": "a-1", "values": DONE}
    answers = at_once(address + FACTS, body)
    outcomes = Counter(answer["outcome"] for _, answer in answers)

    assert outcomes == {"new": 1, "same": AT_ONCE - 1}
    assert rows(database, "SELECT fact_id FROM fact_activities WHERE source = 'at once'") == [("a-1",)]


def test_a_key_that_comes_many_times_at_once_acts_once(database: Database, address: str) -> None:
    answers = at_once(f"{address}/partners/harbor-program-tarn/notes", {"text": "At once."}, **{"Idempotency-Key": "k"})

    assert answers == [answers[0]] * AT_ONCE
    assert rows(database, "SELECT count(*) FROM notes WHERE text = 'At once.'") == [(1,)]


def test_somebody_who_is_invited_many_times_at_once_is_one_person(database: Database, address: str) -> None:
    body = {"email": "at.once@tarn.test", "name": "At Once", "role": "partner_member"}
    token = {"Authorization": f"Bearer {token_of('partner-admin')}"}
    answers = at_once(f"{address}/organizations/tarn/invitations", body, **token)

    assert {(status, answer["id"]) for status, answer in answers} == {(201, answers[0][1]["id"])}
    assert rows(database, "SELECT count(*) FROM people WHERE email = 'at.once@tarn.test'") == [(1,)]


def test_of_many_who_decide_a_line_at_once_one_does(database: Database, address: str) -> None:
    body = {"act": "hold", "words": "At once."}
    line = "harbor-program-tarn-line-waits"

    def status(_: int) -> int:
        try:
            return post(f"{address}/review-lines/{line}/decide", body)[0]
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = Counter(pool.map(status, range(AT_ONCE)))

    assert answers == {200: 1, 409: AT_ONCE - 1}
    assert rows(database, f"SELECT count(*) FROM review_acts WHERE line = '{line}' AND act = 'hold'") == [(1,)]


def test_many_who_are_given_vouchers_at_once_overdraw_no_budget(database: Database, address: str) -> None:
    """Three are free and two of them cost; the budget has room for one of the two."""
    with psycopg.connect(database.url("app")) as connection:
        connection.execute("SELECT set_config('swingby.partner_orgs', '{tarn}', true)")
        connection.execute("UPDATE voucher_budgets SET amount = 1200 WHERE organization = 'tarn' AND given = 900")
    people = ("partner-admin", "partner-finance", "partner-manager")

    def status(person: str) -> tuple[int, str]:
        token = {"Authorization": f"Bearer {token_of('partner-admin')}"}
        try:
            body = {"learner": f"{person}-key", "code": "expert"}
            return post(f"{address}/firms/tarn/vouchers/give", body, **token)[0], ""
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read())["issues"][0]["code"]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = Counter(pool.map(status, people * 3))
    given = rows(database, "SELECT given FROM voucher_budgets WHERE organization = 'tarn'")
    held = rows(database, "SELECT count(*) FROM vouchers WHERE partner_org = 'tarn' AND state = 'given' AND is_bought")

    assert (answers.pop((200, "")), set(answers)) == (2, {(422, "has-one"), (422, "budget")})
    assert (given, held) == ([(1200,)], [(1,)])


def test_a_badge_that_is_made_many_times_at_once_is_one(database: Database, address: str) -> None:
    with psycopg.connect(database.url("app")) as connection:
        for name in ("owner_orgs", "partner_orgs"):
            connection.execute("SELECT set_config(%s, '{tarn}', true)", [f"swingby.{name}"])
        connection.execute(
            "INSERT INTO fact_credentials (owner_org, partner_org, fact_id, position, source, person, code, starts_on)"
            " VALUES ('tarn', 'tarn', 'at-once', 1, 'example', 'partner-member-key', 'expert', '2025-06-01')"
        )
        connection.execute(
            "INSERT INTO fact_employments (owner_org, partner_org, fact_id, position, source, person, organization, role,"
            " starts_on) VALUES ('tarn', 'tarn', 'at-once', 1, 'example', 'partner-member-key', 'tarn', 'engineering',"
            " '2024-01-01')"
        )
    token = {"Authorization": f"Bearer {token_of('partner-member')}"}
    answers = at_once(f"{address}/firms/tarn/badges/own", {"code": "expert"}, **token)

    assert {(status, answer["id"]) for status, answer in answers} == {(201, answers[0][1]["id"])}
    assert rows(database, "SELECT count(*) FROM badges WHERE code = 'expert'") == [(1,)]


def test_positions_have_no_gap_after_all_that(database: Database, address: str) -> None:
    for number in range(3):
        post(address + FACTS, {"kind": "activities", "source": "gap", "id": str(number), "values": DONE})
        post(address + FACTS, {"kind": "activities", "source": "gap", "id": str(number), "values": DONE})
    found = [
        row[0] for row in rows(database, "SELECT position FROM ref_positions WHERE owner_org = 'harbor' ORDER BY 1")
    ]

    assert found == list(range(1, len(found) + 1))


@pytest.mark.long
@pytest.mark.parametrize("person", ["manager", "partner-admin"])
def test_every_answer_is_as_described(address: str, person: str, tmp_path: Path) -> None:
    command = shutil.which("schemathesis", path=f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}")
    if command is None:
        pytest.skip("schemathesis is missing: install the requirements anew")
    done = subprocess.run(
        [
            *(command, "--config-file", str(HERE / "schemathesis.toml"), "run", f"{address}/openapi.json"),
            *("--header", f"Authorization: Bearer {token_of(person)}", "--phases", "examples,coverage,fuzzing"),
            *("--max-examples", str(EXAMPLES), "--seed", str(SEED), "--continue-on-failure", "--no-color"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-6000:]
