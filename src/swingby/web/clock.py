"""Today, which a demonstration may hold still."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.utils import timezone


def today() -> date:
    """The day the application works on: SWINGBY_TODAY if it is set, else the day now."""
    fixed: date | None = settings.SWINGBY_TODAY
    return fixed if fixed is not None else timezone.localdate()


def now() -> datetime:
    """The moment it is; when the day is held still, this time of day on that day."""
    fixed: date | None = settings.SWINGBY_TODAY
    moment = timezone.now()
    return moment if fixed is None else moment.replace(year=fixed.year, month=fixed.month, day=fixed.day)


def stands_still() -> bool:
    """Whether the day is held still, which every page then says."""
    return settings.SWINGBY_TODAY is not None
