"""Numbers that are never below 0 by what they are, whatever facts come."""

from __future__ import annotations

from typing import Any

from . import numbers, values
from .frame import Frame
from .tree import Node

#: Of items that are not below 0 none of these is.
KEEP_ABOVE = ("sum", "product", "least", "greatest")


def never_below_zero(frame: Frame, spec: Any) -> bool:
    """Counts, points from numbers, and sums, products, least, greatest and caps of these; points for facts are not."""
    if isinstance(spec, str):
        return numbers.section_of(frame, spec) is not None and _named(frame, spec)
    if not isinstance(spec, dict) or not numbers.is_number_node(spec):
        return False
    if set(spec) & set(numbers.NAMESPACES) and not set(spec) & numbers.OPERATIONS:
        return _named(frame, next(str(spec[key]) for key in numbers.NAMESPACES if key in spec))
    return _in_place(frame, spec)


def _named(frame: Frame, name: str) -> bool:
    section = numbers.section_of(frame, name)
    assert section is not None, name
    spec = frame.world.section(section)[name]
    return "based_on" in spec if section in ("points", "incentives") else _in_place(frame, spec)


def _in_place(frame: Frame, spec: Node) -> bool:
    written = [spec[key] for key in ("undefined",) if spec.get(key, "none") != "none"]
    if "cap" in spec:
        cap = spec["cap"]
        written += [cap["at_most"]] if isinstance(cap, dict) and "at_most" in cap else []
        written += [cap] if not (isinstance(cap, dict) and {"at_most", "at_least"} & set(cap)) else []
    if any(_may_be_below(frame, value) for value in written):
        return False
    operation = next((key for key in spec if key in numbers.OPERATIONS), "")
    if operation == "count":
        return True
    if operation == "sum" and "each" in spec:
        return "only" not in spec and never_below_zero(frame, spec["sum"])
    items = spec.get(operation)
    return operation in KEEP_ABOVE and isinstance(items, list) and all(never_below_zero(frame, item) for item in items)


def _may_be_below(frame: Frame, value: Any) -> bool:
    """Whether a written value is below 0, or is a number that may be."""
    if isinstance(value, dict) and numbers.is_number_node(value):
        return True
    return (values.fraction(frame, value) or 0) < 0
