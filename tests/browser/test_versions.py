"""The journey: a program manager changes a rule and sees what it does, a second one approves, a partner confirms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.conftest import Site
from tests.permissions.world import next_text
from tests.web.site import PASSWORD, own_database, process, web_server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SIZES = {"1440": ViewportSize(width=1440, height=900), "390": ViewportSize(width=390, height=844)}
JOB_MS = 60_000


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
    page.wait_for_url(re.compile("/(console|partner)/"))
    return page, complaints


@pytest.mark.parametrize("width", ["1440", pytest.param("390", marks=pytest.mark.proof)])
def test_a_rule_changes_by_two_people_and_a_letter(
    browser: Browser, busy_site: Site, width: str, tmp_path: Path
) -> None:
    size, version = SIZES[width], f"2-at-{width}"
    manager, said = _sign_in(browser, busy_site, "manager", size)
    _draft(manager, busy_site, tmp_path, version)
    expect(manager.get_by_text("asks for, Points: before, at least 40; now, at least 60.").first).to_be_visible()
    manager.get_by_role("button", name="Replay the reviews").click()
    expect(manager.get_by_role("heading", name="If nobody changed behaviour: none drop, none rise.")).to_be_visible(
        timeout=JOB_MS
    )
    manager.get_by_role("main").get_by_role("button", name="Ask for second approval").click()
    expect(manager.get_by_text("Another program manager reads it and approves.")).to_be_visible()

    second, second_said = _sign_in(browser, busy_site, "second-manager", size)
    second.goto(manager.url)
    second.get_by_role("button", name="Approve").click()
    second.get_by_text("Announce and send letters").click()
    expect(second.get_by_text("Send this letter to 3 partners")).to_be_visible()
    second.get_by_role("button", name="Send it to 3 partners").click()
    expect(second.get_by_text("0 of 3 partners have confirmed the letter.")).to_be_visible()

    partner, partner_said = _sign_in(browser, busy_site, "partner-admin", size)
    _confirm(partner, busy_site, version)
    second.wait_for_load_state("networkidle")
    second.reload()
    expect(second.get_by_text("1 of 3 partners have confirmed the letter.")).to_be_visible()
    assert all(_is_as_wide_as_the_screen(page) for page in (manager, second, partner))
    assert (said, second_said, partner_said) == ([], [], [])


def _draft(page: Page, site: Site, folder: Path, version: str) -> None:
    """First with a mistake, which is shown beside its line, then mended."""
    file, text = folder / "program.yaml", next_text("harbor-program", version=version)
    for written in (text.replace("at_least: 60", "at_leest: 60"), text):
        file.write_text(written, encoding="utf-8")
        page.goto(f"{site.address}/console/harbor/versions/")
        page.get_by_label("Files of the program").set_input_files(file)
        page.get_by_role("button", name="Upload draft").click()
        if written != text:
            expect(page.get_by_text('no key "at_leest"').first).to_be_visible()


def _confirm(page: Page, site: Site, version: str) -> None:
    page.goto(f"{site.address}/partner/harbor-program-tarn/changes/")
    page.get_by_role("link", name=f"Version {version}").click()
    page.get_by_role("button", name="We have read it").click()
    expect(page.get_by_text("Confirmed by Partner-admin")).to_be_visible()


def _is_as_wide_as_the_screen(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
