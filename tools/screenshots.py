"""Make the pictures of the README: ``python tools/screenshots.py [--pages home,report] [--out FOLDER]``.

The sample pages of the gallery are served from this process; they need no database.
"""

import argparse
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal
from wsgiref.simple_server import WSGIRequestHandler, make_server

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
WIDTHS = {1440: 900, 390: 844}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SWITCHES = ("--no-sandbox", "--disable-background-networking", "--hide-scrollbars")


class QuietHandler(WSGIRequestHandler):
    """Serves without a line per request."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing."""


@contextmanager
def served_gallery() -> Iterator[str]:
    """The address of the gallery, served by a thread of this process."""
    sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.web.design.gallery_settings"
    from django.core.wsgi import get_wsgi_application  # needs the settings above

    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=QuietHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/gallery/?page="
    finally:
        server.shutdown()


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
            page.goto(f"{address}{page_name}")
            page.evaluate("document.fonts.ready")
            whole = page.evaluate("Math.max(document.documentElement.scrollHeight, innerHeight)")
            page.set_viewport_size({"width": width, "height": whole})
            page.screenshot(path=out / f"{page_name or 'gallery'}-{width}-{theme}.png")
            context.close()


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", default="home,report,reports,partners")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screenshots")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with served_gallery() as address, sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium(), args=list(SWITCHES))
        for page_name in options.pages.split(","):
            shoot(browser, address, page_name, options.out)
        browser.close()


if __name__ == "__main__":
    main()
