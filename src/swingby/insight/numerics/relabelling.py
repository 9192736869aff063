"""How often lots alone would give as large an effect."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from swingby.insight.numerics.aggregating import aggregate
from swingby.insight.numerics.estimates import Estimate
from swingby.insight.numerics.group_time import Design, group_time_effects
from swingby.insight.numerics.panel import Panel


def probability_by_lot(panel: Panel, design: Design, effect: Estimate, *, draws: int, seed: int = 0) -> float:
    """Draw who began when again by lot, and count how often the ratio of effect to error is at least as large.

    Fisher's randomisation test with a studentised statistic, which holds its level in small samples (Wu and Ding 2021,
    "Randomization tests for weak null hypotheses", JASA 116).

    Parameters
    ----------
    panel, design, effect
        What was estimated, by wave.
    draws, seed
        The same seed gives the same probability.

    Returns
    -------
    float
        ``(1 + as large) / (1 + draws)``.
    """
    random = np.random.default_rng(seed)
    line = abs(effect.value) / effect.error if effect.error > 0 else np.inf
    larger = sum(_ratio(replace(panel, began=random.permutation(panel.began)), design) >= line for _ in range(draws))
    return (1 + larger) / (1 + draws)


def _ratio(panel: Panel, design: Design) -> float:
    effects = group_time_effects(panel, design)
    if not (effects.lag >= 0).any():
        return 0.0
    found = aggregate(effects, "by wave").overall
    return abs(found.value) / found.error if found.error > 0 else 0.0
