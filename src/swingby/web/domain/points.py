"""Every line of a partner's points, and the score at the end of each month, from one run that keeps them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from swingby.engine import Assessment, HistoryLine
from swingby.web.domain.results import shown_score
from swingby.web.models import Enrolment, PointsHistory

#: So many months before the one that runs are drawn.
MONTHS = 12


def keep_points(enrolment: Enrolment, points: Mapping[str, Any], *, day: date, position: int) -> None:
    """Store a partner's points as they were worked out."""
    PointsHistory.objects.update_or_create(
        enrolment=enrolment,
        defaults={
            "owner_id": enrolment.owner_id,
            "partner_id": enrolment.partner_id,
            "as_of": day,
            "position": position,
            **points,
        },
    )


def worked_out(run: Assessment, *, enrolment: str, day: date) -> dict[str, Any]:
    """The lines of the score that is shown, and its readings until the day; none for a program that counts no points."""
    score = shown_score(run.program)
    if score is None:
        return {"label": "", "total": None, "lines": [], "readings": []}
    found = {on: standing.numbers[score].value for (_, on), standing in run.by_key.items() if on <= day}
    return {
        "label": run.program.scores[score].text.label or score,
        "total": found.get(day),
        "lines": kept_lines(run.histories(score, day).get(enrolment, ())),
        "readings": [[on.isoformat(), str(value)] for on, value in sorted(found.items()) if value is not None],
    }


def month_ends(day: date) -> Iterator[date]:
    """The last days of the months before, the oldest first, and the day itself."""
    ends, last = [day], day.replace(day=1) - timedelta(days=1)
    for _ in range(MONTHS):
        ends.append(last)
        last = last.replace(day=1) - timedelta(days=1)
    yield from sorted(set(ends))


def kept_lines(lines: Sequence[HistoryLine]) -> list[dict[str, Any]]:
    """Lines as they are stored, the newest first."""
    return [
        {
            "day": line.dated.isoformat(),
            "rule": line.earning,
            "label": line.label,
            "kind": line.kind,
            "points": f"{line.amount.normalize():f}",
            "fact": line.fact or "",
            "expires": line.expires.isoformat() if line.expires else None,
        }
        for line in sorted(lines, key=lambda line: line.dated, reverse=True)
    ]
