from __future__ import annotations

import json
from datetime import date

import pytest
from django.db import connection

from swingby.web.domain.audit import find_breaks
from swingby.web.domain.errors import ChangedMeanwhileError, NotAllowedError, RefusedError
from swingby.web.domain.reports import (
    TRANSITIONS,
    accept_report,
    acts_open_to,
    decline_report,
    resubmit_report,
    return_report,
    submit_report,
    withdraw_report,
)
from swingby.web.domain.standings import assess_enrolment, latest_standing
from swingby.web.models import ActivityReport, AuditEntry, ReportState, Side
from tests.web.acting import ENROLMENT, acting, the_enrolment

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 20)


def _submitted(day: date = DAY) -> str:
    with acting("partner-admin") as actor:
        return submit_report(the_enrolment(), actor=actor, kind="plan_reviewed", happened_on=day).pk


def _report(key: str) -> ActivityReport:
    return ActivityReport.objects.select_related("partner", "enrolment").get(pk=key)


def _facts(key: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, happened_on, organization, status, owner_org, partner_org FROM fact_activities"
            " WHERE fact_id = %s",
            [f"report-{key}"],
        )
        return list(cursor.fetchall())


def test_a_submitted_report_waits() -> None:
    key = _submitted()

    with acting("manager") as actor:
        report = _report(key)
        assert report.state == ReportState.SUBMITTED
        assert acts_open_to(actor, report=report) == ("accept", "return", "decline")


def test_accepting_writes_one_fact_at_the_next_position() -> None:
    key = _submitted()
    with acting("manager") as actor:
        first = accept_report(_report(key), actor=actor)

        assert _facts(key) == [("plan_reviewed", DAY, "tarn", "accepted", "harbor", "tarn")]
    other = _submitted(date(2026, 3, 21))
    with acting("success") as actor:
        assert accept_report(_report(other), actor=actor) == first + 1


def test_accepting_brings_the_standing_up_to_date_at_once(
    django_capture_on_commit_callbacks: object,
) -> None:
    key = _submitted()
    with django_capture_on_commit_callbacks(execute=True), acting("manager") as actor:  # type: ignore[operator]
        position = accept_report(_report(key), actor=actor)

    with acting("partner-member"):
        standing = latest_standing(the_enrolment())
        assert standing is not None
        assert (standing.position, standing.tier, standing.result["score"]["value"]) == (position, "select", "20")


def test_a_second_assessment_at_the_same_position_adds_nothing() -> None:
    key = _submitted()
    with acting("manager") as actor:
        position = accept_report(_report(key), actor=actor)
    assess_enrolment(ENROLMENT, owner="harbor", position=position)
    assess_enrolment(ENROLMENT, owner="harbor", position=position)

    with acting("manager"):
        assert the_enrolment().standings.filter(position=position).count() == 1


def test_accepting_enqueues_a_job_with_keys_only() -> None:
    key = _submitted()
    with acting("manager") as actor:
        position = accept_report(_report(key), actor=actor)

    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'assess_enrolment'")
        assert [json.loads(row[0]) for row in cursor.fetchall()] == [
            {"owner": "harbor", "enrolment": ENROLMENT, "position": position}
        ]


def test_of_two_who_decide_at_once_one_is_told() -> None:
    key = _submitted()
    with acting("manager") as actor:
        first, second = _report(key), _report(key)
        accept_report(first, actor=actor)
        with pytest.raises(ChangedMeanwhileError):
            decline_report(second, actor=actor, answer="Too late.")


def test_returning_needs_words_and_lets_the_partner_send_again() -> None:
    key = _submitted()
    with acting("manager") as actor:
        with pytest.raises(RefusedError):
            return_report(_report(key), actor=actor, answer=" ")
        return_report(_report(key), actor=actor, answer="Which customer?")
    with acting("partner-manager") as actor:
        resubmit_report(_report(key), actor=actor, kind="plan_reviewed", happened_on=DAY, details="Sallowby Foods")

        assert (_report(key).state, _report(key).details) == (ReportState.SUBMITTED, "Sallowby Foods")
        assert _facts(key) == []


def test_a_declined_report_makes_no_fact_and_stays_declined() -> None:
    key = _submitted()
    with acting("manager") as actor:
        decline_report(_report(key), actor=actor, answer="Not this partner's.")
        with pytest.raises(ChangedMeanwhileError):
            accept_report(_report(key), actor=actor)

        assert _facts(key) == []


def test_a_partner_takes_back_what_waits() -> None:
    key = _submitted()
    with acting("partner-admin") as actor:
        withdraw_report(_report(key), actor=actor)

        assert acts_open_to(actor, report=_report(key)) == ()


@pytest.mark.parametrize("person", ["executive", "finance", "operations"])
def test_insiders_without_the_right_decide_nothing(person: str) -> None:
    key = _submitted()
    with acting(person) as actor, pytest.raises(NotAllowedError):
        accept_report(_report(key), actor=actor)


def test_a_partner_decides_nothing() -> None:
    key = _submitted()
    with acting("partner-admin") as actor, pytest.raises(NotAllowedError):
        accept_report(_report(key), actor=actor)


def test_a_member_reports_nothing() -> None:
    with acting("partner-member") as actor, pytest.raises(NotAllowedError):
        submit_report(the_enrolment(), actor=actor, kind="plan_reviewed", happened_on=DAY)


@pytest.mark.parametrize(
    "day",
    [date(2026, 4, 1), date(2025, 2, 28), date(2025, 3, 29)],
    ids=["to come", "before joining", "more than a year ago"],
)
def test_a_day_that_cannot_be_reported_is_refused(day: date) -> None:
    with acting("partner-admin") as actor, pytest.raises(RefusedError):
        submit_report(the_enrolment(), actor=actor, kind="plan_reviewed", happened_on=day)


def test_every_act_starts_from_one_state_and_leads_to_another() -> None:
    assert [act for act, step in TRANSITIONS.items() if step.before == step.after] == []
    ends = set(ReportState) - {step.before for step in TRANSITIONS.values()}
    # What was accepted and drawn by lot may still be taken back by somebody else.
    assert ends == {ReportState.DECLINED, ReportState.WITHDRAWN}


def test_the_chains_of_acts_are_whole_and_a_change_breaks_them() -> None:
    key = _submitted()
    with acting("manager") as actor:
        accept_report(_report(key), actor=actor)
        for side in Side:
            entries = list(
                AuditEntry.objects.filter(partner_id="tarn", owner_id="harbor", side=side).order_by("number")
            )
            assert find_breaks(entries) == []
        entries[1].actor = "somebody-else"
        assert find_breaks(entries) == ["Entry 2 was changed after it was written."]
        assert find_breaks(entries[:1] + entries[2:]) == ["Entry 2 is missing or was replaced before entry 3."]


def test_the_application_cannot_change_an_act() -> None:
    from django.db import ProgrammingError, transaction

    with acting("manager"), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        AuditEntry.objects.update(actor="somebody-else")
