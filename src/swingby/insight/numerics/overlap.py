"""Whether those who began have anybody like them to be compared with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from swingby.insight.numerics.arrays import Floats, Truths
from swingby.insight.numerics.doubly_robust import fit_propensity

#: A comparison partner is like one who began within this share of a standard deviation of the log odds (Austin 2011,
#: "Optimal caliper widths for propensity-score matching", Pharmaceutical Statistics 10).
CALIPER = 0.2
#: Holds the regression finite where traits tell the groups apart.
RIDGE = 0.01


@dataclass(frozen=True, slots=True)
class Overlap:
    """How far two groups are alike.

    Attributes
    ----------
    effective
        Comparison partners that remain when they are weighed by their odds of beginning: ``(sum w)^2 / sum w^2``
        (Kish 1965).
    comparable
        The share of those who began that has a comparison partner within the caliper.
    """

    effective: float
    comparable: float


def overlap(traits: Floats, begun: Truths) -> Overlap:
    """Compare the traits of those who began with those of the others.

    Parameters
    ----------
    traits
        Partners by traits, as they were before; a trait that does not vary is left out, and a missing one is the mean.
    begun
        Who began; both groups must have somebody.
    """
    design = np.column_stack([np.ones(len(begun)), _standardised(traits)])
    scores = fit_propensity(design, begun, np.ones(len(begun)), ridge=RIDGE).scores
    odds = np.log(scores / (1 - scores))
    weights = np.exp(odds[~begun] - odds[~begun].max())
    others = np.sort(odds[~begun])
    place = np.clip(np.searchsorted(others, odds[begun]), 1, max(1, len(others) - 1))
    nearest = np.minimum(
        np.abs(odds[begun] - others[place - 1]), np.abs(odds[begun] - others[np.minimum(place, len(others) - 1)])
    )
    spread = odds.std()
    near = nearest <= CALIPER * spread if spread > 0 else np.ones(len(nearest), bool)
    return Overlap(float(weights.sum() ** 2 / (weights**2).sum()), float(near.mean()))


def _standardised(traits: Floats) -> Floats:
    filled = np.where(np.isfinite(traits), traits, np.nan)
    seen = np.isfinite(filled).sum(axis=0)
    filled = filled[:, seen > 0]
    mean = np.nanmean(filled, axis=0) if filled.shape[1] else np.empty(0)
    filled = np.where(np.isfinite(filled), filled, mean)
    spread = filled.std(axis=0)
    result: Floats = (filled - mean)[:, spread > 0] / spread[spread > 0]
    return result
