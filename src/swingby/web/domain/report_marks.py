"""What somebody saw of a report before deciding about it, so that no decision is about another text than was read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from swingby.web.domain.errors import ChangedMeanwhileError
from swingby.web.domain.queries.duplicates import alike_reports
from swingby.web.models import ActivityReport

LONGEST_MARK = 2000


def mark_of(report: ActivityReport, *, files: int, counting: int) -> str:
    """What a form carries of the report that it shows: what it says, its files, and how many like it count already."""
    said = _said(report, files=files) | {"sent": report.submitted_at.isoformat(), "counting": counting}
    return json.dumps(said, separators=(",", ":"), sort_keys=True)


def _said(report: ActivityReport, *, files: int) -> dict[str, Any]:
    return {
        "kind": report.kind,
        "day": report.happened_on.isoformat(),
        "quantity": "" if report.quantity is None else f"{report.quantity.normalize():f}",
        "words": hashlib.sha256(report.details.encode()).hexdigest()[:16],
        "files": files,
    }


def check_seen(report: ActivityReport, mark: str) -> None:
    """Refuse a decision about what was not seen: the partner has sent it again, or the same counts meanwhile.

    A form without a mark says nothing about what was seen.

    Raises
    ------
    ChangedMeanwhileError
        With what changed.
    """
    seen = _read(mark)
    if not seen:
        return
    files = report.files.count()
    if seen.get("sent") != report.submitted_at.isoformat():
        changed = "; ".join(_changes(seen, _said(report, files=files))) or "nothing that it says"
        raise ChangedMeanwhileError(
            f"{report.partner.name} sent this report again on {report.submitted_at:%-d %B at %H:%M}, after you had opened"
            f" the page. What changed: {changed}. Nothing was decided; look at it again."
        )
    counting = [alike for alike in alike_reports([report]).get(report.pk, ()) if alike.counts]
    if len(counting) > int(seen.get("counting") or 0):
        raise ChangedMeanwhileError(
            "Much like this counts since you opened the page. Nothing was decided; look at it again."
        )


def _read(mark: str) -> Mapping[str, Any]:
    try:
        found = json.loads(mark) if len(mark) <= LONGEST_MARK else {}
    except ValueError:
        return {}
    is_whole = isinstance(found, dict) and str(found.get("counting", "0")).isdecimal()
    return found if is_whole else {}


_CALLED: Mapping[str, str] = {"kind": "the activity", "day": "the day", "quantity": "how many", "files": "the files"}


def _changes(seen: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for name, called in _CALLED.items():
        if str(seen.get(name)) != str(now[name]):
            yield f"{called}, {now[name] or 'none'} instead of {seen.get(name) or 'none'}"
    if seen.get("words") != now["words"]:
        yield "the words"
