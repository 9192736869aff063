"""What an act costs and brings, drawn again together: sums, a path by period, and what it would need to pay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from swingby.insight.effects.scale import Stake, from_act
from swingby.insight.effects.shaping import Shaped
from swingby.insight.effects.study import ByLag, effects_by_lag
from swingby.insight.numerics.arrays import Floats, Integers, Truths
from swingby.insight.numerics.estimates import Range
from swingby.insight.numerics.panel import NEVER
from swingby.insight.numerics.redrawing import draw_again, range_of
from swingby.insight.returns.question import Between, ReturnQuestion
from swingby.insight.returns.reading import Spent
from swingby.insight.settings import Settings


@dataclass(frozen=True, slots=True)
class Step:
    """How it stands so many periods after the act, for each partner that began; before the act at period 0."""

    period: int
    net: Range
    partners: int


@dataclass(frozen=True, slots=True)
class Account:
    """What the act costs and brings; money of all that began and were studied, while they were looked at.

    Attributes
    ----------
    cost
        What was spent; between the least and the most of what was said as a range.
    gain, net, times
        The margin that would not be there without the act, what is left of it after costs, and gain for each unit spent.
    before, vain
        Of the cost: before the act, and on partners that never did it.
    parts
        The cost by what it was for.
    effect_needed
        The effect from which on it pays; infinite where no effect is large enough.
    margin_needed, hour_needed
        The margin, and the cost of an hour, at which it just pays; None without a gain or without hours.
    margin
        What stays of revenue.
    path
        For each partner that began, from before the act on.
    paid_back
        After how many periods it is paid back; infinite where it is not within those looked at.
    if_it_stays
        The same if the periods after went on as those looked at did in the mean.
    with_cost, begun
        How many of those that began have any cost of their own, and how many there are.
    hours
        All hours that are counted.
    """

    cost: Range
    gain: Range
    net: Range
    times: Range
    before: float
    vain: float
    parts: tuple[tuple[str, float], ...]
    effect_needed: Range
    margin_needed: Range | None
    hour_needed: Range | None
    margin: Range
    path: tuple[Step, ...]
    paid_back: Range
    if_it_stays: Range
    with_cost: int
    begun: int
    hours: float


@dataclass(frozen=True, slots=True)
class Bought:
    """What partners cost, from so many periods before the act on; only of those that began and were studied.

    Attributes
    ----------
    money, hours
        Partners by periods.
    begun
        Who they are.
    vain_money, vain_hours
        Of those that never did it, by partner.
    """

    money: dict[str, Floats]
    hours: Floats
    begun: Truths
    vain_money: dict[str, Floats]
    vain_hours: Floats
    lead: int


def study_return(
    shaped: Shaped, stake: Stake, spent: Spent, question: ReturnQuestion, settings: Settings, *, seed: int
) -> Account:
    """Reckon what the act of a case that can be studied costs and brings.

    Parameters
    ----------
    shaped, stake
        The case of the effect, and the money that the effect works on.
    spent
        What partners cost.
    """
    by_lag = effects_by_lag(shaped.case, settings)
    after = by_lag.effects.of(*range(shaped.case.window.lags))
    bought = _bought(shaped, spent, by_lag, lead_periods(question, shaped))
    columns = _columns(stake, spent, bought, after.at) | {"rewarded": _rewarded(shaped, bought)[:, after.at]}
    places = np.cumsum([0, *(array.shape[1] for array in columns.values())])
    drawn = draw_again(
        np.hstack(list(columns.values())),
        after.values,
        after.influence,
        by_lag.studied,
        draws=settings.draws,
        seed=seed,
    )
    sums = {name: drawn.sums[:, places[nth] : places[nth + 1]] for nth, name in enumerate(columns)}
    return reckon(sums, drawn.values, stake, bought, question, seed=seed)


def _rewarded(shaped: Shaped, bought: Bought) -> Floats:
    """What partners sold from the act on, on which something may be granted."""
    panel, lags = shaped.case.panel, shaped.case.window.lags
    sold = from_act(shaped.periods.money, panel.began, 0, lags, step=panel.step)
    return np.where(bought.begun[:, None], sold, 0.0)


def _columns(stake: Stake, spent: Spent, bought: Bought, lags: Integers) -> dict[str, Floats]:
    """What is added up over partners, each partner by what belongs together."""
    begun = bought.begun[:, None]
    money, vain = (sum(of.values(), np.zeros(1)) for of in (bought.money, bought.vain_money))
    return {
        "stake": np.where(begun, stake.money[:, lags], 0.0),
        "seen": np.where(begun, stake.seen[:, lags], 0.0),
        "money": money + np.zeros_like(bought.hours),
        "hours": bought.hours,
        "begun": begun.astype(np.float64),
        "vain money": (vain + np.zeros(len(begun)))[:, None],
        "vain hours": bought.vain_hours[:, None],
        "margin": spent.margin[:, None],
        "sold": spent.sold[:, None],
    }


def _bought(shaped: Shaped, spent: Spent, by_lag: ByLag, lead: int) -> Bought:
    began, lags, step = shaped.case.panel.began, shaped.case.window.lags, shaped.case.panel.step
    begun = by_lag.studied & (began < shaped.case.panel.periods)

    def of_begun(of: Floats) -> Floats:
        from_first = began + lead * step
        return np.where(begun[:, None], from_act(_periods(of, step), from_first, -lead, lags, step=step), 0.0)

    def in_vain(of: Floats) -> Floats:
        return np.where(began >= NEVER, of[:, lead * step :].sum(axis=1), 0.0)

    return Bought(
        money={kind: of_begun(of) for kind, of in spent.money.items()},
        hours=of_begun(spent.hours),
        begun=begun,
        vain_money={kind: in_vain(of) for kind, of in spent.money.items()},
        vain_hours=in_vain(spent.hours),
        lead=lead,
    )


def _periods(of: Floats, step: int) -> Floats:
    """The sums of so many months from each month on."""
    return np.asarray(np.lib.stride_tricks.sliding_window_view(of, step, axis=1).sum(axis=2), np.float64)


def reckon(
    sums: dict[str, Floats], effects: Floats, stake: Stake, bought: Bought, question: ReturnQuestion, *, seed: int
) -> Account:
    """Turn drawn sums and effects into an account; the first row of each is what was seen."""
    random = np.random.default_rng([seed, 1])
    lead, begun = bought.lead, np.maximum(sums["begun"][:, 0], 1)
    margin = _margin(sums, question, random)
    hour, hours_each, each, granted = (
        _drawn(one, len(begun), random) for one in (question.hour, question.hours_each, question.each, question.granted)
    )
    gains = margin[:, None] * sums["stake"] * stake.part(effects)
    hours = sums["hours"].sum(axis=1) + sums["vain hours"][:, 0] + begun * hours_each
    spends = sums["money"] + sums["hours"] * hour[:, None]
    spends[:, lead : lead + gains.shape[1]] += granted[:, None] * sums["rewarded"]
    vain = sums["vain money"][:, 0] + sums["vain hours"][:, 0] * hour
    before = spends[:, :lead].sum(axis=1) + begun * (each + hours_each * hour)
    cost, gain = before + vain + spends[:, lead:].sum(axis=1), gains.sum(axis=1)
    path = _path(before + vain, gains, spends[:, lead : lead + gains.shape[1]], sums["seen"], begun)
    at_stake = sums["stake"].sum(axis=1)
    return Account(
        cost=_cost(float(cost[0]), sums, question),
        gain=range_of(gain),
        net=range_of(gain - cost),
        times=range_of(_ratio(gain, cost)),
        before=float(before[0]),
        vain=float(vain[0]),
        parts=tuple(_parts(bought, question, begun[0], float(sums["rewarded"][0].sum()))),
        effect_needed=range_of(stake.needed(_ratio(cost, margin * at_stake))),
        margin_needed=range_of(_ratio(cost, gain / margin)) if gain[0] > 0 else None,
        hour_needed=range_of(_ratio(gain - cost + hours * hour, hours)) if hours[0] > 0 else None,
        margin=range_of(margin),
        path=tuple(
            Step(nth, range_of(at), round(many))
            for nth, (at, many) in enumerate(zip(path.T, [begun[0], *sums["seen"][0]], strict=True))
        ),
        paid_back=range_of(_first(path)),
        if_it_stays=range_of(_in_time(path)),
        with_cost=int((bought.begun & (_own_cost(bought) > 0)).sum()),
        begun=int(bought.begun.sum()),
        hours=float(hours[0]),
    )


def _cost(cost: float, sums: dict[str, Floats], question: ReturnQuestion) -> Range:
    """What was spent is known, so its range is only that of what was said as one."""
    begun = float(sums["begun"][0, 0])
    recorded = float(sums["hours"][0].sum() + sums["vain hours"][0, 0])
    sold = float(sums["rewarded"][0].sum())

    def said(hour: float, hours_each: float, each: float, granted: float) -> float:
        return (recorded + begun * hours_each) * hour + begun * each + sold * granted

    asked = (question.hour, question.hours_each, question.each, question.granted)
    middle = said(*(one.middle for one in asked))
    low, high = said(*(one.low for one in asked)), said(*(one.high for one in asked))
    return Range(cost, cost - middle + low, cost - middle + high)


def _margin(sums: dict[str, Floats], question: ReturnQuestion, random: np.random.Generator) -> Floats:
    if question.margin is None:
        return _ratio(sums["margin"][:, 0], sums["sold"][:, 0])
    return _drawn(question.margin, len(sums["margin"]), random)


def _drawn(between: Between, rows: int, random: np.random.Generator) -> Floats:
    """The middle first, then numbers between the ends, all as likely."""
    return np.concatenate([[between.middle], random.uniform(between.low, between.high, rows - 1)])


def _ratio(of: Floats, to: Floats) -> Floats:
    """One through the other; infinite where the other is nothing."""
    return np.where(to > 0, of / np.where(to > 0, to, 1.0), np.inf)


def _path(start: Floats, gains: Floats, spends: Floats, seen: Floats, begun: Floats) -> Floats:
    """How each partner that began stands before the act and after each period, by those that were seen then."""
    moved = (gains - spends) / np.maximum(seen, 1)
    return np.cumsum(np.column_stack([-start / begun, moved]), axis=1)


def _first(path: Floats) -> Floats:
    """The first period after which nothing is owed any more and none is later on; infinite if there is none."""
    above = path >= 0
    kept = np.logical_and.accumulate(above[:, ::-1], axis=1)[:, ::-1]
    return np.where(kept[:, -1], np.argmax(kept, axis=1), np.inf)


def _in_time(path: Floats) -> Floats:
    """The same if it went on as in the mean of the periods that were seen."""
    first, last = _first(path), path.shape[1] - 1
    mean = (path[:, -1] - path[:, 0]) / max(1, last)
    later = np.where(mean > 0, last - path[:, -1] / np.where(mean > 0, mean, 1), np.inf)
    return np.where(np.isfinite(first), first, later)


def _own_cost(bought: Bought) -> Floats:
    """What facts tell of the cost of each that began: money, or hours where there is none."""
    parts = [bought.hours, *bought.money.values()]
    return np.asarray(np.hstack(parts).sum(axis=1), np.float64)


def _parts(bought: Bought, question: ReturnQuestion, begun: float, sold: float) -> Iterator[tuple[str, float]]:
    """The cost by what it was for."""
    for kind, money in bought.money.items():
        yield kind, float(money.sum() + bought.vain_money[kind].sum())
    hours = float(bought.hours.sum() + bought.vain_hours.sum()) + begun * question.hours_each.middle
    yield "time", hours * question.hour.middle
    yield "each", begun * question.each.middle
    yield "granted", sold * question.granted.middle


def lead_months(question: ReturnQuestion, shaped: Shaped) -> int:
    """From how many months before the act costs are counted: whole periods."""
    return lead_periods(question, shaped) * shaped.case.panel.step


def lead_periods(question: ReturnQuestion, shaped: Shaped) -> int:
    """The same in periods."""
    return -(-question.lead // shaped.case.panel.step)
