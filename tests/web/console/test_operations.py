"""The operations page: alarms with their differences, nights, jobs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from swingby.web.console.operations_pages import value_words
from swingby.web.domain.columnar.writing import bring_copy
from swingby.web.models import Disagreement, NightlyRun
from swingby.web.tenancy import act_for_owner
from tests.web.acting import signed_in
from tests.web.many import add_partners

pytestmark = pytest.mark.django_db
PAGE = "/console/harbor/operations/"
DAY = date(2026, 3, 31)
ROW: dict[str, Any] = {
    "state": "unmet",
    "value": "1.000000000000",
    "threshold": "2.000000000000",
    "gap": "1.000000000000",
}
TOLD: list[dict[str, Any]] = [
    {"what": "tier", "stored": "", "computed": "select"},
    {"what": "level / gold / gold", "stored": ROW, "computed": {**ROW, "state": "met", "value": "2"}},
    {"what": "score.value", "stored": "1200", "computed": "1234.5"},
    {"what": "gates", "stored": [1], "computed": [1, 2]},
]


@pytest.fixture(autouse=True)
def copies(settings: Settings, tmp_path: Path) -> None:
    settings.SWINGBY_COPY = str(tmp_path / "not yet made")


def _page(person: str = "operations") -> dict[str, Any]:
    found: dict[str, Any] = signed_in(person).get(PAGE).context["page"]
    return found


def _alarms(enrolments: Sequence[str]) -> None:
    with act_for_owner("harbor"):
        Disagreement.objects.bulk_create(
            Disagreement(
                owner_id="harbor", partner_id=key, enrolment_id=key, as_of=DAY, stored_position=3, known_at=5,
                program_hash="h", differences=TOLD, found_on=DAY, last_found_on=DAY,
            )
            for key in enrolments
        )  # fmt: skip


def _run(**changes: Any) -> None:
    moment = datetime.now(UTC)
    with act_for_owner("harbor"):
        NightlyRun.objects.create(
            **{"owner_id": "harbor", "day": DAY, "started_at": moment, "finished_at": moment, **changes}
        )


def test_an_alarm_says_what_is_stored_and_what_was_recomputed() -> None:
    _alarms(add_partners(1))
    _run(compared=4, disagreed=1)
    answer = signed_in("operations").get(PAGE)
    assert answer.context["page"]["alarms"][0]["differences"] == [
        {"what": "Tier", "stored": "nothing", "computed": "select"},
        {"what": "level / gold / gold", "stored": "unmet, 1 of 2", "computed": "met, 2 of 2"},
        {"what": "Score", "stored": "1,200", "computed": "1,234.5"},
        {"what": "Requirements of the next tier, in words", "stored": "1 line", "computed": "2 lines"},
    ]
    assert "comes to something else for 1 partner." in answer.content.decode()
    navigation = answer.context["shell"].navigation[0].items
    assert [item.count for item in navigation if item.current] == [1]


def test_words_of_odd_values() -> None:
    assert [value_words(each) for each in (None, {"a": "1"}, "gold", {"state": "unknown"})] == [
        "nothing",
        "a: 1",
        "gold",
        "unknown",
    ]


def test_a_night_that_is_late_is_said_and_one_of_today_is_not() -> None:
    assert _page()["is_late"]  # The small world's last night was long ago.
    _run(finished_at=None, failures=["A rate is missing."], mended=["fact_deals"])
    assert _page()["is_late"]
    answer = signed_in("manager").get(PAGE).content.decode()
    assert "A rate is missing." in answer
    assert "The copy was wrong and is written anew: fact_deals" in answer
    _run(day=date(2026, 4, 1))
    assert not _page()["is_late"]


def test_comparing_now_is_one_job_however_often_it_is_asked_for() -> None:
    before = _page()["jobs"]
    for _ in range(2):
        assert signed_in("operations").post(f"{PAGE}night/").status_code == 302
    after = _page()["jobs"]
    assert after["waiting"] == before["waiting"] + 1
    assert after["failed"] == before["failed"]


def test_the_page_asks_as_often_for_many_alarms_as_for_few() -> None:
    client = signed_in("operations")
    _alarms(add_partners(2))
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    _alarms(add_partners(298, first=2))
    with CaptureQueriesContext(connection) as many:
        answer = client.get(PAGE)
    assert len(many) == len(few)
    assert (len(answer.context["page"]["alarms"]), answer.context["page"]["alarms_total"]) == (50, 300)
    assert len(answer.content) < 150_000


def test_the_time_of_the_copy_is_its_own_and_a_night_says_when_it_began_and_what_it_took() -> None:
    """A night that was not finished stood for the copy: no rows, and everything came since."""
    began = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)
    _run(started_at=began, finished_at=began + timedelta(seconds=40), position=1, copied_rows=7, copied_bytes=2_000_001)
    _run(day=date(2026, 4, 2), started_at=began + timedelta(days=1), finished_at=None)
    unread = _page()
    manifest = bring_copy("harbor").manifest
    answer = signed_in("operations").get(PAGE)
    page = answer.context["page"]

    assert (unread["copy"]["rows"], unread["copy"]["megabytes"], unread["copy"]["written_at"]) == (7, 3, began)
    assert (page["copy"]["rows"], page["copy"]["written_at"]) == (manifest.rows, manifest.written_at)
    assert (page["copy"]["position"], page["copy"]["behind"], page["copy"]["hours"]) == (manifest.position, 0, 0)
    assert [(night["began_at"], night["seconds"]) for night in page["nights"][:2]] == [
        (began + timedelta(days=1), None),
        (began, 40),
    ]
    assert "40 seconds" in answer.content.decode()


def test_the_last_backup_and_its_age_are_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SWINGBY_DATA", str(tmp_path))
    before = signed_in("manager").get(PAGE).context["page"]["backup"]
    taken_at = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=30, minutes=1)
    (tmp_path / "last-backup.json").write_text(json.dumps({"taken_at": taken_at.isoformat(), "files": 1}))
    answer = signed_in("manager").get(PAGE)

    assert before == {"taken_at": None, "hours": None, "is_late": True}
    assert answer.context["page"]["backup"] == {"taken_at": taken_at, "hours": 30, "is_late": True}
    assert b"30 hours ago" in answer.content
