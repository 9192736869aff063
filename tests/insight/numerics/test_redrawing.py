"""Partners drawn again: sums and estimates that move together."""

from __future__ import annotations

import numpy as np

from swingby.insight.numerics.arrays import Floats
from swingby.insight.numerics.estimates import Range
from swingby.insight.numerics.redrawing import draw_again, range_of

DRAWS = 4000


def of_mean(values: Floats) -> Floats:
    """The influence of each on their mean."""
    return np.asarray(values - values.mean(), np.float64)[:, None]


def test_the_first_row_is_what_was_seen() -> None:
    columns = np.array([[1.0, 10.0], [2.0, 20.0], [3.0, 60.0]])
    drawn = draw_again(columns, np.array([2.0]), of_mean(columns[:, 0]), np.ones(3, bool), draws=5, seed=0)
    assert (drawn.sums[0].tolist(), drawn.values[0].tolist()) == ([6.0, 90.0], [2.0])


def test_an_estimate_moves_with_the_sum_that_it_comes_from() -> None:
    """A mean is linear, so to first order is exact."""
    values = np.random.default_rng(1).normal(size=40)
    drawn = draw_again(values[:, None], np.array([values.mean()]), of_mean(values), np.ones(40, bool), draws=50, seed=2)
    assert np.allclose(drawn.values[:, 0], drawn.sums[:, 0] / 40)


def test_partners_that_were_not_studied_move_sums_only() -> None:
    studied = np.array([True, True, False])
    drawn = draw_again(np.eye(3), np.array([5.0]), np.zeros((2, 1)), studied, draws=20, seed=0)
    assert np.ptp(drawn.values) == 0
    assert set(drawn.sums.sum(axis=1)) == {3.0}
    assert np.ptp(drawn.sums[:, 2]) > 0


def test_the_spread_of_a_mean_is_that_of_the_bootstrap() -> None:
    """The variance of a mean of values drawn again is that of the values over their number (Efron 1979)."""
    values = np.random.default_rng(3).exponential(size=200)
    drawn = draw_again(
        values[:, None], np.array([values.mean()]), of_mean(values), np.ones(200, bool), draws=DRAWS, seed=4
    )
    expected = values.std() / np.sqrt(200)
    assert abs(drawn.values[1:, 0].std() / expected - 1) < 4 / np.sqrt(2 * DRAWS)


def test_a_range_may_end_at_infinity() -> None:
    draws = np.array([7.0, *range(1, 39), np.inf, np.inf])
    assert range_of(draws) == Range(7.0, 2.0, np.inf)


def test_the_same_seed_draws_the_same() -> None:
    columns = np.arange(6.0).reshape(3, 2)
    first, second = (
        draw_again(columns, np.zeros(1), np.zeros((3, 1)), np.ones(3, bool), draws=9, seed=5) for _ in range(2)
    )
    assert np.array_equal(first.sums, second.sums)
