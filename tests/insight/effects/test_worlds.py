"""Verdicts in worlds of which the truth is known: how often they are wrong, and how often they find what is there.

The first seeds are fixed; the second are drawn when the test runs, and a bound of the binomial distribution says how far
their rate may lie off by chance (once in ten thousand runs).
"""

from dataclasses import replace
from random import SystemRandom

import pytest
from scipy.stats import binom

from swingby.insight import Verdict
from tests.insight.rates import QUICK, Rates, rates
from tests.insight.worlds import A, B, C, D, E, World, draw

WORLDS = 200
FIRST = range(9000, 9000 + WORLDS)
BY_CHANCE = 1e-4
#: World -> at most so often "shown".
AT_MOST = {"bad spell": (C, 0.01), "no effect": (D, 0.05), "no effect, already growing": (E, 0.05)}


def drawn_now() -> list[int]:
    return [SystemRandom().randrange(1_000_000, 2**40) for _ in range(WORLDS)]


def seen(found: Rates) -> int:
    return found.verdicts[Verdict.SHOWN]


@pytest.mark.proof
@pytest.mark.parametrize("name", AT_MOST)
def test_nothing_is_shown_where_there_is_nothing(name: str) -> None:
    world, most = AT_MOST[name]
    assert seen(rates(world, FIRST)) <= most * WORLDS


@pytest.mark.proof
@pytest.mark.parametrize("name", AT_MOST)
def test_nothing_is_shown_where_there_is_nothing_in_worlds_drawn_now(name: str) -> None:
    world, most = AT_MOST[name]
    seeds = drawn_now()
    assert binom.sf(seen(rates(world, seeds)) - 1, WORLDS, most) > BY_CHANCE, seeds


@pytest.mark.proof
def test_an_effect_of_an_eighth_is_shown_at_least_every_second_time() -> None:
    found = rates(A, FIRST)
    assert seen(found) >= 0.5 * WORLDS
    # The nominal 95 % less what 200 worlds vary by chance.
    assert found.held >= binom.ppf(BY_CHANCE, WORLDS, 0.95)


@pytest.mark.proof
def test_an_effect_of_an_eighth_is_shown_at_least_every_second_time_in_worlds_drawn_now() -> None:
    seeds = drawn_now()
    assert binom.cdf(seen(rates(A, seeds)), WORLDS, 0.5) > BY_CHANCE, seeds


@pytest.mark.proof
def test_the_line_of_the_leads_takes_a_straight_drift_away() -> None:
    found = rates(B, FIRST)
    # The error of one such estimate is 0.037; of the mean of 200 it is 0.0026.
    assert abs(found.beyond_line - found.truth) < 3 * 0.0026
    assert found.effect - found.truth > 0.02


@pytest.mark.proof
def test_few_partners_are_judged_by_lots_too_and_hold_the_level() -> None:
    found = rates(World(works=False, partners=80), range(40_000, 40_000 + WORLDS), replace(QUICK, draws=39))
    judged = WORLDS - found.verdicts[Verdict.UNANSWERABLE]
    # Selection leaves few partners to compare with; in about every third world there are enough.
    assert judged > 50
    assert seen(found) <= binom.ppf(1 - BY_CHANCE, judged, 0.05)
    # "lots" may find something in 5 % of worlds.
    assert judged - found.failed["lots"] <= binom.ppf(1 - BY_CHANCE, judged, 0.05)


@pytest.mark.proof
def test_quarters_of_few_deals_hold_the_effect_and_show_nothing_where_there_is_nothing() -> None:
    """One deal a month in the mean: quarters are counted from each partner's act, so that the effect is not diluted."""
    some, none = (rates(World(months=36, deals=1, works=works), range(60_000, 60_100)) for works in (True, False))
    assert abs(some.effect - some.truth) < 0.015
    assert seen(none) <= 0.05 * none.worlds < 0.2 * some.worlds <= seen(some)


def test_the_same_seed_draws_the_same_world() -> None:
    first, second = draw(A, 1), draw(A, 1)
    assert (first.panel.outcome == second.panel.outcome).all()
    assert (first.panel.outcome != draw(A, 2).panel.outcome).any()


def test_ten_worlds_of_each_kind_are_judged_as_they_should() -> None:
    found = {name: rates(world, range(9000, 9010)).verdicts for name, world in (("A", A), ("C", C), ("D", D))}
    assert found == {
        "A": {Verdict.SHOWN: 8, Verdict.SUGGESTED: 1, Verdict.NOT_SHOWN: 1},
        "C": {Verdict.NOT_SHOWN: 10},
        "D": {Verdict.NOT_SHOWN: 10},
    }
