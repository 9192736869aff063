"""Confidence sequences, against their closed forms, printed false alarms and random walks."""

from math import exp, inf, log, sqrt

import numpy as np
import pytest
from scipy import optimize, stats

from swingby.insight.numerics.estimates import TWO_SIDED
from swingby.insight.numerics.sequences import boundary, critical_with, tuned_for
from tests.insight.published import apart

LOOKS = (1, 5, 10, 20)


def walks(number: int, length: int) -> np.ndarray:
    return np.cumsum(np.random.default_rng(1).normal(size=(number, length)), axis=1)


def test_peeking_at_ranges_of_one_look_rings_as_often_as_armitage_printed() -> None:
    apart_from_zero = np.abs(walks(200_000, 20)) > TWO_SIDED * np.sqrt(np.arange(1, 21))
    found = {f"false alarms at {nth} looks": float(apart_from_zero[:, :nth].any(axis=1).mean()) for nth in LOOKS}
    assert apart("repeated looks", found) == {}


def test_the_sequence_rings_at_most_as_often_as_promised_however_long_one_looks() -> None:
    length, tuned = 2_000, tuned_for(100)
    bound = np.array([boundary(nth, tuned) * nth**0.5 for nth in range(1, length + 1)])
    rings = float((np.abs(walks(4_000, length)) > bound).any(axis=1).mean())
    assert 0.02 < rings <= 0.05


def test_the_bound_is_that_of_waudby_smith_and_others() -> None:
    """Their form: ``sqrt(2 (t r^2 + 1) / (t r)^2 log(sqrt(t r^2 + 1) / alarm))``."""
    tuned, alarm = tuned_for(40), 0.05
    rho = 1 / sqrt(tuned)
    assert rho == pytest.approx(sqrt((-2 * log(alarm) + log(-2 * log(alarm) + 1)) / 40))
    for nth in (1, 7, 40, 4000):
        half = sqrt(2 * (nth * rho**2 + 1) / (nth * rho) ** 2 * log(sqrt(nth * rho**2 + 1) / alarm))
        assert boundary(nth, tuned) / sqrt(nth) == pytest.approx(half)


def test_the_mixture_of_normals_reaches_one_over_the_alarm_at_the_bound() -> None:
    """The likelihood of a sum against none, mixed over effects with the variance ``1 / r``, as an integral."""
    information, tuned = 30.0, tuned_for(50)
    total = boundary(information, tuned) * sqrt(information)
    effects = np.linspace(-4, 4, 200_001)
    likely = np.exp(effects * total - effects**2 * information / 2) * stats.norm.pdf(effects, scale=tuned**-0.5)
    assert float(np.trapezoid(likely, effects)) == pytest.approx(20.0, rel=1e-6)


def test_it_is_narrowest_nearly_where_it_was_tuned() -> None:
    best = optimize.minimize_scalar(lambda at: boundary(100.0, exp(at)), bounds=(-5, 10), method="bounded")
    assert boundary(100.0, tuned_for(100)) <= 1.001 * float(best.fun)


def test_few_partners_widen_it() -> None:
    assert critical_with(inf, 3.0) == 3.0
    assert critical_with(18, 3.0) == pytest.approx(stats.t.isf(stats.norm.sf(3.0), 18))
