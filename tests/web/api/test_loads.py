"""Files of facts over the API: one job with a state, tried first if asked, wrong rows back, the same again no harm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from swingby.web.domain.uploading import handle_upload
from swingby.web.tenancy import act_for_owner
from tests.permissions.presenting import token_of
from tests.web.api.asking import get, post

pytestmark = pytest.mark.django_db
LOADS = "/programs/harbor-program/loads"
MAPPING = """\
files:
  - read: "*"
    as: activities
    source: lms
    columns: {fact_id: fact_id, organization: organization, kind: kind, happened_on: happened_on}
"""
HEAD = "fact_id,organization,kind,happened_on"
ROWS = ("B1,tarn,plan_reviewed,2026-03-10", "B2,sedge,plan_reviewed,2026-03-11", "B3,tarn,plan_reviewed,2026-02-30")
CSV = "\n".join([HEAD, *ROWS]).encode()


@pytest.fixture(autouse=True)
def files(settings: Settings, tmp_path: Path) -> None:
    settings.SWINGBY_FILES = str(tmp_path)


def lines() -> bytes:
    names = HEAD.split(",")
    pairs = [dict(zip(names, row.split(","), strict=True)) for row in ROWS]
    return "\n".join(str(pair).replace("'", '"') for pair in pairs).encode()


def parquet(folder: Path) -> bytes:
    values = ", ".join("(" + ", ".join(f"'{word}'" for word in row.split(",")) + ")" for row in ROWS)
    file = folder / "march.parquet"
    duckdb.execute(f"COPY (SELECT * FROM (VALUES {values}) AS t ({HEAD})) TO '{file}' (FORMAT parquet)")
    return file.read_bytes()


def send(
    content: bytes = CSV, name: str = "march.csv", *, person: str = "operations", key: str = "", **form: str
) -> Any:
    headers = {"Authorization": f"Bearer {token_of(person)}", **({"Idempotency-Key": key} if key else {})}
    said = {"mapping": MAPPING, **form, "file": SimpleUploadedFile(name, content)}
    return Client().post(f"/api/v1{LOADS}", data=said, headers=headers)


def work(key: str) -> dict[str, Any]:
    """What the worker does, until nothing waits."""
    for act in ("check", "load", "undo"):
        handle_upload(key, owner="harbor", act=act)
    answer: dict[str, Any] = get(f"/loads/{key}", person="operations").json()
    return answer


def stored() -> list[str]:
    with act_for_owner("harbor"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT fact_id FROM fact_activities WHERE source = 'lms' AND reversed_position IS NULL ORDER BY fact_id"
        )
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.parametrize("name", ["march.csv", "march.ndjson", "march.parquet"])
def test_a_file_is_one_job_that_loads_what_is_right(name: str, tmp_path: Path) -> None:
    content = {"csv": CSV, "ndjson": lines(), "parquet": parquet(tmp_path)}[name.rpartition(".")[2]]
    sent = send(content, name)
    assert (sent.status_code, sent.json()["state"]) == (202, "checking")
    done = work(sent.json()["id"])

    assert (done["state"], done["dry_run"], len(done["positions"])) == ("loaded", False, 1)
    assert [(each["table"], each["rows"], each["new"], each["wrong"]) for each in done["tables"]] == [
        ("activities", 3, 2, 1)
    ]
    assert [(each["line"], each["column"], each["reason"]) for each in done["issues"]] == [
        (4 if name != "march.parquet" else 3, "happened_on", "There is no such day.")
    ]
    assert stored() == ["B1", "B2"]


def test_wrong_rows_come_back_with_their_line_and_reason() -> None:
    key = send().json()["id"]
    work(key)
    answer = get(f"/loads/{key}/wrong-rows", person="operations")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")

    assert text.splitlines() == [
        "file,line,column,value,code,reason,hint",
        'march.csv,4,happened_on,2026-02-30,date-impossible,There is no such day.,""',
    ]


def test_a_dry_run_writes_nothing_until_it_is_loaded() -> None:
    key = send(dry_run="true").json()["id"]
    tried = work(key)
    assert (tried["state"], tried["tables"][0]["new"], stored()) == ("checked", 2, [])

    asked = post(f"/loads/{key}/load", {}, person="operations")
    assert (asked.status_code, asked.json()["state"]) == (202, "loading")
    assert (work(key)["state"], stored()) == ("loaded", ["B1", "B2"])


def test_the_same_file_again_changes_nothing() -> None:
    first = work(send().json()["id"])
    again = work(send().json()["id"])

    assert (again["state"], again["positions"], again["tables"][0]["same"]) == ("loaded", [], 2)
    assert first["sha256"] == again["sha256"]


def test_the_same_key_is_the_same_file_and_no_other() -> None:
    first, again, other = send(key="k-1"), send(key="k-1"), send(CSV + b"\n", key="k-1")

    assert again.json() == first.json()
    assert again["Idempotency-Replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "key-reused")


def test_a_file_is_taken_back() -> None:
    key = send().json()["id"]
    work(key)
    asked = post(f"/loads/{key}/undo", {}, person="operations")

    assert asked.status_code == 202
    assert (work(key)["state"], stored()) == ("undone", [])


def test_a_file_that_nobody_can_read_is_refused_and_not_kept() -> None:
    unclear = send(b"a,b\n1,2\n", mapping="")
    unknown = send(kind="activitys", mapping="")
    broken = send(b'{"fact_id": "B1"}\n{"fact_id": ["B2"]}', "march.ndjson")

    assert (unclear.status_code, unclear.json()["issues"][0]["location"]) == (422, "form.mapping")
    assert (unknown.status_code, unknown.json()["detail"][:30]) == (422, 'There is no kind "activitys". ')
    assert (broken.status_code, broken.json()["detail"]) == (
        422,
        "Line 2 cannot be read: a column holds a list or an object. Send one object in each line, with plain values.",
    )
    assert [each["name"] for each in get(LOADS, person="operations").json()["items"]] == ["example.csv"]


def test_the_list_shows_the_newest_first() -> None:
    send(name="first.csv")
    send(name="second.csv")

    names = [each["name"] for each in get(LOADS, person="operations").json()["items"]]
    assert [name for name in names if name != "example.csv"] == ["second.csv", "first.csv"]
