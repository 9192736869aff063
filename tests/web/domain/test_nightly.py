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

from swingby.web.domain.facts import take_position
from swingby.web.domain.nightly import begin_new_day, run_night
from swingby.web.domain.standings import assess_enrolment, current_position, latest_standing
from swingby.web.models import Disagreement, Enrolment, NightlyRun
from swingby.web.tenancy import act_for_owner
from tests.web.domain.reviewing import OWNER, PROGRAM, SEDGE, TARN, begin, plan_reviewed

pytestmark = pytest.mark.django_db
NEXT = date(2026, 4, 1)


@pytest.fixture(autouse=True)
def copies(settings: Settings, tmp_path: Path) -> None:
    settings.SWINGBY_COPY = str(tmp_path)


@contextmanager
def assessed(**changes: str) -> Iterator[None]:
    """Everybody of the small world assessed at once; undone at the end."""
    with transaction.atomic():
        begin(**changes)
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


def _alarms() -> list[tuple[str, list[str], bool]]:
    with act_for_owner(OWNER):
        return [
            (row.enrolment_id, [each["what"] for each in row.differences], row.settled_on is None)
            for row in Disagreement.objects.order_by("pk")
        ]


def test_nights_agree() -> None:
    with assessed():
        count = len(_enrolled())
        print(_night(NEXT), _alarms())
        with act_for_owner(OWNER):
            for row in Disagreement.objects.all():
                print(row, row.differences)
