"""Make the pictures of the README: ``python tools/screenshots.py [--pages home,report] [--out FOLDER]``.

The sample pages of the gallery are served from this process; they need no database.
"""

import argparse
import os
import shutil
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

from swingby.web.design.gallery.alone import served

ROOT = Path(__file__).resolve().parents[1]
WIDTHS = {1440: 900, 390: 844}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SWITCHES = ("--no-sandbox", "--disable-background-networking", "--hide-scrollbars")


def chromium() -> str:
    """Where the browser is."""
    found = os.environ.get("SWINGBY_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        raise SystemExit("No Chromium found. Install it or name it in SWINGBY_CHROMIUM.")
    return found


def shoot(browser: Browser, address: str, page_name: str, out: Path) -> None:
    """One page at every width in every theme, as long as it is."""
    for width, height in WIDTHS.items():
        for theme in THEMES:
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme)
            page = context.new_page()
            page.goto(f"{address}?page={page_name}")
            page.evaluate("document.fonts.ready")
            whole = page.evaluate("Math.max(document.documentElement.scrollHeight, innerHeight)")
            page.set_viewport_size({"width": width, "height": whole})
            page.screenshot(path=out / f"{page_name or 'gallery'}-{width}-{theme}.png")
            context.close()


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", default="home,partners,review")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screenshots")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with served() as address, sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium(), args=list(SWITCHES))
        for page_name in options.pages.split(","):
            shoot(browser, address, page_name, options.out)
        browser.close()


if __name__ == "__main__":
    main()
