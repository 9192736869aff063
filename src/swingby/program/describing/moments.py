"""Moments in words: a midnight worked out from another."""

from __future__ import annotations

from swingby.program.blocks import Moment, MomentStep, PeriodUnit
from swingby.program.describing import english
from swingby.program.describing.speaker import Speaker, says


def moment_from(moment: Moment, base: str, speaker: Speaker) -> str:
    """``12 months after the day of the activity``, ``the end of the year that holds it``."""
    found = base
    for step in moment.steps:
        found = _step(step, found, speaker)
    return found


def at(moment: str) -> str:
    """``at the end of the year``, but ``2 years after that day``."""
    return f"at {moment}" if moment.startswith("the ") else moment


def _step(step: MomentStep, base: str, _: Speaker) -> str:
    found = base
    if step.anchor and step.unit:
        base = f"the day {base}" if base[0].isdigit() else base
        edge = "the start of" if step.anchor == "start_of" else "the end of"
        found = f"{edge} {_period(step.unit, step.shift, base)}"
    if step.after:
        found = f"{english.length(step.after)} after {found}"
    return found


def _period(unit: PeriodUnit, shift: int, base: str) -> str:
    name = english.period(unit)
    if shift == 0:
        return f"the {name} that holds {base}"
    side = "after" if shift > 0 else "before"
    if abs(shift) == 1:
        return f"the {name} {side} the one that holds {base}"
    return f"the {name} {english.counted(abs(shift), name)} {side} the one that holds {base}"


@says(Moment)
def _moment(moment: Moment, speaker: Speaker) -> str:
    return moment_from(moment, "that day", speaker)
