"""Windows: when. Half-open [start, end); an open start is None."""

from __future__ import annotations

from datetime import date
from typing import Any

from .frame import Frame
from .literals import ONE_DAY, add, day, length, subtract
from .periods import Period, current_units, previous_units, read_period

Span = tuple[date | None, date]


def window(frame: Frame, spec: Any) -> Span:
    """The days a window covers as of the frame's day.

    ``ago`` first moves the day back; ``not_before`` then cuts the left end.
    """
    if spec == "ever":
        return None, frame.end
    if "ago" in spec:
        frame = frame.on(subtract(frame.day, length(spec["ago"])))
    start, end = _span(frame, spec)
    if "not_before" in spec:
        cut = _edge(frame, spec["not_before"])
        start = cut if start is None else max(start, cut)
    return start, end


def _span(frame: Frame, spec: Any) -> Span:
    if "last" in spec:
        return subtract(frame.end, length(spec["last"])), frame.end
    if "next" in spec:
        return frame.end, add(frame.end, length(spec["next"]))
    if "previous" in spec:
        period = _period(spec["previous"])
        return previous_units(frame.calendars(period.calendar), period, frame.end)
    if "current" in spec:
        period = _period(spec["current"])
        return current_units(frame.calendars(period.calendar), period, frame.day), frame.end
    if "from" in spec or "through" in spec:
        start = _edge(frame, spec["from"]) if "from" in spec else None
        through = day(spec["through"]) + ONE_DAY if "through" in spec else frame.end
        return start, min(through, frame.end)
    return None, frame.end


def _period(text: str) -> Period:
    period = read_period(text)
    assert period is not None
    return period


def _edge(frame: Frame, text: str) -> date:
    """A day written out, or the joining day."""
    return frame.joined if text == "joined" else day(text)


def inside(span: Span, on: date) -> bool:
    """Whether a day lies in the window."""
    return (span[0] is None or span[0] <= on) and on < span[1]


def overlaps(span: Span, starts_on: date, ends_on: date | None) -> bool:
    """Whether a state held at some time in the window."""
    if span[0] is not None and span[0] >= span[1]:
        return False
    return starts_on < span[1] and (ends_on is None or span[0] is None or ends_on > span[0])
