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
        return (self.period - self.wave) // self.panel.step


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
    base = wave - panel.step * (design.anticipation + design.base_back)
    if base - panel.step * (design.base_width - 1) < 0:
        return "it began too early: no period before it"
    period, bases = _periods(panel, design, wave, base)
    began = _Side.of(panel, design, np.flatnonzero(panel.began == wave), period, bases)
    others = _others(panel, design, wave, period, bases)
    kept = (began.counts > 0) & (others.counts > 0)
    if not kept[period >= wave].any():
        return "nobody to compare it with"
    began, others = began.at(kept), others.at(kept)
    estimated = _without_covariates if panel.covariates is None else _with_covariates
    try:
        values, influence = estimated(panel, design, began, others)
    except NoOverlapError:
        return "nobody like it to compare it with"
    return _Wave(wave, period[kept], values, influence, began.counts, others.counts)


@dataclass(frozen=True, slots=True)
class _Side:
    """The partners on one side of a comparison, and their changes; not a number where one does not count."""

    rows: Integers
    change: Floats
    counts: Integers

    @classmethod
    def of(cls, panel: Panel, design: Design, rows: Integers, period: Integers, bases: Integers) -> _Side:
        change = _change(panel, rows, design, period, bases)
        return cls(rows, change, np.isfinite(change).sum(axis=0))

    def at(self, kept: Truths) -> _Side:
        return self if kept.all() else _Side(self.rows, self.change[:, kept], self.counts[kept])

    @property
    def is_whole(self) -> bool:
        """Whether everybody counts in every period."""
        return bool((self.counts == len(self.rows)).all())


def _periods(panel: Panel, design: Design, wave: int, base: int) -> tuple[Integers, Integers]:
    """The periods of a wave, and what each is compared with."""
    periods = np.arange(panel.periods)
    varying = design.base == "varying"
    bases = np.where((periods >= wave) | (not varying), base, periods - panel.step)
    lag, rest = np.divmod(periods - wave, panel.step)
    asked = (rest == 0) & design.has_lag(lag) & (bases >= 0)
    return periods[asked], bases[asked]


def _change(panel: Panel, rows: Integers, design: Design, period: Integers, bases: Integers) -> Floats:
    outcome = panel.outcome[rows]
    if design.base == "varying":
        change = outcome[:, period] - outcome[:, bases]
    else:
        base = int(bases[0])
        change = outcome[:, period] - _mean(_up_to(outcome, base, design.base_width, panel.step))[:, None]
    if design.relative_to:
        base = int(bases[-1])
        change /= _usual(_up_to(outcome, base, design.relative_to, panel.step))[:, None]
    return change


def _up_to(outcome: Floats, base: int, periods: int, step: int) -> Floats:
    """The outcome in so many periods up to a base, or in as many as there are."""
    return outcome[:, base - step * min(periods - 1, base // step) : base + 1 : step]


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


def _others(panel: Panel, design: Design, wave: int, period: Integers, bases: Integers) -> _Side:
    """Whom a wave is compared with; those who begin later count until they do, or could anticipate it."""
    if design.comparison == "never":
        return _Side.of(panel, design, np.flatnonzero(panel.began >= NEVER), period, bases)
    limit = np.maximum(period, bases) + panel.step * design.anticipation
    rows = np.flatnonzero((panel.began > limit.min()) & (panel.began != wave))
    change = _change(panel, rows, design, period, bases)
    change[panel.began[rows][:, None] <= limit] = np.nan
    return _Side(rows, change, np.isfinite(change).sum(axis=0))


def _without_covariates(panel: Panel, _: Design, began: _Side, others: _Side) -> tuple[Floats, Floats]:
    values = np.zeros(began.change.shape[1])
    influence = np.zeros((panel.partners, len(values)))
    for sign, side in ((1, began), (-1, others)):
        weights = panel.weights[side.rows]
        change, counted = side.change, weights[:, None]
        if not side.is_whole:
            seen = np.isfinite(change)
            change, counted = np.where(seen, change, 0.0), weights[:, None] * seen
        total = counted.sum(axis=0)
        mean = (weights @ change) / total
        values += sign * mean
        influence[side.rows] = (change - mean) * (counted * (sign * panel.partners / total))
    return values, influence


def _with_covariates(panel: Panel, design: Design, began: _Side, others: _Side) -> tuple[Floats, Floats]:
    rows = np.concatenate([began.rows, others.rows])
    change = np.concatenate([began.change, others.change])
    is_first = np.arange(len(rows)) < len(began.rows)
    values, influence = np.full(change.shape[1], np.nan), np.zeros((panel.partners, change.shape[1]))
    fitted: dict[bytes, Propensity | None] = {}
    for nth in range(change.shape[1]):
        seen = np.isfinite(change[:, nth])
        values[nth], moved = compare_changes(
            change[seen, nth],
            is_first[seen],
            covariates=_covariates(panel)[rows[seen]],
            weights=panel.weights[rows[seen]],
            method=design.method,
            propensity=_propensity(panel, design, rows[seen], is_first[seen], fitted),
        )
        influence[rows[seen], nth] = moved * (panel.partners / seen.sum())
    return values, influence


def _covariates(panel: Panel) -> Floats:
    if panel.covariates is None:
        raise NoOverlapError("There are no covariates.")
    return panel.covariates


def _propensity(
    panel: Panel, design: Design, rows: Integers, began: Truths, fitted: dict[bytes, Propensity | None]
) -> Propensity | None:
    """The propensity of a comparison; periods with the same partners share it."""
    if design.method == "regression":
        return None
    key = rows.tobytes() + began.tobytes()
    if key not in fitted:
        matrix = np.column_stack([np.ones(len(rows)), _covariates(panel)[rows]])
        fitted[key] = fit_propensity(matrix, began, panel.weights[rows])
    return fitted[key]
