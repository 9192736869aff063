"""A night agrees with what was stored at once; what nobody assessed is an alarm with its difference until it is mended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import override_settings
from pytest_django.fixtures import Settings

from swingby.web.domain import nightly
from swingby.web.domain.nightly import begin_new_day, run_night
from swingby.web.domain.standings import assess_enrolment, current_position, latest_standing
from swingby.web.jobs import (
    BEGIN_NEW_DAY,
    REFRESH_OUTLOOKS,
    RUN_NIGHT,
    enqueue_assessment,
    enqueue_night,
    enqueue_reviews,
)
from swingby.web.jobs.tasks import task_run_night
from swingby.web.models import Disagreement, Enrolment, NightlyRun, Standing
from swingby.web.tenancy import act_for_owner
from tests.web.domain.reviewing import OWNER, SEDGE, TARN, opened, plan_reviewed

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NEXT, AFTER = date(2026, 4, 1), date(2026, 4, 2)
RANKED = {
    "ladders:\n": "  place: {rank: {measure: reviews}, label: Place}\nladders:\n",
    "{measure: reviews, at_least: 2}": "{measure: place, at_most: 1}",
}


@pytest.fixture(autouse=True)
def copies(settings: Settings, tmp_path: Path) -> None:
    settings.SWINGBY_COPY = str(tmp_path)


@contextmanager
def assessed(**changes: str) -> Iterator[None]:
    """Everybody of the small world assessed at once; undone at the end."""
    with transaction.atomic():
        opened(**changes)
        _drop_jobs()
        for enrolment in _enrolled():
            assess_enrolment(enrolment, owner=OWNER, position=10**6)
        _drop_jobs()
        yield
        transaction.set_rollback(True)


def _enrolled() -> list[str]:
    with act_for_owner(OWNER):
        return list(Enrolment.objects.filter(owner_id=OWNER).order_by("pk").values_list("pk", flat=True))


def _drop_jobs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def _night(day: date) -> dict[str, object]:
    """Run the night before a day; returns what it noted."""
    with override_settings(SWINGBY_TODAY=day):
        run_night(OWNER)
        begin_new_day(OWNER)
    _drop_jobs()
    with act_for_owner(OWNER):
        run = NightlyRun.objects.get(day=day)
        assert run.finished_at is not None
        names = ("compared", "disagreed", "waiting", "refreshed", "failures", "mended")
        return {name: getattr(run, name) for name in names if getattr(run, name)}


def _tasks(name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s", [name])
        return int(cursor.fetchone()[0])


def _alarms() -> list[tuple[str, list[str], bool]]:
    with act_for_owner(OWNER):
        return [
            (row.enrolment_id, [each["what"] for each in row.differences], row.settled_on is None)
            for row in Disagreement.objects.filter(found_on__gte=NEXT).order_by("pk")
        ]


def _standings() -> list[tuple[str, date]]:
    with act_for_owner(OWNER):
        found = [latest_standing(row) for row in Enrolment.objects.filter(owner_id=OWNER).order_by("pk")]
        return [(each.enrolment_id, each.as_of) for each in found if each is not None]


def test_nights_agree_and_each_begins_its_day_once() -> None:
    with assessed():
        everybody = _enrolled()
        assert _night(NEXT) == {"compared": 3, "refreshed": 3}
        assert _night(AFTER) == {"compared": 3, "refreshed": 3}
        assert (_alarms(), _standings()) == ([], [(key, AFTER) for key in everybody])
        with act_for_owner(OWNER):
            count, before = Standing.objects.count(), NightlyRun.objects.get(day=AFTER)
        assert _night(AFTER) == {"compared": 3, "refreshed": 3}
        with act_for_owner(OWNER):
            again = NightlyRun.objects.get(day=AFTER)
            assert Standing.objects.count() == count
        # What it took is what the second time took.
        assert before.finished_at is not None
        assert again.started_at > before.finished_at


def test_a_fact_that_no_assessment_has_seen_is_an_alarm_until_a_night_agrees() -> None:
    with assessed():
        with act_for_owner(OWNER):
            plan_reviewed("sedge", "2026-03-20")
        assert _night(NEXT) == {"compared": 3, "disagreed": 1, "refreshed": 3}
        assert _alarms() == [(SEDGE, ["level / gold / gold", "level / select / select", "gates", "keeps"], True)]
        with act_for_owner(OWNER):
            row = Disagreement.objects.get(settled_on=None)
            assert row.differences[0] == {
                "what": "level / gold / gold",
                "stored": {
                    "state": "unmet",
                    "value": "1.000000000000",
                    "threshold": "2.000000000000",
                    "gap": "1.000000000000",
                },
                "computed": {"state": "met", "value": "2", "threshold": "2", "gap": "0"},
            }
            assert (row.as_of, row.found_on, row.known_at) == (date(2026, 3, 31), NEXT, row.stored_position + 1)
        assert _night(AFTER) == {"compared": 3, "refreshed": 3}
        assert [still_open for _, _, still_open in _alarms()] == [False]


def test_who_waits_for_a_job_is_not_compared() -> None:
    with assessed():
        with act_for_owner(OWNER):
            plan_reviewed("sedge", "2026-03-20")
            enqueue_assessment(owner=OWNER, enrolment=SEDGE, position=current_position(OWNER))
            # A job for a day to come mends nothing now.
            enqueue_assessment(owner=OWNER, enrolment=TARN, position=1, day=date(2126, 1, 1))
        assert _night(NEXT) == {"compared": 2, "waiting": 1, "refreshed": 3}
        assert _alarms() == []


def test_a_program_that_ranks_partners_is_recomputed_and_begun_for_all_at_once() -> None:
    with assessed(**RANKED):
        everybody = _enrolled()
        assert _night(NEXT) == {"compared": 3, "refreshed": 3}
        with act_for_owner(OWNER):
            plan_reviewed("sedge", "2026-03-20")
        # Each standing knew what there was at its position.
        assert _night(AFTER) == {"compared": 3, "refreshed": 3}
        assert (_alarms(), _standings()) == ([], [(key, AFTER) for key in everybody])


def test_a_night_that_was_cut_short_is_finished_by_the_next_try(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nightly, "SLICE_SECONDS", 0.0)
    monkeypatch.setattr(nightly, "MOST_IN_ONE", 1)
    with assessed(), override_settings(SWINGBY_TODAY=NEXT):
        run_night(OWNER)
        begin_new_day(OWNER)
        with act_for_owner(OWNER):
            assert (NightlyRun.objects.get(day=NEXT).refreshed, NightlyRun.objects.get(day=NEXT).finished_at) == (
                1,
                None,
            )
        for _ in range(3):
            begin_new_day(OWNER)
        with act_for_owner(OWNER):
            assert NightlyRun.objects.get(day=NEXT).refreshed == 3
            assert NightlyRun.objects.get(day=NEXT).finished_at is not None
        assert _tasks(BEGIN_NEW_DAY) == 4  # One from the comparison, one from each slice but the last.


def test_the_job_asks_for_the_next_night_once_and_for_outlooks() -> None:
    with assessed(), override_settings(SWINGBY_TODAY=NEXT):
        task_run_night(owner=OWNER)
        task_run_night(owner=OWNER)
        assert _tasks(RUN_NIGHT) == 1
        begin_new_day(OWNER)
        assert _tasks(REFRESH_OUTLOOKS) == 1  # Of all three.


def test_what_waits_for_a_later_day_holds_nothing_back() -> None:
    with transaction.atomic():
        _drop_jobs()
        for day in (NEXT, None):
            enqueue_assessment(owner=OWNER, enrolment=SEDGE, position=1, day=day)
            enqueue_reviews(owner=OWNER, program="harbor-program", day=day)
            enqueue_night(owner=OWNER, day=day)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*), count(DISTINCT lock) FROM procrastinate_jobs")
            assert cursor.fetchone() == (6, 6)
        transaction.set_rollback(True)


def test_a_night_of_nobody_is_a_night() -> None:
    with transaction.atomic():
        with override_settings(SWINGBY_TODAY=NEXT):
            run_night("tarn")
            begin_new_day("tarn")
        with act_for_owner("tarn"):
            run = NightlyRun.objects.get(owner_id="tarn", day=NEXT)
            assert (run.compared, run.refreshed, run.finished_at is not None) == (0, 0, True)
        transaction.set_rollback(True)
