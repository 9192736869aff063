from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from swingby.web.domain.errors import RefusedError
from swingby.web.domain.reports import accept_report, submit_report
from swingby.web.domain.standings import assess_enrolment
from swingby.web.models import ActivityReport
from tests.web.acting import ENROLMENT, acting, signed_in, the_enrolment

pytestmark = pytest.mark.django_db

HOME = f"/partner/{ENROLMENT}/"


def _report(day: int) -> str:
    with acting("partner-admin") as actor:
        report = submit_report(the_enrolment(), actor=actor, kind="plan_reviewed", happened_on=date(2026, 3, day))
    return report.pk


def _accept(key: str) -> None:
    with acting("manager") as actor:
        report = ActivityReport.objects.select_related("partner", "enrolment").get(pk=key)
        position = accept_report(report, actor=actor)
    assess_enrolment(ENROLMENT, owner="harbor", position=position)


def test_the_page_says_on_which_day_it_stands() -> None:
    page = signed_in("partner-admin").get(HOME).content.decode()

    assert "Shown as of 31 Mar 2026" in page


def test_an_open_page_is_told_nothing_until_something_changed() -> None:
    client = signed_in("partner-admin")
    version = client.get(HOME).context["page"].version
    address = f"{HOME}standing/?version={version}"
    assert client.get(address).status_code == 204
    key = _report(20)
    changed = client.get(address)
    assert changed.status_code == 200
    waiting = changed.context["page"].version
    assert client.get(f"{HOME}standing/?version={waiting}").status_code == 204
    _accept(key)

    after = client.get(f"{HOME}standing/?version={waiting}")

    assert after.status_code == 200
    assert after.context["page"].tier == "Select"


def test_the_form_offers_what_the_rules_reward_and_today() -> None:
    form = signed_in("partner-admin").get(f"{HOME}reports/new/").context["form"]

    assert form.fields["kind"].choices == [
        ("", "Choose an activity"),
        ("plan_reviewed", "Plan reviewed"),
        ("training_completed", "Training completed"),
    ]
    assert form["happened_on"].value() == date(2026, 3, 31)


def test_what_no_rule_rewards_is_refused_with_the_page_and_its_words() -> None:
    answer = signed_in("partner-admin").post(f"{HOME}reports/new/", {"kind": "lunch", "happened_on": "2027-01-01"})

    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {"kind", "happened_on"}


def test_a_report_is_sent_and_shown_as_waiting() -> None:
    client = signed_in("partner-admin")
    client.post(f"{HOME}reports/new/", {"kind": "plan_reviewed", "happened_on": "2026-03-30", "details": "Spring plan"})
    lines = client.get(f"{HOME}reports/").context["lines"]

    assert (lines[0].what, lines[0].day, lines[0].state_words) == (
        "Plan reviewed",
        date(2026, 3, 30),
        "Waits for checking",
    )


@pytest.mark.parametrize("path", ["", "standing/?version=none", "reports/", "reports/new/"])
def test_a_page_asks_as_often_for_three_reports_as_for_one(path: str) -> None:
    client = signed_in("partner-admin")
    _report(1)
    client.get(HOME + path)
    with CaptureQueriesContext(connection) as once:
        client.get(HOME + path)
    for day in (2, 3):
        _report(day)
    with CaptureQueriesContext(connection) as thrice:
        client.get(HOME + path)

    assert len(thrice) == len(once)


def test_the_question_of_an_open_page_is_cheap() -> None:
    client = signed_in("partner-admin")
    version = client.get(HOME).context["page"].version
    with CaptureQueriesContext(connection) as asked:
        client.get(f"{HOME}standing/?version={version}")

    assert len(asked) <= 15


def test_nothing_of_the_page_runs_or_loads_from_elsewhere() -> None:
    answer = signed_in("partner-admin").get(HOME)

    assert set(answer.headers["Content-Security-Policy"].split("; ")) == {
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    }
    assert " style=" not in answer.content.decode()
    assert "<script>" not in answer.content.decode()


def test_a_page_of_somebody_stays_in_no_cache() -> None:
    assert signed_in("partner-admin").get(HOME)["Cache-Control"] == "private, no-store"


def test_asking_for_the_headers_of_a_page_is_like_asking_for_the_page() -> None:
    answer = signed_in("partner-admin").head(HOME)

    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("address", ["/partner/%00/", f"{HOME}reports/%00/", "/console/harbor/partners/%00/"])
@pytest.mark.parametrize("person", ["partner-admin", "manager"])
def test_a_key_that_the_database_cannot_hold_is_nobodys(address: str, person: str) -> None:
    assert signed_in(person).get(address).status_code == 404


def test_a_form_without_its_token_is_refused_on_a_page_of_ours() -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/accounts/login/", {"login": "a@example.test", "password": "b"})

    assert (answer.status_code, [template.name for template in answer.templates][:1]) == (403, ["403_csrf.html"])


def test_what_cannot_be_read_is_refused_on_a_page_of_ours() -> None:
    answer = signed_in("partner-admin").get(HOME, headers={"host": "elsewhere.example"})

    assert answer.status_code == 400
    assert "This could not be read" in answer.content.decode()


def test_a_form_sent_twice_is_one_report() -> None:
    client = signed_in("partner-admin")
    key = client.get(f"{HOME}reports/new/").context["form"]["key"].value()
    before = len(client.get(f"{HOME}reports/").context["lines"])
    for _ in range(2):
        said = {"kind": "plan_reviewed", "happened_on": "2026-03-30", "key": str(key)}
        assert client.post(f"{HOME}reports/new/", said).status_code == 302

    assert len(client.get(f"{HOME}reports/").context["lines"]) == before + 1


def test_the_key_of_another_partners_report_gives_nothing_away() -> None:
    key = "0" * 32
    with acting("both-programs") as actor:
        other = the_enrolment("harbor-program-sedge")
        submit_report(other, actor=actor, kind="plan_reviewed", happened_on=date(2026, 3, 20), key=key)
    with acting("partner-admin") as actor, pytest.raises(RefusedError, match="could not be kept"):
        submit_report(the_enrolment(), actor=actor, kind="plan_reviewed", happened_on=date(2026, 3, 20), key=key)
