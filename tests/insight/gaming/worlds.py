"""Years of partners that do not play for a line, and of some that do."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from swingby.insight import SETTINGS, GamingQuestion, Verdict
from swingby.insight.gaming.reading import Late, Year
from swingby.insight.gaming.signs import LOOKS, find_signs, judge

PARTNERS, LINE = 250, 150_000
QUESTION = GamingQuestion(Decimal(LINE), date(2025, 2, 1))


@dataclass(frozen=True, slots=True)
class Rates:
    """What came of many years: verdicts, and how often each sign was seen."""

    worlds: int
    verdicts: Counter[Verdict]
    line: int
    deals: int
    people: int
    named: int


def rates(*, worlds: int, seed: int, players: int = 0) -> Rates:
    """Draw years and look for signs."""
    random = np.random.default_rng(seed)
    found = [find_signs(draw(random, players), QUESTION, SETTINGS) for _ in range(worlds)]
    level = SETTINGS.alarm / LOOKS
    return Rates(
        worlds=worlds,
        verdicts=Counter(judge(one, SETTINGS) for one in found),
        line=sum(one.near.chance < level for one in found),
        deals=sum(one.deals < level for one in found),
        people=sum(one.people < level for one in found),
        named=sum(bool(one.partners) for one in found),
    )


def draw(random: np.random.Generator, players: int) -> Year:
    """Partners that differ in what comes late and in what lasts; the first of them play."""
    money = random.lognormal(np.log(LINE) - 0.5, 1.1, PARTNERS)
    money[:players] = LINE * random.uniform(1.001, 1.05, players)
    plays = np.arange(PARTNERS) < players
    deals = _late(random, plays, mean=16, late=0.02, gone=0.01, played=(4, 0.3))
    people = _late(random, plays, mean=2, late=0.03, gone=0.06, played=(9, 0.6))
    return Year(tuple(map(str, range(PARTNERS))), money, money, deals, people, None)


def _late(
    random: np.random.Generator, plays: np.ndarray, *, mean: float, late: float, gone: float, played: tuple[int, float]
) -> Late:
    """Counts with shares that differ by partner (beta, as wide as ten observations); who plays has so many more, and they go."""
    number = random.poisson(random.gamma(1.5, mean / 1.5, len(plays)))
    share, leaving = (random.beta(10 * one, 10 * (1 - one), len(plays)) for one in (late, gone))
    last = random.binomial(number, share)
    early_gone, late_gone = random.binomial(number - last, leaving), random.binomial(last, leaving)
    more, part = played
    added = np.where(plays, random.binomial(more, part, len(plays)), 0)
    last, number = last + more * plays, number + more * plays
    return Late(
        *(np.asarray(one, np.int64) for one in (last, number, late_gone + added, early_gone + late_gone + added))
    )
