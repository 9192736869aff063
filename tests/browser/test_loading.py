"""The journey: operations sends an export, sees what would change, loads it, cures what nobody knew, and undoes it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.conftest import Site
from tests.browser.test_first_light import DESKTOP, PHONE, _is_as_wide_as_the_screen, _sign_in
from tests.web.site import process

pytestmark = pytest.mark.browser

PATIENCE_MS = 60_000


@pytest.fixture(scope="module")
def worker(site: Site) -> Iterator[None]:
    with process(site.database, "-m", "swingby.web.jobs.worker"):
        yield


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize(
    ("size", "partner"),
    [
        pytest.param(DESKTOP, "tarn", id="1440", marks=pytest.mark.proof),
        pytest.param(PHONE, "sedge", id="390"),
    ],
)
def test_an_export_is_checked_loaded_cured_and_undone(
    browser: Browser, site: Site, size: ViewportSize, partner: str
) -> None:
    page, complaints = _sign_in(browser, site, "operations", size)
    page.goto(f"{site.address}/console/harbor/loads/")
    _send(page, partner)
    expect(page.get_by_text("4 rows = 3 new + 0 changed + 0 the same + 1 wrong")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("Standings that would change")).to_be_visible()
    assert _is_as_wide_as_the_screen(page)

    page.get_by_role("button", name="Load", exact=True).click()
    expect(page.get_by_text("Operations loaded it on")).to_be_visible(timeout=PATIENCE_MS)

    page.goto(f"{site.address}/console/harbor/loads/")
    unknown = page.locator("li", has_text=f"Firm of {partner}").last
    unknown.get_by_label("Who is it?").fill(f"{partner.capitalize()} Example")
    unknown.get_by_role("button", name="Remember").click()
    expect(page.get_by_text("Remembered. 1 of the files are loaded again.")).to_be_visible()
    assert _is_as_wide_as_the_screen(page)

    page.get_by_role("link", name=f"{partner}.csv").first.click()
    expect(page.get_by_text("1 changed + 2 the same")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("button", name="See what undo would do").click()
    page.get_by_role("button", name="Undo this load").click(timeout=PATIENCE_MS)
    expect(page.get_by_text("Operations undid it on")).to_be_visible(timeout=PATIENCE_MS)
    assert complaints == []


def _send(page: Page, partner: str) -> None:
    rows = (
        f"{partner}-1,{partner},plan_reviewed,2026-03-10",
        f"{partner}-2,{partner},plan_reviewed,2026-03-11",
        f"{partner}-3,Firm of {partner},plan_reviewed,2026-03-12",
        f"{partner}-4,{partner},plan_reviewed,2026-02-30",
    )
    content = "\n".join(("Record ID,Partner,Activity type,Date", *rows))
    file = {"name": f"{partner}.csv", "mimeType": "text/csv", "buffer": content.encode()}
    page.get_by_label("Export").set_input_files(file)  # type: ignore[arg-type]  # the shape that the library documents
    page.get_by_role("button", name="Check the file").click()
    _read_as_activities(page)


def _read_as_activities(page: Page) -> None:
    """What is guessed from few columns may be another list that looks the same: say what it is."""
    expect(page.get_by_text("Ready to load").or_(page.get_by_text("Columns to look at")).first).to_be_visible(
        timeout=PATIENCE_MS
    )
    columns = page.get_by_text("Columns, days and numbers")
    if not page.get_by_label("What it holds").is_visible():
        columns.click()
    if page.get_by_label("What it holds").input_value() != "activities":
        page.get_by_label("What it holds").select_option("activities")
        page.get_by_role("button", name="Guess again").click()
        page.get_by_role("button", name="Remember and check").click()
        expect(page.get_by_text("Ready to load").first).to_be_visible(timeout=PATIENCE_MS)
