"""Partner programs of which the truth is known.

Bigger, better partners begin (selection in levels). What differs between worlds is whether the act works, and what
besides it moves those who begin.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from swingby.insight import SETTINGS, Act, EffectQuestion, Outcome
from swingby.insight.effects.reading import Months
from swingby.insight.effects.shaping import shape
from swingby.insight.effects.study import Case
from swingby.insight.numerics.arrays import Floats, Integers, Truths
from swingby.insight.numerics.panel import NEVER, Panel

#: What an act is worth in the long run, in logs; it comes in thirds over its first three months.
WORTH = 0.12
RAMP = np.array([1 / 3, 2 / 3, 1.0])
#: How much faster those who begin were growing anyway, a month.
DRIFT = 0.009
#: The bad spell in the three months before beginning.
SPELL = np.array([-0.09, -0.19, -0.28])
NOISE = 0.31
#: The spread of single deals, where a partner wins so few that quarters are looked at.
OF_DEALS = 0.55
EVER = 0.6
#: The months after which somebody may begin, and how many months before the end nobody begins any more.
EARLIEST, LATEST = 7, 3


@dataclass(frozen=True, slots=True)
class World:
    """What is true."""

    works: bool = True
    drift: Literal["none", "straight", "curved", "rising"] = "none"
    spell: bool = False
    anticipated: bool = False
    spills: float = 0.0
    seasons: bool = False
    partners: int = 300
    months: int = 24
    deals: float | None = None


#: A and B: it works. C: it does, but began after a bad spell. D and E: it does not.
A, B, C = World(), World(drift="straight"), World(spell=True)
D, E = World(works=False), World(works=False, drift="straight")


def draw(world: World, seed: int) -> Case:
    """The log outcome of every partner in every month, and its size and region as they were before.

    With ``deals``, so many are won in a month in the mean, and the case is shaped from them as from facts.
    """
    random = np.random.default_rng(seed)
    quality = random.normal(size=world.partners)
    began = _began(random, world, quality)
    months = np.arange(world.months)
    level = 1.55 * quality + random.normal(0, 0.5, world.partners)
    common = np.cumsum(random.normal(0.01, 0.02, world.months))
    outcome = level[:, None] + common + random.normal(0, NOISE, (world.partners, world.months))
    lag = months[None, :] - began[:, None]
    if world.works:
        effect = WORTH * np.where(lag >= 0, RAMP[np.clip(lag, 0, 2)], 0)
        outcome += effect + world.spills * effect.mean(axis=0) * (lag < 0)
    if world.anticipated:
        outcome += 0.5 * WORTH * ((lag >= -2) & (lag < 0))
    outcome += _drift(world, began < NEVER, months, lag) + _season(random, world, quality, months)
    if world.spell:
        outcome += np.where((lag >= -3) & (lag < 0), SPELL[np.clip(lag + 3, 0, 2)], 0)
    if world.deals is not None:
        return _from_deals(random, outcome, began, world.deals)
    traits = np.column_stack([quality + random.normal(size=world.partners), random.integers(0, 2, world.partners)])
    return Case(Panel(outcome, began), sizes=np.exp(outcome).sum(axis=1), traits=traits)


def truth(panel: Panel, last_lag: int) -> float:
    """The mean effect on those who began over the lags that were seen, as `study_effect` weighs them."""
    step = panel.step
    lags = [np.arange(step * min(-(-(panel.periods - wave) // step), last_lag + 1)) for wave in panel.waves]
    sizes = [int((panel.began == wave).sum()) for wave in panel.waves]
    means = [WORTH * RAMP[np.clip(lag, 0, 2)].mean() for lag in lags]
    return float(np.average(means, weights=sizes))


def _from_deals(random: np.random.Generator, outcome: Floats, began: Integers, deals: float) -> Case:
    won = random.poisson(deals, outcome.shape).astype(np.float64)
    logs = won * outcome + np.sqrt(won) * random.normal(0, OF_DEALS, outcome.shape)
    none = np.zeros(len(began))
    months = Months(
        partners=tuple(map(str, range(len(began)))),
        enrolled=np.ones(outcome.shape, bool),
        won=won,
        lost=np.zeros(outcome.shape),
        money=won * np.exp(outcome),
        logs=logs,
        sized=won,
        began=began,
        regions=random.integers(0, 2, len(began)),
        tenure=none,
        one_day=0.0,
        drawn=np.full(len(began), NEVER),
        invited=none > 0,
    )
    since = date(2023, 1, 1)
    question = EffectQuestion(Act("activities", "it"), Outcome.DEAL_SIZE, since, date(2026, 1, 1), unit="quarter")
    return shape(months, question, SETTINGS).case


def _began(random: np.random.Generator, world: World, quality: Floats) -> Integers:
    drawn = 1.5 * quality + random.logistic(size=world.partners)
    ever = drawn > np.quantile(drawn, 1 - EVER)
    month = random.integers(EARLIEST, world.months - LATEST, world.partners)
    return np.where(ever, month, NEVER).astype(np.int64)


def _drift(world: World, ever: Truths, months: Integers, lag: Integers) -> Floats:
    if world.drift == "straight":
        return np.asarray(DRIFT * ever[:, None] * months[None, :], np.float64)
    if world.drift == "curved":  # They were growing, and stop: what made them begin also ends.
        return np.where(ever[:, None], -DRIFT * np.clip(-lag, 0, 6) ** 2 / 4, 0.0)
    if world.drift == "rising":  # They grow faster and faster, before the act and after it.
        return np.where(ever[:, None], DRIFT * np.clip(lag + 6, 0, 12) ** 2 / 10, 0.0)
    return np.zeros((len(ever), len(months)))


def _season(random: np.random.Generator, world: World, quality: Floats, months: Integers) -> Floats:
    if not world.seasons:
        return np.zeros((len(quality), len(months)))
    swing = 0.15 + 0.1 * quality + 0.05 * random.normal(size=len(quality))
    result: Floats = swing[:, None] * np.sin(2 * np.pi * months[None, :] / 12)
    return result
