"""One comparison of changes with covariates, right if either of two models is right.

Sant'Anna and Zhao (2020), "Doubly robust difference-in-differences estimators", Journal of Econometrics 219:
equations 2.5 (the estimand) and 3.1 (with panel data); influence as in their section 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from swingby.insight.numerics.arrays import Floats, Truths

Method = Literal["doubly robust", "regression", "weighting"]
#: Propensities are held below this, as a partner that is certain to begin is like no partner that did not.
HIGHEST_PROPENSITY = 1 - 1e-6
_TURNS = 25
_CLOSE = 1e-10


class NoOverlapError(ValueError):
    """Those who began and those they are compared with are apart in their covariates."""


@dataclass(frozen=True, slots=True)
class Propensity:
    """A logistic regression of who began.

    Attributes
    ----------
    scores
        The probability of having begun.
    influence
        Partners by coefficients.
    """

    scores: Floats
    influence: Floats


def fit_propensity(design: Floats, began: Truths, weights: Floats, *, ridge: float = 0.0) -> Propensity:
    """Fit who began by maximum likelihood (Newton's method).

    Parameters
    ----------
    design
        The covariates, with a column of ones in front.
    began, weights
        Who began, and what each counts for.
    ridge
        What large coefficients cost, but for the first; 0 lets them be.

    Raises
    ------
    NoOverlapError
        When it does not converge: the covariates tell the two groups apart without error.
    """
    coefficients = np.zeros(design.shape[1])
    cost = np.diag([0.0] + [ridge] * (design.shape[1] - 1))
    for _ in range(_TURNS):
        scores = 1 / (1 + np.exp(-np.clip(design @ coefficients, -30, 30)))
        information = (design * (weights * scores * (1 - scores))[:, None]).T @ design / len(design) + cost
        score = design * (weights * (began - scores))[:, None]
        try:
            step = np.linalg.solve(information, score.mean(axis=0) - cost @ coefficients)
        except np.linalg.LinAlgError as error:
            raise NoOverlapError(
                "The covariates tell the groups apart without error, or say the same twice."
            ) from error
        coefficients = coefficients + step
        if np.abs(step).max() < _CLOSE:
            return Propensity(np.minimum(scores, HIGHEST_PROPENSITY), score @ np.linalg.inv(information))
    raise NoOverlapError("The covariates tell the groups apart without error.")


def compare_changes(
    change: Floats,
    began: Truths,
    *,
    covariates: Floats,
    weights: Floats,
    method: Method = "doubly robust",
    propensity: Propensity | None = None,
) -> tuple[float, Floats]:
    """The mean change of those who began over what it would have been, and its influence.

    Parameters
    ----------
    change
        The change of each partner's outcome.
    began
        Who began; the others are compared with.
    covariates, weights
        As in `Panel`.
    method
        Both models, or one of them.
    propensity
        If it was fitted before.

    Raises
    ------
    NoOverlapError
        As in `fit_propensity`.
    """
    design = np.column_stack([np.ones(len(change)), covariates])
    others = ~began * weights
    expected, influence = np.zeros(len(change)), np.zeros_like(design)
    if method != "weighting":
        expected, influence = _expected(change, design, others)
    left = change - expected
    first = _began_side(left, design, began * weights, influence)
    if method == "regression":
        return first
    scores = propensity or fit_propensity(design, began, weights)
    second = _other_side(left, design, others, scores, influence)
    return first[0] - second[0], first[1] - second[1]


def _expected(change: Floats, design: Floats, others: Floats) -> tuple[Floats, Floats]:
    """What the change would have been by the regression among the others, and the influence of its coefficients."""
    moments = (design * others[:, None]).T @ design / len(design)
    try:
        inverse = np.linalg.inv(moments)
    except np.linalg.LinAlgError as error:
        raise NoOverlapError("The covariates of those compared with say the same twice.") from error
    expected = design @ (inverse @ ((design * (others * change)[:, None]).mean(axis=0)))
    return expected, (design * (others * (change - expected))[:, None]) @ inverse


def _began_side(left: Floats, design: Floats, weights: Floats, influence: Floats) -> tuple[float, Floats]:
    mean = weights.mean()
    value = float((weights * left).mean() / mean)
    moved = influence @ (design * weights[:, None]).mean(axis=0)
    return value, (weights * (left - value) - moved) / mean


def _other_side(
    left: Floats, design: Floats, others: Floats, scores: Propensity, influence: Floats
) -> tuple[float, Floats]:
    weights = others * scores.scores / (1 - scores.scores)
    mean = weights.mean()
    value = float((weights * left).mean() / mean)
    by_scores = scores.influence @ (design * (weights * (left - value))[:, None]).mean(axis=0)
    by_regression = influence @ (design * weights[:, None]).mean(axis=0)
    return value, (weights * (left - value) + by_scores - by_regression) / mean
