"""Lines of reviews as both sides read them: how they stand, and the requirements with their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import models

from swingby.web.clock import today
from swingby.web.domain.enrolled import not_ended
from swingby.web.models import LineState, ReviewLine

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
    """A requirement with its numbers as people read them."""
    return {**row, **{name: shown_number(row.get(name)) for name in ("value", "line", "gap")}}


def shown_number(text: str | None) -> str:
    """A number as it fits beside its line."""
    return "" if text is None else f"{round(Decimal(text), 2).normalize():,f}"


def falls_that_wait(owner: str) -> int:
    """How many partners keep a tier only until somebody decides their fall."""
    lines = ReviewLine.objects.filter(owner_id=owner, direction="down", state__in=OPEN_LINES)
    lines = lines.filter(not_ended(today(), at="enrolment"))
    return lines.values("enrolment").distinct().count()
