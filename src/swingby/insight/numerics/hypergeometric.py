"""Two functions of the models of lifetimes, also where scipy has no number for them."""

from __future__ import annotations

import numpy as np

from swingby.insight.numerics.arrays import Floats

#: From such a b on scipy is slow, and next to z = 1 without a number.
LARGE = 30.0
#: How finely an integral is added up, on a scale on which it fades at both ends, and beyond what nothing is left of it: good to
#: eight digits.
STEP, FIRST, LAST, NOTHING = 0.05, -3.5, 17.0, 45.0
#: Levels of a continued fraction.
LEVELS = 60
#: From such a power on, the fraction settles within its levels.
STEEP = 10.0


def gauss(b: Floats, c: Floats, z: Floats) -> Floats:
    """Gauss's hypergeometric function F(1, b; c; z) with 0 <= z <= 1 and b < c, by Euler's integral where b is large."""
    from scipy.special import hyp2f1

    b, c, z = np.broadcast_arrays(b, c, z)
    value, large = np.empty(b.shape), b > LARGE
    value[~large] = hyp2f1(1.0, b[~large], c[~large], z[~large])
    if large.any():
        value[large] = _integral(b[large, None], c[large, None], z[large, None])
    return value


def _integral(b: Floats, c: Floats, z: Floats) -> Floats:
    """(c - 1) times the integral of exp(-(c - 1 - b) u) (z + (1 - z) exp(u))^-b over all u from 0 on."""
    farthest = float((c / (c - 1 - b * z)).max()) if (c - 1 > b * z).all() else np.inf
    places = np.arange(FIRST, min(np.log(NOTHING * farthest), LAST), STEP)
    fade = np.exp(-places)
    u = np.exp(places - fade) / c
    with np.errstate(divide="ignore"):
        logs = np.logaddexp(np.log(z), np.log1p(-z) + u)
    parts = (1 + fade) * u * np.exp(-(c - 1 - b) * u - b * logs)
    return np.asarray((c[:, 0] - 1) * parts.sum(axis=1) * STEP, np.float64)


def fading(power: float, rate: Floats) -> Floats:
    """The integral of exp(-rate t) (1 + t)^-power over all t from 0 on: what fades twice."""
    from scipy.special import hyperu

    if power < STEEP:
        return np.asarray(hyperu(1.0, 2.0 - power, rate), np.float64)
    value = rate + power + 2 * LEVELS
    for k in range(LEVELS, 0, -1):
        value = rate + power + 2 * (k - 1) - k * (power + k - 1) / value
    return np.asarray(1 / value, np.float64)
