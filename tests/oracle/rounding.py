"""Rounding, only where it is written."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import Any

from .literals import number


def rounded(x: Fraction, spec: Any) -> Fraction:
    """Round to multiples of ``to``: half_up and up away from zero, half_even, down towards zero."""
    to = number(spec["to"] if isinstance(spec, dict) else spec)
    mode = spec.get("mode", "half_up") if isinstance(spec, dict) else "half_up"
    steps = abs(x) / to
    whole, rest = floor(steps), steps - floor(steps)
    up = {
        "half_up": rest >= Fraction(1, 2),
        "half_even": rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2 == 1),
        "up": rest > 0,
        "down": False,
    }[mode]
    return (whole + up) * to * (-1 if x < 0 else 1)
