"""Scales: a number becomes points or money."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import Any

from . import values
from .frame import Frame
from .literals import number
from .tree import Node

SHAPES = ("rate", "full", "steps", "bands")


def shape(earn: Any) -> Node:
    """A scale with its shape named; a bare value is a rate."""
    return earn if isinstance(earn, dict) and set(SHAPES) & set(earn) else {"rate": earn}


def summands(earn: Any) -> list[Any]:
    """The scales that are added up."""
    return earn if isinstance(earn, list) else [earn]


def scaled(frame: Frame, earn: Any, x: Fraction) -> Fraction:
    """What x earns by one scale. A rate, line or step without a value earns nothing."""
    spec = shape(earn)
    if "rate" in spec:
        return _rate(frame, spec, x)
    if "full" in spec:
        most, line = _value(frame, spec["full"]), _value(frame, spec["at"])
        return min(x / line, Fraction(1)) * most if line else Fraction(0)
    if "steps" in spec:
        reached = [key for key in spec["steps"] if number(key) <= x]
        return _value(frame, spec["steps"][max(reached, key=number)]) if reached else Fraction(0)
    return _bands(frame, spec["bands"], x)


def scaled_column(frame: Frame, earn: Any, x: Fraction) -> Fraction:
    """What a column of a fact earns: below 0 what the same above 0 would, taken away, unless lines below 0 are written."""
    spec = shape(earn)
    lines = [*spec.get("steps", ()), *spec.get("bands", ())]
    if x >= 0 or any(number(line) < 0 for line in lines):
        return scaled(frame, earn, x)
    return -scaled(frame, earn, -x)


def _value(frame: Frame, spec: Any) -> Fraction:
    return values.fraction(frame, spec) or Fraction(0)


def _rate(frame: Frame, spec: Node, x: Fraction) -> Fraction:
    """So much per unit; ``whole`` counts whole units only."""
    per = values.fraction(frame, spec["per"]) if "per" in spec else Fraction(1)
    if not per:
        return Fraction(0)
    units = x / per
    return _value(frame, spec["rate"]) * (floor(units) if spec.get("whole") == "true" else units)


def _bands(frame: Frame, bands: Node, x: Fraction) -> Fraction:
    """Each band's rate on the part of x inside the band."""
    lines = sorted(bands, key=number)
    total = Fraction(0)
    for place, line in enumerate(lines):
        upper = number(lines[place + 1]) if place + 1 < len(lines) else x
        inside = min(x, upper) - number(line)
        total += max(inside, Fraction(0)) * _value(frame, bands[line])
    return total


def never_falls(frame: Frame, earn: Any) -> bool:
    """Whether a larger x can never earn less."""
    if isinstance(earn, list):
        return all(never_falls(frame, part) for part in earn)
    spec = shape(earn)
    if "steps" in spec:
        steps = [_value(frame, spec["steps"][key]) for key in sorted(spec["steps"], key=number)]
        return steps == sorted(steps) and all(step >= 0 for step in steps)
    rates = spec["bands"].values() if "bands" in spec else [spec.get("rate", spec.get("full"))]
    return all(_value(frame, rate) >= 0 for rate in rates)
