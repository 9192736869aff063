"""The journey: a partner follows a number to its line, disputes it from a phone, and reads what was put right."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.conftest import Site
from tests.web.site import PASSWORD

pytestmark = pytest.mark.browser

DESKTOP = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)


def _sign_in(browser: Browser, site: Site, person: str, size: ViewportSize) -> tuple[Page, list[str]]:
    page = browser.new_context(viewport=size).new_page()
    complaints: list[str] = []
    page.set_default_timeout(10_000)
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(site.address)
    page.get_by_label("Email").fill(f"{person}@example.test")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    return page, complaints


def test_a_line_is_disputed_answered_and_put_right(browser: Browser, site: Site) -> None:
    partner, first = _sign_in(browser, site, "partner-admin", PHONE)
    partner.wait_for_url("**/partner/**")
    partner.goto(f"{site.address}/partner/harbor-program-tarn/scorecard/")
    partner.get_by_role("link", name="Plan reviewed").click()
    partner.get_by_role("link", name="Dispute this line").click()
    partner.get_by_label("What is wrong, and what would be right").fill("It was held on 12 March, too.")
    partner.get_by_role("button", name="Send").click()
    expect(partner.get_by_text("It was held on 12 March, too.")).to_be_visible()
    expect(partner.get_by_text("Waits for an answer")).to_be_visible()

    manager, second = _sign_in(browser, site, "manager", DESKTOP)
    manager.wait_for_url("**/console/**")
    manager.get_by_role("link", name="Disputes").click()
    waiting = manager.locator("section", has_text="Waits for an answer")
    waiting.locator("li", has_text="harbor-tarn").get_by_role("link", name="Tarn Example: Plan reviewed").click()
    manager.get_by_text("They are right").click()
    manager.get_by_label("Why", exact=True).fill("The second review was missing.")
    manager.get_by_role("button", name="Send the answer").click()
    manager.get_by_label("Day").fill("2026-03-12")
    manager.get_by_role("button", name="Add the record").click()
    expect(manager.get_by_text("A record was added.")).to_be_visible()

    partner.reload()
    expect(partner.get_by_text("The second review was missing.")).to_be_visible()
    partner.get_by_role("link", name="See the record").click()
    expect(partner.get_by_role("heading", name="Activities: dispute-")).to_be_visible()
    expect(partner.get_by_text("12 March 2026")).to_be_visible()

    for page in (partner, manager):
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert (first, second) == ([], [])
