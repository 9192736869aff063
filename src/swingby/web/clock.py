"""Today, which a demonstration may hold still."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.utils import timezone


def today() -> date:
    """The day the application works on: SWINGBY_TODAY if it is set, else the day now."""
    fixed: date | None = settings.SWINGBY_TODAY
    return fixed if fixed is not None else timezone.localdate()


def stands_still() -> bool:
    """Whether the day is held still, which every page then says."""
    return settings.SWINGBY_TODAY is not None
