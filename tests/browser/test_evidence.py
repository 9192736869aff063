"""The journey: a program manager asks "did it work?", reads, decides and shares; a partner admin reads, until it is withdrawn."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.conftest import Site
from tests.web.site import PASSWORD, own_database, process, web_server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SIZES = {"1440": ViewportSize(width=1440, height=900), "390": ViewportSize(width=390, height=844)}
JOB_MS = 60_000
QUESTION = "Did the first training raise deal size?"


@pytest.fixture(scope="module")
def busy_site() -> Iterator[Site]:
    """A running application whose worker works."""
    with (
        own_database() as database,
        web_server(database) as address,
        process(database, "-m", "swingby.web.jobs.worker"),
    ):
        yield Site(address, database)


def _sign_in(browser: Browser, site: Site, person: str, size: ViewportSize) -> tuple[Page, list[str]]:
    page = browser.new_context(viewport=size).new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(site.address)
    page.get_by_label("Email").fill(f"{person}@example.test")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("main")).to_be_visible()
    expect(page).not_to_have_url(re.compile("login"))
    return page, complaints


@pytest.mark.parametrize("width", [pytest.param("1440", marks=pytest.mark.proof(turns=2)), "390"])
def test_a_card_is_asked_for_decided_on_and_shared(browser: Browser, busy_site: Site, width: str) -> None:
    manager, said = _sign_in(browser, busy_site, "manager", SIZES[width])
    _ask(manager, busy_site)
    # The small world has no deals to speak of: the card says so, and what is missing.
    expect(manager.get_by_text("Cannot be answered from these data").first).to_be_visible(timeout=JOB_MS)
    manager.goto(f"{busy_site.address}/console/harbor/evidence/harbor-program-card/")
    expect(manager.get_by_text("Difference, not effect").first).to_be_visible()
    _decide(manager)
    _share(manager)

    partner, partner_said = _sign_in(browser, busy_site, "both-programs", SIZES[width])
    partner.goto(f"{busy_site.address}/partner/harbor-program-sedge/evidence/")
    partner.get_by_role("link", name=QUESTION).click()
    expect(partner.get_by_text("raised deal size by 18 %")).to_be_visible()
    expect(partner.get_by_text("biggest partner")).to_have_count(0)
    assert all(map(_is_as_wide_as_the_screen, (manager, partner)))

    row = manager.get_by_role("listitem").filter(has_text="Sedge Example")
    row.get_by_role("button", name="Withdraw").click()
    expect(manager.get_by_text("Withdrawn from 1 partner.")).to_be_visible()
    assert partner.goto(partner.url).status == 404  # type: ignore[union-attr]
    assert said == []
    assert [line for line in partner_said if "404" not in line] == []


def _ask(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/console/harbor/evidence/")
    page.get_by_role("link", name="Did it work?").click()
    page.get_by_label("How the card calls it").fill("the first training")
    page.get_by_role("main").get_by_role("button", name="Ask").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def _decide(page: Page) -> None:
    page.get_by_text("Test", exact=True).click()
    page.get_by_label("By whom").fill("Ana Ruiz")
    page.get_by_label("Until when").fill("2026-09-30")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("Test, by Ana Ruiz, until 30 September 2026").first).to_be_visible()


def _share(page: Page) -> None:
    page.get_by_role("link", name="Show partners").click()
    expect(page.get_by_text("Figure: Effect without the biggest partner")).to_be_visible()
    page.get_by_label("With whom").select_option(label="Sedge Example")
    page.get_by_role("button", name="Share", exact=True).click()
    expect(page.get_by_text("Shared with 1 partner.")).to_be_visible()


def _is_as_wide_as_the_screen(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
