"""The pages about loading: what they say, what they ask of the database, what they refuse."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from swingby.web.domain.uploading import handle_upload
from swingby.web.models import UnmatchedValue, Upload
from tests.web.acting import acting, signed_in
from tests.web.domain.test_uploads import ACTIVITIES

pytestmark = pytest.mark.django_db

LOADS = "/console/harbor/loads/"


@pytest.fixture(autouse=True)
def files(settings: Settings, tmp_path: Path) -> None:
    settings.SWINGBY_FILES = str(tmp_path)


def _sent(content: bytes = ACTIVITIES, name: str = "activities.csv") -> str:
    answer = signed_in("operations").post(LOADS, {"file": SimpleUploadedFile(name, content)})
    return str(answer.headers["Location"])


def _work(address: str, act: str) -> None:
    handle_upload(address.rstrip("/").rsplit("/", 1)[-1], owner="harbor", act=act)


def _words(address: str) -> str:
    html = signed_in("operations").get(address).content.decode()
    return " ".join(re.sub(r"<[^>]*>", " ", html.split("<main", 1)[1]).split())


def test_a_file_goes_from_sending_to_loaded_by_the_page() -> None:
    address = _sent()
    assert "It waits for its turn." in _words(address)
    _work(address, "check")
    words = _words(address)
    assert "6 rows = 4 new + 0 changed + 0 the same + 1 wrong + 1 repeated" in words
    assert "1 up, 0 down" in words

    signed_in("operations").post(f"{address}load/")
    _work(address, "load")
    assert "Operations loaded it on" in _words(address)


LISTED = """\
files:
  - read: "*"
    as: enrolments
    columns: {enrolment: ID, organization: Partner, joined_on: From, ended_on: Until}
"""


def test_a_list_that_only_changes_rows_is_loaded_by_the_page_and_undo_says_what_stays() -> None:
    address = _sent(b"ID,Partner,From,Until\nharbor-program-tarn,tarn,2025-03-01,2026-03-30\n", "partners.csv")
    signed_in("operations").post(f"{address}columns/", {"mapping": LISTED})
    _work(address, "check")
    words = _words(address)
    assert "1 row = 0 new + 1 changed + 0 the same + 0 wrong" in words
    assert "0 up, 1 down" in words
    assert "until now; leaves the program" in words
    assert "There is nothing to load." not in words
    assert "not written" not in words

    signed_in("operations").post(f"{address}load/")
    _work(address, "load")
    assert "with a day after 2100 where something has not ended" in _words(address)
    signed_in("operations").post(f"{address}undo/")
    _work(address, "ask_undo")
    assert "1 row of a list stays as it is now: send the earlier list to put it back." in _words(address)


def test_the_wrong_rows_come_back_as_a_file_with_reasons() -> None:
    address = _sent()
    _work(address, "check")
    answer = signed_in("operations").get(f"{address}wrong/")
    lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]

    assert [line.split(",")[:5] for line in lines] == [
        ["file", "line", "column", "value", "code"],
        ["activities.csv", "5", "Date", "2026-02-30", "date-impossible"],
    ]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="wrong rows of activities.csv"'


def test_columns_that_are_open_are_asked_and_remembered_for_the_next_file() -> None:
    address = _sent(b"Who,What,When\ntarn,plan_reviewed,03/04/2026\n", "activities.csv")
    assert "Say which column holds" in _words(address)
    said = {"table": "activities", "source": "sheet", "dates": "M/D/YYYY", "numbers": "1234.56"}
    said |= {"column.organization": "Who", "column.kind": "What", "column.happened_on": "When"}
    signed_in("operations").post(f"{address}columns/", said)
    _work(address, "check")
    assert "1 row = 1 new" in _words(address)

    again = _sent(b"Who,What,When\ntarn,plan_reviewed,03/05/2026\n", "next month.csv")
    _work(again, "check")
    assert "1 row = 1 new" in _words(again)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("numbers", "many", "Write 1234.56 as the file writes it, such as 1.234,56."),
        ("dates", "day first", "day first does not say where day, month and year are: write DD.MM.YYYY or M/D/YYYY."),
        ("complete_from", "soon", '"soon" is not a day. Write 2026-03-31.'),
        ("table", "nothing", "Choose what the file holds."),
    ],
)
def test_a_form_that_cannot_be_read_is_refused_in_words(field: str, value: str, said: str) -> None:
    address = _sent()
    whole = {"table": "activities", "numbers": "1234.56", "column.organization": "Partner"}
    whole |= {"column.kind": "Activity type", "column.happened_on": "Date", field: value}
    answer = signed_in("operations").post(f"{address}columns/", whole, follow=True)

    assert [str(message) for message in answer.context["messages"]] == [said]


def test_a_text_that_is_no_mapping_is_refused_with_its_place() -> None:
    address = _sent()
    answer = signed_in("operations").post(f"{address}columns/", {"mapping": "files: [{read: x}]"}, follow=True)
    (message,) = (str(message) for message in answer.context["messages"])

    assert message.startswith("The mapping cannot be used.\nmapping.yaml:1:")


def test_nothing_but_a_file_is_taken() -> None:
    answer = signed_in("operations").post(LOADS, {"file": "no file"}, follow=True)

    assert [str(message) for message in answer.context["messages"]] == [
        "Choose a file, no larger than is said beside the field."
    ]


def test_pages_ask_as_often_for_many_rows_as_for_few() -> None:
    address = _sent()
    _work(address, "check")
    client = signed_in("operations")
    counts = []
    for many in (0, 10, 300):
        _fill(address, many)
        for page in (LOADS, address):
            with CaptureQueriesContext(connection) as asked:
                html = client.get(page).content
            counts.append((many, page, len(asked)))
            assert len(html) < 150_000
    of = {many: [count for each, _, count in counts if each == many] for many in (10, 300)}

    assert of[10] == of[300]


def _fill(address: str, many: int) -> None:
    key = address.rstrip("/").rsplit("/", 1)[-1]
    with acting("operations"):
        upload = Upload.objects.get(pk=key)
        for number in range(many):
            UnmatchedValue.objects.create(
                owner_id="harbor",
                upload=upload,
                table="activities",
                column="organization",
                reference="organizations",
                value=f"Firm {many}-{number}",
                rows=1,
            )
            Upload.objects.create(
                owner_id="harbor",
                file=upload.file,
                state="checked",
                uploaded_by_id="operations",
                uploaded_at=timezone.now(),
            )
        upload.moves = [{**upload.moves[0]} for _ in range(many)] if upload.moves else []
        upload.save()
