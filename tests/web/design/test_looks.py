"""What can be measured of the looks, with a real browser, at two widths and in both themes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import product
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.web.design.looking import MEASURES, PAGES, THEMES, WIDTHS, Theme, context_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MOST_BYTES = 150 * 1024
Windows = dict[tuple[int, Theme], tuple[Page, list[str]]]
WIDE, NARROW = WIDTHS
LIGHT, DARK = THEMES
#: How a page is looked at outside continuous integration: by turns on a wide light screen and on a narrow dark one.
BY_TURNS = ((WIDE, LIGHT), (NARROW, DARK))


def ways() -> Iterator[object]:
    """Every page at every width in every theme; those that only continuous integration looks at are marked."""
    for nth, name in enumerate(PAGES):
        for way in product(WIDTHS, THEMES):
            marks = () if way == BY_TURNS[nth % 2] else (pytest.mark.proof,)
            yield pytest.param(name, *way, marks=marks)


def complaints_of(page: Page) -> list[str]:
    """What the page will say on its console: refused styles and scripts, missing files, mistakes."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


@pytest.fixture(scope="module")
def windows(browser: Browser) -> Iterator[Windows]:
    """A page for each width and theme with what it complained of; all tests of a kind share its cache."""
    with ExitStack() as contexts:
        opened: Windows = {}
        for width, theme in product(WIDTHS, THEMES):
            page = contexts.enter_context(context_of(browser, width=width, theme=theme)).new_page()
            opened[width, theme] = page, complaints_of(page)
        yield opened


def open_page(page: Page, address: str, *, measured: bool = True) -> None:
    page.goto(address)
    if measured:
        page.evaluate(MEASURES)


@pytest.mark.parametrize(("name", "width", "theme"), list(ways()))
def test_page_is_readable_whole_and_accessible(
    gallery: str, windows: Windows, name: str, width: int, theme: Theme
) -> None:
    page, said = windows[width, theme]
    said.clear()
    open_page(page, f"{gallery}?page={name}")
    words = page.evaluate("faintWords()")

    assert words["faint"] == []
    assert words["seen"] > 3
    assert page.evaluate("faintEdges()") == []
    assert page.evaluate("overflowing()") == []
    assert page.evaluate("smallTargets()") == []
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert said == []


@pytest.mark.parametrize("name", [name for name in PAGES if name])
def test_page_weighs_less_than_promised(gallery: str, browser: Browser, name: str) -> None:
    weights: dict[str, int] = {}
    with context_of(browser) as context:
        page = context.new_page()
        page.on("response", lambda answer: weights.update({urlsplit(answer.url).path: len(answer.body())}))
        page.goto(f"{gallery}?page={name}", wait_until="networkidle")
        fonts = {path: weight for path, weight in weights.items() if path.endswith(".woff2")}
        rest = sum(weights.values()) - sum(fonts.values())

    assert rest < MOST_BYTES
    assert len(fonts) <= 4
    assert sum(fonts.values()) < 100 * 1024


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
            "From your colleagues",
        ]
        labels = page.locator(".gate-label").all_inner_texts()
        assert labels[-1] == "Points in the last 12 months"
