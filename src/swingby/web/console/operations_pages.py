"""Fill the operations page: the alarms of nightly runs, the nights, the copy, the jobs and the disk."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from swingby.web.domain.columnar.manifest import copy_folder, read_manifest
from swingby.web.domain.standings import current_position
from swingby.web.jobs import job_counts
from swingby.web.models import Disagreement, NightlyRun
from swingby.web.server.backups import last_backup
from swingby.web.server.layout import default_data

NIGHTS = 14
MOST_ALARMS = 50
#: So many differences of one partner are shown; the others follow from them.
MOST_SHOWN = 6
#: Without a finished night for so many hours, something is wrong.
LATE_HOURS = 26
_WORDS: Mapping[str, str] = {
    "tier": "Tier",
    "enrolled": "Enrolled on the day",
    "gates": "Requirements of the next tier, in words",
    "keeps": "Requirements that keep the tier, in words",
    "actions": "Next steps",
    "kinds": "Kinds of activity",
    "period_start": "First day of the period",
    "score.value": "Score",
    "worth.value": "Worth",
    "reviews.promotion": "Next review for a higher tier",
    "reviews.demotion": "Next review for a lower tier",
}


def operations_page(owner: str) -> dict[str, Any]:
    """All that the page shows, in the same few statements however many partners there are."""
    runs = list(NightlyRun.objects.filter(owner_id=owner)[:NIGHTS])
    copied = next((run for run in runs if run.position), None)
    whole = next((run for run in runs if run.finished_at), None)
    open_alarms = Disagreement.objects.filter(owner_id=owner, settled_on=None)
    alarms = [_alarm(row) for row in open_alarms.select_related("partner")[:MOST_ALARMS]]
    return {
        "alarms": alarms,
        "alarms_total": open_alarms.count(),
        "settled": Disagreement.objects.filter(owner_id=owner, settled_on__isnull=False).count(),
        "nights": [_night(run) for run in runs],
        "is_late": _is_late(whole.finished_at if whole else None),
        "last": _night(runs[0]) if runs else None,
        "copy": _copy(copied, owner),
        "jobs": job_counts(owner=owner),
        "disk": free_disk(),
        "backup": _backup(last_backup(default_data())),
    }


def _backup(taken_at: datetime | None) -> dict[str, Any]:
    """When the last backup was taken, and whether that is too long ago."""
    hours = None if taken_at is None else int((timezone.now() - taken_at).total_seconds() // 3600)
    return {"taken_at": taken_at, "hours": hours, "is_late": hours is None or hours > LATE_HOURS}


def _is_late(finished: datetime | None) -> bool:
    return finished is None or (timezone.now() - finished).total_seconds() > LATE_HOURS * 3600


def _alarm(row: Disagreement) -> dict[str, Any]:
    return {
        "partner": row.partner.name,
        "url": reverse("console:partner", args=[row.owner_id, row.enrolment_id]),
        "as_of": row.as_of,
        "found_on": row.found_on,
        "last_found_on": row.last_found_on,
        "positions": (row.stored_position, row.known_at),
        "differences": difference_words(row.differences[:MOST_SHOWN]),
        "more": max(len(row.differences) - MOST_SHOWN, 0),
    }


def difference_words(differences: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """What differs, what is stored and what was recomputed, as a person reads it."""
    return [
        {
            "what": _WORDS.get(each["what"], each["what"]),
            "stored": value_words(each["stored"]),
            "computed": value_words(each["computed"]),
        }
        for each in differences
    ]


def value_words(value: object) -> str:
    """A stored value in words: a requirement as its state and numbers, a list as how long it is."""
    if value is None or value == "":
        return "nothing"
    if isinstance(value, Mapping):
        return _requirement_words(value) if "state" in value else ", ".join(f"{k}: {v}" for k, v in value.items())
    if isinstance(value, list):
        return f"{len(value)} {'line' if len(value) == 1 else 'lines'}"
    return _number_words(str(value))


def _requirement_words(row: Mapping[str, Any]) -> str:
    numbers = [_number_words(row[name]) for name in ("value", "threshold") if row.get(name) is not None]
    return f"{row['state']}, {' of '.join(numbers)}" if numbers else str(row["state"])


def _number_words(text: str) -> str:
    try:
        return f"{Decimal(text).normalize():,f}"
    except InvalidOperation:
        return text


def _night(run: NightlyRun) -> dict[str, Any]:
    seconds = (run.finished_at - run.started_at).total_seconds() if run.finished_at else None
    return {
        "day": run.day,
        "began_at": run.started_at,
        "compared": run.compared,
        "disagreed": run.disagreed,
        "waiting": run.waiting,
        "refreshed": run.refreshed,
        "seconds": None if seconds is None else max(round(seconds), 1),
        "minutes": None if seconds is None else max(round(seconds / 60), 1),
        "failures": run.failures,
        "mended": run.mended,
    }


def _copy(run: NightlyRun | None, owner: str) -> dict[str, Any] | None:
    """What the copy on the disk says of itself; where it cannot be read, what the last night said that wrote one."""
    manifest = read_manifest(owner)
    if manifest is not None:
        folder = copy_folder(owner)
        size = sum(file.stat().st_size for name in manifest.files if (file := folder / name).exists())
        found = manifest.rows, size, manifest.written_at, manifest.position
    elif run is not None:
        found = run.copied_rows, run.copied_bytes, run.started_at, run.position
    else:
        return None
    rows, size, written_at, position = found
    return {
        "rows": rows,
        "megabytes": -(-size // 1_000_000),
        "written_at": written_at,
        "hours": int((timezone.now() - written_at).total_seconds() // 3600),
        "position": position,
        "behind": max(current_position(owner) - position, 0),
    }


def free_disk() -> dict[str, int]:
    """How much room the disk of the copies has, in whole GB and in per cent."""
    free, total = free_bytes()
    return {"free_gb": free // 10**9, "percent": 100 * free // total}


def free_bytes() -> tuple[int, int]:
    """What is free on the disk of the copies, and how large it is."""
    folder = Path(settings.SWINGBY_COPY).absolute()
    found = shutil.disk_usage(next(path for path in (folder, *folder.parents) if path.exists()))
    return found.free, found.total
