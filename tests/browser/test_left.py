"""Whoever chooses an activity reads at once whether it still earns anything, and on another day anew."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.browser.conftest import Site
from tests.browser.test_first_light import DESKTOP, PHONE, _is_as_wide_as_the_screen, _sign_in
from tests.web.acting import ENROLMENT
from tests.web.site import own_database, run, web_server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def limited() -> Iterator[Site]:
    with own_database() as database:
        run(database, "app", "-m", "tests.browser.fill_limits")
        with web_server(database) as address:
            yield Site(address, database)


@pytest.mark.parametrize(
    "size", [pytest.param(DESKTOP, id="1440", marks=pytest.mark.proof(turns=2)), pytest.param(PHONE, id="390")]
)
def test_what_is_left_follows_the_choice_and_the_day(browser: Browser, limited: Site, size: ViewportSize) -> None:
    page, complaints = _sign_in(browser, limited, "partner-admin", size)
    page.goto(f"{limited.address}/partner/{ENROLMENT}/reports/new/")
    left = page.locator("#left")
    page.get_by_label("What should we know?").fill("Said before the choice")

    page.get_by_label("What did you do?").select_option("training_completed")
    expect(left).to_contain_text("All 4 points are used up for days before 1 April 2026.")
    page.get_by_label("When?").fill("2025-12-30")
    page.get_by_label("When?").dispatch_event("change")
    expect(left).to_contain_text("4 of 4 points are left for days before 1 January 2026")
    page.get_by_label("What did you do?").select_option("plan_reviewed")
    expect(left).to_be_empty(timeout=20_000)

    expect(page.get_by_label("What should we know?")).to_have_value("Said before the choice")
    assert _is_as_wide_as_the_screen(page)
    assert complaints == []
