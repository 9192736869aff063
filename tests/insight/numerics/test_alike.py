"""Groups that are weighed to be alike, against what others computed and printed."""

from __future__ import annotations

import numpy as np
import pytest

from swingby.insight.numerics.alike import apart, difference, distinct, odds_weights, unseen_cause
from swingby.insight.numerics.arrays import Floats, Truths
from swingby.insight.numerics.doubly_robust import NoOverlapError
from tests.insight.published import DATA
from tests.insight.published import apart as off


def births() -> tuple[Floats, Truths, Floats]:
    """Weight at birth, whether the mother smoked, and what is known of her."""
    rows = np.genfromtxt(DATA / "births.csv", delimiter=",", skip_header=1)
    return rows[:, 0], rows[:, 1] > 0, rows[:, 2:]


def test_births_come_out_as_others_print_them() -> None:
    """With a regression alone and with weights alone; both together lie between, as they should where both fit."""
    weight, smoked, traits = births()
    regression = difference(weight, smoked, traits, method="regression")
    weighting = difference(weight, smoked, traits, method="weighting")
    both = difference(weight, smoked, traits)
    found = {
        "regression": regression.value,
        "error of regression": regression.error,
        "weighting": weighting.value,
        "error of weighting": weighting.error,
    }
    assert off("births", found) == {}
    assert regression.value < both.value < weighting.value
    assert both.error == pytest.approx(weighting.error, rel=0.02)


def test_e_values_come_out_as_printed() -> None:
    assert off("unseen", {"passive feeding": unseen_cause(3.9), "less often": unseen_cause(0.8)}) == {}


def test_weighing_brings_groups_together() -> None:
    _, smoked, traits = births()
    before, after = apart(traits, smoked), apart(traits, smoked, odds_weights(smoked, traits))
    assert np.abs(before).max() > 0.5
    assert np.abs(after).max() < 0.05


def test_what_is_said_twice_counts_once() -> None:
    weight, smoked, traits = births()
    twice = np.column_stack([traits, 2 * traits[:, :1] + 1, traits.sum(axis=1)])
    assert distinct(twice, smoked).shape[1] == traits.shape[1]
    assert difference(weight, smoked, twice).value == pytest.approx(difference(weight, smoked, traits).value, abs=1e-6)


def test_cases_of_one_partner_are_one_case_for_the_error() -> None:
    """Every case written twice under one number changes nothing; as though they were apart, the error looks smaller."""
    weight, smoked, traits = births()
    place = np.tile(np.arange(len(weight)), 2)
    twice = weight[place], smoked[place], traits[place]
    once = difference(weight, smoked, traits)
    assert difference(*twice, place).error == pytest.approx(once.error, rel=1e-9)
    assert difference(*twice).error == pytest.approx(once.error / np.sqrt(2), rel=1e-9)


def test_groups_without_overlap_are_refused() -> None:
    treated = np.repeat([True, False], 50)
    with pytest.raises(NoOverlapError):
        difference(np.arange(100.0), treated, np.where(treated, 1.0, -1.0)[:, None] + np.linspace(0, 0.1, 100)[:, None])
