"""How often an act is said to pay in worlds of which the truth is known; seeds are drawn when the test runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import SystemRandom

import pytest
from scipy.stats import binom

from swingby.insight import Verdict
from tests.insight.returns.worlds import MARGIN, World, rates, truth

WORLDS, BY_CHANCE = 150, 1e-4
NOTHING = World(worth=0, cost=500)
#: World -> it may be said to pay at most so often. Made by the tests: to know what is true takes many worlds.
AT_MOST: Mapping[str, tuple[Callable[[], World], float]] = {
    "no effect": (lambda: NOTHING, 0.05),
    "no effect, already growing": (lambda: World(worth=0, cost=500, drift=0.009), 0.05),
    "just pays": (lambda: costing(1), 0.05),
    "brings back a third": (lambda: costing(3), 0.01),
}


def costing(times: int) -> World:
    """A world in which the act costs so many times what it brings back."""
    return World(cost=times * World().cost * truth(World()) * MARGIN.middle)


def drawn_now(number: int) -> list[int]:
    return [SystemRandom().randrange(1_000_000, 2**40) for _ in range(number)]


@pytest.mark.proof
@pytest.mark.parametrize("name", AT_MOST)
def test_what_does_not_pay_is_hardly_ever_said_to(name: str) -> None:
    world, most = AT_MOST[name]
    seeds = drawn_now(WORLDS)
    assert binom.sf(rates(world(), seeds).verdicts[Verdict.SHOWN] - 1, WORLDS, most) > BY_CHANCE, seeds


@pytest.mark.proof
def test_what_pays_three_times_is_found_and_the_range_holds_what_is_true() -> None:
    seeds = drawn_now(WORLDS)
    found = rates(World(), seeds)
    assert binom.cdf(found.verdicts[Verdict.SHOWN], WORLDS, 0.5) > BY_CHANCE, seeds
    assert found.held >= binom.ppf(BY_CHANCE, found.answered, 0.93), seeds


def test_no_return_is_told_in_worlds_without_an_effect() -> None:
    seeds = drawn_now(8)
    assert binom.sf(rates(NOTHING, seeds).told - 1, len(seeds), 0.05) > BY_CHANCE, seeds
