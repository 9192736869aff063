"""Files that operations brings in: checked, loaded, cured, undone; the same file twice changes nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from swingby.web.domain.cures import CureGroup, decide_cure, unmatched_groups, waiting_uploads
from swingby.web.domain.errors import ChangedMeanwhileError, NotAllowedError, RefusedError
from swingby.web.domain.loads import ask_for, describe_upload, load_checked, receive_upload
from swingby.web.domain.uploading import MOST_UNMATCHED, _check, _opened, handle_upload, reassess_touched
from swingby.web.models import Standing, Upload, UploadState, UploadTable
from tests.facts.workbooks import write_workbook
from tests.web.acting import ENROLMENT, acting, signed_in

pytestmark = pytest.mark.django_db

ACTIVITIES = b"""Record ID,Partner,Activity type,Date
A1,tarn,plan_reviewed,2026-03-10
A2,tarn,plan_reviewed,2026-03-11
A3,tarn,plan_reviewed,2026-03-12
A4,sedge,plan_reviewed,2026-02-30
A5,nobody-known,plan_reviewed,2026-03-12
A1,tarn,plan_reviewed,2026-03-10
"""
MAPPING = """\
files:
  - read: "*"
    as: activities
    source: lms
    columns: {fact_id: Record ID, organization: Partner, kind: Activity type, happened_on: Date}
"""


@pytest.fixture(autouse=True)
def files(settings: Settings, tmp_path: Path) -> Path:
    settings.SWINGBY_FILES = str(tmp_path)
    return tmp_path


def _send(content: bytes = ACTIVITIES, *, name: str = "export.csv", mapping: str | None = MAPPING) -> str:
    with acting("operations") as actor:
        upload = receive_upload("harbor", actor=actor, name=name, chunks=[content])
        if mapping is not None:
            describe_upload(upload, actor=actor, text=mapping)
    _work(upload.pk, "check")
    return upload.pk


def _work(key: str, act: str) -> None:
    handle_upload(key, owner="harbor", act=act)


def _load(key: str, **options: object) -> None:
    with acting("operations") as actor:
        load_checked(Upload.objects.get(pk=key), actor=actor, **options)  # type: ignore[arg-type]
    _work(key, "load")


def _undo(key: str) -> None:
    with acting("operations") as actor:
        ask_for(Upload.objects.get(pk=key), "undo", actor=actor)
    _work(key, "undo")


def _state(key: str) -> tuple[str, str]:
    with acting("operations"):
        row = Upload.objects.get(pk=key)
    return row.state, row.problem


def _counts(key: str) -> dict[str, int]:
    names = ("rows", "new", "changed", "same", "wrong", "repeated", "waiting", "vanished")
    with acting("operations"):
        row = UploadTable.objects.get(upload=key)
    assert row.unexplained == 0
    return {name: getattr(row, name) for name in names if getattr(row, name)}


def _standing_facts(kind: str = "activities") -> list[tuple[str, str, str | None]]:
    with acting("operations"), connection.cursor() as cursor:
        day = "happened_on" if kind in ("activities", "point_of_sale") else "starts_on"
        cursor.execute(
            f"SELECT fact_id, {day}::text, partner_org FROM fact_{kind} WHERE owner_org = 'harbor' AND source = 'lms'"
            " AND reversed_position IS NULL ORDER BY 1"
        )
        return list(cursor.fetchall())


LOADED = [
    ("A1", "2026-03-10", "tarn"),
    ("A2", "2026-03-11", "tarn"),
    ("A3", "2026-03-12", "tarn"),
    ("A5", "2026-03-12", None),
]


def test_a_check_counts_every_row_and_writes_nothing() -> None:
    key = _send()

    assert _state(key) == ("checked", "")
    assert _counts(key) == {"rows": 6, "new": 4, "wrong": 1, "repeated": 1}
    assert _standing_facts() == []


def test_a_check_says_whose_tier_would_change() -> None:
    key = _send()
    with acting("operations"):
        moves = Upload.objects.get(pk=key).moves

    assert [(move["enrolment"], move["direction"], move["was"], move["now"]) for move in moves] == [
        (ENROLMENT, "up", "Member", "Gold")
    ]


def test_a_load_writes_one_batch_and_its_standing_follows() -> None:
    key = _send()
    _load(key)
    reassess_touched(key, owner="harbor")

    assert _state(key) == ("loaded", "")
    assert _standing_facts() == LOADED
    with acting("operations"):
        newest = Standing.objects.filter(enrolment=ENROLMENT, as_of=date(2026, 3, 31)).order_by("-position").first()
        assert newest is not None
        assert (newest.tier, [newest.position]) == ("gold", Upload.objects.get(pk=key).positions)


def _newest_tier(enrolment: str = ENROLMENT) -> str | None:
    with acting("operations"):
        found = (
            Standing.objects.filter(enrolment=enrolment, as_of=date(2026, 3, 31)).order_by("-position", "-id").first()
        )
        return found.tier if found else None


def test_an_undo_takes_the_standing_back_as_well() -> None:
    """It stayed as the load had made it: the job asked for the position of the load, at which there was one."""
    before = _newest_tier()
    key = _send()
    _load(key)
    reassess_touched(key, owner="harbor")
    assert _newest_tier() == "gold" != before
    _undo(key)
    reassess_touched(key, owner="harbor")
    assert _newest_tier() in (before, "member")
    assert _newest_tier() != "gold"


WHO_CLOWDS = ACTIVITIES.replace(b",tarn,", b",Tarn Clowd,")


def test_a_cure_is_heeded_by_what_is_promised_before_the_load_and_told_after_it() -> None:
    waiting, loaded = (
        _send(WHO_CLOWDS),
        _send(WHO_CLOWDS.replace(b"A1,", b"B1,").replace(b"A2,", b"B2,").replace(b"A3,", b"B3,")),
    )
    _load(loaded)
    with acting("operations"):
        assert [Upload.objects.get(pk=key).moves for key in (waiting, loaded)] == [[], []]
    said = {"reference": "organizations", "value": "Tarn Clowd", "means": "tarn", "act": "is"}
    answer = signed_in("operations").post("/console/harbor/loads/cures/", said)
    assert answer.status_code == 302
    assert (_state(waiting)[0], _state(loaded)[0]) == ("checking", "loading")
    _work(waiting, "check")
    _work(loaded, "load")
    with acting("operations"):
        found = [Upload.objects.get(pk=key).moves for key in (waiting, loaded)]
    assert [[move["enrolment"] for move in moves] for moves in found] == [[ENROLMENT], [ENROLMENT]]


def test_the_same_file_twice_changes_nothing() -> None:
    _load(_send())
    again = _send(mapping=None)
    before = _positions()
    _load(again)

    assert _counts(again) == {"rows": 6, "same": 4, "wrong": 1, "repeated": 1}
    assert _positions() == before
    assert _standing_facts() == LOADED


def test_a_changed_row_replaces_and_an_undo_puts_back_what_was() -> None:
    _load(_send())
    changed = _send(ACTIVITIES.replace(b"A1,tarn,plan_reviewed,2026-03-10", b"A1,tarn,plan_reviewed,2026-03-09"))

    assert _counts(changed) == {"rows": 6, "changed": 1, "same": 3, "wrong": 1, "repeated": 1}
    _load(changed)
    assert _standing_facts() == sorted([*LOADED[1:], ("A1~2", "2026-03-09", "tarn")])
    _undo(changed)
    assert _standing_facts() == sorted([*LOADED[1:], ("A1~3", "2026-03-10", "tarn")])
    assert _state(changed) == ("undone", "")


def test_an_undo_leaves_what_a_later_load_said() -> None:
    first = _send()
    _load(first)
    _load(_send(ACTIVITIES.replace(b"A1,tarn,plan_reviewed,2026-03-10", b"A1,tarn,plan_reviewed,2026-03-09")))
    with acting("operations") as actor:
        ask_for(Upload.objects.get(pk=first), "ask_undo", actor=actor)
    _work(first, "ask_undo")
    with acting("operations"):
        found = Upload.objects.get(pk=first).undo
    _undo(first)

    assert {name: found[name] for name in ("taken_back", "restored", "went_on")} == {
        "taken_back": 3,
        "restored": 0,
        "went_on": 1,
    }
    assert _standing_facts() == [("A1~2", "2026-03-09", "tarn")]


def test_a_held_partner_stays_as_it_is_until_the_file_is_loaded_again() -> None:
    key = _send(ACTIVITIES + b"A6,sedge,plan_reviewed,2026-03-12\n")
    _load(key, held=["tarn"])
    assert _standing_facts() == [("A5", "2026-03-12", None), ("A6", "2026-03-12", "sedge")]

    _load(key)
    assert _standing_facts() == sorted([*LOADED, ("A6", "2026-03-12", "sedge")])


def test_who_is_held_back_has_not_moved_until_the_file_is_loaded_again() -> None:
    key = _send()
    _load(key, held=["tarn"])
    with acting("operations"):
        assert Upload.objects.get(pk=key).moves == []
    _load(key)
    with acting("operations"):
        assert [move["enrolment"] for move in Upload.objects.get(pk=key).moves] == [ENROLMENT]


def test_a_second_file_with_the_same_rows_moves_nobody() -> None:
    """Both were checked before either was loaded, so both were told that a partner would rise."""
    keys = _send(), _send()
    for key in keys:
        _load(key)
    with acting("operations"):
        rows = [Upload.objects.get(pk=key) for key in keys]
    assert [(len(row.positions), [move["direction"] for move in row.moves]) for row in rows] == [(1, ["up"]), (0, [])]
    assert [sorted(row.touched) for row in rows] == [["nobody-known", "tarn"], []]
    assert _counts(keys[1]) == {"rows": 6, "same": 4, "wrong": 1, "repeated": 1}


def test_a_job_that_is_late_changes_nothing_that_was_told_since() -> None:
    key = _send()
    _load(key)
    before = _counts(key)
    _work(key, "check")
    assert (_state(key), _counts(key)) == (("loaded", ""), before)


def test_a_check_of_what_was_said_before_leaves_the_file_to_the_next_one() -> None:
    """Otherwise a load would read the file in another way than was promised."""
    with acting("operations") as actor:
        upload = receive_upload("harbor", actor=actor, name="export.csv", chunks=[ACTIVITIES])
        describe_upload(upload, actor=actor, text=MAPPING)
    with _opened(upload.pk, owner="harbor", during=UploadState.CHECKING) as work:
        assert work is not None
        with acting("operations") as actor:
            describe_upload(upload, actor=actor, text=MAPPING.replace("source: lms", "source: other"))
        _check(work)
    assert (_state(upload.pk), _counts_or_nothing(upload.pk)) == (("checking", ""), 0)
    _work(upload.pk, "check")
    assert (_state(upload.pk), _counts_or_nothing(upload.pk)) == (("checked", ""), 4)


SNAPSHOT = MAPPING.replace("source: lms", "source: lms\n    mode: snapshot")


def test_a_snapshot_that_takes_much_away_is_stopped_until_somebody_wants_it() -> None:
    _load(_send())
    key = _send(b"Record ID,Partner,Activity type,Date\nA1,tarn,plan_reviewed,2026-03-10\n", mapping=SNAPSHOT)

    assert _counts(key) == {"rows": 1, "same": 1, "vanished": 3}
    with pytest.raises(RefusedError, match="75 % of activities"):
        _load(key)
    _load(key, reversal_allowed=True)
    assert _standing_facts() == [LOADED[0]]


def _unmatched() -> list[CureGroup]:
    """What waits for a decision, beside the product of the small world's own upload."""
    return [group for group in unmatched_groups("harbor") if group.reference != "products"]


CREDENTIALS = b"""person,code,starts_on
ola@post.example,harbor-catalogue,2026-01-10
harbor-tarn,harbor-catalogue,2026-01-11
"""


def test_rows_under_a_private_mail_wait_and_come_in_once_it_is_known_whose_it_is() -> None:
    key = _send(CREDENTIALS, name="credentials.csv", mapping=None)
    assert _state(key) == ("checked", "")
    assert _counts(key) == {"rows": 2, "new": 1, "waiting": 1}
    _load(key)
    with acting("operations"):
        groups = _unmatched()
    assert [(group.cure, group.column, [value.value for value in group.values]) for group in groups] == [
        ("mail", "person", ["ola@post.example"])
    ]
    with acting("operations") as actor:
        decide_cure("harbor", actor=actor, reference="people", value="OLA@post.example", means="harbor-tarn", act="is")
        assert _unmatched() == []
        assert waiting_uploads("harbor", reference="people", value="ola@post.example") == (key,)
    _load(key)

    assert _counts(key) == {"rows": 2, "new": 1, "same": 1}
    with acting("operations"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(*) FILTER (WHERE person LIKE '%@%') FROM fact_credentials WHERE owner_org = 'harbor' AND code = 'harbor-catalogue'")  # fmt: skip
        assert cursor.fetchone() == (2, 0)


SALES = b"""distributor,reseller,happened_on,amount,currency
sedge,Tarn Exampel,2026-03-01,100,USD
"""


def test_a_reseller_is_suggested_and_the_decision_is_remembered() -> None:
    key = _send(SALES, name="point_of_sale.csv", mapping=None)
    _load(key)
    with acting("operations") as actor:
        (group,) = _unmatched()
        assert [(value.value, value.suggestion) for value in group.values] == [("Tarn Exampel", "tarn")]
        decide_cure("harbor", actor=actor, reference=group.reference, value="Tarn Exampel", means="tarn", act="is")
    _load(key)

    assert _counts(key) == {"rows": 1, "changed": 1}
    later = _send(SALES.replace(b"100", b"250"), name="point_of_sale.csv", mapping=None)
    with acting("operations"):
        assert _unmatched() == []
    assert _state(later) == ("checked", "")


def test_a_snapshot_is_looked_at_again_when_it_is_loaded() -> None:
    """When it was checked there was nothing that could vanish."""
    key = _send(b"Record ID,Partner,Activity type,Date\nA1,tarn,plan_reviewed,2026-03-10\n", mapping=SNAPSHOT)
    _load(_send())
    _load(key)
    state, problem = _state(key)
    assert (state, _standing_facts()) == ("checked", LOADED)
    assert problem.startswith("The delivery would reverse 75 % of activities")
    _load(key, reversal_allowed=True)
    assert (_state(key), _standing_facts()) == (("loaded", ""), [LOADED[0]])


def test_more_unknown_values_than_people_are_asked_about_are_counted() -> None:
    lines = [f"a{each},Firm {each},plan_reviewed,2026-03-10" for each in range(MOST_UNMATCHED + 2)]
    key = _send("\n".join(["Record ID,Partner,Activity type,Date", *lines]).encode())
    with acting("operations"):
        row = Upload.objects.get(pk=key)
        assert row.unmatched.count() == MOST_UNMATCHED
        (told,) = [each for each in row.issues if "rows" in each]
    assert told["reason"] == "5,002 values are known to no list; the 5,000 with the most rows stand under Unmatched."
    assert told["rows"] == 5002


def test_sheets_that_are_not_read_are_told(tmp_path: Path) -> None:
    head = ["organization", "kind", "happened_on"]
    rows = [head, ["tarn", "plan_reviewed", "2026-03-10"]]
    book = write_workbook(tmp_path / "book.xlsx", {"Notes": [["Read me"]], "Q1": rows, "Q2": rows}).read_bytes()
    key = _send(book, name="activities.xlsx", mapping=None)
    assert (_state(key), _counts(key)) == (("checked", ""), {"rows": 1, "new": 1})
    with acting("operations"):
        issues = Upload.objects.get(pk=key).issues
    assert [each["reason"] for each in issues] == ["More sheets hold something and are not read: Notes, Q2."]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp1252"])
def test_semicolons_and_commas_for_points_are_read_in_any_encoding(encoding: str) -> None:
    text = "organization;kind;happened_on;quantity\ntarn;Prüfung;10.03.2026;1.234,5\ntarn;x;11.03.2026;2,25\n"
    key = _send(text.encode(encoding), name="activities.csv", mapping=None)
    _load(key)
    with acting("operations"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, quantity::text FROM fact_activities WHERE owner_org = 'harbor' AND happened_on >= '2026-03-10'"
            " AND position = ANY (%s) ORDER BY 1",
            [Upload.objects.get(pk=key).positions],
        )
        assert [(kind, Decimal(number)) for kind, number in cursor.fetchall()] == [
            ("Prüfung", Decimal("1234.5")),
            ("x", Decimal("2.25")),
        ]


@pytest.mark.parametrize(
    ("content", "name"), [(b"", "a.csv"), (b"\0\1", "a.xlsx"), (b"PAR1", "a.parquet"), (b"x", "a.pdf")]
)
def test_a_file_that_is_none_is_refused_in_words(content: bytes, name: str) -> None:
    with acting("operations") as actor, pytest.raises(RefusedError, match=r"\w+ .+\."):
        receive_upload("harbor", actor=actor, name=name, chunks=[content])


def test_a_file_that_looks_like_no_list_is_asked_about() -> None:
    assert _state(_send(b"colour,taste\nred,sour\n", mapping=None)) == ("described", "")


def test_what_stops_a_check_is_told_and_nothing_is_lost() -> None:
    key = _send(mapping=MAPPING.replace("Record ID", "No such column"))

    assert _counts_or_nothing(key) == 0
    assert _standing_facts() == []


def _counts_or_nothing(key: str) -> int:
    with acting("operations"):
        return sum(UploadTable.objects.filter(upload=key).values_list("new", flat=True))


def test_finance_brings_nothing_in() -> None:
    with acting("finance") as actor, pytest.raises(NotAllowedError):
        receive_upload("harbor", actor=actor, name="a.csv", chunks=[ACTIVITIES])


def test_of_two_who_load_at_once_one_is_told() -> None:
    key = _send()
    with acting("operations") as actor:
        upload = Upload.objects.get(pk=key)
        load_checked(upload, actor=actor)
        with pytest.raises(ChangedMeanwhileError):
            load_checked(upload, actor=actor)


def test_a_job_that_runs_twice_loads_once() -> None:
    key = _send()
    _load(key)
    before = _positions()
    _work(key, "load")

    assert _positions() == before


def test_a_file_over_the_limit_is_refused_and_leaves_nothing_on_the_disk(files: Path, settings: Settings) -> None:
    settings.SWINGBY_MOST_UPLOAD = 10
    with acting("operations") as actor, pytest.raises(RefusedError, match="larger"):
        receive_upload("harbor", actor=actor, name="a.csv", chunks=[b"12345", b"678901"])

    assert [path for path in files.rglob("*") if path.is_file()] == []


def _positions() -> int:
    with acting("operations"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ref_positions WHERE owner_org = 'harbor'")
        return int(cursor.fetchone()[0])


def test_undoing_a_load_that_wrote_nothing_changes_nothing() -> None:
    _load(_send())
    again = _send(mapping=None)
    _load(again)
    before = _positions()
    _undo(again)

    assert (_state(again), _positions(), _standing_facts()) == (("undone", ""), before, LOADED)
