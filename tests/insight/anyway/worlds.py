"""Deals of which the truth is known: partners have the small ones, which anybody wins more often."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np

from swingby.insight import SETTINGS, Verdict
from swingby.insight.anyway.reading import DIRECT, NAMED, Deals
from swingby.insight.anyway.study import Study, study_deals, verdict_of
from swingby.insight.numerics.arrays import Floats

MARKETS = np.array(["large", "middle", "small"], object)


@dataclass(frozen=True, slots=True)
class World:
    """What is true.

    Attributes
    ----------
    adds
        What a partner adds to the log odds of winning.
    by_size
        What a deal e times as large takes off them.
    hidden
        What a cause that nobody records adds to them; partners have it more often.
    """

    adds: float = 0.0
    by_size: float = 0.6
    hidden: float = 0.0
    deals: int = 2400
    partners: int = 60


def draw(world: World, seed: int) -> tuple[Deals, float]:
    """Deals, and what partners truly add to the win rate of their own."""
    random = np.random.default_rng(seed)
    logs = random.normal(0, 1, world.deals)
    market = random.integers(0, 3, world.deals)
    unseen = random.normal(0, 1, world.deals)
    ours = random.random(world.deals) < _chance(-0.8 * logs + 0.4 * (market == 2) + 0.5 * unseen * (world.hidden > 0))
    partner = np.where(ours, random.integers(0, world.partners, world.deals), DIRECT)
    own = random.normal(0, 0.3, world.partners)[partner] * ours
    odds = -0.5 - world.by_size * logs + 0.3 * (market == 1) + world.hidden * unseen + own
    chance = _chance(odds + world.adds * ours)
    won = random.random(world.deals) < chance
    size = 10_000 * np.exp(logs)
    return Deals(
        partner=partner.astype(np.int64),
        won=won,
        days=random.integers(20, 200, world.deals).astype(np.float64),
        money=np.where(won, size, 0.0),
        size=size,
        quarter=np.array([f"2024 quarter {one}" for one in random.integers(1, 5, world.deals)], object),
        named={name: MARKETS[market] if name == "market" else np.full(world.deals, "", object) for name in NAMED},
    ), float((chance - _chance(odds))[ours].mean())


def _chance(odds: Floats) -> Floats:
    found: Floats = 1 / (1 + np.exp(-odds))
    return found


def studied(world: World, seed: int) -> tuple[Study, float, Verdict]:
    """What is said of a world where it is known where deals came from, and what is true."""
    deals, truth = draw(world, seed)
    study = study_deals(deals, SETTINGS)
    return study, truth, verdict_of(study, SETTINGS, is_sound=True)


#: Partners win a third more often than others would; it adds about eight points.
HELPS = World(adds=log(1.5))
NOTHING = World()
