"""Scales in words: how a number becomes points or money."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from swingby.program.blocks import BenefitValue, ByCase, Constant, Scale, TableValue, Value
from swingby.program.describing import english
from swingby.program.describing.speaker import NO_UNIT, Speaker, Unit, says
from swingby.program.describing.tree import Line
from swingby.program.describing.values import by_case_line, is_percent

_ONE = Decimal(1)


def scale_line(scale: Scale, of: str, of_unit: Unit, speaker: Speaker) -> Line:
    """What is earned, where x is called ``of``; steps and bands become items of a list.

    Parameters
    ----------
    of
        What x is called; empty where x is one for each fact.
    of_unit
        What x counts.
    speaker
        One whose plain numbers count what is earned.
    """
    if scale.kind == "rate":
        if isinstance(scale.value, ByCase) and not of and scale.per is None:
            return by_case_line(scale.value, speaker)
        return Line(_rate(scale, of, of_unit, speaker))
    if scale.kind == "full":
        return Line(_full(scale, of, of_unit, speaker))
    return _stepped(scale, of, of_unit, speaker)


def sum_line(lines: Sequence[Line]) -> Line:
    """What several scales give together: in one sentence, or one below the other where one of them is a list."""
    if len(lines) == 1:
        return lines[0]
    if any(line.items for line in lines):
        return Line("the sum of", tuple(Line(f"{line.text}{':' if line.items else ''}", line.items) for line in lines))
    return Line(english.joined([line.text for line in lines]))


def _rate(scale: Scale, of: str, of_unit: Unit, speaker: Speaker) -> str:
    value = scale.value
    if not of:
        return f"{_said(value, speaker)}{_per(scale, '', speaker) if scale.per else ''}"
    if scale.per is None and isinstance(value, TableValue | BenefitValue):
        return f"{of} times {speaker.say(value)}"
    if scale.per is None and value and is_percent(value, speaker):
        return f"{speaker.say(value)} of {of}"
    if scale.per is None and _is_one(value) and of_unit == speaker.unit != NO_UNIT:
        return f"all of {of}"
    if scale.per is None and of.startswith("the number of "):
        return f"{_said(value, speaker)} times {of}"
    per = _per(scale, of_unit.one, speaker.counting(of_unit))
    return f"{_said(value, speaker)}{per} of {of}"


def _is_one(value: Value | None) -> bool:
    return isinstance(value, Constant) and value.value == _ONE


def _per(scale: Scale, one: str, speaker: Speaker) -> str:
    """`` for every full 1,250 USD``; `` for each`` where nothing is written."""
    if scale.per is None:
        return f" for each {one}".rstrip()
    return f" for every {'full ' if scale.whole else ''}{speaker.say(scale.per)}"


def _full(scale: Scale, of: str, of_unit: Unit, speaker: Speaker) -> str:
    reached = _said(scale.at, speaker.counting(of_unit))
    return f"{_said(scale.value, speaker)} where {of or 'one'} reaches {reached}, and a share of it below"


def _stepped(scale: Scale, of: str, of_unit: Unit, speaker: Speaker) -> Line:
    bounds = [(speaker.counting(of_unit).say(bound), value) for bound, value in scale.steps]
    if scale.kind == "steps":
        items = tuple(Line(f"from {bound}: {speaker.say(value)}") for bound, value in bounds)
        return Line(f"by the highest step that {of or 'one'} reaches, nothing below the first", items)
    upper = [*(f" up to {bound}" for bound, _ in bounds[1:]), ""]
    rates = zip(bounds, upper, strict=True)
    items = tuple(Line(f"on the part from {bound}{until}: {_share(value, speaker)}") for (bound, value), until in rates)
    return Line(f"a rate of its own on each part of {of or 'one'}", items)


def _share(value: Value, speaker: Speaker) -> str:
    said = speaker.say(value)
    return said if is_percent(value, speaker) else f"{said} for every 1"


def _said(value: Value | None, speaker: Speaker) -> str:
    return speaker.say(value) if value else "nothing"


@says(Scale)
def _scale(scale: Scale, speaker: Speaker) -> str:
    """A scale by itself, as a difference shows it."""
    if scale.kind == "sum":
        return " plus ".join(speaker.say(part) for part in scale.parts)
    of = f"its {english.words(scale.of)}" if scale.of else ""
    line = scale_line(scale, of or ("it" if scale.kind != "rate" else ""), NO_UNIT, speaker)
    return "; ".join((line.text, *(item.text for item in line.items)))
