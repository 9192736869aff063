"""Tracks and decisions: words about an enrolment."""

from __future__ import annotations

from typing import Any

from . import requirements, windows
from .credit import credited, holds
from .frame import Frame
from .tree import Node


def track(frame: Frame, name: str) -> str:
    """The word of a track: the partner's latest choice in force, or the first case that holds."""
    frame = frame.of_everything()
    spec = frame.world.section("tracks")[name]
    if "chosen" in spec:
        chosen = decision(frame, spec["chosen"], None)
        return str(chosen["outcome"]) if chosen else str(spec["otherwise"])
    for case in spec["cases"]:
        if requirements.judge(frame, case["requires"]).result == "met":
            return str(case["is"])
    return str(spec["otherwise"])


def decision(frame: Frame, topic: str, over: Any) -> Node | None:
    """The latest decision on a topic: in force on the day, or made inside a window."""
    known = frame.run.ledger.known("decisions", frame.known)
    mine = [item.row for item in credited(frame, "decisions", known, None) if item.row["topic"] == topic]
    if over is None:
        mine = [row for row in mine if holds(row, frame.day)]
    else:
        span = windows.window(frame, over)
        mine = [row for row in mine if windows.inside(span, row["starts_on"])]
    return max(mine, key=lambda row: (row["starts_on"], str(row["fact_id"]).encode()), default=None)
