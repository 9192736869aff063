"""Records and reports that do not count say why, on their pages."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from swingby.web.domain.prospects import find_prospect
from swingby.web.domain.reports import accept_report, submit_report
from swingby.web.domain.standings import assess_enrolment
from swingby.web.models import ActivityReport, Scorecard
from swingby.web.portal.pages import ReportLine
from swingby.web.portal.scorecard_parts import RecordPage, UncountedLine, WhyNot
from swingby.web.tenancy import act_for_owner
from tests.permissions.world import PROGRAM_TEXT
from tests.web.acting import ENROLMENT, acting, signed_in, the_enrolment
from tests.web.publishing import add_fact, assess_now, publish

pytestmark = pytest.mark.django_db
HOME = f"/partner/{ENROLMENT}/"
PLANS = "where: {kind: plan_reviewed}, earn: 20"
RATED = PROGRAM_TEXT.replace("measures:\n", "measures:\n  services: {count: facts, of: activities, where: {kind: service_delivered, rating: {at_least: 4}}, over: ever, label: Services}\n", 1)  # fmt: skip


def _record(key: str) -> RecordPage:
    page = signed_in("partner-member").get(f"{HOME}records/activities/{key}/").context["page"]
    assert isinstance(page, RecordPage)
    return page


def _reports() -> dict[date, ReportLine]:
    lines = signed_in("partner-member").get(f"{HOME}reports/").context["lines"]
    return {line.day: line for line in lines}


def _report(day: int, *, accepted: bool = True) -> None:
    with acting("partner-admin") as actor:
        key = submit_report(the_enrolment(), actor=actor, kind="plan_reviewed", happened_on=date(2026, 3, day)).pk
    if accepted:
        with acting("manager") as actor:
            report = ActivityReport.objects.select_related("partner", "enrolment").get(pk=key)
            position = accept_report(report, actor=actor)
        assess_enrolment(ENROLMENT, owner="harbor", position=position)


def test_a_service_below_the_rating_says_so() -> None:
    publish("2", "2026-02-01", RATED)
    for key, rating in (("well", 5), ("badly", 3)):
        add_fact(
            "activities",
            key,
            organization="tarn",
            kind="service_delivered",
            happened_on=date(2026, 3, 2),
            rating=rating,
        )
    assess_now()
    find_prospect(ENROLMENT, owner="harbor")
    well, badly = _record("well"), _record("badly")

    assert ([row.name for row in well.counts_for], well.why_not) == (["Services"], ())
    assert badly.counts_for == ()
    assert badly.why_not == (
        WhyNot(
            label="Services",
            words="It asks that rating is at least 4; the record says 3.",
            url=f"{HOME}scorecard/services/",
        ),
    )
    text = signed_in("partner-member").get(f"{HOME}records/activities/badly/").content.decode()
    assert "the record says 3." in text
    number = signed_in("partner-member").get(f"{HOME}scorecard/services/").context["page"]
    plans = signed_in("partner-member").get(f"{HOME}scorecard/plans/").context["page"]
    assert ([line.record for line in number.lines], plans.uncounted) == (["well"], ())
    assert number.uncounted == (
        UncountedLine(
            day=date(2026, 3, 2),
            what="Service delivered",
            why="It asks that rating is at least 4; the record says 3.",
            url=f"{HOME}records/activities/badly/",
        ),
    )


def test_a_report_that_gives_nothing_says_why_and_one_that_waits_what_it_could_give() -> None:
    publish("2", "2026-02-01", PROGRAM_TEXT.replace(PLANS, f"{PLANS}, cap: {{at_most: 20, per: quarter}}"))
    for day in (3, 4):
        _report(day)
    publish("3", "2026-03-01", PROGRAM_TEXT.replace(PLANS, f"{PLANS}, cap: {{at_most: 20, per: quarter}}"))
    assess_now()
    find_prospect(ENROLMENT, owner="harbor")
    _report(5, accepted=False)
    found = _reports()

    assert found[date(2026, 3, 3)].why_not == ""
    assert found[date(2026, 3, 4)].why_not == "It gives no points. The limit of this rule is used up."
    assert (found[date(2026, 3, 5)].points, found[date(2026, 3, 5)].why_not) == (0, "")


def test_a_report_of_a_kind_that_the_rules_of_today_do_not_count_says_so() -> None:
    _report(3)
    publish("2", "2026-03-15", PROGRAM_TEXT.replace("plan_reviewed", "plan_written"))
    assess_now()
    find_prospect(ENROLMENT, owner="harbor")

    assert _reports()[date(2026, 3, 3)].why_not == "It does not count. No rule of the program counts “plan reviewed”."


def test_many_reports_ask_as_often_as_one() -> None:
    _report(3)
    find_prospect(ENROLMENT, owner="harbor")
    client = signed_in("partner-member")
    client.get(f"{HOME}reports/")
    with CaptureQueriesContext(connection) as few:
        client.get(f"{HOME}reports/")
    for day in range(4, 8):
        _report(day)
    find_prospect(ENROLMENT, owner="harbor")
    with CaptureQueriesContext(connection) as many:
        client.get(f"{HOME}reports/")

    assert len(many) == len(few)


def test_a_record_newer_than_the_scorecard_is_not_still_to_come() -> None:
    """It was held against the day of the scorecard, which may be older than the record."""
    publish("2", "2026-02-01", RATED)
    assess_now()
    find_prospect(ENROLMENT, owner="harbor")
    with act_for_owner("harbor"):
        Scorecard.objects.filter(pk=ENROLMENT).update(as_of=date(2026, 3, 1))
    add_fact("activities", "new", organization="tarn", kind="plan_reviewed", happened_on=date(2026, 3, 12))

    assert [why.words for why in _record("new").why_not if "to come" in why.words] == []
