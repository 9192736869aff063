"""Models of buying, spending and renewing: as printed, and in worlds of which the truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from swingby.insight.numerics.lifetimes import (
    Buyers,
    Buying,
    Renewing,
    fit_buying,
    fit_renewing,
    fit_spending,
)
from swingby.insight.numerics.likelihood import NoTopError
from tests.insight.published import DATA, apart, figures

#: How many of a thousand customers left at each renewal of the first seven years, and how many stayed; two segments.
LEFT, STAYED = [369, 163, 86, 56, 37, 27, 21], 241
LEFT_HIGH, STAYED_HIGH = [131, 126, 90, 60, 42, 34, 26], 491


def test_models_are_as_printed() -> None:
    repeats, recency, age, amount = np.genfromtxt(
        DATA / "cdnow_summary.csv.gz", delimiter=",", skip_header=1, unpack=True
    )
    buying = fit_buying(Buyers(repeats, recency, age))
    spending, known = fit_spending(repeats, amount), repeats > 0
    renewing = fit_renewing(np.array(LEFT), STAYED)
    customer = Buyers(np.array([2.0]), np.array([30.43]), np.array([38.86]))
    found = {
        "buying r": buying.r,
        "buying alpha": buying.alpha,
        "buying a": buying.a,
        "buying b": buying.b,
        "buying likelihood": buying.likelihood,
        "customer: purchases in 39 weeks": float(buying.expected(customer, 39)[0]),
        "customer: still buys": float(buying.alive(customer)[0]),
        "spending p": spending.p,
        "spending q": spending.q,
        "spending v": spending.v,
        "spending customers": float(known.sum()),
        "spending mean": spending.mean,
        "often and large": float(np.corrcoef(repeats[known], amount[known])[0, 1]),
        "renewing alpha": renewing.alpha,
        "renewing beta": renewing.beta,
    }
    found |= {f"renewing year {year}": float(renewing.still_there(np.array([year]))[0]) * 100 for year in range(8, 13)}
    assert (apart("lifetimes", found), len(figures("lifetimes"))) == ({}, 20)


def test_renewals_are_as_printed() -> None:
    renewing = fit_renewing(np.array(LEFT_HIGH), STAYED_HIGH)
    found = {"alpha": renewing.alpha, "beta": renewing.beta}
    found |= {f"year {year}": float(renewing.still_there(np.array([year]))[0]) * 100 for year in range(8, 13)}
    found["terms ever after"] = float(renewing.residual(np.array([7.0]), 0.1)[0])
    assert apart("renewing", found) == {}


def test_those_who_came_later_count_until_they_were_looked_at_last() -> None:
    random = np.random.default_rng(8)
    chances = random.beta(0.8, 2.0, 6000)
    left_at, looked = random.geometric(chances), random.integers(1, 7, 6000)
    gone = left_at <= looked
    left = np.bincount(left_at[gone], minlength=7)[1:]
    stayed = np.bincount(looked[~gone], minlength=7)[1:]
    renewing = fit_renewing(left, stayed)
    # Six thousand are known to about 2 %: the mean chance is 2.8 / 0.8.
    assert renewing.alpha / (renewing.alpha + renewing.beta) == pytest.approx(0.8 / 2.8, rel=0.06)
    assert renewing.alpha == pytest.approx(0.8, rel=0.15)


def test_terms_ever_after_are_what_adding_them_up_gives() -> None:
    renewing = Renewing(0.7, 1.2)
    nth = np.arange(3.0, 600)
    terms = renewing.still_there(nth + 1) / renewing.still_there(np.array([3.0])) / 1.1 ** (nth - 3)
    assert renewing.residual(np.array([3.0]), 0.1)[0] == pytest.approx(terms.sum())


def test_somebody_new_buys_as_in_worlds_of_the_model() -> None:
    buyers, _ = drawn(np.random.default_rng(14), 4000, 60, 1)
    model = Buying(1.5, 6, 1.000001, 3.0, 0.0)
    assert model.expected_of_new(60) == pytest.approx(buyers.repeats.mean(), rel=0.06)
    assert model.expected_of_new(0) == pytest.approx(0)


def drawn(random: np.random.Generator, number: int, weeks: float, ahead: float) -> tuple[Buyers, float]:
    """Buyers of a BG/NBD world until today, and how many purchases they then make in the time ahead."""
    rates, chances = random.gamma(1.5, 1 / 6, number), random.beta(1.0, 3.0, number)
    history, later = np.zeros((number, 2)), 0
    for nth, (rate, chance) in enumerate(zip(rates, chances, strict=True)):
        time = 0.0
        while True:
            time += random.exponential(1 / rate)
            if time >= weeks + ahead:
                break
            if time < weeks:
                history[nth] += 1, 0
                history[nth, 1] = time
            else:
                later += 1
            if random.random() < chance:
                break
    return Buyers(history[:, 0], history[:, 1], np.full(number, weeks)), float(later)


def test_what_is_to_be_expected_comes_in_worlds_of_the_model() -> None:
    buyers, came = drawn(np.random.default_rng(11), 2000, 60, 40)
    buying = fit_buying(buyers)
    # Two thousand buyers: the number that comes varies by about 3 %, the fit as much again.
    assert float(buying.expected(buyers, 40).sum()) == pytest.approx(came, rel=0.12)
    assert (buying.alive(buyers)[buyers.repeats == 0] == 1).all()


def test_a_longer_look_ahead_brings_more_and_nothing_brings_nothing() -> None:
    buyers, _ = drawn(np.random.default_rng(12), 300, 60, 1)
    buying = fit_buying(buyers)
    ahead = [float(buying.expected(buyers, weeks).sum()) for weeks in (0, 1, 10, 100)]
    assert ahead[0] == pytest.approx(0)
    assert ahead == sorted(ahead)


def test_what_one_spends_is_drawn_towards_what_all_spend() -> None:
    random = np.random.default_rng(13)
    repeats = random.integers(1, 20, 800).astype(np.float64)
    means = 15.0 * 6 / random.gamma(4.0, 1.0, 800)
    amounts = random.gamma(6 * repeats) / (6 * repeats) * means
    spending = fit_spending(repeats, amounts)
    assert spending.mean == pytest.approx(means.mean(), rel=0.1)
    some = np.array([1.0, 10.0])
    near, far = abs(spending.expected(some, np.array([100.0, 100.0])) - spending.mean)
    assert near < far < 100 - spending.mean
    assert spending.expected(np.array([0.0]), np.array([0.0]))[0] == spending.mean


def test_everybody_is_there_before_the_first_renewal() -> None:
    shares = Renewing(0.7, 1.2).still_there(np.arange(4.0))
    assert shares[0] == 1
    assert (np.diff(shares) < 0).all()


def test_what_has_no_top_is_refused() -> None:
    with pytest.raises(NoTopError):
        fit_renewing(np.array([0, 0, 0]), 100)
    with pytest.raises(NoTopError):
        fit_spending(np.full(50, 3.0), np.full(50, 10.0))
