"""How often a change is said to have done something in worlds of which the truth is known; seeds are drawn when the test runs."""

from __future__ import annotations

from random import SystemRandom

import pytest
from scipy.stats import binom

from swingby.insight import Verdict
from tests.insight.changes.worlds import World, lining_rates, rates

BY_CHANCE = 1e-4
NOTHING = {"nothing": World(), "nothing, lasting moods": World(lasting=0.5)}


def drawn_now(number: int) -> list[int]:
    return [SystemRandom().randrange(1_000_000, 2**40) for _ in range(number)]


@pytest.mark.parametrize("name", NOTHING)
def test_a_bad_spell_that_made_partners_look_moved_is_not_taken_for_an_effect(name: str) -> None:
    seeds = drawn_now(60)
    found = rates(NOTHING[name], seeds)
    assert binom.sf(found.verdicts[Verdict.SHOWN] - 1, len(seeds), 0.05) > BY_CHANCE, seeds
    assert binom.cdf(found.held, len(seeds), 0.93) > BY_CHANCE, seeds


def test_without_time_to_settle_it_would_be() -> None:
    """Why a review on the day of the change is not taken: those whom it moves down had a bad year, and recover."""
    found = rates(World(settle=0), range(60))
    assert found.effect > 0.05


def test_half_as_much_again_is_shown_every_second_time() -> None:
    seeds = drawn_now(60)
    assert binom.cdf(rates(World(worth=0.5), seeds).verdicts[Verdict.SHOWN], len(seeds), 0.5) > BY_CHANCE, seeds


#: Who plays for the line in the year before and in the year since.
SAME = {"nobody": (0, 0), "always": (15, 15)}


@pytest.mark.parametrize("name", SAME)
def test_nothing_is_said_of_a_line_at_which_nothing_changed(name: str) -> None:
    seed, (before, after) = SystemRandom().randrange(10**6), SAME[name]
    found = lining_rates(worlds=500, seed=seed, before=before, after=after)
    assert binom.sf(found["begun", "shown"] + found["ended", "shown"] - 1, 500, 0.05) > BY_CHANCE, seed


def test_gathering_that_began_or_ended_is_not_taken_for_the_other() -> None:
    seed = SystemRandom().randrange(10**6)
    began = lining_rates(worlds=300, seed=seed, before=0, after=15)
    ended = lining_rates(worlds=300, seed=seed, before=15, after=0)
    wrong = began["ended", "shown"] + ended["begun", "shown"]
    assert binom.sf(wrong - 1, 600, 0.01) > BY_CHANCE, seed
    assert binom.cdf(began["begun", "shown"], 300, 0.25) > BY_CHANCE, seed
    assert binom.cdf(ended["ended", "shown"], 300, 0.25) > BY_CHANCE, seed
