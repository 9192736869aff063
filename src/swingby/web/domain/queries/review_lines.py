"""Lines of reviews as both sides read them: how they stand, and the requirements with their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import models

from swingby.web.clock import today
from swingby.web.domain.enrolled import not_ended
from swingby.web.models import LineState, ReviewLine
from swingby.web.rounding import short, short_beside, short_gap, short_line

OPEN_LINES = (LineState.WAITS, LineState.NOTICE)
#: By what the lines of a review are looked through.
SHOWN: Mapping[str, models.Q] = {
    "open": models.Q(state__in=OPEN_LINES),
    "down": models.Q(direction="down"),
    "up": models.Q(direction="up"),
    "near": models.Q(is_near=True),
    "undecided": models.Q(state=LineState.UNDECIDED),
    "all": models.Q(),
}
#: The tone and the icon of a state.
TONES: Mapping[LineState, tuple[str, str]] = {
    LineState.WAITS: ("pending", "hourglass"),
    LineState.NOTICE: ("warn", "mail"),
    LineState.UNDECIDED: ("plain", "circle-question-mark"),
    LineState.AT_ONCE: ("good", "check"),
    LineState.APPROVED: ("good", "check"),
    LineState.HELD: ("brand", "pause"),
    LineState.PROTECTED: ("brand", "shield"),
    LineState.MENDED: ("good", "wrench"),
    LineState.OVERTAKEN: ("plain", "archive"),
    LineState.OVERTURNED: ("brand", "undo-2"),
}


def shown_requirement(row: Mapping[str, Any]) -> dict[str, Any]:
    """A requirement with its numbers as people read them; a share in per cent, where the review says that it is one."""
    value, line, gap = (_number(row, name) for name in ("value", "line", "gap"))
    if value is not None and line is not None:
        value, line = short_beside(value, line)
    said = {
        "value": None if value is None else short(value),
        "line": None if line is None else short_line(line),
        "gap": None if gap is None else short_gap(gap),
    }
    return {**row, **{name: _words(number, row.get("unit", "")) for name, number in said.items()}}


def _number(row: Mapping[str, Any], name: str) -> Decimal | None:
    text = row.get(name)
    return None if text is None else Decimal(text) * (100 if row.get("unit") == "%" else 1)


def _words(number: Decimal | None, unit: str) -> str:
    if number is None:
        return ""
    said = f"{number.normalize():,f}"
    return f"{said} %" if unit == "%" else f"{unit} {said}".strip()


def falls_that_wait(owner: str) -> int:
    """How many partners keep a tier only until somebody decides their fall."""
    lines = ReviewLine.objects.filter(owner_id=owner, direction="down", state__in=OPEN_LINES)
    lines = lines.filter(not_ended(today(), at="enrolment"))
    return lines.values("enrolment").distinct().count()
