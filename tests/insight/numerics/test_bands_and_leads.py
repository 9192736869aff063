"""Bands, the joint test, the line through the leads, overlap and lots."""

import numpy as np
import pytest
from scipy.stats import norm

from swingby.insight.numerics.aggregating import aggregate
from swingby.insight.numerics.bands import critical_value
from swingby.insight.numerics.doubly_robust import NoOverlapError, compare_changes
from swingby.insight.numerics.estimates import Estimate, Estimates
from swingby.insight.numerics.group_time import Design, group_time_effects
from swingby.insight.numerics.leads import beyond_line, joint_test
from swingby.insight.numerics.overlap import overlap
from swingby.insight.numerics.panel import NEVER, Panel
from swingby.insight.numerics.relabelling import probability_by_lot


def independent(columns: int, partners: int = 4000) -> Estimates:
    influence = np.random.default_rng(7).normal(size=(partners, columns))
    return Estimates(np.arange(columns), np.zeros(columns), influence)


@pytest.mark.parametrize("columns", [1, 5, 20])
def test_a_band_over_independent_estimates_is_as_wide_as_sidak_says(columns: int) -> None:
    expected = norm.ppf(0.5 + 0.5 * 0.95 ** (1 / columns))
    # The quantile of 20,000 draws has an error of 0.02 to 0.03.
    assert critical_value(independent(columns), draws=20_000) == pytest.approx(expected, abs=0.08)


def test_a_band_over_copies_of_one_estimate_is_as_wide_as_over_one() -> None:
    one = independent(1)
    copies = Estimates(np.arange(9), np.zeros(9), np.repeat(one.influence, 9, axis=1))
    assert critical_value(copies, seed=3) == pytest.approx(critical_value(one, seed=3), rel=1e-6)


def test_a_band_is_the_same_for_the_same_seed_and_leaves_the_base_out() -> None:
    some = independent(4)
    base = Estimates(np.arange(5), np.zeros(5), np.column_stack([some.influence, np.zeros(4000)]))
    assert critical_value(some, seed=1) == critical_value(base, seed=1) != critical_value(some, seed=2)
    assert np.isnan(critical_value(Estimates(np.arange(1), np.zeros(1), np.zeros((9, 1)))))


def test_the_joint_test_is_a_sum_of_squares_when_estimates_are_independent() -> None:
    influence = np.kron(np.eye(3), np.array([[1.0], [-1.0]])) * 6**0.5
    values = np.array([0.5, -1.0, 2.0])
    found = joint_test(Estimates(np.arange(3), values, influence))
    assert found is not None
    errors = np.sqrt((influence**2).sum(axis=0)) / 6
    assert (found.statistic, found.freedom) == (pytest.approx(((values / errors) ** 2).sum()), 3)


def test_an_estimate_twice_has_one_degree_of_freedom_and_more_estimates_than_partners_none() -> None:
    one = independent(1)
    twice = joint_test(Estimates(np.arange(2), np.array([0.1, 0.1]), np.repeat(one.influence, 2, axis=1)))
    assert twice is not None
    assert twice.freedom == 1
    assert joint_test(Estimates(np.arange(4), np.ones(4), np.eye(4))) is None


def test_a_straight_drift_is_taken_away_to_the_digit() -> None:
    lags = np.arange(-6, 6)
    values = 0.03 * (lags + 1) + 0.2 * (lags >= 0)
    some = Estimates(lags, values, np.random.default_rng(1).normal(size=(50, 12)))
    effect = some.of(*range(6)).combined(np.full(6, 1 / 6))
    line = beyond_line(some.of(*range(-6, 0)), effect, lag=2.5)
    assert line is not None
    assert (line.slope.value, line.beyond.value) == (pytest.approx(0.03), pytest.approx(0.2))


def test_the_error_beyond_the_line_is_that_of_a_forecast_from_independent_leads() -> None:
    lags = np.arange(-6, 0)
    influence = np.kron(np.eye(7), np.array([[1.0], [-1.0]])) * 14**0.5
    leads = Estimates(lags, np.zeros(6), influence[:, :6])
    line = beyond_line(leads, Estimate(0.0, influence[:, 6]), lag=2.5)
    assert line is not None
    single = leads.errors[0]
    assert line.beyond.error == pytest.approx(single * (1 + 1 / 6 + 6.0**2 / 17.5) ** 0.5)
    assert beyond_line(leads.of(-2, -1), Estimate(0.0, influence[:, 6]), lag=2.5) is None


def test_a_lead_weighs_as_much_as_the_partners_behind_it() -> None:
    """Least squares of points that stand there as often as they have partners."""
    lags, values, partners = np.arange(-4, 0), np.array([0.3, -0.1, 0.2, 0.0]), np.array([1, 5, 7, 10])
    leads = Estimates(lags, values, np.random.default_rng(1).normal(size=(20, 4)))
    line = beyond_line(leads, Estimate(0.5, np.zeros(20)), lag=2, partners=partners)
    slope, height = np.polyfit(np.repeat(lags, partners), np.repeat(values, partners), 1)
    assert line is not None
    assert (line.slope.value, line.beyond.value) == pytest.approx((slope, 0.5 - (height + 2 * slope)))


def test_groups_that_are_alike_overlap_and_groups_that_are_apart_do_not() -> None:
    random = np.random.default_rng(3)
    traits, begun = random.normal(size=(400, 2)), random.random(400) < 0.5
    alike = overlap(traits, begun)
    apart = overlap(traits + 8 * begun[:, None], begun)
    assert alike.effective > 0.9 * (~begun).sum()
    assert alike.comparable > 0.98
    assert (apart.effective < 5, apart.comparable < 0.05) == (True, True)


def test_traits_that_say_nothing_leave_everybody_comparable() -> None:
    begun = np.arange(30) < 10
    found = overlap(np.column_stack([np.ones(30), np.full(30, np.nan)]), begun)
    assert (found.effective, found.comparable) == (pytest.approx(20), 1.0)


def test_covariates_that_tell_the_groups_apart_are_refused() -> None:
    began = np.arange(40) < 20
    with pytest.raises(NoOverlapError):
        compare_changes(np.zeros(40), began, covariates=began[:, None].astype(np.float64), weights=np.ones(40))


def test_lots_hold_their_level_where_errors_are_too_small() -> None:
    random = np.random.default_rng(11)
    design = Design(comparison="never", last_lag=2)
    found = []
    for _ in range(60):
        panel = Panel(random.normal(size=(16, 6)), np.array([3] * 5 + [NEVER] * 11))
        effect = aggregate(group_time_effects(panel, design), "by wave").overall
        found.append(probability_by_lot(panel, design, effect, draws=39, seed=1))
    # Sixty draws from probabilities that are uniform: at most 9 lie at .05 or below but once in a thousand runs.
    assert sum(one <= 0.05 for one in found) <= 9
    assert min(found) >= 1 / 40
