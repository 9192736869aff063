"""Outlooks of several partners at once: the same as one by one, with as many statements, and nothing written in vain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from swingby.web.domain.portfolio.outlook import refresh_outlooks
from swingby.web.domain.standings import assess_enrolments
from swingby.web.models import Enrolment, PortfolioRow, Prospect, RhythmPeriod
from swingby.web.tenancy import act_for_owner
from tests.web.domain.test_assessing_together import _partners, _queue
from tests.web.domain.test_portfolio import PROMISING, _program
from tests.web.many import OWNER, add_partners

pytestmark = pytest.mark.django_db
KEPT = (PortfolioRow, RhythmPeriod, Prospect)


@pytest.fixture
def keys() -> Iterator[list[str]]:
    """Partners with a standing under rules with promises."""
    with _program(PROMISING):
        found = _partners(7)
        assess_enrolments(found, owner=OWNER, position=0)
        _queue("DELETE FROM procrastinate_jobs")
        yield found


def _date(key: str, *, joined_on: date, loses_on: date | None) -> None:
    with act_for_owner(OWNER), connection.cursor() as cursor:
        Enrolment.objects.filter(pk=key).update(joined_on=joined_on)
        cursor.execute("UPDATE ref_enrolments SET joined_on = %s WHERE enrolment = %s", [joined_on, key])
        PortfolioRow.objects.filter(pk=key).update(loses_on=loses_on)


def _kept() -> dict[str, list[tuple[Any, ...]]]:
    with act_for_owner(OWNER):
        return {
            model.__name__: sorted(
                (tuple(str(getattr(row, one.attname)) for one in model._meta.concrete_fields if one.attname != "id"))
                for row in model.objects.filter(owner_id=OWNER)
            )
            for model in KEPT
        }


def _afterwards(act: Callable[[], object]) -> dict[str, list[tuple[Any, ...]]]:
    """What is kept when it is done; all of it is undone."""
    with transaction.atomic():
        act()
        found = _kept()
        transaction.set_rollback(True)
    return found


def _places() -> dict[tuple[str, str, date], str]:
    """Where in its table each period stands: elsewhere once it was written again."""
    with act_for_owner(OWNER):
        rows = _queue(
            "SELECT enrolment, rhythm, starts_on, ctid::text FROM rhythm_periods WHERE enrolment LIKE 'many-%%'"
        )
    return {(enrolment, rhythm, start): place for enrolment, rhythm, start, place in rows}


def _look_again(keys: list[str]) -> None:
    with act_for_owner(OWNER):
        PortfolioRow.objects.filter(pk__in=keys).update(outlook_on=None)
    refresh_outlooks(keys, owner=OWNER)


def _one_by_one(keys: list[str]) -> None:
    for key in keys:
        refresh_outlooks([key], owner=OWNER)


def test_several_at_once_come_out_as_one_by_one(keys: list[str]) -> None:
    for number, key in enumerate(keys):
        joined_on = date(2025, 3, 1) + timedelta(days=60 * number)
        loses_on = None if number == 3 else date(2026, 4, 1) + timedelta(days=45 * (number % 4))
        _date(key, joined_on=joined_on, loses_on=loses_on)
    keys = [*keys, *add_partners(1, first=100)]  # The last has no standing.

    alone = _afterwards(lambda: _one_by_one(keys))
    together = _afterwards(lambda: refresh_outlooks(keys, owner=OWNER))

    assert together == alone
    periods = [key for key, *_ in {(row[2], row[3], row[6]) for row in together["RhythmPeriod"]} if key in keys]
    assert len({periods.count(key) for key in keys}) > 2  # Who joined later has fewer.
    assert periods.count(keys[-1]) == 0


def test_statements_do_not_grow_with_the_partners(keys: list[str]) -> None:
    def statements(some: list[str]) -> int:
        with CaptureQueriesContext(connection) as queries:
            _look_again(some)
        return len(queries)

    _look_again(keys)
    assert statements(keys) == statements(keys[:2])


def test_periods_in_which_nothing_changed_are_not_written_again(keys: list[str]) -> None:
    _look_again(keys)
    before, kept = _places(), _kept()
    _look_again(keys)
    assert (_places(), _kept()) == (before, kept)
    with act_for_owner(OWNER), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO fact_activities (fact_id, position, source, happened_on, organization, kind, owner_org,"
            " partner_org) VALUES ('late', 1, 'crm', DATE '2025-11-20', 'many-2', 'plan_reviewed', %s, 'many-2')",
            [OWNER],
        )
    _look_again(keys)
    moved = {key for key, place in _places().items() if before[key] != place}
    assert moved == {("many-2", "plan_quarters", date(2025, 10, 1))}
