"""The journey: an engineer wishes on a phone, the lead agrees, an exam is booked and failed, and nobody else learns that."""

from __future__ import annotations

from datetime import date

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from swingby.web.tenancy import Scope, setting_statement
from tests.browser.conftest import Site
from tests.browser.test_first_light import DESKTOP, PHONE, _is_as_wide_as_the_screen, _sign_in
from tests.permissions.learning import LEARNERS

pytestmark = pytest.mark.browser
FIRM, MEMBER, LEAD = "tarn", "partner-member", "partner-admin"


def _employ(site: Site) -> None:
    """The engineer works for the firm, as the firm's own facts tell."""
    own = frozenset({FIRM})
    with psycopg.connect(site.database.url("app")) as connection:
        connection.execute(*setting_statement(Scope(owner_orgs=own, partner_orgs=own)))
        connection.execute(
            "INSERT INTO fact_employments (owner_org, partner_org, organization, fact_id, position, source, person, role, starts_on)"
            " VALUES ('tarn', 'tarn', 'tarn', 'emp-member', 1, 'example', %s, 'engineering', %s)",
            [LEARNERS[MEMBER], date(2024, 1, 1)],
        )


def _open(page: Page, site: Site, place: str) -> None:
    page.wait_for_url("**/partner/**")
    page.goto(f"{site.address}/learning/{FIRM}/{place}")


def test_a_wish_becomes_a_plan_and_a_failure_stays_with_the_person(browser: Browser, site: Site) -> None:
    _employ(site)
    mine, mine_complaints = _sign_in(browser, site, MEMBER, PHONE)
    _open(mine, site, "")
    mine.get_by_label("Or wish for something else").select_option(label="Harbor Expert")
    mine.locator("form", has=mine.get_by_label("Or wish for something else")).get_by_role("button").click()
    plan = mine.locator("li", has=mine.get_by_role("heading", name="Harbor Expert"))
    expect(plan.get_by_text("You asked for it")).to_be_visible()

    lead, lead_complaints = _sign_in(browser, site, LEAD, DESKTOP)
    _open(lead, site, "coverage/")
    lead.get_by_role("link", name="Harbor Expert: 0 held, 1 needed").first.click()
    lead.get_by_role("button", name="Agree").click()
    expect(lead.get_by_text("Noted. They see it on their path.")).to_be_visible()

    mine.reload()
    plan.get_by_label("Day of the exam").fill("2026-04-20")
    plan.get_by_role("button", name="I booked it").click()
    expect(plan.get_by_text("exam on 20 April 2026")).to_be_visible()
    plan.get_by_role("button", name="I failed").click()
    expect(plan.get_by_text("Only you see this: not passed on 31 March 2026.")).to_be_visible()
    lead.reload()
    expect(lead.get_by_text("Exam booked")).to_be_visible()
    assert "not passed" not in lead.content()
    assert _is_as_wide_as_the_screen(mine)
    assert _is_as_wide_as_the_screen(lead)
    assert (mine_complaints, lead_complaints) == ([], [])
