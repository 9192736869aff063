"""The points on the partner's home page: the lines of the whole history, and beside them what does not count yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.template.loader import render_to_string

from swingby.web.design.gallery.samples import sample_home
from swingby.web.domain.prospects import find_prospect
from swingby.web.domain.reports import accept_report, submit_report
from swingby.web.domain.standings import assess_enrolment, latest_standing
from swingby.web.models import ActivityReport, PointsHistory
from swingby.web.portal.home import HomePage, PointsNow
from swingby.web.portal.home_points import points_now
from swingby.web.portal.points_parts import PointsPage
from swingby.web.tenancy import act_for_owner
from tests.permissions.world import PROGRAM_TEXT
from tests.web.acting import ENROLMENT, acting, signed_in, the_enrolment
from tests.web.publishing import assess_now, publish

pytestmark = pytest.mark.django_db
HOME = f"/partner/{ENROLMENT}/"
PLANS = "for_each: activities, where: {kind: plan_reviewed}, earn: 20"
#: The world's program with points that come from numbers alone.
FROM_NUMBERS = PROGRAM_TEXT.replace(PLANS, "based_on: {measure: reviews}, earn: {rate: 30}, cap: 50").replace(
    "training: {for_each: activities, where: {kind: training_completed}, earn: 4",
    "training: {based_on: {measure: reviews}, earn: {rate: 1}",
)


def _points() -> PointsNow:
    page = signed_in("partner-admin").get(HOME).context["page"]
    assert isinstance(page, HomePage)
    return page.points


def _all_points() -> PointsPage:
    page = signed_in("partner-admin").get(f"{HOME}points/").context["page"]
    assert isinstance(page, PointsPage)
    return page


def _text() -> str:
    return signed_in("partner-admin").get(HOME).content.decode()


def _report(day: int, kind: str = "plan_reviewed", **more: Any) -> str:
    with acting("partner-admin") as actor:
        happened_on = date(2026, 3, day)
        return submit_report(the_enrolment(), actor=actor, kind=kind, happened_on=happened_on, **more).pk


def _accept(key: str) -> None:
    with acting("manager") as actor:
        report = ActivityReport.objects.select_related("partner", "enrolment").get(pk=key)
        position = accept_report(report, actor=actor)
    assess_enrolment(ENROLMENT, owner="harbor", position=position)


def _nothing_waits() -> None:
    with act_for_owner("harbor"):
        the_enrolment().reports.update(state="withdrawn")


def test_points_that_come_from_numbers_are_listed() -> None:
    for day in (3, 20):
        _accept(_report(day))
    publish("2", "2026-02-01", FROM_NUMBERS)
    assess_now()
    with act_for_owner("harbor"):
        PointsHistory.objects.filter(pk=ENROLMENT).update(lines=[], position=0)
    before, said = _points(), _text()
    find_prospect(ENROLMENT, owner="harbor")
    after = _points()

    assert "No points yet" not in said
    assert before.value == after.value
    assert [(line.what, line.points, line.note) for line in after.lines] == [
        ("Plan reviewed", Decimal(-10), "Over a limit"),
        ("Plan reviewed", Decimal(60), "Worked out from a number"),
        ("Training completed", Decimal(2), "Worked out from a number"),
    ]
    assert after.value == sum(line.points or 0 for line in after.lines)


@pytest.mark.parametrize(
    ("score", "told"),
    [
        ({"value": "585"}, (Decimal(585), True, True)),
        ({"value": "0"}, (Decimal(0), True, True)),
        ({"value": None}, (None, True, False)),
        (None, (None, False, False)),
    ],
)
def test_points_that_are_not_there_are_not_those_that_are_not_known(
    score: dict[str, Any] | None, told: tuple[Decimal | None, bool, bool]
) -> None:
    with act_for_owner("harbor"):
        PointsHistory.objects.filter(pk=ENROLMENT).update(lines=[], position=0)
        standing = latest_standing(the_enrolment())
        assert standing is not None
        standing.result = {"score": score}
        found = points_now(the_enrolment(), standing)

    assert ((found.value, found.is_counted, found.is_known), found.lines) == (told, ())


@pytest.mark.parametrize(
    ("points", "said"),
    [
        (PointsNow(value=Decimal(585)), "Your points: 585"),
        (PointsNow(value=Decimal(0)), "No points yet"),
        (PointsNow(is_known=False), "Your points are not known yet"),
        (PointsNow(is_counted=False), "This program adds up no points"),
    ],
)
def test_without_lines_the_page_says_why(points: PointsNow, said: str) -> None:
    text = render_to_string("portal/_standing.html", {"page": replace(sample_home(), points=points)})
    titles = ("Your points: 585", "Your points are not known yet", "No points yet", "This program adds up no points")

    assert [title for title in titles if title in text] == [said]


def test_home_counts_the_same_lines_as_the_history() -> None:
    _nothing_waits()
    publish("2", "2026-02-01", PROGRAM_TEXT.replace(PLANS, f"{PLANS}, cap: {{at_most: 30, per: quarter}}"))
    for day in (3, 20):
        _accept(_report(day))
    find_prospect(ENROLMENT, owner="harbor")
    home, history, text = _points(), _all_points(), _text()
    key = _report(22)
    _accept(key)
    meanwhile = _points()

    assert home.total == history.of == history.found == len(history.lines) == 3
    assert home.lines == history.lines
    assert history.sum == history.total == home.value
    assert "newest 3 of 3 lines" in text
    assert meanwhile.total == home.total + 1
    assert [(line.day, line.points, line.note) for line in meanwhile.lines[:1]] == [
        (date(2026, 3, 22), Decimal(0), "No points: what this rule gives is used up for now.")
    ]


def test_what_waits_stands_beside_what_counts_with_what_it_could_earn() -> None:
    _nothing_waits()
    publish("2", "2026-02-01", PROGRAM_TEXT.replace(PLANS, f"{PLANS}, cap: {{at_most: 30, per: quarter}}"))
    assess_now()
    find_prospect(ENROLMENT, owner="harbor")
    counted = _points()
    for day in (2, 5):
        _report(day)
    _report(6, "training_completed")
    waiting, history = _points(), _all_points()

    assert (waiting.lines, waiting.total, waiting.value) == (counted.lines, counted.total, counted.value)
    assert [(line.day.day, line.points, line.state) for line in waiting.reports] == [
        (6, Decimal(4), "pending"),
        (5, Decimal(10), "pending"),
        (2, Decimal(20), "pending"),
    ]
    assert (waiting.pending_points, waiting.pending_unknown) == (Decimal(34), 0)
    assert history.reports.reports == waiting.reports
    assert "3 reports wait for checking: up to 34 more points, in no sum yet." in _text()


@pytest.mark.parametrize(
    ("rule", "points"),
    [
        ("for_each: activities, where: {kind: plan_reviewed}, earn: {rate: {initially: 5, 2026-03-04: 7}}", 7),
        (
            "for_each: activities, where: {kind: [plan_reviewed, talk]}, earn: {rate: {by: kind, talk: 6, otherwise: 3}}",
            3,
        ),
        ("for_each: activities, where: {kind: plan_reviewed}, earn: {rate: 2, of: quantity}", 6),
        ("for_each: activities, where: {kind: plan_reviewed, quantity: {at_least: 5}}, earn: 20", None),
        ("based_on: {measure: reviews}, earn: {rate: 30}", None),
    ],
)
def test_what_a_report_could_earn_is_said_where_the_program_says_it_plainly(rule: str, points: int | None) -> None:
    _nothing_waits()
    publish("2", "2026-02-01", PROGRAM_TEXT.replace(PLANS, rule))
    assess_now()
    _report(10, quantity=Decimal(3))

    assert [line.points for line in _points().reports] == [None if points is None else Decimal(points)]
