"""The points history: lines that add up, filters, pages of lines, the score over time."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from swingby.web.design.parts import Reading
from swingby.web.domain.points import kept_lines, month_ends
from swingby.web.domain.prospects import find_prospect
from swingby.web.domain.reports import accept_report, submit_report
from swingby.web.domain.standings import assess_enrolment
from swingby.web.models import ActivityReport, PointsHistory
from swingby.web.portal.points_parts import PointsPage
from swingby.web.tenancy import act_for_owner
from tests.web.acting import ENROLMENT, acting, signed_in, the_enrolment

pytestmark = pytest.mark.django_db
PAGE = f"/partner/{ENROLMENT}/points/"


def _page(asked: str = "") -> PointsPage:
    page = signed_in("partner-member").get(f"{PAGE}{asked}").context["page"]
    assert isinstance(page, PointsPage)
    return page


def _stored(*lines: dict[str, Any]) -> None:
    with act_for_owner("harbor"):
        PointsHistory.objects.filter(pk=ENROLMENT).update(lines=list(lines), as_of=date(2026, 3, 31), total=Decimal(9))


def _line(number: int = 0, **more: Any) -> dict[str, Any]:
    line = {"day": "2026-03-01", "rule": "plans", "label": "Plan reviewed", "kind": "entry", "points": "20"}
    return {**line, "fact": f"f-{number}", "expires": None, **more}


def test_the_lines_of_an_accepted_report_add_up_to_the_score() -> None:
    for day in (3, 20):
        with acting("partner-admin") as actor:
            key = submit_report(the_enrolment(), actor=actor, kind="plan_reviewed", happened_on=date(2026, 3, day)).pk
        with acting("manager") as actor:
            report = ActivityReport.objects.select_related("partner", "enrolment").get(pk=key)
            position = accept_report(report, actor=actor)
        assess_enrolment(ENROLMENT, owner="harbor", position=position)
    before = _page()
    find_prospect(ENROLMENT, owner="harbor")
    after = _page()

    assert before.is_behind
    assert not after.is_behind
    assert after.sum == after.total == sum(line.points or 0 for line in after.lines)
    assert [(line.day, line.points, line.note) for line in after.lines[:2]] == [
        (date(2026, 3, 20), Decimal(20), "You reported"),
        (date(2026, 3, 3), Decimal(20), "You reported"),
    ]
    assert after.chart is not None
    assert after.chart.main.readings[-1] == Reading(day=date(2026, 3, 31), value=after.total or Decimal(0))
    assert [level.name for level in after.chart.levels] == ["Gold asks for"]


@pytest.mark.parametrize(
    ("asked", "found", "together"),
    [
        ("", 4, 39),
        ("?rule=plans", 3, 35),
        ("?kind=cap", 1, -5),
        ("?year=2025", 1, 20),
        ("?rule=plans&kind=entry&year=2026", 1, 20),
        ("?kind=nonsense&year=20x6&page=-1", 4, 39),
        ("?rule=nobody", 0, 0),
    ],
)
def test_filters_find_what_they_say_and_say_what_it_comes_to(asked: str, found: int, together: int) -> None:
    _stored(
        _line(1),
        _line(2, rule="training", label="Training", points="4"),
        _line(1, kind="cap", points="-5"),
        _line(3, day="2025-06-01"),
    )
    page = _page(asked)

    assert (page.found, page.of, page.sum) == (found, 4, Decimal(together))
    assert page.filters[0].choices == (
        ("", "All", "rule=" not in asked),
        ("plans", "Plan reviewed", "rule=plans" in asked),
        ("training", "Training", False),
    )


def test_a_long_history_comes_in_pages_that_cost_the_same() -> None:
    client = signed_in("partner-member")
    _stored(_line(1))
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    _stored(*(_line(number) for number in range(1_001)))
    with CaptureQueriesContext(connection) as many:
        page = client.get(PAGE)

    assert len(many) == len(few)
    assert len(page.content) < 150_000
    assert [
        (len(_page(asked).lines), _page(asked).before_url, _page(asked).after_url) for asked in ("", "?page=21")
    ] == [
        (50, "", f"{PAGE}?page=2"),
        (1, f"{PAGE}?page=20", ""),
    ]
    assert len(_page("?page=99").lines) == 1


def test_what_takes_points_away_says_why() -> None:
    _stored(_line(1, kind="cap", points="-5"), _line(2, kind="reversal", points="-20", expires="2026-12-31"))

    assert [(line.state, line.note) for line in _page().lines] == [
        ("counted", "Over a limit · Record f-1"),
        ("reversed", "Taken back · Record f-2 · counts until 31 December 2026"),
    ]


def test_months_end_on_their_last_days_and_today() -> None:
    days = list(month_ends(date(2026, 3, 31)))

    assert (len(days), days[0], days[-2], days[-1]) == (13, date(2025, 3, 31), date(2026, 2, 28), date(2026, 3, 31))
    assert kept_lines([]) == []
