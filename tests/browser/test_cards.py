"""Cards as pages in a real browser: nothing is cut off, and everybody can read them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe

from swingby.insight import card_page
from tests.insight.showing.test_showing import CARD

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
#: A word as long as cards have any: that of a plan.
HASH = f"sha256:{'0123456789abcdef' * 4}"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_a_card_fits_and_can_be_read(
    browser: Browser, tmp_path: Path, width: int, theme: Literal["light", "dark"]
) -> None:
    file = tmp_path / "card.html"
    file.write_text(card_page(replace(CARD, notes=(*CARD.notes, f"Its hash is {HASH}."))), encoding="utf-8")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    page = context.new_page()
    page.goto(file.as_uri())
    page.click("summary")
    found = Axe().run(page)
    seen = page.evaluate("[document.documentElement.scrollWidth, document.querySelectorAll('svg').length]")
    shown = page.evaluate("[...document.querySelectorAll('svg')].filter(one => one.checkVisibility()).length")
    context.close()
    assert found.response["violations"] == []
    assert (seen, shown) == ([width, 2], 1)
