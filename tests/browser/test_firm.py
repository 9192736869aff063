"""The journey of a firm's lead: who answers and what it is worth, what if somebody left, and the figures behind a tier."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.conftest import Site
from tests.browser.test_first_light import DESKTOP, PHONE, _is_as_wide_as_the_screen, _sign_in
from tests.web.site import own_database, process, run, web_server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LEAD = "both-programs"


@pytest.fixture(scope="module")
def firm() -> Iterator[Site]:
    """A site with experts at the firm, and a worker."""
    with own_database() as database:
        run(database, "app", "-m", "tests.browser.fill_firm")
        with web_server(database) as address, process(database, "-m", "swingby.web.jobs.worker"):
            yield Site(address, database)


def _say_stake(page: Page, worth: str) -> None:
    row = page.locator("tbody tr", has=page.locator("a[href$='/quay-program-sedge/']"))
    row.locator("a[href$='/quay-program-sedge/stake/']").first.click()
    page.get_by_label("Who answers for it?").select_option(index=1)
    page.get_by_label("Worth in twelve months").fill(worth)
    page.get_by_label("Cost in twelve months").fill("12000")
    page.get_by_label("Currency").fill("EUR")
    page.get_by_label("Where these figures come from").fill("=1+1 in our own books")
    page.get_by_role("button", name="Keep it").click()
    expect(row.get_by_text(f"{int(worth):,}")).to_be_visible()
    expect(row.get_by_text("12,000")).to_be_visible()


def _ask(page: Page, day: str) -> None:
    page.get_by_label("Who", exact=True).select_option(value=LEAD)
    page.get_by_label("First day without them").fill(day)
    page.get_by_role("button", name="Show what falls").click()


@pytest.mark.parametrize(
    ("size", "worth", "day"),
    [
        pytest.param(DESKTOP, "41000", "2026-04-10", id="1440", marks=pytest.mark.proof(turns=2)),
        pytest.param(PHONE, "42000", "2026-04-11", id="390"),
    ],
)
def test_a_lead_says_what_a_program_is_worth_and_asks_what_if_somebody_left(
    browser: Browser, firm: Site, size: ViewportSize, worth: str, day: str
) -> None:
    page, complaints = _sign_in(browser, firm, LEAD, size)
    expect(page.get_by_role("heading", name="All programs")).to_be_visible()
    _say_stake(page, worth)
    # Whoever opens a program has its scorecard put together.
    for program in ("harbor-program-sedge", "quay-program-sedge"):
        page.goto(f"{firm.address}/partner/{program}/")
    page.goto(f"{firm.address}/firm/")

    _ask(page, "2026-03-01")
    expect(page.get_by_role("alert")).to_have_text("Choose a day from tomorrow on, within a year.")
    complaints.clear()  # The browser notes that this was refused.
    _ask(page, day)
    # What is worked out appears by itself.
    expect(page.get_by_text("Falls to Member")).to_have_count(2, timeout=90_000)
    expect(page.get_by_text("the tiers of 2 programs fall because of it.")).to_be_visible()
    assert page.get_by_text("are worked out.").count() == 0
    assert _is_as_wide_as_the_screen(page)

    page.goto(f"{firm.address}/firm/")
    page.get_by_role("link", name=f"from {int(day[-2:])} April 2026").first.click()
    expect(page.get_by_text("Falls to Member")).to_have_count(2)
    page.get_by_role("link", name="See the figures").first.click()
    expect(page.get_by_role("heading", name="Scorecard")).to_be_visible()
    expect(page.get_by_role("link", name="Experts").first).to_be_visible(timeout=90_000)
    assert _is_as_wide_as_the_screen(page)
    assert complaints == []
