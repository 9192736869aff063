"""Who ended just above a line and just below it, in a year before a change and in a year after it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

import numpy as np

from swingby.engine import FactSource
from swingby.insight.changes.question import YEAR, ChangeQuestion
from swingby.insight.gaming.question import GamingQuestion
from swingby.insight.gaming.reading import read_year
from swingby.insight.numerics.arrays import Floats
from swingby.insight.numerics.odds import NearLine, fewer_above, near_line
from swingby.insight.verdicts import Verdict
from swingby.program import Program
from swingby.values import add_months

#: How near to the line is near, and so many steps of that width are drawn on either side.
WIDTH, STEPS = 0.05, 8
#: ``begun``: partners gather above the line since the change. ``ended``: they did and no longer do.
Gathering = Literal["begun", "ended", "neither"]


@dataclass(frozen=True, slots=True)
class Lining:
    """Partners near a line before and after a change.

    Attributes
    ----------
    chance
        How likely the shares above differ as much, in the way that they do, if they are the same (Fisher's test).
    years
        The first days after both years.
    steps
        How many ended in each step from the line, in both years; each step is as wide as near is, half of them lie below.
    """

    before: NearLine
    after: NearLine
    chance: float
    gathering: Gathering
    verdict: Verdict
    years: tuple[date, date]
    steps: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())


def read_lining(
    question: ChangeQuestion, line: Decimal, facts: FactSource, program: Program, *, alarm: float, looks: int
) -> Lining:
    """Hold the last year before the change and the first after it against a line."""
    after = question.year_of(program)
    before = add_months(after, -YEAR)
    while before > question.day_of(program):
        before = add_months(before, -YEAR)
    years = (before, after)
    sold = [_sold(question, line, until, facts, program) for until in years]
    near = [near_line(one, float(line), WIDTH) for one in sold]
    found = judge_lining(near[0], near[1], years, alarm=alarm, looks=looks)
    return replace(found, steps=(_steps(sold[0], float(line)), _steps(sold[1], float(line))))


def judge_lining(before: NearLine, after: NearLine, years: tuple[date, date], *, alarm: float, looks: int) -> Lining:
    """Say whether partners gather above a line since a change, or no longer do.

    Shown
        In the one year luck puts so many above in less than a part of the alarm and in the other it does not, and luck makes the
        years differ as much in less than the alarm.
    Suggested
        The same with twice the alarm for the difference.
    """
    begun, ended = (near.chance < alarm / looks for near in (after, before))
    chance = fewer_above(after, before) if ended and not begun else fewer_above(before, after)
    gathering: Gathering = "neither"
    if begun != ended and chance < 2 * alarm:
        gathering = "begun" if begun else "ended"
    verdict = Verdict.NOT_SHOWN if gathering == "neither" else Verdict.SHOWN if chance < alarm else Verdict.SUGGESTED
    return Lining(before, after, chance, gathering, verdict, years)


def _sold(question: ChangeQuestion, line: Decimal, until: date, facts: FactSource, program: Program) -> Floats:
    asked = GamingQuestion(line, until, won=question.won, lost=question.lost, parts=question.parts)
    return read_year(facts, program, asked).money


def _steps(sold: Floats, line: float) -> tuple[int, ...]:
    numbers, _ = np.histogram(sold, line * (1 + WIDTH) ** np.arange(-STEPS, STEPS + 1.0))
    return tuple(numbers.tolist())
