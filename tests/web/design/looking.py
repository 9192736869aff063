"""A browser that looks at the gallery, and what it can measure there."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, ViewportSize

Theme = Literal["light", "dark"]
PAGES = (
    "",
    "home",
    "home-empty",
    "home-highest",
    "home-large",
    "report",
    "report-errors",
    "my-reports",
    "reports",
    "reports-empty",
    "partners",
    "partners-none",
    "partners-empty",
    "partners-large",
    "partner",
    "partner-empty",
    "partner-large",
    "week",
    "week-empty",
    "week-large",
    "rhythms",
    "rhythms-empty",
    "rhythms-large",
    "versions",
    "versions-empty",
    "version",
    "version-draft",
    "version-mistakes",
    "version-running",
    "version-failed",
    "version-second",
    "version-large",
    "changes",
    "changes-empty",
    "change",
    "change-preview",
    "loads",
    "loads-empty",
    "loads-large",
    "upload",
    "upload-loaded",
    "upload-running",
    "upload-stopped",
    "upload-open",
    "upload-failed",
    "upload-large",
    "tier-reviews",
    "tier-reviews-empty",
    "review",
    "review-empty",
    "review-large",
    "review-line",
    "review-appeal",
    "exceptions",
    "exceptions-empty",
    "points",
    "points-waiting",
    "points-empty",
    "points-large",
    "scorecard",
    "scorecard-waiting",
    "scorecard-large",
    "number",
    "number-left-out",
    "number-theirs",
    "number-empty",
    "number-large",
    "record",
    "record-large",
    "people",
    "people-empty",
    "people-large",
    "cases",
    "cases-empty",
    "case-new",
    "case-refused",
    "case",
    "case-cured",
    "disputes",
    "disputes-empty",
    "disputes-large",
    "dispute",
    "dispute-large",
    "benefits",
    "benefits-empty",
    "benefits-large",
    "notifications",
    "notifications-empty",
    "notifications-large",
    "notification-settings",
    "notification-settings-empty",
    "firm",
    "firm-large",
    "guide",
    "guide-empty",
    "guide-large",
    "operations",
    "operations-empty",
    "operations-large",
    "my-tier-reviews",
    "my-tier-reviews-empty",
    "my-review",
    "my-review-decided",
    "mails",
    "mails-empty",
    "mails-large",
    "mail",
    "mail-failed",
    "sharing",
    "sharing-empty",
    "sharing-large",
    "users",
    "users-alone",
    "users-large",
    "user",
    "user-last",
    "invited",
    "invited-accept",
    "invited-over",
    "join",
    "orphans",
    "orphans-none",
    "audit",
    "audit-empty",
    "audit-large",
    "terms",
    "terms-empty",
    "terms-accept",
    "looking",
    "certifications",
    "certifications-empty",
    "certifications-large",
    "my-path",
    "my-path-empty",
    "my-path-large",
    "lapses",
    "lapses-empty",
    "lapses-large",
    "certification",
    "certification-empty",
    "certification-large",
    "catalogue",
    "catalogue-empty",
    "catalogue-large",
    "sign-in",
    "sign-in-errors",
    "404",
    "403",
    "500",
    "503",
)
WIDTHS: dict[int, ViewportSize] = {1440: {"width": 1440, "height": 900}, 390: {"width": 390, "height": 844}}
THEMES: tuple[Theme, ...] = ("light", "dark")
MEASURES = (Path(__file__).parent / "measures.js").read_text(encoding="utf-8")


@contextmanager
def served_gallery() -> Iterator[str]:
    """The gallery in a process of its own, because this process has the application's settings."""
    command = [sys.executable, "-m", "swingby.web.design.gallery", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


@contextmanager
def context_of(
    browser: Browser, *, width: int = 1440, theme: Theme = "light", scripts: bool = True
) -> Iterator[BrowserContext]:
    context = browser.new_context(
        viewport=WIDTHS[width],
        color_scheme=theme,
        java_script_enabled=scripts,
        reduced_motion="reduce",
        bypass_csp=False,
    )
    yield context
    context.close()
