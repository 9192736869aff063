"""Curves and hazard ratios: as printed, as another program finds them, and in worlds of which the truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from swingby.insight.numerics.arrays import Floats
from swingby.insight.numerics.hazards import NoFitError, cox
from swingby.insight.numerics.ranking import area_under_curve, best_line
from swingby.insight.numerics.survival import Spells, kaplan_meier, log_rank
from swingby.insight.staying.answering import start_stop
from tests.insight.published import DATA, apart

TRAITS = ("fin", "age", "race", "wexp", "mar", "paro", "prio")
OF_PATIENTS = ("age", "year", "surgery", "transplant")
WORLDS = 60
BY_CHANCE = 1e-4


def rows(name: str) -> np.ndarray:
    return np.genfromtxt(DATA / f"{name}.csv", delimiter=",", names=True)


def columns(table: np.ndarray, names: tuple[str, ...]) -> Floats:
    return np.column_stack([table[name] for name in names])


def spells(ended: list[float], left: list[bool], entered: list[float] | None = None) -> Spells:
    begun = np.zeros(len(ended)) if entered is None else np.array(entered, np.float64)
    return Spells(begun, np.array(ended, np.float64), np.array(left))


def test_ratios_are_as_printed() -> None:
    released, patients = rows("rossi"), rows("transplants")
    found = cox(Spells(np.zeros(len(released)), released["week"], released["arrest"] == 1), columns(released, TRAITS))
    moving = cox(Spells(patients["start"], patients["stop"], patients["event"] == 1), columns(patients, OF_PATIENTS))
    measured = {f"Rossi {name}": float(one) for name, one in zip(TRAITS, found.coefficients, strict=True)}
    measured |= {
        "Rossi error of fin": float(found.errors[0]),
        "Rossi likelihood": found.likelihood,
        "Rossi concordance": found.concordance,
        "Rossi: constancy of age": float(found.proportional[1]),
        "Rossi: constancy of wexp": float(found.proportional[3]),
    }
    for nth, name in enumerate(OF_PATIENTS):
        measured[f"Transplants {name}"] = float(moving.coefficients[nth])
        measured[f"Transplants error of {name}"] = float(moving.errors[nth])
    assert apart("hazards", measured) == {}


def test_curves_are_as_printed() -> None:
    leaders, released = rows("leaders"), rows("rossi")
    ruled = Spells(np.zeros(len(leaders)), leaders["duration"], leaders["observed"] == 1)
    free = leaders["democracy"] == 1
    year = kaplan_meier(Spells(np.zeros(len(released)), released["week"], released["arrest"] == 1)).at(52)
    measured = {
        "leaders: median": kaplan_meier(ruled).median.value,
        "leaders: median of democracies": kaplan_meier(ruled.only(free)).median.value,
        "leaders: median of others": kaplan_meier(ruled.only(~free)).median.value,
        "Rossi: share after 52 weeks": year.value,
        "Rossi: low": year.low,
        "Rossi: high": year.high,
    }
    assert apart("survival", measured) == {}
    # lifelines 0.30.3: 1.3557143218482053e-58.
    assert log_rank(ruled, free.astype(np.int64)) == pytest.approx(1.3557143218482053e-58, rel=1e-9)


def test_a_curve_by_hand() -> None:
    """Five spells: 2 leave of 5 at 1, one is lost at 2, one leaves of 2 at 3, the last stays until 4."""
    curve = kaplan_meier(spells([1, 1, 2, 3, 4], [True, True, False, True, False]))
    assert curve.times.tolist() == [1, 3]
    assert (curve.at_risk.tolist(), curve.departed.tolist()) == ([5, 2], [2, 1])
    assert curve.share.tolist() == pytest.approx([0.6, 0.3])
    assert curve.variance.tolist() == pytest.approx([2 / 15, 2 / 15 + 1 / 2])
    assert (curve.at(0.5).value, curve.median.value) == (1, 3)


def test_who_is_looked_at_late_counts_from_then_on() -> None:
    late = spells([2, 3, 3, 5], [True, True, False, True], [0, 2, 0, 1])
    curve = kaplan_meier(late)
    assert curve.at_risk.tolist() == [3, 3, 1]
    assert [late.at_risk(time) for time in (0, 1, 1.5, 2, 2.5)] == [2, 2, 3, 3, 3]


def test_ranges_stay_between_nothing_and_everybody() -> None:
    curve = kaplan_meier(spells([float(one) for one in range(1, 30)], [True] * 29))
    assert all(0 <= one.low <= one.value <= one.high <= 1 for one in curve.ranges)
    assert (curve.at(29).low, curve.at(29).high) == (0, 0)


def test_an_act_splits_a_spell_on_its_day() -> None:
    """Before, within, on the day of the departure (too late), never."""
    whole = spells([10, 10, 10, 10], [True, True, True, False])
    split, done = start_stop(whole, np.array([-3, 4, 10, np.inf]))
    assert list(zip(split.entered, split.ended, split.left, done[:, 0], strict=True)) == [
        (0, 10, True, 1),
        (0, 4, False, 0),
        (0, 10, True, 0),
        (0, 10, False, 0),
        (4, 10, True, 1),
    ]


def drawn(random: np.random.Generator, *, ratio: float, number: int = 300) -> tuple[Spells, Floats]:
    """Spells of a constant hazard that the act, on a day drawn for each, multiplies from then on."""
    act = random.exponential(20, number)
    early, late = random.exponential(25, number), random.exponential(25 / ratio, number)
    ended = np.where(early < act, early, act + late)
    until = random.uniform(20, 60, number)
    return Spells(np.zeros(number), np.minimum(ended, until), ended <= until), act


def test_ever_did_it_misleads_and_rows_that_start_and_stop_do_not() -> None:
    """The act does nothing; as a label from the first day on it seems to keep."""
    random = np.random.default_rng(5)
    held, naive = 0, []
    for _ in range(WORLDS):
        whole, act = drawn(random, ratio=1)
        ratio = cox(*start_stop(whole, act)).ratio(0)
        held += ratio.low <= 1 <= ratio.high
        naive.append(cox(whole, (act < whole.ended).astype(np.float64)[:, None]).ratio(0).value)
    assert binom.ppf(BY_CHANCE, WORLDS, 0.95) <= held
    assert float(np.mean(naive)) < 0.4


def test_a_true_ratio_is_found() -> None:
    random = np.random.default_rng(6)
    found = [cox(*start_stop(*drawn(random, ratio=0.5))).ratio(0) for _ in range(WORLDS)]
    assert sum(one.low <= 0.5 <= one.high for one in found) >= binom.ppf(BY_CHANCE, WORLDS, 0.95)
    assert float(np.mean(np.log([one.value for one in found]))) == pytest.approx(np.log(0.5), abs=0.05)


@pytest.mark.parametrize(
    ("left", "trait"),
    [
        ([False, False, False, False], [0, 1, 0, 1]),
        ([True, True, True, True], [1, 1, 1, 1]),
        ([True, True, False, False], [1, 1, 0, 0]),
    ],
)
def test_what_has_no_estimate_is_refused(left: list[bool], trait: list[float]) -> None:
    with pytest.raises(NoFitError):
        cox(spells([1, 2, 3, 4], left), np.array(trait, np.float64)[:, None])


def test_a_spell_is_looked_at_for_some_time() -> None:
    with pytest.raises(ValueError, match="some time"):
        spells([3], [True], [3])


def test_areas_by_hand() -> None:
    """Of six pairs five are right, one is a tie: 5.5 of 6."""
    found = area_under_curve(np.array([3, 2, 2, 1, 0]), np.array([True, True, False, False, False]))
    assert found.value == pytest.approx(5.5 / 6)
    assert best_line(np.array([3.0, 2, 2, 1, 0]), np.array([True, True, False, False, False])) == 2


def test_the_range_of_an_area_holds_the_truth() -> None:
    """Two normal distributions that lie one apart: the area is the normal distribution of 1 / sqrt 2."""
    random, held = np.random.default_rng(7), 0
    kind = np.arange(200) < 80
    for _ in range(WORLDS):
        found = area_under_curve(random.normal(size=200) + kind, kind)
        held += found.low <= 0.7602499 <= found.high
    assert binom.ppf(BY_CHANCE, WORLDS, 0.95) <= held
