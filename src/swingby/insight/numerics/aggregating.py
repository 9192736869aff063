"""The four aggregations of Callaway and Sant'Anna (2021, section 3): their table 1, with the weights estimated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from swingby.insight.numerics.arrays import Floats, Integers, Truths
from swingby.insight.numerics.estimates import Estimate, Estimates, by_cluster
from swingby.insight.numerics.group_time import GroupTimeEffects

Kind = Literal["simple", "by lag", "by wave", "by period"]


@dataclass(frozen=True, slots=True)
class Aggregated:
    """One overall effect, and the effects that it is made of."""

    overall: Estimate
    parts: Estimates


def aggregate(effects: GroupTimeEffects, kind: Kind) -> Aggregated:
    """Aggregate the effects of waves and periods.

    Parameters
    ----------
    effects
        At least one of a period in which its wave had begun.
    kind
        ``simple`` weighs every such effect by the size of its wave; ``by lag``, ``by wave`` and ``by period`` do so
        within a lag, a wave or a period, and the overall effect is the mean over lags from 0 on, over waves by size, or
        over periods.

    Returns
    -------
    Aggregated
        Influence of clusters if the panel has them.
    """
    match kind:
        case "simple":
            parts = _parts(effects, effects.wave * 0, effects.lag >= 0)
            return Aggregated(parts.combined(np.ones(1)), parts)
        case "by lag":
            parts = _parts(effects, effects.lag, np.ones(len(effects.lag), bool))
            after = (parts.at >= 0).astype(float)
            return Aggregated(parts.combined(after / after.sum()), parts)
        case "by period":
            parts = _parts(effects, effects.period, effects.lag >= 0)
            return Aggregated(parts.combined(np.full(len(parts.at), 1 / len(parts.at))), parts)
        case "by wave":
            parts = _parts(effects, effects.wave, effects.lag >= 0)
            return Aggregated(_over_waves(effects, parts), parts)


def _parts(effects: GroupTimeEffects, at: Integers, chosen: Truths) -> Estimates:
    """The effects for each value of ``at``, weighed by the size of their waves."""
    labels, place = np.unique(at[chosen], return_inverse=True)
    places = np.flatnonzero(chosen)
    shares = np.array([effects.panel.share_of(int(wave)) for wave in effects.wave[places]])
    total = np.bincount(place, shares)
    weights = np.zeros((len(effects.values), len(labels)))
    weights[places, place] = shares / total[place]
    values = effects.values @ weights
    moved = (effects.values[places] - values[place]) / total[place]
    influence = effects.influence @ weights
    influence += _of_sizes(effects, effects.wave[places], place, moved)
    return Estimates(labels, values, by_cluster(influence, effects.panel.clusters))


def _of_sizes(effects: GroupTimeEffects, waves: Integers, place: Integers, moved: Floats) -> Floats:
    """What it adds that the sizes of waves are themselves estimated.

    For each label the sum over its waves of ``(1{partner in wave} - share) * moved``, where ``moved`` is how far the effect
    on a wave lies from their mean, over the sum of their shares.
    """
    panel = effects.panel
    own = panel.weights / panel.weights.mean()
    labels = int(place.max()) + 1
    expected, seen = np.zeros(labels), np.zeros((panel.partners, labels))
    for wave in np.unique(waves):
        here = waves == wave
        factors = np.bincount(place[here], moved[here], labels)
        rows = panel.began == wave
        seen[rows] = own[rows][:, None] * factors
        expected += panel.share_of(int(wave)) * factors
    seen -= expected
    return seen


def _over_waves(effects: GroupTimeEffects, parts: Estimates) -> Estimate:
    shares = np.array([effects.panel.share_of(int(wave)) for wave in parts.at])
    plain = parts.combined(shares / shares.sum())
    moved = (parts.values - plain.value) / shares.sum()
    added = _of_sizes(effects, parts.at, np.zeros(len(parts.at), np.int64), moved)
    return Estimate(plain.value, plain.influence + by_cluster(added, effects.panel.clusters)[:, 0])
