"""Three signs that a line was reached by its last days, each with how likely it is by luck."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from swingby.insight.gaming.question import GamingQuestion
from swingby.insight.gaming.reading import Late, Year
from swingby.insight.numerics.arrays import Floats, Integers
from swingby.insight.numerics.odds import NearLine, as_many, both, near_line, share_of, stand_out, together
from swingby.insight.settings import Settings
from swingby.insight.verdicts import Verdict

#: So many looks are taken: at the line, and at deals and at people both together and by partner. Each has its part of the alarm.
LOOKS = 5


@dataclass(frozen=True, slots=True)
class Signs:
    """What was found.

    Attributes
    ----------
    near
        Around the line, as the year ended.
    deals, people
        How likely it is that so many partners have something of the last days that did not last.
    spikes, crammed
        Partners whose last days stand out both by how much came and by how little of it lasted.
    """

    near: NearLine
    deals: float
    people: float
    spikes: Integers
    crammed: Integers

    @property
    def partners(self) -> int:
        """How many partners stand out."""
        return len(set(self.spikes.tolist()) | set(self.crammed.tolist()))

    @property
    def least(self) -> float:
        """The least of the chances of all together."""
        return min(self.near.chance, self.deals, self.people)


def find_signs(year: Year, question: GamingQuestion, settings: Settings) -> Signs:
    """Look for the three signs."""
    level = settings.alarm / LOOKS
    return Signs(
        near=near_line(year.money, float(question.line), question.width),
        deals=together(year.deals.late_gone, year.deals.late, _usual(year.deals)),
        people=together(year.people.late_gone, year.people.late, _usual(year.people)),
        spikes=_stand_out(year.deals, level),
        crammed=_stand_out(year.people, level),
    )


def judge(signs: Signs, settings: Settings) -> Verdict:
    """Shown if luck does one of them in less than its part of the alarm; suggested if in less than the alarm."""
    if signs.partners or signs.least < settings.alarm / LOOKS:
        return Verdict.SHOWN
    return Verdict.SUGGESTED if signs.least < settings.alarm else Verdict.NOT_SHOWN


def chances(late: Late) -> Floats:
    """How likely it is for each partner that so much comes in the last days and so little of it lasts."""
    came = as_many(late.late, late.number, share_of(int(late.late.sum()), int(late.number.sum())))
    return both(came, as_many(late.late_gone, late.late, _usual(late)))


def _usual(late: Late) -> float:
    """The share that does not last of what came before the last days."""
    return share_of(int(late.gone.sum() - late.late_gone.sum()), int(late.number.sum() - late.late.sum()))


def _stand_out(late: Late, level: float) -> Integers:
    """Partners that stand out among all that had anything in the year."""
    there = np.flatnonzero(late.number)
    return np.asarray(there[stand_out(chances(late)[there], level)], np.int64)
