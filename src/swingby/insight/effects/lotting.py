"""What is estimated where partners were invited by lot: being invited and doing it, kept apart."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from swingby.insight.cards import Result
from swingby.insight.effects.judging import Judgement
from swingby.insight.effects.shaping import Shaped
from swingby.insight.numerics.arrays import Floats, Integers, Truths
from swingby.insight.numerics.estimates import Range
from swingby.insight.numerics.lots import LotDifference, difference_by_lot, effect_of_doing
from swingby.insight.numerics.panel import NEVER
from swingby.insight.settings import SETTINGS, Settings
from swingby.insight.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class LotCounts:
    """Partners on either side of the lot, and who was left out."""

    invited: int
    waiting: int
    rounds: int
    did_invited: int
    did_waiting: int
    done_before: int
    missing_invited: int
    missing_waiting: int


@dataclass(frozen=True, slots=True)
class LotFindings:
    """What the lot shows; effects are on the scale of the outcome.

    Attributes
    ----------
    invited
        The change of those invited less that of those who wait, whatever they did.
    doing
        The effect on those who did it because they were invited.
    before
        The difference of both sides before the lot, which should be none.
    without_biggest
        The effect without the biggest partner.
    """

    counts: LotCounts
    invited: LotDifference
    doing: Range | None
    before: Range
    without_biggest: Range


@dataclass(frozen=True, slots=True)
class LotRefusal:
    """Too few partners on a side of the lot."""

    counts: LotCounts
    found: int
    needed: int


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Partners of the lot with an outcome on both sides of it."""

    change: Floats
    level: Floats
    invited: Truths
    did: Truths
    rounds: Integers
    sizes: Floats

    def without(self, place: int) -> _Drawn:
        kept = np.arange(len(self.change)) != place
        return _Drawn(
            *(part[kept] for part in (self.change, self.level, self.invited, self.did, self.rounds, self.sizes))
        )


def study_lots(shaped: Shaped, settings: Settings = SETTINGS) -> LotFindings | LotRefusal:
    """Compare those invited with those who wait, as the lot fell.

    The outcome of a partner is its mean over the periods of the window from its lot on less its mean over those before; of
    revenue, as a share of the latter. Partners that did it before their lot, and rounds in which fewer than two were drawn
    on a side, are left out.
    """
    drawn, counts = _drawn(shaped)
    if min(counts.invited, counts.waiting) < settings.fewest_by_lot:
        return LotRefusal(counts, min(counts.invited, counts.waiting), settings.fewest_by_lot)
    return LotFindings(
        counts=counts,
        invited=difference_by_lot(drawn.change, drawn.invited, rounds=drawn.rounds),
        doing=effect_of_doing(drawn.change, drawn.did, drawn.invited, rounds=drawn.rounds),
        before=difference_by_lot(drawn.level, drawn.invited, rounds=drawn.rounds).difference,
        without_biggest=_without_biggest(drawn),
    )


def judge_lots(found: LotFindings | LotRefusal, settings: Settings = SETTINGS) -> Judgement:
    """A lot shows an effect when its range excludes zero and partners are missing alike on both sides."""
    if isinstance(found, LotRefusal):
        return Judgement(Verdict.UNANSWERABLE, {})
    counts = found.counts
    shares = (
        counts.missing_invited / (counts.invited + counts.missing_invited),
        counts.missing_waiting / (counts.waiting + counts.missing_waiting),
    )
    effect = found.invited.difference
    passed = {
        "interval": effect.excludes_zero,
        "before the lot": not found.before.excludes_zero,
        "missing alike": abs(shares[0] - shares[1]) <= settings.most_unlike_missing,
        "biggest partner": found.without_biggest.value * effect.value > 0,
    }
    results = {name: Result.PASSED if good else Result.FAILED for name, good in passed.items()}
    if not passed["interval"]:
        return Judgement(Verdict.NOT_SHOWN, results)
    return Judgement(Verdict.SHOWN if all(passed.values()) else Verdict.SUGGESTED, results)


def _drawn(shaped: Shaped) -> tuple[_Drawn, LotCounts]:
    periods, window = shaped.periods, shaped.case.window
    lag = np.arange(shaped.case.panel.periods) - periods.drawn[:, None]
    in_lot = periods.drawn < NEVER
    early = in_lot & (periods.began < periods.drawn)
    before = _mean(shaped.case.panel.outcome, (lag < 0) & (lag >= -window.leads))
    after = _mean(shaped.case.panel.outcome, (lag >= 0) & (lag < window.lags))
    change = after - before
    if shaped.case.relative_to:
        change = change / np.where(before > 0, before, np.nan)
    seen, asked = np.isfinite(change), in_lot & ~early
    kept = asked & seen & _in_whole_rounds(periods.drawn, periods.invited, asked & seen)
    did = periods.began < periods.drawn + window.lags
    sides = periods.invited[kept]
    counts = LotCounts(
        invited=int(sides.sum()),
        waiting=int((~sides).sum()),
        rounds=len(np.unique(periods.drawn[kept])),
        did_invited=int((did & periods.invited & kept).sum()),
        did_waiting=int((did & ~periods.invited & kept).sum()),
        done_before=int(early.sum()),
        missing_invited=int((asked & ~kept & periods.invited).sum()),
        missing_waiting=int((asked & ~kept & ~periods.invited).sum()),
    )
    sizes = shaped.case.sizes
    return _Drawn(change[kept], before[kept], sides, did[kept], periods.drawn[kept], sizes[kept]), counts


def _mean(outcome: Floats, chosen: Truths) -> Floats:
    seen = chosen & np.isfinite(outcome)
    count = seen.sum(axis=1)
    total = np.where(seen, outcome, 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _in_whole_rounds(drawn: Integers, invited: Truths, asked: Truths) -> Truths:
    """Who was drawn in a round with at least two partners on either side."""
    whole = [
        one
        for one in np.unique(drawn[asked])
        if min((asked & (drawn == one) & invited).sum(), (asked & (drawn == one) & ~invited).sum()) > 1
    ]
    return np.isin(drawn, whole)


def _without_biggest(drawn: _Drawn) -> Range:
    """The effect without the biggest partner; with it, if its round would then not be whole."""
    left = drawn.without(int(np.argmax(drawn.sizes)))
    whole = _in_whole_rounds(left.rounds, left.invited, np.ones(len(left.change), bool))
    kept = replace(left, **{name: getattr(left, name)[whole] for name in ("change", "invited", "rounds")})
    if not len(kept.change):
        return difference_by_lot(drawn.change, drawn.invited, rounds=drawn.rounds).difference
    return difference_by_lot(kept.change, kept.invited, rounds=kept.rounds).difference
