"""Two groups of cases weighed to be alike: the mean difference of an outcome, how far apart they stay, and what could hide.

The difference is the one on the treated: a regression among the others and odds of belonging, right if either model is
(Robins, Rotnitzky and Zhao 1994; for one comparison Sant'Anna and Zhao 2020, whose formulas `doubly_robust` holds).
"""

from __future__ import annotations

from math import sqrt

import numpy as np

from swingby.insight.numerics.arrays import Floats, Integers, Truths
from swingby.insight.numerics.doubly_robust import Method, compare_changes, fit_propensity
from swingby.insight.numerics.estimates import Estimate, by_cluster
from swingby.insight.numerics.overlap import standardised

#: A column says nothing that those before it have not said, when so little of it is left.
_SAME = 1e-8


def difference(
    outcome: Floats,
    treated: Truths,
    traits: Floats,
    clusters: Integers | None = None,
    *,
    method: Method = "doubly robust",
) -> Estimate:
    """The mean outcome of the treated over what it would have been, had they been as the others.

    Parameters
    ----------
    outcome, treated
        One for each case.
    traits
        Cases by traits, as they were before; what others say already is left out.
    clusters
        Whose case each is, for the error; None: each its own.
    method
        Both models, or one of them.

    Raises
    ------
    NoOverlapError
        When the traits tell the groups apart without error.
    """
    value, influence = compare_changes(
        outcome, treated, covariates=distinct(traits, treated), weights=np.ones(len(outcome)), method=method
    )
    return Estimate(value, by_cluster(influence[:, None], clusters)[:, 0])


def distinct(traits: Floats, treated: Truths) -> Floats:
    """Traits with mean 0 and spread 1, without those that among the others follow from the traits before them."""
    scaled = standardised(traits)
    design = np.column_stack([np.ones(len(scaled)), scaled])[~treated]
    if len(design) <= design.shape[1]:
        return scaled
    left = np.abs(np.diag(np.linalg.qr(design, mode="r")))[1:]
    found: Floats = scaled[:, left > _SAME * sqrt(len(design))]
    return found


def odds_weights(treated: Truths, traits: Floats) -> Floats:
    """What each case counts for: the treated one, the others by their odds of being treated."""
    design = np.column_stack([np.ones(len(treated)), distinct(traits, treated)])
    scores = fit_propensity(design, treated, np.ones(len(treated))).scores
    found: Floats = np.where(treated, 1.0, scores / (1 - scores))
    return found


def apart(traits: Floats, treated: Truths, weights: Floats | None = None) -> Floats:
    """How far the means of each trait are apart, in standard deviations, those of the others weighed if weights are given.

    The standard deviation is that before weighing, so that both numbers have one scale (Stuart 2010, "Matching methods for
    causal inference", Statistical Science 25).
    """
    spread = np.sqrt((traits[treated].var(axis=0) + traits[~treated].var(axis=0)) / 2)
    others = np.average(traits[~treated], axis=0, weights=None if weights is None else weights[~treated])
    gap = traits[treated].mean(axis=0) - others
    found: Floats = np.divide(gap, spread, out=np.zeros(len(gap)), where=spread > 0)
    return found


def unseen_cause(ratio: float) -> float:
    """How many times as likely an unseen cause would have to make both, to explain a ratio of shares: the E-value.

    VanderWeele and Ding (2017), "Sensitivity analysis in observational research", Annals of Internal Medicine 167.

    >>> round(unseen_cause(3.9), 2), round(unseen_cause(0.8), 2), unseen_cause(1.0)
    (7.26, 1.81, 1.0)
    """
    larger = ratio if ratio >= 1 else 1 / ratio
    return larger + sqrt(larger * (larger - 1))
