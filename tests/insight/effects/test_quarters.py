"""Quarters are counted from each partner's own act, so that none of them is half before it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from swingby.insight import SETTINGS, Act, EffectQuestion, Outcome
from swingby.insight.effects.reading import Months
from swingby.insight.effects.scale import stake_of
from swingby.insight.effects.shaping import Shaped, shape
from swingby.insight.effects.study import Findings, study_effect
from swingby.insight.numerics.arrays import Floats, Integers
from swingby.insight.numerics.panel import NEVER

WORTH, MONTHS, EACH = 0.3, 30, 25
QUESTION = EffectQuestion(
    Act("activities", "it"), Outcome.DEAL_SIZE, date(2023, 1, 1), date(2025, 7, 1), unit="quarter"
)
QUICK = replace(SETTINGS, draws=19)


def months(began: Integers, logs: Floats) -> Months:
    """One deal a month and partner."""
    ones, zeros = np.ones(logs.shape), np.zeros(logs.shape)
    return Months(
        partners=tuple(map(str, range(len(logs)))),
        enrolled=ones > 0,
        won=ones,
        lost=zeros,
        money=np.exp(logs),
        logs=logs,
        sized=ones,
        began=began,
        regions=np.arange(len(logs)) % 2,
        tenure=zeros[:, 0],
        one_day=0.0,
        drawn=np.full(len(logs), NEVER),
        invited=zeros[:, 0] > 0,
    )


@pytest.fixture(scope="module")
def shaped() -> Shaped:
    """Acts in the first, the second and the third month of a quarter; nothing but the act moves anything."""
    began = np.repeat([12, 13, 14, 15, NEVER], EACH)
    logs = np.where(began[:, None] <= np.arange(MONTHS), WORTH, 0.0)
    return shape(months(began, logs), QUESTION, SETTINGS)


def test_an_act_in_the_middle_of_a_quarter_is_not_diluted(shaped: Shaped) -> None:
    found = study_effect(shaped.case, QUICK)
    assert isinstance(found, Findings)
    assert {point.lag: round(point.effect.value, 9) for point in found.points if point.lag >= 0} == dict.fromkeys(
        range(4), WORTH
    )
    leads = {point.lag: round(point.effect.value, 9) for point in found.points if point.lag < 0}
    assert leads == dict.fromkeys(leads, 0)
    assert (found.counts.begun, found.counts.periods, found.counts.waves) == (4 * EACH, MONTHS // 3, 4)


def test_the_placebo_date_and_the_base_further_back_see_nothing_of_the_act(shaped: Shaped) -> None:
    found = study_effect(shaped.case, QUICK)
    assert isinstance(found, Findings)
    assert found.early is not None
    assert found.base_back is not None
    assert (round(found.early.value, 9), round(found.base_back.value, 9)) == (0, WORTH)
    assert found.plain_difference == pytest.approx(WORTH)


def test_money_after_the_act_is_that_of_the_months_after_it(shaped: Shaped) -> None:
    stake = stake_of(shaped, Outcome.DEAL_SIZE)
    assert stake is not None
    assert stake.money[: 4 * EACH] == pytest.approx(np.full((4 * EACH, 4), 3 * np.exp(WORTH)))
    assert stake.money[4 * EACH :].sum() == 0


def test_partners_that_begin_later_are_compared_with_until_they_do() -> None:
    """Without any that never begin; common movement cancels."""
    began = np.repeat([9, 10, 16, 20, 26], EACH)
    common = np.sin(np.arange(MONTHS))
    logs = common + np.where(began[:, None] <= np.arange(MONTHS), WORTH, 0.0)
    found = study_effect(shape(months(began, logs), QUESTION, SETTINGS).case, QUICK)
    assert isinstance(found, Findings)
    assert found.comparison == "not yet"
    assert found.effect.value == pytest.approx(WORTH)
