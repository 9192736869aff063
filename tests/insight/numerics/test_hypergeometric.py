"""The two functions behind models of lifetimes: beside scipy's, and by integrating where scipy has no number."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import hyp2f1

from swingby.insight.numerics.hypergeometric import _integral, fading, gauss


def test_it_is_scipys_where_scipy_has_a_number() -> None:
    b, c, z = np.array([0.3, 5.0, 200.0]), np.array([1.0, 5.5, 260.0]), np.array([0.2, 0.999, 0.9])
    assert gauss(b, c, z) == pytest.approx(hyp2f1(1, b, c, z))


@pytest.mark.parametrize(("b", "c", "z"), [(50.0, 52.0, 0.3), (80.0, 88.0, 0.8), (3000.0, 3100.0, 0.5)])
def test_the_integral_is_the_function(b: float, c: float, z: float) -> None:
    found = _integral(np.array([[b]]), np.array([[c]]), np.array([[z]]))
    assert found[0] == pytest.approx(hyp2f1(1, b, c, z), rel=1e-7)


def test_there_is_a_number_next_to_one() -> None:
    b, c, z = (np.array([one]) for one in (283.7299133113529, 290.2142343339023, 0.9999968077855328))
    assert np.isnan(hyp2f1(1, b, c, z))[0]
    # The sum of its series by a program with forty digits.
    assert gauss(b, c, z)[0] == pytest.approx(52.72408999140046, rel=1e-7)


@pytest.mark.parametrize("power", [0.01, 1.0, 9.9, 10.1, 150.0])
@pytest.mark.parametrize("rate", [0.01, 1.0, 30.0])
def test_what_fades_twice_is_its_integral(power: float, rate: float) -> None:
    whole, _ = quad(lambda t: np.exp(-rate * t) * (1 + t) ** -power, 0, np.inf, epsrel=1e-9, limit=400)
    assert fading(power, np.array([rate]))[0] == pytest.approx(whole, rel=1e-6)


def test_what_fades_by_a_high_power_has_a_number() -> None:
    assert fading(300.0, np.array([1e-4]))[0] == pytest.approx(1 / 299, rel=1e-5)
