"""What can be measured of the looks, with a real browser, at two widths and in both themes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.web.design.looking import MEASURES, PAGES, THEMES, WIDTHS, Theme, context_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: Of a page with all that it loads; the least is what the page of an error loads.
LEAST_BYTES, MOST_BYTES = 30 * 1024, 150 * 1024
WIDE, NARROW = WIDTHS
LIGHT, DARK = THEMES
WAYS = tuple(product(WIDTHS, THEMES))
#: How a page is looked at outside continuous integration: by turns on a wide light screen and on a narrow dark one.
BY_TURNS = ((WIDE, LIGHT), (NARROW, DARK))
TURNS = [(name, *BY_TURNS[nth % 2]) for nth, name in enumerate(PAGES)]
#: Bytes of all that a page has loaded, fonts apart; of what the browser had already it keeps no size.
WEIGHTS = """(async () => {
  const loaded = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
  const read = async (each) => (await (await fetch(each.name, { cache: "force-cache" })).arrayBuffer()).byteLength;
  const parts = {};
  for (const each of loaded) {
    if (each.responseStatus !== 204) parts[each.name.split("#")[0]] = each.decodedBodySize || await read(each);
  }
  const sum = (sizes) => sizes.reduce((one, other) => one + other, 0);
  const fonts = Object.entries(parts).filter(([name]) => name.endsWith(".woff2")).map(([, size]) => size);
  return { rest: sum(Object.values(parts)) - sum(fonts), fonts: fonts.length, letters: sum(fonts) };
})()"""

AXE: str = Axe().axe_script
#: What axe found wrong, a line each; all else that it tells is long and takes long.
JUDGED = """(asked) => axe.run(document, { ...asked, preload: false, resultTypes: ["violations"] }).then((found) =>
  found.violations.flatMap((rule) => rule.nodes.map((node) => [rule.id, node.html, node.failureSummary].join(": "))))"""


@dataclass(slots=True)
class Window:
    """A page that is shown in one way after the other, with what it complained of."""

    page: Page
    said: list[str]
    theme: Theme = "light"

    def open(self, address: str, width: int, theme: Theme) -> None:
        """Anew for each way: a page that changes its theme shows mixed colours for a while."""
        self.said.clear()
        self.theme = theme
        self.page.set_viewport_size(WIDTHS[width])
        self.page.emulate_media(color_scheme=theme)
        self.page.goto(address)
        self.page.evaluate(MEASURES)

    @property
    def asked(self) -> dict[str, object]:
        """What axe is asked: in the dark, where nothing but colours is another, about colours."""
        return {} if self.theme == LIGHT else {"runOnly": ["color-contrast"]}

    def look(self) -> None:
        """All that is measured wherever a page is shown."""
        words = self.page.evaluate("faintWords()")
        assert words["faint"] == []
        assert words["seen"] > 3
        assert self.page.evaluate("faintEdges()") == []
        assert self.page.evaluate("overflowing()") == []
        assert self.page.evaluate("smallTargets()") == []
        self.page.evaluate(AXE)
        assert self.page.evaluate(JUDGED, self.asked) == []
        assert self.said == []


def complaints_of(page: Page) -> list[str]:
    """What the page will say on its console: refused styles and scripts, missing files, mistakes."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Window]:
    with context_of(browser) as context:
        page = context.new_page()
        yield Window(page, complaints_of(page))


@pytest.mark.proof(turns=3)
@pytest.mark.parametrize(("name", "width", "theme"), TURNS)
def test_page_is_readable_whole_accessible_and_light(
    gallery: str, window: Window, name: str, width: int, theme: Theme
) -> None:
    window.open(f"{gallery}?page={name}", width, theme)
    window.look()
    weight = window.page.evaluate(WEIGHTS)

    assert 0 < weight["letters"] < 100 * 1024
    assert 0 < weight["fonts"] <= 4
    # The gallery itself shows all components on one page.
    assert not name or LEAST_BYTES < weight["rest"] < MOST_BYTES


@pytest.mark.proof(turns=12)
@pytest.mark.parametrize(("name", "width", "theme"), TURNS)
def test_page_is_so_in_all_other_ways(gallery: str, window: Window, name: str, width: int, theme: Theme) -> None:
    for other in WAYS:
        if other != (width, theme):
            window.open(f"{gallery}?page={name}", *other)
            window.look()


@pytest.mark.parametrize("theme", THEMES)
def test_axe_sees_what_is_wrong(window: Window, theme: Theme) -> None:
    # Whatever a page says about styles holds for what is written into it.
    window.page.goto("about:blank")
    window.page.set_content("<p style='color: #aaa; background: #999'>Hardly seen</p>")
    window.theme = theme
    window.page.evaluate(AXE)
    found = window.page.evaluate(JUDGED, window.asked)
    assert any(line.startswith("color-contrast: <p") for line in found)
    assert any(line.startswith("document-title") for line in found) == (theme == LIGHT)


@pytest.mark.parametrize("width", WIDTHS)
def test_page_is_whole_without_scripts(gallery: str, browser: Browser, width: int) -> None:
    with context_of(browser, width=width, scripts=False) as context:
        page = context.new_page()
        page.goto(f"{gallery}?page=home")

        expect(page.get_by_role("heading", name="What is between you and Gold")).to_be_visible()
        expect(page.get_by_text("One more plan review, by 30 April")).to_be_visible()
        page.get_by_text("Show as a table").click()
        expect(page.get_by_role("cell", name="585")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_new_standing_appears_within_a_second_and_is_announced(gallery: str, browser: Browser, width: int) -> None:
    with context_of(browser, width=width) as context:
        page = context.new_page()
        said = complaints_of(page)
        page.goto(f"{gallery}?page=home-stale")
        expect(page.get_by_role("heading", name="What is between you and Select")).to_be_visible()
        expect(page.get_by_role("heading", name="What is between you and Gold")).to_be_visible(timeout=1500)

        expect(page.locator("#standing")).to_have_count(1)
        announced = page.get_by_role("status").filter(has_text="Your plan review counts from today.")
        expect(announced).to_have_count(1)
        assert said == []


def test_chosen_theme_outlives_the_page_and_needs_no_script(gallery: str, browser: Browser) -> None:
    with context_of(browser, theme="light", scripts=False) as context:
        page = context.new_page()
        page.goto(f"{gallery}?page=home")
        page.get_by_label("Account of Priya Anand").click()
        page.get_by_role("button", name="Dark").click()

        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        page.goto(f"{gallery}?page=partners")
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        page.get_by_label("Account of Ana Ruiz").click()
        page.get_by_role("button", name="Auto").click()
        expect(page.locator("html[data-theme]")).to_have_count(0)


def test_keyboard_reaches_the_content_first(gallery: str, browser: Browser) -> None:
    with context_of(browser) as context:
        page = context.new_page()
        page.goto(f"{gallery}?page=home")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("#"))
        page.keyboard.press("Tab")
        expect(page.get_by_role("main").get_by_role("link", name="See why")).to_be_focused()
        page.keyboard.press("Tab")
        expect(page.get_by_role("main").get_by_role("link", name="Report an activity")).to_be_focused()


@pytest.mark.parametrize("hue", [25, 155, 200, 310])
@pytest.mark.parametrize("theme", THEMES)
def test_every_brand_is_readable(gallery: str, browser: Browser, hue: int, theme: Theme) -> None:
    with context_of(browser, theme=theme) as context:
        page = context.new_page()
        page.goto(f"{gallery}?page=home&hue={hue}")
        page.evaluate(MEASURES)

        assert page.evaluate(
            "getComputedStyle(document.documentElement).getPropertyValue('--brand-hue').trim()"
        ) == str(hue)
        assert page.evaluate("faintWords()")["faint"] == []
        assert page.evaluate("faintEdges()") == []


def test_phone_shows_tabs_and_the_desk_shows_the_side(gallery: str, browser: Browser) -> None:
    for width, side, tabs in ((1440, True, False), (390, False, True)):
        with context_of(browser, width=width) as context:
            page = context.new_page()
            page.goto(f"{gallery}?page=home")
            expect(page.get_by_role("navigation", name="Main", exact=True)).to_be_visible(visible=side)
            expect(page.get_by_role("navigation", name="Main, bottom")).to_be_visible(visible=tabs)


def test_home_page_reads_in_the_order_that_partners_asked_for(gallery: str, browser: Browser) -> None:
    with context_of(browser, width=390) as context:
        page = context.new_page()
        page.goto(f"{gallery}?page=home")

        headings = page.get_by_role("main").get_by_role("heading").all_inner_texts()
        assert headings == [
            "Hello, Priya",
            "Your deals",
            "What is between you and Gold",
            "Worth doing next",
            "What we owe you",
            "At risk",
            "People to congratulate",
            "Points over time",
            "Points history",
            "Reported, and not counted",
            "What counts",
            "From your colleagues",
        ]
        labels = page.locator(".gate-label").all_inner_texts()
        assert labels[-1] == "Points in the last 12 months"
