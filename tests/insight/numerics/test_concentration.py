"""Measures of concentration, against figures measured elsewhere and closed forms."""

import gzip

import numpy as np
import pytest

from swingby.insight.numerics.arrays import Floats
from swingby.insight.numerics.concentration import concentration, concentration_ranges
from tests.insight.published import DATA, apart, figures


def pareto(shape: float, *, parts: int = 400_000) -> Floats:
    """What each of many equal parts of Pareto's distribution holds, from its Lorenz curve."""
    below = 1 - (1 - np.linspace(0, 1, parts + 1)) ** (1 - 1 / shape)
    return np.diff(below)


def test_the_figures_are_found_again() -> None:
    with gzip.open(DATA / "cdnow_totals.txt.gz", "rt") as file:
        customers = np.array([int(line) for line in file], np.float64) / 100
    found = concentration(customers)
    figures_found: dict[str, float] = {"CDNOW customers": found.partners, "CDNOW total": found.total}
    figures_found |= {f"CDNOW top {top} %": share for top, share in zip((1, 5, 10, 20), found.tops, strict=True)}
    figures_found |= {"CDNOW Gini": found.gini, "CDNOW effective number": found.effective}
    for shape, place, top in ((1.0480, 2, 10), (1.0174, 1, 5), (1.1610, 3, 20)):
        drawn = concentration(pareto(shape))
        figures_found |= {f"shape {shape:.4f}: top {top} %": drawn.tops[place], f"shape {shape:.4f}: Gini": drawn.gini}
    small = concentration(np.arange(1.0, 11.0))
    figures_found |= {"1 to 10: Gini": small.gini, "1 to 10: HHI": small.hhi}
    assert (apart("concentration", figures_found), len(figures("concentration"))) == ({}, 16)


def test_equal_partners_are_not_concentrated_and_one_is_wholly() -> None:
    equal, one = concentration(np.full(50, 3.0)), concentration(np.array([7.0, 0.0, 0.0, 0.0]))
    assert equal.tops == pytest.approx((0.01, 0.05, 0.1, 0.2))
    assert (equal.effective, equal.gini, equal.largest) == pytest.approx((50, 0, 0.02), abs=1e-12)
    assert (one.effective, one.gini, one.largest) == pytest.approx((1, 0.75, 1))


def test_partners_that_count_twice_are_two_partners() -> None:
    amounts, counts = np.array([5.0, 1.0, 3.0]), np.array([2.0, 1.0, 0.0])
    found, repeated = concentration(amounts, counts), concentration(np.array([5.0, 5.0, 1.0]))
    assert (found.partners, found.largest, found.hhi, found.gini) == pytest.approx(
        (repeated.partners, repeated.largest, repeated.hhi, repeated.gini)
    )


def test_partners_that_made_nothing_move_shares_of_partners_but_not_the_effective_number() -> None:
    active = np.array([8.0, 1.0, 1.0])
    everybody = np.concatenate([active, np.zeros(7)])
    assert concentration(active).effective == pytest.approx(concentration(everybody).effective)
    assert (concentration(active).tops[2], concentration(everybody).tops[2]) == pytest.approx((0.24, 0.8))


@pytest.mark.parametrize("amounts", [[0.0, 0.0], [1.0, -1.0]])
def test_what_has_no_shares_is_refused(amounts: list[float]) -> None:
    with pytest.raises(ValueError, match="below zero, nor all zero"):
        concentration(np.array(amounts))


def test_ranges_hold_what_was_measured_and_repeat_with_the_seed() -> None:
    amounts = np.random.default_rng(2).lognormal(0, 1.2, 300)
    found = concentration_ranges(amounts, draws=200, seed=1)
    assert all(one.low < one.value < one.high for one in found.values())
    assert found == concentration_ranges(amounts, draws=200, seed=1)
    assert list(found) == ["largest", "top 10 %", "making most", "effective", "gini"]
