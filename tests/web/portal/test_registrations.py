"""The pages of deal registrations: from the phone to the answer, to what the home page says, and back."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from swingby.web.clock import now
from swingby.web.models import DealProgress, DealRegistration, RegistrationState
from swingby.web.tenancy import Scope, act_for_owner, open_scope
from tests.web.acting import ENROLMENT, signed_in

pytestmark = pytest.mark.django_db
PAGES = f"/partner/{ENROLMENT}/registrations/"
DESK = "/console/harbor/registrations/"
DEAL = {"customer": "Wrenfield Clinics", "words": "They ask for a quote.", "website": "wrenfield.example"}


@pytest.fixture(autouse=True)
def nothing_registered() -> None:
    with act_for_owner("harbor"):
        DealRegistration.objects.update(state=RegistrationState.WITHDRAWN)


def test_a_seller_registers_from_home_and_reads_there_until_when_it_is_protected() -> None:
    seller, vendor = signed_in("partner-member"), signed_in("manager")
    home = f"/partner/{ENROLMENT}/"
    assert seller.get(home).context["page"].register_url == f"{PAGES}new/"
    address = seller.post(f"{PAGES}new/", DEAL).headers["Location"]
    (line,) = [deal for deal in seller.get(home).context["page"].deals if deal.name == "Wrenfield Clinics"]
    assert line.protection.startswith("Waits for an answer, answer by")
    (waiting,) = vendor.get(DESK).context["waiting"]
    assert "They ask for a quote." in vendor.get(waiting.url).content.decode()
    vendor.post(f"{waiting.url}act/", {"act": "approve", "until": "2026-05-14", "words": "Good luck."})
    (line,) = [deal for deal in seller.get(home).context["page"].deals if deal.name == "Wrenfield Clinics"]
    assert line.protection == "Protected, until 14 May 2026"
    text = seller.get(address).content.decode()
    assert "Good luck." in text
    assert "45 days, today included" in text
    assert [row.customer for row in seller.get(f"/partner/{ENROLMENT}/deals/").context["page"].registered] == [
        "Wrenfield Clinics"
    ]


def test_a_deal_that_came_back_is_mended_and_one_that_was_declined_says_why() -> None:
    seller, vendor = signed_in("partner-admin"), signed_in("manager")
    address = seller.post(f"{PAGES}new/", DEAL).headers["Location"]
    desk = f"{DESK}{address.rstrip('/').rpartition('/')[2]}/"
    vendor.post(f"{desk}act/", {"act": "return", "words": "Who decides there?"})
    form = seller.get(f"{address}edit/").content.decode()
    assert "Who decides there?" in form
    assert "They ask for a quote." in form
    assert seller.post(f"{address}edit/", {**DEAL, "words": "The head of IT."}).status_code == 302
    vendor.post(f"{desk}act/", {"act": "decline", "reason": "customer", "words": "Since May."})
    page = seller.get(address).context["page"]
    assert (page.row.state, page.reason, page.answer) == ("Declined", "It buys from the vendor already", "Since May.")
    assert page.acts == ()


def test_what_is_wrong_keeps_the_form_with_everything_that_was_written() -> None:
    answer = signed_in("partner-admin").post(f"{PAGES}new/", {**DEAL, "website": "no site", "closes_on": "2020-01-01"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "They ask for a quote." in text
    assert "no website" in text


@pytest.mark.parametrize("who", ["partner-finance", "executive", "finance"])
def test_who_does_not_sell_sees_no_way_to_register(who: str) -> None:
    if who == "partner-finance":
        assert signed_in(who).get(f"/partner/{ENROLMENT}/").context["page"].register_url == ""
    assert signed_in(who).get(f"{PAGES}new/").status_code == 403


def test_the_queue_takes_the_same_statements_for_one_and_for_fifty() -> None:
    counted = []
    for many in (1, 50):
        _add(many)
        client = signed_in("manager")
        client.get(DESK)
        with CaptureQueriesContext(connection) as caught:
            context = client.get(DESK).context
            assert len(context["waiting"]) == min(context["waiting_total"], 40)
        counted.append(len(caught))
    assert counted[0] == counted[1]
    assert "the next 40 of 51" in client.get(DESK).content.decode()


def _add(many: int) -> None:
    whose = {"owner_id": "harbor", "partner_id": "tarn"}
    with open_scope(Scope(partner_orgs=frozenset({"tarn"}))):
        for number in range(many):
            made = DealRegistration.objects.create(
                **whose,
                enrolment_id=ENROLMENT,
                customer=f"Firm {number} of {many}",
                alike=f"firm {number} of {many}",
                words="A quote.",
                registered_by_id="partner-admin",
                registered_at=now(),
                answer_due=now(),
            )
            DealProgress.objects.create(registration=made, **whose)
