"""Values: anything the program sets, read on a day."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from . import conditions, ladders, numbers, tracks
from .columns import enrolled_column, read
from .frame import Frame, Num, known
from .literals import day, is_day, is_number
from .literals import number as literal
from .periods import moment
from .tree import Node

Value = Num | str | date | bool | None


def value(frame: Frame, spec: Any) -> Value:
    """Read a value: plain, dated, by a column, by name, another column, or any number. None: no value."""
    frame = frame.on(frame.reading)
    if isinstance(spec, str):
        return _plain(spec)
    if "by" in spec and not numbers.is_number_node(spec):
        return _by(frame, spec)
    if "table" in spec or "benefit" in spec:
        return value(frame, _by_name(frame, spec))
    if "column" in spec:
        return _column(frame, spec)
    if is_dated(spec):
        return _dated(frame, spec)
    return numbers.number(frame, spec)


def _by_name(frame: Frame, spec: Node) -> Any:
    """What a table or a benefit holds."""
    if "table" in spec:
        return conditions.table(frame, spec["table"])
    return frame.world.section("benefits")[spec["benefit"]]["value"]


def amount(frame: Frame, spec: Any) -> Num | None:
    """A value that must be a number; None when there is no value."""
    found = value(frame, spec)
    return found if isinstance(found, Num) else None


def fraction(frame: Frame, spec: Any) -> Fraction | None:
    """The exact number of a value; None when there is none or it is not known."""
    found = amount(frame, spec)
    return found.value if found is not None else None


def _plain(text: str) -> Value:
    if is_number(text):
        return known(literal(text))
    return day(text) if is_day(text) else text


def is_dated(spec: Node) -> bool:
    """A dated value has days (and ``initially``) as its keys."""
    return bool(spec) and all(key == "initially" or is_day(key) for key in spec)


def _dated(frame: Frame, spec: Node) -> Value:
    """The latest part that began on or before the reading day; nothing before the first."""
    begun = [key for key in spec if key != "initially" and day(key) <= frame.day]
    if begun:
        return value(frame, spec[max(begun)])
    return value(frame, spec["initially"]) if "initially" in spec else None


def _by(frame: Frame, spec: Node) -> Value:
    """Look up by one name or several in turn; without a matching case ``otherwise``, else no value."""
    names = spec["by"] if isinstance(spec["by"], list) else [spec["by"]]
    cases: Any = {key: case for key, case in spec.items() if key not in ("by", "otherwise")}
    for name in names:
        if not isinstance(cases, dict):
            break
        cases = cases.get(_word(frame, name) or "", cases.get("otherwise"))
    if cases is None:
        return value(frame, spec["otherwise"]) if "otherwise" in spec else None
    return value(frame, cases)


def _word(frame: Frame, name: str) -> str | None:
    """What the name says here: a cell, a column of the fact in hand, a track, a ladder, or the enrolment."""
    if name in dict(frame.cells):
        return dict(frame.cells)[name]
    if name in frame.world.section("tracks"):
        return tracks.track(frame, name)
    if name in frame.world.section("ladders"):
        return ladders.tier_held(frame, name)
    if frame.fact is not None:
        return _text(read(frame, frame.fact_kind, frame.fact, name))
    return _text(enrolled_column(frame, name)) if "." in name else None


def _text(found: Any) -> str | None:
    if isinstance(found, bool):
        return "true" if found else "false"
    return None if found is None else str(found)


def _column(frame: Frame, spec: Node) -> Value:
    """Another column of the fact in hand, moved by the moment written beside it."""
    if frame.fact is None:
        found = enrolled_column(frame, spec["column"])
    else:
        found = read(frame, frame.fact_kind, frame.fact, spec["column"])
    steps = {key: step for key, step in spec.items() if key != "column"}
    if isinstance(found, date) and steps:
        return moment(steps, found, frame.calendars)
    return known(found) if isinstance(found, Fraction) else found
