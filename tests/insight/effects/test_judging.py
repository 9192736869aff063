"""Each verdict, and what takes a finding from one to the next."""

from dataclasses import replace

import numpy as np
import pytest

from swingby.insight import Result, Settings, Verdict
from swingby.insight.effects.judging import judge
from swingby.insight.effects.study import Case, Counts, Findings, Refusal, study_effect
from swingby.insight.numerics.estimates import Range
from swingby.insight.numerics.leads import JointTest
from swingby.insight.numerics.overlap import Overlap
from swingby.insight.numerics.panel import NEVER, Panel
from tests.insight.worlds import A, World, draw

COUNTS = Counts(300, 180, 120, 24, 14, 0, 0, 0, 0)
GOOD = Findings(
    counts=COUNTS,
    comparison="never",
    effect=Range(0.10, 0.05, 0.15),
    error=0.025,
    smallest_visible=0.07,
    points=(),
    overlap=Overlap(effective=60, comparable=0.95),
    leads=JointTest(3.0, 5, 0.7),
    slope=Range(0.001, -0.01, 0.012),
    beyond_line=Range(0.09, 0.01, 0.17),
    early=Range(0.01, -0.04, 0.06),
    base_back=Range(0.1, 0.05, 0.15),
    without_biggest=Range(0.09, 0.04, 0.14),
    beside=Range(0.0, -0.1, 0.1),
)
NONE = Range(0.02, -0.03, 0.07)
WEAK = replace(GOOD, beyond_line=Range(0.06, -0.02, 0.14))


def test_an_effect_that_passes_everything_is_shown() -> None:
    judged = judge(GOOD)
    assert judged.verdict is Verdict.SHOWN
    assert [name for name, result in judged.results.items() if result is not Result.PASSED] == ["lots"]


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        ({"effect": NONE}, Verdict.NOT_SHOWN),
        ({"leads": JointTest(20.0, 5, 0.01)}, Verdict.NOT_SHOWN),
        ({"early": Range(0.08, 0.02, 0.14)}, Verdict.NOT_SHOWN),
        ({"by_lot": 0.2}, Verdict.NOT_SHOWN),
        ({"by_lot": 0.01}, Verdict.SHOWN),
        ({"slope": Range(0.02, 0.01, 0.03)}, Verdict.SUGGESTED),
        ({"beyond_line": Range(0.06, -0.02, 0.14)}, Verdict.SUGGESTED),
        ({"beyond_line": Range(0.04, -0.04, 0.12)}, Verdict.NOT_SHOWN),
        ({"beyond_line": Range(-0.1, -0.2, -0.01)}, Verdict.NOT_SHOWN),
        ({"beyond_line": None}, Verdict.NOT_SHOWN),
        ({"without_biggest": Range(-0.01, -0.1, 0.1)}, Verdict.SUGGESTED),
        ({"overlap": Overlap(60, 0.7)}, Verdict.SUGGESTED),
        ({"early": None}, Verdict.SHOWN),
        ({"beside": Range(0.2, 0.1, 0.3)}, Verdict.SHOWN),
        ({"base_back": Range(-0.1, -0.2, 0.0)}, Verdict.SHOWN),
    ],
)
def test_what_one_finding_makes_of_the_verdict(changed: dict[str, object], verdict: Verdict) -> None:
    assert judge(replace(GOOD, **changed)).verdict is verdict  # type: ignore[arg-type]


def test_a_refusal_cannot_be_answered() -> None:
    assert judge(Refusal("no overlap", COUNTS, 3, 20)).verdict is Verdict.UNANSWERABLE


def test_the_lines_are_settings() -> None:
    assert judge(WEAK, Settings(kept_beyond_line=0.7)).verdict is Verdict.NOT_SHOWN
    assert judge(replace(GOOD, leads=JointTest(9, 5, 0.1)), Settings(alarm=0.2)).verdict is Verdict.NOT_SHOWN


def test_partners_are_left_out_for_a_reason_and_counted() -> None:
    case = draw(World(partners=120), 5)
    began, outcome = case.panel.began.copy(), case.panel.outcome.copy()
    ever = np.flatnonzero(began < NEVER)
    began[ever[:3]], began[ever[3:5]] = -1, 1
    outcome[ever[5], : began[ever[5]]] = np.nan
    found = study_effect(replace(case, panel=replace(case.panel, began=began, outcome=outcome)))
    counts = found.counts
    assert (counts.partners, counts.begun, counts.compared) == (114, len(ever) - 6, 48)
    assert (counts.begun_before, counts.too_early, counts.never_observed) == (3, 2, 1)


def test_an_act_that_is_anticipated_has_its_base_before_the_anticipation() -> None:
    case = draw(World(anticipated=True), 9000)
    plain, told = (study_effect(replace(case, anticipation=periods)) for periods in (0, 2))
    assert isinstance(plain, Findings)
    assert isinstance(told, Findings)
    assert [point.lag for point in told.points if point.effect.value == 0] == [-3]
    assert plain.effect.value < 0.6 * told.effect.value
    assert told.effect.low < 0.1 < told.effect.high


@pytest.mark.parametrize("waves", [15, 1])
def test_growth_that_follows_from_a_trait_is_taken_away_when_traits_are_compared(waves: int) -> None:
    case = draw(World(works=False), 9002)
    growth = 0.04 * case.traits[:, :1] * np.arange(24)
    began = np.where((case.panel.began < NEVER) & (waves == 1), 12, case.panel.began)
    panel = replace(case.panel, outcome=case.panel.outcome + growth, began=began)
    plain, adjusted = (study_effect(replace(case, panel=panel, adjusted=given)) for given in (False, True))
    assert isinstance(plain, Findings)
    assert isinstance(adjusted, Findings)
    assert plain.effect.low > 0
    assert not adjusted.effect.excludes_zero


def test_one_partner_that_carries_the_effect_is_found() -> None:
    case = draw(World(works=False), 9001)
    ever = int(np.flatnonzero(case.panel.began < NEVER)[0])
    outcome, sizes = case.panel.outcome.copy(), case.sizes.copy()
    outcome[ever, case.panel.began[ever] :] += 40
    sizes[ever] = sizes.sum()
    found = study_effect(replace(case, panel=replace(case.panel, outcome=outcome), sizes=sizes))
    assert isinstance(found, Findings)
    assert found.without_biggest is not None
    assert (found.biggest, found.effect.value > 0.15, abs(found.without_biggest.value) < 0.06) == (ever, True, True)


def test_groups_that_are_apart_are_refused() -> None:
    case = draw(A, 9000)
    apart = np.where(case.panel.began < NEVER, 10.0, 0.0)[:, None] + case.traits
    found = study_effect(replace(case, traits=apart))
    assert isinstance(found, Refusal)
    assert (found.reason, found.found < 20) == ("no overlap", True)


def test_partners_that_are_never_seen_just_before_the_act_are_refused() -> None:
    case = draw(A, 9000)
    lag = np.arange(24) - case.panel.began[:, None]
    panel = replace(case.panel, outcome=np.where(lag == -1, np.nan, case.panel.outcome))
    found = study_effect(replace(case, panel=panel))
    assert isinstance(found, Refusal)
    assert found.reason == "never seen together"


def test_too_few_on_either_side_are_refused() -> None:
    rng = np.random.default_rng(0)
    panel = Panel(rng.normal(size=(60, 24)), np.array([10] * 45 + [NEVER] * 15))
    case = Case(panel, np.ones(60), np.ones((60, 1)))
    few = study_effect(replace(case, panel=panel.only(np.arange(60) > 30), sizes=np.ones(29), traits=np.ones((29, 1))))
    assert (study_effect(case), few) == (
        Refusal("too few to compare with", Counts(60, 45, 15, 24, 1, 0, 0, 0, 0), 15, 20),
        Refusal("too few began", Counts(29, 14, 15, 24, 1, 0, 0, 0, 0), 14, 20),
    )
