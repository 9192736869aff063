"""A full disk behind a form, behind the API, and under the database: said in words, and nothing is kept by half."""

from __future__ import annotations

import errno
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from psycopg import errors
from pytest_django.fixtures import Settings

from swingby.web.domain.reports import return_report, submit_report
from swingby.web.full_disk import is_full_disk
from swingby.web.models import ReportState, Upload
from tests.permissions.presenting import token_of
from tests.web.acting import acting, signed_in, the_enrolment
from tests.web.small_disk import full_disk as full_disk  # noqa: PLC0414 - a fixture that this file uses

pytestmark = pytest.mark.django_db

REPORT = "/partner/harbor-program-tarn/reports/new/"
LOADS = "/api/v1/programs/harbor-program/loads"
LARGE = b"%PDF-1.7 " + b"x" * 900_000
FULL = "The disk of this server is full"


def _report(client: Client, address: str = REPORT) -> Any:
    said = {
        "kind": "plan_reviewed",
        "happened_on": "2026-03-20",
        "details": "We met in Sallowby",
        "evidence": SimpleUploadedFile("list.pdf", LARGE),
    }
    return client.post(address, said)


def _load() -> Any:
    said = {"file": SimpleUploadedFile("march.csv", b"fact_id,kind\n" + b"B1,talk\n" * 120_000)}
    return Client(raise_request_exception=False).post(
        LOADS, said, headers={"Authorization": f"Bearer {token_of('operations')}"}
    )


def _reports() -> int:
    with acting("partner-admin"):
        return the_enrolment().reports.count()


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_the_form_says_that_the_file_has_no_room(full_disk: Path, settings: Settings) -> None:
    settings.SWINGBY_FILES = str(full_disk)
    before = _reports()
    answer = _report(signed_in("partner-admin"))

    page = answer.content.decode()
    assert (answer.status_code, FULL in page) == (200, True)
    assert "We met in Sallowby" in page, "what was written is kept"
    assert (_reports(), _files(full_disk)) == (before, [])


def test_a_correction_whose_file_has_no_room_still_waits_to_be_sent(full_disk: Path, settings: Settings) -> None:
    with acting("partner-admin") as actor:
        key = submit_report(the_enrolment(), actor=actor, kind="plan_reviewed", happened_on=date(2026, 3, 20)).pk
    with acting("manager") as actor:
        return_report(the_enrolment().reports.get(pk=key), actor=actor, answer="Please name the customer.")
    settings.SWINGBY_FILES = str(full_disk)
    answer = _report(signed_in("partner-admin"), f"/partner/harbor-program-tarn/reports/{key}/")

    assert (answer.status_code, FULL in answer.content.decode()) == (200, True)
    with acting("partner-admin"):
        found = the_enrolment().reports.get(pk=key)
        assert (found.state, found.details, found.files.count()) == (ReportState.RETURNED, "", 0)


def test_a_form_that_has_no_room_on_its_way_in_is_answered_in_words(full_disk: Path, settings: Settings) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(full_disk)
    before, client = _reports(), signed_in("partner-admin")
    client.raise_request_exception = False
    answer = _report(client)

    assert (answer.status_code, FULL in answer.content.decode()) == (507, True)
    assert (_reports(), _files(full_disk)) == (before, [])


@pytest.mark.parametrize("setting", ["SWINGBY_FILES", "FILE_UPLOAD_TEMP_DIR"])
def test_the_api_says_so_too_and_keeps_no_load(full_disk: Path, settings: Settings, setting: str) -> None:
    setattr(settings, setting, str(full_disk))
    with acting("operations"):
        before = Upload.objects.count()
    answer = _load()

    assert answer.headers["Content-Type"] == "application/problem+json"
    assert FULL in answer.json()["detail"]
    assert (answer.status_code, answer.json()["code"]) in {(422, "refused"), (507, "disk-full")}
    with acting("operations"):
        assert Upload.objects.count() == before
    assert _files(full_disk) == []


def test_a_full_disk_of_the_database_is_not_a_database_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        try:
            raise errors.DiskFull("could not extend file")
        except errors.DiskFull as error:
            raise OperationalError(str(error)) from error

    client = signed_in("partner-admin")
    client.raise_request_exception = False
    monkeypatch.setattr("swingby.web.portal.views.submit_report", fail)
    answer = client.post(REPORT, {"kind": "plan_reviewed", "happened_on": "2026-03-20"})

    assert (answer.status_code, FULL in answer.content.decode()) == (507, True)


@pytest.mark.parametrize(
    ("error", "full"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), True),
        (OSError(errno.EACCES, "Permission denied"), False),
        (OperationalError("away"), False),
        (None, False),
    ],
)
def test_other_errors_are_no_full_disk(error: BaseException | None, *, full: bool) -> None:
    assert is_full_disk(error) is full
