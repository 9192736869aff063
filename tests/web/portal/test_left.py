"""What is left for an activity stands on the form, before a report is sent."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from swingby.web.domain.prospects import find_prospect
from swingby.web.domain.reports import submit_report
from swingby.web.portal.left_parts import Left
from tests.permissions.world import PROGRAM_TEXT
from tests.web.acting import ENROLMENT, acting, signed_in, the_enrolment
from tests.web.publishing import add_fact, assess_now, publish

pytestmark = pytest.mark.django_db
FORM = f"/partner/{ENROLMENT}/reports/new/"
PLANS = "where: {kind: plan_reviewed}, earn: 20, "
TRAINING = "where: {kind: training_completed}, earn: 4, "


def _publish(*, plans: str = "", training: str = "", more: str = "") -> None:
    text = PROGRAM_TEXT.replace(PLANS, PLANS + plans).replace(TRAINING, TRAINING + training)
    publish("2", "2026-02-01", text + more)


def _done(key: str, kind: str, day: date) -> None:
    add_fact("activities", key, organization="tarn", kind=kind, happened_on=day)


def _left(asked: str) -> Left | None:
    assess_now()
    find_prospect(ENROLMENT, owner="harbor")
    found = signed_in("partner-admin").get(f"{FORM}?{asked}").context["left"]
    assert found is None or isinstance(found, Left)
    return found


def _labels() -> list[str]:
    form = signed_in("partner-admin").get(FORM).context["form"]
    return [label for _, label in form.fields["kind"].choices]


def test_before_a_kind_is_chosen_and_without_any_limit_nothing_is_said() -> None:
    assert _left("") is None
    assert _left("kind=plan_reviewed") is None
    assert _left("kind=nonsense&happened_on=never") is None


def test_what_is_used_up_says_so_and_when_the_count_begins_anew() -> None:
    _publish(training="cap: {at_most: 4, per: quarter}, ")
    _done("a-1", "training_completed", date(2026, 2, 3))
    left = _left("kind=training_completed")

    assert left is not None
    assert left.is_used_up
    assert left.sentences == (
        "All 4 points are used up for days before 1 April 2026. On that day the count begins anew.",
    )
    assert left.as_of == date(2026, 3, 31)
    assert not left.is_behind
    assert _labels() == ["Choose an activity", "Plan reviewed", "Training completed (nothing left today)"]


def test_the_day_in_the_form_decides_which_period_is_asked() -> None:
    _publish(training="cap: {at_most: 10, per: quarter}, ")
    _done("a-1", "training_completed", date(2026, 2, 3))
    _done("a-2", "training_completed", date(2025, 11, 3))
    _done("a-3", "training_completed", date(2025, 11, 4))
    here, before = _left("kind=training_completed"), _left("kind=training_completed&happened_on=2025-12-31")

    assert here is not None
    assert before is not None
    assert here.sentences == ("6 of 10 points are left for days before 1 April 2026, when the count begins anew.",)
    assert before.sentences == ("2 of 10 points are left for days before 1 January 2026, when the count begins anew.",)


def test_a_limit_without_a_period_frees_as_the_first_points_end() -> None:
    _publish(training="cap: 8, expires: {after: 6 months}, ")
    for number, day in enumerate((date(2026, 1, 10), date(2026, 2, 3))):
        _done(f"a-{number}", "training_completed", day)
    left = _left("kind=training_completed")

    assert left is not None
    assert left.sentences == (
        "All 8 points are used up. On 10 July 2026 the first of what was counted ends, and more counts again.",
    )


def test_money_that_is_gone_and_limits_of_each_person() -> None:
    coop = (
        "accounts:\n  coop: {label: Co-op funds, unit: USD}\n"
        "incentives:\n  spent: {label: Event, for_each: activities, where: {kind: event}, earn: 5, out_of: coop}\n"
    )
    points = "  event: {for_each: activities, where: {kind: event}, earn: 4, cap: {at_most: 8, per: [person, year]}}\n"
    _publish(more=coop)
    text = PROGRAM_TEXT.replace("measures:\n", f"{points}measures:\n", 1)
    publish("3", "2026-03-01", text + coop)
    left = _left("kind=event")

    assert left is not None
    assert not left.is_used_up
    assert left.sentences == (
        "Event: The program counts at most 8 points for each person and year.",
        "Event: Nothing is left in Co-op funds; it pays again once something new comes in.",
    )


def test_reports_that_wait_are_named_and_many_lines_cost_the_same() -> None:
    _publish(plans="cap: {at_most: 200, per: quarter}, ")
    assert _left("kind=plan_reviewed") is not None
    client = signed_in("partner-admin")
    with CaptureQueriesContext(connection) as few:
        client.get(f"{FORM}?kind=plan_reviewed")
    for day in range(1, 9):
        _done(f"a-{day}", "plan_reviewed", date(2026, 3, day))
    with acting("partner-admin") as actor:
        submit_report(the_enrolment(), actor=actor, kind="plan_reviewed", happened_on=date(2026, 3, 20))
    left = _left("kind=plan_reviewed")
    with CaptureQueriesContext(connection) as many:
        client.get(f"{FORM}?kind=plan_reviewed")

    assert left is not None
    assert left.sentences == (
        "40 of 200 points are left for days before 1 April 2026, when the count begins anew.",
        "2 reports of this kind wait for checking; what they will earn is not taken off yet.",
    )
    assert len(many) == len(few)
