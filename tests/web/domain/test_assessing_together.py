"""Standings of several partners at once: the same as one by one, with those that wait in the queue, and none lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction

from swingby.web.domain import standings
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.live import EngineSource
from swingby.web.domain.portfolio.outlook import refresh_outlooks
from swingby.web.domain.standings import assess_enrolment, assess_enrolments, current_position, latest_standing
from swingby.web.jobs import (
    ASSESS_ENROLMENT,
    REFRESH_OUTLOOKS,
    enqueue_assessment,
    enqueue_assessments,
    enqueue_outlooks,
    take_waiting_assessments,
)
from swingby.web.models import Enrolment, PortfolioRow, Standing, StandingRequirement
from swingby.web.tenancy import act_for_owner
from tests.web.acting import ENROLMENT
from tests.web.many import OWNER, add_partners

pytestmark = pytest.mark.django_db
FAR = date(2126, 1, 1)


@pytest.fixture(autouse=True)
def _no_jobs(django_db_setup: None, db: None) -> None:
    _queue("DELETE FROM procrastinate_jobs")


def _queue(text: str, *values: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return list(cursor.fetchall()) if cursor.description else []


def _waiting(task: str = ASSESS_ENROLMENT) -> list[str]:
    rows = _queue("SELECT args ->> 'enrolment' FROM procrastinate_jobs WHERE task_name = %s ORDER BY id", task)
    return [row[0] for row in rows]


def _partners(count: int = 3) -> list[str]:
    keys = add_partners(count)
    with act_for_owner(OWNER), connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO ref_organizations (owner_org, partner_org, organization, name, country, region)"
            " VALUES (%s, %s, %s, %s, '', '')",
            [(OWNER, key, key, key) for key in keys],
        )
        cursor.executemany(
            "INSERT INTO ref_enrolments (owner_org, partner_org, enrolment, organization, joined_on)"
            " VALUES (%s, %s, %s, %s, DATE '2025-03-01')",
            [(OWNER, key, key, key) for key in keys],
        )
        cursor.executemany(
            "INSERT INTO fact_activities (fact_id, position, source, happened_on, organization, kind, owner_org,"
            " partner_org) VALUES (%s, 1, 'crm', DATE '2026-03-20', %s, 'plan_reviewed', %s, %s)",
            [(f"{key}-{turn}", key, OWNER, key) for place, key in enumerate(keys) for turn in range(place)],
        )
    return keys


def _stored(enrolment: str) -> tuple[Any, ...]:
    with act_for_owner(OWNER):
        found = latest_standing(Enrolment.objects.get(pk=enrolment))
        assert found is not None
        rows = StandingRequirement.objects.filter(standing=found).order_by("ladder", "tier", "requirement")
        said = [(row.ladder, row.tier, row.requirement, row.state, row.value, row.gap) for row in rows]
        return found.tier, found.result, said, found.position, found.as_of


def _afterwards(keys: list[str], assess: Callable[[], object]) -> dict[str, tuple[Any, ...]]:
    """What is stored when it is done; all of it is undone."""
    with transaction.atomic():
        assess()
        found = {key: _stored(key) for key in keys}
        transaction.set_rollback(True)
    return found


def _one_by_one(keys: list[str]) -> None:
    for key in keys:
        assess_enrolment(key, owner=OWNER, position=10**6)


def test_several_at_once_come_out_as_one_by_one() -> None:
    keys = [*_partners(), ENROLMENT]
    alone = _afterwards(keys, lambda: _one_by_one(keys))
    together = _afterwards(keys, lambda: assess_enrolments(keys, owner=OWNER, position=10**6))

    assert together == alone
    assert len({str(told[1].get("score")) for told in together.values()}) > 2


def test_a_known_standing_is_passed_over() -> None:
    keys = _partners()
    assess_enrolments(keys, owner=OWNER, position=0)
    with act_for_owner(OWNER):
        before = set(Standing.objects.filter(enrolment__in=keys).values_list("pk", flat=True))
    assess_enrolments(keys, owner=OWNER, position=0)
    with act_for_owner(OWNER):
        assert set(Standing.objects.filter(enrolment__in=keys).values_list("pk", flat=True)) == before


def test_those_that_wait_in_the_queue_are_answered_with_it() -> None:
    first, second, third = _partners()
    for key in (first, second, second):
        enqueue_assessment(owner=OWNER, enrolment=key, position=1)
    enqueue_assessment(owner=OWNER, enrolment=ENROLMENT, position=1, day=FAR)
    enqueue_assessment(owner="mooring", enrolment="another", position=1)

    assess_enrolments([third], owner=OWNER, position=0)

    assert [_stored(key)[4] for key in (first, second, third)] == [date(2026, 3, 31)] * 3
    assert _waiting() == [ENROLMENT, "another"]  # Of another day, and of another owner.


def test_jobs_of_many_are_taken_as_long_as_they_are_few_enough_together() -> None:
    keys = _partners(6)
    for part in (keys[:2], keys[2:4], keys[4:]):
        enqueue_assessments(owner=OWNER, enrolments=part, position=3)
    enqueue_assessment(owner=OWNER, enrolment=keys[0], position=9)
    with transaction.atomic():
        taken = [take_waiting_assessments(owner=OWNER, most=most) for most in (1, 5, 2, 1)]

    assert taken == [{}, dict.fromkeys(keys[:4], 3), dict.fromkeys(keys[4:], 3), {keys[0]: 9}]


def test_the_highest_position_that_was_asked_for_counts() -> None:
    (key,) = _partners(1)
    for position in (5, 9, 7):
        enqueue_assessment(owner=OWNER, enrolment=key, position=position)
    assert take_waiting_assessments(owner=OWNER, most=2) == {key: 9}
    assert _waiting() == [key]
    assert take_waiting_assessments(owner=OWNER, most=0) == {}


def test_what_was_tried_before_waits_for_its_own_turn() -> None:
    (key,) = _partners(1)
    enqueue_assessment(owner=OWNER, enrolment=key, position=1)
    _queue("UPDATE procrastinate_jobs SET attempts = 1")
    assert take_waiting_assessments(owner=OWNER, most=9) == {}
    assert _waiting() == [key]


def test_one_that_cannot_be_assessed_stops_nobody_and_loses_no_job(monkeypatch: pytest.MonkeyPatch) -> None:
    first, wrong, last = _partners()
    enqueue_assessment(owner=OWNER, enrolment=wrong, position=1)
    whole = EngineSource.assess_many

    def refusing(self: EngineSource, version: Any, *, enrolments: Any, **more: Any) -> Any:
        if any(each.pk == wrong for each in enrolments):
            raise RefusedError("It was not enrolled.")
        return whole(self, version, enrolments=enrolments, **more)

    monkeypatch.setattr(EngineSource, "assess_many", refusing)
    assert assess_enrolments([first, last], owner=OWNER, position=0) == {}
    assert _waiting() == [wrong]
    assert [_stored(key)[4] for key in (first, last)] == [date(2026, 3, 31)] * 2


def test_what_is_wrong_is_told_by_enrolment(monkeypatch: pytest.MonkeyPatch) -> None:
    first, wrong, last = _partners()

    def refusing(enrolment: str, *, owner: str, position: int, only_quick: bool = False) -> None:
        if enrolment == wrong:
            raise RefusedError("It was not enrolled.")
        assess_enrolment(enrolment, owner=owner, position=position, only_quick=only_quick)

    monkeypatch.setattr(standings, "assess_enrolment", refusing)
    monkeypatch.setattr(standings, "assess_together", _refuse)
    found = assess_enrolments([first, wrong, last], owner=OWNER, position=0)
    assert {key: str(error) for key, error in found.items()} == {wrong: "It was not enrolled."}
    with pytest.raises(RefusedError):
        standings.raise_first(found)


def _refuse(_: object, *, owner: str) -> list[str]:
    raise RefusedError(owner)


def test_a_program_that_takes_longer_is_left_to_be_asked_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, third = _partners()
    monkeypatch.setattr(EngineSource, "is_quick", lambda _self, _version: False)
    enqueue_assessment(owner=OWNER, enrolment=third, position=4)
    assert standings.assess_together({first: 0, second: 0}, owner=OWNER) == [first, second]
    assert take_waiting_assessments(owner=OWNER, most=9) == {third: 4}


def test_outlooks_that_wait_are_worked_out_together() -> None:
    keys = _partners()
    assess_enrolments(keys, owner=OWNER, position=0)
    _queue("DELETE FROM procrastinate_jobs")
    for key in keys[1:]:
        enqueue_outlooks(owner=OWNER, enrolments=[key])
    refresh_outlooks(keys[:1], owner=OWNER)
    with act_for_owner(OWNER):
        rows = PortfolioRow.objects.filter(pk__in=keys)
        assert {row.outlook_on for row in rows} == {date(2026, 3, 31)}
        assert {row.outlook_position for row in rows} == {current_position(OWNER)}
    assert _waiting(REFRESH_OUTLOOKS) == []
