"""From partners by months to the case that is studied: the outcome, the periods, what partners count for."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from swingby.insight.effects.question import EffectQuestion, Outcome, Unit
from swingby.insight.effects.reading import Months
from swingby.insight.effects.study import MONTHS, QUARTERS, Case, Window
from swingby.insight.numerics.arrays import Floats, Truths
from swingby.insight.numerics.panel import NEVER, Panel
from swingby.insight.settings import Settings

QUARTER = 3
YEAR: dict[Unit, int] = {"month": 12, "quarter": 4}
ADDED = ("won", "lost", "money", "logs", "sized")


@dataclass(frozen=True, slots=True)
class Shaped:
    """A case, its periods by column of the panel, and how many partners had too few opportunities to have a rate."""

    case: Case
    periods: Months
    unit: Unit
    thin: int = 0


def shape(months: Months, question: EffectQuestion, settings: Settings) -> Shaped:
    """Make the case of a question.

    A mean deal size is the mean of logs, and a win rate the share of closed opportunities; a partner counts for as much
    as its mean is known: ``n / (n + 1)``, with n what it had in a usual period before the act. Revenue is compared with
    what was usual for the partner in the year before; months without a sale count as zero.
    """
    unit = question.unit or _unit(months, question.outcome, settings)
    step = QUARTER if unit == "quarter" and question.lots is None else 1
    periods = months if unit == "month" else by_quarter(months) if step == 1 else from_every_month(months)
    counted = counted_of(periods, question.outcome)
    outcome, weights = outcome_of(periods, question.outcome)
    thin = _thin(months, settings) if question.outcome is Outcome.WIN_RATE else np.zeros(len(weights), bool)
    outcome[thin] = np.nan
    beside = question.outcome in {Outcome.DEAL_SIZE, Outcome.WIN_RATE}
    case = Case(
        panel=Panel(outcome, periods.began, weights=weights, step=step),
        sizes=months.money.sum(axis=1),
        traits=_traits(periods, slice(0, step * settings.fewest_before, step)),
        window=_window(question, unit),
        beside=Panel(np.where(periods.enrolled, counted, np.nan), periods.began, step=step) if beside else None,
        anticipation=question.anticipation,
        adjusted=question.adjusted,
        relative_to=_usual(question, unit) if question.outcome is Outcome.REVENUE else 0,
    )
    return Shaped(case, periods, unit, int(thin.sum()))


def _usual(question: EffectQuestion, unit: Unit) -> int:
    if question.usual is None:
        return YEAR[unit]
    return question.usual if unit == "month" else -(-question.usual // QUARTER)


def _window(question: EffectQuestion, unit: Unit) -> Window:
    window = MONTHS if unit == "month" else QUARTERS
    if question.over is None:
        return window
    return replace(window, lags=question.over if unit == "month" else -(-question.over // QUARTER))


def by_quarter(months: Months) -> Months:
    """Three months each; a last quarter that is not whole is left out."""
    whole = months.enrolled.shape[1] // QUARTER
    began = np.where((months.began >= 0) & (months.began < NEVER), months.began // QUARTER, months.began)
    return replace(
        months,
        enrolled=_blocks(months.enrolled.astype(np.float64), whole).min(axis=2) > 0,
        began=np.where(began >= whole, NEVER, began),
        drawn=np.where(months.drawn // QUARTER >= whole, NEVER, months.drawn // QUARTER),
        **{name: _blocks(getattr(months, name), whole).sum(axis=2) for name in ADDED},
    )


def from_every_month(months: Months) -> Months:
    """The quarter that begins in each month, so that quarters can be counted from each partner's act.

    A quarter with the act inside is neither before nor after it, and left out.
    """
    count = months.enrolled.shape[1] - QUARTER + 1
    first = np.arange(count)
    inside = (first < months.began[:, None]) & (months.began[:, None] < first + QUARTER)
    return replace(
        months,
        enrolled=(_quarters(months.enrolled.astype(np.float64)).min(axis=2) > 0) & ~inside,
        began=np.where(months.began >= count, NEVER, months.began),
        **{name: _quarters(getattr(months, name)).sum(axis=2) for name in ADDED},
    )


def _quarters(array: Floats) -> Floats:
    return np.lib.stride_tricks.sliding_window_view(array, QUARTER, axis=1)


def _blocks(array: Floats, whole: int) -> Floats:
    return array[:, : whole * QUARTER].reshape(len(array), whole, QUARTER)


def _unit(months: Months, outcome: Outcome, settings: Settings) -> Unit:
    """Months if the partners that ever have an outcome have one in most months; quarters otherwise."""
    if outcome in {Outcome.REVENUE, Outcome.ANY_SALE}:
        return "month"
    seen: Truths = (months.sized if outcome is Outcome.DEAL_SIZE else months.won + months.lost) > 0
    asked = months.enrolled & (seen.sum(axis=1) > 0)[:, None]
    filled = (seen & asked).sum() / max(1, asked.sum())
    return "month" if filled >= settings.filled_months else "quarter"


def counted_of(periods: Months, outcome: Outcome) -> Floats:
    """How many deals stand behind an outcome, by partner and period."""
    return {
        Outcome.DEAL_SIZE: periods.sized,
        Outcome.WIN_RATE: periods.won + periods.lost,
        Outcome.REVENUE: periods.won,
        Outcome.ANY_SALE: periods.won,
    }[outcome]


def outcome_of(periods: Months, outcome: Outcome) -> tuple[Floats, Floats]:
    """The outcome by partner and period, missing where there is none, and for how much each partner counts."""
    counted = counted_of(periods, outcome)
    ones = np.ones(len(counted))
    match outcome:
        case Outcome.DEAL_SIZE:
            return _where(periods.logs, counted, periods.enrolled), _known(periods, counted)
        case Outcome.WIN_RATE:
            return _where(periods.won, counted, periods.enrolled), _known(periods, counted)
        case Outcome.REVENUE:
            return np.where(periods.enrolled, periods.money, np.nan), ones
        case Outcome.ANY_SALE:
            return np.where(periods.enrolled, (periods.won > 0).astype(np.float64), np.nan), ones


def _where(total: Floats, counted: Floats, enrolled: Truths) -> Floats:
    return np.where((counted > 0) & enrolled, total / np.maximum(counted, 1), np.nan)


def before_act(periods: Months) -> Truths:
    """The enrolled periods of each partner before it began."""
    return periods.enrolled & (np.arange(periods.enrolled.shape[1]) < periods.began[:, None])


def _known(periods: Months, counted: Floats) -> Floats:
    before = before_act(periods)
    usual = np.where(before, counted, 0).sum(axis=1) / np.maximum(before.sum(axis=1), 1)
    return np.asarray(usual / (usual + 1), np.float64)


def _thin(months: Months, settings: Settings) -> Truths:
    """Partners with too few closed opportunities before or after; in all, if they never began."""
    closed = counted_of(months, Outcome.WIN_RATE)
    before = np.where(before_act(months), closed, 0).sum(axis=1)
    after = np.where(months.enrolled, closed, 0).sum(axis=1) - before
    least = settings.fewest_opportunities
    thin: Truths = np.where(months.began < NEVER, (before < least) | (after < least), before < 2 * least)
    return thin


def _traits(periods: Months, first: slice) -> Floats:
    """What partners were like in the first periods, before anybody that counts began: size, deals, tenure, region."""
    enrolled = periods.enrolled[:, first]
    days = np.maximum(enrolled.sum(axis=1), 1)
    size, deals = (np.where(enrolled, array[:, first], 0).sum(axis=1) / days for array in (periods.money, periods.won))
    there = enrolled.any(axis=1)
    regions = (periods.regions[:, None] == np.unique(periods.regions)[1:]).astype(np.float64)
    columns = (np.where(there, np.log1p(np.maximum(size, 0)), np.nan), np.where(there, np.log1p(deals), np.nan))
    return np.column_stack([*columns, np.log1p(periods.tenure), regions])
