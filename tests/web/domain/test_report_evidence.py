"""Reports with numbers, files and a clock; accepted in part, looked at again, noticed twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from pytest_django.fixtures import Settings

from swingby.web.domain.errors import NotAllowedError, RefusedError
from swingby.web.domain.queries import source_mix as mixing
from swingby.web.domain.queries.duplicates import alike_reports
from swingby.web.domain.queries.source_mix import SourceMix, source_mix
from swingby.web.domain.reports import accept_report, confirm_sample, submit_report, take_back_report
from swingby.web.models import ActivityReport, NightlyRun, ReportState
from tests.web.acting import acting, signed_in, the_enrolment

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 20)
PDF = b"%PDF-1.7 an example"
PNG = b"\x89PNG\r\n\x1a\n an example"


@pytest.fixture(autouse=True)
def files(settings: Settings, tmp_path: Path) -> None:
    settings.SWINGBY_FILES = str(tmp_path)
    settings.SWINGBY_SAMPLE_ONE_OF = 1


def _file(content: bytes = PDF, name: str = "list.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def _submitted(
    *, quantity: int | None = None, files: Sequence[SimpleUploadedFile] = (), kind: str = "plan_reviewed"
) -> str:
    number = None if quantity is None else Decimal(quantity)
    with acting("partner-admin") as actor:
        return submit_report(the_enrolment(), actor=actor, kind=kind, happened_on=DAY, quantity=number, files=files).pk


def _report(key: str) -> ActivityReport:
    return ActivityReport.objects.select_related("partner", "enrolment").get(pk=key)


def _facts(key: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quantity, reversed_position IS NULL FROM fact_activities WHERE fact_id = %s", [f"report-{key}"]
        )
        return list(cursor.fetchall())


def test_the_clock_of_an_answer_starts_with_the_report() -> None:
    with acting("manager"):
        pass
    key = _submitted()
    with acting("manager"):
        due = _report(key).answer_due
    assert due is not None
    assert due > datetime(2026, 3, 31, tzinfo=UTC)
    assert (due.weekday() < 5, 9 <= due.hour <= 17) == (True, True)


def test_evidence_is_kept_once_and_sent_to_both_sides_only() -> None:
    key = _submitted(files=[_file(), _file(), _file(PNG, "room.png")])
    with acting("manager"):
        rows = list(_report(key).files.select_related("file"))
    assert [(row.file.name, row.file.media_type) for row in rows] == [
        ("list.pdf", "application/pdf"),
        ("room.png", "image/png"),
    ]
    ours = f"/console/harbor/reports/{key}/files/{rows[0].pk}/"
    theirs = f"/partner/harbor-program-tarn/reports/{key}/files/{rows[0].pk}/"

    assert b"".join(signed_in("operations").get(ours).streaming_content) == PDF  # type: ignore[attr-defined]
    answer = signed_in("partner-member").get(theirs)
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="list.pdf"'
    assert [signed_in(who).get(ours).status_code for who in ("finance", "other-vendor", "other-partner")] == [
        403,
        404,
        404,
    ]
    assert [signed_in(who).get(theirs).status_code for who in ("other-partner", "manager")] == [404, 403]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([_file(b"MZ an example", "list.pdf")], "list.pdf is no picture and no PDF."),
        ([_file()] * 6, "Send at most 5 files."),
        ([_file(PDF + b"." * 60, "big.pdf")], "big.pdf is larger than 0 MB."),
    ],
)
def test_what_is_no_evidence_is_refused_and_no_report_is_kept(
    settings: Settings, files: list[SimpleUploadedFile], said: str
) -> None:
    settings.SWINGBY_MOST_EVIDENCE = 50
    with acting("partner-admin"):
        before = ActivityReport.objects.count()
    with pytest.raises(RefusedError) as refused:
        _submitted(files=files)
    with acting("partner-admin"):
        assert ActivityReport.objects.count() == before
    assert str(refused.value) == said


def test_files_come_with_the_form() -> None:
    said = {"kind": "plan_reviewed", "happened_on": "2026-03-20", "quantity": "12", "evidence": [_file(), _file(PNG)]}
    answer = signed_in("partner-admin").post("/partner/harbor-program-tarn/reports/new/", said)

    assert answer.status_code == 302
    with acting("partner-admin"):
        newest = the_enrolment().reports.exclude(id__startswith="harbor").get()
        assert (newest.quantity, newest.files.count()) == (Decimal(12), 2)


def test_a_part_is_accepted_with_words_and_counts_as_that_part() -> None:
    key = _submitted(quantity=38)
    with acting("manager") as actor:
        with pytest.raises(RefusedError, match="Say why only a part counts"):
            accept_report(_report(key), actor=actor, quantity=Decimal(30))
        accept_report(_report(key), actor=actor, quantity=Decimal(30), answer="Eight were our own people.")
        assert _facts(key) == [(Decimal(30), True)]
    page = signed_in("partner-admin").get("/partner/harbor-program-tarn/reports/").content.decode()

    assert "Accepted in part" in page
    assert "30 of them count" in page


@pytest.mark.parametrize("quantity", ["39", "0", "-1"])
def test_no_part_is_larger_than_the_whole(quantity: str) -> None:
    key = _submitted(quantity=38)
    with acting("manager") as actor, pytest.raises(RefusedError, match="up to 38"):
        accept_report(_report(key), actor=actor, quantity=Decimal(quantity), answer="A reason.")


def test_a_part_of_no_number_is_refused() -> None:
    key = _submitted()
    with acting("manager") as actor, pytest.raises(RefusedError, match="named no number"):
        accept_report(_report(key), actor=actor, quantity=Decimal(1), answer="A reason.")


def test_what_was_drawn_is_looked_at_by_somebody_else_once() -> None:
    key = _submitted()
    with acting("manager") as actor:
        accept_report(_report(key), actor=actor)
        with pytest.raises(NotAllowedError):
            confirm_sample(_report(key), actor=actor)
    with acting("success") as actor:
        confirm_sample(_report(key), actor=actor)
        with pytest.raises(NotAllowedError):
            take_back_report(_report(key), actor=actor, answer="Too late.")


def test_what_was_wrongly_accepted_is_reversed_not_deleted() -> None:
    key = _submitted()
    with acting("manager") as actor:
        accept_report(_report(key), actor=actor)
    with acting("success") as actor:
        take_back_report(_report(key), actor=actor, answer="The plan was from last year.")

        assert _report(key).state == ReportState.DECLINED
        assert _facts(key) == [(None, False)]


def test_the_same_act_reported_twice_is_noticed_before_and_after_it_counts() -> None:
    first, second = _submitted(), _submitted()
    with acting("manager") as actor:
        assert [(each.day, each.counts) for each in alike_reports([_report(second)])[second]] == [(DAY, False)]
        accept_report(_report(first), actor=actor)
        assert [(each.day, each.counts) for each in alike_reports([_report(second)])[second]] == [(DAY, True)]
    page = signed_in("manager").get("/console/harbor/reports/").content.decode()

    assert "20 March, from another report: counts already" in page


def test_another_kind_is_no_duplicate() -> None:
    _submitted()
    other = _submitted(kind="training_completed")
    with acting("manager"):
        assert alike_reports([_report(other)]) == {}


def test_reported_and_told_by_systems_are_counted_apart() -> None:
    with acting("manager") as actor:
        before = source_mix("harbor", until=date(2026, 3, 31))
    key = _submitted()
    with acting("manager") as actor:
        accept_report(_report(key), actor=actor)
        after = source_mix("harbor", until=date(2026, 3, 31))

    assert (after.reported - before.reported, after.from_systems) == (1, before.from_systems)
    assert [SourceMix(*pair).reported_percent for pair in ((0, 0), (1, 2), (1, 1), (5, 0))] == [0, 33, 50, 100]


def test_a_mix_that_took_long_to_count_is_shown_to_the_same_scope_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mixing, "SLOW_SECONDS", 0.0)
    until = date(2026, 3, 30)  # No other test asks as of this day.
    with acting("manager"):
        first = source_mix("harbor", until=until)
        monkeypatch.setattr(mixing, "_counted_mix", lambda _owner, _until: SourceMix(99, 1))
        assert source_mix("harbor", until=until) == first
    with acting("regional"):
        assert source_mix("harbor", until=until) == SourceMix(99, 1)
    cache.clear()


def test_a_mix_of_very_many_is_the_one_that_was_counted_last_night(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mixing, "SLOW_SECONDS", 0.0)
    day = date(2026, 3, 29)
    with acting("manager"):
        counted = mixing.mix_of_many("harbor", until=day)
        night = NightlyRun.objects.create(
            owner_id="harbor", day=day, started_at=datetime(2026, 3, 29, tzinfo=UTC), reported=7, from_systems=3
        )
        shown = [source_mix("harbor", until=until) for until in (day, date(2026, 3, 30), date(2026, 3, 31))]
    with acting("regional"):
        of_the_region = source_mix("harbor", until=day)
    cache.clear()

    assert counted is not None
    assert shown == [SourceMix(7, 3), SourceMix(7, 3), shown[2]]
    assert SourceMix(7, 3) not in (counted, shown[2], of_the_region)
    monkeypatch.setattr(mixing, "SLOW_SECONDS", 1e9)
    with acting("manager"):
        assert mixing.mix_of_many("harbor", until=day) is None
        NightlyRun.objects.filter(pk=night.pk).update(reported=None, from_systems=None)
        assert source_mix("harbor", until=day) == counted


def test_a_late_answer_shows_on_both_sides() -> None:
    key = _submitted()
    with acting("manager"):
        ActivityReport.objects.filter(pk=key).update(answer_due=datetime(2026, 3, 30, 12, tzinfo=UTC))
    theirs = signed_in("partner-admin").get("/partner/harbor-program-tarn/reports/").content.decode()
    ours = signed_in("manager").get("/console/harbor/reports/").content.decode()

    assert "The answer was promised by 30 March and is late." in theirs
    assert "answer is late" in ours
