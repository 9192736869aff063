"""The four aggregations of Callaway and Sant'Anna (2021, section 3): their table 1, with the weights estimated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from swingby.insight.numerics.arrays import Floats, Integers
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


def _parts(effects: GroupTimeEffects, at: Integers, chosen: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Estimates:
    """The effects for each value of ``at``, weighed by the size of their waves."""
    labels = np.unique(at[chosen])
    values, influence = np.empty(len(labels)), np.empty((effects.panel.partners, len(labels)))
    for nth, label in enumerate(labels):
        places = np.flatnonzero(chosen & (at == label))
        waves, parts = effects.wave[places], effects.values[places]
        weights = np.array([effects.panel.share_of(int(wave)) for wave in waves])
        values[nth] = parts @ weights / weights.sum()
        influence[:, nth] = effects.influence[:, places] @ (weights / weights.sum())
        influence[:, nth] += _of_weights(effects, waves, weights, parts - values[nth])
    return Estimates(labels, values, by_cluster(influence, effects.panel.clusters))


def _of_weights(effects: GroupTimeEffects, waves: Integers, weights: Floats, apart: Floats) -> Floats:
    """What it adds that the sizes of waves are themselves estimated: sum over waves of (1{in wave} - share) * apart."""
    panel = effects.panel
    own = panel.weights / panel.weights.mean()
    result = np.zeros(panel.partners)
    for wave in np.unique(waves):
        factor = apart[waves == wave].sum() / weights.sum()
        if factor:
            result += (own * (panel.began == wave) - panel.share_of(int(wave))) * factor
    return result


def _over_waves(effects: GroupTimeEffects, parts: Estimates) -> Estimate:
    weights = np.array([effects.panel.share_of(int(wave)) for wave in parts.at])
    plain = parts.combined(weights / weights.sum())
    added = _of_weights(effects, parts.at, weights, parts.values - plain.value)
    return Estimate(plain.value, plain.influence + by_cluster(added[:, None], effects.panel.clusters)[:, 0])
