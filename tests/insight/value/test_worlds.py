"""Worlds of which the truth is known: what comes lies in the range that was told before."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.stats import binom

from swingby.insight import SETTINGS
from swingby.insight.value.forecasting import total_range
from swingby.insight.value.reading import MONTH, WEEK, Purchases
from swingby.insight.value.ways import purchase_ways

WORLDS, PARTNERS, ROUNDS, AHEAD = 8, 260, 12, 4
QUARTER = 3 * MONTH
DRAWN = replace(SETTINGS, redrawn=19)


def drawn(random: np.random.Generator) -> Purchases:
    """Partners that buy at most once a quarter for three years and one more, and stop for good now and then."""
    chances, lost = random.beta(2, 2, PARTNERS), random.beta(1, 15, PARTNERS)
    each = random.lognormal(8, 0.5, PARTNERS)
    nth = np.arange(ROUNDS + AHEAD)
    lives = random.geometric(lost)
    bought = (random.uniform(size=(PARTNERS, len(nth))) < chances[:, None]) & (nth < lives[:, None])
    partner, round_ = np.nonzero(bought)
    day = (round_ + random.uniform(0.1, 0.9, len(round_))) * QUARTER * WEEK
    money = each[partner] * random.lognormal(0, 0.3, len(partner))
    return Purchases(partner, day, money, tuple(map(str, range(PARTNERS))), ("",) * PARTNERS, cost=0.0, round=QUARTER)


def is_held(seed: int) -> bool:
    """Whether what came in the next year lies in the range."""
    purchases = drawn(np.random.default_rng(seed))
    today, weeks = ROUNDS * QUARTER * WEEK, AHEAD * QUARTER
    (way,) = purchase_ways(purchases, today, DRAWN)
    assert way.name == "BG/BB"
    ahead = way.fit(today, None)(weeks, 0.0)
    found = total_range(way, ahead, today, weeks, discount=0.0, settings=DRAWN, seed=seed)
    came = purchases.came(today)[1][ahead.who].sum()
    assert found is not None
    return bool(found.low <= came <= found.high)


def test_what_comes_lies_in_the_range() -> None:
    held = sum(is_held(seed) for seed in range(WORLDS))
    # Nineteen drawings hold in 90 of 100 where forty hold in 95; fewer would be held once in a thousand times.
    assert held >= binom.ppf(0.001, WORLDS, 0.9)
