"""What the periods before say: a joint test, and the line through them carried forward."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from swingby.insight.numerics.arrays import Integers
from swingby.insight.numerics.estimates import Estimate, Estimates


@dataclass(frozen=True, slots=True)
class JointTest:
    """Wald's test that all are zero."""

    statistic: float
    freedom: int
    probability: float


def joint_test(estimates: Estimates) -> JointTest | None:
    """Test whether several estimates could all be zero.

    ``W = b' V^-1 b``, with as many degrees of freedom as V has rank.

    Parameters
    ----------
    estimates
        Those without an error are left out.

    Returns
    -------
    JointTest or None
        None when there is nothing to test, or as many estimates as partners: then the test has no meaning.
    """
    from scipy.special import chdtrc

    kept = estimates.errors > 0
    values, covariance = estimates.values[kept], estimates.covariance[np.ix_(kept, kept)]
    if not kept.any() or len(values) >= len(estimates.influence):
        return None
    freedom = int(np.linalg.matrix_rank(covariance, hermitian=True))
    statistic = float(values @ np.linalg.pinv(covariance, hermitian=True) @ values)
    return JointTest(statistic, freedom, float(chdtrc(freedom, statistic)))


@dataclass(frozen=True, slots=True)
class Line:
    """The straight line through the leads: its slope a period, and what an effect is beyond it."""

    slope: Estimate
    beyond: Estimate


def beyond_line(leads: Estimates, effect: Estimate, *, lag: float, partners: Integers | None = None) -> Line | None:
    """What an effect is if the earlier drift had simply continued.

    The line is that of least squares through the leads, the base among them, each weighed by the partners behind it; it is
    carried forward to the mean lag of the effect and taken away. Slope and result are linear in the estimates, so their errors follow from the influence.

    Parameters
    ----------
    leads
        Effects by lag before the beginning, with the base (0, without error).
    effect
        The overall effect, from the same partners.
    lag
        Its mean lag.
    partners
        How many stand behind each lead; alike if left out.

    Returns
    -------
    Line or None
        None with fewer than three leads.
    """
    if len(leads.at) < 3:  # noqa: PLR2004 (two points say nothing of how straight a line is)
        return None
    shares = np.ones(len(leads.at)) if partners is None else partners.astype(np.float64)
    shares /= shares.sum()
    middle = float(shares @ leads.at)
    slope = shares * (leads.at - middle) / (shares @ (leads.at - middle) ** 2)
    height = shares + (lag - middle) * slope
    return Line(leads.combined(slope), effect.minus(leads.combined(height)))
