"""Whether those who began have anybody like them to be compared with."""

from __future__ import annotations

from dataclasses import dataclass, field

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
        Comparison partners that remain when those unlike anybody who began are left out and the others are weighed by
        their odds of beginning: ``(sum w)^2 / sum w^2`` (Kish 1965).
    comparable
        The share of those who began that has a comparison partner within the caliper.
    near
        Who of either group has somebody of the other within the caliper; in the order of the rows.
    """

    effective: float
    comparable: float
    near: Truths = field(default_factory=lambda: np.zeros(0, bool))


def overlap(traits: Floats, begun: Truths) -> Overlap:
    """Compare the traits of those who began with those of the others.

    Parameters
    ----------
    traits
        Partners by traits, as they were before; a trait that does not vary is left out, and a missing one is the mean.
    begun
        Who began; both groups must have somebody.
    """
    design = np.column_stack([np.ones(len(begun)), standardised(traits)])
    scores = fit_propensity(design, begun, np.ones(len(begun)), ridge=RIDGE).scores
    odds = np.log(scores / (1 - scores))
    width = CALIPER * odds.std()
    near = np.empty(len(begun), bool)
    near[~begun] = _is_near(odds[~begun], odds[begun], width)
    near[begun] = _is_near(odds[begun], odds[~begun], width)
    weights = np.where(near[~begun], np.exp(odds[~begun] - odds[~begun].max()), 0.0)
    effective = float(weights.sum() ** 2 / (weights**2).sum()) if weights.any() else 0.0
    return Overlap(effective, float(near[begun].mean()), near)


def _is_near(some: Floats, others: Floats, width: float) -> Truths:
    """Which of some have one of the others within a distance."""
    others = np.sort(others)
    first, last = np.searchsorted(others, some - width, "left"), np.searchsorted(others, some + width, "right")
    near: Truths = last > first
    return near


def standardised(traits: Floats) -> Floats:
    """Traits with mean 0 and spread 1; those that do not vary are left out, and a missing one is the mean."""
    filled = np.where(np.isfinite(traits), traits, np.nan)
    seen = np.isfinite(filled).sum(axis=0)
    filled = filled[:, seen > 0]
    mean = np.nanmean(filled, axis=0) if filled.shape[1] else np.empty(0)
    filled = np.where(np.isfinite(filled), filled, mean)
    spread = filled.std(axis=0)
    result: Floats = (filled - mean)[:, spread > 0] / spread[spread > 0]
    return result
