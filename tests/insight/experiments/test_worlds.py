"""How often an experiment that is looked at every month says what is not so, and how often it sees what is."""

import secrets

import pytest
from scipy import stats

from swingby.insight.numerics.sequences import ALARM
from tests.insight.experiments.worlds import WORLDS, World, rates


def most(worlds: int, share: float) -> float:
    """As large a share as comes by luck alone once in ten thousand times, if the true one is not larger."""
    return float(stats.binom.ppf(1 - 1e-4, worlds, share)) / worlds


@pytest.mark.parametrize("world", WORLDS, ids=str)
def test_looking_every_month_rings_falsely_no_more_often_than_promised(world: World) -> None:
    found = rates(world, range(300))
    assert found.seen <= most(300, ALARM)
    assert 1 - found.held <= most(300, ALARM)
    # Ranges that are made for one look ring far more often: that is what the sequence is for.
    assert found.peeked > 2 * ALARM


@pytest.mark.parametrize("world", [World(60), World(200), World(120, waves=4)], ids=str)
def test_the_smallest_effect_that_is_promised_is_seen(world: World) -> None:
    found = rates(world, range(1000, 1200), factor=1.0)
    assert 1 - found.seen <= most(200, 0.2)


@pytest.mark.long
@pytest.mark.parametrize("world", WORLDS, ids=str)
def test_a_seed_that_nobody_knew_says_the_same(world: World) -> None:
    first = secrets.randbelow(2**31)
    found = rates(world, range(first, first + 4000))
    assert (found.seen <= most(4000, ALARM), 1 - found.held <= most(4000, ALARM)) == (True, True), first
