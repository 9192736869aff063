"""What every page is told."""

from __future__ import annotations

from django.http import HttpRequest

from swingby.web.clock import stands_still, today


def page_context(request: HttpRequest) -> dict[str, object]:  # noqa: ARG001 - Django's signature
    """Context processor: the day the application works on, and whether it is held still."""
    return {"today": today(), "stands_still": stands_still()}
