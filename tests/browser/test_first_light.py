"""The journey: a partner reports, the manager accepts, the partner's open page shows the new standing."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.conftest import Site
from tests.web.site import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.clock]

DESKTOP = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)


def _sign_in(browser: Browser, site: Site, person: str, size: ViewportSize) -> tuple[Page, list[str]]:
    page = browser.new_context(viewport=size).new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(site.address)
    page.get_by_label("Email").fill(f"{person}@example.test")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    return page, complaints


@pytest.mark.parametrize(
    ("size", "person"), [(DESKTOP, "partner-admin"), (PHONE, "both-programs")], ids=["1440", "390"]
)
def test_an_accepted_report_shows_on_the_open_page_within_a_second(
    browser: Browser, site: Site, size: ViewportSize, person: str
) -> None:
    partner, partner_complaints = _sign_in(browser, site, person, size)
    if person == "both-programs":
        # A firm with programs of several vendors sees them side by side first.
        partner.get_by_role("main").locator("a[href$='/harbor-program-sedge/']").first.click()
    expect(partner.get_by_text("Points: 0 of 20").or_(partner.get_by_text("20 more points")).first).to_be_visible()
    _report(partner, words=f"Spring plan of {person}")

    manager, manager_complaints = _sign_in(browser, site, "manager", size)
    manager.wait_for_url("**/console/**")
    manager.goto(f"{site.address}/console/harbor/reports/")
    waiting = manager.locator("article", has_text=f"Spring plan of {person}")
    with manager.expect_response(re.compile("/accept/")) as accepted:
        waiting.get_by_role("button", name="Accept").click()
    assert accepted.value.status == 302
    start = time.monotonic()
    partner.wait_for_selector("text=What is between you and Gold", timeout=5_000)
    elapsed = time.monotonic() - start

    assert elapsed < 1.0
    expect(partner.get_by_text("+20").first).to_be_visible()
    expect(manager.get_by_text("Accepted.")).to_be_visible()
    assert _is_as_wide_as_the_screen(partner)
    assert _is_as_wide_as_the_screen(manager)
    assert (partner_complaints, manager_complaints) == ([], [])


def _report(partner: Page, *, words: str) -> None:
    partner.locator("main").get_by_role("link", name="Report an activity").first.click()
    partner.get_by_label("What did you do?").select_option("plan_reviewed")
    expect(partner.get_by_label("When?")).to_have_value("2026-03-31")
    partner.get_by_label("What should we know?").fill(words)
    partner.get_by_role("button", name="Send for checking").click()
    expect(partner.get_by_text("waits for checking", exact=False).first).to_be_visible()


def _is_as_wide_as_the_screen(page: Page) -> bool:
    wide: bool = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    return wide
