"""The journey: somebody founds a study group, a colleague who looks for one finds and joins it, both read each other, no other firm does."""

from __future__ import annotations

from datetime import date, timedelta

import psycopg
import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from swingby.web.tenancy import Scope, setting_statement
from tests.browser.conftest import Site
from tests.browser.test_first_light import DESKTOP, PHONE, _is_as_wide_as_the_screen, _sign_in

pytestmark = pytest.mark.browser
FIRM, FOUNDER, COLLEAGUE = "tarn", "partner-member", "partner-manager"


def _without_groups(site: Site) -> None:
    """What a journey at the other width left is gone."""
    own = Scope(partner_orgs=frozenset({FIRM}))
    with psycopg.connect(site.database.url("app")) as connection:
        connection.execute(*setting_statement(own))
        connection.execute("UPDATE study_circles SET closed_at = now() WHERE closed_at IS NULL")


def _at_the_groups(browser: Browser, site: Site, person: str, size: ViewportSize, firm: str) -> tuple[Page, list[str]]:
    page, complaints = _sign_in(browser, site, person, size)
    page.wait_for_url(lambda url: "/sign-in" not in url and "/login" not in url)
    page.goto(f"{site.address}/learning/{firm}/groups/")
    return page, complaints


def _say_goal(form: Locator) -> None:
    """Sixty days after the day that the page calls today."""
    goal = form.get_by_label("Ready by")
    goal.fill(f"{date.fromisoformat(goal.get_attribute('min') or '') + timedelta(days=60)}")


def _found(page: Page, topic: str) -> None:
    form = page.locator("form", has=page.get_by_role("button", name="Found the group"))
    form.get_by_label("Certification").select_option(label="A topic instead")
    form.get_by_label("Or a topic, in a few words").fill(topic)
    _say_goal(form)
    form.get_by_label("It meets on").select_option(label="Wednesday")
    form.get_by_label("at", exact=True).fill("16:00")
    form.get_by_label("Language").select_option(label="English")
    form.get_by_role("button", name="Found the group").click()


def _look_for(page: Page, topic: str) -> None:
    form = page.locator("form", has=page.get_by_role("button", name="Look for a group"))
    form.get_by_label("Certification").select_option(label="A topic instead")
    form.get_by_label("Or a topic, in a few words").fill(topic)
    _say_goal(form)
    form.get_by_label("You can meet from").fill("15:00")
    form.get_by_label("until").fill("18:00")
    form.get_by_label("Wednesday").check()
    form.get_by_label("English").check()
    form.get_by_role("button", name="Look for a group").click()


def _say(page: Page, words: str) -> None:
    page.get_by_label("One line to the group").fill(words)
    page.get_by_role("button", name="Say it").click()
    expect(page.locator("li", has_text=words)).to_be_visible()


@pytest.mark.parametrize(
    "size", [pytest.param(DESKTOP, id="1440", marks=pytest.mark.proof(turns=2)), pytest.param(PHONE, id="390")]
)
def test_a_group_is_founded_found_joined_and_read_by_no_other_firm(
    browser: Browser, site: Site, size: ViewportSize
) -> None:
    _without_groups(site)
    topic = f"Reading drawings, {size['width']} wide"
    mine, complaints = _at_the_groups(browser, site, FOUNDER, size, FIRM)
    _found(mine, topic)
    expect(mine.get_by_role("heading", name=topic)).to_be_visible()
    _say(mine, "Studied 3 hours, done step 1.")
    assert _is_as_wide_as_the_screen(mine)

    other, other_complaints = _at_the_groups(browser, site, COLLEAGUE, size, FIRM)
    _look_for(other, topic)
    fits = other.locator("li", has_text=topic)
    expect(fits.get_by_text("Fits", exact=True)).to_be_visible()
    assert _is_as_wide_as_the_screen(other)
    fits.get_by_role("button", name="Join").click()
    expect(other.get_by_role("heading", name=topic)).to_be_visible()
    expect(other.locator("li", has_text="Studied 3 hours")).to_be_visible()
    _say(other, "I bring coffee.")

    mine.reload()
    expect(mine.locator("li", has_text="I bring coffee.")).to_be_visible()
    with mine.expect_download() as downloaded:
        mine.get_by_role("link", name="Into my calendar").click()
    assert downloaded.value.suggested_filename.endswith(".ics")
    address = mine.url
    mine.get_by_role("button", name="Leave the group").click()
    mine.wait_for_url(f"**/{FIRM}/groups/")
    expect(mine.get_by_role("link", name=topic)).to_have_count(0)
    assert (complaints, other_complaints) == ([], [])

    stranger, _ = _at_the_groups(browser, site, "both-programs", size, "sedge")
    assert topic not in stranger.content()
    for firm in ("sedge", FIRM):
        answer = stranger.goto(address.replace(f"/{FIRM}/", f"/{firm}/"))
        assert answer is not None
        assert answer.status == 404
