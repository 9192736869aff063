"""What every page is told."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from swingby.web.clock import stands_still, today


def page_context(request: HttpRequest) -> dict[str, object]:
    """Context processor: the day the application works on, whether it is held still, and whom an admin looks as."""
    said: dict[str, object] = {"today": today(), "stands_still": stands_still()}
    looking = getattr(request, "looking", None)
    return {**said, "looking": looking, "stop_looking": reverse("end_looking")} if looking else said
