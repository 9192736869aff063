"""People and credentials over the API: what the screen shows, as values."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from swingby.web.models import Dispute
from swingby.web.tenancy import act_for_owner
from tests.permissions.presenting import token_of
from tests.web.api.asking import get, post
from tests.web.portal.test_people import certify, counts, employ, nobody_yet, worked_out

__all__ = ["nobody_yet"]
pytestmark = pytest.mark.django_db
PEOPLE = "/partners/harbor-program-tarn/people"
PDF = SimpleUploadedFile("proof.pdf", b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")


def people(address: str = PEOPLE) -> Any:
    answer = get(address, person="partner-admin")
    assert answer.status_code == 200, answer.content
    return answer.json()


def missing(file: bytes | None = None, *, key: str = "", words: str = "Ada is missing.") -> Any:
    headers = {"Authorization": f"Bearer {token_of('partner-admin')}", **({"Idempotency-Key": key} if key else {})}
    said: dict[str, Any] = {"words": words}
    if file is not None:
        said["file"] = SimpleUploadedFile("proof.pdf", file)
    return Client().post(f"/api/v1{PEOPLE}/missing", data=said, headers=headers)


def test_a_person_is_told_with_credentials_and_what_they_count_for() -> None:
    with act_for_owner("harbor"):
        employ("ada")
        certify("ada", "2027-01-01")
        counts("expert-ada", "ada")
    found = people()

    assert found == {
        "items": [
            {
                "person": "ada",
                "name": None,
                "role": "engineering",
                "since": "2024-01-01",
                "until": None,
                "counts_for": [],
                "credentials": [
                    {
                        "record": "expert-ada",
                        "label": "Advanced",
                        "since": "2024-02-01",
                        "until": "2027-01-01",
                        "counts_for": ["experts"],
                    }
                ],
            }
        ],
        "total": 1,
        "next": None,
    }


def test_everybody_is_on_one_page_also_when_somebody_comes_between() -> None:
    with act_for_owner("harbor"):
        for nth in range(5):
            employ(f"person-{nth}")
    first = people(f"{PEOPLE}?limit=2")
    with act_for_owner("harbor"):
        employ("person-0b")
        employ("person-9")
    second = people(f"{PEOPLE}?limit=2&cursor={first['next']}")
    third = people(f"{PEOPLE}?limit=200&cursor={second['next']}")
    keys = [each["person"] for page in (first, second, third) for each in page["items"]]

    assert keys == ["person-0", "person-1", "person-2", "person-3", "person-4", "person-9"]
    assert (first["total"], third["next"]) == (5, None)


@pytest.mark.parametrize("cursor", ["x", "bm8", "e30", "WzFd", "WyJhXHUwMDAwIl0", "WyJcdWQ4MDAiXQ", "WyJhIiwgImIiXQ"])
def test_a_cursor_of_another_list_is_no_page(cursor: str) -> None:
    answer = get(f"{PEOPLE}?cursor={cursor}", person="partner-admin")

    assert (answer.status_code, answer.json()["code"]) == (404, "cursor")


def test_what_lapses_says_what_rests_on_it() -> None:
    with act_for_owner("harbor"):
        employ("ada")
        certify("ada", "2026-05-01")
        counts("expert-ada", "ada")
        worked_out(
            {
                "days": 60,
                "on": "2026-05-01",
                "rows": [
                    {
                        "ladder": "badge", "tier": "select", "number": "experts", "value": "0", "line": "1",
                        "records": ["expert-ada"],
                    }
                ],
            }
        )  # fmt: skip
    (line,) = people(f"{PEOPLE}/lapsing")["items"]

    assert (line["person"], line["until"], line["counts_for"]) == ("ada", "2026-05-01", ["experts"])
    assert line["rests"] == [
        {"tier": "Select", "label": "Experts", "unit": "", "value": "0", "threshold": "1", "on": "2026-05-01"}
    ]


def test_who_left_and_what_belongs_to_nobody() -> None:
    with act_for_owner("harbor"):
        employ("ada", "2026-02-01")
        certify("ada", "2027-01-01")
        counts("expert-ada", "ada", still=False)
    (left,), (loose,) = (people(f"{PEOPLE}/{name}")["items"] for name in ("gone", "unlinked"))

    assert (left["person"], left["until"], left["counted_for"]) == ("ada", "2026-02-01", ["experts"])
    assert (loose["person"], loose["record"]) == ("ada", "expert-ada")


def test_a_page_takes_as_many_statements_for_many_people_as_for_one() -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as found:
            people()
        return len(found)

    with act_for_owner("harbor"):
        employ("ada")
    people()
    one = statements()
    with act_for_owner("harbor"):
        for nth in range(20):
            employ(f"person-{nth}")
            certify(f"person-{nth}")

    assert statements() == one


def countable() -> None:
    """A number that counts people by what they hold."""
    with act_for_owner("harbor"):
        employ("ada")
        certify("ada")
        counts("expert-ada", "ada")
        worked_out()


def test_somebody_missing_is_a_case_with_its_file() -> None:
    countable()
    answer = missing(b"%PDF-1.4\n%%EOF\n")
    with act_for_owner("harbor"):
        row = Dispute.objects.select_related("file").get(pk=answer.json()["id"])

    assert answer.status_code == 201
    assert (row.number, row.line, row.words, row.file and row.file.media_type) == (
        "experts",
        "",
        "Ada is missing.",
        "application/pdf",
    )


def test_a_file_that_shows_nothing_is_refused_and_no_case_stands() -> None:
    countable()
    before = len(people_cases())
    answer = missing(b"#!/bin/sh\n")

    assert (answer.status_code, answer.json()["code"]) == (422, "refused")
    assert len(people_cases()) == before


def test_a_case_is_opened_once_for_a_key_and_not_for_another_file() -> None:
    countable()
    first, again = (missing(b"%PDF-1.4\n%%EOF\n", key="once") for _ in range(2))
    other = missing(b"%PDF-1.5\n%%EOF\n", key="once")

    assert (first.status_code, first.content == again.content, again["Idempotency-Replayed"]) == (201, True, "true")
    assert (other.status_code, other.json()["code"]) == (422, "key-reused")


def people_cases() -> list[str]:
    with act_for_owner("harbor"):
        return list(Dispute.objects.filter(enrolment="harbor-program-tarn").values_list("pk", flat=True))


@pytest.mark.parametrize("words", ["", "a\0b", "x" * 4001])
def test_words_that_cannot_be_kept_are_refused(words: str) -> None:
    countable()

    assert missing(words=words).status_code == 422


def test_a_body_in_json_is_no_form() -> None:
    assert post(f"{PEOPLE}/missing", {"words": "Ada."}, person="partner-admin").status_code == 422


@pytest.mark.parametrize("key", ["", "once"])
@pytest.mark.parametrize("media_type", ["multipart/form-data", "multipart/form-data; boundary=ü"])
def test_a_form_that_cannot_be_read_is_told(media_type: str, key: str) -> None:
    headers = {"Idempotency-Key": key} if key else {}
    countable()
    missing(key="once")  # What is kept under this key is compared with what cannot be read.
    answer = post(f"{PEOPLE}/missing", b"words=Ada", person="partner-admin", media_type=media_type, **headers)

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["detail"].startswith("The body is no form")
