"""The journey: somebody who was certified tells a story, a lead puts it on the wall, a colleague thanks, and no other firm reads it."""

from __future__ import annotations

from datetime import date

import psycopg
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from swingby.web.tenancy import Scope, setting_statement
from tests.browser.conftest import Site
from tests.browser.test_first_light import DESKTOP, PHONE, _is_as_wide_as_the_screen, _sign_in
from tests.permissions.learning import LEARNERS

pytestmark = pytest.mark.browser
FIRM, MEMBER = "tarn", "partner-member"


def _certify(site: Site) -> None:
    """The engineer holds one certification, as the firm's own facts tell, and told nothing of it."""
    own = frozenset({FIRM})
    with psycopg.connect(site.database.url("app")) as connection:
        connection.execute(*setting_statement(Scope(owner_orgs=own, partner_orgs=own)))
        connection.execute(
            "INSERT INTO fact_credentials (owner_org, partner_org, fact_id, position, source, person, code, starts_on)"
            " VALUES ('tarn', 'tarn', 'cred-member', 1, 'example', %s, 'basics', %s) ON CONFLICT DO NOTHING",
            [LEARNERS[MEMBER], date(2026, 3, 1)],
        )
        mine = "(SELECT story FROM story_tellers WHERE person = %s AND code = 'basics')"
        connection.execute(f"DELETE FROM thanks WHERE story IN {mine}", [MEMBER])
        connection.execute(f"DELETE FROM stories WHERE id IN {mine}", [MEMBER])
        connection.execute("DELETE FROM story_tellers WHERE person = %s AND code = 'basics'", [MEMBER])


def _at_the_wall(browser: Browser, site: Site, person: str, size: ViewportSize, firm: str) -> tuple[Page, list[str]]:
    page, complaints = _sign_in(browser, site, person, size)
    page.wait_for_url(lambda url: "/sign-in" not in url and "/login" not in url)
    page.goto(f"{site.address}/learning/{firm}/stories/")
    return page, complaints


@pytest.mark.parametrize(
    "size", [pytest.param(DESKTOP, id="1440", marks=pytest.mark.proof(turns=2)), pytest.param(PHONE, id="390")]
)
def test_a_story_is_told_answered_thanked_for_and_read_by_no_other_firm(
    browser: Browser, site: Site, size: ViewportSize
) -> None:
    _certify(site)
    words = f"A customer asked, at {size['width']}."
    mine, complaints = _at_the_wall(browser, site, MEMBER, size, FIRM)
    mine.locator("li", has_text="Harbor Basics").get_by_role("link", name="Tell my story").click()
    mine.get_by_label("Why I did it").fill(words)
    mine.get_by_label("What I learned").fill("To read before drawing.")
    mine.get_by_label("How I will use it").fill("In the next review.")
    assert _is_as_wide_as_the_screen(mine)
    mine.get_by_role("button", name="Send it").click()
    expect(mine.get_by_text("Waits for a yes")).to_be_visible()

    lead, lead_complaints = _at_the_wall(browser, site, "partner-admin", size, FIRM)
    waiting = lead.locator("li", has_text=words)
    waiting.get_by_role("button", name="Put it on the wall").click()
    expect(lead.get_by_text("It is on the wall.")).to_be_visible()
    assert _is_as_wide_as_the_screen(lead)

    reader, reader_complaints = _at_the_wall(browser, site, "partner-manager", size, FIRM)
    story = reader.locator("li", has_text=words)
    story.get_by_role("button", name="Thank").click()
    expect(story.get_by_text("You thanked")).to_be_visible()

    mine.reload()
    expect(mine.get_by_text("Partner-manager")).to_be_visible()
    assert _is_as_wide_as_the_screen(mine)
    assert (complaints, lead_complaints, reader_complaints) == ([], [], [])

    stranger, _ = _at_the_wall(browser, site, "both-programs", size, "sedge")
    assert words not in stranger.content()
    answer = stranger.goto(mine.url.replace(f"/{FIRM}/", "/sedge/"))
    assert answer is not None
    assert answer.status == 404
