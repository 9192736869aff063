"""Changes of which it is known what they did: partners whose tier a new line takes away, and partners near a line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from swingby.insight import SETTINGS, Act, EffectQuestion, Outcome, Verdict
from swingby.insight.changes.lining import judge_lining
from swingby.insight.effects.judging import judge
from swingby.insight.effects.reading import Months
from swingby.insight.effects.shaping import shape
from swingby.insight.effects.study import Findings, study_effect
from swingby.insight.numerics.arrays import Floats
from swingby.insight.numerics.odds import near_line
from swingby.insight.numerics.panel import NEVER
from swingby.values import add_months

SINCE = date(2022, 1, 1)
MONTHS, CHANGED, YEAR = 36, 24, 12
EFFECT = EffectQuestion(
    Act("", "the version", days={}), Outcome.REVENUE, SINCE, add_months(SINCE, MONTHS), unit="month"
)
QUICK = replace(SETTINGS, draws=19)
LINE, WIDTH = 150_000, 0.05


@dataclass(frozen=True, slots=True)
class World:
    """What is true.

    Attributes
    ----------
    worth
        By how much those whom the new line moves down sell more since.
    settle
        How many months before the change the review lies that tells whom it moves.
    lasting
        How much of a good or bad month goes on into the next.
    """

    worth: float = 0.0
    settle: int = 6
    lasting: float = 0.0
    partners: int = 300


def draw(world: World, seed: int) -> Months:
    """Half of the partners hold a tier; the new line, on the sales of a year, takes it from those below."""
    random = np.random.default_rng(seed)
    n = world.partners
    level = np.exp(9 + 0.8 * random.normal(size=n))[:, None]
    money = level * np.exp(_moods(random, world)) * random.gamma(1.5, 1 / 1.5, (n, MONTHS))
    money *= np.exp(np.cumsum(random.normal(0.005, 0.02, MONTHS)))
    last = CHANGED - world.settle
    sold = money[:, last - YEAR : last].sum(axis=1)
    hit = (random.random(n) < 0.5) & (sold < np.median(sold))
    money[hit, CHANGED:] *= 1 + world.worth
    return Months(
        partners=tuple(f"p{nth}" for nth in range(n)),
        enrolled=np.ones(money.shape, bool),
        won=np.ones(money.shape),
        lost=np.zeros(money.shape),
        money=money,
        logs=np.log(money),
        sized=np.ones(money.shape),
        began=np.where(hit, CHANGED, NEVER).astype(np.int64),
        regions=np.arange(n) % 2,
        tenure=np.zeros(n),
        one_day=0.0,
        drawn=np.full(n, NEVER, np.int64),
        invited=np.zeros(n, bool),
    )


def _moods(random: np.random.Generator, world: World) -> Floats:
    """Good and bad months of a partner, each of which goes on for a while."""
    moods = random.normal(0, 0.3, (world.partners, MONTHS))
    for month in range(1, MONTHS):
        moods[:, month] += world.lasting * moods[:, month - 1]
    return moods


@dataclass(frozen=True, slots=True)
class Rates:
    """What came of many changes."""

    worlds: int
    verdicts: Counter[Verdict]
    effect: float
    held: int

    def share(self, verdict: Verdict) -> float:
        """How often a verdict fell."""
        return self.verdicts[verdict] / self.worlds


def rates(world: World, seeds: Iterable[int]) -> Rates:
    """Draw a change for each seed and judge what those did whom it moves."""
    verdicts, effects = Counter[Verdict](), list[Findings]()
    effect = replace(EFFECT, usual=world.settle or None)
    for seed in seeds:
        found = study_effect(shape(draw(world, seed), effect, QUICK).case, QUICK, seed=seed)
        verdicts[judge(found, QUICK).verdict] += 1
        if isinstance(found, Findings):
            effects.append(found)
    return Rates(
        sum(verdicts.values()),
        verdicts,
        effect=sum(one.effect.value for one in effects) / len(effects),
        held=sum(one.effect.low <= world.worth <= one.effect.high for one in effects),
    )


def lining_rates(*, worlds: int, seed: int, before: int, after: int, partners: int = 250) -> Counter[tuple[str, str]]:
    """How often gathering is said to have begun or ended, where so many play for the line before and after."""
    random = np.random.default_rng(seed)
    found = Counter[tuple[str, str]]()
    for _ in range(worlds):
        years = [near_line(_year(random, partners, players), LINE, WIDTH) for players in (before, after)]
        told = judge_lining(years[0], years[1], (SINCE, SINCE), alarm=SETTINGS.alarm, looks=2)
        found[str(told.gathering), str(told.verdict)] += 1
    return found


def _year(random: np.random.Generator, partners: int, players: int) -> Floats:
    amounts = np.exp(random.normal(np.log(LINE), 0.7, partners))
    amounts[:players] = LINE * random.uniform(1.0, 1.04, players)
    return amounts
