"""Caps of entries: how much of each fits, in order of date and fact id."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from . import earnings, numbers, values
from .frame import Frame
from .literals import ONE_DAY
from .of_facts import thing
from .periods import containing, read_period
from .tree import Node

if TYPE_CHECKING:
    from .earnings import Line


def apply(frame: Frame, spec: Node, lines: list[Line]) -> list[Line]:
    """Each cap in turn over what the caps before it left."""
    for cap in earnings.cap_list(spec):
        lines = _one_cap(frame, spec, cap, lines)
    return lines


def _one_cap(frame: Frame, spec: Node, cap: Node, lines: list[Line]) -> list[Line]:
    """Fill groups by date and fact id.

    A line gets what the running total up to and with it has above the running total before it, both held
    within the bounds. Without ``per`` only entries in force fill the cap.
    """
    totals: dict[Any, Fraction] = {}
    left: list[Line] = []
    for line in lines:
        if "per" not in cap and not line.in_force:
            left.append(line)
            continue
        key = tuple(_group(frame, spec, line, name) for name in _names(cap))
        if "fact" in _names(cap):
            left.append(replace(line, after=_held_alone(frame, spec, cap, line)))
            continue
        before = totals.get(key)
        total = (before or Fraction(0)) + line.after
        fits = _held(frame, spec, cap, line, total)
        fitted = _held(frame, spec, cap, line, before) if before is not None else Fraction(0)
        totals[key] = total
        left.append(replace(line, after=fits - fitted))
    return left


def _names(cap: Node) -> list[str]:
    per = cap.get("per", [])
    return per if isinstance(per, list) else [per]


def _group(frame: Frame, spec: Node, line: Line, name: str) -> Any:
    """The fact itself, the period of the entry's day, or a column of the fact."""
    if name == "fact":
        return line.fact_id
    span = _period(frame, line.dated, name)
    if span is not None:
        return span[0]
    return thing(frame, spec["for_each"], line.item, name) if line.item is not None else None


def _period(frame: Frame, dated: date, name: str) -> tuple[date, date] | None:
    period = read_period(name)
    return containing(frame.calendars(period.calendar), period, dated) if period else None


def _held(frame: Frame, spec: Node, cap: Node, line: Line, total: Fraction) -> Fraction:
    low, high = _bound(frame, cap, "at_least", line), _bound(frame, cap, "at_most", line)
    total = total if low is None else max(low, total)
    return total if high is None else min(high, total)


def _held_alone(frame: Frame, spec: Node, cap: Node, line: Line) -> Fraction:
    """One line within the bounds, one below 0 within the same ones below 0; a least that is not above 0 stays as it is."""
    if line.after >= 0:
        return _held(frame, spec, cap, line, line.after)
    low, high = _bound(frame, cap, "at_least", line), _bound(frame, cap, "at_most", line)
    after = line.after
    if low is not None:
        after = min(after, -low) if low > 0 else max(after, low)
    return after if high is None else max(after, -high) if high > 0 else min(after, high)


def _bound(frame: Frame, cap: Node, name: str, line: Line) -> Fraction | None:
    """A bound's value: without ``per`` the partner's as of the day, a number at its period's close, else the fact's."""
    if name not in cap:
        return None
    spec = cap[name]
    look = line.look if "per" in cap else line.look.holding("", None)
    if "per" not in cap or (isinstance(spec, dict) and numbers.is_number_node(spec)):
        look = look.on(_close(frame, cap, line))
    found = values.fraction(look, spec)
    return max(found, Fraction(0)) if found is not None and name == "at_most" else found


def _close(frame: Frame, cap: Node, line: Line) -> date:
    spans = [span for name in _names(cap) if (span := _period(frame, line.dated, name))]
    return min([frame.day, *(after - ONE_DAY for _, after in spans)])
