"""The Pareto/NBD model: as printed, by integrating what each would do, and in worlds of which the truth is known."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from swingby.insight.numerics.arrays import Floats
from swingby.insight.numerics.lifetimes import Buyers
from swingby.insight.numerics.pareto_nbd import ParetoNBD, fit_pareto_nbd
from tests.insight.published import DATA, apart

#: The 0.999 quantile of a chi-square with four degrees of freedom: twice how far the truth lies below the top.
UNLIKELY = 18.47


def one(repeats: float, recency: float, age: float) -> Buyers:
    return Buyers(np.array([repeats]), np.array([recency]), np.array([age]))


@cache
def cdnow() -> tuple[Buyers, ParetoNBD]:
    rows = np.genfromtxt(DATA / "cdnow_summary.csv.gz", delimiter=",", skip_header=1, unpack=True)
    buyers = Buyers(*rows[:3])
    return buyers, fit_pareto_nbd(buyers)


def test_the_model_is_as_printed() -> None:
    buyers, model = cdnow()
    often, ahead = one(26, 30.86, 31), model.expected(buyers, 39)
    found = {
        "r": model.r,
        "alpha": model.alpha,
        "s": model.s,
        "beta": model.beta,
        "likelihood": model.likelihood,
        "likelihood of the demo": model.likelihood,
        "somebody new: purchases in 52 weeks": model.expected_of_new(52),
        "customer 1516: purchases in 52 weeks": float(model.expected(often, 52)[0]),
        "customer 1516: still buys": float(model.alive(often)[0]),
    }
    found |= {f"purchases in 39 weeks after {n}": float(ahead[buyers.repeats == n].mean()) for n in range(6)}
    assert apart("pareto_nbd", found) == {}


def mixed(model: ParetoNBD, buyers: Buyers, each: Callable[[Floats, Floats], Floats]) -> float:
    """What one with a rate of buying and one of being lost does and is worth, integrated over both gamma distributions."""
    logs = np.arange(-60, 9, 0.1)
    rates = np.exp(logs)
    buying, losing = rates[:, None], rates[None, :]
    weight = (
        np.exp(model.r * logs - rates * model.alpha)[:, None] * np.exp(model.s * logs - rates * model.beta)[None, :]
    )
    return float((weight * buying ** buyers.repeats[0] * each(buying, losing)).sum() * 0.1**2) * _scale(model)


def _scale(model: ParetoNBD) -> float:
    from scipy.special import gamma

    return float(model.alpha**model.r / gamma(model.r) * model.beta**model.s / gamma(model.s))


MODELS = [
    ParetoNBD(0.55, 10.6, 0.61, 11.7),
    ParetoNBD(1.3, 4, 0.9, 12),
    ParetoNBD(0.8, 20, 1, 5),
    ParetoNBD(2, 7, 3, 7),
]
DONE = [(0, 0, 39), (1, 2, 39), (5, 30, 39), (12, 39, 39)]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("done", DONE)
def test_it_is_what_integrating_over_everybody_gives(model: ParetoNBD, done: tuple[float, float, float]) -> None:
    buyers, ahead, discount = one(*done), 26.0, 0.003
    _, recency, age = done

    def there(buying: Floats, losing: Floats) -> Floats:
        return np.asarray(np.exp(-(buying + losing) * age))

    def did(buying: Floats, losing: Floats) -> Floats:
        lost = np.exp(-(buying + losing) * recency) - there(buying, losing)
        return np.asarray(there(buying, losing) + losing / (buying + losing) * lost)

    def later(buying: Floats, losing: Floats) -> Floats:
        return np.asarray(there(buying, losing) * buying / losing * -np.expm1(-losing * ahead))

    def ever(buying: Floats, losing: Floats) -> Floats:
        return np.asarray(there(buying, losing) * buying / (losing + discount))

    whole = mixed(model, buyers, did)
    assert model.log_likelihood(buyers)[0] == pytest.approx(np.log(whole), rel=1e-7)
    assert model.alive(buyers)[0] == pytest.approx(mixed(model, buyers, there) / whole, rel=1e-6)
    assert model.expected(buyers, ahead)[0] == pytest.approx(mixed(model, buyers, later) / whole, rel=1e-6)
    assert model.residual(buyers, discount)[0] == pytest.approx(mixed(model, buyers, ever) / whole, rel=1e-6)


def test_both_branches_meet_where_alpha_is_beta() -> None:
    buyers = Buyers(np.array([0.0, 3.0, 40.0]), np.array([0.0, 20.0, 39.0]), np.full(3, 39.0))
    below, at, above = (ParetoNBD(0.6, 10 + step, 0.7, 10).log_likelihood(buyers) for step in (-1e-7, 0.0, 1e-7))
    assert below == pytest.approx(at, rel=1e-7)
    assert above == pytest.approx(at, rel=1e-7)


def test_no_number_is_too_large_or_too_small() -> None:
    buyers = Buyers(np.array([0.0, 3000.0, 500.0]), np.array([0.0, 1.0, 37.0]), np.full(3, 37.0))
    for r, alpha, s, beta in np.exp(np.random.default_rng(3).uniform(-8, 8, (40, 4))):
        model = ParetoNBD(r, alpha, s, beta)
        assert np.isfinite(model.log_likelihood(buyers)).all()
        assert np.isfinite(model.residual(buyers, 0.002)).all()
        assert ((model.alive(buyers) >= 0) & (model.alive(buyers) <= 1)).all()


def drawn(random: np.random.Generator, model: ParetoNBD, number: int, age: float, ahead: float) -> tuple[Buyers, int]:
    """Buyers of a world of the model until today, and how many purchases they then make in the time ahead."""
    rates = random.gamma(model.r, 1 / model.alpha, number)
    lives = random.exponential(1 / random.gamma(model.s, 1 / model.beta, number))
    before, whole = np.minimum(lives, age), np.minimum(lives, age + ahead)
    repeats = random.poisson(rates * before).astype(np.float64)
    latest = before * random.uniform(size=number) ** (1 / np.maximum(repeats, 1))
    later = int(random.poisson(rates * (whole - before)).sum())
    return Buyers(repeats, np.where(repeats > 0, latest, 0.0), np.full(number, age)), later


@pytest.mark.parametrize("truth", [ParetoNBD(0.9, 8, 0.7, 20), ParetoNBD(2, 30, 1.5, 25)])
def test_a_world_is_recovered_and_what_is_to_be_expected_comes(truth: ParetoNBD) -> None:
    buyers, came = drawn(np.random.default_rng(17), truth, 1500, 60, 40)
    model = fit_pareto_nbd(buyers)
    assert 0 <= 2 * (model.likelihood - truth.log_likelihood(buyers).sum()) < UNLIKELY
    assert truth.expected(buyers, 40).sum() == pytest.approx(came, rel=0.08)
    assert model.expected(buyers, 40).sum() == pytest.approx(came, rel=0.12)
    assert model.expected_of_new(0) == 0
