"""Everything that is estimated for one question of an effect, on arrays: the effect, and what could make it doubtful."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from swingby.insight.numerics.aggregating import Aggregated, aggregate
from swingby.insight.numerics.arrays import Floats, Integers, Truths
from swingby.insight.numerics.bands import critical_value
from swingby.insight.numerics.estimates import Estimate, Estimates, Range
from swingby.insight.numerics.group_time import Design, GroupTimeEffects, group_time_effects
from swingby.insight.numerics.leads import JointTest, beyond_line, joint_test
from swingby.insight.numerics.overlap import Overlap, overlap, standardised
from swingby.insight.numerics.panel import NEVER, Panel
from swingby.insight.numerics.relabelling import probability_by_lot
from swingby.insight.settings import SETTINGS, Settings


@dataclass(frozen=True, slots=True)
class Window:
    """Which periods around the act are looked at.

    Attributes
    ----------
    leads
        How many periods before the act, the base among them.
    lags
        How many periods from the act on.
    early
        By how many periods the placebo date lies before the act.
    """

    leads: int
    lags: int
    early: int


MONTHS = Window(leads=6, lags=6, early=6)
QUARTERS = Window(leads=6, lags=4, early=2)


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of the partners.

    Parameters
    ----------
    panel
        The outcome, and who began when.
    sizes
        How big each partner is; the biggest that began is left out once.
    traits
        What partners were like before anybody began, to see whether they can be compared.
    beside
        Another outcome of the same partners that should not have moved if the effect is what it seems, such as the number
        of deals behind their mean size; relative to what was usual.
    window
        Which periods are looked at.
    anticipation
        For how many periods before it begins the act may already work.
    relative_to
        As in `Design`.
    adjusted
        Compare partners with the same traits: by a regression and by their odds of beginning where waves are large, by the
        regression alone where they are small.
    """

    panel: Panel
    sizes: Floats
    traits: Floats
    window: Window = MONTHS
    beside: Panel | None = None
    anticipation: int = 0
    relative_to: int = 0
    adjusted: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """How many partners and periods an estimate rests on, and how many were left out and why."""

    partners: int
    begun: int
    compared: int
    periods: int
    waves: int
    small_waves: int
    begun_before: int
    too_early: int
    never_observed: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing can be said, and what would be needed."""

    reason: Literal["too few began", "too few to compare with", "no overlap", "nothing varies", "never seen together"]
    counts: Counts
    found: float
    needed: float


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the picture: periods since the act, and the effect with its simultaneous range."""

    lag: int
    effect: Range
    partners: int


@dataclass(frozen=True, slots=True)
class Findings:
    """What was estimated; effects are on the scale of the outcome.

    Attributes
    ----------
    effect, error, smallest_visible
        The effect on those who began, over the lags of the window, waves weighed by size.
    plain_difference
        The mean of those who had begun less that of everybody else, those who cannot be studied among them: a difference,
        not an effect.
    points
        The picture by lag, with leads and base.
    leads
        The joint test of the leads.
    slope, beyond_line
        The line through the leads, and what the effect is if it had simply continued.
    early
        What seems to happen when the act is dated too early, before it.
    base_back
        The effect from a base three periods before the act.
    without_biggest
        The effect without the biggest partner that began.
    beside
        The effect on the other outcome.
    by_lot
        How often lots give as large an effect; only with few partners.
    """

    counts: Counts
    comparison: Literal["never", "not yet"]
    effect: Range
    error: float
    smallest_visible: float
    points: tuple[Point, ...]
    overlap: Overlap
    plain_difference: float = float("nan")
    leads: JointTest | None = None
    slope: Range | None = None
    beyond_line: Range | None = None
    early: Range | None = None
    base_back: Range | None = None
    without_biggest: Range | None = None
    beside: Range | None = None
    by_lot: float | None = None
    biggest: int = field(default=-1)


def study_effect(case: Case, settings: Settings = SETTINGS, *, seed: int = 0) -> Findings | Refusal:
    """Estimate an effect and everything that could make it doubtful.

    Parameters
    ----------
    case
        What is known of the partners.
    settings
        The lines at which nothing is said, and the numbers of draws.
    seed
        Of bands and lots; the same seed gives the same figures.

    Returns
    -------
    Findings or Refusal
        A refusal when there are too few partners on a side, or the two sides are not alike.
    """
    usable, counts = _usable(case, settings)
    if counts.begun < settings.fewest_begun:
        return Refusal("too few began", counts, counts.begun, settings.fewest_begun)
    if counts.compared < settings.fewest_compared:
        return Refusal("too few to compare with", counts, counts.compared, settings.fewest_compared)
    chosen = _only(case, usable)
    alike = overlap(chosen.traits, _first_side(chosen.panel, _design(chosen, settings)))
    if alike.effective < settings.fewest_effective:
        return Refusal("no overlap", counts, alike.effective, settings.fewest_effective)
    if np.nanstd(chosen.panel.outcome) == 0:
        return Refusal("nothing varies", counts, 0, 0)
    effects = group_time_effects(chosen.panel, _design(chosen, settings))
    if not (effects.lag >= 0).any():
        return Refusal("never seen together", counts, 0, 1)
    found = _findings(chosen, effects, counts, alike, settings=settings, seed=seed)
    return replace(found, plain_difference=plain_difference(case.panel))


@dataclass(frozen=True, slots=True)
class ByLag:
    """The effects by lag with their influence, and which partners of the case they rest on."""

    studied: Truths
    effects: Estimates


def effects_by_lag(case: Case, settings: Settings = SETTINGS) -> ByLag:
    """Estimate the effects by lag once more, for what is to be drawn together with them.

    Parameters
    ----------
    case
        One of which `study_effect` gives findings.
    """
    usable, _ = _usable(case, settings)
    chosen = _only(case, usable)
    return ByLag(usable, aggregate(group_time_effects(chosen.panel, _design(chosen, settings)), "by lag").parts)


def _findings(
    case: Case, effects: GroupTimeEffects, counts: Counts, alike: Overlap, *, settings: Settings, seed: int
) -> Findings:
    design = _design(case, settings)
    by_lag, effect = aggregate(effects, "by lag"), aggregate(effects, "by wave").overall
    leads = by_lag.parts.of(*range(-case.window.leads - case.anticipation, -case.anticipation))
    line = beyond_line(leads, effect, lag=_mean_lag(effects), partners=_begun_at(effects, leads.at))
    biggest = _biggest(case)
    return Findings(
        counts=counts,
        comparison=design.comparison,
        effect=effect.range,
        error=effect.error,
        smallest_visible=effect.smallest_visible,
        points=_points(effects, by_lag, settings, seed),
        overlap=alike,
        leads=joint_test(leads),
        slope=line.slope.range if line else None,
        beyond_line=line.beyond.range if line else None,
        early=_range(_early(case.panel, case.window.early), replace(design, last_lag=case.window.early - 1)),
        base_back=_range(case.panel, replace(design, base_back=3)),
        without_biggest=_range(case.panel.only(np.arange(case.panel.partners) != biggest), design),
        beside=_range(case.beside, replace(design, relative_to=case.window.leads)) if case.beside else None,
        by_lot=_by_lot(case.panel, design, effect, settings, seed),
        biggest=biggest,
    )


def plain_difference(panel: Panel) -> float:
    """The mean outcome of partners that had begun less that of all others: a difference, not an effect."""
    begun = panel.began[:, None] <= np.arange(panel.periods)
    seen = np.isfinite(panel.outcome)
    return float(panel.outcome[begun & seen].mean() - panel.outcome[~begun & seen].mean())


def _usable(case: Case, settings: Settings) -> tuple[Truths, Counts]:
    """Who can be studied: began late enough to have periods before, or not at all, and was observed."""
    panel = case.panel
    observed = np.isfinite(panel.outcome)
    before = panel.began < 0
    first = settings.fewest_before + case.anticipation
    early = (panel.began >= 0) & (panel.began < panel.step * first)
    unseen = ~before & ~early & ~(_seen_on_both_sides(panel, observed) & (panel.weights > 0))
    usable = ~before & ~early & ~unseen
    began = panel.began[usable & (panel.began < panel.periods)]
    sizes = np.bincount(began) if len(began) else np.empty(0, np.int64)
    never = usable & (panel.began >= NEVER)
    return usable, Counts(
        partners=int(usable.sum()),
        begun=len(began),
        compared=_compared(panel.began[usable], int(never.sum()), settings),
        periods=panel.whole_periods,
        waves=int((sizes > 0).sum()),
        small_waves=int(((sizes > 0) & (sizes < settings.fewest_in_wave)).sum()),
        begun_before=int(before.sum()),
        too_early=int(early.sum()),
        never_observed=int(unseen.sum()),
    )


def _seen_on_both_sides(panel: Panel, observed: Truths) -> Truths:
    """Observed both before and from the act on; at least twice without an act."""
    after = panel.began[:, None] <= np.arange(panel.periods)
    both = (observed & after).any(axis=1) & (observed & ~after).any(axis=1)
    return np.where(panel.began < panel.periods, both, observed.sum(axis=1) > 1)


def _compared(began: Integers, never: int, settings: Settings) -> int:
    """How many partners the first wave can be compared with."""
    if never >= settings.wide_comparison or not len(began):
        return never
    return int((began > began.min()).sum())


def _only(case: Case, usable: Truths) -> Case:
    panel = case.panel.only(usable)
    if case.adjusted:
        panel = replace(panel, covariates=standardised(case.traits[usable]))
    return replace(
        case,
        panel=panel,
        sizes=case.sizes[usable],
        traits=case.traits[usable],
        beside=case.beside.only(usable) if case.beside else None,
    )


def _first_side(panel: Panel, design: Design) -> Truths:
    """Who is compared with the others: those who began, or the earlier half of them where later ones are compared with."""
    if design.comparison == "never":
        return panel.began < panel.periods
    return panel.began <= np.median(panel.began[panel.began < panel.periods])


def _design(case: Case, settings: Settings) -> Design:
    never = int((case.panel.began >= NEVER).sum())
    return Design(
        comparison="never" if never >= settings.wide_comparison else "not yet",
        anticipation=case.anticipation,
        first_lag=-case.window.leads - case.anticipation,
        last_lag=case.window.lags - 1,
        relative_to=case.relative_to,
        method="doubly robust" if _waves_are_large(case, settings) else "regression",
    )


def _waves_are_large(case: Case, settings: Settings) -> bool:
    """Whether every wave has enough partners for each trait to tell its odds of beginning."""
    sizes = [int((case.panel.began == wave).sum()) for wave in case.panel.waves]
    needed = settings.fewest_for_trait * int(case.traits.shape[1])
    return min(sizes, default=0) >= needed


def _mean_lag(effects: GroupTimeEffects) -> float:
    """The mean lag of the overall effect, waves weighed by size as in the effect itself."""
    after = effects.lag >= 0
    waves = np.unique(effects.wave[after])
    means = [effects.lag[after & (effects.wave == wave)].mean() for wave in waves]
    return float(np.average(means, weights=[effects.panel.share_of(int(wave)) for wave in waves]))


def _begun_at(effects: GroupTimeEffects, lags: Integers) -> Integers:
    """How many partners that began stand behind the effect at each lag."""
    return np.array([effects.treated[effects.lag == lag].sum() for lag in lags], np.int64)


def _points(effects: GroupTimeEffects, by_lag: Aggregated, settings: Settings, seed: int) -> tuple[Point, ...]:
    band = by_lag.parts.band(critical_value(by_lag.parts, draws=settings.draws, seed=seed))
    counts = _begun_at(effects, by_lag.parts.at)
    return tuple(
        Point(int(lag), one, int(count)) for lag, one, count in zip(by_lag.parts.at, band, counts, strict=True)
    )


def _range(panel: Panel, design: Design) -> Range | None:
    """The overall effect of a design; None where no wave has any."""
    effects = group_time_effects(panel, design)
    return aggregate(effects, "by wave").overall.range if (effects.lag >= 0).any() else None


def _early(panel: Panel, early: int) -> Panel:
    """The panel as if everybody had begun earlier, without what came after the true beginning."""
    ever = panel.began < panel.periods
    after = panel.began[:, None] <= np.arange(panel.periods)
    began = np.where(ever, np.maximum(panel.began - panel.step * early, -1), panel.began)
    return replace(panel, outcome=np.where(after & ever[:, None], np.nan, panel.outcome), began=began)


def _biggest(case: Case) -> int:
    begun = np.flatnonzero(case.panel.began < case.panel.periods)
    return int(begun[np.argmax(case.sizes[begun])])


def _by_lot(panel: Panel, design: Design, effect: Estimate, settings: Settings, seed: int) -> float | None:
    if panel.partners > settings.few_partners:
        return None
    return probability_by_lot(panel, design, effect, draws=settings.draws, seed=seed)
