"""The pages about loading: what they say, what they ask of the database, what they refuse."""

from __future__ import annotations

import html
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
    page = signed_in("operations").get(address).content.decode()
    return " ".join(re.sub(r"<[^>]*>", " ", page.split("<main", 1)[1]).split())


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
    ("field", "value", "place", "said"),
    [
        ("numbers", "many", "read-numbers", "Write 1234.56 as the file writes it, such as 1.234,56."),
        (
            "dates",
            "day first",
            "read-dates",
            "day first does not say where day, month and year are: write DD.MM.YYYY or M/D/YYYY.",
        ),
        ("complete_from", "soon", "read-from", '"soon" is not a day. Write 2026-03-31.'),
        ("table", "nothing", "read-table", "Choose what the file holds."),
    ],
)
def test_a_form_that_cannot_be_read_is_refused_in_words(field: str, value: str, place: str, said: str) -> None:
    address = _sent()
    whole = {"table": "activities", "numbers": "1234.56", "column.organization": "Partner"}
    whole |= {"column.kind": "Activity type", "column.happened_on": "Date", field: value}
    answer = signed_in("operations").post(f"{address}columns/", whole)

    assert answer.status_code == 422
    assert _refused(answer.content) == [(place, said)]
    assert f'id="{place}"' in answer.content.decode()


def test_everything_wrong_with_a_form_is_said_at_once_and_what_was_written_stays() -> None:
    address = _sent()
    sent = {"table": "activities", "dates": "day first", "numbers": "many", "source": "mine", "mode": "snapshot"}
    sent |= {"column.organization": "Activity type", "always.quantity": "7"}
    answer = signed_in("operations").post(f"{address}columns/", sent)
    page = answer.content.decode()

    assert _refused(answer.content) == [
        ("column-happened_on", "Say which column holds: Day, Kind."),
        ("read-numbers", "Write 1234.56 as the file writes it, such as 1.234,56."),
        ("read-dates", "day first does not say where day, month and year are: write DD.MM.YYYY or M/D/YYYY."),
    ]
    assert [f'value="{each}"' in page for each in ("day first", "many", "mine", "7")] == [True] * 4
    assert '<option value="snapshot" selected>' in page
    assert '<option value="Activity type" selected>' in page


def test_a_text_that_is_no_mapping_is_refused_with_its_place_and_stays() -> None:
    address = _sent()
    answer = signed_in("operations").post(f"{address}columns/", {"mapping": "files: [{read: x}]"})
    ((place, words),) = _refused(answer.content)

    assert (answer.status_code, place) == (422, "read-mapping")
    assert words.startswith("The mapping cannot be used. mapping.yaml:1:")
    assert ">files: [{read: x}]</textarea>" in answer.content.decode()


def test_nothing_but_a_file_is_taken() -> None:
    answer = signed_in("operations").post(LOADS, {"file": "no file"})

    assert answer.status_code == 422
    assert _refused(answer.content) == [("load-file", "Choose a file, no larger than is said beside the field.")]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("plan.png", "plan.png is no CSV, XLSX or Parquet file. Export it as one of these."),
        ("plan.csv", "plan.csv is a picture, not a text with a table. Send the table behind it as CSV or XLSX."),
        ("plan.xlsx", "plan.xlsx: The file is no workbook, or it is damaged. Save it again as XLSX."),
    ],
)
def test_why_a_file_was_not_taken_stays_on_the_page(name: str, said: str) -> None:
    answer = signed_in("operations").post(LOADS, {"file": SimpleUploadedFile(name, b"\x89PNG\r\n\x1a\n\0\0")})

    assert answer.status_code == 422
    assert _refused(answer.content) == [("load-file", said)]


def test_what_comes_too_late_is_said_on_the_page_of_the_file() -> None:
    answer = signed_in("operations").post(f"{_sent()}load/")

    assert answer.status_code == 409
    assert _refused(answer.content) == [("", "Something else is being done with this file. Look at it again.")]


def test_a_cure_that_is_refused_is_said_where_it_is_decided() -> None:
    said = {"reference": "people", "value": "ola@post.example", "means": "nobody", "act": "is"}
    answer = signed_in("operations").post(f"{LOADS}cures/", said)

    assert answer.status_code == 422
    words = 'ola@post.example: There is no "nobody". Choose one of the list.'
    assert _refused(answer.content) == [("unmatched", words)]


def _refused(content: bytes) -> list[tuple[str, str]]:
    """What a page says was not done, each with the field that it leads to."""
    found = re.search(r"<strong>This was not done</strong>(.*?)</div>", content.decode(), re.DOTALL)
    lines = re.findall(r'<li>(?:<a [^>]*href="#([^"]*)">)?(.*?)(?:</a>)?</li>', found[1], re.DOTALL) if found else []
    return [(place, html.unescape(" ".join(re.sub(r"<br>", " ", words).split()))) for place, words in lines]


def _told(address: str, title: str) -> list[str]:
    """The lines of a card, without its marks."""
    page = signed_in("operations").get(address).content.decode()
    card = page.split(f"{title}</h2>")[1].split("</section>")[0]
    return [
        html.unescape(" ".join(re.sub(r"<[^>]*>", " ", line).split()))
        for line in re.findall(r"<li>(.*?)</li>", card, re.DOTALL)
    ]


ODD = b"""Record ID,Partner,Activity type,Date,Quantity
B1,tarn,plan_reviewed,2026-03-10,-2
B2,tarn,plan_reviewd,2026-03-11,1
B3,tarn,plan_reviewed,2031-03-12,1
"""


def test_what_is_odd_is_told_before_the_load_and_again_in_the_batch() -> None:
    address = _sent(ODD)
    _work(address, "check")
    told = [
        'No rule in force asks for kind "plan_reviewd": the row counts for nothing. Did you mean "plan_reviewed"?',
        "It lies in the future: it does not count before 12 March 2031. Look at the year.",
        "It is below 0: where a rule adds it up, the row takes something away. Leave out what did not happen.",
    ]
    places = [
        "1 row Line 3 · Activity type “plan_reviewd”",
        "1 row Line 4 · Date “2031-03-12”",
        "1 row Line 2 · Quantity “-2”",
    ]
    lines = [f"{place} {words}" for place, words in zip(places, told, strict=True)]
    assert _told(address, "Look at this before you load") == lines
    assert "3 new, 3 to look at" in _words(LOADS)

    signed_in("operations").post(f"{address}load/")
    _work(address, "load")
    assert _told(address, "What was odd in this file") == lines


WAITING = b"""Record ID,Partner,Activity type,Date,Colour
A1,tarn,plan_reviewed,2026-03-10,red
A1,tarn,plan_reviewed,2026-03-10,red
A2,nobody-known,plan_reviewed,2026-03-11,red
A3,tarn,plan_reviewed,2026-02-30,red
"""
AS_NAMED = "files: [{read: '*', as: activities}]"


def test_no_row_is_said_to_count_before_it_does() -> None:
    address = _sent(WAITING.replace(b"Record ID,Partner,Activity type,Date", b"fact_id,organization,kind,happened_on"))
    signed_in("operations").post(f"{address}columns/", {"mapping": AS_NAMED})
    marks = {"Line 5": "left out", "Line 1": "not read", "Line 3": "counts once", "Line 4": "waits"}
    _work(address, "check")
    assert _marks(address) == marks

    signed_in("operations").post(f"{address}load/")
    _work(address, "load")
    assert _marks(address) == marks
    signed_in("operations").post(f"{address}undo/", {"sure": "yes"})
    _work(address, "undo")
    assert _marks(address) == {**marks, "Line 1": "taken back", "Line 3": "taken back"}


def _marks(address: str) -> dict[str, str]:
    lines = _told(address, "Wrong rows and warnings")
    found = [re.match(r"(.+?) (Line \d+)", line) for line in lines]
    return {each[2]: each[1] for each in found if each is not None}


def test_a_warning_counts_once_its_file_is_loaded() -> None:
    address = _sent(b"organization,kind,happened_on,quantity\ntarn,plan_reviewed,2026-03-10,1.123456789\n")
    _work(address, "check")
    assert _marks(address) == {"Line 2": "would count"}
    signed_in("operations").post(f"{address}load/")
    _work(address, "load")
    assert _marks(address) == {"Line 2": "counts"}


def test_a_file_of_which_nothing_is_read_says_so_and_why() -> None:
    address = _sent(name="export.csv")
    columns = "{organization: Partner, happened_on: Date, kind: No such column}"
    signed_in("operations").post(
        f"{address}columns/", {"mapping": f"files: [{{read: '*', as: activities, columns: {columns}}}]"}
    )
    _work(address, "check")

    assert "Nothing of this file was read" in _words(address)
    (line,) = _told(address, "Wrong rows and warnings")
    assert line.startswith("left out Line 1 · No such column The mapping reads this column; the file has none.")


def test_a_file_with_nothing_below_its_head_says_so() -> None:
    address = _sent(b"organization,kind,happened_on\n")
    _work(address, "check")

    assert "It has no row below the names of its columns, so there is nothing to load." in _words(address)


def test_a_number_that_could_be_a_thousand_times_as_much_is_asked_about() -> None:
    address = _sent(b"organization;kind;happened_on;quantity\ntarn;plan_reviewed;10.03.2026;1.234\n")
    assert "Is 1.234 one and a part, or more than a thousand? Say how 1234.56 is written." in _words(address)
    said = {"table": "activities", "dates": "DD.MM.YYYY", "numbers": "1.234,56"}
    said |= {f"column.{name}": name for name in ("organization", "kind", "happened_on", "quantity")}
    signed_in("operations").post(f"{address}columns/", said)
    _work(address, "check")
    assert "1 row = 1 new" in _words(address)


def test_pages_ask_as_often_for_many_rows_as_for_few() -> None:
    address = _sent()
    _work(address, "check")
    client = signed_in("operations")
    counts = []
    for many in (0, 10, 300):
        _fill(address, many)
        for page in (LOADS, address):
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(page).content
            counts.append((many, page, len(asked)))
            assert len(answer) < 150_000
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
