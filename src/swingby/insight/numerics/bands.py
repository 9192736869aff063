"""Simultaneous bands: the whole picture lies inside in 95 of 100 studies, not each point by itself."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from swingby.insight.numerics.estimates import Estimates

_Singles = npt.NDArray[np.float32]
#: Signs are drawn in pieces of about this many, so that memory stays small.
_PIECE = 8_000_000


def critical_value(estimates: Estimates, *, draws: int = 999, seed: int = 0, level: float = 0.95) -> float:
    """How many errors wide a band must be to hold all estimates at once.

    Every partner's influence is multiplied by a sign drawn by lot (Callaway and Sant'Anna 2021, algorithm 1, with
    Rademacher's weights in place of Mammen's); the result is the quantile of the largest ratio to its error.

    Parameters
    ----------
    estimates
        Those without an error, such as the base of a picture, are left out.
    draws, seed
        The same seed gives the same band.
    level
        The share of studies whose band should hold everything.

    Returns
    -------
    float
        Not a number if no estimate has an error.
    """
    errors = estimates.errors
    if not (errors > 0).any():
        return float("nan")
    seen = errors > 0
    scaled = (estimates.influence[:, seen] / (errors[seen] * len(estimates.influence))).astype(np.float32)
    random = np.random.default_rng(seed)
    step = max(1, _PIECE // len(scaled))
    pieces = [_largest(random, scaled, min(step, draws - done)) for done in range(0, draws, step)]
    return float(np.quantile(np.concatenate(pieces), level))


def _largest(random: np.random.Generator, scaled: _Singles, draws: int) -> _Singles:
    partners = len(scaled)
    bits = np.unpackbits(
        np.frombuffer(random.bytes(draws * ((partners + 7) // 8)), dtype=np.uint8).reshape(draws, -1), axis=1
    )
    signs = bits[:, :partners].astype(np.float32)
    # (2 * bit - 1) @ scaled, without a second array of signs.
    moved = 2 * (signs @ scaled) - scaled.sum(axis=0, dtype=np.float64).astype(np.float32)
    largest: _Singles = np.abs(moved).max(axis=1)
    return largest
