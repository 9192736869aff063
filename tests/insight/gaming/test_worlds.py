"""How often signs are seen where nobody plays for a line, and where some do."""

from __future__ import annotations

from secrets import randbelow

from scipy.stats import binom

from swingby.insight import Verdict
from tests.insight.gaming.worlds import rates


def test_nobody_is_accused_where_nobody_plays() -> None:
    """Shown in at most one year in twenty, with seeds of its own each time; more than the bound happens once in a thousand."""
    seed = randbelow(10**6)
    found = rates(worlds=200, seed=seed)
    assert found.verdicts[Verdict.SHOWN] <= binom.ppf(0.999, found.worlds, 0.05), seed


def test_fifteen_that_play_are_seen() -> None:
    seed = randbelow(10**6)
    found = rates(worlds=60, seed=seed, players=15)
    assert found.verdicts[Verdict.SHOWN] >= binom.ppf(0.001, found.worlds, 0.9), seed
