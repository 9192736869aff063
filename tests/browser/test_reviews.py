"""The journey: a success manager recommends, a manager gives notice and answers an appeal, the partner reads both."""

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


def _open_line(page: Page, site: Site, partner: str) -> None:
    page.wait_for_url("**/console/**")
    page.goto(f"{site.address}/console/harbor/reviews/")
    page.get_by_role("link", name="Tier, 1 February 2026").click()
    page.get_by_role("link", name=partner, exact=True).click()


def test_a_review_is_decided_by_two_and_read_by_the_partner(browser: Browser, site: Site) -> None:
    success, first = _sign_in(browser, site, "success", DESKTOP)
    _open_line(success, site, "Tarn Example")
    success.locator("summary", has_text="Recommend").click()
    success.get_by_label("What should be decided, and why?").fill("Give them until June.")
    success.get_by_role("button", name="Recommend").click()
    expect(success.get_by_text("Give them until June.")).to_be_visible()

    manager, second = _sign_in(browser, site, "manager", DESKTOP)
    _open_line(manager, site, "Tarn Example")
    expect(manager.get_by_text("Give them until June.")).to_be_visible()
    manager.locator("summary", has_text="Give notice").click()
    manager.get_by_label("It can be mended until").fill("2026-06-30")
    manager.locator("#notice-told").fill("Three plan reviews by June are enough.")
    manager.get_by_role("button", name="Give notice").click()
    expect(manager.get_by_text("The partner is told")).to_be_visible()
    manager.goto(f"{site.address}/console/harbor/reviews/")
    appeal = manager.locator("section", has_text="Appeals to answer").get_by_role("link", name="Tarn Example")
    appeal.click()
    manager.get_by_label("Your answer").fill("There is no plan review in December.")
    manager.get_by_role("button", name="The decision stands").click()
    expect(manager.get_by_text("The partner reads your words.")).to_be_visible()

    partner, third = _sign_in(browser, site, "partner-admin", PHONE)
    partner.wait_for_url("**/partner/**")
    partner.goto(f"{site.address}/partner/harbor-program-tarn/reviews/")
    partner.get_by_role("link", name="Gold to Member").first.click()
    expect(partner.get_by_text("You can mend it until 30 June 2026")).to_be_visible()
    expect(partner.get_by_text("Three plan reviews by June are enough.")).to_be_visible()
    assert "Give them until June." not in partner.content()
    partner.go_back()
    partner.get_by_role("link", name="Gold to Member").nth(1).click()
    expect(partner.get_by_text("There is no plan review in December.")).to_be_visible()

    for page in (success, manager, partner):
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert (first, second, third) == ([], [], [])
