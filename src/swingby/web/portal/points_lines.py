"""Lines of a points history as a person reads them, the same wherever they stand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from swingby.web.design.parts import HistoryLine, LineState
from swingby.web.models import Enrolment, PointsHistory, Standing

#: What a line can be, in the words of the page; limits and gates take points away again.
KINDS: Mapping[str, str] = {
    "entry": "Earned",
    "recomputed": "Worked out from a number",
    "cap": "Over a limit",
    "gate": "Not opened",
    "reversal": "Taken back",
    "rounding": "Rounding",
    "score cap": "Over the limit of all points",
}
Line = Mapping[str, Any]


def is_behind(history: PointsHistory, standing: Standing | None) -> bool:
    """Whether a standing knows something that the history does not."""
    return standing is not None and (history.position, history.as_of) < (standing.position, standing.as_of)


def reported_facts(enrolment: Enrolment) -> frozenset[str]:
    """The records that were made of reports of this partner."""
    return frozenset(enrolment.reports.exclude(fact_id="").values_list("fact_id", flat=True))


def line_of(line: Line, *, reported: frozenset[str]) -> HistoryLine:
    """A line of the history as a person reads it."""
    state: LineState = "reversed" if line["kind"] == "reversal" else "counted"
    source = "You reported" if line["fact"] in reported else f"Record {line['fact']}" if line["fact"] else ""
    until = f"counts until {date.fromisoformat(line['expires']):%-d %B %Y}" if line["expires"] else ""
    kind = "" if line["kind"] == "entry" else KINDS.get(line["kind"], line["kind"])
    return HistoryLine(
        day=date.fromisoformat(line["day"]),
        what=line["label"],
        points=Decimal(line["points"]),
        state=state,
        note=" · ".join(part for part in (kind, source, until) if part),
    )
