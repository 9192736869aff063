"""The journey: a lead says a budget, brings in a code and gives it; its holder notes hours, reads it and books the exam."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from swingby.web.tenancy import Scope, setting_statement
from tests.browser.conftest import Site
from tests.browser.test_first_light import DESKTOP, PHONE, _is_as_wide_as_the_screen, _sign_in
from tests.permissions.learning import LEARNERS
from tests.web.site import own_database, web_server

pytestmark = pytest.mark.browser
FIRM, LEAD = "tarn", "partner-admin"
#: Each width has its own engineer: a booking is not cancelled on its own day.
ENGINEERS = {1440: "partner-member", 390: "partner-manager"}


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """Its own: what engineers learn in other journeys is no longer worth a voucher."""
    with own_database() as database, web_server(database) as address:
        yield Site(address, database)


def _plan(site: Site, person: str) -> None:
    """The engineer works here, is about to begin with one certification, and has no voucher for it."""
    own = frozenset({FIRM})
    with psycopg.connect(site.database.url("app")) as connection:
        connection.execute(*setting_statement(Scope(owner_orgs=own, partner_orgs=own)))
        connection.execute(
            "INSERT INTO fact_employments (owner_org, partner_org, organization, fact_id, position, source, person, role,"
            " office, starts_on) VALUES ('tarn', 'tarn', 'tarn', %s, 1, 'example', %s, 'engineering', 'north',"
            " '2024-01-01') ON CONFLICT DO NOTHING",
            [f"emp-{person}", LEARNERS[person]],
        )


def _at(browser: Browser, site: Site, person: str, size: ViewportSize, path: str) -> tuple[Page, list[str]]:
    page, complaints = _sign_in(browser, site, person, size)
    page.wait_for_url(lambda url: "/sign-in" not in url and "/login" not in url)
    page.goto(f"{site.address}/learning/{FIRM}/{path}")
    return page, complaints


@pytest.mark.parametrize(
    "size", [pytest.param(DESKTOP, id="1440", marks=pytest.mark.proof(turns=2)), pytest.param(PHONE, id="390")]
)
def test_a_voucher_is_brought_in_given_read_and_used(browser: Browser, site: Site, size: ViewportSize) -> None:
    person = ENGINEERS[size["width"]]
    _plan(site, person)
    code = f"EXAM-{size['width']}-QF2"
    lead, lead_complaints = _at(browser, site, LEAD, size, "vouchers/")
    year = lead.locator("#budget-year option").first.inner_text()
    lead.get_by_label("For the exams of").select_option("code:basics")
    lead.get_by_label("At most").fill("5000")
    lead.get_by_label("Currency").fill("USD")
    lead.get_by_role("button", name="Keep this budget").click()
    expect(lead.get_by_text("No voucher is given beyond it.")).to_be_visible()

    header = "code,certifications,price,currency,expires\n"
    lead.get_by_label("Or its rows").fill(f"{header}{code},basics,300,USD,{year}-12-31\nbad,basics,300,USD,soon\n")
    lead.get_by_role("button", name="Bring them in").click()
    expect(lead.get_by_text("Line 3:")).to_be_visible()
    assert _is_as_wide_as_the_screen(lead)

    lead.goto(f"{site.address}/learning/{FIRM}/vouchers/")
    waiting = lead.locator("li", has_text=person.capitalize()).filter(has_text="Harbor Basics")
    waiting.get_by_role("button", name="Give a voucher").click()
    expect(lead.get_by_text("Given. They see the code on their path.")).to_be_visible()

    mine, complaints = _at(browser, site, person, size, "")
    line = mine.locator("li", has_text="Harbor Basics").filter(has_text=code)
    expect(line.get_by_text("Your voucher:")).to_be_visible()
    assert _is_as_wide_as_the_screen(mine)
    line.get_by_text("Note hours").click()
    line.get_by_role("button", name="½ hour").click()
    expect(mine.get_by_text("Hours I noted")).to_be_visible()
    assert _is_as_wide_as_the_screen(mine)
    line.get_by_label("Day of the exam").fill(f"{year}-12-20")
    line.get_by_role("button", name="I booked it").click()
    expect(mine.get_by_text("Noted. Good luck.")).to_be_visible()
    assert code not in mine.content()

    lead.reload()
    used = lead.locator("tr", has_text=person.capitalize()).filter(has_text="Harbor Basics").filter(has_text="Used")
    expect(used.first).to_be_visible()
    # The rows that came back.
    assert [one for one in lead_complaints if "422" not in one] == []
    assert complaints == []
