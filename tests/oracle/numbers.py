"""Numbers: which of the forms a node has, names, references, and what all numbers share."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from . import accounts, earnings, of_each, of_facts, of_lists, rankings, values, windows
from .frame import UNDEFINED, Frame, Num, known
from .literals import Length, add, day, is_number, length, subtract, unit_of
from .rounding import rounded
from .tree import Node

NAMESPACES = {"measure": "measures", "score": "scores", "points": "points", "incentive": "incentives"}
OF_FACTS = ("count", "sum", "average", "median", "least", "greatest")
OF_LISTS = ("sum", "product", "difference", "ratio", "growth", "average", "least", "greatest", "count")
OPERATIONS = {*OF_FACTS, *OF_LISTS, "rank", "assign"}


def is_number_node(spec: Node) -> bool:
    """Whether a mapping states a number (of any form) or refers to one; a case of that name holds a plain number."""
    heads = {*OPERATIONS, *NAMESPACES, "account"} & set(spec)
    return any("by" not in spec or not is_number(spec[name]) for name in heads)


def section_of(frame: Frame, name: str) -> str | None:
    """The section in which a bare name is declared: measures, points, scores and incentives share one space."""
    return next((section for section in NAMESPACES.values() if name in frame.world.section(section)), None)


def number(frame: Frame, spec: Any) -> Num:
    """A number: a name, a literal, a reference, or one written in place."""
    if isinstance(spec, str):
        if section_of(frame, spec):
            return named(frame, spec)
        found = values.amount(frame, spec)
        return found if found is not None else UNDEFINED
    if not is_number_node(spec):
        found = values.amount(frame, spec)
        return found if found is not None else UNDEFINED
    if set(spec) & set(NAMESPACES) and not set(spec) & OPERATIONS:
        return reference(frame, spec)
    return accounts.shown(frame, spec) if "account" in spec else in_place(frame, spec)


def reference(frame: Frame, spec: Node) -> Num:
    """A named number, perhaps as of another day (``ago``, ``at``) or over another window (``over``)."""
    name = next(str(spec[key]) for key in NAMESPACES if key in spec)
    return named(moved(frame, spec), name, spec.get("over"))


def moved(frame: Frame, spec: Node) -> Frame:
    """The look on the day a reference or requirement asks for."""
    if "ago" in spec:
        return frame.on(subtract(frame.day, length(spec["ago"])))
    return frame.on(day(spec["at"])) if "at" in spec else frame


def named(frame: Frame, name: str, over: Any = None) -> Num:
    """The number with this name, worked out without the fact in hand."""
    section = section_of(frame, name)
    assert section is not None, name
    spec = frame.world.section(section)[name]
    frame = frame.holding("", None)
    if section in ("points", "incentives"):
        return frame.remember(("earning", name, repr(over)), lambda: earnings.total(frame, name, over))  # type: ignore[no-any-return]
    whole = {**spec, "over": over} if over is not None else spec
    return frame.remember(("number", name, repr(over)), lambda: in_place(frame, whole))  # type: ignore[no-any-return]


def in_place(frame: Frame, spec: Node) -> Num:
    """A number by its form, then ``undefined``, ``cap`` and ``round``."""
    return finished(frame, spec, _form(frame, spec))


def _form(frame: Frame, spec: Node) -> Num:
    if "rank" in spec:
        return rankings.rank(frame, spec)
    if "assign" in spec:
        return rankings.assigned(frame, spec)
    if "each" in spec:
        return of_each.of_each(frame, spec)
    operation = next(key for key in spec if key in OPERATIONS)
    if isinstance(spec[operation], list):
        return of_lists.of_list(frame, operation, spec)
    if "of" in spec:
        return of_facts.of_facts(frame, operation, spec)
    return whole_units(frame, spec)


def whole_units(frame: Frame, spec: Node) -> Num:
    """How many whole units fit into a window."""
    unit = unit_of(spec["count"].split()[-1])
    start, end = windows.window(frame, spec["over"])
    assert unit is not None
    assert start is not None
    count = 0
    step: Length = [(1, unit)]
    while start <= end and add(start, [(step[0][0] * (count + 1), unit)]) <= end:
        count += 1
    return known(count)


def finished(frame: Frame, spec: Node, found: Num) -> Num:
    """The value under ``undefined`` for an undefined number; then cap; then rounding."""
    if found.state == "undefined" and spec.get("undefined", "none") != "none":
        found = replace(values.amount(frame, spec["undefined"]) or UNDEFINED, bare=found.bare)
    if "cap" in spec:
        found = _each_part(found, lambda x: capped(frame, spec["cap"], x))
    if "round" in spec:
        found = _each_part(found, lambda x: rounded(x, spec["round"]))
    return found


def capped(frame: Frame, cap: Any, x: Fraction) -> Fraction:
    """A number held between ``at_least`` and ``at_most``; a bound without a value does not bind."""
    bounds = cap if isinstance(cap, dict) and {"at_most", "at_least"} & set(cap) else {"at_most": cap}
    low = values.fraction(frame, bounds["at_least"]) if "at_least" in bounds else None
    high = values.fraction(frame, bounds["at_most"]) if "at_most" in bounds else None
    x = x if low is None else max(low, x)
    return x if high is None else min(high, x)


def _each_part(found: Num, change: Any) -> Num:
    """Change the value of a known number, or the floor of an incomplete one."""
    if found.known:
        assert found.value is not None
        return replace(known(change(found.value), found.counted), bare=found.bare)
    if found.state == "incomplete" and found.floor is not None:
        return replace(found, floor=change(found.floor))
    return found
