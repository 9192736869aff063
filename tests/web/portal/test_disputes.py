"""The pages of disputes: from a line to a case, its answer, and what the partner reads when it is put right."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from swingby.web.models import Dispute, DisputeState, ScorecardLine
from swingby.web.tenancy import Scope, act_for_owner, open_scope
from tests.web.acting import ENROLMENT, acting, signed_in

pytestmark = pytest.mark.django_db
PLANS = f"/partner/{ENROLMENT}/scorecard/plans/"
KEY = "plans|entry|harbor-tarn"


@pytest.fixture(autouse=True)
def no_case_yet() -> None:
    with act_for_owner("harbor"):
        Dispute.objects.filter(enrolment_id=ENROLMENT).update(state=DisputeState.WITHDRAWN)


def test_a_line_leads_to_its_case_and_the_answer_back_to_the_line() -> None:
    partner, vendor = signed_in("partner-admin"), signed_in("manager")
    line = partner.get(PLANS).context["page"].lines[0]
    assert line.case_url == f"{PLANS}dispute/?line={quote(KEY, safe='')}"
    assert "harbor-tarn" in partner.get(line.case_url).content.decode()
    sent = partner.post(line.case_url, {"line": KEY, "words": "It counts for February."})
    case = sent.headers["Location"]
    assert partner.get(PLANS).context["page"].lines[0].case_url == case

    key = case.rstrip("/").rpartition("/")[2]
    (waiting,) = [row for row in vendor.get("/console/harbor/disputes/").context["waiting"] if key in row.url]
    assert "It counts for February." in vendor.get(waiting.url).content.decode()
    vendor.post(f"{waiting.url}answer/", {"answer": "uphold", "words": "You are right."})
    assert "You are right." in partner.get(case).content.decode()
    assert partner.get(case).context["page"].waits_for_cure
    vendor.post(f"{waiting.url}cure/", {"by": "add", "kind": "plan_reviewed", "day": "2026-03-12"})
    page = partner.get(case).context["page"]
    assert (page.cure, page.waits_for_cure) == ("A record was added.", False)
    assert "2026" in partner.get(page.cure_url).content.decode()


def test_what_is_missing_is_said_under_the_number_and_a_member_reads_only() -> None:
    assert signed_in("partner-admin").get(PLANS).context["page"].missing_url == f"{PLANS}dispute/"
    page = signed_in("partner-member").get(PLANS).context["page"]
    assert (page.missing_url, page.lines[0].case_url) == ("", "")


def test_a_case_without_words_keeps_the_form() -> None:
    answer = signed_in("partner-admin").post(f"{PLANS}dispute/", {"line": KEY, "words": " "})
    assert answer.status_code == 422
    assert "Say in a sentence what is wrong" in answer.content.decode()


@pytest.mark.parametrize("line", ["nothing", "plans|entry|other", "a\0b"])
def test_a_line_that_is_not_there_is_not_found(line: str) -> None:
    assert signed_in("partner-admin").post(f"{PLANS}dispute/", {"line": line, "words": "Wrong."}).status_code == 404


def test_a_cure_by_no_door_is_not_found() -> None:
    with acting("manager"):
        key = Dispute.objects.filter(enrolment_id=ENROLMENT)[0].pk
    assert signed_in("manager").post(f"/console/harbor/disputes/{key}/cure/", {"by": "editing"}).status_code == 404


def cases(count: int) -> None:
    moment = timezone.now()
    with act_for_owner("harbor"):
        line = ScorecardLine.objects.filter(enrolment_id=ENROLMENT)[0]
        partner = line.partner_id
    with acting("partner-admin"), open_scope(Scope(partner_orgs=frozenset({partner}))):
        Dispute.objects.bulk_create(
            Dispute(
                owner_id="harbor", partner_id=partner, enrolment_id=ENROLMENT, number="plans", number_label="Plans",
                position=0, words="Wrong.", opened_by_id="partner-admin", opened_at=moment, answer_due=moment,
            )
            for _ in range(count)
        )  # fmt: skip


@pytest.mark.parametrize(
    ("address", "person"),
    [("/console/harbor/disputes/", "manager"), (f"/partner/{ENROLMENT}/disputes/", "partner-admin")],
)
def test_lists_cost_the_same_at_any_length(address: str, person: str) -> None:
    client = signed_in(person)
    cases(10)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    cases(290)
    with CaptureQueriesContext(connection) as many:
        answer = client.get(address)
    assert len(many) == len(few)
    assert len(answer.content) < 150_000
