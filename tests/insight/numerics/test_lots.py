"""Comparisons by lot, against printed figures and by hand."""

import numpy as np
import pytest
from scipy import stats

from swingby.insight.numerics.arrays import Floats
from swingby.insight.numerics.lots import difference_by_lot, difference_of_shares, effect_of_doing
from tests.insight.published import apart, figures

#: Sizes, means and standard deviations of the published samples: all that a difference of means rests on.
LALONDE = ((297, 5976.352032727273, 6923.79642675562), (425, 5090.048302023529, 5718.088762531697))
DEHEJIA_WAHBA = ((185, 6349.143530270271, 7867.402217734687), (260, 4554.801126, 5483.8359913723225))
CALL_BACKS = ((235, 157), (2435, 2435))


def sample(sides: tuple[tuple[int, float, float], ...]) -> tuple[Floats, np.ndarray]:
    """Numbers with exactly these sizes, means and standard deviations."""
    outcome = []
    for count, mean, spread in sides:
        drawn = np.random.default_rng(count).normal(size=count)
        outcome.append(mean + spread * (drawn - drawn.mean()) / drawn.std(ddof=1))
    return np.concatenate(outcome), np.repeat([True, False], [side[0] for side in sides])


def test_the_printed_figures_are_found_again() -> None:
    found: dict[str, float] = {}
    for name, sides in (("LaLonde", LALONDE), ("Dehejia and Wahba", DEHEJIA_WAHBA)):
        outcome, invited = sample(sides)
        compared = difference_by_lot(outcome, invited, equal_spread=True)
        found |= {f"{name} difference": compared.difference.value, f"{name} error": compared.error}
    hits, of = CALL_BACKS
    found |= {"call-backs of the first group": hits[0] / of[0], "call-backs of the second group": hits[1] / of[1]}
    for hits, of in (((56, 48), (70, 80)), ((9, 3), (10, 10))):
        shares = difference_of_shares(hits, of)
        name = f"{hits[0]} of {of[0]} against {hits[1]} of {of[1]}"
        found |= {f"{name}: low": shares.low, f"{name}: high": shares.high}
    assert (apart("lots", found), len(figures("lots"))) == ({}, 10)


def test_one_round_is_welchs_comparison() -> None:
    outcome, invited = sample(DEHEJIA_WAHBA)
    found = difference_by_lot(outcome, invited)
    welch = stats.ttest_ind(outcome[invited], outcome[~invited], equal_var=False)
    interval = welch.confidence_interval(0.95)
    assert (found.difference.low, found.difference.high) == pytest.approx((interval.low, interval.high), rel=1e-9)
    assert (found.freedom, found.invited, found.waiting) == (pytest.approx(welch.df), 185, 260)


def test_rounds_are_compared_each_by_itself() -> None:
    outcome = np.array([1.0, 3, 0, 2, 11, 13, 15, 10, 12, 14])
    invited = np.array([1, 1, 0, 0, 1, 1, 1, 0, 0, 0], bool)
    rounds = np.array([1] * 4 + [2] * 6)
    found = difference_by_lot(outcome, invited, rounds=rounds)
    assert found.difference.value == pytest.approx(1.0)
    assert found.error**2 == pytest.approx(0.4**2 * (2 / 2 + 2 / 2) + 0.6**2 * (4 / 3 + 4 / 3))
    assert difference_by_lot(outcome, invited).difference.value == pytest.approx(8.6 - 7.6)


def test_a_round_with_one_partner_on_a_side_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="fewer than two"):
        difference_by_lot(np.arange(3.0), np.array([True, False, False]))


def test_where_all_did_what_they_were_invited_to_both_effects_are_one() -> None:
    outcome, invited = sample(DEHEJIA_WAHBA)
    whole, doing = difference_by_lot(outcome, invited), effect_of_doing(outcome, invited, invited)
    assert doing is not None
    assert doing.value == pytest.approx(whole.difference.value)
    assert (doing.low, doing.high) == pytest.approx((whole.difference.low, whole.difference.high), rel=1e-9)


def test_the_ends_of_the_range_of_doing_are_effects_that_the_lot_just_does_not_contradict() -> None:
    random = np.random.default_rng(5)
    invited = random.random(300) < 0.5
    did = random.random(300) < np.where(invited, 0.6, 0.1)
    outcome = random.normal(size=300) + 0.8 * did
    doing = effect_of_doing(outcome, did, invited)
    assert doing is not None
    assert doing.low < 0.8 < doing.high
    for end in (doing.low, doing.high):
        left = difference_by_lot(outcome - end * did, invited)
        # Both take the quantile of slightly different degrees of freedom.
        assert abs(left.difference.value) / left.error == pytest.approx(1.968, abs=0.002)


def test_an_invitation_that_moved_nobody_says_nothing_of_doing() -> None:
    random = np.random.default_rng(6)
    invited = np.arange(200) % 2 == 0
    assert effect_of_doing(random.normal(size=200), random.random(200) < 0.3, invited) is None


def test_the_study_groups_of_the_example() -> None:
    found = difference_of_shares((50, 30), (96, 96))
    assert [round(one * 100) for one in (found.value, found.low, found.high)] == [21, 7, 34]
