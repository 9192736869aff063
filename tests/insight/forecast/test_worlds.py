"""How often a forecast is shown where nothing can beat the year before, and where something can."""

from __future__ import annotations

from secrets import randbelow

import pytest
from scipy.stats import binom

from swingby.insight import Verdict
from tests.insight.forecast.worlds import growing, hopeless, rates


@pytest.mark.long
def test_what_cannot_be_beaten_is_hardly_ever_shown() -> None:
    """At most one in twenty, with a seed of its own each time; more than the bound happens once in a thousand."""
    seed = randbelow(10**6)
    found = rates(hopeless, months=38, worlds=100, seed=seed)
    assert found.verdicts[Verdict.SHOWN] <= binom.ppf(0.999, found.worlds, 0.05), seed


@pytest.mark.long
def test_growth_is_mostly_shown_and_its_ranges_hold() -> None:
    seed = randbelow(10**6)
    found = rates(growing, months=38, worlds=100, seed=seed)
    assert found.verdicts[Verdict.SHOWN] >= binom.ppf(0.001, found.worlds, 0.5), seed
    assert found.held * found.worlds >= binom.ppf(0.001, found.worlds, found.level), seed
