"""Acts of which it is known what they bring and what they cost: partners with deals, an act, and costs by month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from swingby.insight import SETTINGS, Act, Between, EffectQuestion, Outcome, ReturnQuestion, Verdict
from swingby.insight.effects.judging import judge
from swingby.insight.effects.reading import Months
from swingby.insight.effects.scale import stake_of
from swingby.insight.effects.shaping import shape
from swingby.insight.effects.study import Refusal, study_effect
from swingby.insight.numerics.arrays import Floats
from swingby.insight.numerics.panel import NEVER
from swingby.insight.returns.judging import rule
from swingby.insight.returns.reading import Spent
from swingby.insight.returns.study import Account, study_return
from tests.insight.company import SINCE, UNTIL

MONTHS, LEAD, LAGS = 24, 6, 6
#: What the act adds to the log of a deal in the long run, and how it comes.
RAMP = np.array([1 / 3, 2 / 3, 1.0])
DEALS, NOISE = 6.0, 0.6
MARGIN = Between(0.25, 0.35)
EFFECT = EffectQuestion(Act("credentials", "the training"), Outcome.DEAL_SIZE, SINCE, UNTIL, unit="month")
QUICK = replace(SETTINGS, draws=299)


@dataclass(frozen=True, slots=True)
class World:
    """What is true.

    Attributes
    ----------
    worth
        What the act adds to the log of a deal in the long run.
    cost
        What a partner of middling size spends on it.
    drift
        How much faster those who begin were growing anyway, a month.
    steep
        How much more it adds for larger partners; a return takes it for the same share for all.
    """

    worth: float = 0.2
    cost: float = 3000.0
    drift: float = 0.0
    steep: float = 0.0
    partners: int = 300


@dataclass(frozen=True, slots=True)
class Drawn:
    """Partners by months, what they cost, and what the act truly brought and cost."""

    months: Months
    spent: Spent
    gain: float
    cost: float


def draw(world: World, seed: int) -> Drawn:
    """Bigger, better partners begin, and spend more on it."""
    random = np.random.default_rng(seed)
    n = world.partners
    quality = random.normal(size=n)
    chosen = 1.5 * quality + random.logistic(size=n)
    ever = chosen > np.quantile(chosen, 0.4)
    began = np.where(ever, random.integers(7, MONTHS - 3, n), NEVER)
    lag = np.arange(MONTHS)[None, :] - began[:, None]
    effect = world.worth * np.exp(world.steep * quality)[:, None] * np.where(lag >= 0, RAMP[np.clip(lag, 0, 2)], 0.0)
    common = np.cumsum(random.normal(0.01, 0.02, MONTHS))
    level = 8 + 0.8 * quality[:, None] + common + world.drift * ever[:, None] * np.arange(MONTHS)
    number = random.poisson(DEALS, (n, MONTHS))
    partner, month = np.repeat(np.nonzero(number + 1), number.ravel(), axis=1)
    logs = (level + effect)[partner, month] + random.normal(0, NOISE, len(partner))
    money, summed = (np.zeros((n, MONTHS)) for _ in range(2))
    np.add.at(money, (partner, month), np.exp(logs))
    np.add.at(summed, (partner, month), logs)
    seen = (lag >= 0) & (lag < LAGS)
    costs = _costs(random, world, quality, began)
    months = _months(money, summed, number.astype(np.float64), began)
    spent = Spent({"costs": costs}, np.zeros_like(costs), np.zeros(n), np.zeros(n), ())
    return Drawn(months, spent, float((money * -np.expm1(-effect))[seen].sum()), float(costs.sum()))


def _costs(random: np.random.Generator, world: World, quality: Floats, began: np.ndarray) -> Floats:
    """Half of it two months before the act, half in its month; one in ten of the others tries and does not end it."""
    costs = np.zeros((world.partners, LEAD + MONTHS))
    each = world.cost * np.exp(0.4 * quality + random.normal(0, 0.5, world.partners)) / 2
    for who in np.flatnonzero(began < NEVER):
        costs[who, [LEAD + began[who] - 2, LEAD + began[who]]] = each[who]
    tried = np.flatnonzero((began >= NEVER) & (random.random(world.partners) < 0.1))
    costs[tried, LEAD + random.integers(0, MONTHS, len(tried))] = each[tried]
    return costs


def _months(money: Floats, logs: Floats, number: Floats, began: np.ndarray) -> Months:
    n = len(money)
    return Months(
        partners=tuple(f"p{nth}" for nth in range(n)),
        enrolled=np.ones(money.shape, bool),
        won=number,
        lost=np.zeros_like(number),
        money=money,
        logs=logs,
        sized=number,
        began=began.astype(np.int64),
        regions=np.arange(n) % 2,
        tenure=np.zeros(n),
        one_day=0.0,
        drawn=np.full(n, NEVER, np.int64),
        invited=np.zeros(n, bool),
    )


@cache
def truth(world: World) -> float:
    """What an act of this kind brings back for what it costs, before margin: in the long run over many partners."""
    many = [draw(replace(world, partners=20_000), seed) for seed in range(10)]
    return sum(one.gain for one in many) / sum(one.cost for one in many)


@dataclass(frozen=True, slots=True)
class Rates:
    """What came of many worlds: verdicts, answers, and how often ranges held the truth."""

    worlds: int
    answered: int
    verdicts: Counter[Verdict]
    answers: Counter[str]
    told: int
    held: int
    held_if_told: int
    estimate: float
    truth: float


def rates(world: World, seeds: Iterable[int]) -> Rates:
    """Draw a world for each seed, with a margin that is any of those said, and reckon."""
    verdicts: Counter[Verdict] = Counter()
    answers: Counter[str] = Counter()
    held = told = both = worlds = 0
    total = 0.0
    for seed in seeds:
        worlds += 1
        found = reckon(draw(world, seed), seed)
        if found is None:
            verdicts[Verdict.UNANSWERABLE] += 1
            continue
        verdict, answer, account = found
        true = truth(world) * np.random.default_rng([seed, 7]).uniform(MARGIN.low, MARGIN.high)
        is_held, is_told = account.times.low <= true <= account.times.high, answer in {"pays", "loses", "either"}
        verdicts[verdict] += 1
        answers[answer] += 1
        held, told, both = held + is_held, told + is_told, both + (is_held and is_told)
        total += account.times.value
    answered = worlds - verdicts[Verdict.UNANSWERABLE]
    return Rates(worlds, answered, verdicts, answers, told, held, both, total / answered, truth(world) * MARGIN.middle)


def reckon(drawn: Drawn, seed: int) -> tuple[Verdict, str, Account] | None:
    """The verdict, the answer and the account of one world; None where nobody can be compared."""
    question = ReturnQuestion(EFFECT, margin=MARGIN, costs=("training",), lead=LEAD)
    shaped = shape(drawn.months, EFFECT, QUICK)
    found = study_effect(shaped.case, QUICK, seed=seed)
    stake = stake_of(shaped, Outcome.DEAL_SIZE)
    assert stake is not None
    if isinstance(found, Refusal):
        return None
    account = study_return(shaped, stake, drawn.spent, question, QUICK, seed=seed)
    ruling = rule(question, found.effect, judge(found, QUICK), account, QUICK, first=True)
    return ruling.verdict, ruling.answer, account
