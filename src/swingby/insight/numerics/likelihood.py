"""The largest likelihood: where it lies, or that there is none."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from swingby.insight.numerics.arrays import Floats

#: Logs of parameters are looked for up to here.
FARTHEST = 12.0
#: Logs so near to each other are the same place.
SETTLED = 1e-6


class NoTopError(ValueError):
    """The likelihood has no top that can be found."""


def best(worth: Callable[[Floats], float], start: Floats, *, near: bool = False) -> tuple[Floats, float]:
    """The values at which a function of their logs is least.

    Parameters
    ----------
    worth
        The function.
    start
        Logs from which it is looked for.
    near
        Whether these are those of something alike, as where it is fitted anew to what was drawn; then less exactly.

    Raises
    ------
    NoTopError
        When it is least nowhere.
    """
    from scipy.optimize import minimize

    size = len(start)
    first = _held(np.vstack([start, start + (0.1 if near else 0.5) * np.eye(size)]) - (start >= FARTHEST))
    # So small a difference of logs of likelihoods says nothing; where rounding is larger, the place settles first.
    options = {"xatol": np.inf, "fatol": 1e-3 if near else 1e-9, "maxfev": 4000, "initial_simplex": first}
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        found = minimize(lambda logs: _finite(worth(_held(logs))), start, method="Nelder-Mead", options=options)
    logs, settled = _held(found.x), np.ptp(found.final_simplex[0], axis=0).max() < SETTLED
    if not (found.success or settled or np.abs(logs).max() >= FARTHEST):
        raise NoTopError("the likelihood has no top that can be found")
    return np.asarray(np.exp(logs), np.float64), float(found.fun)


def _held(logs: Floats) -> Floats:
    """Logs within reach; a spread that is there no more (everybody is alike) lies beyond every number."""
    return np.asarray(np.clip(logs, -FARTHEST, FARTHEST), np.float64)


def _finite(value: float) -> float:
    return value if np.isfinite(value) else 1e300
