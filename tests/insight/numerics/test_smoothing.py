"""Smoothing against printed figures and other implementations."""

from __future__ import annotations

import numpy as np

from swingby.insight.numerics.arrays import Floats
from swingby.insight.numerics.smoothing import (
    croston,
    decompose,
    fit_holt_winters,
    is_seasonal,
    seasonal_naive,
    teunter,
    theta,
)
from tests.insight.published import DATA, apart

LUMPY = np.array([[0, 0, 3, 0, 0, 0, 5, 0, 2, 0, 0, 0, 0, 4, 0, 0, 1, 0, 0, 6, 0, 0, 0, 0]], np.float64)
PRINTED = np.array([[0.27559247, 0.03269295, 0.87072922]])


def passengers() -> Floats:
    """Passengers of airlines by month, 1949 to 1960 (Box and Jenkins 1976)."""
    return np.genfromtxt(DATA / "air_passengers.csv", skip_header=1)[None]


def scaled_error(forecast: Floats, series: Floats, size: int) -> float:
    """The error of the last periods, relative to that of a year before in the others (Hyndman and Koehler 2006)."""
    known, came = series[:, :-size], series[:, -size:]
    return float(np.abs(forecast - came).mean() / np.abs(known[:, 12:] - known[:, :-12]).mean())


def test_with_printed_weights_the_end_is_as_printed() -> None:
    found = fit_holt_winters(passengers(), 12, multiplied=True, weights=PRINTED)
    seasons = {f"season {nth}": float(one) for nth, one in enumerate(found.seasons[0], start=1)}
    assert apart("air at the end", {"level": float(found.level[0]), "trend": float(found.trend[0]), **seasons}) == {}


def test_weights_are_found_again() -> None:
    found: dict[str, float] = {}
    for kind, multiplied in (("factors", True), ("summands", False)):
        fitted = fit_holt_winters(passengers(), 12, multiplied=multiplied)
        weights = zip(("alpha", "beta", "gamma"), fitted.weights[0].tolist(), strict=True)
        found |= {f"{name} with {kind}": weight for name, weight in weights}
    assert apart("air weights", found) == {}


def test_no_weights_are_better_than_those_found() -> None:
    best, printed = (fit_holt_winters(passengers(), 12, multiplied=True, weights=one) for one in (None, PRINTED))
    assert best.error[0] <= printed.error[0]


def test_errors_of_two_years_are_those_measured_before() -> None:
    series = passengers()
    plain, damped = (
        fit_holt_winters(series[:, :-24], 12, multiplied=True, damping=one).ahead(24) for one in (1.0, 0.98)
    )
    found = {
        "the same months a year before": scaled_error(seasonal_naive(series[:, :-24], 12, 24), series, 24),
        "Holt and Winters": scaled_error(plain, series, 24),
        "Holt and Winters damped by 0.98": scaled_error(damped, series, 24),
    }
    assert apart("air scaled errors", found) == {}


def test_theta_is_that_of_another_implementation() -> None:
    ahead = theta(passengers(), 12, 6)[0].tolist()
    assert apart("air theta", {f"month {nth}": value for nth, value in enumerate(ahead, start=1)}) == {}


def test_theta_drifts_by_half_the_slope() -> None:
    line = 5 + 3 * np.arange(40.0)[None]
    assert np.diff(theta(line, 12, 5)[0]).round(9).tolist() == [1.5] * 4


def test_methods_for_empty_periods_are_those_of_another_implementation() -> None:
    corrected, likely = float(croston(LUMPY, 1)[0, 0]), float(teunter(LUMPY, 1)[0, 0])
    found = {"Croston": corrected / 0.95, "Syntetos and Boylan": corrected, "Teunter Syntetos and Babai": likely}
    assert apart("lumpy", found) == {}


def test_only_one_of_them_falls_while_nothing_comes() -> None:
    longer = np.concatenate([LUMPY, np.zeros((1, 12))], axis=1)
    assert croston(longer, 1)[0, 0] == croston(LUMPY, 1)[0, 0]
    assert teunter(longer, 1)[0, 0] < 0.3 * teunter(LUMPY, 1)[0, 0]


def test_nothing_is_forecast_from_nothing() -> None:
    nothing = np.zeros((2, 30))
    assert [one.tolist() for one in (croston(nothing, 2), teunter(nothing, 2), theta(nothing, 12, 2))] == [
        [[0.0] * 2] * 2
    ] * 3


def test_seasons_that_never_change_are_found_whole() -> None:
    seasons = np.array([0.5, 1.0, 1.5, 1.0])
    _, found = decompose(np.tile(8 * seasons, 4)[None], 4, multiplied=True)
    fitted = fit_holt_winters(np.tile(8 * seasons, 4)[None], 4, multiplied=True)
    assert found[0].round(12).tolist() == seasons.tolist()
    assert fitted.ahead(6)[0].round(6).tolist() == [4, 8, 12, 8, 4, 8]


def test_series_are_fitted_one_as_the_other() -> None:
    series = np.concatenate([passengers(), passengers()[:, ::-1], 2 * passengers()])
    together = fit_holt_winters(series, 12, multiplied=True).ahead(3)
    alone = np.concatenate([fit_holt_winters(one[None], 12, multiplied=True).ahead(3) for one in series])
    assert np.abs(together / alone - 1).max() < 1e-12
    assert is_seasonal(series, 12).tolist() == [True] * 3


def test_noise_has_no_seasons() -> None:
    noise = np.random.default_rng(3).normal(100, 10, (400, 48))
    assert is_seasonal(noise, 12).mean() < 0.1
