"""Attempts to break the page at a glance and that of a partner's people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from swingby.web.clock import today
from swingby.web.console.people_parts import PartnersPeoplePage
from swingby.web.models import Enrolment, Program
from swingby.web.tenancy import act_for_owner
from tests.permissions.presenting import token_of
from tests.permissions.world import PROGRAM_TEXT
from tests.web.acting import ENROLMENT, signed_in
from tests.web.console.test_glance import PAGE, _page
from tests.web.console.test_money import _keep
from tests.web.console.test_partner_page import _recorded
from tests.web.many import add_partners
from tests.web.publishing import assess_now, publish

pytestmark = pytest.mark.django_db
PEOPLE = f"/console/harbor/partners/{ENROLMENT}/people/"
WITHOUT_LADDER = PROGRAM_TEXT.partition("points:")[0] + "measures:" + PROGRAM_TEXT.partition("measures:")[2]
WITHOUT_LADDER = WITHOUT_LADDER.partition("scores:")[0]


def _people(asked: str = "") -> PartnersPeoplePage:
    page = signed_in("executive").get(f"{PEOPLE}{asked}").context["page"]
    assert isinstance(page, PartnersPeoplePage)
    return page


@pytest.mark.parametrize(
    ("people", "status"),
    [
        (("success", "operations", "finance", "vendor-admin", "lead"), 403),
        (("other-vendor", "partner-admin", "other-partner", "both-programs", "stranger"), 404),
    ],
)
def test_the_page_at_a_glance_is_for_nobody_else(people: tuple[str, ...], status: int) -> None:
    assert {signed_in(person).get(PAGE).status_code for person in people} == {status}


@pytest.mark.parametrize("page", [PAGE, PEOPLE, "/console/harbor/money/", f"/partner/{ENROLMENT}/deals/"])
def test_a_key_of_the_api_opens_no_page(page: str) -> None:
    for person in ("executive", "partner-admin"):
        answer = Client().get(page, headers={"authorization": f"Bearer {token_of(person)}"})

        assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, "/accounts/login/")


def test_without_partners_nothing_is_told_of_anybody() -> None:
    with act_for_owner("harbor"):
        Enrolment.objects.filter(owner_id="harbor").update(ended_on=today())
    page = _page()

    assert (page.total, page.at_risk.rows, page.close.rows, page.tiers.lines) == (0, (), (), ())
    assert "Not known: nobody was looked at yet." in signed_in("executive").get(PAGE).content.decode()


def test_who_leaves_on_a_day_to_come_is_near_a_line_until_then() -> None:
    before = _page()
    known = {"as_of": today(), "outlook_on": today(), "at_risk": 1, "gaps": 1}
    for number, day in enumerate((today(), today() + timedelta(1))):
        (key,) = add_partners(1, first=number, of=lambda _: known)
        with act_for_owner("harbor"):
            Enrolment.objects.filter(pk=key).update(ended_on=day)
    page = _page()

    assert [page.total - before.total, page.at_risk.count - before.at_risk.count] == [1, 1]
    assert page.close.count - before.close.count == 1


@pytest.mark.parametrize(
    ("said", "label", "rank"),
    [
        ({"tier": None}, "", -1),
        ({"tier": {}}, "", -1),
        ({"tier": {"label": "A:B?", "rank": 2}}, "A:B?", 2),
        ({"tier": {"label": "?", "rank": None}}, "?", -1),
    ],
)
def test_a_standing_without_a_whole_tier_is_told_as_far_as_it_goes(said: dict[str, Any], label: str, rank: int) -> None:
    with act_for_owner("harbor"):
        _keep("tarn", **said)

    assert [(line.label, line.rank) for line in _page().tiers.lines] == [(label, rank)]


def test_a_program_without_tiers_points_or_money_and_one_without_a_version_have_their_pages() -> None:
    publish("2", "2026-02-01", WITHOUT_LADDER)
    assess_now()
    with act_for_owner("harbor"):
        Program.objects.create(id="harbor-second", owner_id="harbor", name="Second program")
    partner = f"/partner/{ENROLMENT}/"
    asked = {"executive": (PAGE, "/console/harbor/money/", "/console/harbor/money/money.csv"), "partner-admin": (
        f"{partner}deals/", f"{partner}reports/new/?kind=plan_reviewed")}  # fmt: skip

    assert {signed_in(who).get(page).status_code for who, pages in asked.items() for page in pages} == {200}


def test_markup_in_names_and_words_stays_words() -> None:
    odd = {"as_of": today(), "gaps": 1, "name": "<b>name", "tier": "<b>tier", "tier_rank": 99, "gap_words": "<b>words"}
    add_partners(1, of=lambda _: odd)

    assert "<b>name" not in (page := signed_in("executive").get(PAGE).content.decode())
    assert not [words for words in ("<b>tier", "<b>words") if words in page]


# --- a partner's people ---------------------------------------------------------------------------------------------


def test_behind_the_last_of_a_partners_people_stands_the_first() -> None:
    for asked in ("?after=zzzz", f"?after={'z' * 10_000}", "?after=%00", "?after=a&after="):
        assert _people(asked) == _people()
    assert _people().people


def test_people_of_another_vendors_partner_and_of_another_region_are_not_found() -> None:
    assert signed_in("other-vendor").get(f"/console/quay/partners/{ENROLMENT}/people/").status_code == 404
    assert signed_in("manager").get("/console/harbor/partners/quay-program-loom/people/").status_code == 404
    assert [signed_in(lead).get(PEOPLE).status_code for lead in ("lead", "other-lead")] == [200, 404]


def test_many_people_with_many_papers_are_read_in_pages_by_as_many_statements() -> None:
    client = signed_in("executive")
    client.get(PEOPLE)
    with CaptureQueriesContext(connection) as few:
        client.get(PEOPLE)
    for number in range(60):
        _recorded("employments", f"job-{number}", f"<b>person-{number}", organization="tarn", role="<b>role")
        _recorded("credentials", f"paper-{number}", "<b>person-0", code=f"<b>code-{number}")
    with CaptureQueriesContext(connection) as many:
        answer = client.get(PEOPLE)

    assert len(many) == len(few)
    assert len(answer.context["page"].people) == 50
    assert not [words for words in ("<b>person", "<b>role", "<b>code") if words in answer.content.decode()]
