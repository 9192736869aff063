"""The BG/BB model: as printed, by integrating what each would do, and in worlds of which the truth is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from swingby.insight.numerics.arrays import Floats, Integers
from swingby.insight.numerics.bg_bb import BGBB, fit_bg_bb
from swingby.insight.numerics.lifetimes import Buyers
from tests.insight.published import DATA, apart

#: The 0.999 quantile of a chi-square with four degrees of freedom: twice how far the truth lies below the top.
UNLIKELY = 18.47


def one(repeats: float, recency: float, age: float) -> Buyers:
    return Buyers(np.array([float(repeats)]), np.array([float(recency)]), np.array([float(age)]))


def donors() -> tuple[Buyers, Integers]:
    rows = np.genfromtxt(DATA / "donations.csv", delimiter=",", skip_header=1, unpack=True)
    return Buyers(*rows[:3]), rows[3].astype(np.int64)


def test_the_model_is_as_printed() -> None:
    buyers, counts = donors()
    model = fit_bg_bb(buyers.again(counts))
    shares = np.exp(model.log_likelihood(buyers)) * counts.sum()
    found = {
        "alpha": model.alpha,
        "beta": model.beta,
        "gamma": model.gamma,
        "delta": model.delta,
        "likelihood": model.likelihood,
        "donors that gave never again": float(shares[0]),
        "donors that gave every year": float(shares[-1]),
        "gifts in 2002 to 2006": float(counts @ model.expected(buyers, 5)),
    }
    cells = [(0, 0), *((1, year) for year in range(1, 7)), (6, 6)]
    found |= {f"gifts expected after {x} until year {t}": float(model.expected(one(x, t, 6), 5)[0]) for x, t in cells}
    cells = [(0, 0), (2, 4), (6, 6)]
    found |= {f"still there after {x} until year {t}": float(model.alive(one(x, t, 6))[0]) for x, t in cells}
    found["gifts in 10 years after none"] = float(model.expected(one(0, 0, 6), 10)[0])
    found["gifts in 10 years after 4 until year 5"] = float(model.expected(one(4, 5, 6), 10)[0])
    assert apart("bg_bb", found) == {}


def mixed(model: BGBB, each: Callable[[Floats, Floats], Floats]) -> float:
    """What one with a chance to buy and one to be lost does and is worth, integrated over both beta distributions."""
    from scipy.special import beta, expit

    logits = np.arange(-60, 60, 0.1)
    chances, others = expit(logits), expit(-logits)
    buying = chances**model.alpha * others**model.beta / beta(model.alpha, model.beta)
    losing = chances**model.gamma * others**model.delta / beta(model.gamma, model.delta)
    return float((buying[:, None] * losing[None, :] * each(chances[:, None], chances[None, :])).sum() * 0.1**2)


MODELS = [BGBB(1.2, 0.75, 0.66, 2.78), BGBB(0.5, 3, 1, 4), BGBB(2, 2, 2.5, 1)]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("done", [(0, 0, 6), (2, 3, 6), (3, 6, 6), (1, 1, 9)])
def test_it_is_what_integrating_over_everybody_gives(model: BGBB, done: tuple[int, int, int]) -> None:
    (x, last, age), discount = done, 0.1
    buyers = one(*done)

    def there(buy: Floats, lose: Floats) -> Floats:
        return np.asarray(buy**x * (1 - buy) ** (age - x) * (1 - lose) ** age)

    def did(buy: Floats, lose: Floats) -> Floats:
        gone = (buy**x * (1 - buy) ** (met - x) * lose * (1 - lose) ** met for met in range(last, age))
        return np.asarray(there(buy, lose) + sum(gone))

    def later(buy: Floats, lose: Floats) -> Floats:
        return np.asarray(there(buy, lose) * sum(buy * (1 - lose) ** nth for nth in range(1, 6)))

    def ever(buy: Floats, lose: Floats) -> Floats:
        kept = (1 - lose) / (1 + discount)
        return np.asarray(there(buy, lose) * buy * kept / (1 - kept))

    whole = mixed(model, did)
    assert model.log_likelihood(buyers)[0] == pytest.approx(np.log(whole), rel=1e-7)
    next_one = mixed(model, lambda buy, lose: there(buy, lose) * (1 - lose)) / whole
    assert model.alive(buyers)[0] == pytest.approx(next_one, rel=1e-6)
    assert model.expected(buyers, 5)[0] == pytest.approx(mixed(model, later) / whole, rel=1e-6)
    assert model.residual(buyers, discount)[0] == pytest.approx(mixed(model, ever) / whole, rel=1e-6)


@pytest.mark.parametrize("model", MODELS)
def test_all_that_can_be_done_adds_up_to_one(model: BGBB) -> None:
    from math import comb

    cells = [(x, last) for last in range(8) for x in range(last + 1) if (x == 0) == (last == 0)]
    ways = np.array([comb(last - 1, x - 1) if x else 1 for x, last in cells], np.float64)
    buyers = Buyers(*(np.array(part, np.float64) for part in (*zip(*cells, strict=True), [7] * len(cells))))
    shares = ways * np.exp(model.log_likelihood(buyers))
    assert shares.sum() == pytest.approx(1)
    assert shares @ buyers.repeats == pytest.approx(model.expected_of_new(7))


def test_a_part_of_an_opportunity_counts_for_its_part() -> None:
    model, buyers = MODELS[0], one(2, 4, 6)
    two, half, three = (model.expected(buyers, ahead)[0] for ahead in (2, 2.5, 3))
    assert half == pytest.approx((two + three) / 2)
    assert model.expected(buyers, 0)[0] == 0


def drawn(random: np.random.Generator, model: BGBB, number: int, ahead: int) -> tuple[Buyers, int]:
    """Buyers of a world of the model with 4 to 10 opportunities until today, and how many they then take."""
    age = random.integers(4, 11, number)
    chance = random.beta(model.alpha, model.beta, number)[:, None]
    lives = random.geometric(random.beta(model.gamma, model.delta, number))[:, None] - 1
    nth = np.arange(1, 11 + ahead)
    bought = (random.uniform(size=(number, len(nth))) < chance) & (nth <= lives)
    past, later = nth <= age[:, None], (nth > age[:, None]) & (nth <= age[:, None] + ahead)
    last = np.where(bought & past, nth, 0).max(axis=1)
    return Buyers(*(one.astype(np.float64) for one in ((bought & past).sum(axis=1), last, age))), int(
        (bought & later).sum()
    )


@pytest.mark.parametrize("truth", [BGBB(1.2, 0.75, 0.66, 2.78), BGBB(2, 6, 1.5, 12)])
def test_a_world_is_recovered_and_what_is_to_be_expected_comes(truth: BGBB) -> None:
    buyers, came = drawn(np.random.default_rng(5), truth, 3000, 4)
    model = fit_bg_bb(buyers)
    assert 0 <= 2 * (model.likelihood - truth.log_likelihood(buyers).sum()) < UNLIKELY
    assert truth.expected(buyers, 4).sum() == pytest.approx(came, rel=0.05)
    assert model.expected(buyers, 4).sum() == pytest.approx(came, rel=0.08)
