"""How often the truth is held, in worlds in which partners have the deals that anybody wins more often."""

from __future__ import annotations

from secrets import randbelow

import numpy as np
from scipy.stats import binom

from swingby.insight import Verdict
from tests.insight.anyway.worlds import HELPS, NOTHING, World, studied

WORLDS = 40


def test_the_plain_difference_is_wrong_and_the_matched_one_right() -> None:
    """Seeds are new each time. The plain one is ten points too high; a mean of forty matched ones has an error of half a point."""
    seed = randbelow(10**6)
    found = [studied(HELPS, seed + nth) for nth in range(WORLDS)]
    assert np.mean([study.plain.value - truth for study, truth, _ in found]) > 0.07, seed
    assert abs(np.mean([study.matched.value - truth for study, truth, _ in found])) < 0.02, seed
    held = sum(study.matched.range.low <= truth <= study.matched.range.high for study, truth, _ in found)
    assert held >= binom.ppf(0.001, WORLDS, 0.92), seed
    suggested = sum(verdict is Verdict.SUGGESTED for _, _, verdict in found)
    assert suggested >= binom.ppf(0.001, WORLDS, 0.8), seed


def test_where_partners_add_nothing_nearly_nothing_is_suggested() -> None:
    """Measured: 5.5 of 100 (docs); more than the bound happens once in a thousand; the plain difference excludes zero nearly always."""
    seed = randbelow(10**6)
    found = [studied(NOTHING, seed + nth) for nth in range(WORLDS)]
    assert not [verdict for _, _, verdict in found if verdict is Verdict.SHOWN]
    suggested = sum(verdict is Verdict.SUGGESTED for _, _, verdict in found)
    assert suggested <= binom.ppf(0.999, WORLDS, 0.06), seed
    assert sum(study.plain.range.excludes_zero for study, _, _ in found) >= 0.8 * WORLDS, seed


def test_a_hidden_cause_fools_it_and_the_card_says_how_strong_it_would_have_to_be() -> None:
    """What is not recorded is not matched: so the verdict is never "shown", and the cause that would explain it is told."""
    study, truth, verdict = studied(World(hidden=0.8), 7)
    assert truth == 0
    assert verdict is Verdict.SUGGESTED
    assert 1 < study.unseen[1] < study.unseen[0] < 2.5
