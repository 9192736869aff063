"""Experiments of which the truth is known, looked at every month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from swingby.insight.experiments.looks import Look, Waves, looks, smallest_visible
from swingby.insight.numerics.estimates import TWO_SIDED

BEFORE = 12
NOISE = 0.3
TAKEN_UP = 0.7


@dataclass(frozen=True, slots=True)
class World:
    """What is true; ``memory`` is how far a month goes on from the month before."""

    partners: int
    waves: int = 2
    months: int = 12
    memory: float = 0.0
    has_outliers: bool = False
    leaving: float = 0.0


#: Few and many partners, two waves and four, months that depend on each other, outliers, partners that leave.
WORLDS = (
    World(20),
    World(60, waves=4, memory=0.6),
    World(100, memory=0.95),
    World(100, has_outliers=True),
    World(200),
    World(80, leaving=0.02),
)


def draw(world: World, random: np.random.Generator, effect: float = 0.0) -> Waves:
    """Changes of partners of which 70 % do what they are invited to; it is worth so much to those who do."""
    size = (world.partners, BEFORE + world.months)
    shocks = random.standard_t(3, size=size) if world.has_outliers else random.normal(size=size)
    outcome = shocks.copy()
    for month in range(1, size[1]):
        fresh = (1 - world.memory**2) ** 0.5 * shocks[:, month]
        outcome[:, month] = world.memory * outcome[:, month - 1] + fresh
    outcome = random.normal(size=(world.partners, 1)) + NOISE * outcome
    change = outcome[:, BEFORE:] - outcome[:, :BEFORE].mean(axis=1, keepdims=True)
    blocks = -(-world.partners // world.waves)
    wave = np.concatenate([random.permutation(world.waves) for _ in range(blocks)])[: world.partners]
    began = wave * (world.months // (world.waves - 1))
    on = np.arange(world.months) >= began[:, None]
    did = on & (random.random((world.partners, 1)) < TAKEN_UP)
    left = np.cumsum(random.random(change.shape) < world.leaving, axis=1) > 0
    return Waves(np.where(left, np.nan, change + effect * did), began.astype(np.int64), did)


def planned(world: World) -> Look:
    """The last look of an experiment in which nothing happened, as a plan has it."""
    return list(looks(draw(world, np.random.default_rng(99)), 1.0))[-1]


@dataclass(frozen=True, slots=True)
class Rates:
    """How often an effect was seen at some look, by the sequence and by ranges of one look, and how often all ranges held."""

    worlds: int
    seen: float
    peeked: float
    held: float


def rates(world: World, seeds: Iterable[int], *, factor: float = 0.0) -> Rates:
    """Draw an experiment for each seed; being drawn is worth so many times the smallest effect that the plan promises."""
    plan = planned(world)
    truth = factor * smallest_visible(plan)
    counted = np.zeros(3)
    worlds = 0
    for worlds, seed in enumerate(seeds, start=1):  # noqa: B007 (how many there were)
        found = list(looks(draw(world, np.random.default_rng(seed), truth / TAKEN_UP), plan.error))
        counted += (
            any(one.effect.excludes_zero for one in found),
            any(abs(one.effect.value) > TWO_SIDED * one.error for one in found),
            all(one.effect.low <= truth <= one.effect.high for one in found),
        )
    return Rates(worlds, *(float(share) for share in counted / worlds))
