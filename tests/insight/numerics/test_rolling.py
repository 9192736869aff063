"""Forecasts tried from one origin after the other, and the ranges from it."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest

from swingby.insight.numerics.arrays import Floats
from swingby.insight.numerics.rolling import FIRST, MEAN, NAIVE, conformal, lumpy, try_forecasts
from swingby.insight.numerics.smoothing import fit_holt_winters, seasonal_naive


def growing(number: int = 2) -> Floats:
    """Years of seasons that grow, with noise."""
    places = np.arange(42)
    random = np.random.default_rng(11)
    return np.asarray(
        100
        * np.exp(0.015 * places)
        * (1 + 0.3 * np.sin(places * np.pi / 6))
        * np.exp(random.normal(0, 0.05, (number, 42)))
    )


def test_each_origin_knows_nothing_of_what_comes_after_it() -> None:
    series = growing()
    changed = series.copy()
    changed[:, 33:] *= 7
    whole, other = (try_forecasts(one, 12, 3, [24, 30, 33, 36]) for one in (series, changed))
    assert np.array_equal(whole.expected[..., :3], other.expected[..., :3])
    assert np.array_equal(whole.chosen()[:, :3], other.chosen()[:, :3])
    assert not np.array_equal(whole.expected[..., 3], other.expected[..., 3])


def test_it_is_what_the_methods_say_themselves() -> None:
    series = growing()
    found = try_forecasts(series, 12, 3, [30])
    naive = seasonal_naive(series[:, :30], 12, 3).sum(axis=1)
    smoothed = fit_holt_winters(series[:, :30], 12, multiplied=True, damping=0.98).ahead(3).sum(axis=1)
    assert np.array_equal(found.expected[NAIVE, :, 0], naive)
    assert np.allclose(found.expected[FIRST, :, 0], smoothed, rtol=1e-12)
    assert np.allclose(found.expected[MEAN], found.expected[:MEAN].mean(axis=0), rtol=1e-12)
    assert np.array_equal(found.came[:, 0], series[:, 30:33].sum(axis=1))


def test_the_method_is_chosen_that_was_least_off_and_the_mean_before_anything_is_known() -> None:
    found = try_forecasts(growing(), 12, 3, [24, 25, 26, 27, 36])
    chosen = found.chosen()
    best = found.off[..., :4].mean(axis=-1).argmin(axis=0)
    assert chosen[:, :3].tolist() == [[MEAN] * 3] * 2
    assert chosen[:, 4].tolist() == best.tolist()
    assert found.expected_by_choice()[0, 4] == found.expected[best[0], 0, 4]


def test_series_that_come_seldom_are_told_apart() -> None:
    series = np.ones((3, 33))
    series[1, ::2], series[2, ::5] = 0, 0
    found = try_forecasts(series, 12, 3, [24])
    assert (lumpy(series).tolist(), found.is_lumpy.tolist()) == ([False, True, False], [False, True, False])


@pytest.mark.parametrize(("number", "level", "place"), [(19, 0.95, 18), (39, 0.95, 37), (4, 0.8, 3), (9, 0.8, 7)])
def test_a_range_is_the_score_at_its_place(number: int, level: float, place: int) -> None:
    scores = np.arange(number)[::-1].astype(np.float64)
    assert conformal(scores, level) == place


def test_too_few_scores_give_no_range() -> None:
    assert (conformal(np.ones(18), 0.95), conformal(np.ones(3), 0.8)) == (inf, inf)


def test_a_range_holds_as_often_as_it_should() -> None:
    scores = np.random.default_rng(5).exponential(size=(4000, 20))
    held = np.mean([score <= conformal(others, 0.8) for score, *others in scores.tolist()])
    assert abs(held - 0.8) < 0.02
