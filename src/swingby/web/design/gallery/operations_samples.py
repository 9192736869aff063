"""What the sample operations pages show, without a database."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from swingby.web.design.gallery.extremes import LONG_NAME

Page = dict[str, Any]
DAY = date(2026, 3, 31)
JOBS = {"waiting": 3, "oldest_seconds": 4, "later": 12, "failed": 0}
COPY = {"rows": 214_380, "megabytes": 9, "written_at": datetime(2026, 3, 31, 1, 0, tzinfo=UTC), "hours": 8, "position": 8_412, "behind": 37}  # fmt: skip
BACKUP = {"taken_at": datetime(2026, 3, 31, 2, 30, tzinfo=UTC), "hours": 7, "is_late": False}
DISK = {"free_gb": 182, "percent": 61}


def _night(days: int = 0, **changes: Any) -> Page:
    plain = {
        "compared": 412,
        "disagreed": 0,
        "waiting": 0,
        "refreshed": 412,
        "began_at": datetime(2026, 3, 31, 0, 30, tzinfo=UTC) - timedelta(days=days),
        "seconds": 38,
        "minutes": 1,
        "failures": (),
        "mended": (),
    }
    return {"day": DAY - timedelta(days=days), **plain, **changes}


def _alarm(partner: str = "Merrowick Services", *, rows: int = 2) -> Page:
    told = (
        {"what": "Tier", "stored": "select", "computed": "gold"},
        {"what": "level / gold / gold", "stored": "unmet, 2 of 3", "computed": "met, 3 of 3"},
    )
    return {
        "partner": partner,
        "url": "/gallery/?page=partner",
        "as_of": DAY - timedelta(days=1),
        "found_on": DAY,
        "last_found_on": DAY,
        "positions": (8_390, 8_412),
        "differences": (told * rows)[: min(rows, 6)],
        "more": max(rows - 6, 0),
    }


def operations_page() -> Page:
    """A night that found something."""
    nights = (_night(disagreed=1, waiting=2), _night(1), _night(2, mended=("fact_activities",)), _night(3))
    return {
        "last": nights[0], "alarms": (_alarm(),), "alarms_total": 1, "settled": 2, "nights": nights, "is_late": False,
        "copy": COPY, "jobs": JOBS, "disk": DISK, "backup": BACKUP,
    }  # fmt: skip


def empty_operations() -> Page:
    """Before the first night."""
    jobs = {"waiting": 0, "oldest_seconds": 0, "later": 1, "failed": 0}
    return {
        "alarms": (), "alarms_total": 0, "settled": 0, "nights": (), "is_late": True, "last": None,
        "copy": None, "jobs": jobs, "disk": DISK, "backup": {"taken_at": None, "hours": None, "is_late": True},
    }  # fmt: skip


def large_operations() -> Page:
    """Many alarms, a queue that stands still, and a night that failed."""
    words = "harborline 2026.1 as of 2026-03-30: The exchange rate of JPY for 2026-03-30 is missing. Add it to exchange_rates."
    nights = (
        _night(
            compared=118_402,
            disagreed=1_204,
            waiting=48_220,
            refreshed=3_911,
            seconds=None,
            minutes=None,
            failures=(words,),
        ),
        *(_night(days, compared=118_402, refreshed=118_402, seconds=3_840, minutes=64) for days in range(1, 14)),
    )
    return {
        "alarms": tuple(_alarm(LONG_NAME, rows=20) for _ in range(12)), "alarms_total": 1_204, "settled": 318, "nights": nights, "last": nights[0], "is_late": True,
        "copy": {**COPY, "rows": 61_204_118, "megabytes": 4_812, "behind": 18_204},
        "jobs": {"waiting": 48_220, "oldest_seconds": 7_204, "later": 118_402, "failed": 17},
        "disk": {"free_gb": 3, "percent": 1}, "backup": {**BACKUP, "hours": 1_211, "is_late": True},
    }  # fmt: skip
