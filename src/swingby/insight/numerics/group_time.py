"""The effect on each wave in each period, by differences of changes.

Callaway and Sant'Anna (2021), "Difference-in-differences with multiple time periods", Journal of Econometrics 225. With
C the comparison partners and b the base period of wave g,

    ATT(g, t) = mean(Y_t - Y_b | began in g) - mean(Y_t - Y_b | C).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from swingby.insight.numerics.arrays import Floats, Integers, Truths
from swingby.insight.numerics.doubly_robust import (
    Method,
    NoOverlapError,
    Propensity,
    compare_changes,
    fit_propensity,
)
from swingby.insight.numerics.panel import NEVER, Panel

#: Whom a wave is compared with: those who never begin, or those who have not begun by the period.
Comparison = Literal["never", "not yet"]


@dataclass(frozen=True, slots=True)
class Design:
    """How waves are compared.

    Parameters
    ----------
    comparison
        With whom.
    anticipation
        For how many periods before it begins the act may already work.
    base
        Periods before a wave are compared with the wave's base (``universal``) or with the period before (``varying``).
    base_back
        How many periods the base lies before the act (and its anticipation).
    base_width
        How many periods up to the base are averaged; only with a universal base.
    relative_to
        Divide changes by the partner's mean over so many periods up to the base; 0 leaves them as they are.
    first_lag, last_lag
        Which lags are estimated; None all.
    method
        How covariates enter, where the panel has any.
    """

    comparison: Comparison = "not yet"
    anticipation: int = 0
    base: Literal["universal", "varying"] = "universal"
    base_back: int = 1
    base_width: int = 1
    relative_to: int = 0
    first_lag: int | None = None
    last_lag: int | None = None
    method: Method = "doubly robust"

    def has_lag(self, lag: Integers) -> Truths:
        """Which lags are estimated."""
        low = lag >= self.first_lag if self.first_lag is not None else np.ones(lag.shape, bool)
        return low & (lag <= self.last_lag) if self.last_lag is not None else low


@dataclass(frozen=True, slots=True)
class GroupTimeEffects:
    """An effect for each wave and period.

    Attributes
    ----------
    wave, period
        Of each effect.
    values
        The effects; 0 in a wave's base period.
    influence
        Partners by effects.
    treated, compared
        From how many partners.
    dropped
        Waves without an estimate, with the reason.
    """

    panel: Panel
    wave: Integers
    period: Integers
    values: Floats
    influence: Floats
    treated: Integers
    compared: Integers
    dropped: tuple[tuple[int, str], ...] = field(default=())

    @property
    def lag(self) -> Integers:
        """Periods since the wave began; below 0 they are leads."""
        return self.period - self.wave


@dataclass(frozen=True, slots=True)
class _Wave:
    """One wave's effects: periods, values, influence and counts."""

    wave: int
    period: Integers
    values: Floats
    influence: Floats
    treated: Integers
    compared: Integers


def group_time_effects(panel: Panel, design: Design) -> GroupTimeEffects:
    """Estimate the effect on each wave in each period.

    Parameters
    ----------
    panel
        Partners who began before the first period, or before the first base, are left out of every comparison.
    design
        How waves are compared. A partner without an outcome in the base or the period is left out of that comparison.

    Returns
    -------
    GroupTimeEffects
        Effects that rest on nobody are left out; a wave without any is in ``dropped``.
    """
    found: list[_Wave] = []
    dropped: list[tuple[int, str]] = []
    for wave in panel.waves:
        one = _wave_effects(panel, design, wave)
        if isinstance(one, str):
            dropped.append((wave, one))
        else:
            found.append(one)
    return _joined(panel, found, tuple(dropped))


def _joined(panel: Panel, found: list[_Wave], dropped: tuple[tuple[int, str], ...]) -> GroupTimeEffects:
    none = np.empty(0, np.int64)
    return GroupTimeEffects(
        panel=panel,
        wave=np.concatenate([none, *(np.full(len(one.period), one.wave) for one in found)]),
        period=np.concatenate([none, *(one.period for one in found)]),
        values=np.concatenate([np.empty(0), *(one.values for one in found)]),
        influence=np.concatenate([np.empty((panel.partners, 0)), *(one.influence for one in found)], axis=1),
        treated=np.concatenate([none, *(one.treated for one in found)]),
        compared=np.concatenate([none, *(one.compared for one in found)]),
        dropped=dropped,
    )


def _wave_effects(panel: Panel, design: Design, wave: int) -> _Wave | str:
    base = wave - design.anticipation - design.base_back
    first = base - design.base_width + 1
    if first < 0:
        return "it began too early: no period before it"
    period, change, limit = _changes(panel, design, wave, base)
    begun = panel.began == wave
    others = _others(panel, design, limit) & ~begun[:, None]
    seen = np.isfinite(change)
    counts = (seen & begun[:, None]).sum(axis=0), (seen & others).sum(axis=0)
    kept = (counts[0] > 0) & (counts[1] > 0)
    if not kept[period >= wave].any():
        return "nobody to compare it with"
    estimated = _with_covariates if panel.covariates is not None else _without_covariates
    values, influence = estimated(
        panel, design, np.where(seen, change, 0.0)[:, kept], (seen & begun[:, None])[:, kept], (seen & others)[:, kept]
    )
    return _Wave(wave, period[kept], values, influence, counts[0][kept], counts[1][kept])


def _changes(panel: Panel, design: Design, wave: int, base: int) -> tuple[Integers, Floats, Integers]:
    """The periods of a wave, each partner's change, and the last period by which comparison partners have not begun."""
    periods = np.arange(panel.periods)
    after = periods >= wave
    if design.base == "varying":
        bases = np.where(after, base, periods - 1)
        asked = design.has_lag(periods - wave) & (bases >= 0)
        before = panel.outcome[:, np.maximum(bases, 0)]
    else:
        bases = np.full(panel.periods, base)
        asked = design.has_lag(periods - wave)
        before = _mean(panel.outcome[:, base - design.base_width + 1 : base + 1])[:, None]
    change = (panel.outcome - before)[:, asked]
    if design.relative_to:
        change = change / _usual(panel.outcome[:, max(0, base - design.relative_to + 1) : base + 1])[:, None]
    return periods[asked], change, (np.maximum(periods, bases) + design.anticipation)[asked]


def _mean(outcome: Floats) -> Floats:
    """The mean of what was observed; not a number if nothing was."""
    if outcome.shape[1] == 1:
        return outcome[:, 0]
    seen = np.isfinite(outcome)
    count = seen.sum(axis=1)
    return np.where(count > 0, np.where(seen, outcome, 0.0).sum(axis=1) / np.maximum(count, 1), np.nan)


def _usual(outcome: Floats) -> Floats:
    mean = _mean(outcome)
    return np.where(mean > 0, mean, np.nan)


def _others(panel: Panel, design: Design, limit: Integers) -> Truths:
    never = panel.began >= NEVER
    if design.comparison == "never":
        return np.broadcast_to(never[:, None], (panel.partners, len(limit)))
    return panel.began[:, None] > limit[None, :]


def _without_covariates(
    panel: Panel, _: Design, change: Floats, begun: Truths, others: Truths
) -> tuple[Floats, Floats]:
    first, second = panel.weights[:, None] * begun, panel.weights[:, None] * others
    values, influence = np.zeros(change.shape[1]), np.zeros(change.shape)
    for sign, weights in ((1, first), (-1, second)):
        total = weights.sum(axis=0)
        mean = np.einsum("ij,ij->j", weights, change) / total
        values += sign * mean
        influence += (sign * panel.partners / total) * weights * (change - mean)
    return values, influence


def _with_covariates(
    panel: Panel, design: Design, change: Floats, begun: Truths, others: Truths
) -> tuple[Floats, Floats]:
    values, influence = np.full(change.shape[1], np.nan), np.zeros(change.shape)
    fitted: dict[bytes, Propensity | None] = {}
    for nth in range(change.shape[1]):
        rows = begun[:, nth] | others[:, nth]
        propensity = _propensity(panel, design, rows, begun[:, nth], fitted)
        value, moved = compare_changes(
            change[rows, nth],
            begun[rows, nth],
            covariates=_covariates(panel)[rows],
            weights=panel.weights[rows],
            method=design.method,
            propensity=propensity,
        )
        values[nth] = value
        influence[rows, nth] = moved * (panel.partners / rows.sum())
    return values, influence


def _covariates(panel: Panel) -> Floats:
    if panel.covariates is None:
        raise NoOverlapError("There are no covariates.")
    return panel.covariates


def _propensity(
    panel: Panel, design: Design, rows: Truths, begun: Truths, fitted: dict[bytes, Propensity | None]
) -> Propensity | None:
    """The propensity of a comparison; periods with the same partners share it."""
    if design.method == "regression":
        return None
    key = rows.tobytes() + begun.tobytes()
    if key not in fitted:
        matrix = np.column_stack([np.ones(int(rows.sum())), _covariates(panel)[rows]])
        fitted[key] = fit_propensity(matrix, begun[rows], panel.weights[rows])
    return fitted[key]
