"""Fill the points of the partner's home page: the newest lines that count, and beside them what does not count yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

from swingby.web.domain.queries.possible import possible_points
from swingby.web.models import ActivityReport, Enrolment, PointsHistory, ReportState, Standing
from swingby.web.portal.home import HistoryLine, LineState, PointsNow
from swingby.web.portal.points_lines import is_behind, line_of, reported_facts
from swingby.web.rounding import short

NEWEST_LINES = 8
_LINE_STATES: Mapping[str, LineState] = {
    ReportState.SUBMITTED: "pending",
    ReportState.RETURNED: "returned",
    ReportState.DECLINED: "declined",
}
Result = Mapping[str, Any]


def points_now(enrolment: Enrolment, standing: Standing | None) -> PointsNow:
    """The newest lines of the points history, what all of it comes to, and the reports that count nowhere yet."""
    result: Result = standing.result if standing else {}
    lines, total = _counted(enrolment, standing)
    score = result.get("score")
    value = short(Decimal(score["value"])) if score and score["value"] is not None else None
    return PointsNow(
        lines=lines,
        total=total,
        value=value,
        is_counted=standing is None or score is not None,
        is_known=standing is None or value is not None,
        reports=reports_now(enrolment, standing).reports,
    )


def reports_now(enrolment: Enrolment, standing: Standing | None) -> PointsNow:
    """Only the reports that count nowhere yet."""
    words = standing.result.get("kinds", {}) if standing else {}
    return PointsNow(reports=_reports(enrolment, words))


def _counted(enrolment: Enrolment, standing: Standing | None) -> tuple[tuple[HistoryLine, ...], int]:
    """Lines and how many there are: of the whole history, with what was accepted since; else those stored with the standing."""
    stored: Sequence[Result] = standing.result.get("history", ()) if standing else ()
    kept = PointsHistory.objects.filter(pk=enrolment.pk).first()
    if kept is None or (not kept.lines and stored):
        total = standing.result.get("history_total", 0) if standing else 0
        return tuple(map(_stored_line, stored[:NEWEST_LINES])), int(total)
    newer = tuple(_newer(enrolment, stored, kept)) if is_behind(kept, standing) else ()
    reported = reported_facts(enrolment)
    # What a rule works out from a number is of today; it stands behind what happened on a day.
    ordered = sorted(kept.lines, key=lambda line: not line["fact"] and line["kind"] != "reversal")
    known = tuple(line_of(line, reported=reported) for line in ordered[:NEWEST_LINES])
    return (*newer, *known)[:NEWEST_LINES], len(kept.lines) + len(newer)


def _newer(enrolment: Enrolment, stored: Sequence[Result], kept: PointsHistory) -> Iterator[HistoryLine]:
    """What was accepted since the history was worked out."""
    known = {line["fact"] for line in kept.lines}
    reports = {line["report"]: line for line in stored if line.get("report")}
    facts = dict(enrolment.reports.filter(pk__in=reports).values_list("pk", "fact_id"))
    yield from (_stored_line(line) for key, line in reports.items() if facts.get(key) not in known)


def _stored_line(row: Result) -> HistoryLine:
    return HistoryLine(
        day=date.fromisoformat(row["day"]),
        what=row["what"],
        points=None if row["points"] is None else Decimal(row["points"]),
        state=cast("LineState", row.get("state", "counted")),
        source=row.get("source", ""),
        note=row.get("note", ""),
    )


# --- what does not count yet ------------------------------------------------------------------------------------------


def _reports(enrolment: Enrolment, words: Mapping[str, str]) -> tuple[HistoryLine, ...]:
    """Reports that wait, with what they could earn; and those that were sent back or declined."""
    found = list(enrolment.reports.filter(state__in=_LINE_STATES).order_by("-submitted_at")[:NEWEST_LINES])
    waiting = [report for report in found if report.state == ReportState.SUBMITTED]
    possible = possible_points(enrolment, waiting)
    lines = [_report_line(report, words, possible.get(report.pk)) for report in found]
    return tuple(sorted(lines, key=lambda line: line.day, reverse=True))


def _report_line(report: ActivityReport, words: Mapping[str, str], points: Decimal | None) -> HistoryLine:
    return HistoryLine(
        day=report.happened_on,
        what=words.get(report.kind, report.kind.replace("_", " ").capitalize()),
        points=points,
        state=_LINE_STATES[report.state],
        source="You reported",
        note=report.answer,
    )
